package bigcommercetest

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"strings"
)

// toXML turns a V2 answer into XML, which is what V2 speaks to a client that
// does not ask for JSON.
func (c *call) toXML() {
	c.header.Set("Content-Type", "application/xml")
	if len(c.out.b) == 0 {
		return
	}
	segments := strings.Split(strings.Trim(c.path, "/"), "/")
	root := segments[len(segments)-1]
	if strings.Trim(root, "0123456789") == "" {
		root = strings.TrimSuffix(segments[len(segments)-2], "s")
	}
	if c.status >= 400 {
		root = "errors"
	}
	var out bytes.Buffer
	out.WriteString(xml.Header)
	d := json.NewDecoder(bytes.NewReader(c.out.b))
	d.UseNumber()
	xmlValue(&out, d, root)
	c.out.b = append(c.out.b[:0], out.Bytes()...)
}

func xmlValue(out *bytes.Buffer, d *json.Decoder, name string) {
	t, err := d.Token()
	if err != nil {
		return
	}
	out.WriteString("<" + name + ">")
	switch v := t.(type) {
	case json.Delim:
		for d.More() {
			member := strings.TrimSuffix(name, "s")
			if v == '{' {
				key, _ := d.Token() // an object's member has one
				member, _ = key.(string)
			} else if member == name {
				member = "item"
			}
			xmlValue(out, d, member)
		}
		_, _ = d.Token() // the closing one
	case string:
		_ = xml.EscapeText(out, []byte(v)) // a buffer takes everything
	case json.Number:
		out.WriteString(v.String())
	case bool:
		if v {
			out.WriteString("true")
		} else {
			out.WriteString("false")
		}
	}
	out.WriteString("</" + name + ">")
}
