package shopify

import "strings"

// tokenize cuts a document into names, numbers, strings and punctuation.
func tokenize(text string) []string {
	var tokens []string
	for i := 0; i < len(text); {
		c := text[i]
		switch {
		case c == ' ' || c == '\n' || c == '\t' || c == '\r' || c == ',':
			i++
		case c == '#':
			for i < len(text) && text[i] != '\n' {
				i++
			}
		case strings.HasPrefix(text[i:], `"""`):
			tokens = append(tokens, `""`)
			i = blockEnd(text, i+3)
		case c == '"':
			end := i + 1
			for end < len(text) && text[end] != '"' {
				if text[end] == '\\' {
					end++
				}
				end++
			}
			tokens = append(tokens, `""`)
			i = end + 1
		case strings.HasPrefix(text[i:], "..."):
			tokens = append(tokens, "...")
			i += 3
		case wordByte(c):
			end := i
			for end < len(text) && wordByte(text[end]) {
				end++
			}
			tokens = append(tokens, text[i:end])
			i = end
		default:
			tokens = append(tokens, text[i:i+1])
			i++
		}
	}
	return tokens
}

func wordByte(c byte) bool {
	return c == '_' || c == '-' || '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
}

// blockEnd returns the offset after the block string whose text begins at i.
func blockEnd(text string, i int) int {
	for ; i < len(text); i++ {
		switch {
		case strings.HasPrefix(text[i:], `\"""`):
			i += 3
		case strings.HasPrefix(text[i:], `"""`):
			return i + 3
		}
	}
	return len(text)
}

// matchingBracket returns the index of the bracket that closes the one at i, or
// -1.
func matchingBracket(tokens []string, i int) int {
	depth := 0
	for ; i < len(tokens); i++ {
		switch tokens[i] {
		case "{", "(", "[":
			depth++
		case "}", ")", "]":
			depth--
			if depth == 0 {
				return i
			}
		}
	}
	return -1
}

// field is one selected field.
type field struct {
	name      string
	arguments []string
	selection []string
	object    bool
}

func readField(tokens []string, i int) (field, int) {
	f := field{name: tokens[i]}
	i++
	if i+1 < len(tokens) && tokens[i] == ":" { // an alias came first
		f.name = tokens[i+1]
		i += 2
	}
	for i < len(tokens) {
		switch tokens[i] {
		case "(":
			end := matchingBracket(tokens, i)
			if end < 0 {
				return f, len(tokens)
			}
			f.arguments = append(f.arguments, tokens[i+1:end]...)
			i = end + 1
		case "@": // a directive; its arguments are read by the next round
			i += 2
		case "{":
			end := matchingBracket(tokens, i)
			if end < 0 {
				return f, len(tokens)
			}
			f.selection, f.object = tokens[i+1:end], true
			return f, end + 1
		default:
			return f, i
		}
	}
	return f, i
}
