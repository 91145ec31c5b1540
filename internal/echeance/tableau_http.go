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

// showTableau is the dashboard: what is late and what comes, and the block of each area, in the order of whoever asks. All of it is read
// in one round trip.
func (s *Service) showTableau(w http.ResponseWriter, r *http.Request) error {
	t := tableau{liste: liste{Filtres: Filtres{Tri: "le", Page: 1}, Par: droits.Of(r.Context()), Au: typo.Aujourdhui()}}
	var b pg.Batch
	addListe(&b, &t.Lignes, t.Par, t.Filtres, 0, urgentes)
	addComptes(&b, &t.Comptes)
	made := []func() *web.Bloc{func() *web.Bloc {
		return &web.Bloc{ID: "bloc-echeances", Titre: "Échéances", Contenu: echeancesBloc(t), Liens: t.liens()}
	}}
	for _, bloc := range append([]Bloc{s.blocRetards, s.blocNouveautes, s.blocBilan}, s.blocs...) {
		if read := bloc(&b, t.Par); read != nil {
			made = append(made, read)
		}
	}
	if err := b.RunAs(r.Context(), s.db, t.Par); err != nil {
		return fmt.Errorf("read the dashboard: %w", err)
	}
	for _, show := range made {
		if bloc := show(); bloc != nil {
			t.Blocs = append(t.Blocs, *bloc)
		}
	}
	t.ranger()
	return httpx.Render(w, r, http.StatusOK, tableauPage(t))
}
