package chiffre

import (
	"context"
	"fmt"

	"portail/internal/pg"
)

// Colonnes are the columns of a LigneValeur that come from valeur_publiee or valeur_partagee, called v.
const Colonnes = `v.millesime, v.trimestre, v.valeur::float8 AS valeur, v.secret, v.source, v.reservee, v.motif AS correction, CASE WHEN v.motif <> '' THEN v.creee_le END AS corrige_le`

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

// Retirer closes the current figures of a return that table no longer holds: its producer says that there are none. What it closes is added
// to the temporary table touchees.
func Retirer(ctx context.Context, tx pg.Tx, remontee int64, table, touchees string) error {
	_, err := tx.Exec(ctx, `
		WITH retirees AS (UPDATE valeur v SET courante = false WHERE v.remontee_id = $1 AND v.courante AND NOT EXISTS (SELECT FROM `+table+` x
			WHERE x.indicateur = v.indicateur AND x.qpv_id IS NOT DISTINCT FROM v.qpv_id AND x.territoire_id IS NOT DISTINCT FROM v.territoire_id)
			RETURNING v.qpv_id, v.indicateur)
		INSERT INTO `+touchees+` SELECT r.qpv_id, 'chiffres', i.libelle || ' (retiré)' FROM retirees r JOIN indicateur i ON i.code = r.indicateur
		WHERE r.qpv_id IS NOT NULL AND i.publique`, remontee)
	if err != nil {
		return fmt.Errorf("close figures that are no more: %w", err)
	}
	return nil
}

// Voiler hides the former versions of the figures of a return wherever secrecy covers one of them, then or now: set against those that did
// not change, they would give it away (R-F-2). Counts that are parts of one another go together, and only their producer still reads them.
func Voiler(ctx context.Context, tx pg.Tx, remontee int64) error {
	_, err := tx.Exec(ctx, `
		WITH famille AS (SELECT v.id, v.courante, coalesce(i.total, i.code) AS racine, valeur_secrete(i.nature, v.valeur, i.seuil_secret, v.numerateur, v.masquee) AS secrete
			FROM remontee r JOIN indicateur i ON i.producteur_id = r.organisme_id
			JOIN valeur v ON v.indicateur = i.code AND v.millesime = r.millesime AND v.trimestre IS NOT DISTINCT FROM r.trimestre
			WHERE r.id = $1)
		UPDATE valeur v SET masquee = true FROM famille f
		WHERE f.id = v.id AND NOT f.courante AND NOT v.masquee AND f.racine IN (SELECT racine FROM famille WHERE secrete)`, remontee)
	if err != nil {
		return fmt.Errorf("hide former figures: %w", err)
	}
	return nil
}

// Annoncer tells on the page of each quarter what changed there. touchees is a temporary table with the columns qpv_id, quoi (a code of
// lexique.MisesAJour) and detail; importation is the file it came by, nil for a return.
func Annoncer(ctx context.Context, tx pg.Tx, touchees string, importation *int) error {
	_, err := tx.Exec(ctx, `
		INSERT INTO mise_a_jour (qpv_id, quoi, detail, importation_id)
		SELECT qpv_id, quoi,
			CASE WHEN quoi = 'chiffres' AND count(DISTINCT detail) > 3 THEN count(DISTINCT detail) || ' indicateurs'
			     ELSE coalesce(string_agg(DISTINCT detail, ', ' ORDER BY detail) FILTER (WHERE detail <> ''), '') END, $1
		FROM `+touchees+` WHERE qpv_id IN (SELECT id FROM qpv) GROUP BY qpv_id, quoi ORDER BY qpv_id, quoi`, importation)
	if err != nil {
		return fmt.Errorf("note updates: %w", err)
	}
	return nil
}

// Toucher makes the temporary table tmp_touche, for Annoncer, of the public figures of tmp_ecart; motif is why they are corrected.
func Toucher(ctx context.Context, tx pg.Tx, motif string) error {
	_, err := tx.Exec(ctx, `
		CREATE TEMP TABLE tmp_touche (qpv_id integer, quoi text, detail text) ON COMMIT DROP`)
	if err == nil {
		_, err = tx.Exec(ctx, `
		INSERT INTO tmp_touche SELECT x.qpv_id, 'chiffres', i.libelle || CASE WHEN x.ancienne IS NOT NULL AND $1 <> '' THEN E' (correction\u00a0: ' || $1 || ')' ELSE '' END
		FROM tmp_ecart x JOIN indicateur i ON i.code = x.indicateur WHERE x.qpv_id IS NOT NULL AND i.publique`, motif)
	}
	if err != nil {
		return fmt.Errorf("tell what figures changed: %w", err)
	}
	return nil
}

// maxVersions is the most that a history tells.
const maxVersions = 1000

// AddVersions queues the figures of a quarter that have a former version, every version of each, as whoever asks may see them.
func AddVersions(b *pg.Batch, into *[]Version, code string) {
	pg.Add(b, into, `
		WITH q AS (SELECT id FROM qpv WHERE code = $1),
		anciennes AS (SELECT v.* FROM valeur_partagee v JOIN q ON v.qpv_id = q.id WHERE NOT v.courante),
		toutes AS (SELECT * FROM anciennes UNION ALL SELECT v.* FROM valeur_partagee v JOIN q ON v.qpv_id = q.id WHERE v.courante
			AND EXISTS (SELECT FROM anciennes a WHERE a.indicateur = v.indicateur AND a.millesime IS NOT DISTINCT FROM v.millesime AND a.trimestre IS NOT DISTINCT FROM v.trimestre))
		SELECT v.indicateur, i.libelle, i.unite, i.decimales, v.millesime, v.trimestre, v.courante,
			NOT v.courante AND v.version = max(v.version) OVER (PARTITION BY v.indicateur, v.millesime, v.trimestre) AS retiree, v.version = 1 AS premiere,
			v.remontee_id IS NOT NULL AS remontee, v.valeur::float8 AS valeur, v.secret, v.reservee, v.source, v.motif, v.creee_le
		FROM toutes v JOIN indicateur i ON i.code = v.indicateur
		ORDER BY i.ordre, v.indicateur, v.millesime DESC NULLS LAST, v.trimestre DESC NULLS LAST, v.version DESC LIMIT $2`, code, maxVersions)
}
