package diagnostic

import (
	"context"
	"fmt"
	"strconv"

	"portail/internal/chiffre"
	"portail/internal/droits"
	"portail/internal/pg"
)

const sqlIndicateursRemontee = `SELECT ` + colonnesIndicateur + ` FROM indicateur i
	WHERE i.producteur_id = $1 AND i.periodicite = $2 AND (i.retire_le IS NULL
		OR EXISTS (SELECT FROM remontee_cellule c WHERE c.remontee_id = $3 AND c.indicateur = i.code AND c.courante))
	ORDER BY i.thematique, i.ordre, i.libelle`

// sqlLieux are the quarters of a département in their latest list, and the places around them. The parent of a quarter is its only
// commune, else its only EPCI, else the département.
const sqlLieux = `
WITH q AS (SELECT x.id, x.code, x.nom FROM qpv x WHERE x.departement = $1 AND x.generation = (SELECT max(generation) FROM qpv WHERE departement = $1)),
c AS (SELECT t.id, t.code, t.nom, t.epci FROM territoire t WHERE t.niveau = 'commune' AND t.code IN (SELECT k.commune FROM qpv_commune k JOIN q ON q.id = k.qpv_id)),
e AS (SELECT t.id, t.code, t.nom FROM territoire t WHERE t.niveau = 'epci' AND t.code IN (SELECT k.epci FROM qpv_epci k JOIN q ON q.id = k.qpv_id)),
d AS (SELECT t.id, t.code, t.nom, t.region FROM territoire t WHERE t.niveau = 'departement' AND t.code = $1)
SELECT * FROM (
	SELECT 'q' || q.id AS cle, 'qpv' AS niveau, q.code, q.nom, coalesce(
		(SELECT 't' || min(c.id) FROM qpv_commune k JOIN c ON c.code = k.commune WHERE k.qpv_id = q.id HAVING (SELECT count(*) FROM qpv_commune k WHERE k.qpv_id = q.id) = 1),
		(SELECT 't' || min(e.id) FROM qpv_epci k JOIN e ON e.code = k.epci WHERE k.qpv_id = q.id HAVING (SELECT count(*) FROM qpv_epci k WHERE k.qpv_id = q.id) = 1),
		(SELECT 't' || d.id FROM d), '') AS parent FROM q
	UNION ALL SELECT 't' || c.id, 'commune', c.code, c.nom, coalesce((SELECT 't' || e.id FROM e WHERE e.code = c.epci), (SELECT 't' || d.id FROM d), '') FROM c
	UNION ALL SELECT 't' || e.id, 'epci', e.code, e.nom, coalesce((SELECT 't' || d.id FROM d), '') FROM e
	UNION ALL SELECT 't' || d.id, 'departement', d.code, d.nom, coalesce((SELECT 't' || r.id FROM territoire r WHERE r.niveau = 'region' AND r.code = d.region), '') FROM d
	UNION ALL SELECT 't' || r.id, 'region', r.code, r.nom, coalesce((SELECT 't' || f.id FROM territoire f WHERE f.niveau = 'france'), '')
		FROM territoire r JOIN d ON r.niveau = 'region' AND r.code = d.region
	UNION ALL SELECT 't' || f.id, 'france', f.code, f.nom, '' FROM territoire f WHERE f.niveau = 'france') AS lieux
ORDER BY array_position(ARRAY['qpv', 'commune', 'epci', 'departement', 'region', 'france'], niveau), nom, code`

// celluleRow is a cell as it is stored.
type celluleRow struct {
	Indicateur, Lieu                 string
	Valeur, Numerateur, Denominateur *float64
	Absente                          bool
	Confirmation                     string
	Saisie                           int
}

const colonnesCellule = `indicateur, coalesce('q' || qpv_id, 't' || territoire_id) AS lieu, valeur::float8 AS valeur, numerateur::float8 AS numerateur,
	denominateur::float8 AS denominateur, absente, confirmation, saisie`

func indexerCellules(rows []celluleRow) map[cle]cellule {
	m := make(map[cle]cellule, len(rows))
	for _, r := range rows {
		m[cle{r.Indicateur, r.Lieu}] = cellule{r.Valeur, r.Numerateur, r.Denominateur, r.Absente, r.Confirmation, r.Saisie}
	}
	return m
}

// avantRow is the last published figure of a former period.
type avantRow struct {
	Indicateur, Lieu string
	Valeur           float64
}

// sqlAvant reads the table and not a view: the producer compares with its own figures, whole.
const sqlAvant = `SELECT DISTINCT ON (v.indicateur, v.qpv_id, v.territoire_id) v.indicateur, coalesce('q' || v.qpv_id, 't' || v.territoire_id) AS lieu, v.valeur::float8 AS valeur
	FROM valeur v JOIN indicateur i ON i.code = v.indicateur AND i.producteur_id = $1 AND i.periodicite = $2
	WHERE v.courante AND v.etat = 'publie' AND (v.millesime, coalesce(v.trimestre, 0)) < ($3::int, coalesce($4::int, 0))
	ORDER BY v.indicateur, v.qpv_id, v.territoire_id, v.millesime DESC, v.trimestre DESC`

// grilleRows is what a grid is made from.
type grilleRows struct {
	indicateurs []Indicateur
	lieux       []lieu
	cellules    []celluleRow
	avant       []avantRow
}

func addGrille(b *pg.Batch, into *grilleRows, r Remontee) {
	pg.Add(b, &into.indicateurs, sqlIndicateursRemontee, r.OrganismeID, r.periodicite(), r.ID)
	pg.Add(b, &into.lieux, sqlLieux, r.Departement)
	pg.Add(b, &into.cellules, `SELECT `+colonnesCellule+` FROM remontee_cellule WHERE remontee_id = $1 AND courante`, r.ID)
	pg.Add(b, &into.avant, sqlAvant, r.OrganismeID, r.periodicite(), r.Millesime, r.Trimestre)
}

func (g grilleRows) grille(r Remontee) grille {
	out := grille{Remontee: r, Indicateurs: g.indicateurs, Lieux: g.lieux, Cellules: indexerCellules(g.cellules), Avant: map[cle]float64{}}
	for _, a := range g.avant {
		out.Avant[cle{a.Indicateur, a.Lieu}] = a.Valeur
	}
	return out
}

// readGrille reads the grid of a return within a transaction.
func readGrille(ctx context.Context, tx pg.Tx, r Remontee) (grille, error) {
	var b pg.Batch
	var rows grilleRows
	addGrille(&b, &rows, r)
	if err := b.Run(ctx, tx); err != nil {
		return grille{}, fmt.Errorf("read the grid of remontee %d: %w", r.ID, err)
	}
	return rows.grille(r), nil
}

// readCellulesAu reads the cells as they were after a saving.
func readCellulesAu(ctx context.Context, tx pg.Tx, id int64, saisie int) (map[cle]cellule, error) {
	rows, err := pg.List[celluleRow](ctx, tx, `SELECT DISTINCT ON (indicateur, qpv_id, territoire_id) `+colonnesCellule+`
		FROM remontee_cellule WHERE remontee_id = $1 AND saisie <= $2 ORDER BY indicateur, qpv_id, territoire_id, saisie DESC`, id, saisie)
	return indexerCellules(rows), err
}

// place splits the key of a place into the quarter or the territory that it is.
func place(key string) (qpv, territoire *int32) {
	n, err := strconv.ParseInt(key[1:], 10, 32)
	if err != nil {
		return nil, nil
	}
	id := int32(n)
	if key[0] == 'q' {
		return &id, nil
	}
	return nil, &id
}

// writeCellules adds a version of each cell and counts the saving.
func writeCellules(ctx context.Context, tx pg.Tx, par droits.Compte, r Remontee, changed map[cle]cellule) error {
	err := pg.Change(ctx, tx, `UPDATE remontee SET saisie = saisie + 1, etat = 'en_cours' WHERE id = $1 AND saisie = $2`, r.ID, r.Saisie)
	if err != nil {
		return err
	}
	n := len(changed)
	indicateurs, words := make([]string, 0, n), make([]string, 0, n)
	qpv, territoires := make([]*int32, 0, n), make([]*int32, 0, n)
	values, tops, bottoms := make([]*float64, 0, n), make([]*float64, 0, n), make([]*float64, 0, n)
	missing := make([]bool, 0, n)
	for k, c := range changed {
		q, t := place(k.lieu)
		indicateurs, qpv, territoires = append(indicateurs, k.indicateur), append(qpv, q), append(territoires, t)
		values, tops, bottoms = append(values, c.Valeur), append(tops, c.Numerateur), append(bottoms, c.Denominateur)
		missing, words = append(missing, c.Absente), append(words, c.Confirmation)
	}
	_, err = tx.Exec(ctx, `UPDATE remontee_cellule c SET courante = false FROM unnest($2::text[], $3::int[], $4::int[]) AS x(indicateur, qpv_id, territoire_id)
		WHERE c.remontee_id = $1 AND c.courante AND c.indicateur = x.indicateur AND c.qpv_id IS NOT DISTINCT FROM x.qpv_id AND c.territoire_id IS NOT DISTINCT FROM x.territoire_id`,
		r.ID, indicateurs, qpv, territoires)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `INSERT INTO remontee_cellule (remontee_id, saisie, compte_id, indicateur, qpv_id, territoire_id, valeur, numerateur, denominateur, absente, confirmation)
		SELECT $1, $2, $3, x.* FROM unnest($4::text[], $5::int[], $6::int[], $7::float8[], $8::float8[], $9::float8[], $10::bool[], $11::text[]) AS x`,
		r.ID, r.Saisie+1, par.ID, indicateurs, qpv, territoires, values, tops, bottoms, missing, words)
	return err
}

// publier makes published figures of the cells of a certified return, those that secrecy hides being told.
func publier(ctx context.Context, tx pg.Tx, g grille) error {
	if _, err := tx.Exec(ctx, `CREATE TEMP TABLE tmp_remontee (indicateur text, qpv_id integer, territoire_id integer, millesime smallint, trimestre smallint, valeur numeric,
		numerateur numeric, denominateur numeric, masquee boolean, source text, implicite boolean) ON COMMIT DROP`); err != nil {
		return fmt.Errorf("prepare figures: %w", err)
	}
	hidden := g.masquees()
	var indicateurs, lieux []string
	var masks []bool
	for k := range g.Cellules {
		indicateurs, lieux, masks = append(indicateurs, k.indicateur), append(lieux, k.lieu), append(masks, hidden[k])
	}
	_, err := tx.Exec(ctx, `INSERT INTO tmp_remontee
		SELECT c.indicateur, c.qpv_id, c.territoire_id, r.millesime, r.trimestre, c.valeur, c.numerateur, c.denominateur, x.masquee,
			CASE WHEN i.source <> '' THEN i.source ELSE i.producteur END, false
		FROM remontee_cellule c JOIN remontee r ON r.id = c.remontee_id JOIN indicateur i ON i.code = c.indicateur
		JOIN unnest($2::text[], $3::text[], $4::bool[]) AS x(indicateur, lieu, masquee) ON x.indicateur = c.indicateur AND x.lieu = coalesce('q' || c.qpv_id, 't' || c.territoire_id)
		WHERE c.remontee_id = $1 AND c.courante AND c.valeur IS NOT NULL`, g.ID, indicateurs, lieux, masks)
	if err != nil {
		return fmt.Errorf("prepare figures: %w", err)
	}
	if _, err := chiffre.Comparer(ctx, tx, "tmp_remontee"); err != nil {
		return err
	}
	motif, err := motifCorrection(ctx, tx, g.Remontee)
	if err != nil {
		return err
	}
	if err := chiffre.Ecrire(ctx, tx, chiffre.Origine{Remontee: &g.ID, Motif: motif}); err != nil {
		return err
	}
	if err := chiffre.Toucher(ctx, tx, motif); err != nil {
		return err
	}
	if err := chiffre.Retirer(ctx, tx, g.ID, "tmp_remontee", "tmp_touche"); err != nil {
		return err
	}
	if err := chiffre.Masquer(ctx, tx, "tmp_remontee"); err != nil {
		return err
	}
	if err := chiffre.Voiler(ctx, tx, g.ID); err != nil {
		return err
	}
	if err := chiffre.Annoncer(ctx, tx, "tmp_touche", nil); err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `DROP TABLE tmp_remontee, tmp_ecart, tmp_touche`)
	return err
}

// motifCorrection is why published figures are being corrected: the reason given when the return was reopened, whatever was said since while
// it went back and forth. Empty when it was never published.
func motifCorrection(ctx context.Context, tx pg.Tx, r Remontee) (string, error) {
	if r.Tour == 1 {
		return "", nil
	}
	found, err := pg.List[struct{ Motif string }](ctx, tx, `SELECT motif FROM remontee_etape WHERE remontee_id = $1 AND motif <> ''
		AND id > coalesce((SELECT max(id) FROM remontee_etape WHERE remontee_id = $1 AND etat = 'publiee'), 0) ORDER BY id LIMIT 1`, r.ID)
	if err != nil || len(found) == 0 {
		return r.Motif, err
	}
	return found[0].Motif, nil
}
