package woocommercetest

import (
	"bytes"
	"encoding/json"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// field is a parameter of a route: of the query of a list, or of a body.
type field struct {
	name     string
	kind     string // string, integer, boolean, date, email, array, ids, object, mixed; "?" after it allows null
	enum     []string
	min, max int // of integers, when max is above min; max 0 for no upper bound
	bounded  bool
	required bool
}

func typed(kind string, names ...string) []field {
	out := make([]field, len(names))
	for i, n := range names {
		out[i] = field{name: n, kind: kind}
	}
	return out
}

func oneOf(name string, values ...string) field {
	return field{name: name, kind: "string", enum: values}
}

func manyOf(name string, values ...string) field {
	return field{name: name, kind: "array", enum: values}
}

func badType(name, kind string) *wrong {
	return &wrong{name, "rest_invalid_type", name + " is not of type " + kind + ".", `{"param":` + string(appendText(nil, name)) + "}"}
}

// badEnum names a value that is none of a list. The message names the member,
// the parameter is the whole.
func badEnum(name, member string, enum []string) *wrong {
	return &wrong{name, "rest_not_in_enum", member + " is not one of " + sentence(enum) + ".", ""}
}

// sentence joins words as WordPress does: "a, b, and c".
func sentence(words []string) string {
	switch n := len(words); n {
	case 0:
		return ""
	case 1:
		return words[0]
	case 2:
		return words[0] + " and " + words[1]
	default:
		return strings.Join(words[:n-1], ", ") + ", and " + words[n-1]
	}
}

var commaOrSpace = regexp.MustCompile(`[\s,]+`)

// listOf splits a list given as members or as one text with commas.
func listOf(v any) []string {
	if text, ok := v.(string); ok {
		var out []string
		for _, part := range commaOrSpace.Split(text, -1) {
			if part != "" {
				out = append(out, part)
			}
		}
		return out
	}
	return leaves(v)
}

func isInteger(s string) bool {
	f, err := strconv.ParseFloat(s, 64)
	return err == nil && f == float64(int64(f)) && s == strings.TrimSpace(s)
}

// checkText validates a value of the query, where everything is text or a list.
func (f *field) checkText(v any) *wrong {
	text, scalar := v.(string)
	if !scalar && f.kind != "array" && f.kind != "ids" && f.kind != "object" {
		return badType(f.name, f.kind)
	}
	switch f.kind {
	case "integer":
		if !isInteger(text) {
			return badType(f.name, f.kind)
		}
		return f.checkBounds(atoi(text))
	case "boolean":
		if _, ok := parseBool(text); !ok {
			return badType(f.name, f.kind)
		}
	case "date":
		if _, ok := parseDate(text, time.UTC); !ok {
			return &wrong{f.name, "rest_invalid_date", "Invalid date.", ""}
		}
	case "email":
		if !strings.Contains(text, "@") {
			return &wrong{f.name, "rest_invalid_email", "Invalid email address.", ""}
		}
	case "ids":
		for i, m := range listOf(v) {
			if !isInteger(m) {
				w := badType(f.name+"["+strconv.Itoa(i)+"]", "integer")
				w.name = f.name
				return w
			}
		}
	case "array":
		for i, m := range listOf(v) {
			if f.enum != nil && !slices.Contains(f.enum, m) {
				return badEnum(f.name, f.name+"["+strconv.Itoa(i)+"]", f.enum)
			}
		}
		return nil
	}
	if f.enum != nil && !slices.Contains(f.enum, text) {
		return badEnum(f.name, f.name, f.enum)
	}
	return nil
}

func (f *field) checkBounds(n int) *wrong {
	switch {
	case !f.bounded:
		return nil
	case f.max > 0 && (n < f.min || n > f.max):
		return &wrong{f.name, "rest_out_of_bounds", f.name + " must be between " + strconv.Itoa(f.min) +
			" (inclusive) and " + strconv.Itoa(f.max) + " (inclusive)", ""}
	case n < f.min:
		return &wrong{f.name, "rest_out_of_bounds", f.name + " must be greater than or equal to " + strconv.Itoa(f.min), ""}
	}
	return nil
}

// checkJSON validates a value of a JSON body.
func (f *field) checkJSON(raw json.RawMessage) *wrong {
	kind, nullable := strings.CutSuffix(f.kind, "?")
	raw = bytes.TrimSpace(raw)
	if len(raw) == 0 || nullable && string(raw) == "null" || kind == "mixed" {
		return nil
	}
	isText := raw[0] == '"'
	text := textOf(raw)
	switch kind {
	case "integer":
		if raw[0] == '[' || raw[0] == '{' || !isInteger(text) {
			return badType(f.name, kind)
		}
		return f.checkBounds(atoi(text))
	case "boolean":
		if _, ok := parseBool(text); !ok || raw[0] == '[' || raw[0] == '{' {
			return badType(f.name, kind)
		}
		return nil
	case "array", "ids":
		if raw[0] != '[' && !isText {
			return badType(f.name, "array")
		}
		return nil
	case "object":
		if raw[0] != '{' && string(raw) != "[]" && string(raw) != `""` {
			return badType(f.name, kind)
		}
		return nil
	case "stockflag": // of variations: a boolean or "parent"
		if raw[0] == '[' || raw[0] == '{' {
			return badType(f.name, "boolean,string")
		}
		return nil
	}
	if !isText {
		return badType(f.name, "string")
	}
	if kind == "date" {
		if _, ok := parseDate(text, time.UTC); !ok && text != "" {
			return &wrong{f.name, "rest_invalid_date", "Invalid date.", ""}
		}
	}
	if f.enum != nil && !slices.Contains(f.enum, text) {
		return badEnum(f.name, f.name, f.enum)
	}
	return nil
}

func parseBool(s string) (value, ok bool) {
	switch strings.ToLower(s) {
	case "true", "1":
		return true, true
	case "false", "0":
		return false, true
	}
	return false, false
}

var isoDate = regexp.MustCompile(`^(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d:\d\d)(?:\.\d+)?(Z|z|[+-]\d\d(?::?\d\d)?)?$`)

// parseDate reads a moment; one without an offset is in zone.
func parseDate(s string, zone *time.Location) (time.Time, bool) {
	m := isoDate.FindStringSubmatch(s)
	if m == nil {
		return time.Time{}, false
	}
	at, err := time.ParseInLocation("2006-01-02 15:04:05", m[1]+" "+m[2], zone)
	if m[3] != "" && err == nil {
		offset := strings.ReplaceAll(strings.ToUpper(m[3]), ":", "")
		if offset == "Z" {
			offset = "+0000"
		}
		if len(offset) == 3 {
			offset += "00"
		}
		at, err = time.Parse("2006-01-02 15:04:05 -0700", m[1]+" "+m[2]+" "+offset)
	}
	return at.UTC(), err == nil
}
