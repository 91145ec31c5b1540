package qpv

import (
	"slices"
	"strings"
	"testing"
)

// nb writes an expectation with "_" for the no-break space, so that it can be read.
func nb(s string) string { return strings.ReplaceAll(s, "_", "\u00a0") }

func pc(n float64, millesime int) Valeur {
	return Valeur{Connue: true, Nombre: n, Unite: "%", Decimales: 1, Millesime: millesime}
}

func TestRangTellsTiesAndLeavesOutMaskedFigures(t *testing.T) {
	q := pc(40, 2021)
	for _, c := range []struct {
		nom  string
		q    Valeur
		tous []Valeur
		want string
	}{
		{"first", q, []Valeur{q, pc(30, 2021), pc(20, 2021)}, "1er sur_3"},
		{"second", q, []Valeur{pc(50, 2021), q, pc(20, 2021)}, "2e sur_3"},
		{"tie", q, []Valeur{pc(50, 2021), q, pc(40.04, 2021)}, "2e ex_æquo sur_3"},
		{"other vintages are left out", q, []Valeur{pc(50, 2020), q, pc(20, 2021)}, "1er sur_2"},
		{"masked figures are left out", q, []Valeur{{Secret: true, Millesime: 2021}, q, pc(20, 2021)}, "1er sur_2"},
		{"alone", q, []Valeur{q, {}}, ""},
		{"masked", Valeur{Secret: true, Millesime: 2021}, []Valeur{pc(1, 2021), pc(2, 2021)}, ""},
		{"missing", Valeur{}, []Valeur{pc(1, 2021), pc(2, 2021)}, ""},
	} {
		if got := rang(c.q, c.tous).Texte(); got != nb(c.want) {
			t.Errorf("%s: %q, want %q", c.nom, got, nb(c.want))
		}
	}
}

func TestBarsAreSortedAndWindowed(t *testing.T) {
	barres := []barre{{Nom: "absent"}, {Nom: "b", Valeur: pc(1, 2021)}, {Nom: "a", Valeur: pc(1, 2021)}, {Nom: "top", Valeur: pc(9, 2021)}}
	slices.SortStableFunc(barres, duPlusEleve)
	var noms []string
	for _, b := range barres {
		noms = append(noms, b.Nom)
	}
	if !slices.Equal(noms, []string{"top", "a", "b", "absent"}) {
		t.Errorf("order %v", noms)
	}
	for own, want := range map[int][2]int{0: {0, 9}, 50: {45, 54}, 99: {90, 99}} {
		var all []barre
		for i := range 100 {
			all = append(all, barre{Valeur: pc(float64(i), 2021), Principal: i == own})
		}
		got := fenetre(all, 10)
		if len(got) != 10 || got[0].Valeur.Nombre != float64(want[0]) || got[9].Valeur.Nombre != float64(want[1]) {
			t.Errorf("around %d: %v to %v", own, got[0].Valeur.Nombre, got[len(got)-1].Valeur.Nombre)
		}
	}
}

func TestTheLastLetterOfACodeTellsItsContour(t *testing.T) {
	for code, want := range map[string]string{
		"QN08801M": "la lettre M marque un contour modifié depuis 2015", "QN08801N": "la lettre N marque un nouveau quartier",
		"QN08801I": "la lettre I marque un contour identique à celui de 2015", "QN97601C": "", "QP08800M": "",
	} {
		if got := lettreTexte(code); got != want {
			t.Errorf("%s: %q", code, got)
		}
	}
}
