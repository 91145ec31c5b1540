package journal

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"portail/internal/droits"
	"portail/internal/pg"
)

// parPage is the length of a page of the journal.
const parPage = 50

// maxExport is how many lines a file may hold: beyond, the period is to be narrowed.
const maxExport = 20_000

// consultation is one page of the journal, the latest lines first.
type consultation struct {
	Lignes  []LigneComplete
	Verbes  []string // all that were ever written
	Objets  []string
	Avant   int64 // where the older lines begin; 0: none
	Apres   int64 // where the newer lines begin; 0: none
	Filtres filtres
}

const selectLigne = `
	SELECT j.id, j.le, j.auteur, coalesce(c.nom, '') AS nom, j.verbe, j.detail, j.compte_id, j.objet, j.objet_id, j.requete, j.adresse
	FROM journal j LEFT JOIN compte c ON c.id = j.compte_id`

// where is the condition of the filters and its parameters.
func (f filtres) where() (string, []any) {
	var conds []string
	var args []any
	add := func(cond string, arg any) {
		args = append(args, arg)
		conds = append(conds, strings.ReplaceAll(cond, "?", fmt.Sprintf("$%d", len(args))))
	}
	if !f.Du.IsZero() {
		add(`j.le >= ?`, f.Du)
	}
	if !f.Au.IsZero() {
		add(`j.le < ?`, f.Au.AddDate(0, 0, 1))
	}
	if f.Qui != "" {
		add(`(j.compte_id IN (SELECT id FROM compte WHERE sans_accent(nom || ' ' || courriel) LIKE (SELECT sans_accent(?)))
			OR sans_accent(j.auteur) LIKE (SELECT sans_accent(?)))`, pg.Contient(f.Qui))
	}
	if f.Compte > 0 {
		add(`j.compte_id = ?`, f.Compte)
	}
	if f.Verbe != "" {
		add(`j.verbe = ?`, f.Verbe)
	}
	if f.Objet != "" {
		add(`j.objet = ?`, f.Objet)
	}
	if f.ID != "" {
		add(`j.objet_id = ?`, f.ID)
	}
	if f.Texte != "" {
		add(`sans_accent(j.verbe || ' ' || j.detail::text || ' ' || j.requete) LIKE (SELECT sans_accent(?))`, pg.Contient(f.Texte))
	}
	if f.Avant > 0 {
		add(`j.id < ?`, f.Avant)
	}
	if f.Apres > 0 {
		add(`j.id > ?`, f.Apres)
	}
	if len(conds) == 0 {
		return "", nil
	}
	return " WHERE " + strings.Join(conds, " AND "), args
}

// consulter reads a page. Its cost does not grow with the journal: each page starts from the last line of the former one.
func consulter(ctx context.Context, db *pgxpool.Pool, par droits.Compte, f filtres) (consultation, error) {
	c := consultation{Filtres: f}
	where, args := f.where()
	order := " ORDER BY j.id DESC"
	if f.Apres > 0 {
		order = " ORDER BY j.id"
	}
	var b pg.Batch
	var verbes, objets []struct{ V string }
	pg.Add(&b, &c.Lignes, selectLigne+where+order+fmt.Sprintf(" LIMIT %d", parPage+1), args...)
	// From one value to the next through the index: the journal is not read whole.
	pg.Add(&b, &verbes, `WITH RECURSIVE v AS ((SELECT verbe FROM journal ORDER BY verbe LIMIT 1) UNION ALL
		SELECT (SELECT j.verbe FROM journal j WHERE j.verbe > v.verbe ORDER BY j.verbe LIMIT 1) FROM v WHERE v.verbe IS NOT NULL)
		SELECT verbe AS v FROM v WHERE verbe IS NOT NULL ORDER BY verbe COLLATE "fr-x-icu"`)
	pg.Add(&b, &objets, `WITH RECURSIVE o AS ((SELECT objet FROM journal ORDER BY objet LIMIT 1) UNION ALL
		SELECT (SELECT j.objet FROM journal j WHERE j.objet > o.objet ORDER BY j.objet LIMIT 1) FROM o WHERE o.objet IS NOT NULL)
		SELECT objet AS v FROM o WHERE objet IS NOT NULL ORDER BY objet COLLATE "fr-x-icu"`)
	if err := b.RunAs(ctx, db, par); err != nil {
		return c, fmt.Errorf("read journal: %w", err)
	}
	for _, v := range verbes {
		c.Verbes = append(c.Verbes, v.V)
	}
	for _, o := range objets {
		c.Objets = append(c.Objets, o.V)
	}
	more := len(c.Lignes) > parPage
	if more {
		c.Lignes = c.Lignes[:parPage]
	}
	if f.Apres > 0 {
		slices.Reverse(c.Lignes)
	}
	if n := len(c.Lignes); n > 0 {
		if more && f.Apres > 0 || f.Avant > 0 {
			c.Apres = c.Lignes[0].ID
		}
		if more && f.Apres == 0 || f.Apres > 0 {
			c.Avant = c.Lignes[n-1].ID
		}
	}
	return c, nil
}

// extraire hands over the lines of the filters one by one, the latest first, and says how many there were.
func extraire(ctx context.Context, tx pgx.Tx, f filtres, yield func(LigneComplete) error) error {
	f.Avant, f.Apres = 0, 0
	where, args := f.where()
	rows, err := tx.Query(ctx, selectLigne+where+` ORDER BY j.id DESC`, args...)
	if err != nil {
		return fmt.Errorf("read journal: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		l, err := pgx.RowToStructByName[LigneComplete](rows)
		if err != nil {
			return fmt.Errorf("read journal: %w", err)
		}
		if err := yield(l); err != nil {
			return err
		}
	}
	return rows.Err()
}

// compter says how many lines the filters ask for, up to one more than a file may hold.
func compter(ctx context.Context, tx pgx.Tx, f filtres) (n int, err error) {
	f.Avant, f.Apres = 0, 0
	where, args := f.where()
	err = tx.QueryRow(ctx, fmt.Sprintf(`SELECT count(*) FROM (SELECT FROM journal j%s LIMIT %d) AS lignes`, where, maxExport+1), args...).Scan(&n)
	if err != nil {
		return 0, fmt.Errorf("count journal: %w", err)
	}
	return n, nil
}
