package shopify

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"net/url"
	"slices"
	"strings"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/transport"
)

// maxRow bounds one line of a result: more than any product's description.
const maxRow = 16 << 20

// exported yields the products of a finished operation. Its rows come grouped:
// those of a product right behind it.
func (e *Engine) exported(ctx context.Context, op string, b bulkNode, page pageContext, omitRaw bool) iter.Seq2[catalog.Product, error] {
	return func(yield func(catalog.Product, error) bool) {
		broken := func(kind catalog.Kind, message string, err error) {
			yield(catalog.Product{}, &catalog.Error{Platform: Platform, Op: op, Kind: kind, Message: message, Err: err, Hint: "export again, or list the products"})
		}
		objects, err1 := b.Objects.Int64()
		roots, err2 := b.Roots.Int64()
		if err1 != nil || err2 != nil {
			broken(catalog.ErrBadAnswer, "the operation does not say how much it found", nil)
			return
		}
		if b.URL == "" {
			if objects > 0 {
				broken(catalog.ErrBadAnswer, fmt.Sprintf("the operation found %d objects, but has no result", objects), nil)
			}
			return
		}
		resp, err := e.download(ctx, op, b.URL)
		if err != nil {
			yield(catalog.Product{}, err)
			return
		}
		defer resp.Body.Close()
		rows := rowReader{lines: bufio.NewReaderSize(resp.Body, 64<<10)}
		var product *bulkProduct
		emit := func() bool {
			if product == nil {
				return true
			}
			p, err := product.model(op, page, omitRaw)
			return yield(p, err)
		}
		for {
			row, err := rows.next()
			switch {
			case err == io.EOF:
				if product != nil {
					if !emit() {
						return
					}
				}
				if rows.count != objects || rows.roots != roots {
					broken(catalog.ErrBadAnswer, fmt.Sprintf("the result holds %d of %d objects, %d of %d products", rows.count, objects, rows.roots, roots), nil)
				}
				return
			case ctx.Err() != nil:
				broken(catalog.ErrUnavailable, "the result was not read to its end", transport.Ended(ctx))
				return
			case err != nil:
				broken(catalog.ErrUnavailable, "the result breaks off", plain(err, b.URL))
				return
			case row.parent == "":
				if !emit() {
					return
				}
				product = &bulkProduct{row: row}
			case product == nil || row.parent != product.row.id:
				broken(catalog.ErrBadAnswer, "a row of the result belongs to no product before it", nil)
				return
			default:
				product.children = append(product.children, row)
			}
		}
	}
}

// bulkRow is one line of a result.
type bulkRow struct {
	id, parent string
	raw        json.RawMessage
}

// rowReader reads a result line by line and counts.
type rowReader struct {
	lines *bufio.Reader
	count int64
	roots int64
}

// next returns the next row; io.EOF is the regular end.
func (r *rowReader) next() (bulkRow, error) {
	var line []byte
	for {
		part, err := r.lines.ReadSlice('\n')
		line = append(line, part...)
		if len(line) > maxRow {
			return bulkRow{}, fmt.Errorf("a row is longer than %d bytes", maxRow)
		}
		if errors.Is(err, bufio.ErrBufferFull) {
			continue
		}
		if err != nil && (err != io.EOF || len(bytes.TrimSpace(line)) == 0) {
			return bulkRow{}, err
		}
		if line = bytes.TrimSpace(line); len(line) > 0 {
			break
		}
	}
	var head struct {
		ID     string `json:"id"`
		Parent string `json:"__parentId"`
	}
	if err := json.Unmarshal(line, &head); err != nil {
		return bulkRow{}, fmt.Errorf("a row is no JSON: %w", err)
	}
	r.count++
	if head.Parent == "" {
		r.roots++
	}
	return bulkRow{head.ID, head.Parent, line}, nil
}

// bulkProduct is a product with the rows behind it.
type bulkProduct struct {
	row      bulkRow
	children []bulkRow
}

// model puts the rows together.
func (b *bulkProduct) model(op string, page pageContext, omitRaw bool) (catalog.Product, error) {
	var n productNode
	problems, err := transport.Decode(b.row.raw, &n)
	if err == nil && n.ID == "" {
		err = errors.New("it has no id")
	}
	if err != nil {
		return catalog.Product{}, &catalog.ItemError{Platform: Platform, Op: op, ID: numericID(b.row.id), Raw: b.row.raw, Err: err}
	}
	var parts []catalog.RawPart
	for _, child := range b.children {
		kind, found := catalog.RawKind("shopify.graphql.media"), []catalog.Problem(nil)
		if strings.HasPrefix(child.id, gidPrefix+"ProductVariant/") {
			kind = "shopify.graphql.variants"
			var v variantNode
			found, err = transport.Decode(child.raw, &v)
			n.Variants.Nodes = append(n.Variants.Nodes, v)
		} else {
			var m mediumNode
			found, err = transport.Decode(child.raw, &m)
			n.Media.Nodes = append(n.Media.Nodes, m)
		}
		if err != nil {
			found = append(found, catalog.NewProblem(string(kind), err.Error(), string(child.raw)))
		}
		problems = append(problems, found...)
		parts = append(parts, catalog.RawPart{Kind: kind, Raw: child.raw})
	}
	r := reader{transport.Notes{Problems: problems}}
	p := productReader.convert(&r, &n, page)
	p.Platform, p.Problems = Platform, slices.Clip(r.Problems)
	if !omitRaw {
		p.Raw, p.RawKind, p.More = b.row.raw, bulkKind, parts
	}
	return p, nil
}

// plain is an error without the address, whose query is a key to the result.
func plain(err error, address string) error {
	u, wrapped := errors.AsType[*url.Error](err)
	if wrapped {
		err = u.Err
	}
	if parsed, bad := url.Parse(address); bad == nil && (strings.Contains(err.Error(), address) || parsed.RawQuery != "" && strings.Contains(err.Error(), parsed.RawQuery)) {
		return errors.New("the connection failed")
	}
	return err
}
