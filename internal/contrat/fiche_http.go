package contrat

import (
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"portail/internal/droits"
	"portail/internal/fault"
	"portail/internal/httpx"
	"portail/internal/journal"
	"portail/internal/lien"
	"portail/internal/pg"
)

func (s *Service) ficheRoutes(r *httpx.Router) {
	r.Get(un, droits.ContratVoir, s.openContrat)
	r.Get(une, droits.ContratVoir, s.showFiche)
}

// openContrat leads to the text of a contract that matters now: the one being written, else the one in force.
func (s *Service) openContrat(w http.ResponseWriter, r *http.Request) error {
	id, err := httpx.ID(r, "id")
	if err != nil {
		return err
	}
	var numero int
	err = s.read(r.Context(), func(tx pgx.Tx) error {
		numero, err = numeroCourant(r.Context(), tx, id)
		return err
	})
	if err != nil {
		return fmt.Errorf("open contrat %d: %w", id, err)
	}
	return httpx.Redirect(w, r, http.StatusSeeOther, lien.ContratVersion(id, numero))
}

func (s *Service) showFiche(w http.ResponseWriter, r *http.Request) error {
	v, err := ref(r)
	if err != nil {
		return err
	}
	f := fiche{Par: droits.Of(r.Context()), Maintenant: time.Now()}
	var b pg.Batch
	addTextes(&b, &f.Contenu, v)
	addSignataires(&b, &f.Signataires, v)
	addVersions(&b, &f.Versions, v.Contrat)
	addPieces(&b, &f.Pieces, v.Contrat)
	journal.AddHistorique(&b, &f.Historique, objet, v.Contrat)
	if err := b.RunAs(r.Context(), s.db, f.Par); err != nil {
		return fmt.Errorf("read version %d of contrat %d: %w", v.Numero, v.Contrat, err)
	}
	i := slices.IndexFunc(f.Versions, func(x Version) bool { return x.Numero == v.Numero })
	if i < 0 {
		return fmt.Errorf("version %d of contrat %d: %w", v.Numero, v.Contrat, fault.NotFound)
	}
	f.Version = f.Versions[i]
	return httpx.Render(w, r, http.StatusOK, ficheVue(f))
}
