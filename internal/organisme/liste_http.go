package organisme

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/jackc/pgx/v5"

	"portail/internal/droits"
	"portail/internal/httpx"
	"portail/internal/journal"
	"portail/internal/lien"
	"portail/internal/pg"
)

func (s *Service) listeRoutes(r *httpx.Router) {
	r.Get(lien.Organismes, droits.OrganismeVoir, s.showListe)
	for _, f := range httpx.Formats {
		r.Get(lien.OrganismesFichier(f.Code, nil), droits.OrganismeVoir, s.sendListe(f.Code))
	}
}

// showListe is the list of organisations, as its address filters it.
func (s *Service) showListe(w http.ResponseWriter, r *http.Request) error {
	par := droits.Of(r.Context())
	f, err := parseFiltres(r.URL.Query())
	if err != nil {
		return err
	}
	l := liste{Filtres: f, Modifier: par.Peut(droits.OrganismeModifier)}
	var comites []comite
	var b pg.Batch
	addListe(&b, &l.Lignes, f, (f.Page-1)*f.Par, f.Par)
	addComites(&b, &comites)
	if err := b.RunAs(r.Context(), s.db, par); err != nil {
		return fmt.Errorf("list organismes: %w", err)
	}
	for _, c := range comites {
		l.Comites = append(l.Comites, c.Comite)
	}
	if err := l.check(); err != nil {
		return fmt.Errorf("page %d of the list: %w", f.Page, err)
	}
	return httpx.Render(w, r, http.StatusOK, listePage(l))
}

// sendListe is the whole filtered list as a file; that it left the portal is noted.
func (s *Service) sendListe(format string) httpx.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		f, err := parseFiltres(r.URL.Query())
		if err != nil {
			return err
		}
		l := liste{Filtres: f}
		if err := s.readFichier(r.Context(), droits.Of(r.Context()), &l, format); err != nil {
			return fmt.Errorf("list organismes for a file: %w", err)
		}
		return httpx.Table(w, format, l.fichier(httpx.Base(r, s.cfg.URL), time.Now()))
	}
}

func (s *Service) readFichier(ctx context.Context, par droits.Compte, l *liste, format string) error {
	return pg.As(ctx, s.db, par, func(tx pgx.Tx) error {
		var b pg.Batch
		addListe(&b, &l.Lignes, l.Filtres, 0, 0)
		if err := b.Run(ctx, tx); err != nil {
			return err
		}
		detail := journal.Changement{"format": {nil, format}, "lignes": {nil, len(l.Lignes)}}
		if q := l.filtres().Encode(); q != "" {
			detail["filtres"] = [2]any{nil, q}
		}
		return journal.Note(ctx, tx, par, "organismes exportés", objet, 0, detail)
	})
}
