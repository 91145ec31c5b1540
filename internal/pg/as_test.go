package pg_test

import (
	"context"
	"errors"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"portail/internal/droits"
	"portail/internal/pg"
	"portail/internal/portailtest"
)

// hidden puts a figure that is not published yet into the database.
const hidden = `INSERT INTO valeur (indicateur, qpv_id, millesime, valeur, source, etat)
	SELECT 'taux_emploi', id, 1999, 12.3, 'essai', 'propose' FROM qpv LIMIT 1`

type count struct{ N int }

// forgotten is a read whose author forgot the WHERE.
const forgotten = `SELECT count(*)::int AS n FROM valeur WHERE millesime = 1999`

func TestAForgottenWhereShowsNothing(t *testing.T) {
	owner := portailtest.Seeded(t)
	if _, err := owner.Exec(t.Context(), hidden); err != nil {
		t.Fatal(err)
	}
	web := portailtest.AsWebServer(t, owner)
	partner := droits.Compte{ID: 1, Organisme: 1, Role: droits.Referent}
	staff := droits.Compte{ID: 2, Organisme: 2, Role: droits.Gestionnaire}
	for name, c := range map[string]struct {
		par  droits.Compte
		want int
	}{"a visitor": {droits.Compte{}, 0}, "a partner": {partner, 0}, "the préfecture": {staff, 1}} {
		var rows []count
		b := &pg.Batch{}
		pg.Add(b, &rows, forgotten)
		if err := b.RunAs(t.Context(), web, c.par); err != nil {
			t.Fatal(err)
		}
		if rows[0].N != c.want {
			t.Errorf("%s sees %d hidden figures in a batch, want %d", name, rows[0].N, c.want)
		}
		err := pg.As(t.Context(), web, c.par, func(tx pgx.Tx) error {
			got, err := pg.One[count](t.Context(), tx, forgotten)
			if got.N != c.want {
				t.Errorf("%s sees %d hidden figures in a transaction, want %d", name, got.N, c.want)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

func TestWhoAskedIsForgottenWithTheTransaction(t *testing.T) {
	owner := portailtest.Seeded(t)
	if _, err := owner.Exec(t.Context(), hidden); err != nil {
		t.Fatal(err)
	}
	web := portailtest.AsWebServer(t, owner)
	conn, err := web.Acquire(t.Context()) // one connection, as the pool may give it to the next visitor
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Release()
	staff := droits.Compte{ID: 2, Organisme: 2, Role: droits.Direction}
	var seen []count
	b := &pg.Batch{}
	pg.Add(b, &seen, forgotten)
	if err := b.RunAs(t.Context(), conn, staff); err != nil || seen[0].N != 1 {
		t.Fatalf("staff sees %v, %v", seen, err)
	}
	after, err := pg.One[count](t.Context(), conn, forgotten)
	if err != nil || after.N != 0 {
		t.Errorf("the next user of the connection sees %d, %v", after.N, err)
	}
}

func TestTheWebServerOwnsNothingAndCannotRewriteTheJournal(t *testing.T) {
	owner := portailtest.Seeded(t)
	web := portailtest.AsWebServer(t, owner)
	if _, err := web.Exec(t.Context(), `INSERT INTO journal (verbe, objet) VALUES ('essai', 'essai')`); err != nil {
		t.Fatal(err)
	}
	for _, sql := range []string{
		`UPDATE journal SET verbe = 'autre'`, `DELETE FROM journal`, `TRUNCATE journal`,
		`INSERT INTO journal (id, verbe, objet) VALUES (9, 'essai', 'essai')`, `INSERT INTO journal (le, verbe, objet) VALUES (now(), 'a', 'b')`,
		`ALTER TABLE journal DISABLE TRIGGER ALL`, `DROP TABLE journal`, `ALTER TABLE valeur DISABLE ROW LEVEL SECURITY`,
		`UPDATE valeur SET valeur = 0`, `DELETE FROM qpv`, `CREATE TABLE a_moi (a int)`,
	} {
		_, err := web.Exec(t.Context(), sql)
		var refusal *pgconn.PgError
		if !errors.As(err, &refusal) || refusal.Code != "42501" {
			t.Errorf("%s: %v", sql, err)
		}
	}
	// The trigger stops even the owner.
	for _, sql := range []string{`UPDATE journal SET verbe = 'autre'`, `DELETE FROM journal`, `TRUNCATE journal`} {
		if _, err := owner.Exec(t.Context(), sql); err == nil {
			t.Errorf("%s: the owner may", sql)
		}
	}
	var owned int
	err := owner.QueryRow(context.Background(), `SELECT count(*) FROM pg_class WHERE relowner = 'portail_app'::regrole`).Scan(&owned)
	if err != nil || owned != 0 {
		t.Errorf("portail_app owns %d objects, %v", owned, err)
	}
}
