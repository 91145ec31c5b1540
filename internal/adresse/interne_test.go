package adresse

import (
	"bytes"
	"compress/gzip"
	"encoding/csv"
	"errors"
	"io"
	"math/rand/v2"
	"net/url"
	"os"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/paulmach/orb"

	"portail/internal/geo"
)

func FuzzParseDemande(f *testing.F) {
	for _, s := range []string{"q=4+rue+Foch", "lon=6,45&lat=48.1", "id=88160_1234_00004", "id=%00", "q=%ff", "lon=NaN&lat=1e999", "lon=--1&lat=.", "lon=−6°&lat=48"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, query string) {
		values, err := url.ParseQuery(query)
		if err != nil {
			return
		}
		d, err := parseDemande(values)
		if err != nil {
			return
		}
		pt, fauteLon, fauteLat, deux := lirePoint(d.Lon, d.Lat)
		if fauteLon == "" && fauteLat == "" && deux == "" && !geo.InFrance(pt) {
			t.Errorf("%q gives %v, which is not in France, without a word", query, pt)
		}
	})
}

func FuzzLireLot(f *testing.F) {
	for _, s := range []string{
		"adresse;commune\n4 rue Foch;Épinal\n", "\xef\xbb\xbflon,lat\n6,48\n", "adresse\tcp\n\"a\"\"b\"\t88000", "Adresse\n\xc9pinal\n", "\x89PNG\r\n", "PK\x03\x04",
		"adresse;adresse\n;\n\n;;\n", "\"adresse\"\n\"a\nb\"\n", "x;y\n1;2\n",
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, content []byte) {
		l, err := lireLot(content)
		var refused *refusLot
		if err != nil {
			if !errors.As(err, &refused) || refused.quoi == "" {
				t.Fatalf("%q is refused without a reason: %v", content, err)
			}
			return
		}
		r, lines := l.reader(), 0
		for {
			record, err := r.Read()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil || len(record) > len(l.entetes) {
				t.Fatalf("%q was accepted, then: %v", content, err)
			}
			lines++
		}
		if lines != l.lignes+1 {
			t.Errorf("%q: %d lines announced, %d read", content, l.lignes, lines-1)
		}
		var out bytes.Buffer
		w := csv.NewWriter(&out)
		writeLigne(w, l.entetes, len(l.entetes), "", "x")
		w.Flush()
		if back, err := csv.NewReader(&out).Read(); err != nil || len(back) != len(l.entetes)+2 {
			t.Errorf("%q: the headings come back as %q: %v", content, back, err)
		}
	})
}

func FuzzLirePropositions(f *testing.F) {
	f.Add([]byte(`{"type":"FeatureCollection","features":[{"geometry":{"type":"Point","coordinates":[6.4,48.1]},"properties":{"label":"x","score":0.9,"citycode":"88160"}}]}`))
	f.Add([]byte(`{"type":"FeatureCollection","features":[{"geometry":{"type":"Point","coordinates":[1e300,null]},"properties":{"label":"","score":-1}}]}`))
	f.Add([]byte(`{"type":"FeatureCollection","features":[null]}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		found, err := lirePropositions(body)
		if err != nil && !errors.Is(err, errInattendue) {
			t.Errorf("%q: %v", body, err)
		}
		for _, p := range found {
			if !geo.InFrance(p.Point) || p.Score < 0 || p.Score > 1.001 || p.Libelle == "" {
				t.Errorf("%q gives %+v", body, p)
			}
		}
	})
}

// national is every quarter of the country, as the seed holds them.
func national(t testing.TB) *contours {
	t.Helper()
	file, err := os.Open("../seed/france/qpv2024-france-contours.geojson.gz")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	unzipped, err := gzip.NewReader(file)
	if err != nil {
		t.Fatal(err)
	}
	c := &contours{quartiers: map[string]Quartier{}, complets: map[string]bool{}}
	var items []geo.Item
	err = geo.ParseFeatures(unzipped, 64<<20, func(_, _ int, feature geo.Feature) error {
		code, _ := feature.Texte("code_qp")
		dep, _ := feature.Texte("insee_dep")
		c.quartiers[code], c.complets[dep] = Quartier{Code: code, Departement: dep, Contour: feature.Geometrie}, true
		items = append(items, geo.Item{Code: code, Geom: feature.Geometrie})
		return nil
	})
	if err != nil || len(items) < 1500 {
		t.Fatalf("%d contours: %v", len(items), err)
	}
	c.index, c.departements = geo.NewIndex(items), geo.NewIndex(nil)
	return c
}

// BenchmarkLookUp measures a whole look-up among the quarters of the country, at the places that cost most: in and around
// quarters, hence in towns. It prints the slowest of a hundred.
func BenchmarkLookUp(b *testing.B) {
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	c := national(b)
	runtime.GC()
	runtime.ReadMemStats(&after)
	var places []orb.Point
	rnd := rand.New(rand.NewPCG(1, 2))
	for _, q := range c.quartiers {
		at := geo.PointIn(q.Contour)
		places = append(places, at, orb.Point{at[0] + rnd.NormFloat64()/50, at[1] + rnd.NormFloat64()/50})
	}
	took := make([]time.Duration, 0, b.N)
	b.ResetTimer()
	for i := 0; b.Loop(); i++ {
		start := time.Now()
		c.repondre(places[i%len(places)], "93")
		took = append(took, time.Since(start))
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)*99/100].Microseconds()), "µs-p99")
	b.ReportMetric(float64(after.HeapAlloc-before.HeapAlloc)/(1<<20), "MB-index")
}

func TestLookUpAmongTheQuartersOfTheCountry(t *testing.T) {
	c := national(t)
	for _, q := range c.quartiers {
		for _, shift := range []float64{0, 0.002, 0.02} {
			at := geo.PointIn(q.Contour)
			at[0] += shift
			r := c.repondre(at, q.Departement)
			if shift == 0 && (r.Nature != DansQuartier || !strings.Contains(r.Codes(), q.Code)) {
				t.Errorf("a place in %s is %v %q", q.Code, r.Nature, r.Codes())
			}
		}
	}
}
