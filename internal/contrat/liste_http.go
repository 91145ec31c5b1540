package contrat

import (
	"fmt"
	"net/http"
	"time"

	"github.com/jackc/pgx/v5"

	"portail/internal/droits"
	"portail/internal/fault"
	"portail/internal/httpx"
	"portail/internal/journal"
	"portail/internal/lien"
	"portail/internal/pg"
)

func (s *Service) listeRoutes(r *httpx.Router) {
	r.Get(lien.ContratsAgents, droits.ContratVoir, s.showListe)
}

func (s *Service) showListe(w http.ResponseWriter, r *http.Request) error {
	par := droits.Of(r.Context())
	f, err := parseFiltres(r.URL.Query())
	if err != nil {
		return err
	}
	l := listePage{filtres: f, Creer: par.Peut(droits.ContratModifier), Partie: !par.Role.Prefecture()}
	var b pg.Batch
	addListe(&b, &l.Lignes, f)
	if err := b.RunAs(r.Context(), s.db, par); err != nil {
		return fmt.Errorf("list contrats: %w", err)
	}
	if len(l.Lignes) == 0 && f.Page > 1 {
		return fmt.Errorf("page %d of the list: %w", f.Page, fault.NotFound)
	}
	return httpx.Render(w, r, http.StatusOK, listeVue(l))
}

func (s *Service) tableauRoutes(r *httpx.Router) {
	r.Get(lien.ContratsSignatures, droits.ContratVoir, s.showTableau)
	r.Get(lien.ContratsSignaturesFichier(nil), droits.ContratVoir, s.sendTableau)
}

// showTableau is the board of all contracts × parties: who has signed, who is late, since when.
func (s *Service) showTableau(w http.ResponseWriter, r *http.Request) error {
	par := droits.Of(r.Context())
	q := httpx.ReadQuery(r.URL.Query())
	t := tableau{Maintenant: time.Now(), Retard: q.Yes(paramRetard), Page: q.Page()}
	if err := q.Err(); err != nil {
		return err
	}
	var b pg.Batch
	addEtapes(&b, &t.Etapes, t.Retard, t.Page)
	if err := b.RunAs(r.Context(), s.db, par); err != nil {
		return fmt.Errorf("board of signatures: %w", err)
	}
	if len(t.Etapes) == 0 && t.Page > 1 {
		return fmt.Errorf("page %d of the board: %w", t.Page, fault.NotFound)
	}
	return httpx.Render(w, r, http.StatusOK, tableauVue(t))
}

// sendTableau is the whole board as a spreadsheet, filtered as the page is; that it left the portal is noted.
func (s *Service) sendTableau(w http.ResponseWriter, r *http.Request) error {
	par := droits.Of(r.Context())
	t := tableau{Maintenant: time.Now(), Retard: r.URL.Query().Get(paramRetard) == "oui"}
	err := s.read(r.Context(), func(tx pgx.Tx) error {
		var b pg.Batch
		addEtapes(&b, &t.Etapes, t.Retard, 0)
		if err := b.Run(r.Context(), tx); err != nil {
			return err
		}
		detail := journal.Changement{"lignes": {nil, len(t.Etapes)}}
		if t.Retard {
			detail["filtres"] = [2]any{nil, filtreRetard}
		}
		return journal.Note(r.Context(), tx, par, "signatures exportées", objet, 0, detail)
	})
	if err != nil {
		return fmt.Errorf("board of signatures as a file: %w", err)
	}
	return httpx.Table(w, "ods", t.fichier(httpx.Base(r, s.cfg.URL)))
}
