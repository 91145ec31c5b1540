// Package cartographie turns the contours drawn at import into the maps of a département: its EPCI and communes as a
// background, each quarter with its contour and a numbered mark, since a quarter is only a few pixels wide at that scale,
// and one detailed map per agglomeration. The home page, the list and the map of the quarters share it.
package cartographie

import (
	"strconv"

	"github.com/paulmach/orb"

	"portail/internal/geo"
	"portail/internal/lien"
	"portail/web"
	"portail/web/typo"
)

// Donnees is what a map of a département is drawn from: fill it with Add, and AddCommunes when communes are shown.
type Donnees struct {
	Territoires []Territoire // the département and its EPCI that have a contour
	Quartiers   []Quartier   // in the order of their codes: the number of a mark is the place in this list, from 1
	communes    []trace      // all of them as one path: they are only a background
	habitees    []Territoire // the communes of the quarters, for the detailed maps
}

// Territoire is the contour of the département, of an EPCI or of a commune on geo.GrilleCarte.
type Territoire struct {
	Niveau, Code, Nom string
	Lon, Lat          *float64 // its centre, when known
	Trace             string
	Cadre             []int
}

// Quartier is a quarter of the list of 2024 with its place. Its traces are empty when no contour was loaded.
type Quartier struct {
	Code, Nom   string
	Communes    []string // names, the main one first
	EPCI        string   // SIREN of the first EPCI, empty when unknown
	EPCINom     string
	Lon, Lat    float64
	TraceCarte  string // on geo.GrilleCarte
	CadreCarte  []int
	TraceFiche  string // on geo.GrilleFiche
	CadreFiche  []int
	Population  *float64 // municipal population; nil: not available
	PopulationA *int     // vintage of Population; nil: not stated
	Secret      bool     // Population is masked (R-F-2)
}

type trace struct{ Trace string }

// Options says which map is drawn.
type Options struct {
	ID          string // unique in the page
	Titre, Desc string // accessible name and description; empty ones are written from the data
	Departement string // name of the département, used when Titre is empty
	GeoJSON     string // address of contours for the interactive map; empty offers none
	Fond        string // basemap of the interactive map
	Source      string // its attribution
}

// Sizes, as parts of the width of the map.
const (
	margin = 0.02      // around the département
	radius = 1.0 / 55  // of a mark
	middle = 1.0 / 130 // from the centre of a mark down to the baseline of its number
	grain  = 4         // units of geo.GrilleCarte to which the limits of communes are rounded: two pixels of a wide screen
)

// Carte is the map of the whole département. It must sit beside a table of d.Quartiers, whose first column repeats the
// numbers.
func (d Donnees) Carte(o Options) web.MapProps {
	box := d.box()
	width := float64(box.MaxX - box.MinX)
	p := web.MapProps{
		ID: o.ID, ViewBox: geo.ViewBox(int(width*margin)+1, box), Titre: o.Titre, Desc: o.Desc,
		GeoJSON: o.GeoJSON, Fond: o.Fond, Source: o.Source,
	}
	if p.Titre == "" {
		p.Titre = "Carte des quartiers prioritaires"
		if o.Departement != "" {
			p.Titre += typo.NBSP + ": " + o.Departement
		}
	}
	if p.Desc == "" {
		p.Desc = typo.NPluriel(int64(len(d.Quartiers)), "quartier prioritaire, marqué", "quartiers prioritaires, marqués chacun") +
			" par son numéro dans le tableau qui accompagne la carte."
	}
	p.Layers, p.Legende = d.background()
	contours, marks := d.quarters(width)
	p.Layers = append(p.Layers, web.Layer{Class: "qpv", Shapes: contours}, web.Layer{Class: "repere", Shapes: marks})
	if len(d.Quartiers) > 0 {
		p.Legende = append(p.Legende, web.Legende{Class: "qpv", Texte: "Quartier prioritaire"},
			web.Legende{Class: "repere", Texte: "Numéro du quartier dans le tableau"})
	}
	return p
}

// background draws the département, the limits of communes, and the EPCI: those with quarters lead to their list.
func (d Donnees) background() (layers []web.Layer, key []web.Legende) {
	count := map[string]int64{}
	for _, q := range d.Quartiers {
		count[q.EPCI]++
	}
	epci, departement := web.Layer{Class: "epci"}, web.Layer{Class: "departement"}
	for _, t := range d.Territoires {
		s := web.Shape{Path: t.Trace}
		switch n := count[t.Code]; {
		case t.Niveau == "departement":
			departement.Shapes = append(departement.Shapes, s)
			continue
		case n > 0:
			s.Href = lien.QPVParEPCI(t.Code)
			s.Titre = t.Nom + typo.NBSP + ": " + typo.NPluriel(n, "quartier prioritaire", "quartiers prioritaires")
		}
		epci.Shapes = append(epci.Shapes, s)
	}
	if len(departement.Shapes) > 0 {
		layers = append(layers, departement)
		key = append(key, web.Legende{Class: "departement", Texte: "Département"})
	}
	if len(d.communes) > 0 && d.communes[0].Trace != "" {
		layers = append(layers, web.Layer{Class: "limite", Shapes: []web.Shape{{Path: limits(d.communes[0].Trace, grain)}}})
		key = append(key, web.Legende{Class: "limite", Texte: "Limite de commune"})
	}
	if len(epci.Shapes) > 0 {
		layers = append(layers, epci)
		key = append(key, web.Legende{Class: "epci", Texte: "Intercommunalité (EPCI)"})
	}
	return layers, key
}

// quarters draws the contours and, over them, the numbered marks that lead to the fiches.
func (d Donnees) quarters(width float64) (contours, marks []web.Shape) {
	var path []byte
	places := make([]place, len(d.Quartiers))
	for i, q := range d.Quartiers {
		path = append(path, q.TraceCarte...)
		places[i] = placeOf(q.Lon, q.Lat)
	}
	if len(path) > 0 {
		contours = []web.Shape{{Path: string(path)}}
	}
	marks, lines := marksOf(places, width)
	for i, q := range d.Quartiers {
		marks[i].Href, marks[i].Titre, marks[i].Label = lien.Fiche(q.Code), strconv.Itoa(i+1)+". "+q.titre(), strconv.Itoa(i+1)
	}
	return contours, append([]web.Shape{{Path: lines}}, marks...)
}

func (q Quartier) titre() string {
	if len(q.Communes) == 0 {
		return q.Nom
	}
	return q.Nom + ", " + typo.Liste(q.Communes)
}

// box is what the map must show: the département, or else all there is.
func (d Donnees) box() geo.Bounds {
	var departement, all geo.Bounds
	for _, t := range d.Territoires {
		all = all.Union(bounds(t.Cadre))
		if t.Niveau == "departement" {
			departement = departement.Union(bounds(t.Cadre))
		}
	}
	if !departement.Empty() {
		return departement
	}
	for _, q := range d.Quartiers {
		x, y := geo.GrilleCarte.XY(orb.Point{q.Lon, q.Lat})
		all = all.Union(geo.Bounds{MinX: x - 100, MinY: y - 100, MaxX: x + 100, MaxY: y + 100}).Union(bounds(q.CadreCarte))
	}
	if all.Empty() {
		return geo.Bounds{MaxX: 100, MaxY: 100} // nothing is loaded: an empty map, which is true
	}
	return all
}

func bounds(cadre []int) geo.Bounds {
	if len(cadre) != 4 {
		return geo.Bounds{}
	}
	return geo.Bounds{MinX: cadre[0], MinY: cadre[1], MaxX: cadre[2], MaxY: cadre[3]}
}
