package httpx_test

import (
	"errors"
	"net/url"
	"testing"

	"portail/internal/fault"
	"portail/internal/httpx"
	"portail/internal/lexique"
	"portail/web/typo"
)

func TestQueryPage(t *testing.T) {
	for text, want := range map[string]struct {
		page int
		err  error
	}{
		"": {1, nil}, "1": {1, nil}, "12": {12, nil}, "5000": {5000, nil}, "0": {1, fault.NotFound}, "-1": {1, fault.NotFound}, "5001": {1, fault.NotFound},
		"99999999999999999999": {1, fault.NotFound}, "-": {1, fault.Malformed}, "deux": {1, fault.Malformed}, "1e2": {1, fault.Malformed}, "+1": {1, fault.Malformed}, " 1": {1, fault.Malformed},
	} {
		q := httpx.ReadQuery(url.Values{"page": {text}})
		got, err := q.Page(), q.Err()
		if got != want.page || !errors.Is(err, want.err) || want.err == nil && err != nil {
			t.Errorf("%q: %d, %v", text, got, err)
		}
	}
}

func TestQuery(t *testing.T) {
	mots := []lexique.Mot{{Code: "a"}, {Code: "b"}}
	read := map[string]func(*httpx.Query) any{
		"text":   func(q *httpx.Query) any { return q.Text("p", 5) },
		"code":   func(q *httpx.Query) any { return q.Code("p", mots) },
		"id":     func(q *httpx.Query) any { return q.ID("p") },
		"choice": func(q *httpx.Query) any { return q.Choice("p", []int{20, 50}) },
		"day":    func(q *httpx.Query) any { return typo.DateISO(q.Day("p")) },
		"yes":    func(q *httpx.Query) any { return q.Yes("p") },
	}
	for _, c := range []struct {
		read, text string
		want       any
		refused    bool
	}{
		{"text", "", "", false}, {"text", "  é  ü ", "é ü", false}, {"text", "ééééé", "ééééé", false}, {"text", "abcdef", "", true},
		{"code", "", "", false}, {"code", "b", "b", false}, {"code", "c", "", true}, {"code", "A", "", true},
		{"id", "", int64(0), false}, {"id", "7", int64(7), false}, {"id", "0", int64(0), true}, {"id", "-1", int64(0), true}, {"id", "1e3", int64(0), true}, {"id", "9223372036854775808", int64(0), true},
		{"choice", "", 0, false}, {"choice", "50", 50, false}, {"choice", "51", 0, true}, {"choice", "x", 0, true},
		{"day", "", "", false}, {"day", "2026-11-25", "2026-11-25", false}, {"day", "2026-02-30", "", true}, {"day", "25/11/2026", "", true},
		{"yes", "", false, false}, {"yes", "oui", true, false}, {"yes", "non", false, false},
	} {
		q := httpx.ReadQuery(url.Values{"p": {c.text}})
		if got := read[c.read](q); got != c.want || errors.Is(q.Err(), fault.Malformed) != c.refused {
			t.Errorf("%s of %q: %v, %v", c.read, c.text, got, q.Err())
		}
	}
}

func TestQueryTri(t *testing.T) {
	for text, want := range map[string]struct {
		column     string
		descending bool
		refused    bool
	}{"": {"nom", false, false}, "date": {"date", false, false}, "-date": {"date", true, false}, "--date": {"nom", false, true}, "mot_de_passe": {"nom", false, true}, "-": {"nom", false, true}} {
		q := httpx.ReadQuery(url.Values{"tri": {text}})
		if column, descending := q.Tri([]string{"nom", "date"}, "nom"); column != want.column || descending != want.descending || errors.Is(q.Err(), fault.Malformed) != want.refused {
			t.Errorf("%q: %s, %v, %v", text, column, descending, q.Err())
		}
	}
}

// The first fault is the one told: a page that does not exist never hides a parameter that no link writes.
func TestQueryFirstFault(t *testing.T) {
	q := httpx.ReadQuery(url.Values{"qpv": {"trop long"}, "page": {"99999"}})
	if q.Text("qpv", 3); q.Page() != 1 || !errors.Is(q.Err(), fault.Malformed) || errors.Is(q.Err(), fault.NotFound) {
		t.Errorf("the first fault is %v", q.Err())
	}
}
