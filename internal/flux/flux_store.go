package flux

import (
	"context"

	"portail/internal/droits"
	"portail/internal/pg"
)

// find is whoever a secret speaks for.
func find(ctx context.Context, q pg.Q, empreinte []byte) (droits.Compte, error) {
	type qui struct {
		CompteID, FonctionID int64
		Role                 string
		OrganismeID          int64
		OrganismeNom         string
		QPV                  []int32
	}
	row, err := pg.One[qui](ctx, q, `SELECT compte_id, fonction_id, role, organisme_id, organisme_nom, qpv FROM flux_de($1)`, empreinte)
	return droits.Compte{ID: row.CompteID, FonctionID: row.FonctionID, Role: droits.Role(row.Role), Organisme: row.OrganismeID, OrganismeNom: row.OrganismeNom, QPV: row.QPV}, err
}
