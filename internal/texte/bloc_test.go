package texte_test

import (
	"reflect"
	"strings"
	"testing"

	"portail/internal/export"
	"portail/internal/texte"
)

func TestBlocs(t *testing.T) {
	p := func(s ...export.Segment) export.Paragraphe { return export.Paragraphe{Texte: s} }
	for source, want := range map[string][]export.Bloc{
		"": nil,
		"Un *quartier* **vivant**.": {p(export.Segment{Texte: "Un "}, export.Segment{Texte: "quartier", Italique: true}, export.Segment{Texte: " "},
			export.Segment{Texte: "vivant", Gras: true}, export.Segment{Texte: "."})},
		"# A\n## B *c*": {export.Titre{Niveau: 3, Texte: "A"}, export.Titre{Niveau: 4, Texte: "B c"}},
		"1. un\n2. deux\n   - trois": {export.Liste{Numerotee: true, Elements: [][]export.Bloc{{p(export.Segment{Texte: "un"})},
			{p(export.Segment{Texte: "deux"}), export.Liste{Elements: [][]export.Bloc{{p(export.Segment{Texte: "trois"})}}}}}}},
		"> cité":                                {export.Citation{Blocs: []export.Bloc{p(export.Segment{Texte: "cité"})}}},
		"[La **liste**](/qpv)":                  {p(export.Segment{Texte: "La ", Lien: "/qpv"}, export.Segment{Texte: "liste", Gras: true, Lien: "/qpv"})},
		"<script>alert(1)</script>":             nil,
		"a<b>b</b>":                             {p(export.Segment{Texte: "a"}, export.Segment{Texte: "b"})},
		"![x](https://elsewhere.example/x.png)": nil,
	} {
		if got := texte.Blocs(source, 3); !reflect.DeepEqual(got, want) {
			t.Errorf("%q: %#v, want %#v", source, got, want)
		}
	}
	if got := texte.Blocs(strings.Repeat("> ", 2000)+"x", 3); len(got) != 1 {
		t.Errorf("a text nested without end: %d blocks", len(got))
	}
}

func FuzzBlocs(f *testing.F) {
	for _, s := range hostile {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, source string) {
		if err := export.ODT(discard{}, export.Document{Titre: source, Blocs: texte.Blocs(source, 2)}); err != nil {
			t.Error(err)
		}
	})
}

type discard struct{}

func (discard) Write(b []byte) (int, error) { return len(b), nil }
