package geo

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/paulmach/orb"
)

const square = `{"type":"Polygon","coordinates":[[[6.4,48.1],[6.5,48.1],[6.5,48.2],[6.4,48.2],[6.4,48.1]]]}`

func feature(properties, geometry string) string {
	return `{"type":"Feature","properties":` + properties + `,"geometry":` + geometry + `}`
}

func collection(features ...string) string {
	return `{"type":"FeatureCollection","features":[` + strings.Join(features, ",") + `]}`
}

func TestParseFeaturesTellsPropertiesAndLines(t *testing.T) {
	in := "\xEF\xBB\xBF{\n\"name\": \"x\",\n\"features\": [\n" +
		feature(`{"code_qp":"QN08801M","rang":1,"vide":null}`, square) + ",\n\n" +
		feature(`{"code_qp":88160}`, `{"type":"Point","coordinates":[6.4,48.1,300]}`) +
		"\n],\n\"type\": \"FeatureCollection\"}\n"
	var lines []int
	var got []Feature
	err := ParseFeatures(strings.NewReader(in), 1<<20, func(i, line int, f Feature) error {
		if i != len(got) {
			t.Errorf("rank %d for feature %d", i, len(got))
		}
		lines, got = append(lines, line), append(got, f)
		return nil
	})
	if err != nil || len(got) != 2 {
		t.Fatalf("%d features, %v", len(got), err)
	}
	if lines[0] != 4 || lines[1] != 6 {
		t.Errorf("lines %v", lines)
	}
	if code, ok := got[0].Texte("code_qp"); !ok || code != "QN08801M" {
		t.Errorf("code %q", code)
	}
	if v, ok := got[0].Get("vide"); v != nil || !ok {
		t.Errorf("vide: %v, %v", v, ok)
	}
	if v, _ := got[0].Get("rang"); v != json.Number("1") {
		t.Errorf("rang: %v", v)
	}
	if _, ok := got[1].Texte("code_qp"); ok {
		t.Error("a code written as a number was taken for text")
	}
	if got[1].Geometrie != (orb.Point{6.4, 48.1}) || len(got[1].Fautes) > 0 {
		t.Errorf("point: %v %v", got[1].Geometrie, got[1].Fautes)
	}
	if p, ok := got[0].Geometrie.(orb.Polygon); !ok || len(p[0]) != 5 {
		t.Errorf("polygon: %v", got[0].Geometrie)
	}
}

func TestParseFeaturesRefusesFiles(t *testing.T) {
	good := feature(`{}`, square)
	for name, c := range map[string]struct{ in, quoi string }{
		"empty":           {"", "vide ou tronqué"},
		"cut":             {collection(good, good)[:300], "vide ou tronqué"},
		"cut at the end":  {strings.TrimSuffix(collection(good), "}"), "vide ou tronqué"},
		"not JSON":        {"code_qp,nom_qp\n", "JSON valide"},
		"a list":          {"[]", "FeatureCollection"},
		"a lone feature":  {good, "FeatureCollection"},
		"no type":         {`{"features":[]}`, "FeatureCollection"},
		"no features":     {`{"type":"FeatureCollection"}`, "FeatureCollection"},
		"null features":   {`{"type":"FeatureCollection","features":null}`, "liste"},
		"features twice":  {`{"features":[],"features":[]}`, "répété"},
		"something after": {collection(good) + "{}", "autre chose"},
		"garbage after":   {collection(good) + "]", "JSON valide"},
		"Lambert":         {`{"crs":{"properties":{"name":"EPSG:2154"}},"type":"FeatureCollection","features":[]}`, "WGS 84"},
		"NaN":             {collection(strings.Replace(good, "6.4", "NaN", 1)), "JSON valide"},
		"Latin-1":         {collection(feature(`{"nom":"Saint-Di`+"\xe9"+`"}`, square)), "UTF-8"},
		"UTF-16":          {"\xff\xfe{\x00", "UTF-8"},
		"deep":            {collection(feature(`{"a":`+strings.Repeat("[", 20000), `null`)), "JSON valide"},
		"deep elsewhere":  {`{"a":` + strings.Repeat(`{"a":`, 20000), "JSON valide"},
		"too big":         {collection(strings.Repeat(good+",", 500) + good), "taille"},
	} {
		err := ParseFeatures(strings.NewReader(c.in), 64<<10, func(int, int, Feature) error { return nil })
		var e *ReadError
		if !errors.As(err, &e) || !strings.Contains(e.Quoi, c.quoi) || e.Line < 1 {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestParseFeaturesTellsFaultsOfOneFeature(t *testing.T) {
	poly := func(coordinates string) string { return `{"type":"Polygon","coordinates":` + coordinates + `}` }
	for name, c := range map[string]struct{ in, quoi string }{
		"not an object":   {`12`, "Feature"},
		"null":            {`null`, "Feature"},
		"other type":      {square, "Feature"},
		"properties list": {feature(`[1]`, square), "propriétés"},
		"twice the same":  {feature(`{"a":1,"a":2}`, square), "répétée"},
		"NUL":             {feature(`{"a":"x\u0000"}`, square), "illisible"},
		"half a pair":     {feature(`{"a":"\ud800"}`, square), "illisible"},
		"geometry text":   {feature(`{}`, `"POLYGON"`), "objet GeoJSON"},
		"line":            {feature(`{}`, `{"type":"LineString","coordinates":[[6,48],[7,48]]}`), "type de géométrie"},
		"no coordinates":  {feature(`{}`, `{"type":"Polygon"}`), "coordonnées"},
		"text number":     {feature(`{}`, poly(`[[["6.4",48]]]`)), "coordonnées"},
		"null number":     {feature(`{}`, poly(`[[[6.4,null]]]`)), "coordonnées"},
		"null position":   {feature(`{}`, poly(`[[null]]`)), "coordonnées"},
		"one number":      {feature(`{}`, poly(`[[[6.4]]]`)), "coordonnées"},
		"too shallow":     {feature(`{}`, poly(`[[6.4,48]]`)), "coordonnées"},
		"too deep":        {feature(`{}`, poly(`[[[[6.4,48]]]]`)), "coordonnées"},
		"huge number":     {feature(`{}`, poly(`[[[1e999,48]]]`)), "coordonnées"},
	} {
		n := 0
		err := ParseFeatures(strings.NewReader(collection(c.in, feature(`{}`, square))), 64<<10, func(i, _ int, f Feature) error {
			n++
			switch {
			case i == 0 && (len(f.Fautes) != 1 || !strings.Contains(f.Fautes[0].Quoi, c.quoi)):
				t.Errorf("%s: %v", name, f.Fautes)
			case i == 1 && len(f.Fautes) > 0:
				t.Errorf("%s: the next feature is blamed: %v", name, f.Fautes)
			}
			return nil
		})
		if err != nil || n != 2 {
			t.Errorf("%s: %d features, %v", name, n, err)
		}
	}
}

func TestParseFeaturesStopsWhenAsked(t *testing.T) {
	stop := errors.New("stop")
	n := 0
	err := ParseFeatures(strings.NewReader(collection(feature(`{}`, square), feature(`{}`, square))), 1<<20, func(int, int, Feature) error {
		n++
		return stop
	})
	if err != stop || n != 1 {
		t.Errorf("%d features, %v", n, err)
	}
}

// Whatever is read is refused, blamed, or can be measured, drawn and written
// back as the same features.
func FuzzParseFeatures(f *testing.F) {
	f.Add([]byte(collection(feature(`{"code_qp":"QN08801M","x":[{"y":null}]}`, square), feature(`null`, `null`))))
	f.Add([]byte(collection(feature(`{}`, `{"type":"MultiPolygon","coordinates":[[[[1e308,-0],[6],[null]]],[],[[]]]}`))))
	f.Add([]byte("\xEF\xBB\xBF{\"crs\":null,\"type\":\"FeatureCollection\",\"features\":[12,{},\n[]]} "))
	f.Fuzz(func(t *testing.T, in []byte) {
		var kept []Feature
		err := ParseFeatures(bytes.NewReader(in), 1<<20, func(_, line int, f Feature) error {
			if line < 1 || line > bytes.Count(in, []byte("\n"))+1 {
				t.Errorf("line %d", line)
			}
			if len(f.Fautes) == 0 && len(Check(f.Geometrie)) == 0 {
				kept = append(kept, f)
			}
			Area(f.Geometrie)
			Trace(f.Geometrie, Plan{Origine: orb.Point{6, 48}, Unite: 10, Tolerance: 10})
			return nil
		})
		var e *ReadError
		if err != nil && (!errors.As(err, &e) || e.Quoi == "") {
			t.Fatalf("error without reason: %v", err)
		}
		var first, second bytes.Buffer
		if err := WriteFeatureCollection(&first, All(kept)); err != nil {
			t.Fatal(err)
		}
		var again []Feature
		if err := ParseFeatures(bytes.NewReader(first.Bytes()), 16<<20, func(_, _ int, f Feature) error {
			again = append(again, f)
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		if err := WriteFeatureCollection(&second, All(again)); err != nil || !bytes.Equal(first.Bytes(), second.Bytes()) {
			t.Errorf("not the same after a round trip (%v):\n%s\n%s", err, first.Bytes(), second.Bytes())
		}
	})
}

func BenchmarkParseNational(b *testing.B) {
	var buf bytes.Buffer
	if _, err := buf.ReadFrom(open(b, nationalFile)); err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(buf.Len()))
	for b.Loop() {
		if err := ParseFeatures(bytes.NewReader(buf.Bytes()), 10<<20, func(int, int, Feature) error { return nil }); err != nil {
			b.Fatal(err)
		}
	}
}
