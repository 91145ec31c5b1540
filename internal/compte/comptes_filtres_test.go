package compte

import (
	"errors"
	"net/url"
	"testing"

	"portail/internal/fault"
	"portail/internal/httpx"
)

// fuzzQuery tries a parser of query strings: it takes or refuses in a way that has a page, and never breaks.
func fuzzQuery(f *testing.F, parse func(url.Values) (page int, err error), seeds ...string) {
	for _, seed := range seeds {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		q, err := url.ParseQuery(raw)
		if err != nil {
			return
		}
		page, err := parse(q)
		switch {
		case err == nil && (page < 1 || page > httpx.MaxPage):
			t.Errorf("page %d from %q", page, raw)
		case err != nil && !errors.Is(err, fault.Malformed) && !errors.Is(err, fault.NotFound):
			t.Errorf("%q: %v", raw, err)
		}
	})
}

func FuzzFiltresComptes(f *testing.F) {
	fuzzQuery(f, func(q url.Values) (int, error) {
		got, err := parseFiltresComptes(q)
		if err == nil {
			again, err := parseFiltresComptes(got.values())
			if again.Page = got.Page; err != nil || again != got {
				f.Errorf("%+v comes back as %+v, %v", got, again, err)
			}
		}
		return got.Page, err
	}, "", "q=zo%C3%A9&role=lecteur&etat=tous&tri=-nom&page=2", "organisme=-1", "page=99999999999999999999", "tri=--nom", "role=roi")
}

func FuzzFiltresInvitations(f *testing.F) {
	fuzzQuery(f, func(q url.Values) (int, error) {
		got, err := parseFiltresInvitations(q)
		return got.Page, err
	}, "", "etat=expiree&page=3", "etat=x", "page=0")
}
