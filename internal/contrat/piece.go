package contrat

import (
	"context"

	"github.com/jackc/pgx/v5"

	"portail/internal/document"
	"portail/internal/droits"
	"portail/internal/fault"
	"portail/internal/journal"
	"portail/internal/saisie"
)

// Joindre attaches a file to a contract: an annex, a statistic, the minutes of its steering body. A public one is shown to everybody once the
// contract is published.
func (s *Service) Joindre(ctx context.Context, par droits.Compte, contrat int64, titre string, public bool, fichier *document.Fichier) error {
	titre = saisie.Ligne(titre)
	f := fault.Fields{}
	if fichier == nil {
		f.Add("fichier", "Choisissez un fichier.")
	} else if titre == "" {
		titre = couper(fichier.Nom(), maxTitre)
	}
	saisie.Longueur(f, "titre", titre, maxTitre)
	if err := f.Err(); err != nil {
		return err
	}
	return s.onContrat(ctx, par, Ref{contrat, 1}, func(tx pgx.Tx, v Version) (string, journal.Changement, error) {
		kept, err := document.Deposer(ctx, tx, par, *fichier)
		if err != nil {
			return "", nil, err
		}
		d := journal.Changement{"titre": {nil, titre}, "fichier": {nil, kept.Nom + ", " + kept.SHA256}, "public": {nil, public}}
		return "document joint", d, insertPiece(ctx, tx, contrat, kept.ID, titre, public)
	})
}
