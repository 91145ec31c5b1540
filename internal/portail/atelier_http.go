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
}
