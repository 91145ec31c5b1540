package chiffre

import (
	"strings"
	"testing"
)

// nb writes an expectation with "_" for the no-break space, so that it can be read.
func nb(s string) string { return strings.ReplaceAll(s, "_", "\u00a0") }

func TestValeurIsWrittenAsThePublicReadsIt(t *testing.T) {
	for _, c := range []struct {
		nom            string
		v              Valeur
		texte, periode string
		iso            string
		present        bool
	}{
		{"share", Valeur{Connue: true, Nombre: 38.4, Unite: "%", Decimales: 1, Millesime: 2021}, "38,4_%", "2021", "2021", true},
		{"count", Valeur{Connue: true, Nombre: 1800, Unite: "hab.", Millesime: 2020}, "1_800_hab.", "2020", "2020", true},
		{"ratio has no unit", Valeur{Connue: true, Nombre: .84, Unite: "ratio", Decimales: 1}, "0,8", "millésime non précisé", "", true},
		{"a true zero", Valeur{Connue: true, Unite: "%", Decimales: 1, Millesime: 2021}, "0,0_%", "2021", "2021", true},
		{"quarter of a year", Valeur{Connue: true, Nombre: 7.1, Unite: "%", Decimales: 1, Millesime: 2025, Trimestre: 1}, "7,1_%", "1er_trimestre_2025", "2025-T1", true},
		{"masked", Valeur{Secret: true, Unite: "foyers", Millesime: 2021}, "n.c.", "2021", "2021", true},
		{"missing is not 0", Valeur{}, "non disponible", "", "", false},
	} {
		if got := c.v.Texte(); got != nb(c.texte) {
			t.Errorf("%s: %q, want %q", c.nom, got, nb(c.texte))
		}
		if got := c.v.MillesimeTexte(); got != nb(c.periode) {
			t.Errorf("%s: vintage %q, want %q", c.nom, got, nb(c.periode))
		}
		if got := c.v.PeriodeISO(); got != c.iso {
			t.Errorf("%s: ISO %q, want %q", c.nom, got, c.iso)
		}
		if got := c.v.Presente(); got != c.present {
			t.Errorf("%s: present %v", c.nom, got)
		}
	}
	for nom, v := range map[string]Valeur{"masked": {Secret: true, Nombre: 7}, "missing": {}} {
		if v.Pointeur() != nil {
			t.Errorf("%s: a number for files: %v", nom, *v.Pointeur())
		}
	}
	if got := (Valeur{Connue: true, Nombre: 246.64, Decimales: 1}).Pointeur(); got == nil || *got != 246.6 {
		t.Errorf("files tell another figure than pages: %v", got)
	}
}

func TestMemeMillesimeNeedsAStatedVintage(t *testing.T) {
	for _, c := range []struct {
		a, b Valeur
		want bool
	}{
		{Valeur{Millesime: 2021}, Valeur{Millesime: 2021}, true},
		{Valeur{Millesime: 2020}, Valeur{Millesime: 2022}, false},
		{Valeur{}, Valeur{}, false},
		{Valeur{Millesime: 2021}, Valeur{}, false},
		{Valeur{Millesime: 2025, Trimestre: 1}, Valeur{Millesime: 2025, Trimestre: 2}, false},
	} {
		if got := c.a.MemeMillesime(c.b); got != c.want {
			t.Errorf("%v and %v: %v", c.a, c.b, got)
		}
	}
}

func TestChiffresAreIndexedOldestFirst(t *testing.T) {
	annee := func(n int) *int { return &n }
	n := func(f float64) *float64 { return &f }
	catalogue := []Indicateur{{Code: "a", Unite: "%", Decimales: 1}}
	c := Indexer([]LigneValeur{
		{Indicateur: "a", Niveau: "qpv", Code: "Q", Millesime: annee(2021), Valeur: n(2)},
		{Indicateur: "a", Niveau: "qpv", Code: "Q", Valeur: n(9)},
		{Indicateur: "a", Niveau: "qpv", Code: "Q", Millesime: annee(2020), Valeur: n(1)},
		{Indicateur: "a", Niveau: "commune", Code: "Q", Millesime: annee(2020), Secret: true},
		{Indicateur: "withdrawn", Niveau: "qpv", Code: "Q", Valeur: n(3)},
	}, catalogue)
	if got := c.Derniere("a", "qpv", "Q").Texte(); got != nb("2,0_%") {
		t.Errorf("latest %q", got)
	}
	if got := c.Serie("a", "qpv", "Q"); len(got) != 3 || got[0].Millesime != 0 || got[1].Millesime != 2020 {
		t.Errorf("series %v", got)
	}
	if got := c.Derniere("a", "commune", "Q").Texte(); got != "n.c." {
		t.Errorf("masked %q", got)
	}
	for _, absent := range []Valeur{c.Derniere("withdrawn", "qpv", "Q"), c.Derniere("a", "epci", "Q")} {
		if absent.Texte() != "non disponible" {
			t.Errorf("absent %q", absent.Texte())
		}
	}
}
