package cartographie

import (
	"fmt"
	"strconv"

	"github.com/paulmach/orb"

	"portail/internal/geo"
	"portail/internal/lien"
	"portail/web"
	"portail/web/typo"
)

// Point is a quarter on the map of a list.
type Point struct {
	Code, Nom string
	Lon, Lat  float64
	Numero    int // its number in the table beside the map; 0: it is on another page and is only a dot
}

// mainland is the box of mainland France and Corsica: quarters overseas would make a map of the oceans.
var mainland = orb.Bound{Min: orb.Point{-6, 41}, Max: orb.Point{10.5, 52}}

// minimum is the narrowest frame of a map of points, in units of geo.GrilleCarte.
const minimum = 200

// Points is the map of a list of quarters, however long: a dot for each, a numbered link for those of the table beside it.
// It tells how many lie overseas, outside the frame, when others do not.
func (d Donnees) Points(points []Point, o Options) (m web.MapProps, outside int) {
	var box geo.Bounds
	var inside []Point
	for _, p := range points {
		if mainland.Contains(orb.Point{p.Lon, p.Lat}) {
			inside = append(inside, p)
		}
	}
	if len(inside) == 0 {
		inside = points
	}
	dots := make([]place, len(inside))
	for i, p := range inside {
		dots[i] = placeOf(p.Lon, p.Lat)
		x, y := int(dots[i].x), int(dots[i].y)
		box = box.Union(geo.Bounds{MinX: x - minimum/2, MinY: y - minimum/2, MaxX: x + minimum/2, MaxY: y + minimum/2})
	}
	near := Donnees{}
	for _, t := range d.Territoires {
		if b := bounds(t.Cadre); touches(box, b) {
			near.Territoires = append(near.Territoires, t)
		}
	}
	for _, t := range near.Territoires {
		box = box.Union(bounds(t.Cadre))
	}
	if box.Empty() {
		box = d.box()
	}
	width := float64(box.MaxX - box.MinX)
	m = web.MapProps{
		ID: o.ID, ViewBox: geo.ViewBox(int(width*margin)+1, box), Titre: o.Titre, GeoJSON: o.GeoJSON, Fond: o.Fond, Source: o.Source,
		Desc: typo.NPluriel(int64(len(inside)), "quartier prioritaire", "quartiers prioritaires") + ". Les numéros sont ceux du tableau qui suit.",
	}
	m.Layers, m.Legende = near.background()
	dotted, marks := dotsAndMarks(inside, dots, width)
	if dotted != "" {
		m.Layers = append(m.Layers, web.Layer{Class: "point", Shapes: []web.Shape{{Path: dotted}}})
		m.Legende = append(m.Legende, web.Legende{Class: "point", Texte: "Quartier prioritaire"})
	}
	if len(marks) > 0 {
		m.Layers = append(m.Layers, web.Layer{Class: "repere", Shapes: marks})
		m.Legende = append(m.Legende, web.Legende{Class: "repere", Texte: "Numéro du quartier dans le tableau"})
	}
	return m, len(points) - len(inside)
}

// dotsAndMarks draws all the places as one path, and the marks of the numbered ones with their links.
func dotsAndMarks(points []Point, places []place, width float64) (dots string, marks []web.Shape) {
	var numbered []Point
	var at []place
	var path []byte
	side := max(1, int(width/150))
	for i, p := range points {
		// A small square: a disc would weigh four times as much, fifteen hundred times.
		path = fmt.Appendf(path, "M%d %dh%dv%dh-%dz", int(places[i].x)-side/2, int(places[i].y)-side/2, side, side, side)
		if p.Numero > 0 {
			numbered, at = append(numbered, p), append(at, places[i])
		}
	}
	marks, lines := marksOf(at, width)
	for i, p := range numbered {
		marks[i].Href, marks[i].Titre, marks[i].Label = lien.Fiche(p.Code), strconv.Itoa(p.Numero)+". "+p.Nom, strconv.Itoa(p.Numero)
	}
	if lines != "" {
		marks = append([]web.Shape{{Path: lines}}, marks...)
	}
	return string(path), marks
}

func touches(a, b geo.Bounds) bool {
	return a.MinX <= b.MaxX && b.MinX <= a.MaxX && a.MinY <= b.MaxY && b.MinY <= a.MaxY
}
