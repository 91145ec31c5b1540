package echeance

import (
	"bytes"
	"fmt"
	"net/http"
	"time"

	"github.com/jackc/pgx/v5"

	"portail/internal/droits"
	"portail/internal/export"
	"portail/internal/httpx"
	"portail/internal/journal"
	"portail/internal/lien"
	"portail/internal/pg"
	"portail/web/typo"
)

// Routes declares the pages of the area.
func (s *Service) Routes(r *httpx.Router) {
	r.Get(lien.TableauDeBord, droits.EcheanceVoir, s.showTableau)
	r.Get(lien.Echeances, droits.EcheanceVoir, s.showListe)
	r.Get(lien.EcheancesFichier(nil), droits.EcheanceVoir, s.sendListe)
	s.bilanRoutes(r)
	s.fluxRoutes(r)
}

// showListe is the list of échéances, as its address filters it.
func (s *Service) showListe(w http.ResponseWriter, r *http.Request) error {
	f, err := parseFiltres(r.URL.Query())
	if err != nil {
		return err
	}
	l := liste{Filtres: f, Par: droits.Of(r.Context()), Au: typo.Aujourdhui()}
	var b pg.Batch
	addListe(&b, &l.Lignes, l.Par, f, (f.Page-1)*parPage, parPage)
	addComptes(&b, &l.Comptes)
	addChoix(&b, &l.Choix)
	if err := b.RunAs(r.Context(), s.db, l.Par); err != nil {
		return fmt.Errorf("list échéances: %w", err)
	}
	if err := l.check(); err != nil {
		return fmt.Errorf("page %d of the list: %w", f.Page, err)
	}
	return httpx.Render(w, r, http.StatusOK, listePage(l))
}

// sendListe is the whole filtered list as a spreadsheet; that it left the portal is noted.
func (s *Service) sendListe(w http.ResponseWriter, r *http.Request) error {
	f, err := parseFiltres(r.URL.Query())
	if err != nil {
		return err
	}
	l := liste{Filtres: f, Par: droits.Of(r.Context()), Au: typo.Aujourdhui()}
	err = pg.As(r.Context(), s.db, l.Par, func(tx pgx.Tx) error {
		var b pg.Batch
		addListe(&b, &l.Lignes, l.Par, f, 0, 0)
		addChoix(&b, &l.Choix)
		if err := b.Run(r.Context(), tx); err != nil {
			return err
		}
		return journal.Note(r.Context(), tx, l.Par, "échéances exportées", objet, 0, journal.Changement{"lignes": {nil, len(l.Lignes)}, "filtres": {nil, l.filtres().Encode()}})
	})
	if err != nil {
		return fmt.Errorf("list échéances for a file: %w", err)
	}
	now := time.Now()
	var body bytes.Buffer
	if err := export.ODS(&body, l.fichier(httpx.Base(r, s.cfg.URL), now)); err != nil {
		return err
	}
	return httpx.File(w, export.TypeODS, export.FileName(now, "ods", "echeances"), body.Bytes())
}
