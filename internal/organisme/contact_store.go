package organisme

import (
	"context"

	"portail/internal/pg"
)

const contacts = `SELECT id, fonction, courriel, telephone FROM organisme_contact WHERE organisme_id = $1 `

func listContacts(ctx context.Context, q pg.Q, organisme int64) ([]Contact, error) {
	return pg.List[Contact](ctx, q, contacts+`ORDER BY fonction COLLATE "fr-x-icu"`, organisme)
}

// findContact reads a contact of that very organisation; fault.NotFound when it has none of that id.
func findContact(ctx context.Context, q pg.Q, organisme, id int64) (Contact, error) {
	return pg.One[Contact](ctx, q, contacts+`AND id = $2`, organisme, id)
}

func insertContact(ctx context.Context, tx pg.Tx, organisme int64, c Contact) error {
	_, err := tx.Exec(ctx, `INSERT INTO organisme_contact (organisme_id, fonction, courriel, telephone) VALUES ($1, $2, $3, $4)`,
		organisme, c.Fonction, c.Courriel, c.Telephone)
	return refus(err)
}

func updateContact(ctx context.Context, tx pg.Tx, organisme int64, c Contact) error {
	return changed(ctx, tx, `UPDATE organisme_contact SET fonction = $3, courriel = $4, telephone = $5 WHERE organisme_id = $1 AND id = $2`,
		organisme, c.ID, c.Fonction, c.Courriel, c.Telephone)
}

func deleteContact(ctx context.Context, tx pg.Tx, organisme, id int64) ([]Contact, error) {
	return pg.List[Contact](ctx, tx, `DELETE FROM organisme_contact WHERE organisme_id = $1 AND id = $2 RETURNING id, fonction, courriel, telephone`, organisme, id)
}

// moveContacts hands over the contacts whose fonction the other organisation does not have, and tells which.
func moveContacts(ctx context.Context, tx pg.Tx, from, to int64) ([]string, error) {
	rows, err := pg.List[struct{ Fonction string }](ctx, tx, `
		UPDATE organisme_contact c SET organisme_id = $2
		WHERE organisme_id = $1 AND NOT EXISTS (SELECT FROM organisme_contact d WHERE d.organisme_id = $2 AND d.fonction = c.fonction)
		RETURNING fonction`, from, to)
	var names []string
	for _, r := range rows {
		names = append(names, r.Fonction)
	}
	return names, err
}

func listComites(ctx context.Context, q pg.Q, organisme int64) ([]string, error) {
	return comites(ctx, q, `SELECT comite FROM organisme_comite WHERE organisme_id = $1 ORDER BY comite COLLATE "fr-x-icu"`, organisme)
}

func comites(ctx context.Context, q pg.Q, sql string, args ...any) ([]string, error) {
	rows, err := pg.List[struct{ Comite string }](ctx, q, sql, args...)
	var names []string
	for _, r := range rows {
		names = append(names, r.Comite)
	}
	return names, err
}
