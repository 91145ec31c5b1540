package adresse

import (
	"fmt"
	"math"

	"github.com/paulmach/orb"

	"portail/internal/geo"
	"portail/web"
)

// carte draws the place beside the limits of a quarter, as close as both can be seen.
func carte(q Quartier, pt orb.Point, dedans bool) web.MapProps {
	path, box := geo.Trace(q.Contour, geo.GrilleFiche)
	x, y := geo.GrilleFiche.XY(pt)
	box = box.Union(geo.Bounds{MinX: x, MinY: y, MaxX: x + 1, MaxY: y + 1})
	box = paysage(box)
	desc := "Le lieu, marqué d’un disque, est en dehors de la limite du quartier."
	if dedans {
		desc = "Le lieu, marqué d’un disque, est à l’intérieur de la limite du quartier."
	}
	return web.MapProps{
		ID: "carte-reponse", ViewBox: geo.ViewBox(0, box), Titre: "Le lieu et le quartier " + q.Nom, Desc: desc,
		Layers: []web.Layer{
			{Class: "qpv", Shapes: []web.Shape{{Path: path, Titre: q.Nom}}},
			{Class: "point", Shapes: []web.Shape{{Path: disque(x, y, max(1, (box.MaxX-box.MinX)/60)), Titre: "Le lieu recherché"}}},
		},
		Legende: []web.Legende{{Class: "qpv", Texte: "Quartier prioritaire " + q.Nom}, {Class: "point", Texte: "Lieu recherché"}},
	}
}

// paysage widens a box to three by two with a margin, so that the map does not fill a screen in height.
func paysage(b geo.Bounds) geo.Bounds {
	const marge = 1.15
	w, h := float64(b.MaxX-b.MinX)*marge, float64(b.MaxY-b.MinY)*marge
	w, h = max(w, h*1.5), max(h, w/1.5)
	cx, cy := float64(b.MinX+b.MaxX)/2, float64(b.MinY+b.MaxY)/2
	return geo.Bounds{MinX: int(math.Floor(cx - w/2)), MinY: int(math.Floor(cy - h/2)), MaxX: int(math.Ceil(cx + w/2)), MaxY: int(math.Ceil(cy + h/2))}
}

// disque is the path of a disc.
func disque(x, y, r int) string {
	return fmt.Sprintf("M%d %da%d %d 0 1 0 %d 0a%d %d 0 1 0 %d 0z", x-r, y, r, r, 2*r, r, r, -2*r)
}
