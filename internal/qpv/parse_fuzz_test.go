package qpv

import (
	"errors"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"testing"

	"portail/internal/fault"
	"portail/internal/httpx"
)

// FuzzFiltres: whatever the address, the filters are bounded, and written back they read the same.
func FuzzFiltres(f *testing.F) {
	for _, s := range []string{
		"", "q=saint+di%C3%A9&tri=-population&page=3&par=50", "q=%27%27%3A%2A&vue=carte", "tri=;DROP", "page=-1", "page=99999999999999999999",
		"departement=2A&epci=200068757&commune=88160&label=rep&evolution=modifie&generation=2015", "q=%00", "q=" + strings.Repeat("%C3%A9", 201), "q=%CC%81&tri=pertinence",
		"par=1e2&page=+1", "q=+++&q=a",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		v, err := url.ParseQuery(raw)
		if err != nil {
			return
		}
		got, err := parseFiltres(v)
		if err != nil {
			if !errors.Is(err, fault.Malformed) && !errors.Is(err, fault.NotFound) {
				t.Fatalf("%q: %v", raw, err)
			}
			return
		}
		if got.Page < 1 || got.Page > httpx.MaxPage || !slices.Contains(taillesPage, got.Par) || len(got.mots()) > maxMots || strings.ContainsAny(strings.Join(got.mots(), ""), `'\:*&|!() `) {
			t.Fatalf("%q gives %+v", raw, got)
		}
		if _, known := colonnesTri[got.Tri]; !known && (got.Tri != triPertinence || len(got.mots()) == 0) {
			t.Fatalf("%q sorts on %q", raw, got.Tri)
		}
		again, err := parseFiltres(got.Valeurs())
		if err != nil || again != got {
			t.Fatalf("%q: %+v is written as %q and reads %+v (%v)", raw, got, got.Valeurs().Encode(), again, err)
		}
	})
}

// FuzzComparaison: whatever the address, the choice is bounded, each value once, and written back it reads the same.
func FuzzComparaison(f *testing.F) {
	for _, s := range []string{
		"", "codes=QN08801M,QN08802M&indicateurs=taux_emploi", "codes=QN08801M&codes=qn08802m&territoires=epci-200068757", "codes=QN08801M,qn08801m",
		"codes=" + strings.Repeat("x,", 100), "indicateurs=%27;DROP", "territoires=epci", "territoires=-,france-FR", "recherche=" + strings.Repeat("a", 300), "codes=,,,", "millesime=2021-T4&vue=evolution", "millesime=2021-T5", "vue=x",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		v, err := url.ParseQuery(raw)
		if err != nil {
			return
		}
		got, err := parseComparaison(v)
		if err != nil {
			if !errors.Is(err, fault.Malformed) {
				t.Fatalf("%q: %v", raw, err)
			}
			return
		}
		if len(got.Codes) > maxQuartiers || len(got.Territoires) > maxReferences || len(got.Indicateurs) > maxIndicateurs {
			t.Fatalf("%q gives %+v", raw, got)
		}
		if s := slices.Sorted(slices.Values(got.Codes)); len(slices.Compact(s)) != len(got.Codes) {
			t.Fatalf("%q repeats a code: %q", raw, got.Codes)
		}
		again, err := parseComparaison(got.valeurs())
		if err != nil || !slices.Equal(again.Codes, got.Codes) || !slices.Equal(again.Indicateurs, got.Indicateurs) || !reflect.DeepEqual(again.Territoires, got.Territoires) || again.Millesime != got.Millesime || again.Vue != got.Vue {
			t.Fatalf("%q: %+v reads %+v (%v)", raw, got, again, err)
		}
	})
}
