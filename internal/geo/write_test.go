package geo

import (
	"bytes"
	"encoding/json"
	"errors"
	"math"
	"testing"

	"github.com/paulmach/orb"
)

func TestWriteFeatureCollection(t *testing.T) {
	clockwise := orb.Ring{{6.4, 48.1}, {6.4, 48.2}, {6.51234567, 48.2}, {6.4, 48.1}}
	hole := orb.Ring{{6.41, 48.15}, {6.42, 48.15}, {6.42, 48.16}, {6.41, 48.15}}
	features := []Feature{
		{Proprietes: []Propriete{{"nom", "L’<Éclaireur> & fils"}, {"code", "QN08801M"}, {"population", nil}}, Geometrie: orb.Polygon{clockwise, hole}},
		{Geometrie: orb.MultiPolygon{{clockwise}}},
		{Geometrie: orb.Point{-0.00000001, 48}},
		{},
	}
	var out bytes.Buffer
	if err := WriteFeatureCollection(&out, All(features)); err != nil {
		t.Fatal(err)
	}
	want := `{"type":"FeatureCollection","features":[
{"type":"Feature","properties":{"nom":"L’\u003cÉclaireur\u003e \u0026 fils","code":"QN08801M","population":null},"geometry":{"type":"Polygon","coordinates":[[[6.4,48.1],[6.512346,48.2],[6.4,48.2],[6.4,48.1]],[[6.41,48.15],[6.42,48.16],[6.42,48.15],[6.41,48.15]]]}},
{"type":"Feature","properties":{},"geometry":{"type":"MultiPolygon","coordinates":[[[[6.4,48.1],[6.512346,48.2],[6.4,48.2],[6.4,48.1]]]]}},
{"type":"Feature","properties":{},"geometry":{"type":"Point","coordinates":[0,48]}},
{"type":"Feature","properties":{},"geometry":null}
]}
`
	if out.String() != want {
		t.Errorf("got\n%s", out.String())
	}
	if !json.Valid(out.Bytes()) || clockwise[1] != (orb.Point{6.4, 48.2}) {
		t.Error("not JSON, or the contour was turned round by writing it")
	}
	out.Reset()
	if err := WriteFeatureCollection(&out, All(nil)); err != nil || !json.Valid(out.Bytes()) {
		t.Errorf("empty collection: %s, %v", out.String(), err)
	}
}

func TestWriteFeatureCollectionFails(t *testing.T) {
	for name, f := range map[string]Feature{
		"line":  {Geometrie: orb.LineString{{1, 2}}},
		"value": {Proprietes: []Propriete{{"x", math.NaN()}}},
	} {
		if err := WriteFeatureCollection(&bytes.Buffer{}, All([]Feature{f})); err == nil {
			t.Errorf("%s was written", name)
		}
	}
	gone := errors.New("gone")
	err := WriteFeatureCollection(&bytes.Buffer{}, func(yield func(Feature, error) bool) { yield(Feature{}, gone) })
	if !errors.Is(err, gone) {
		t.Errorf("error of the sequence: %v", err)
	}
	if err := WriteFeatureCollection(broken{}, All([]Feature{{}})); err == nil {
		t.Error("error of the writer was lost")
	}
}

type broken struct{}

func (broken) Write([]byte) (int, error) { return 0, errors.New("broken") }

// What is read from a real file is written back as the same bytes, but for the
// spacing: the real files already follow RFC 7946.
func TestRealFileRoundTrip(t *testing.T) {
	features := load(t, "vosges/vosges-qpv2024-contours.geojson")
	var out bytes.Buffer
	if err := WriteFeatureCollection(&out, All(features)); err != nil {
		t.Fatal(err)
	}
	var want bytes.Buffer
	if _, err := want.ReadFrom(open(t, "vosges/vosges-qpv2024-contours.geojson")); err != nil {
		t.Fatal(err)
	}
	var a, b bytes.Buffer
	if json.Compact(&a, out.Bytes()) != nil || json.Compact(&b, want.Bytes()) != nil || a.String() != b.String() {
		t.Error("the file changed")
	}
}
