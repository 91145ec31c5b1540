package compte

import (
	"context"

	"github.com/jackc/pgx/v5"

	"portail/internal/droits"
	"portail/internal/journal"
	"portail/internal/pg"
)

// noteRefus writes down that somebody asked for what their fonction does not carry.
func (s *Service) noteRefus(ctx context.Context, par droits.Compte, droit droits.Droit, chemin string) error {
	return pg.As(ctx, s.db, par, func(tx pgx.Tx) error {
		return journal.Note(ctx, tx, par, "accès refusé", "page", 0, journal.Changement{"droit": {nil, string(droit)}, "page": {nil, chemin}})
	})
}
