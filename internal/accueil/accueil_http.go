package accueil

import (
	"net/http"
	"time"

	"github.com/a-h/templ"

	"portail/internal/httpx"
	"portail/internal/lien"
)

// Routes declares the pages of the area.
func (s *Service) Routes(r *httpx.Router) {
	r.Publier(lien.Accueil, s.showAccueil)
	r.Publier(lien.PlanDuSite, s.showPlan)
	r.Publier(lien.Aide, show(aidePage()))
	r.Publier(lien.MentionsLegales, show(mentionsPage(s.cfg)))
	r.Publier(lien.DonneesPersonnelles, show(personnellesPage(s.cfg)))
	r.Publier(lien.Ecoconception, show(ecoconceptionPage(s.cfg, mesurer())))
	r.Publier(lien.Accessibilite, s.showAccessibilite)
	s.robotRoutes(r)
}

// show answers with a page that depends on nothing but the settings.
func show(page templ.Component) httpx.Handler {
	return func(w http.ResponseWriter, r *http.Request) error { return httpx.Render(w, r, http.StatusOK, page) }
}

func (s *Service) showAccueil(w http.ResponseWriter, r *http.Request) error {
	t, err := readTableau(r.Context(), s.db, s.cfg.Departement)
	if err != nil {
		return err
	}
	return httpx.Render(w, r, http.StatusOK, accueilPage(s.cfg, t))
}

func (s *Service) showPlan(w http.ResponseWriter, r *http.Request) error {
	quartiers, err := listReperes(r.Context(), s.db, s.cfg.Departement)
	if err != nil {
		return err
	}
	publies, err := listPublies(r.Context(), s.db)
	if err != nil {
		return err
	}
	return httpx.Render(w, r, http.StatusOK, planPage(quartiers, publies))
}

// showAccessibilite is kept like the other pages: the day an audit expires, it shows from the next publication or start,
// together with the mention of the footer, which is computed at start.
func (s *Service) showAccessibilite(w http.ResponseWriter, r *http.Request) error {
	return httpx.Render(w, r, http.StatusOK, accessibilitePage(s.cfg, declarer(s.cfg, time.Now())))
}
