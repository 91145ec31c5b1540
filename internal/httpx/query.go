package httpx

import (
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"portail/internal/fault"
	"portail/internal/lexique"
	"portail/web"
	"portail/web/typo"
)

// MaxPage is far beyond the last page of any listing: without a bound an absurd number would make Postgres count that far.
const MaxPage = 5000

// Query reads the query string of a listing, one parameter after the other. A parameter that is absent or empty gives the zero
// value. The first that no link of the portal writes is kept for Err, which whoever reads asks last.
type Query struct {
	values url.Values
	err    error
}

// ReadQuery begins to read a query string.
func ReadQuery(v url.Values) *Query { return &Query{values: v} }

// Err is the first fault met: fault.Malformed for what no link writes, fault.NotFound for a page that no listing has.
func (q *Query) Err() error { return q.err }

// Refuse makes the whole request malformed because of a parameter.
func (q *Query) Refuse(name string) { q.fail(name, fault.Malformed) }

func (q *Query) fail(name string, why error) {
	if q.err == nil {
		q.err = fmt.Errorf("parameter %s: %w", name, why)
	}
}

// Text is a text that is searched for, its spaces joined; at most max characters.
func (q *Query) Text(name string, maxi int) string {
	s := strings.Join(strings.Fields(q.values.Get(name)), " ")
	if utf8.RuneCountInString(s) > maxi {
		q.Refuse(name)
		return ""
	}
	return s
}

// Match is a value of which known says that it can exist.
func (q *Query) Match(name string, known func(string) bool) string {
	s := q.values.Get(name)
	if s != "" && !known(s) {
		q.Refuse(name)
		return ""
	}
	return s
}

// Code is the code of one of the words.
func (q *Query) Code(name string, mots []lexique.Mot) string {
	return q.Match(name, func(s string) bool { return lexique.Connu(mots, s) })
}

// Yes says whether a box is ticked.
func (q *Query) Yes(name string) bool { return q.values.Get(name) == "oui" }

// ID is the number of an object, from 1; whether it exists is for the listing to find.
func (q *Query) ID(name string) int64 {
	s := q.values.Get(name)
	if s == "" {
		return 0
	}
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil || n < 1 {
		q.Refuse(name)
		return 0
	}
	return n
}

// Choice is one of a few numbers.
func (q *Query) Choice(name string, among []int) int {
	n := int(q.ID(name))
	if n != 0 && !slices.Contains(among, n) {
		q.Refuse(name)
		return 0
	}
	return n
}

// Day is a day written 2026-11-25, at midnight in Paris.
func (q *Query) Day(name string) time.Time {
	s := q.values.Get(name)
	if s == "" {
		return time.Time{}
	}
	day, err := time.ParseInLocation(time.DateOnly, s, typo.Paris)
	if err != nil {
		q.Refuse(name)
		return time.Time{}
	}
	return day
}

// Tri is the column that sorts the listing, one of columns, and its direction; otherwise when none is asked for.
func (q *Query) Tri(columns []string, otherwise string) (column string, descending bool) {
	s := q.values.Get(web.ParamTri)
	if s == "" {
		return otherwise, false
	}
	column, descending = strings.CutPrefix(s, "-")
	if !slices.Contains(columns, column) {
		q.Refuse(web.ParamTri)
		return otherwise, false
	}
	return column, descending
}

// Page is the number of the page, from 1; the first has none in its address. What is no number is malformed, and a number that
// no listing reaches is a page that does not exist.
func (q *Query) Page() int {
	s := q.values.Get(web.ParamPage)
	if s == "" {
		return 1
	}
	if digits := strings.TrimPrefix(s, "-"); digits == "" || strings.Trim(digits, "0123456789") != "" {
		q.Refuse(web.ParamPage)
		return 1
	}
	n, err := strconv.Atoi(s)
	if err != nil || n < 1 || n > MaxPage {
		q.fail(web.ParamPage, fault.NotFound)
		return 1
	}
	return n
}
