package diagnostic

import (
	"context"
	"time"

	"portail/internal/droits"
	"portail/internal/pg"
)

const selectRemontee = `SELECT r.id, r.organisme_id, o.nom AS organisme, r.departement, r.millesime, r.trimestre, r.echeance, r.etat, r.tour, r.motif, r.publiee_le, r.saisie,
	r.demonstration, r.version FROM remontee r JOIN organisme o ON o.id = r.organisme_id `

func lockRemontee(ctx context.Context, tx pg.Tx, id int64) (Remontee, error) {
	return pg.One[Remontee](ctx, tx, selectRemontee+`WHERE r.id = $1 FOR UPDATE OF r`, id)
}

func addRemontee(b *pg.Batch, into *Remontee, id int64) {
	pg.AddOne(b, into, selectRemontee+`WHERE r.id = $1`, id)
}

// updateRemontee writes a state over the locked version.
func updateRemontee(ctx context.Context, tx pg.Tx, r Remontee) error {
	return pg.Change(ctx, tx, `
		UPDATE remontee SET etat = $3, tour = $4, motif = $5, version = version + 1,
			certifiee_le = CASE WHEN $3 = 'certifiee' THEN now() ELSE certifiee_le END,
			publiee_le = CASE WHEN $3 = 'publiee' THEN now() ELSE publiee_le END
		WHERE id = $1 AND version = $2`, r.ID, r.Version, string(r.Etat), r.Tour, r.Motif)
}

func insertEtape(ctx context.Context, tx pg.Tx, par droits.Compte, r Remontee, motif string) error {
	_, err := tx.Exec(ctx, `INSERT INTO remontee_etape (remontee_id, etat, motif, organisme_id, compte_id) VALUES ($1, $2, $3, $4, $5)`,
		r.ID, string(r.Etat), motif, par.Organisme, par.ID)
	return err
}

// insertRemontees opens the returns that are not there yet.
func insertRemontees(ctx context.Context, tx pg.Tx, organismes []int64, departement string, millesime int, trimestre *int, echeance time.Time) ([]int64, error) {
	rows, err := pg.List[struct{ ID int64 }](ctx, tx, `
		INSERT INTO remontee (organisme_id, departement, millesime, trimestre, echeance)
		SELECT o.id, $2, $3, $4, $5 FROM organisme o WHERE o.id = ANY($1) AND o.ferme_le IS NULL
			AND EXISTS (SELECT FROM indicateur i WHERE i.producteur_id = o.id AND i.retire_le IS NULL AND i.periodicite = CASE WHEN $4::int IS NULL THEN 'annee' ELSE 'trimestre' END)
		ON CONFLICT ON CONSTRAINT remontee_unique DO NOTHING RETURNING id`, organismes, departement, millesime, trimestre, echeance)
	ids := make([]int64, len(rows))
	for i, r := range rows {
		ids[i] = r.ID
	}
	return ids, err
}

// etapeRow is a step of a return.
type etapeRow struct {
	Etat      Etat
	Motif     string
	Organisme string
	Le        time.Time
}

func addEtapes(b *pg.Batch, into *[]etapeRow, id int64) {
	pg.Add(b, into, `SELECT e.etat, e.motif, coalesce(o.nom, '') AS organisme, e.le FROM remontee_etape e LEFT JOIN organisme o ON o.id = e.organisme_id
		WHERE e.remontee_id = $1 ORDER BY e.id DESC LIMIT 50`, id)
}

// ligneRemontee is a return of the list.
type ligneRemontee struct {
	Remontee
	Remplies int // cells that hold something
	Lignes   int // of the whole list
}

func addRemontees(b *pg.Batch, into *[]ligneRemontee, f filtresRemontees) {
	pg.Add(b, into, `
		SELECT r.id, r.organisme_id, o.nom AS organisme, r.departement, r.millesime, r.trimestre, r.echeance, r.etat, r.tour, r.motif, r.publiee_le, r.saisie,
			r.demonstration, r.version,
			(SELECT count(*) FROM remontee_cellule c WHERE c.remontee_id = r.id AND c.courante AND (c.valeur IS NOT NULL OR c.absente))::int AS remplies,
			(count(*) OVER ())::int AS lignes
		FROM remontee r JOIN organisme o ON o.id = r.organisme_id
		WHERE ($1 = '' OR r.etat = $1) AND (NOT $2 OR r.etat IN ('a_faire', 'en_cours', 'prete') AND r.echeance < $3)
		ORDER BY r.etat = 'publiee', r.echeance DESC, o.nom, r.id LIMIT $4 OFFSET $5`, f.Etat, f.Retard, f.Aujourdhui, parPage, (f.Page-1)*parPage)
}

// addProducteurs queues the organisations that return figures.
func addProducteurs(b *pg.Batch, into *[]choix) {
	pg.Add(b, into, `SELECT o.id::text AS valeur, o.nom AS libelle FROM organisme o
		WHERE o.ferme_le IS NULL AND EXISTS (SELECT FROM indicateur i WHERE i.producteur_id = o.id AND i.retire_le IS NULL) ORDER BY o.nom COLLATE "fr-x-icu"`)
}

// listOuvertes are the returns that an organisation may type in, locked until the import that asks is over.
func listOuvertes(ctx context.Context, tx pg.Tx, par droits.Compte) ([]Remontee, error) {
	return pg.List[Remontee](ctx, tx, selectRemontee+`WHERE r.organisme_id = $1 AND r.etat IN ('a_faire', 'en_cours') ORDER BY r.id FOR UPDATE OF r`, par.Organisme)
}
