package sallatest

import (
	"net/http"
	"slices"
	"strings"
)

func (s *Store) tagList() []Ref {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Concat(tags, s.made.tags)
}

func (s *Store) brandList() []Ref {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Concat(brands, s.made.brands)
}

// listTags has its pagination under a misspelt name.
func listTags(c *call) {
	list := c.store.tagList()
	pg := c.paginate(len(list), defaultSize, maxSize)
	c.answer(http.StatusOK, func(w *writer) {
		w.refs("data", list[pg.from:pg.to])
		at := len(w.b)
		c.pagination(w, pg)
		w.b = slices.Concat(w.b[:at], []byte(strings.Replace(string(w.b[at:]), "pagination", "pagenation", 1)))
	})
}

// createTag takes the name from the query. A tag of that name is returned, not
// made again.
func createTag(c *call) {
	name := c.query.Get("tag_name")
	if name == "" {
		c.invalid("tag_name", "حقل اسم الوسم مطلوب")
		return
	}
	list := c.store.tagList()
	i := slices.IndexFunc(list, func(r Ref) bool { return r.Name == name })
	if i < 0 {
		tag := Ref{c.store.takeID(), name}
		c.store.mu.Lock()
		c.store.made.tags = append(c.store.made.tags, tag)
		c.store.mu.Unlock()
		list, i = []Ref{tag}, 0
		c.effect(tag.ID)
	}
	c.answer(http.StatusOK, func(w *writer) { w.refs("data", list[i:i+1]) })
}

// createBrand makes a brand, also beside one of the same name.
func createBrand(c *call) {
	in, ok := c.input("name logo banner description metadata_title metadata_description metadata_url translations")
	if !ok {
		return
	}
	if in.text("name") == "" {
		c.invalid("name", "حقل اسم الماركة مطلوب.")
		return
	}
	brand := Ref{c.store.takeID(), in.text("name")}
	c.store.mu.Lock()
	c.store.made.brands = append(c.store.made.brands, brand)
	c.store.mu.Unlock()
	c.effect(brand.ID)
	c.answer(http.StatusCreated, func(w *writer) { w.brand("data", brand) })
}
