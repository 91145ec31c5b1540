package web

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"portail/web/typo"
)

// ListURL is the address of a listing whose filters, sort and page are all in the query, so that it can be shared. Its
// methods give the addresses of the neighbouring views; none changes the receiver.
type ListURL struct {
	Path   string
	Values url.Values
}

// Names of the query parameters that every listing shares.
const (
	ParamPage = "page"
	ParamTri  = "tri" // a column's key; preceded by "-" for the descending order
)

// With returns the address with one parameter set (or removed when value is empty), back on the first page.
func (l ListURL) With(key, value string) string {
	v := l.clone()
	v.Del(ParamPage)
	if value == "" {
		v.Del(key)
	} else {
		v.Set(key, value)
	}
	return l.join(v)
}

// Without returns the address with one value of a parameter removed, back on the first page: what a dismissed filter
// leads to.
func (l ListURL) Without(key, value string) string {
	v := l.clone()
	v.Del(ParamPage)
	kept := slices.DeleteFunc(slices.Clone(v[key]), func(s string) bool { return s == value })
	if v.Del(key); len(kept) > 0 {
		v[key] = kept
	}
	return l.join(v)
}

// Page returns the address of page n, counted from 1; the first has no parameter, so that it has one address.
func (l ListURL) Page(n int) string {
	v := l.clone()
	if v.Del(ParamPage); n > 1 {
		v.Set(ParamPage, strconv.Itoa(n))
	}
	return l.join(v)
}

// Column returns a sortable column: its link sorts ascending, or turns the order round when it is sorted already.
func (l ListURL) Column(titre, key string, numeric bool) Column {
	c := Column{Titre: titre, Numeric: numeric}
	switch l.Values.Get(ParamTri) {
	case key:
		c.Sort, c.Href = SortAscending, l.With(ParamTri, "-"+key)
	case "-" + key:
		c.Sort, c.Href = SortDescending, l.With(ParamTri, key)
	default:
		c.Sort, c.Href = SortNone, l.With(ParamTri, key)
	}
	return c
}

func (l ListURL) clone() url.Values {
	v := make(url.Values, len(l.Values))
	for k, s := range l.Values {
		if s = slices.DeleteFunc(slices.Clone(s), func(s string) bool { return s == "" }); len(s) > 0 {
			v[k] = s // empty values only lengthen the address
		}
	}
	return v
}

func (l ListURL) join(v url.Values) string {
	q := v.Encode() // sorted by key: the same view always has the same address
	if q == "" {
		return l.Path
	}
	return strings.TrimSuffix(l.Path, "?") + "?" + q
}

// Params is a query string of names and values in turn, without those whose value is empty.
func Params(pairs ...string) url.Values {
	v := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			v.Set(pairs[i], pairs[i+1])
		}
	}
	return v
}

// NumberParam is the value of a parameter that is a number; that of the default is empty, so that the same view has one address.
func NumberParam[N int | int64](n, otherwise N) string {
	if n == otherwise {
		return ""
	}
	return strconv.FormatInt(int64(n), 10)
}

// CodeParam is the value of a parameter that is a code; that of the default is empty.
func CodeParam(code, otherwise string) string {
	if code == otherwise {
		return ""
	}
	return code
}

// TriParam is the value of ParamTri for a column; that of the order by default, ascending, is empty.
func TriParam(column string, descending bool, otherwise string) string {
	if descending {
		return "-" + column
	}
	return CodeParam(column, otherwise)
}

// Filtres recall the filters in force of a listing, in words: as tags on its page, as sentences in its files.
type Filtres []struct{ Param, Texte string }

// Add adds a filter; an empty text filters nothing.
func (f *Filtres) Add(param, label, texte string) {
	if texte != "" {
		*f = append(*f, struct{ Param, Texte string }{param, label + typo.NBSP + ": " + texte})
	}
}

// Tags lead each to the listing without that filter.
func (f Filtres) Tags(l ListURL) []Lien {
	var all []Lien
	for _, one := range f {
		all = append(all, Lien{Texte: one.Texte, Href: l.With(one.Param, "")})
	}
	return all
}

// Phrases are the sentences.
func (f Filtres) Phrases() []string {
	var all []string
	for _, one := range f {
		all = append(all, one.Texte)
	}
	return all
}

// Sizes are the numbers of lines per page that can be asked for; the one in force leads nowhere.
func (l ListURL) Sizes(param string, sizes []int, current, otherwise int) []Lien {
	var all []Lien
	for _, n := range sizes {
		link := Lien{Texte: strconv.Itoa(n)}
		if n != current {
			link.Href = l.With(param, NumberParam(n, otherwise))
		}
		all = append(all, link)
	}
	return all
}

// PageSur says which page of how many is shown, after a count; nothing when there is one page.
func PageSur(page, total, par int) string {
	pages := PageCount(total, par)
	if pages < 2 {
		return ""
	}
	return ", page" + typo.NBSP + strconv.Itoa(page) + " sur" + typo.NBSP + strconv.Itoa(pages)
}
