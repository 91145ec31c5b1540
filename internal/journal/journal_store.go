package journal

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"portail/internal/droits"
	"portail/internal/pg"
)

func insert(ctx context.Context, tx pg.Tx, par droits.Compte, auteur, verbe, objet, id string, detail []byte) error {
	_, err := tx.Exec(ctx, `
		INSERT INTO journal (compte_id, fonction_id, organisme_id, auteur, verbe, objet, objet_id, detail, requete, adresse)
		VALUES (nullif($1, 0), nullif($2, 0), nullif($3, 0), $4, $5, $6, $7, $8, $9, $10)`,
		par.ID, par.FonctionID, par.Organisme, auteur, verbe, objet, id, detail, par.Requete, par.Adresse)
	return err
}

// insertAll adds lines in the order given: each follows the one before it in the chain.
func insertAll(ctx context.Context, tx pg.Tx, par droits.Compte, auteur, objet string, verbs, ids, details []string) error {
	_, err := tx.Exec(ctx, `
		INSERT INTO journal (compte_id, fonction_id, organisme_id, auteur, verbe, objet, objet_id, detail, requete, adresse)
		SELECT nullif($1::bigint, 0), nullif($2::bigint, 0), nullif($3::bigint, 0), $4, l.verbe, $5, l.id, l.detail::jsonb, $6, $7
		FROM unnest($8::text[], $9::text[], $10::text[]) WITH ORDINALITY AS l (verbe, id, detail, rang) ORDER BY l.rang`,
		par.ID, par.FonctionID, par.Organisme, auteur, objet, par.Requete, par.Adresse, verbs, ids, details)
	return err
}

// Rupture is a place where the chain of the journal does not hold.
type Rupture struct {
	ID     int64
	Raison string // in French
}

// Etat is what Verify found.
type Etat struct {
	Lignes    int64
	Dernier   int64  // number of the last line
	Sceau     string // its seal, in hexadecimal: kept elsewhere, it proves later that no line was cut off the end
	Ruptures  []Rupture
	Temoigne  bool // the seal given as a witness was looked for…
	TemoinBon bool // … and is still there
}

// Verify reads the whole journal and says where its chain breaks, a hundred places at most. A chain whose last lines were cut off
// holds by itself: temoin, as "number:seal" noted earlier, is looked for too unless it is empty.
func Verify(ctx context.Context, db *pgxpool.Pool, temoin string) (e Etat, err error) {
	err = pgx.BeginTxFunc(ctx, db, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, `SET LOCAL statement_timeout = 0`); err != nil { // it may take minutes
			return err
		}
		err := tx.QueryRow(ctx, `SELECT count(*), coalesce(max(id), 0), coalesce((SELECT encode(empreinte, 'hex') FROM journal ORDER BY id DESC LIMIT 1), '')
			FROM journal`).Scan(&e.Lignes, &e.Dernier, &e.Sceau)
		if err != nil {
			return err
		}
		if e.Temoigne = temoin != ""; e.Temoigne {
			err := tx.QueryRow(ctx, `SELECT EXISTS (SELECT FROM journal WHERE id::text || ':' || encode(empreinte, 'hex') = lower($1))`, temoin).Scan(&e.TemoinBon)
			if err != nil {
				return err
			}
		}
		e.Ruptures, err = pg.List[Rupture](ctx, tx, `SELECT id, raison FROM journal_ruptures() LIMIT 100`)
		return err
	})
	if err != nil {
		return e, fmt.Errorf("verify journal: %w", err)
	}
	return e, nil
}
