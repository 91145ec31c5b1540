package cis

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"portail/internal/droits"
	"portail/internal/journal"
	"portail/internal/lien"
	"portail/internal/pg"
	"portail/web"
	"portail/web/typo"
)

// Transmissible is what a hand-over passes on of this area: the open decisions that somebody is responsible for in person.
type Transmissible struct{}

// NomOuverts names them.
func (Transmissible) NomOuverts() string { return "Décisions à mener" }

// ListOuverts are those of the account.
func (Transmissible) ListOuverts(ctx context.Context, q pg.Q, compte int64) ([]web.Lien, error) {
	open, err := listDecisionsDe(ctx, q, compte)
	var all []web.Lien
	for _, d := range open {
		all = append(all, web.Lien{Texte: d.Titre() + typo.NBSP + "– " + debutDe(d.Texte), Href: lien.Decision(d.ID)})
	}
	return all, err
}

// debutDe is the beginning of a text, enough to tell it from others.
func debutDe(texte string) string {
	const most = 100
	if r := []rune(texte); len(r) > most {
		return string(r[:most-1]) + "…"
	}
	return texte
}

// Transmettre makes them those of the other account, whose name takes the place of the first one's.
func (Transmissible) Transmettre(ctx context.Context, tx pgx.Tx, par droits.Compte, de, a int64) (int, error) {
	passed, err := passDecisions(ctx, tx, de, a)
	if err != nil {
		return 0, fmt.Errorf("hand over decisions of compte %d: %w", de, err)
	}
	for _, d := range passed {
		if err := journal.Note(ctx, tx, par, "décision transmise", objetDecision, d.ID, nil); err != nil {
			return 0, err
		}
	}
	return len(passed), nil
}
