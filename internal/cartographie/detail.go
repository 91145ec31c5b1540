package cartographie

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/paulmach/orb"

	"portail/internal/geo"
	"portail/internal/lien"
	"portail/web"
	"portail/web/typo"
)

// Detail is the map of one agglomeration, where the true contours of its quarters can be seen.
type Detail struct {
	ID, Titre string
	Quartiers []Numerote // those it shows
	Carte     web.MapProps
	Echelle   string // how wide the map is on the ground
}

// Numerote is a quarter with its number on the map of the département.
type Numerote struct {
	Numero int
	Quartier
}

// Frame of a detailed map, in metres.
const (
	widest    = 15000 // an EPCI whose quarters lie further apart is cut by communes
	narrowest = 2000
	around    = 0.12 // part of the frame left around the quarters
)

// Details are the maps of the agglomerations that hold a quarter with a contour, in the order of their first quarter.
func (d Donnees) Details(id string) []Detail {
	var all []Detail
	for _, group := range groups(d.numbered(), func(q Numerote) string { return q.EPCI }) {
		parts := [][]Numerote{group}
		if b := frame(group); max(b.MaxX-b.MinX, b.MaxY-b.MinY) > widest/int(geo.GrilleFiche.Unite) {
			parts = groups(group, func(q Numerote) string { return strings.Join(q.Communes, "|") })
		}
		for _, part := range parts {
			all = append(all, d.detail(id+"-"+strconv.Itoa(len(all)+1), part))
		}
	}
	return all
}

// numbered are the quarters that can be drawn.
func (d Donnees) numbered() []Numerote {
	var all []Numerote
	for i, q := range d.Quartiers {
		if q.TraceFiche != "" {
			all = append(all, Numerote{i + 1, q})
		}
	}
	return all
}

// groups puts together the quarters of the same key, in the order in which keys are met.
func groups(quarters []Numerote, key func(Numerote) string) [][]Numerote {
	var all [][]Numerote
	rank := map[string]int{}
	for _, q := range quarters {
		k := key(q)
		i, met := rank[k]
		if !met {
			i, rank[k] = len(all), len(all)
			all = append(all, nil)
		}
		all[i] = append(all[i], q)
	}
	return all
}

func frame(quarters []Numerote) geo.Bounds {
	var b geo.Bounds
	for _, q := range quarters {
		b = b.Union(bounds(q.CadreFiche))
	}
	return b
}

func (d Donnees) detail(id string, quarters []Numerote) Detail {
	var names []string
	for _, q := range quarters {
		for _, c := range q.Communes {
			if !slices.Contains(names, c) {
				names = append(names, c)
			}
		}
	}
	box := square(frame(quarters))
	width := box.MaxX - box.MinX
	m := Detail{ID: id, Titre: typo.Liste(names), Quartiers: quarters}
	if m.Titre == "" {
		m.Titre = quarters[0].Nom
	}
	// A degree of Web-Mercator shrinks towards the poles: the grid's unit is exact at its origin only.
	metres := float64(width) * geo.GrilleFiche.Unite * math.Cos(quarters[0].Lat*math.Pi/180) / math.Cos(geo.GrilleFiche.Origine.Lat()*math.Pi/180)
	m.Echelle = "Largeur de la carte : environ " + typo.Distance(math.Round(metres/100)*100)
	m.Echelle = strings.Replace(m.Echelle, " :", typo.NBSP+":", 1)
	m.Carte = web.MapProps{
		ID: id + "-carte", ViewBox: geo.ViewBox(0, box), Titre: "Contours des quartiers prioritaires" + typo.NBSP + ": " + m.Titre,
		Desc: m.Echelle + ".", Layers: []web.Layer{{Class: "commune-qpv", Shapes: d.outlines(box, quarters)}, {Class: "qpv", Shapes: contours(quarters, width)}},
	}
	return m
}

// outlines are the limits of the communes on the fine grid, with their names where there are several and room for them.
func (d Donnees) outlines(box geo.Bounds, quarters []Numerote) []web.Shape {
	ratio := geo.GrilleCarte.Unite / geo.GrilleFiche.Unite
	var shapes []web.Shape
	for _, t := range d.habitees {
		b := bounds(t.Cadre)
		scale := func(v int) int { return int(math.Round(float64(v) * ratio)) }
		if scale(b.MaxX) < box.MinX || scale(b.MinX) > box.MaxX || scale(b.MaxY) < box.MinY || scale(b.MinY) > box.MaxY {
			continue
		}
		s := web.Shape{Path: enlarge(t.Trace, ratio)}
		if t.Lon != nil && t.Lat != nil {
			x, y := geo.GrilleFiche.XY(orb.Point{*t.Lon, *t.Lat})
			half := (box.MaxX - box.MinX) / 8 // of the width of a name
			room := geo.Bounds{MinX: x - half, MinY: y - half/4, MaxX: x + half, MaxY: y + half/4}
			if inside(box, room) && !slices.ContainsFunc(quarters, func(q Numerote) bool { return touches(bounds(q.CadreFiche), room) }) {
				s.Label, s.X, s.Y = t.Nom, float64(x), float64(y)
			}
		}
		shapes = append(shapes, s)
	}
	return shapes
}

func inside(box, b geo.Bounds) bool {
	return b.MinX >= box.MinX && b.MaxX <= box.MaxX && b.MinY >= box.MinY && b.MaxY <= box.MaxY
}

func contours(quarters []Numerote, width int) []web.Shape {
	var shapes []web.Shape
	for _, q := range quarters {
		x, y := geo.GrilleFiche.XY(orb.Point{q.Lon, q.Lat})
		shapes = append(shapes, web.Shape{
			Path: q.TraceFiche, Href: lien.Fiche(q.Code), Titre: strconv.Itoa(q.Numero) + ". " + q.titre(),
			Label: strconv.Itoa(q.Numero), X: float64(x), Y: math.Round(float64(y) + float64(width)*middle),
		})
	}
	return shapes
}

// square is a frame of four by three around the box, never narrower than narrowest.
func square(b geo.Bounds) geo.Bounds {
	w, h := float64(b.MaxX-b.MinX)*(1+2*around), float64(b.MaxY-b.MinY)*(1+2*around)
	w = max(w, h*4/3, narrowest/geo.GrilleFiche.Unite)
	h = w * 3 / 4
	cx, cy := float64(b.MinX+b.MaxX)/2, float64(b.MinY+b.MaxY)/2
	return geo.Bounds{MinX: int(cx - w/2), MinY: int(cy - h/2), MaxX: int(cx + w/2), MaxY: int(cy + h/2)}
}

// enlarge multiplies every number of a path drawn by geo.Trace.
func enlarge(path string, ratio float64) string {
	var b strings.Builder
	b.Grow(len(path) * 2)
	for i := 0; i < len(path); {
		end := i + 1
		if c := path[i]; c != '-' && (c < '0' || c > '9') {
			b.WriteByte(c)
			i = end
			continue
		}
		for end < len(path) && path[end] >= '0' && path[end] <= '9' {
			end++
		}
		v, err := strconv.Atoi(path[i:end])
		if err != nil {
			return "" // not a path of ours: nothing is drawn
		}
		b.WriteString(strconv.Itoa(int(math.Round(float64(v) * ratio))))
		i = end
	}
	return b.String()
}
