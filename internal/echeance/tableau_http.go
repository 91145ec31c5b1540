package echeance

import (
	"fmt"
	"net/http"

	"portail/internal/droits"
	"portail/internal/httpx"
	"portail/internal/pg"
	"portail/web"
	"portail/web/typo"
)

// showTableau is the dashboard: what is late and what comes, then the block of each area.
func (s *Service) showTableau(w http.ResponseWriter, r *http.Request) error {
	t := tableau{liste: liste{Filtres: Filtres{Tri: "le", Page: 1}, Par: droits.Of(r.Context()), Au: typo.Aujourdhui()}}
	var b pg.Batch
	addListe(&b, &t.Lignes, t.Par, t.Filtres, 0, urgentes)
	addComptes(&b, &t.Comptes)
	if err := b.RunAs(r.Context(), s.db, t.Par); err != nil {
		return fmt.Errorf("read the dashboard: %w", err)
	}
	t.Blocs = []web.Bloc{{ID: "bloc-echeances", Titre: "Échéances", Contenu: echeancesBloc(t), Liens: t.liens()}}
	for _, read := range s.blocs {
		bloc, err := read(r.Context(), t.Par)
		if err != nil {
			return fmt.Errorf("read a block of the dashboard: %w", err)
		}
		if bloc != nil {
			t.Blocs = append(t.Blocs, *bloc)
		}
	}
	return httpx.Render(w, r, http.StatusOK, tableauPage(t))
}
