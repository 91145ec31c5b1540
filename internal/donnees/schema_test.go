package donnees_test

import (
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"portail/internal/importation"
	"portail/internal/lien"
	"portail/internal/portailtest"
)

// tableSchema is what a validator reads of a Frictionless Table Schema.
type tableSchema struct {
	Fields []struct {
		Name, Type  string
		Constraints struct {
			Required, Unique bool
			Pattern          string
			Enum             []string
		}
	}
	PrimaryKey    []string
	MissingValues []string
}

func isType(kind, cell string) bool {
	var err error
	switch kind {
	case "integer", "year":
		_, err = strconv.ParseInt(cell, 10, 64)
	case "number":
		_, err = strconv.ParseFloat(cell, 64)
	case "date":
		_, err = time.Parse(time.DateOnly, cell)
	case "boolean":
		_, err = strconv.ParseBool(cell)
	case "string":
	default:
		return false
	}
	return err == nil
}

func TestEveryCSVKeepsItsSchema(t *testing.T) {
	site := portailtest.Site(t)
	for _, jeu := range lien.Jeux {
		var s tableSchema
		if err := json.Unmarshal(site.Get(lien.JeuFichier(jeu, "schema.json")).Want(http.StatusOK).Body, &s); err != nil {
			t.Fatal(err)
		}
		rows := records(t, site.Get(lien.JeuFichier(jeu, "csv")).Want(http.StatusOK).Body)
		seen := map[string]bool{}
		for n, row := range rows {
			var key []string
			for i, f := range s.Fields {
				cell := row[i]
				if n == 0 {
					if cell != f.Name {
						t.Errorf("%s: column %d is %q, the schema says %q", jeu, i+1, cell, f.Name)
					}
					continue
				}
				if slices.Contains(s.PrimaryKey, f.Name) {
					key = append(key, cell)
				}
				if slices.Contains(s.MissingValues, cell) {
					if f.Constraints.Required {
						t.Errorf("%s, line %d: %s is required", jeu, n+1, f.Name)
					}
					continue
				}
				if !isType(f.Type, cell) {
					t.Errorf("%s, line %d: %s %q is no %s", jeu, n+1, f.Name, cell, f.Type)
				}
				if p := f.Constraints.Pattern; p != "" && !regexp.MustCompile("^("+p+")$").MatchString(cell) {
					t.Errorf("%s, line %d: %s %q does not match %s", jeu, n+1, f.Name, cell, p)
				}
				if e := f.Constraints.Enum; e != nil && !slices.Contains(e, cell) {
					t.Errorf("%s, line %d: %s %q is none of %v", jeu, n+1, f.Name, cell, e)
				}
				if k := f.Name + "=" + cell; f.Constraints.Unique && seen[k] {
					t.Errorf("%s, line %d: %s twice", jeu, n+1, k)
				} else if f.Constraints.Unique {
					seen[k] = true
				}
			}
			if k := strings.Join(key, "\x00"); n > 0 && s.PrimaryKey != nil && seen["key:"+k] {
				t.Errorf("%s, line %d: key %q twice", jeu, n+1, key)
			} else {
				seen["key:"+k] = true
			}
		}
	}
}

// taken are the sets that `portail import` reads, as the producers' own files.
var taken = []struct {
	jeu, format string
	kind        importation.Kind
}{
	{"communes", "csv", importation.Territoires}, {"epci", "csv", importation.Territoires},
	{"quartiers", "csv", importation.QPV}, {"contours", "geojson", importation.Contours}, {"contrats", "csv", importation.Contrats},
	{"indicateurs", "csv", importation.Indicateurs}, {"comparaisons", "csv", importation.Indicateurs}, {"chomage-zones-emploi", "csv", importation.Indicateurs},
	{"france-services", "csv", importation.Lieux},
}

func download(t *testing.T, site *portailtest.Visitor, jeu, format string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), jeu+"."+format)
	if err := os.WriteFile(file, site.Get(lien.JeuFichier(jeu, format)).Want(http.StatusOK).Body, 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

func TestOurFilesTakenInAgainChangeNothing(t *testing.T) {
	site := portailtest.Site(t)
	for _, f := range taken {
		sum, err := importation.Run(t.Context(), site.DB, f.kind, []string{download(t, site, f.jeu, f.format)}, importation.Options{Wait: true})
		if err != nil {
			t.Errorf("%s.%s: %v", f.jeu, f.format, err)
			continue
		}
		if !sum.Unchanged() || sum.Files[0].Lines == 0 {
			t.Errorf("%s.%s: %v", f.jeu, f.format, sum.Files)
		}
	}
}

func TestAnotherPortalTakesInOurFiles(t *testing.T) {
	site := portailtest.Site(t)
	other := portailtest.SiteOn(t, portailtest.DB(t))
	for _, f := range taken {
		if _, err := importation.Run(t.Context(), other.DB, f.kind, []string{download(t, site, f.jeu, f.format)}, importation.Options{Wait: true}); err != nil {
			t.Fatalf("%s.%s: %v", f.jeu, f.format, err)
		}
	}
	for _, jeu := range []string{"quartiers", "indicateurs", "comparaisons", "chomage-zones-emploi", "contrats", "france-services", "correspondance-2015-2024"} {
		want, got := site.Get(lien.JeuFichier(jeu, "csv")).Body, other.Get(lien.JeuFichier(jeu, "csv")).Body
		if string(want) != string(got) {
			t.Errorf("%s differs:\n%s", jeu, firstDifference(string(want), string(got)))
		}
	}
	want, got := site.Get(lien.JeuFichier("contours", "geojson")).Body, other.Get(lien.JeuFichier("contours", "geojson")).Body
	if string(want) != string(got) {
		t.Error("the contours differ")
	}
}

func firstDifference(a, b string) string {
	la, lb := strings.Split(a, "\n"), strings.Split(b, "\n")
	for i := range min(len(la), len(lb)) {
		if la[i] != lb[i] {
			return la[i] + "\n" + lb[i]
		}
	}
	return "one is longer"
}

func TestQuartersThatNameNoContractAreCountedWithTheirEPCI(t *testing.T) {
	site := portailtest.Site(t)
	before := string(site.Get(lien.JeuFichier("contrats", "csv")).Want(http.StatusOK).Body)
	if _, err := site.DB.Exec(t.Context(), `UPDATE qpv SET code_contrat = NULL WHERE code IN ('QN08801M', 'QN08805M')`); err != nil {
		t.Fatal(err)
	}
	if after := string(site.Get(lien.JeuFichier("contrats", "csv")).Want(http.StatusOK).Body); after != before || !strings.Contains(before, ",8311,") {
		t.Errorf("contracts:\n%s", firstDifference(before, after))
	}
}
