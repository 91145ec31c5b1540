package courriel

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"portail/internal/droits"
	"portail/internal/pg"
)

// Courriel is a mail as it is kept.
type Courriel struct {
	ID            string
	Destinataire  string
	Sujet         string
	Texte         string
	HTML          string
	Agenda        string // RFC 5545; empty for none
	AgendaMethode string
	Sorte         string
	Secret        bool
	Etat          string
	Motif         string // in French
	Tentatives    int
	CreeLe        time.Time
	ExpedieLe     *time.Time
}

const colonnes = `id::text, destinataire, sujet, texte, html, agenda, agenda_methode, sorte, secret, etat, motif, tentatives, cree_le, expedie_le`

// insert returns nothing: whoever writes a mail may not read it.
func insert(ctx context.Context, tx pg.Tx, id string, m Message) error {
	_, err := tx.Exec(ctx, `INSERT INTO courriel (id, destinataire, sujet, texte, html, sorte, secret, compte_id, agenda, agenda_methode)
		VALUES ($1, $2, $3, $4, $5, $6, $7, nullif($8, 0), $9, $10)`, id, m.A, m.Sujet, m.Texte, m.HTML, m.Sorte, m.Secret, m.Compte, m.Agenda, m.AgendaMethode)
	return err
}

// lock reads a mail that is about to change.
func lock(ctx context.Context, tx pg.Tx, id string) (Courriel, error) {
	m, err := pg.One[Courriel](ctx, tx, `SELECT `+colonnes+` FROM courriel WHERE id = $1 FOR UPDATE`, id)
	if err != nil {
		return m, fmt.Errorf("mail %s: %w", id, err)
	}
	return m, nil
}

// bail is how long a mail that is being sent is left alone; then whoever was sending it is taken for dead.
const bail = 2 * time.Minute

// take starts an attempt; fault.NotFound: it is sent, given up or in other hands.
func take(ctx context.Context, db *pgxpool.Pool, id string) (m Courriel, err error) {
	err = pg.As(ctx, db, droits.Tache, func(tx pgx.Tx) error {
		m, err = pg.One[Courriel](ctx, tx, `UPDATE courriel SET tentatives = tentatives + 1, en_cours = now()
			WHERE id = $1 AND etat = 'en_attente' AND (en_cours IS NULL OR en_cours < now() - $2::interval) RETURNING `+colonnes, id, bail)
		return err
	})
	if err != nil {
		return m, fmt.Errorf("take mail %s: %w", id, err)
	}
	return m, nil
}

// held says whether the mail is in the hands of another job, which may yet crash.
func held(ctx context.Context, db *pgxpool.Pool, id string) (held bool, err error) {
	err = pg.As(ctx, db, droits.Tache, func(tx pgx.Tx) error {
		return tx.QueryRow(ctx, `SELECT EXISTS (SELECT FROM courriel WHERE id = $1 AND etat = 'en_attente' AND en_cours IS NOT NULL)`, id).Scan(&held)
	})
	if err != nil {
		return false, fmt.Errorf("look at mail %s: %w", id, err)
	}
	return held, nil
}

// sent ends the last attempt. What only the addressee should know is erased at once.
func sent(ctx context.Context, tx pg.Tx, id string) error {
	_, err := tx.Exec(ctx, `UPDATE courriel SET etat = 'expedie', expedie_le = now(), en_cours = NULL, motif = '',
		texte = CASE WHEN secret THEN '' ELSE texte END, html = CASE WHEN secret THEN '' ELSE html END, agenda = CASE WHEN secret THEN '' ELSE agenda END WHERE id = $1`, id)
	return err
}

// wait ends an attempt that another may follow, and says why it did not succeed.
func wait(ctx context.Context, tx pg.Tx, id, motif string) error {
	_, err := tx.Exec(ctx, `UPDATE courriel SET etat = 'en_attente', en_cours = NULL, motif = $2 WHERE id = $1`, id, motif)
	return err
}

// giveUp ends the attempts, and says why.
func giveUp(ctx context.Context, tx pg.Tx, id, motif string) error {
	_, err := tx.Exec(ctx, `UPDATE courriel SET etat = 'echec', en_cours = NULL, motif = $2 WHERE id = $1`, id, motif)
	return err
}

// listParPage is the length of a page of the list.
const listParPage = 25

// page is one page of the mails in the given state; empty: all that are not sent.
type page struct {
	Lignes []Courriel
	Total  int64
}

func list(ctx context.Context, db *pgxpool.Pool, par droits.Compte, f filtres) (page, error) {
	var p page
	var total []struct{ N int64 }
	var b pg.Batch
	const where = ` FROM courriel WHERE CASE WHEN $1 = '' THEN etat <> 'expedie' ELSE etat = $1 END`
	pg.Add(&b, &total, `SELECT count(*) AS n`+where, f.Etat)
	pg.Add(&b, &p.Lignes, `SELECT id::text, destinataire, sujet, '' AS texte, '' AS html, '' AS agenda, '' AS agenda_methode, sorte, secret, etat, motif, tentatives, cree_le, expedie_le`+
		where+` ORDER BY cree_le DESC, id LIMIT $2 OFFSET $3`, f.Etat, listParPage, (f.Page-1)*listParPage)
	if err := b.RunAs(ctx, db, par); err != nil {
		return p, fmt.Errorf("list mails: %w", err)
	}
	p.Total = total[0].N
	return p, nil
}

// Purger erases the texts that nobody needs any more: of mails sent, or never sent, before the given time. That they existed
// stays known for a while longer; see the retention table.
func Purger(ctx context.Context, tx pg.Tx, avant time.Time) (int64, error) {
	tag, err := tx.Exec(ctx, `UPDATE courriel SET texte = '', html = '', agenda = '', motif = CASE WHEN etat = 'expedie' THEN '' ELSE 'Texte effacé au terme de sa conservation.' END,
			etat = CASE WHEN etat = 'expedie' THEN etat ELSE 'echec' END
		WHERE texte <> '' AND coalesce(expedie_le, cree_le) < $1`, avant)
	if err != nil {
		return 0, fmt.Errorf("erase texts of mails: %w", err)
	}
	return tag.RowsAffected(), nil
}

// Oublier deletes what is kept of mails older than the given time.
func Oublier(ctx context.Context, tx pg.Tx, avant time.Time) (int64, error) {
	tag, err := tx.Exec(ctx, `DELETE FROM courriel WHERE cree_le < $1`, avant)
	if err != nil {
		return 0, fmt.Errorf("delete mails: %w", err)
	}
	return tag.RowsAffected(), nil
}
