package web

import (
	"math"
	"slices"
	"testing"

	"github.com/PuerkitoBio/goquery"
)

func attrs(s *goquery.Selection, name string) []string {
	return s.Map(func(_ int, s *goquery.Selection) string { return s.AttrOr(name, "") })
}

func TestBarChartScalesOnTheLongest(t *testing.T) {
	doc := render(t, BarChart(BarChartProps{ID: "g", Titre: "Taux", Desc: "d", Unit: "%", Digits: 1, Bars: []Bar{
		{Label: "Quartier", Value: 48, Emphasis: true}, {Label: "Commune", Value: 24}, {Label: "France", Absent: true, Value: 99}, {Label: "Zéro", Value: 0}, {Label: "Inconnu", Value: math.NaN()},
	}}))
	if got, want := attrs(doc.Find("rect"), "width"), []string{"72%", "36%", "0%", "0%"}; !slices.Equal(got, want) {
		t.Errorf("widths %q, want %q", got, want)
	}
	if got, want := texts(doc.Find(".graphique__valeur, .graphique__absent")), []string{"48,0 %", "24,0 %", "non disponible", "0,0 %", "non disponible"}; !slices.Equal(got, want) {
		t.Errorf("values %q, want %q", got, want)
	}
	if doc.Find("svg[role=img]").AttrOr("aria-labelledby", "") != "g-titre g-desc" || doc.Find("[style]").Length() != 0 {
		t.Error("the chart has no name, or a style that the content policy refuses")
	}
	// An absent value must not stretch the scale; a set maximum does.
	doc = render(t, BarChart(BarChartProps{ID: "g", Max: 100, Bars: []Bar{{Label: "a", Value: 50}}}))
	if got := attrs(doc.Find("rect"), "width"); !slices.Equal(got, []string{"36%"}) {
		t.Errorf("on a scale of 100: %q", got)
	}
}

func TestLineChartIsCutByBreaksAndHoles(t *testing.T) {
	p := LineChartProps{
		ID: "c", Titre: "t", Desc: "d", X: []string{"2018", "2019", "2020", "2021"},
		Series: []Series{
			{Label: "A", Points: []Point{{X: "2018", Value: 10}, {X: "2019", Value: 20}, {X: "2020", Value: 15}, {X: "2021", Value: 20}}},
			{Label: "B", Points: []Point{{X: "2018", Value: 12}, {X: "2019", Absent: true}, {X: "2020", Value: 12}, {X: "2021", Value: 12}}},
		},
		Breaks: []Break{{X: "2020", Texte: "Nouveau contour"}},
	}
	drawn := p.drawn()
	if got := []int{len(drawn[0].Segments), len(drawn[1].Segments)}; !slices.Equal(got, []int{2, 1}) {
		t.Errorf("segments %v, want 2 and 1", got)
	}
	if got := drawn[0].Points[0]; got.Y != "82%" || got.X != "8%" {
		t.Errorf("lowest value at %s, %s", got.X, got.Y)
	}
	if got := drawn[0].Points[1].Y; got != "14%" {
		t.Errorf("highest value at %s", got)
	}
	if got := p.breakX(p.Breaks[0]); got != "50%" {
		t.Errorf("break at %s, want half-way between 2019 and 2020", got)
	}
	flat := LineChartProps{X: []string{"2020"}, Series: []Series{{Points: []Point{{X: "2020", Value: 3}}}}}.drawn()
	if got := flat[0].Points[0]; got.X != "50%" || got.Y != "48%" {
		t.Errorf("a lone value is not centred: %s, %s", got.X, got.Y)
	}
	if empty := (LineChartProps{X: []string{"2020"}, Series: []Series{{Label: "x"}}}).drawn(); len(empty[0].Points) != 0 {
		t.Error("a series without value has points")
	}
}

func TestWrap(t *testing.T) {
	for in, want := range map[string][]string{
		"":                        {""},
		"France":                  {"France"},
		"un deux trois":           {"un deux", "trois"},
		"anticonstitutionnelle a": {"anticonstitutionnelle", "a"},
		"été été été":             {"été été", "été"},
	} {
		if got := wrap(in, 8); !slices.Equal(got, want) {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

func TestMapNamesItsContours(t *testing.T) {
	doc := render(t, Map(exampleMap))
	if got, want := attrs(doc.Find("a"), "aria-label"), []string{"Quartier A", "Quartier B"}; !slices.Equal(got, want) {
		t.Errorf("linked contours %q", got)
	}
	if doc.Find("svg[role=group]").Length() != 1 || doc.Find("[data-carte]").AttrOr("data-geojson", "") == "" {
		t.Error("a map with links must be a group and offer the interactive map")
	}
	still := render(t, Map(MapProps{ID: "m", ViewBox: "0 0 10 10", Layers: []Layer{{Class: "qpv", Shapes: []Shape{{Path: "M0 0h1v1z"}}}}}))
	if still.Find("svg[role=img]").Length() != 1 || still.Find("button").Length() != 0 {
		t.Error("a map without links is an image without button")
	}
	for in, want := range map[string]string{"0 0 450 300": "10", "": "16", "0 0 x 1": "16", "0 0 -1 1": "16"} {
		if got := labelSize(in); got != want {
			t.Errorf("view box %q: names of %s, want %s", in, got, want)
		}
	}
}
