package dispositif

import (
	"context"
	"time"

	"portail/internal/pg"
)

const (
	selectMontantsBareme = `SELECT a_partir_du, (montant * 100)::bigint AS centimes, source, version FROM adulte_relais_montant `
	// The posts counted are those of the day that the year is looked at from.
	selectQuotas = `SELECT q.annee, q.postes::bigint AS postes, adulte_relais_postes(q.departement, least(greatest(current_date, make_date(q.annee, 1, 1)), make_date(q.annee, 12, 31))) AS occupes,
		q.source, q.demonstration, q.version FROM adulte_relais_quota q WHERE q.departement = $1 `
)

func addBareme(b *pg.Batch, v *vueBareme, departement string) {
	pg.Add(b, &v.Montants, selectMontantsBareme+`ORDER BY a_partir_du DESC`)
	pg.Add(b, &v.Quotas, selectQuotas+`ORDER BY q.annee DESC`, departement)
}

// firstOf is the row, or nil when there is none.
func firstOf[T any](rows []T, err error) (*T, error) {
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	return &rows[0], nil
}

func findMontant(ctx context.Context, q pg.Q, day time.Time) (*montantBareme, error) {
	return firstOf(pg.List[montantBareme](ctx, q, selectMontantsBareme+`WHERE a_partir_du = $1`, day))
}

func findQuota(ctx context.Context, q pg.Q, departement string, year int16) (*quotaAnnuel, error) {
	return firstOf(pg.List[quotaAnnuel](ctx, q, selectQuotas+`AND q.annee = $2`, departement, year))
}

func insertMontant(ctx context.Context, tx pg.Tx, m montantBareme) error {
	_, err := tx.Exec(ctx, `INSERT INTO adulte_relais_montant (a_partir_du, montant, source) VALUES ($1, $2::numeric / 100, $3)`, m.APartirDu, m.Centimes, m.Source)
	return err
}

func updateMontant(ctx context.Context, tx pg.Tx, m montantBareme) error {
	return pg.Change(ctx, tx, `UPDATE adulte_relais_montant SET montant = $2::numeric / 100, source = $3, version = version + 1 WHERE a_partir_du = $1 AND version = $4`, m.APartirDu, m.Centimes, m.Source, m.Version)
}

func insertQuota(ctx context.Context, tx pg.Tx, departement string, q quotaAnnuel) error {
	_, err := tx.Exec(ctx, `INSERT INTO adulte_relais_quota (departement, annee, postes, source) VALUES ($1, $2, $3, $4)`, departement, q.Annee, q.Postes, q.Source)
	return err
}

func updateQuota(ctx context.Context, tx pg.Tx, departement string, q quotaAnnuel) error {
	return pg.Change(ctx, tx, `UPDATE adulte_relais_quota SET postes = $3, source = $4, demonstration = false, version = version + 1 WHERE departement = $1 AND annee = $2 AND version = $5`,
		departement, q.Annee, q.Postes, q.Source, q.Version)
}
