package shopifytest

import (
	"encoding/json"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// gqlError is one entry of errors.
type gqlError struct {
	message      string
	code         string // "" leaves extensions away
	path         []step
	line, column int
	access       string         // requiredAccess of ACCESS_DENIED
	more         map[string]any // further extensions
}

func (e gqlError) append(dst []byte) []byte {
	dst = append(dst, `{"message":`...)
	dst = appendString(dst, e.message)
	if e.line > 0 {
		dst = append(dst, `,"locations":[{"line":`...)
		dst = strconv.AppendInt(dst, int64(e.line), 10)
		dst = append(dst, `,"column":`...)
		dst = strconv.AppendInt(dst, int64(e.column), 10)
		dst = append(dst, "}]"...)
	}
	if e.path != nil {
		dst = append(dst, `,"path":`...)
		dst = appendPath(dst, e.path)
	}
	if e.code != "" {
		dst = append(dst, `,"extensions":{"code":`...)
		dst = appendString(dst, e.code)
		if e.access != "" {
			dst = append(dst, `,"documentation":"https://shopify.dev/api/usage/access-scopes","requiredAccess":`...)
			dst = appendString(dst, e.access)
		}
		for _, name := range slices.Sorted(maps.Keys(e.more)) {
			dst = append(dst, ',')
			dst = appendString(dst, name)
			dst = append(dst, ':')
			raw, _ := json.Marshal(e.more[name])
			dst = append(dst, raw...)
		}
		dst = append(dst, '}')
	}
	return append(dst, '}')
}

func appendPath(dst []byte, path []step) []byte {
	dst = append(dst, '[')
	for i, s := range path {
		if i > 0 {
			dst = append(dst, ',')
		}
		if s.index < 0 || s.key != "" {
			dst = appendString(dst, s.key)
		} else {
			dst = strconv.AppendInt(dst, int64(s.index), 10)
		}
	}
	return append(dst, ']')
}

// searchNote is one entry of extensions.search.
type searchNote struct {
	path     []step
	query    string
	warnings []searchWarning
}

func (n searchNote) append(dst []byte) []byte {
	dst = append(dst, `{"path":`...)
	dst = appendPath(dst, n.path)
	dst = append(dst, `,"query":`...)
	dst = appendString(dst, n.query)
	dst = append(dst, `,"parsed":{},"warnings":[`...)
	for i, w := range n.warnings {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = append(dst, `{"field":`...)
		dst = appendString(dst, w.field)
		dst = append(dst, `,"message":`...)
		dst = appendString(dst, w.message)
		dst = append(dst, `,"code":`...)
		dst = appendString(dst, w.code)
		dst = append(dst, '}')
	}
	return append(dst, "]}"...)
}

var quoted = regexp.MustCompile(`"([^"]+)"`)

// validationError gives a parser's or validator's error the platform's code
// and words.
func validationError(e *gqlerror.Error) gqlError {
	out := gqlError{message: e.Message}
	if len(e.Locations) > 0 {
		out.line, out.column = e.Locations[0].Line, e.Locations[0].Column
	}
	var names []string
	for _, m := range quoted.FindAllStringSubmatch(e.Message, 3) {
		names = append(names, m[1])
	}
	name := func(i int) string {
		if i < len(names) {
			return names[i]
		}
		return ""
	}
	switch e.Rule {
	case "":
		out.code, out.message = "PARSE_ERROR", "syntax error: "+e.Message
	case "FieldsOnCorrectType":
		out.code = "undefinedField"
		out.message = "Field '" + name(0) + "' doesn't exist on type '" + name(1) + "'"
		out.more = map[string]any{"typeName": name(1), "fieldName": name(0)}
	case "KnownArgumentNames":
		typ, field, _ := strings.Cut(name(1), ".")
		out.code = "argumentNotAccepted"
		out.message = "Field '" + field + "' doesn't accept argument '" + name(0) + "'"
		out.more = map[string]any{"name": field, "typeName": "Field", "argumentName": name(0), "ownerType": typ}
	case "ProvidedRequiredArguments":
		out.code = "missingRequiredArguments"
		out.message = "Field '" + name(0) + "' is missing required arguments: " + name(1)
		out.more = map[string]any{"className": "Field", "name": name(0), "arguments": name(1)}
	case "ScalarLeafs":
		out.code = "selectionMismatch"
	case "KnownDirectives":
		d := strings.TrimPrefix(name(0), "@")
		out.code, out.message = "undefinedDirective", "Directive @"+d+" is not defined"
		out.more = map[string]any{"directiveName": d}
	case "NoUnusedVariables":
		out.code = "variableNotUsed"
		out.message = "Variable " + name(0) + " is declared by " + name(1) + " but not used"
	case "NoUndefinedVariables":
		out.code = "variableNotDefined"
	case "VariablesInAllowedPosition":
		out.code = "variableMismatch"
	case "ValuesOfCorrectType":
		out.code = "argumentLiteralsIncompatible"
		if strings.Contains(e.Message, "required") {
			out.code = "missingRequiredInputObjectAttribute"
		}
	case "KnownTypeNames":
		out.code = "undefinedType"
	default:
		out.code = strings.ToLower(e.Rule[:1]) + e.Rule[1:]
	}
	return out
}

// variableError is what the platform says about a bad variable.
func variableError(op *ast.OperationDefinition, variables map[string]any, e *gqlerror.Error) gqlError {
	var name string
	path := []any{}
	for i, p := range e.Path {
		switch v := p.(type) {
		case ast.PathName:
			switch i {
			case 0:
			case 1:
				name = string(v)
			default:
				path = append(path, string(v))
			}
		case ast.PathIndex:
			path = append(path, int(v))
		}
	}
	typ := ""
	if d := op.VariableDefinitions.ForName(name); d != nil {
		typ = d.Type.String()
	}
	why := e.Message
	switch {
	case strings.Contains(why, "must be defined"), strings.Contains(why, "cannot be null"):
		why = "Expected value to not be null"
	case strings.Contains(why, "unknown field"):
		why = "Field is not defined on " + strings.Trim(typ, "!")
	}
	msg := "Variable $" + name + " of type " + typ + " was provided invalid value"
	if len(path) > 0 {
		msg += " for " + joinPath(path) + " (" + why + ")"
	}
	return gqlError{message: msg, code: "INVALID_VARIABLE", more: map[string]any{
		"value": variables[name], "problems": []any{map[string]any{"path": path, "explanation": why}}}}
}

func joinPath(path []any) string {
	var parts []string
	for _, p := range path {
		switch v := p.(type) {
		case string:
			parts = append(parts, v)
		case int:
			parts = append(parts, strconv.Itoa(v))
		}
	}
	return strings.Join(parts, ".")
}
