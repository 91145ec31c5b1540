package adressage_test

import (
	"strings"
	"testing"

	"portail/internal/adressage"
)

func TestNormaliser(t *testing.T) {
	for in, want := range map[string]string{
		"Bd. du Gal-de-Gaulle":    "boulevard du general de gaulle",
		"R. de l’Église":          "rue de l eglise",
		"  Saint-Dié-des-VOSGES":  "saint die des vosges",
		"ST DIE DES VOSGES":       "saint die des vosges",
		"Rue du Cœur":             "rue du coeur",
		"rue des Trois Fontaines": "rue des 3 fontaines",
		"…":                       "",
		"":                        "",
	} {
		got := adressage.Normaliser(in)
		if got != want {
			t.Errorf("Normaliser(%q) = %q, want %q", in, got, want)
		}
		if again := adressage.Normaliser(got); again != got {
			t.Errorf("Normaliser is not idempotent on %q: %q", got, again)
		}
	}
}

func TestLire(t *testing.T) {
	for in, want := range map[string]adressage.Adresse{
		"12 bis, r. de la Gare 88000 Épinal":         {12, "bis", "rue de la gare", "88000", "epinal"},
		"12bis rue de la Gare, 88000 ÉPINAL CEDEX 9": {12, "bis", "rue de la gare", "88000", "epinal"},
		"12b av Foch 88000":                          {12, "b", "avenue foch", "88000", ""},
		"12 B Rue Foch":                              {12, "b", "rue foch", "", ""},
		"12-14 rue Foch":                             {12, "", "rue foch", "", ""},
		"n° 7 place des Vosges":                      {7, "", "place des vosges", "", ""},
		"rue du 8 mai 1945 88100 St Dié":             {0, "", "rue du 8 mai 1945", "88100", "saint die"},
		"Bâtiment B, 3 allée des Roses 88000 Épinal": {3, "", "allee des roses", "88000", "epinal"},
		"Résidence des Lilas 3 ter allée des Roses":  {3, "ter", "allee des roses", "", ""},
		"3 rue des 4 Vents":                          {3, "", "rue des 4 vents", "", ""},
		"88000":                                      {0, "", "88000", "", ""},
		"99999 Le Bourg 88220 Xertigny":              {0, "", "99999 le bourg", "88220", "xertigny"},
		"12":                                         {0, "", "12", "", ""},
		"":                                           {},
	} {
		if got := adressage.Lire(in); got != want {
			t.Errorf("Lire(%q) = %+v, want %+v", in, got, want)
		}
	}
}

func TestCutsOfAStreetWithoutPostCode(t *testing.T) {
	var got []string
	for _, c := range adressage.Lire("12 rue de la Gare Épinal").Coupes() {
		got = append(got, c.Voie+"|"+c.Commune)
	}
	want := "rue|de la gare epinal, rue de|la gare epinal, rue de la|gare epinal, rue de la gare|epinal"
	if strings.Join(got, ", ") != want {
		t.Errorf("got %q", got)
	}
}

func TestPostCodes(t *testing.T) {
	for in, want := range map[string]string{"88000": "88000", " 88 000 ": "88000", "1000": "01000", "88000.0": "88000", "2A000": "", "880000": "", "": ""} {
		if got := adressage.LireCodePostal(in); got != want {
			t.Errorf("LireCodePostal(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestLikeness(t *testing.T) {
	for _, c := range []struct {
		a, b string
		sure bool
	}{
		{"rue de la gare", "rue de la gare", true},
		{"rue gare", "rue de la gare", true},
		{"rue de la gaare", "rue de la gare", true},
		{"rue pasteru", "rue pasteur", true},
		{"avenue du general de gaule", "avenue du general de gaulle", true},
		{"rue du chene", "rue du chien", false},
		{"rue du 8 mai 1945", "rue du 18 mai 1945", false},
		{"rue jean moulin", "rue jean jaures", false},
		{"rue de la paix", "impasse de la paix", false},
		{"allee a", "allee b", false},
		{"rue foch", "rue du marechal foch", false},
		{"", "rue foch", false},
		{"de la", "du", false},
	} {
		got := adressage.Ressemblance(c.a, c.b)
		if (got >= adressage.Seuil) != c.sure || got < 0 || got > 1 {
			t.Errorf("Ressemblance(%q, %q) = %.2f, sure %v wanted", c.a, c.b, got, c.sure)
		}
		if back := adressage.Ressemblance(c.b, c.a); back != got {
			t.Errorf("Ressemblance(%q, %q) is not symmetrical: %.2f and %.2f", c.a, c.b, got, back)
		}
	}
	if got := adressage.RessemblanceCommune("saint die", "saint die des vosges"); got < adressage.Seuil || got == 1 {
		t.Errorf("a shortened commune is worth %.2f", got)
	}
}

func FuzzLire(f *testing.F) {
	for _, s := range []string{"12 bis, r. de la Gare 88000 Épinal", "n° 7", "Bât B 3 t 88000 cedex", "\xff\x00", "12 12 12 rue", "İ 1 ÿ"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		a := adressage.Lire(s)
		if a.Numero < 0 || a.Numero > 9999 || (a.CodePostal != "" && len(a.CodePostal) != 5) {
			t.Errorf("Lire(%q) = %+v", s, a)
		}
		n := adressage.Normaliser(s)
		if again := adressage.Normaliser(n); again != n {
			t.Errorf("Normaliser(%q) = %q, then %q", s, n, again)
		}
		if r := adressage.Ressemblance(n, a.Texte()); r < 0 || r > 1 {
			t.Errorf("likeness %v of %q", r, s)
		}
		a.Coupes()
	})
}
