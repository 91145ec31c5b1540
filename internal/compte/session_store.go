package compte

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/alexedwards/scs/v2"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"portail/internal/droits"
)

// store keeps sessions in Postgres. Unlike scs/pgxstore its queries run under the request's own deadline, so that a frozen
// database holds nobody; and the statement that finds a session also finds whose it is.
type store struct {
	db   *pgxpool.Pool
	idle time.Duration
}

var _ scs.CtxStore = (*store)(nil)

// visite is where FindCtx leaves whose session it found, for the door.
type visite struct {
	jeton     string // of the session in the table, hashed; empty: none was found
	compte    droits.Compte
	fonctions []fonctionActive
	agent     string
	adresse   string
}

// fonctionActive is a fonction that the signed-in person may act in.
type fonctionActive struct {
	ID        int64  `json:"id"`
	Role      string `json:"role"`
	Organisme string `json:"organisme"`
	Intitule  string `json:"intitule"`
}

type visiteKey struct{}

// found is one row: the session, and the account and fonction behind it if somebody is signed in.
type found struct {
	Donnees      []byte
	CompteID     *int64
	Nom          *string
	Courriel     *string
	FonctionID   *int64
	Role         *string
	OrganismeID  *int64
	OrganismeNom *string
	QPV          []int32
	Fonctions    []fonctionActive
}

// FindCtx reads a live session. A disabled account or an ended fonction ends the session with it.
func (st *store) FindCtx(ctx context.Context, jeton string) ([]byte, bool, error) {
	rows, err := st.db.Query(ctx, `
		WITH vue AS (
			UPDATE session SET vue_le = now()
			WHERE jeton = $1 AND expire_le > now() AND vue_le BETWEEN now() - $2::interval AND now() - $3::interval)
		SELECT s.donnees, c.id AS compte_id, c.nom, c.courriel, f.id AS fonction_id, f.role, o.id AS organisme_id, o.nom AS organisme_nom,
			ARRAY(SELECT q.qpv_id FROM fonction_qpv q WHERE q.fonction_id = f.id ORDER BY q.qpv_id) AS qpv,
			coalesce((SELECT jsonb_agg(jsonb_build_object('id', a.id, 'role', a.role, 'organisme', ao.nom, 'intitule', a.intitule) ORDER BY a.id)
			          FROM fonction a JOIN organisme ao ON ao.id = a.organisme_id WHERE a.compte_id = c.id AND a.fin IS NULL), '[]') AS fonctions
		FROM session s
		LEFT JOIN compte c ON c.id = s.compte_id AND c.desactive_le IS NULL
		LEFT JOIN fonction f ON f.id = s.fonction_id AND f.compte_id = c.id AND f.fin IS NULL
		LEFT JOIN organisme o ON o.id = f.organisme_id
		WHERE s.jeton = $1 AND s.expire_le > now() AND s.vue_le > now() - $2::interval
		  AND (s.compte_id IS NULL OR f.id IS NOT NULL)`,
		jeton, st.idle, touchEvery(st.idle))
	if err != nil {
		return nil, false, fmt.Errorf("find session: %w", err)
	}
	row, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[found])
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, false, nil
	}
	if err != nil {
		return nil, false, fmt.Errorf("find session: %w", err)
	}
	v, asked := ctx.Value(visiteKey{}).(*visite)
	if asked {
		v.jeton = jeton
	}
	if asked && row.CompteID != nil {
		v.compte = droits.Compte{ID: *row.CompteID, Nom: *row.Nom, Courriel: *row.Courriel, FonctionID: *row.FonctionID,
			Role: droits.Role(*row.Role), Organisme: *row.OrganismeID, OrganismeNom: *row.OrganismeNom, QPV: row.QPV}
		v.fonctions = row.Fonctions
	}
	return row.Donnees, true, nil
}

// CommitCtx writes a session, and beside its data the columns that other statements need. One that was found is only brought up to
// date: if it was ended meanwhile, by another window or by its owner elsewhere, it stays ended.
func (st *store) CommitCtx(ctx context.Context, jeton string, donnees []byte, expire time.Time) error {
	_, values, err := scs.GobCodec{}.Decode(donnees)
	if err != nil {
		return fmt.Errorf("read session: %w", err)
	}
	compte, _ := values[cleCompte].(int64)
	fonction, _ := values[cleFonction].(int64)
	var v visite
	if of, asked := ctx.Value(visiteKey{}).(*visite); asked {
		v = *of
	}
	if v.jeton == jeton {
		_, err = st.db.Exec(ctx, `
			UPDATE session SET donnees = $2, expire_le = $3, compte_id = nullif($4, 0), fonction_id = nullif($5, 0), vue_le = now()
			WHERE jeton = $1`, jeton, donnees, expire, compte, fonction)
	} else {
		_, err = st.db.Exec(ctx, `
			INSERT INTO session (jeton, donnees, expire_le, compte_id, fonction_id, agent, adresse)
			VALUES ($1, $2, $3, nullif($4, 0), nullif($5, 0), left($6, 200), $7)`, jeton, donnees, expire, compte, fonction, v.agent, v.adresse)
	}
	if err != nil {
		return fmt.Errorf("keep session: %w", err)
	}
	return nil
}

// proprietaire is whose session a token was, even one that has expired; 0: nobody's, or not known any more.
func (st *store) proprietaire(ctx context.Context, jeton string) (compte int64, err error) {
	err = st.db.QueryRow(ctx, `SELECT coalesce(max(compte_id), 0) FROM session WHERE jeton = $1`, jeton).Scan(&compte)
	if err != nil {
		return 0, fmt.Errorf("find whose session it was: %w", err)
	}
	return compte, nil
}

// DeleteCtx ends a session.
func (st *store) DeleteCtx(ctx context.Context, jeton string) error {
	if _, err := st.db.Exec(ctx, `DELETE FROM session WHERE jeton = $1`, jeton); err != nil {
		return fmt.Errorf("end session: %w", err)
	}
	return nil
}

// Find, Commit and Delete are what scs.Store asks for; scs calls the methods with a context instead.
func (st *store) Find(jeton string) ([]byte, bool, error) {
	return st.FindCtx(context.Background(), jeton)
}

// Commit is CommitCtx without a request.
func (st *store) Commit(jeton string, donnees []byte, expire time.Time) error {
	return st.CommitCtx(context.Background(), jeton, donnees, expire)
}

// Delete is DeleteCtx without a request.
func (st *store) Delete(jeton string) error { return st.DeleteCtx(context.Background(), jeton) }
