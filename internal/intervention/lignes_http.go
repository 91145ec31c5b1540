package intervention

import (
	"fmt"
	"net/http"
	"time"

	"github.com/jackc/pgx/v5"

	"portail/internal/droits"
	"portail/internal/fault"
	"portail/internal/httpx"
	"portail/internal/journal"
	"portail/internal/pg"
)

// showLignes is the list of the lines, as its address filters it.
func (s *Service) showLignes(w http.ResponseWriter, r *http.Request) error {
	f, err := parseFiltres(r.URL.Query())
	if err != nil {
		return err
	}
	l, err := s.readLignes(r.Context(), s.db, droits.Of(r.Context()), f, (f.Page-1)*parPage, parPage)
	if err != nil {
		return err
	}
	return httpx.Render(w, r, http.StatusOK, lignesPage(l))
}

// sendLignes are all the filtered lines as a file; that they left the portal is noted.
func (s *Service) sendLignes(format string) httpx.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		f, err := parseFiltres(r.URL.Query())
		if err != nil {
			return err
		}
		par := droits.Of(r.Context())
		var l lignes
		err = pg.As(r.Context(), s.db, par, func(tx pgx.Tx) error {
			if l, err = s.readLignes(r.Context(), tx, par, f, 0, maxFichier); err != nil {
				return err
			}
			if l.total() > maxFichier {
				return fmt.Errorf("%d actions in a file: %w", l.total(), fault.TooLarge)
			}
			return journal.Note(r.Context(), tx, par, "actions exportées", objet, 0, journal.Changement{"format": {nil, format}, "lignes": {nil, len(l.Lignes)}, "filtres": {nil, f.lignes().Encode()}})
		})
		if err != nil {
			return fmt.Errorf("list actions for a file: %w", err)
		}
		return httpx.Table(w, format, l.fichier(httpx.Base(r, s.cfg.URL), time.Now()))
	}
}
