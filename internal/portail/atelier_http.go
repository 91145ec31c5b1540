package portail

import (
	"net/http"

	"portail/internal/droits"
	"portail/internal/httpx"
	"portail/internal/lien"
)

// atelierRoutes exist outside production only: the page that shows every component in each of its states.
func (p *Portail) atelierRoutes(r *httpx.Router) {
	r.Get(lien.Composants, droits.Atelier, func(w http.ResponseWriter, req *http.Request) error {
		return httpx.Render(w, req, http.StatusOK, composants())
	})
	r.Get(lien.Composants+"/contours.geojson", droits.Atelier, func(w http.ResponseWriter, _ *http.Request) error {
		return httpx.File(w, "application/geo+json", "", []byte(contoursExemple))
	})
}

// contoursExemple is what the interactive map of /composants shows: no real place.
const contoursExemple = `{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"nom":"Contour d’exemple","lien":"/composants"},` +
	`"geometry":{"type":"Polygon","coordinates":[[[6.44,48.17],[6.46,48.17],[6.46,48.18],[6.44,48.18],[6.44,48.17]]]}}]}`
