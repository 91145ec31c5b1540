package cartographie_test

import (
	"strings"
	"testing"

	"portail/internal/cartographie"
	"portail/internal/pg"
	"portail/internal/portailtest"
)

// load reads the map of a département of the default data.
func load(t *testing.T, departement string) cartographie.Donnees {
	t.Helper()
	var d cartographie.Donnees
	var b pg.Batch
	cartographie.Add(&b, departement, &d)
	cartographie.AddCommunes(&b, departement, &d)
	if err := b.Run(t.Context(), portailtest.Seeded(t)); err != nil {
		t.Fatal(err)
	}
	return d
}

func TestMapOfTheDepartment(t *testing.T) {
	d := load(t, "88")
	m := d.Carte(cartographie.Options{ID: "carte", Departement: "Vosges"})
	shapes := map[string]int{}
	linked := map[string]int{}
	for _, l := range m.Layers {
		shapes[l.Class] += len(l.Shapes)
		for _, s := range l.Shapes {
			if s.Path == "" {
				t.Errorf("layer %s has a shape without path: %+v", l.Class, s)
			}
			if s.Href != "" {
				linked[l.Class]++
				if s.Titre == "" {
					t.Errorf("layer %s has a link without name: %s", l.Class, s.Href)
				}
			}
		}
	}
	for class, want := range map[string]int{"departement": 1, "epci": 13, "limite": 1, "qpv": 1, "repere": 7} {
		if shapes[class] != want {
			t.Errorf("layer %s has %d shapes, want %d", class, shapes[class], want)
		}
	}
	if linked["repere"] != 6 || linked["epci"] != 3 || linked["limite"] != 0 {
		t.Errorf("links: %v; want every quarter, the three EPCI with quarters, and no commune", linked)
	}
	if m.Titre != "Carte des quartiers prioritaires\u00a0: Vosges" {
		t.Errorf("title %q", m.Titre)
	}
}

func TestDetailedMapsShowEveryQuarterOnce(t *testing.T) {
	details := load(t, "88").Details("detail")
	var titles []string
	seen := map[string]int{}
	for _, m := range details {
		titles = append(titles, m.Titre)
		for _, q := range m.Quartiers {
			seen[q.Code]++
		}
		if !strings.HasPrefix(m.Echelle, "Largeur de la carte\u00a0: environ ") {
			t.Errorf("scale %q", m.Echelle)
		}
	}
	if got := strings.Join(titles, " | "); got != "Épinal et Golbey | Remiremont | Saint-Dié-des-Vosges" {
		t.Errorf("detailed maps: %s", got)
	}
	if len(seen) != 6 {
		t.Errorf("%d quarters in the detailed maps, want 6", len(seen))
	}
	for code, n := range seen {
		if n != 1 {
			t.Errorf("%s is in %d detailed maps", code, n)
		}
	}
}

func TestDepartmentWithoutData(t *testing.T) {
	d := load(t, "23")
	m := d.Carte(cartographie.Options{ID: "carte"})
	if m.ViewBox == "" || len(m.Layers) == 0 {
		t.Errorf("a département that is not loaded has no map at all: %+v", m)
	}
	if n := len(d.Details("x")); n != 0 {
		t.Errorf("%d detailed maps of nothing", n)
	}
}
