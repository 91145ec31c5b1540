package geo

import (
	"encoding/binary"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/paulmach/orb"
)

// ring makes a closed ring of thousandths of a degree around Épinal.
func ring(xy ...float64) orb.Ring {
	var r orb.Ring
	for i := 0; i < len(xy); i += 2 {
		r = append(r, orb.Point{6.4 + xy[i]/1000, 48.1 + xy[i+1]/1000})
	}
	return append(r, r[0])
}

func TestCheck(t *testing.T) {
	sq := ring(0, 0, 10, 0, 10, 10, 0, 10)
	hole := ring(2, 2, 2, 8, 8, 8, 8, 2)
	open := sq[:4:4]
	for name, c := range map[string]struct {
		geom orb.Geometry
		quoi string // empty: no fault
	}{
		"square":                  {orb.Polygon{sq}, ""},
		"square with a hole":      {orb.Polygon{sq, hole}, ""},
		"two squares":             {orb.MultiPolygon{{sq}, {ring(20, 0, 30, 0, 30, 10)}}, ""},
		"two that touch":          {orb.MultiPolygon{{sq}, {ring(10, 10, 20, 10, 20, 20)}}, ""},
		"hole that touches":       {orb.Polygon{sq, ring(0, 0, 5, 2, 2, 5)}, ""},
		"repeated point":          {orb.Polygon{ring(0, 0, 10, 0, 10, 0, 10, 10, 0, 10)}, ""},
		"spike":                   {orb.Polygon{ring(0, 0, 10, 0, 15, 0, 10, 0, 10, 10, 0, 10)}, ""},
		"spike at the start":      {orb.Polygon{ring(-5, 0, 0, 0, 10, 0, 10, 10, 0, 10, 0, 0)}, ""},
		"neck of no width":        {orb.Polygon{ring(0, 0, 10, 0, 10, 5, 20, 5, 20, 9, 30, 9, 30, 1, 20, 1, 20, 5, 10, 5, 10, 10, 0, 10)}, ""},
		"touches itself":          {orb.Polygon{ring(0, 0, 10, 0, 5, 5, 10, 10, 0, 10, 5, 5)}, ""},
		"nothing":                 {nil, "vide"},
		"no polygon":              {orb.MultiPolygon{}, "vide"},
		"empty polygon":           {orb.Polygon{}, "polygone est vide"},
		"empty ring":              {orb.Polygon{{}}, "0 point"},
		"a point":                 {orb.Point{6, 48}, "doit être un polygone"},
		"three points":            {orb.Polygon{sq[:3]}, "3 point"},
		"open":                    {orb.Polygon{open}, "pas fermé"},
		"flat":                    {orb.Polygon{ring(0, 0, 10, 10, 5, 5)}, "surface nulle"},
		"all in one point":        {orb.Polygon{ring(0, 0, 0, 0, 0, 0)}, "surface nulle"},
		"not a number":            {orb.Polygon{{{math.NaN(), 48}, {7, 48}, {7, 49}, {math.NaN(), 48}}}, "pas un nombre"},
		"infinite":                {orb.Polygon{{{6, 48}, {math.Inf(1), 48}, {7, 49}, {6, 48}}}, "pas un nombre"},
		"bow tie":                 {orb.Polygon{ring(0, 0, 10, 0, 2, 10, 10, 12)}, "se croise lui-même"},
		"bow tie through a point": {orb.Polygon{ring(0, 0, 5, 5, 10, 12, 10, 0, 5, 5, 0, 10)}, "se croise lui-même"},
		"bow tie through a side":  {orb.Polygon{ring(0, 0, 10, 0, 5, 5, 3, -5)}, "se croise lui-même"},
		"twice round":             {orb.Polygon{ring(0, 0, 10, 0, 10, 10, 0, 0, 10, 0, 10, 10)}, "se croise lui-même"},
		"hole across":             {orb.Polygon{sq, ring(5, 5, 15, 5, 15, 7)}, "Deux anneaux"},
		"hole outside":            {orb.Polygon{sq, ring(20, 20, 25, 20, 25, 25)}, "trou est hors"},
		"hole around":             {orb.Polygon{hole, sq}, "trou est hors"},
		"hole as large":           {orb.Polygon{sq, sq}, "Deux anneaux"},
		"polygons across":         {orb.MultiPolygon{{sq}, {ring(5, 5, 15, 5, 15, 15)}}, "Deux anneaux"},
		"swapped":                 {orb.Polygon{{{48.1, 6.4}, {48.2, 6.4}, {48.2, 6.5}, {48.1, 6.4}}}, "inversées\u00a0?"},
		"swapped in Polynesia":    {orb.Polygon{{{-17.5, -149.5}, {-17.6, -149.5}, {-17.6, -149.6}, {-17.5, -149.5}}}, "inversées\u00a0?"},
		"Lambert 93":              {orb.Polygon{{{950000, 6790000}, {951000, 6790000}, {951000, 6791000}, {950000, 6790000}}}, "hors limites"},
		"Berlin":                  {orb.Polygon{{{13.3, 52.5}, {13.4, 52.5}, {13.4, 52.6}, {13.3, 52.5}}}, "sort de la France"},
		"one point astray":        {orb.Polygon{ring(0, 0, 10, 0, 10, 9000)}, "sort de la France"},
	} {
		faults := Check(c.geom)
		switch {
		case c.quoi == "" && len(faults) > 0:
			t.Errorf("%s: %v", name, faults)
		case c.quoi != "" && (len(faults) != 1 || !strings.Contains(faults[0].Quoi, c.quoi)):
			t.Errorf("%s: %v", name, faults)
		}
	}
}

func TestCheckTellsWhere(t *testing.T) {
	sq := ring(0, 0, 10, 0, 10, 10, 0, 10)
	open := ring(20, 0, 30, 0, 30, 10)[:3]
	faults := Check(orb.MultiPolygon{{sq}, {sq, append(open, orb.Point{6.44, 48.2})}})
	if len(faults) != 1 || faults[0].Polygone != 2 || faults[0].Anneau != 2 || faults[0].Point != open[0] {
		t.Errorf("%+v", faults)
	}
}

func TestCheckAcceptsEveryTerritory(t *testing.T) {
	for nom, pt := range map[string]orb.Point{
		"Ouessant": {-5.09, 48.46}, "Bastia": {9.45, 42.7}, "Dunkerque": {2.37, 51.03}, "Basse-Terre": {-61.73, 16.0},
		"Fort-de-France": {-61.07, 14.6}, "Cayenne": {-52.33, 4.92}, "Saint-Denis": {55.45, -20.88}, "Mamoudzou": {45.23, -12.78},
		"Marigot": {-63.08, 18.07}, "Gustavia": {-62.85, 17.9}, "Saint-Pierre": {-56.17, 46.78}, "Papeete": {-149.57, -17.53},
		"Nouméa": {166.45, -22.27}, "Mata-Utu": {-176.17, -13.28},
	} {
		r := orb.Ring{pt, {pt[0] + 0.01, pt[1]}, {pt[0], pt[1] + 0.01}, pt}
		if faults := Check(orb.Polygon{r}); len(faults) > 0 {
			t.Errorf("%s: %v", nom, faults)
		}
		for i := range r {
			r[i][0], r[i][1] = r[i][1], r[i][0]
		}
		if faults := Check(orb.Polygon{r}); len(faults) != 1 || !strings.Contains(faults[0].Quoi, "inversées") {
			t.Errorf("%s swapped: %v", nom, faults)
		}
	}
}

// A comb of long slanted teeth makes every side's box meet every other's: the
// worst case of the comparison, which must stay bounded.
func TestCheckIsBounded(t *testing.T) {
	const teeth = 30_000
	var r orb.Ring
	for i := range teeth {
		x := float64(i) * 1e-6
		r = append(r, orb.Point{x, 43}, orb.Point{x + 5.5e-7 + 5, 48})
	}
	r = append(r, orb.Point{6, 43}, orb.Point{6, 42.9}, orb.Point{0, 42.9}, r[0])
	start := time.Now()
	faults := Check(orb.Polygon{r})
	if took := time.Since(start); took > 2*time.Minute {
		t.Errorf("took %v", took)
	}
	if len(faults) != 1 || !strings.Contains(faults[0].Quoi, "trop compliqué") {
		t.Errorf("%v", faults)
	}
	// Many rings that share one point: the exact comparison must not be used.
	var mp orb.MultiPolygon
	for i := range 1500 {
		a := float64(i) / 1500 * math.Pi / 2
		b := a + 4e-4
		o := orb.Point{2, 45}
		mp = append(mp, orb.Polygon{{o, {2 + math.Cos(a), 45 + math.Sin(a)}, {2 + math.Cos(b), 45 + math.Sin(b)}, o}})
	}
	start = time.Now()
	if faults := Check(mp); len(faults) > 0 {
		t.Errorf("fan: %v", faults)
	}
	if took := time.Since(start); took > 2*time.Minute {
		t.Errorf("fan took %v", took)
	}
}

// A contour drawn from any bytes is judged without panic, and one that has no
// fault has a surface, a point inside, and a drawing.
func FuzzCheck(f *testing.F) {
	f.Add([]byte{0, 0, 100, 0, 100, 100, 0, 100}, uint8(9))
	f.Add([]byte{0, 0, 100, 0, 100, 100, 0, 100, 20, 20, 30, 20, 30, 30}, uint8(4))
	f.Add(binary.LittleEndian.AppendUint64(nil, math.Float64bits(math.Inf(-1))), uint8(2))
	f.Fuzz(func(t *testing.T, in []byte, cut uint8) {
		var p orb.Polygon
		var r orb.Ring
		for i := 0; i+1 < len(in); i += 2 {
			r = append(r, orb.Point{6 + float64(in[i])/1000, 48 + float64(in[i+1])/1000})
			if len(r) == int(cut) {
				p, r = append(p, append(r, r[0])), nil
			}
		}
		if len(r) > 0 {
			p = append(p, append(r, r[0]))
		}
		if len(in) >= 16 { // and once with numbers of any size
			raw := orb.Point{math.Float64frombits(binary.LittleEndian.Uint64(in)), math.Float64frombits(binary.LittleEndian.Uint64(in[8:]))}
			wild := append(orb.Ring{raw}, p[0]...)
			Check(orb.Polygon{append(wild, raw)})
		}
		for _, geom := range []orb.Geometry{p, orb.MultiPolygon{p, p}} {
			if len(Check(geom)) > 0 {
				continue
			}
			if Area(geom) <= 0 {
				t.Errorf("surface %v", Area(geom))
			}
			if pt := PointIn(geom); !Contains(geom, pt) {
				t.Errorf("%v is outside", pt)
			}
			if path, b := Trace(geom, Plan{Origine: orb.Point{6, 48}, Unite: 50, Tolerance: 500}); path == "" || b.Empty() {
				t.Error("nothing drawn")
			}
		}
	})
}

func BenchmarkCheckNational(b *testing.B) {
	_, items := quarters(b)
	for b.Loop() {
		for _, it := range items {
			Check(it.Geom)
		}
	}
}
