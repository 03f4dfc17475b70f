package magentotest

import "strconv"

func getCategories(c *call) {
	var tree func(w *writer, k string, cat *category)
	tree = func(w *writer, k string, cat *category) {
		w.obj(k)
		w.int("id", cat.id)
		w.int("parent_id", cat.parent)
		w.str("name", cat.name)
		w.flag("is_active", true)
		w.int("position", cat.id)
		w.int("level", int64(cat.level))
		w.int("product_count", 0)
		w.arr("children_data")
		for i := range categories {
			if categories[i].parent == cat.id {
				tree(w, "", &categories[i])
			}
		}
		w.endArr()
		w.end()
	}
	tree(&c.out, "", &categories[1])
}

func listCategories(c *call) {
	serveSlice(c, categories, map[string]column[category]{
		"entity_id": {numberColumn, some(func(x *category) string { return strconv.FormatInt(x.id, 10) })},
		"name":      {textColumn, some(func(x *category) string { return x.name })},
		"parent_id": {numberColumn, some(func(x *category) string { return strconv.FormatInt(x.parent, 10) })},
	}, func(w *writer, x *category) {
		w.obj("")
		w.int("id", x.id)
		w.int("parent_id", x.parent)
		w.str("name", x.name)
		w.flag("is_active", true)
		w.int("position", x.id)
		w.int("level", int64(x.level))
		var below []int64
		for _, o := range categories {
			if o.parent == x.id {
				below = append(below, o.id)
			}
		}
		w.str("children", joinIDs(below))
		w.str("created_at", "2026-01-01 00:00:00")
		w.str("updated_at", "2026-01-01 00:00:00")
		w.str("path", x.path)
		w.arr("available_sort_by")
		w.endArr()
		w.flag("include_in_menu", true)
		w.arr("custom_attributes")
		w.endArr()
		w.end()
	})
}
