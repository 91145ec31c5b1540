package organisme

import (
	"context"
	"fmt"
	"time"

	"portail/internal/fault"
	"portail/internal/pg"
)

// colonnes are those of Organisme, from o and its successor n.
const colonnes = `o.id, o.nom, o.sigle, o.nature, coalesce(o.siret, '') AS siret, o.ferme_le, o.successeur_id,
	coalesce(n.nom, '') AS successeur_nom, o.version`

const depuis = ` FROM organisme o LEFT JOIN organisme n ON n.id = o.successeur_id `

// find reads an organisation as it is today; fault.NotFound when there is none.
func find(ctx context.Context, q pg.Q, id int64) (Organisme, error) {
	return pg.One[Organisme](ctx, q, `SELECT `+colonnes+depuis+`WHERE o.id = $1`, id)
}

// lock is find for a change: nobody else changes the record before the transaction ends.
func lock(ctx context.Context, tx pg.Tx, id int64) (Organisme, error) {
	return pg.One[Organisme](ctx, tx, `SELECT `+colonnes+depuis+`WHERE o.id = $1 FOR UPDATE OF o`, id)
}

// lockTwo locks both organisations of a merger in the order of their ids, so that two mergers at once do not wait for each other.
func lockTwo(ctx context.Context, tx pg.Tx, a, b int64) (map[int64]Organisme, error) {
	rows, err := pg.List[Organisme](ctx, tx, `SELECT `+colonnes+depuis+`WHERE o.id = ANY($1) ORDER BY o.id FOR UPDATE OF o`, []int64{a, b})
	found := map[int64]Organisme{}
	for _, o := range rows {
		found[o.ID] = o
	}
	return found, err
}

// NomAu is the name that an organisation had on a day, for documents of that day: its present name if it never changed since.
func NomAu(ctx context.Context, q pg.Q, id int64, jour time.Time) (string, error) {
	row, err := pg.One[struct{ Nom *string }](ctx, q, `SELECT organisme_nom_au($1, $2) AS nom`, id, jour)
	if err != nil {
		return "", fmt.Errorf("name of organisme %d on %s: %w", id, jour.Format(time.DateOnly), err)
	}
	if row.Nom == nil {
		return "", fault.NotFound
	}
	return *row.Nom, nil
}

// insert adds an organisation, unless the form of that key already did: fresh is then false.
func insert(ctx context.Context, tx pg.Tx, in Identite, cle string) (id int64, fresh bool, err error) {
	// Two clicks at once must not meet on the name before they meet on the key.
	id, done, err := pg.Once(ctx, tx, "organisme", cle)
	if err != nil || done {
		return id, false, err
	}
	err = tx.QueryRow(ctx, `INSERT INTO organisme (nom, sigle, nature, siret, cle) VALUES ($1, $2, $3, nullif($4, ''), $5) RETURNING id`,
		in.Nom, in.Sigle, in.Nature, in.Siret, cle).Scan(&id)
	return id, true, refus(err)
}

// update writes an identity over the locked version.
func update(ctx context.Context, tx pg.Tx, o Organisme, in Identite) error {
	return changed(ctx, tx, `UPDATE organisme SET nom = $3, sigle = $4, nature = $5, siret = nullif($6, ''), version = version + 1
		WHERE id = $1 AND version = $2`, o.ID, o.Version, in.Nom, in.Sigle, in.Nature, in.Siret)
}

// updateFermeture writes when an organisation closed and what took it over; nil for both reopens it.
func updateFermeture(ctx context.Context, tx pg.Tx, o Organisme, le *time.Time, successeur *int64) error {
	return changed(ctx, tx, `UPDATE organisme SET ferme_le = $3, successeur_id = $4, version = version + 1
		WHERE id = $1 AND version = $2`, o.ID, o.Version, le, successeur)
}

// touch counts a change of what belongs to the record.
func touch(ctx context.Context, tx pg.Tx, o Organisme) error {
	return changed(ctx, tx, `UPDATE organisme SET version = version + 1 WHERE id = $1 AND version = $2`, o.ID, o.Version)
}

// changed runs a change of one row that must be there.
func changed(ctx context.Context, tx pg.Tx, sql string, args ...any) error {
	return refus(pg.Change(ctx, tx, sql, args...))
}

// ancienNom is a name that an organisation no longer has.
type ancienNom struct {
	Nom, Sigle string
	JusquAu    time.Time
}

func dernierNom(ctx context.Context, tx pg.Tx, id int64) ([]ancienNom, error) {
	return pg.List[ancienNom](ctx, tx, `SELECT nom, sigle, jusqu_au FROM organisme_ancien_nom WHERE organisme_id = $1 ORDER BY jusqu_au DESC, id DESC LIMIT 1`, id)
}

func insertAncienNom(ctx context.Context, tx pg.Tx, id int64, a ancienNom) error {
	_, err := tx.Exec(ctx, `INSERT INTO organisme_ancien_nom (organisme_id, nom, sigle, jusqu_au) VALUES ($1, $2, $3, $4)`, id, a.Nom, a.Sigle, a.JusquAu)
	return err
}

// refus turns what the database refuses into the fault of a field.
func refus(err error) error {
	switch {
	case pg.Violates(err, "organisme_nom_unique"):
		return fault.Fields{"nom": "Un organisme ouvert porte déjà ce nom. Cherchez-le dans la liste avant d’en créer un autre."}
	case pg.Violates(err, "organisme_siret_unique"):
		return fault.Fields{"siret": "Un autre organisme a déjà ce SIRET. Cherchez-le dans la liste par son numéro."}
	case pg.Violates(err, "organisme_siret_valide"):
		return fault.Fields{"siret": "Ce SIRET n’existe pas\u00a0: vérifiez chaque chiffre."}
	case pg.Violates(err, "organisme_contact_unique"):
		return fault.Fields{"fonction": "Un contact porte déjà cette fonction\u00a0: modifiez-le."}
	}
	return err
}
