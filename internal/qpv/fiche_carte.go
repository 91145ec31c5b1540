package qpv

import (
	"fmt"
	"math"

	"github.com/paulmach/orb"

	"portail/internal/geo"
	"portail/internal/lien"
	"portail/web"
	"portail/web/typo"
)

// carteContour draws the contour of the quarter with a scale bar; ok is false when no contour is loaded.
func (f fiche) carteContour(fond, mention string) (p web.MapProps, ok bool) {
	if f.Trace == nil || len(f.Cadre) != 4 {
		return p, false
	}
	box := cadrer(geo.Bounds{MinX: f.Cadre[0], MinY: f.Cadre[1], MaxX: f.Cadre[2], MaxY: f.Cadre[3]})
	width := box.MaxX - box.MinX
	metres, units := echelle(orb.Point{f.Lon, f.Lat}, width)
	bar := width / 60 // height of the ends of the scale bar
	x, y := box.MinX+2*bar, box.MaxY-2*bar
	longueur := typo.Distance(float64(metres))
	return web.MapProps{
		ID: "contour", ViewBox: geo.ViewBox(0, box), Titre: "Contour du quartier " + f.Nom,
		Desc: "Limites du quartier prioritaire" + f.surfaceEntreParentheses() + ", nord en haut. La barre d’échelle représente " + longueur + ".",
		Layers: []web.Layer{
			{Class: "qpv", Shapes: []web.Shape{{Path: *f.Trace}}},
			{Class: "echelle", Shapes: []web.Shape{{
				Path:  fmt.Sprintf("M%d %dv%dh%dv%d", x, y-bar, bar, units, -bar),
				Label: longueur, X: float64(x + units/2), Y: float64(y - bar - bar/2),
			}}},
		},
		GeoJSON: lien.FicheFichier(f.Code, "geojson"), Fond: fond, Source: mention,
	}, true
}

func (f fiche) surfaceEntreParentheses() string {
	if f.SurfaceHa == nil {
		return ""
	}
	return " (" + typo.Unite(*f.SurfaceHa, 1, "ha") + ")"
}

// Sizes of the map of the contour, as parts of its longest side.
const (
	margeContour = 0.08
	bandeEchelle = 0.10 // strip under the contour for the scale bar
	coteMin      = 0.75 // a street-long quarter does not make a ribbon of a map
)

// cadrer is the box of the map around that of the contour.
func cadrer(b geo.Bounds) geo.Bounds {
	w, h := float64(b.MaxX-b.MinX), float64(b.MaxY-b.MinY)
	long := math.Max(math.Max(w, h), 10)
	padX := int(math.Max(0, long*coteMin-w)/2 + long*margeContour)
	padY := int(math.Max(0, long*coteMin-h)/2 + long*margeContour)
	return geo.Bounds{MinX: b.MinX - padX, MinY: b.MinY - padY, MaxX: b.MaxX + padX, MaxY: b.MaxY + padY + int(long*bandeEchelle)}
}

// echelle chooses the round length of a scale bar of about a quarter of the map, in metres on the ground at this place and
// in units of geo.GrilleFiche. The grid is Mercator's: its units grow towards the north, so they are measured here.
func echelle(at orb.Point, width int) (metres, units int) {
	const degree = 0.05 // of longitude: long enough for rounding not to matter
	west, _ := geo.GrilleFiche.XY(at)
	east, _ := geo.GrilleFiche.XY(orb.Point{at[0] + degree, at[1]})
	onGround := degree * math.Pi / 180 * orb.EarthRadius * math.Cos(at[1]*math.Pi/180)
	unitsPerMetre := float64(east-west) / onGround
	metres = 20
	for _, m := range []int{50, 100, 200, 500, 1000, 2000} {
		if float64(m)*unitsPerMetre <= float64(width)/3 {
			metres = m
		}
	}
	return metres, int(math.Round(float64(metres) * unitsPerMetre))
}

// carteSituation shows where the quarter lies in its département; ok is false when no contour of the département is loaded.
func (f fiche) carteSituation() (p web.MapProps, ok bool) {
	var departement, communes web.Layer
	departement.Class, communes.Class = "departement", "commune-qpv"
	var box geo.Bounds
	for _, e := range f.endroits {
		if e.Trace == nil || len(e.Cadre) != 4 {
			continue
		}
		switch e.Niveau {
		case "departement":
			departement.Shapes = append(departement.Shapes, web.Shape{Path: *e.Trace})
			box = geo.Bounds{MinX: e.Cadre[0], MinY: e.Cadre[1], MaxX: e.Cadre[2], MaxY: e.Cadre[3]}
		case "commune":
			communes.Shapes = append(communes.Shapes, web.Shape{Path: *e.Trace})
		}
	}
	if box.Empty() {
		return p, false
	}
	width := float64(box.MaxX - box.MinX)
	x, y := geo.GrilleCarte.XY(orb.Point{f.Lon, f.Lat})
	point := web.Layer{Class: "point", Shapes: []web.Shape{{Path: pastille(x, y, int(width/60))}}}
	return web.MapProps{
		ID: "situation", ViewBox: geo.ViewBox(int(width/50), box), Titre: "Situation du quartier dans le département",
		Desc:   "Le quartier, marqué d’un point, dans le département" + typo.NBSP + ": " + f.nomDepartement(f.Departement) + ". Commune" + typo.NBSP + ": " + typo.Liste(f.CommunesNoms) + ".",
		Layers: []web.Layer{departement, communes, point},
		Legende: []web.Legende{
			{Class: "departement", Texte: "Département" + typo.NBSP + ": " + f.nomDepartement(f.Departement)},
			{Class: "commune-qpv", Texte: "Commune" + typo.NBSP + ": " + typo.Liste(f.CommunesNoms)}, {Class: "point", Texte: "Le quartier"},
		},
	}, true
}

// pastille is the path of a disc.
func pastille(x, y, r int) string {
	return fmt.Sprintf("M%d %da%d %d 0 1 0 %d 0a%d %d 0 1 0 %d 0z", x-r, y, r, r, 2*r, r, r, -2*r)
}
