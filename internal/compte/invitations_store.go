package compte

import (
	"context"
	"fmt"
	"time"

	"portail/internal/droits"
	"portail/internal/pg"
)

// invitationPerimetre bounds the invitations that somebody sees: an administrator all, a référent those of lecteurs of their own
// organisation. $1: organisation (0: none).
const invitationPerimetre = `($1::bigint = 0 OR i.organisme_id = $1 AND i.role = 'lecteur')`

const selectInvitation = `
	SELECT i.id, i.nom, i.courriel, i.role, o.nom AS organisme, coalesce(c.nom, 'Ligne de commande') AS par, i.cree_le, i.expire_le, i.acceptee_le, i.revoquee_le
	FROM invitation i JOIN organisme o ON o.id = i.organisme_id LEFT JOIN compte c ON c.id = i.cree_par
	WHERE ` + invitationPerimetre

// etatInvitation is the condition of each state.
var etatInvitation = map[string]string{
	"en_attente": invitationEnAttente,
	"expiree":    `i.acceptee_le IS NULL AND i.revoquee_le IS NULL AND i.expire_le <= now()`,
	"acceptee":   `i.acceptee_le IS NOT NULL`,
	"revoquee":   `i.revoquee_le IS NOT NULL`,
}

// listeInvitations is a page of the list.
type listeInvitations struct {
	Lignes []Invitation
	Total  int64
}

func (s *Service) listInvitations(ctx context.Context, par droits.Compte, f filtresInvitations) (listeInvitations, error) {
	var l listeInvitations
	var total []struct{ N int64 }
	var b pg.Batch
	pg.Add(&b, &total, `SELECT count(*) AS n FROM invitation i WHERE `+invitationPerimetre+` AND `+etatInvitation[f.Etat], perimetre(par))
	pg.Add(&b, &l.Lignes, selectInvitation+` AND `+etatInvitation[f.Etat]+` ORDER BY i.id DESC `+pg.Page((f.Page-1)*invitationsParVue, invitationsParVue), perimetre(par))
	if err := b.RunAs(ctx, s.db, par); err != nil {
		return l, fmt.Errorf("list invitations: %w", err)
	}
	l.Total = total[0].N
	return l, nil
}

// readInvitationDe locks an invitation within the perimeter of who asks.
func readInvitationDe(ctx context.Context, tx pg.Tx, par droits.Compte, id int64) (Invitation, error) {
	i, err := pg.One[Invitation](ctx, tx, selectInvitation+` AND i.id = $2 FOR UPDATE OF i`, perimetre(par), id)
	if err != nil {
		return i, fmt.Errorf("lock invitation %d: %w", id, err)
	}
	return i, nil
}

// avantInvitation is what stands against an invitation.
type avantInvitation struct {
	Cle       bool // the same form was sent already
	EnCours   bool // one to the same fonction waits for its answer
	Titulaire bool // the address has an account in that fonction
	Jour      int  // invitations that the person sent in the last day
}

// lockInvitations makes two invitations of the same address wait for each other, then says what stands against this one.
func lockInvitations(ctx context.Context, tx pg.Tx, par droits.Compte, in saisieInvitation) (a avantInvitation, err error) {
	if _, err := tx.Exec(ctx, `SELECT pg_advisory_xact_lock(hashtextextended('invitation ' || $1, 0))`, in.Courriel); err != nil {
		return a, fmt.Errorf("lock invitations: %w", err)
	}
	err = tx.QueryRow(ctx, `
		SELECT EXISTS (SELECT FROM invitation i WHERE i.cle = $1),
			EXISTS (SELECT FROM invitation i WHERE i.courriel = $2 AND i.organisme_id = $3 AND i.role = $4 AND `+invitationEnAttente+`),
			EXISTS (SELECT FROM fonction f JOIN compte c ON c.id = f.compte_id WHERE c.courriel = $2 AND f.organisme_id = $3 AND f.role = $4 AND f.fin IS NULL AND c.desactive_le IS NULL),
			(SELECT count(*) FROM invitation i WHERE i.cree_par = $5 AND i.cree_le > now() - interval '1 day')`,
		in.Cle, in.Courriel, in.Organisme, in.Role, par.ID).Scan(&a.Cle, &a.EnCours, &a.Titulaire, &a.Jour)
	if err != nil {
		return a, fmt.Errorf("look at invitations: %w", err)
	}
	return a, nil
}

func insertInvitation(ctx context.Context, tx pg.Tx, par droits.Compte, in saisieInvitation, print []byte, duree time.Duration) (id int64, err error) {
	err = tx.QueryRow(ctx, `
		INSERT INTO invitation (courriel, nom, organisme_id, role, intitule, qpv, jeton, cree_par, expire_le, cle)
		VALUES ($1, $2, $3, $4, $5, coalesce((SELECT array_agg(q.id) FROM qpv q WHERE q.id = ANY ($6)), '{}'), $7, nullif($8, 0), now() + $9::interval, $10) RETURNING id`,
		in.Courriel, in.Nom, in.Organisme, in.Role, in.Intitule, in.QPV, print, par.ID, duree, in.Cle).Scan(&id)
	if err != nil {
		return 0, fmt.Errorf("invite: %w", err)
	}
	return id, nil
}

func renewInvitation(ctx context.Context, tx pg.Tx, id int64, print []byte, duree time.Duration) error {
	if _, err := tx.Exec(ctx, `UPDATE invitation SET jeton = $2, expire_le = now() + $3::interval WHERE id = $1`, id, print, duree); err != nil {
		return fmt.Errorf("renew invitation %d: %w", id, err)
	}
	return nil
}

func revokeInvitation(ctx context.Context, tx pg.Tx, id int64) error {
	if _, err := tx.Exec(ctx, `UPDATE invitation SET revoquee_le = now() WHERE id = $1`, id); err != nil {
		return fmt.Errorf("revoke invitation %d: %w", id, err)
	}
	return nil
}

// choixInvitation is what the form of an invitation offers.
type choixInvitation struct {
	Organismes []choixOrganisme
	Quartiers  []choixQPV
}

func (s *Service) readChoixInvitation(ctx context.Context, par droits.Compte) (c choixInvitation, err error) {
	b := &pg.Batch{}
	pg.Add(b, &c.Organismes, selectOrganismesOuverts, perimetre(par))
	addQuartiers(b, &c.Quartiers, s.cfg.Departement)
	if err := b.RunAs(ctx, s.db, par); err != nil {
		return c, fmt.Errorf("read choices of an invitation: %w", err)
	}
	return c, nil
}
