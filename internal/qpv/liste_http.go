package qpv

import (
	"context"
	"fmt"
	"net/http"

	"portail/internal/cartographie"
	"portail/internal/httpx"
	"portail/internal/lien"
	"portail/internal/pg"
)

func (s *Service) listeRoutes(r *httpx.Router) {
	r.Publier(lien.QPV, s.showListe)
	for _, format := range formatsListe {
		s.publierFichier(r, lien.QPVFichier(format, nil), s.fichierListe(format))
	}
}

// showListe is the list of the quarters, as its address filters it.
func (s *Service) showListe(w http.ResponseWriter, r *http.Request) error {
	f, err := parseFiltres(r.URL.Query())
	if err != nil {
		return err
	}
	l, err := s.readListe(r.Context(), f)
	if err != nil {
		return fmt.Errorf("list quarters: %w", err)
	}
	if err := l.check(); err != nil {
		return fmt.Errorf("page %d of the list: %w", f.Page, err)
	}
	return httpx.Render(w, r, http.StatusOK, listePage(l))
}

// readListe reads a page of the list in one round trip.
func (s *Service) readListe(ctx context.Context, f Filtres) (liste, error) {
	l := liste{Filtres: f, FondURL: s.cfg.FondCarte, FondNom: s.cfg.FondCarteMention}
	var b pg.Batch
	addReglages(&b, f)
	addListe(&b, &l.Lignes, f, (f.Page-1)*f.Par, f.Par, false)
	addChoix(&b, &l.Choix, f)
	addReserves(&b, &l.Reserves)
	if f.Vue == vueCarte {
		addPoints(&b, &l.Points, f)
		cartographie.AddDepartements(&b, f.Departement, &l.Fond)
	}
	return l, b.Run(ctx, s.db)
}

// fichierListe is the whole filtered list as a file.
func (s *Service) fichierListe(format string) httpx.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		f, err := parseFiltres(r.URL.Query())
		if err != nil {
			return err
		}
		l := liste{Filtres: f}
		var le publieLe
		var b pg.Batch
		addReglages(&b, f)
		addListe(&b, &l.Lignes, f, 0, maxFichier, format == formatGeoJSON)
		addChoix(&b, &l.Choix, f)
		addReserves(&b, &l.Reserves)
		addPublieLe(&b, &le)
		if err := b.Run(r.Context(), s.db); err != nil {
			return fmt.Errorf("list quarters for a file: %w", err)
		}
		base := httpx.Base(r, s.cfg.URL)
		t := l.fichier(base, le.Le)
		if format != formatGeoJSON {
			return writeTable(w, format, t)
		}
		all, err := features(l.Lignes, base)
		if err != nil {
			return err
		}
		return writeContours(w, t, all)
	}
}
