package dispositif

import (
	"fmt"
	"net/http"

	"portail/internal/cartographie"
	"portail/internal/droits"
	"portail/internal/httpx"
	"portail/internal/lien"
	"portail/internal/pg"
)

func (s *Service) vueARRoutes(r *httpx.Router) {
	r.Get(lien.AdultesRelaisCarte, droits.DispositifVoir, s.showCarteAR)
	r.Get(lien.AdultesRelaisFins, droits.DispositifVoir, s.showFinsAR)
	r.Get(lien.AdultesRelaisTotaux, droits.DispositifVoir, s.showTotauxAR)
}

func (s *Service) showCarteAR(w http.ResponseWriter, r *http.Request) error {
	par := droits.Of(r.Context())
	v := carteAR{Prefecture: par.Peut(droits.BaremeVoir)}
	var b pg.Batch
	cartographie.Add(&b, s.cfg.Departement, &v.Fond)
	addPostesQPV(&b, &v.Quartiers)
	if err := b.RunAs(r.Context(), s.db, par); err != nil {
		return fmt.Errorf("map of adultes-relais: %w", err)
	}
	return httpx.Render(w, r, http.StatusOK, carteARPage(v))
}

func (s *Service) showFinsAR(w http.ResponseWriter, r *http.Request) error {
	par := droits.Of(r.Context())
	v := finsAR{Prefecture: par.Peut(droits.BaremeVoir)}
	var b pg.Batch
	addFins(&b, &v.Fins)
	if err := b.RunAs(r.Context(), s.db, par); err != nil {
		return fmt.Errorf("ends of adultes-relais: %w", err)
	}
	return httpx.Render(w, r, http.StatusOK, finsARPage(v))
}

func (s *Service) showTotauxAR(w http.ResponseWriter, r *http.Request) error {
	par := droits.Of(r.Context())
	year, err := parseAnnee(r.URL.Query())
	if err != nil {
		return err
	}
	v := totauxAR{Annee: year, Prefecture: par.Peut(droits.BaremeVoir)}
	var b pg.Batch
	addTotaux(&b, &v.Totaux, year)
	if err := b.RunAs(r.Context(), s.db, par); err != nil {
		return fmt.Errorf("totals of adultes-relais: %w", err)
	}
	return httpx.Render(w, r, http.StatusOK, totauxARPage(v))
}
