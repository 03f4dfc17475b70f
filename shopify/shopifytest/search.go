package shopifytest

import (
	"strings"
)

// query is a search string that has been read.
type query struct {
	text string
	root *term // nil = everything
}

// term is a node of a search: a leaf, or "and"/"or" over kids.
type term struct {
	join    string
	kids    []*term
	negated bool

	field, op, value string
	quoted           bool

	onKey func(key) bool
	onRec func(any) bool
}

// matches evaluates the search; rec is called only if the key does not tell.
func (q query) matches(k key, rec func() any) bool {
	return q.root == nil || q.root.eval(k, rec)
}

func (t *term) eval(k key, rec func() any) bool {
	ok := true
	switch {
	case t.join == "and":
		for _, kid := range t.kids {
			if ok = kid.eval(k, rec); !ok {
				break
			}
		}
	case t.join == "or":
		ok = false
		for _, kid := range t.kids {
			if ok = kid.eval(k, rec); ok {
				break
			}
		}
	case t.onKey != nil:
		ok = t.onKey(k)
	case t.onRec != nil:
		ok = t.onRec(rec())
	}
	return ok != t.negated
}

// token is a lexeme of the search syntax.
type token struct {
	text  string
	punct bool // one of ( )
	glued bool // follows the one before without a blank
	quote bool
}

// lexSearch cuts a search into parentheses, words, and quoted words. A colon
// ends a field name; what follows a second colon in an unquoted value is a
// token of its own, which is how the platform loses half of a timestamp.
func lexSearch(s string) []token {
	var out []token
	glued := false
	for i := 0; i < len(s); {
		switch c := s[i]; {
		case c == ' ' || c == '\t' || c == '\n' || c == '\r':
			glued = false
			i++
		case c == '(' || c == ')':
			out = append(out, token{text: string(c), punct: true, glued: glued})
			glued = true
			i++
		case c == ':':
			out = append(out, token{text: ":", punct: true, glued: glued})
			glued = true
			i++
		case c == '"' || c == '\'':
			var b strings.Builder
			i++
			for i < len(s) && s[i] != c {
				if s[i] == '\\' && i+1 < len(s) {
					i++
				}
				b.WriteByte(s[i])
				i++
			}
			i++
			out = append(out, token{text: b.String(), glued: glued, quote: true})
			glued = true
		default:
			var b strings.Builder
			for i < len(s) && !strings.ContainsRune(" \t\r\n():\"'", rune(s[i])) {
				if s[i] == '\\' && i+1 < len(s) {
					i++
				}
				b.WriteByte(s[i])
				i++
			}
			out = append(out, token{text: b.String(), glued: glued})
			glued = true
		}
	}
	return out
}

// searchParser is a recursive descent over the tokens: OR binds weaker than
// the blank, which means AND.
type searchParser struct {
	toks  []token
	warns []searchWarning
}

type searchWarning struct{ field, message, code string }

func parseSearch(s string) (*term, []searchWarning) {
	p := &searchParser{toks: lexSearch(s)}
	if len(p.toks) == 0 {
		return nil, nil
	}
	return p.or(), p.warns
}

func (p *searchParser) peek() (token, bool) {
	if len(p.toks) == 0 {
		return token{}, false
	}
	return p.toks[0], true
}

func (p *searchParser) next() token {
	t := p.toks[0]
	p.toks = p.toks[1:]
	return t
}

func (p *searchParser) or() *term {
	t := &term{join: "or", kids: []*term{p.and()}}
	for {
		tok, ok := p.peek()
		if !ok || tok.quote || tok.text != "OR" {
			break
		}
		p.next()
		t.kids = append(t.kids, p.and())
	}
	if len(t.kids) == 1 {
		return t.kids[0]
	}
	return t
}

func (p *searchParser) and() *term {
	t := &term{join: "and"}
	for {
		tok, ok := p.peek()
		if !ok || (tok.punct && tok.text == ")") || (!tok.quote && tok.text == "OR") {
			break
		}
		if !tok.quote && tok.text == "AND" {
			p.next()
			continue
		}
		if kid := p.leaf(); kid != nil {
			t.kids = append(t.kids, kid)
		}
	}
	if len(t.kids) == 1 {
		return t.kids[0]
	}
	return t
}

func (p *searchParser) leaf() *term {
	tok := p.next()
	negated := false
	if !tok.quote && tok.text == "NOT" {
		if _, ok := p.peek(); !ok {
			return nil
		}
		negated = true
		tok = p.next()
	}
	if !tok.quote && !tok.punct && strings.HasPrefix(tok.text, "-") && len(tok.text) >= 1 {
		negated = !negated
		tok.text = tok.text[1:]
		if tok.text == "" { // -(...)
			if _, ok := p.peek(); !ok {
				return nil
			}
			tok = p.next()
		}
	}
	if tok.punct && tok.text == "(" {
		t := p.or()
		if n, ok := p.peek(); ok && n.punct && n.text == ")" {
			p.next()
		}
		return &term{join: "and", kids: []*term{t}, negated: negated}
	}
	if tok.punct {
		return nil
	}
	colon, ok := p.peek()
	if !ok || !colon.punct || colon.text != ":" || tok.quote {
		return &term{value: tok.text, quoted: tok.quote, negated: negated}
	}
	p.next()
	t := &term{field: tok.text, negated: negated}
	if v, ok := p.peek(); ok && !v.punct {
		p.next()
		t.value, t.quoted = v.text, v.quote
	}
	if !t.quoted {
		for _, op := range []string{">=", "<=", ">", "<"} {
			if rest, ok := strings.CutPrefix(t.value, op); ok {
				t.op, t.value = op, rest
				break
			}
		}
		if v, ok := p.peek(); ok && t.op != "" && t.value == "" && !v.punct && v.glued {
			p.next()
			t.value, t.quoted = v.text, v.quote
		}
	}
	p.cutTail(t)
	return t
}

// cutTail drops what an unquoted value has after its first colon.
func (p *searchParser) cutTail(t *term) {
	cut := false
	for {
		c, ok := p.peek()
		if !ok || !c.punct || c.text != ":" || !c.glued {
			break
		}
		cut = true
		p.next()
		if v, ok := p.peek(); ok && !v.punct && v.glued {
			p.next()
		}
	}
	if cut {
		p.warns = append(p.warns, searchWarning{t.field, "Invalid search field for this query.", "invalid_field"})
	}
}
