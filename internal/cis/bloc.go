package cis

import (
	"context"
	"fmt"

	"portail/internal/droits"
	"portail/internal/lien"
	"portail/internal/pg"
	"portail/web"
	"portail/web/typo"
)

// Bloc is the part of the dashboard on committees: the next meeting of each, and for staff the periods that have none.
func (s *Service) Bloc(ctx context.Context, par droits.Compte) (*web.Bloc, error) {
	if !par.Peut(droits.CisVoir) {
		return nil, nil
	}
	v := listeComites{Par: par, Jour: typo.Aujourdhui()}
	var b pg.Batch
	addComites(&b, &v.Lignes)
	if err := b.RunAs(ctx, s.db, par); err != nil {
		return nil, fmt.Errorf("read the block of committees: %w", err)
	}
	if len(v.Lignes) == 0 {
		return nil, nil
	}
	return &web.Bloc{ID: "bloc-comites", Titre: "Comités", Contenu: blocComites(v), Liens: []web.Lien{{Texte: "Tous les comités", Href: lien.Comites}}}, nil
}
