package cis

import (
	"context"
	"slices"
	"unicode/utf8"

	"github.com/jackc/pgx/v5"

	"portail/internal/droits"
	"portail/internal/fault"
	"portail/internal/journal"
)

// suggestion is a point that the portal proposes for a meeting from what it knows: an overdue or blocked decision, a term of the quarter,
// figures awaited. It becomes a point when it is kept or dropped, and is not proposed for that meeting again.
type suggestion struct {
	Reference   string // what it is about, e.g. "decision:12"
	Origine     string // code of lexique.OriginesPoint
	Titre       string
	Description string
	OrganismeID *int64
	Organisme   *string
	QPVID       *int32
	ContratID   *int64
	Restreint   bool
	Pourquoi    string // in French
}

// detail is why it is proposed, and whom it concerns.
func (g suggestion) detail() string {
	if g.Organisme == nil {
		return g.Pourquoi
	}
	return g.Pourquoi + ". " + *g.Organisme
}

// saisie is the suggestion as a point.
func (g suggestion) saisie() Saisie {
	titre := g.Titre
	if utf8.RuneCountInString(titre) > maxTitre {
		titre = string([]rune(titre)[:maxTitre-1]) + "…"
	}
	nature := "discussion"
	if g.Origine != "decision" {
		nature = "information"
	}
	return Saisie{Nature: nature, Titre: titre, Description: g.Description, OrganismeID: g.OrganismeID, DureeMin: dureePoint, QPVID: g.QPVID, ContratID: g.ContratID, Restreint: g.Restreint}
}

// Suggerer keeps or drops one of the points that the portal proposes. What is written is read again here: only its reference comes from
// the form.
func (s *Service) Suggerer(ctx context.Context, par droits.Compte, seance int64, reference string, keep bool) error {
	return s.changeSeance(ctx, par, seance, func(tx pgx.Tx, v Seance) (string, journal.Changement, error) {
		if err := v.refuseClose(); err != nil {
			return "", nil, err
		}
		all, err := listSuggestions(ctx, tx, v)
		if err != nil {
			return "", nil, err
		}
		i := slices.IndexFunc(all, func(g suggestion) bool { return g.Reference == reference })
		if i < 0 {
			done, err := suggestionTraitee(ctx, tx, seance, reference)
			if err == nil && !done {
				err = fault.NotFound
			}
			return "", nil, err
		}
		verbe := "proposition du portail écartée"
		if keep {
			verbe = "proposition du portail retenue"
		}
		return verbe, journal.Changement{"point": {nil, all[i].Titre}}, insertSuggestion(ctx, tx, seance, all[i], keep)
	})
}
