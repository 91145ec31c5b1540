package chiffre

import (
	"context"
	"fmt"

	"portail/internal/pg"
)

// Bilan is what figures that enter would change.
type Bilan struct{ Toutes, Ajoutees, Changees int }

// Comparer sets the figures of a temporary table against those that the portal holds: what is new or differs is left in the temporary
// table tmp_ecart for Ecrire. table has the columns indicateur, qpv_id, territoire_id, millesime, trimestre, valeur, numerateur,
// denominateur, masquee, source and implicite (its source is not its own: a figure that only differs by it is the same).
func Comparer(ctx context.Context, tx pg.Tx, table string) (b Bilan, err error) {
	// Quarters and territories share no number space: 0 stands for the one that is null, so that the join can hash.
	_, err = tx.Exec(ctx, `
		CREATE TEMP TABLE tmp_ecart ON COMMIT DROP AS
		SELECT x.indicateur, x.qpv_id, x.territoire_id, x.millesime, x.trimestre, x.valeur, x.numerateur, x.denominateur,
			coalesce(x.masquee, false) AS masquee, x.source, v.id AS ancienne, coalesce(v.version, 0) AS version
		FROM `+table+` x LEFT JOIN valeur v ON v.courante AND v.indicateur = x.indicateur
			AND coalesce(v.qpv_id, 0) = coalesce(x.qpv_id, 0) AND coalesce(v.territoire_id, 0) = coalesce(x.territoire_id, 0)
			AND coalesce(v.millesime, 0) = coalesce(x.millesime, 0) AND coalesce(v.trimestre, 0) = coalesce(x.trimestre, 0)
		WHERE v.id IS NULL OR v.valeur <> x.valeur OR NOT x.implicite AND (v.source <> x.source
			OR v.numerateur IS DISTINCT FROM x.numerateur OR v.denominateur IS DISTINCT FROM x.denominateur)`)
	if err != nil {
		return b, fmt.Errorf("compare figures: %w", err)
	}
	err = tx.QueryRow(ctx, `SELECT (SELECT count(*) FROM `+table+`), count(*) FILTER (WHERE ancienne IS NULL), count(ancienne) FROM tmp_ecart`).
		Scan(&b.Toutes, &b.Ajoutees, &b.Changees)
	if err != nil {
		return b, fmt.Errorf("compare figures: %w", err)
	}
	return b, nil
}

// Origine is what figures come by; one of the two numbers is told.
type Origine struct {
	Importation *int
	Remontee    *int64
	Motif       string // of a correction
}

// Ecrire adds the figures of tmp_ecart as published ones: a former version stays, and is no longer the current one.
func Ecrire(ctx context.Context, tx pg.Tx, o Origine) error {
	if _, err := tx.Exec(ctx, `UPDATE valeur SET courante = false WHERE id IN (SELECT ancienne FROM tmp_ecart)`); err != nil {
		return fmt.Errorf("close former figures: %w", err)
	}
	_, err := tx.Exec(ctx, `
		INSERT INTO valeur (indicateur, qpv_id, territoire_id, millesime, trimestre, valeur, numerateur, denominateur, masquee, source, version,
			importation_id, remontee_id, motif)
		SELECT indicateur, qpv_id, territoire_id, millesime, trimestre, valeur, numerateur, denominateur, masquee, source, version + 1, $1, $2,
			CASE WHEN ancienne IS NULL THEN '' ELSE $3 END FROM tmp_ecart`, o.Importation, o.Remontee, o.Motif)
	if err != nil {
		return fmt.Errorf("add figures: %w", err)
	}
	return nil
}

// Masquer tells anew which of the current figures of a period are hidden, as table says: a correction of one may hide or show others.
// table has the same columns as for Comparer.
func Masquer(ctx context.Context, tx pg.Tx, table string) error {
	_, err := tx.Exec(ctx, `
		UPDATE valeur v SET masquee = x.masquee FROM `+table+` x
		WHERE v.courante AND v.indicateur = x.indicateur AND v.qpv_id IS NOT DISTINCT FROM x.qpv_id AND v.territoire_id IS NOT DISTINCT FROM x.territoire_id
			AND v.millesime IS NOT DISTINCT FROM x.millesime AND v.trimestre IS NOT DISTINCT FROM x.trimestre AND v.masquee <> x.masquee`)
	if err != nil {
		return fmt.Errorf("tell what is hidden: %w", err)
	}
	return nil
}

// Retirer closes the current figures of a return that table no longer holds: its producer says that there are none.
func Retirer(ctx context.Context, tx pg.Tx, remontee int64, table string) error {
	_, err := tx.Exec(ctx, `
		UPDATE valeur v SET courante = false WHERE v.remontee_id = $1 AND v.courante AND NOT EXISTS (SELECT FROM `+table+` x
			WHERE x.indicateur = v.indicateur AND x.qpv_id IS NOT DISTINCT FROM v.qpv_id AND x.territoire_id IS NOT DISTINCT FROM v.territoire_id)`, remontee)
	if err != nil {
		return fmt.Errorf("close figures that are no more: %w", err)
	}
	return nil
}
