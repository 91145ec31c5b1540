package organisme

import (
	"net/url"
	"slices"
	"testing"
)

// SiretFaute is open to the test that compares it with Postgres.
var SiretFaute = siretFaute

func FuzzParseFiltres(f *testing.F) {
	for _, seed := range []string{"", "q=caf", "nature=epci&etat=tous&tri=-nom&par=50&page=2", "q=%25_%27&comite=CIS", "page=-1", "page=99999999999999999999", "tri=pertinence"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, query string) {
		v, err := url.ParseQuery(query)
		if err != nil {
			return
		}
		asked, err := parseFiltres(v)
		if err != nil {
			return
		}
		again, err := parseFiltres(asked.Valeurs())
		if err != nil || again != asked {
			t.Errorf("%q is read %+v, written back as %q and read %+v, %v", query, asked, asked.Valeurs().Encode(), again, err)
		}
		if len(asked.mots()) > maxMots || asked.Page < 1 || !slices.Contains(taillesPage, asked.Par) {
			t.Errorf("out of bounds: %+v", asked)
		}
	})
}
