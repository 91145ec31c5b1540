package geo

import (
	"compress/gzip"
	"encoding/csv"
	"io"
	"math"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/paulmach/orb"
)

// open reads one of the real files that the project carries.
func open(t testing.TB, name string) io.Reader {
	t.Helper()
	f, err := os.Open("../seed/" + name + ".gz")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	return z
}

func load(t testing.TB, name string) []Feature {
	t.Helper()
	var all []Feature
	err := ParseFeatures(open(t, name), 10<<20, func(i, line int, f Feature) error {
		if i != len(all) || line != i+2 {
			t.Fatalf("feature %d is said to be %d, at line %d", len(all), i, line)
		}
		all = append(all, f)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func readCSV(t testing.TB, name string) []map[string]string {
	t.Helper()
	rows, err := csv.NewReader(open(t, name)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var all []map[string]string
	for _, row := range rows[1:] {
		m := map[string]string{}
		for i, v := range row {
			m[rows[0][i]] = v
		}
		all = append(all, m)
	}
	return all
}

func number(t testing.TB, s string) float64 {
	t.Helper()
	v, err := strconv.ParseFloat(s, 64)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

const nationalFile = "france/qpv2024-france-contours.geojson"

// quarters gives the contours of all quarters of the national file, by code.
func quarters(t testing.TB) (map[string]Feature, []Item) {
	t.Helper()
	byCode := map[string]Feature{}
	var items []Item
	for _, f := range load(t, nationalFile) {
		code, _ := f.Texte("code_qp")
		nom, _ := f.Texte("nom_qp")
		byCode[code] = f
		items = append(items, Item{Code: code, Nom: nom, Geom: f.Geometrie})
	}
	if len(byCode) != 1506 {
		t.Fatalf("%d quarters read", len(byCode))
	}
	return byCode, items
}

func TestRealContoursHaveNoFault(t *testing.T) {
	for name, want := range map[string]int{
		nationalFile:                             1506,
		"vosges/vosges-communes.geojson":         506,
		"vosges/vosges-departement.geojson":      1,
		"vosges/vosges-epci.geojson":             13,
		"vosges/vosges-qpv2024-contours.geojson": 6,
	} {
		features := load(t, name)
		if len(features) != want {
			t.Errorf("%s: %d features, want %d", name, len(features), want)
		}
		for i, f := range features {
			if len(f.Fautes) > 0 {
				t.Errorf("%s, feature %d: %v", name, i, f.Fautes)
			}
			if faults := Check(f.Geometrie); len(faults) > 0 {
				t.Errorf("%s, feature %d: %v", name, i, faults)
			}
		}
	}
}

func TestRealAreasAgreeWithTheList(t *testing.T) {
	byCode, _ := quarters(t)
	for _, row := range readCSV(t, "france/qpv2024-france.csv") {
		got, want := Area(byCode[row["code_qp"]].Geometrie), number(t, row["surface_ha"])
		// The list was computed on a sphere, which is up to 0.4 % off.
		if math.Abs(got-want) > 0.051+want*0.005 {
			t.Errorf("%s: %.2f ha, the list says %.1f", row["code_qp"], got, want)
		}
	}
}

func TestRealPointsAreInside(t *testing.T) {
	byCode, items := quarters(t)
	index := NewIndex(items)
	for _, row := range readCSV(t, "france/qpv2024-france.csv") {
		geom := byCode[row["code_qp"]].Geometrie
		listed := orb.Point{number(t, row["lon"]), number(t, row["lat"])}
		for _, pt := range []orb.Point{listed, PointIn(geom)} {
			if !Contains(geom, pt) || DistanceMetres(geom, pt) != 0 {
				t.Errorf("%s: %v not inside", row["code_qp"], pt)
			}
			found := false
			for _, it := range index.Within(pt) {
				found = found || it.Code == row["code_qp"]
			}
			if !found {
				t.Errorf("%s: not found at %v", row["code_qp"], pt)
			}
		}
	}
}

// The producer of the list of France services has told which quarter contains
// each place, with the national contours.
func TestRealPlacesAreFoundInTheirQuarter(t *testing.T) {
	_, items := quarters(t)
	index := NewIndex(items)
	places := readCSV(t, "france/france-services-2024.csv")
	in := 0
	for _, row := range places {
		if row["lon"] == "" {
			continue
		}
		var codes []string
		for _, it := range index.Within(orb.Point{number(t, row["lon"]), number(t, row["lat"])}) {
			codes = append(codes, it.Code)
		}
		if got := strings.Join(codes, "|"); got != row["code_qp"] {
			t.Errorf("%s: found in %q, listed in %q", row["nom"], got, row["code_qp"])
		}
		in += len(codes)
	}
	if in < 300 {
		t.Errorf("only %d of %d places in a quarter", in, len(places))
	}
}
