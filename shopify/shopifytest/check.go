package shopifytest

import (
	"bytes"
	"encoding/json"
	"errors"
	"maps"
	"strconv"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
	"github.com/vektah/gqlparser/v2/validator"
)

// coerce reads the variables of an operation.
func coerce(op *ast.OperationDefinition, raw json.RawMessage) (map[string]any, *gqlError) {
	given := map[string]any{}
	if len(raw) > 0 && !bytes.Equal(raw, []byte("null")) {
		d := json.NewDecoder(bytes.NewReader(raw))
		d.UseNumber()
		if err := d.Decode(&given); err != nil {
			return nil, &gqlError{message: "Variables are invalid JSON", code: "BAD_REQUEST"}
		}
	}
	for _, v := range op.VariableDefinitions {
		_, text := given[v.Variable].(string)
		if n := v.Type.NamedType; text && (n == "Int" || n == "Float") {
			e := variableError(op, given, &gqlerror.Error{Path: ast.Path{ast.PathName("variable"), ast.PathName(v.Variable)},
				Message: "Could not coerce value to " + n})
			return nil, &e
		}
	}
	out, err := validator.VariableValues(schema(), op, maps.Clone(given))
	if err != nil {
		var ge *gqlerror.Error
		if !errors.As(err, &ge) {
			ge = gqlerror.Wrap(err)
		}
		e := variableError(op, given, ge)
		return nil, &e
	}
	return out, nil
}

// check walks what is selected and refuses page sizes the platform refuses.
func (p *plan) check() *gqlError { return p.root.check(p.root.typ) }

func (s *selection) check(typ string) *gqlError {
	for _, f := range s.of(typ) {
		if f.sub == nil {
			continue
		}
		if f.connection() {
			if err := f.checkWindow(); err != nil {
				return err
			}
		}
		if ids, ok := f.args["ids"].([]any); ok && len(ids) > maxPage {
			return &gqlError{message: "The input array size of " + strconv.Itoa(len(ids)) + " is greater than the maximum allowed of 250.", code: "MAX_INPUT_SIZE_EXCEEDED"}
		}
		for _, t := range s.plan.concrete(f.typ) {
			if err := f.sub.check(t); err != nil {
				return err
			}
		}
	}
	return nil
}

func (f *field) checkWindow() *gqlError {
	first, hasFirst := f.int("first")
	last, hasLast := f.int("last")
	switch {
	case !hasFirst && !hasLast:
		return &gqlError{message: "you must provide one of first or last", code: "BAD_REQUEST"}
	case hasFirst && hasLast:
		return &gqlError{message: "providing both first and last is not supported", code: "BAD_REQUEST"}
	case first > maxPage:
		return &gqlError{code: "BAD_REQUEST", message: "first cannot exceed 250. To query larger amounts of data with fewer limits, bulk operations should be used instead."}
	case last > maxPage:
		return &gqlError{code: "BAD_REQUEST", message: "last cannot exceed 250. To query larger amounts of data with fewer limits, bulk operations should be used instead."}
	case first < 0 || last < 0:
		return &gqlError{message: "first and last must not be negative", code: "BAD_REQUEST"}
	}
	return nil
}
