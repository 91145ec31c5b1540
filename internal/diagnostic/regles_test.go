package diagnostic

import (
	"errors"
	"strings"
	"testing"

	"portail/internal/droits"
	"portail/internal/fault"
)

func ptr(v float64) *float64 { return &v }

func TestNumbersAreReadAsPeopleAndSpreadsheetsWriteThem(t *testing.T) {
	count := Indicateur{Nature: "effectif", Unite: "foyers"}
	share := Indicateur{Nature: "part", Unite: "%", Decimales: 1}
	mean := Indicateur{Nature: "moyenne", Unite: "€", Minimum: ptr(0), Maximum: ptr(50000)}
	for _, c := range []struct {
		name, typed string
		i           Indicateur
		want        float64
		told        bool // how it was understood
		refused     bool
	}{
		{"plain", "412", count, 412, false, false},
		{"thousands by a space", "1 250", count, 1250, false, false},
		{"thousands by a no-break space", "1\u00a0250", count, 1250, false, false},
		{"thousands by a thin space, unit", "1\u202f250 foyers", count, 1250, false, false},
		{"thousands by a point", "1.250", count, 1250, true, false},
		{"thousands and decimals", "1.250,5", mean, 1250.5, true, false},
		{"English writing", "1,250.5", mean, 1250.5, true, false},
		{"euros", "1 250,50 €", mean, 1250.5, false, false},
		{"half a household", "12,5", count, 0, false, true},
		{"negative count", "-3", count, 0, false, true},
		{"a text", "environ 12", count, 0, false, true},
		{"a percentage of a count", "12 %", count, 0, false, true},
		{"share with its sign", "42 %", share, 42, false, false},
		{"share as a fraction", "0,42", share, 42, true, false},
		{"small share with its sign", "0,42 %", share, 0.42, false, false},
		{"share without sign", "42,5", share, 42.5, false, false},
		{"share above 100", "101", share, 0, false, true},
		{"beyond the bounds", "60000", mean, 0, false, true},
		{"infinity", "Inf", mean, 0, false, true},
		{"exponent", "1e9", mean, 0, false, true},
		{"hexadecimal", "0x10", count, 0, false, true},
		{"very long", strings.Repeat("9", 400), count, 0, false, true},
	} {
		got := textes{V: c.typed}.lire(c.i)
		if (len(got.Fautes) > 0) != c.refused {
			t.Errorf("%s: %q, faults %v", c.name, c.typed, got.Fautes)
			continue
		}
		if !c.refused && (got.Valeur == nil || *got.Valeur != c.want || (got.Avis != "") != c.told) {
			t.Errorf("%s: %q is %+v, told %q; want %v, told %t", c.name, c.typed, got.cellule, got.Avis, c.want, c.told)
		}
	}
}

func TestWhatTheGridShowsIsReadBackTheSame(t *testing.T) {
	share := Indicateur{Nature: "part", Unite: "%"}
	for _, v := range []float64{0, 0.42, 0.5, 1, 1.5, 42, 100} {
		c := cellule{Valeur: ptr(v)}
		if got := c.textes(share).lire(share); got.Valeur == nil || *got.Valeur != v {
			t.Errorf("%v comes back as %+v", v, got)
		}
	}
}

func TestASharehasANumeratorWithinItsDenominator(t *testing.T) {
	share := Indicateur{Nature: "part", Unite: "%", Fraction: true}
	for _, c := range []struct {
		n, d  string
		want  float64
		fault string // field refused
	}{
		{"25", "100", 25, ""}, {"0", "100", 0, ""}, {"101", "100", 0, "n"}, {"5", "0", 0, "d"}, {"5", "", 0, "d"}, {"", "5", 0, "n"}, {"x", "5", 0, "n"},
	} {
		got := textes{N: c.n, D: c.d}.lire(share)
		if c.fault != "" {
			if got.Fautes[c.fault] == "" {
				t.Errorf("%s/%s is not refused at %s: %v", c.n, c.d, c.fault, got.Fautes)
			}
		} else if got.Valeur == nil || *got.Valeur != c.want {
			t.Errorf("%s/%s = %+v", c.n, c.d, got)
		}
	}
}

// essaiGrille is a grid of two quarters of a commune, and the commune.
func essaiGrille(values ...float64) grille {
	g := grille{Indicateurs: []Indicateur{{Code: "foyers", Libelle: "Foyers", Thematique: "emploi", Nature: "effectif", Unite: "foyers", Seuil: 11, DesQuartiers: true}},
		Lieux:    []lieu{{Cle: "q1", Niveau: niveauQPV, Nom: "A", Parent: "t1"}, {Cle: "q2", Niveau: niveauQPV, Nom: "B", Parent: "t1"}, {Cle: "t1", Niveau: "commune", Nom: "C"}},
		Cellules: map[cle]cellule{}}
	for n, v := range values {
		g.Cellules[cle{"foyers", g.Lieux[n].Cle}] = cellule{Valeur: ptr(v)}
	}
	return g
}

func TestNothingIsWorkedOutBySubtraction(t *testing.T) {
	for name, c := range map[string]struct {
		values []float64
		hidden []string // must be; others may be
		shown  []string
	}{
		"nothing small":                        {[]float64{50, 60, 500}, nil, []string{"q1", "q2", "t1"}},
		"a small count":                        {[]float64{5, 60, 500}, []string{"q1"}, []string{"q2", "t1"}},
		"the commune is its quarters":          {[]float64{5, 60, 65}, []string{"q1", "+"}, nil},
		"what is left outside quarters is few": {[]float64{50, 60, 113}, []string{"+"}, nil},
	} {
		got := essaiGrille(c.values...).masquees()
		for _, l := range c.hidden {
			if l == "+" { // one more than those below the threshold
				if want := len(c.hidden); len(got) < want {
					t.Errorf("%s: %v, want %d hidden", name, got, want)
				}
			} else if !got[cle{"foyers", l}] {
				t.Errorf("%s: %s is shown", name, l)
			}
		}
		for _, l := range c.shown {
			if got[cle{"foyers", l}] {
				t.Errorf("%s: %s is hidden for nothing", name, l)
			}
		}
	}
}

func TestTheShareMadeOfASmallCountIsHidden(t *testing.T) {
	g := essaiGrille()
	g.Indicateurs[0] = Indicateur{Code: "part", Nature: "part", Fraction: true, Seuil: 11, DesQuartiers: true}
	g.Cellules[cle{"part", "q1"}] = cellule{Valeur: ptr(2), Numerateur: ptr(8), Denominateur: ptr(400)}
	g.Cellules[cle{"part", "q2"}] = cellule{Valeur: ptr(50), Numerateur: ptr(200), Denominateur: ptr(400)}
	g.Cellules[cle{"part", "t1"}] = cellule{Valeur: ptr(98), Numerateur: ptr(395), Denominateur: ptr(400)} // all but five
	got := g.masquees()
	if !got[cle{"part", "q1"}] || got[cle{"part", "q2"}] || !got[cle{"part", "t1"}] {
		t.Errorf("hidden: %v", got)
	}
}

func TestAPastedBlockStaysWithinTheGrid(t *testing.T) {
	g := essaiGrille()
	typed, err := g.coller("12\r\n13\r\n", "q1", "v.foyers")
	if err != nil || typed[cle{"foyers", "q1"}].V != "12" || typed[cle{"foyers", "q2"}].V != "13" {
		t.Errorf("%v, %v", typed, err)
	}
	for name, c := range map[string][3]string{
		"too long": {"1\n2\n3\n4", "q1", "v.foyers"}, "too wide": {"1\t2", "q1", "v.foyers"}, "from too low": {"1\n2", "t1", "v.foyers"},
		"from nowhere": {"1", "q9", "v.foyers"}, "unknown column": {"1", "q1", "v.autre"}, "empty": {" \n", "q1", "v.foyers"},
	} {
		var f fault.Fields
		if typed, err := g.coller(c[0], c[1], c[2]); !errors.As(err, &f) || typed != nil {
			t.Errorf("%s: %v, %v", name, typed, err)
		}
	}
}

func TestCellsOfTwoPeopleAreMerged(t *testing.T) {
	g := essaiGrille(20, 30, 100)
	set := func(lieu string, v float64, saisie int) {
		g.Cellules[cle{"foyers", lieu}] = cellule{Valeur: ptr(v), Saisie: saisie}
	}
	set("q1", 21, 2) // changed meanwhile
	former := map[cle]cellule{{"foyers", "q1"}: {Valeur: ptr(20), Saisie: 1}}
	typed := map[cle]textes{{"foyers", "q1"}: {V: "20"}, {"foyers", "q2"}: {V: "33"}, {"foyers", "t1"}: {V: "100"}}
	var b Bilan
	changed, err := g.fusionner(1, former, typed, &b)
	if err != nil || len(changed) != 1 || *changed[cle{"foyers", "q2"}].Valeur != 33 || b.Reprises != 1 {
		t.Errorf("changed %v, kept %d, %v", changed, b.Reprises, err)
	}
	typed[cle{"foyers", "q1"}] = textes{V: "25"}
	var both conflit
	if changed, err := g.fusionner(1, former, typed, &b); !errors.As(err, &both) || changed != nil || *both[cle{"foyers", "q1"}].Valeur != 21 {
		t.Errorf("two changes of a cell: %v, %v", changed, err)
	}
}

func TestAJumpNeedsAWordAndACellAFigure(t *testing.T) {
	g := essaiGrille(20, 30)
	thirty := 30
	g.Indicateurs[0].Saut = &thirty
	g.Avant = map[cle]float64{{"foyers", "q1"}: 10, {"foyers", "q2"}: 29}
	if got := g.reste(); len(got) != 1 || got[cle{"foyers", "q1"}] == "" {
		t.Errorf("left: %v", got)
	}
	c := g.Cellules[cle{"foyers", "q1"}]
	c.Confirmation = "Ouverture d’une antenne"
	g.Cellules[cle{"foyers", "q1"}] = c
	delete(g.Cellules, cle{"foyers", "q2"})
	if got := g.reste(); len(got) != 1 || got[cle{"foyers", "q2"}] == "" {
		t.Errorf("left: %v", got)
	}
}

// TestMovesOfAReturn holds every move against every state, role and organisation.
func TestMovesOfAReturn(t *testing.T) {
	for _, state := range []Etat{AFaire, EnCours, Prete, Certifiee, Publiee} {
		for _, role := range droits.Roles {
			for _, own := range []bool{true, false} {
				r := Remontee{OrganismeID: 1, Etat: state, Tour: 1}
				par := droits.Compte{ID: 9, Role: role, Organisme: 2}
				if own {
					par.Organisme = 1
				}
				for acte, p := range passages {
					after, err := r.passer(acte, par, "raison")
					staff := role == droits.Administrateur || role == droits.Gestionnaire
					allowed := p.Droit == droits.RemonteePublier && staff || p.Droit == droits.RemonteeSaisir && role == droits.Referent && own
					inState := false
					for _, from := range p.De {
						inState = inState || from == state
					}
					if (err == nil) != (allowed && inState) {
						t.Errorf("%s, %s, own %t, %s: %v", state, role, own, acte, err)
					}
					if err == nil && (after.Etat != p.Vers || (state == Publiee) != (after.Tour == 2)) {
						t.Errorf("%s, %s: %+v", state, acte, after)
					}
				}
			}
		}
	}
}
