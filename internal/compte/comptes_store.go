package compte

import (
	"context"
	"errors"
	"fmt"
	"time"

	"portail/internal/droits"
	"portail/internal/fault"
	"portail/internal/journal"
	"portail/internal/pg"
)

// lockAdministrateurs makes those who take an administrator away wait for each other: two at once would each see the other
// stay, and leave none.
func lockAdministrateurs(ctx context.Context, tx pg.Tx) error {
	if _, err := tx.Exec(ctx, `SELECT pg_advisory_xact_lock(hashtext('compte.administrateur'))`); err != nil {
		return fmt.Errorf("lock administrators: %w", err)
	}
	return nil
}

// administrateurs are the live accounts with a fonction of administrator. Ask under lockAdministrateurs.
const administrateurs = `SELECT DISTINCT f.compte_id FROM fonction f JOIN compte c ON c.id = f.compte_id
	WHERE f.role = 'administrateur' AND f.fin IS NULL AND c.desactive_le IS NULL`

func countAdministrateurs(ctx context.Context, tx pg.Tx) (n int, err error) {
	if err = tx.QueryRow(ctx, `SELECT count(*) FROM (`+administrateurs+`) AS a`).Scan(&n); err != nil {
		return 0, fmt.Errorf("count administrators: %w", err)
	}
	return n, nil
}

// dernierAdministrateur says whether the account is the only live one with a fonction of administrator.
func dernierAdministrateur(ctx context.Context, tx pg.Tx, compte int64) (alone bool, err error) {
	err = tx.QueryRow(ctx, `SELECT coalesce(bool_and(compte_id = $1), false) FROM (`+administrateurs+`) AS a`, compte).Scan(&alone)
	if err != nil {
		return false, fmt.Errorf("count administrators: %w", err)
	}
	return alone, nil
}

// stillAdministrateur refuses a deed asked by somebody whose account or fonction ended in the meantime.
func stillAdministrateur(ctx context.Context, tx pg.Tx, par droits.Compte) error {
	var still bool
	err := tx.QueryRow(ctx, `SELECT EXISTS (SELECT FROM fonction f JOIN compte c ON c.id = f.compte_id
		WHERE f.id = $1 AND f.compte_id = $2 AND f.role = $3 AND f.fin IS NULL AND c.desactive_le IS NULL)`, par.FonctionID, par.ID, string(par.Role)).Scan(&still)
	if err != nil {
		return fmt.Errorf("check fonction %d: %w", par.FonctionID, err)
	}
	if !still {
		return fmt.Errorf("fonction %d of compte %d ended: %w", par.FonctionID, par.ID, fault.Forbidden)
	}
	return nil
}

// compteVerrouille is an account about to change.
type compteVerrouille struct {
	ID             int64
	Nom            string
	Courriel       string
	TOTP           bool
	DesactiveLe    *time.Time
	DesactiveMotif string
	EffaceLe       *time.Time
	Version        int
}

func lockCompte(ctx context.Context, tx pg.Tx, id int64) (compteVerrouille, error) {
	c, err := pg.One[compteVerrouille](ctx, tx, `SELECT id, nom, courriel, totp_secret IS NOT NULL AS totp, desactive_le, desactive_motif, efface_le, version
		FROM compte WHERE id = $1 FOR UPDATE`, id)
	if err != nil {
		return c, fmt.Errorf("lock compte %d: %w", id, err)
	}
	return c, nil
}

func bumpVersion(ctx context.Context, tx pg.Tx, compte int64) error {
	if _, err := tx.Exec(ctx, `UPDATE compte SET version = version + 1 WHERE id = $1`, compte); err != nil {
		return fmt.Errorf("new version of compte %d: %w", compte, err)
	}
	return nil
}

// disable closes an account, and its sessions with it.
func disable(ctx context.Context, tx pg.Tx, compte int64, motif string, now time.Time) error {
	if _, err := tx.Exec(ctx, `UPDATE compte SET desactive_le = $2, desactive_motif = $3, version = version + 1 WHERE id = $1`, compte, now, motif); err != nil {
		return fmt.Errorf("disable compte %d: %w", compte, err)
	}
	return endSessions(ctx, tx, compte, "")
}

// enable opens an account again; its sleep starts afresh.
func enable(ctx context.Context, tx pg.Tx, compte int64) error {
	_, err := tx.Exec(ctx, `UPDATE compte SET desactive_le = NULL, desactive_motif = '', prevenu_le = NULL, reactive_le = now() WHERE id = $1`, compte)
	if err != nil {
		return fmt.Errorf("enable compte %d: %w", compte, err)
	}
	return nil
}

// organismeOuvert is an organisation in which a fonction may be given.
type organismeOuvert struct{ Nom, Nature string }

// readOrganismeOuvert reads an open organisation; the zero value when there is none.
func readOrganismeOuvert(ctx context.Context, q pg.Q, id int64) (organismeOuvert, error) {
	o, err := pg.One[organismeOuvert](ctx, q, `SELECT nom, nature FROM organisme WHERE id = $1 AND ferme_le IS NULL`, id)
	if err != nil && !errors.Is(err, fault.NotFound) {
		return o, fmt.Errorf("read organisme %d: %w", id, err)
	}
	return o, nil
}

// findOrganisme is the open organisation of that name or acronym.
func findOrganisme(ctx context.Context, q pg.Q, nom string) (int64, error) {
	o, err := pg.One[struct{ ID int64 }](ctx, q, `
		SELECT id FROM organisme WHERE ferme_le IS NULL AND sans_accent($1) IN (sans_accent(nom), sans_accent(sigle)) ORDER BY sans_accent(nom) = sans_accent($1) DESC, id LIMIT 1`, nom)
	return o.ID, err
}

// fonctionFinie is a fonction that was just ended.
type fonctionFinie struct {
	OrganismeID int64
	Organisme   string
	Role        string
	Intitule    string
	QPV         []int32
}

// endFonction ends a fonction in force.
func endFonction(ctx context.Context, tx pg.Tx, compte, fonction int64) (fonctionFinie, error) {
	f, err := pg.One[fonctionFinie](ctx, tx, `
		UPDATE fonction f SET fin = now() FROM organisme o
		WHERE f.id = $2 AND f.compte_id = $1 AND f.fin IS NULL AND o.id = f.organisme_id
		RETURNING f.organisme_id, o.nom AS organisme, f.role, f.intitule, ARRAY(SELECT q.qpv_id FROM fonction_qpv q WHERE q.fonction_id = f.id) AS qpv`, compte, fonction)
	if err != nil {
		return f, fmt.Errorf("end fonction %d: %w", fonction, err)
	}
	return f, nil
}

// addFiche queues what everybody with the right reads of an account in their perimeter.
func addFiche(b *pg.Batch, v *vueCompte, par droits.Compte, compte int64) {
	pg.AddOne(b, &v.Compte, `
		SELECT c.id, c.nom, c.courriel, c.cree_le, c.derniere_connexion, c.mot_de_passe IS NOT NULL AS mot_de_passe, c.proconnect_sub IS NOT NULL AS pro_connect,
			c.totp_actif_le, c.desactive_le, c.desactive_motif, c.prevenu_le, c.efface_le, c.demonstration, c.version,
			(SELECT count(*) FROM session s WHERE s.compte_id = c.id AND s.expire_le > now())::int AS sessions
		FROM compte c WHERE c.id = $1
		  AND ($2::bigint = 0 OR EXISTS (SELECT FROM fonction p WHERE p.compte_id = c.id AND p.organisme_id = $2 AND p.fin IS NULL))`, compte, perimetre(par))
	pg.Add(b, &v.Fonctions, `
		SELECT f.id, f.role, o.nom AS organisme, f.intitule, f.depuis, f.fin,
			ARRAY(SELECT q.nom FROM fonction_qpv fq JOIN qpv q ON q.id = fq.qpv_id WHERE fq.fonction_id = f.id ORDER BY q.nom) AS quartiers
		FROM fonction f JOIN organisme o ON o.id = f.organisme_id
		WHERE f.compte_id = $1 AND ($2::bigint = 0 OR f.organisme_id = $2) ORDER BY f.fin DESC NULLS FIRST, f.id LIMIT 100`, compte, perimetre(par))
}

// addAdministration queues what an administrator needs to act: history, and what the forms offer.
func addAdministration(b *pg.Batch, v *vueCompte, departement string, compte int64) {
	journal.AddHistorique(b, &v.Historique, "compte", compte)
	pg.Add(b, &v.Organismes, selectOrganismesOuverts, int64(0))
	addQuartiers(b, &v.Quartiers, departement)
}

// choixQPV is a quarter that a form offers.
type choixQPV struct {
	ID  int32
	Nom string
}

// addQuartiers queues the quarters of today's list in the département.
func addQuartiers(b *pg.Batch, into *[]choixQPV, departement string) {
	pg.Add(b, into, `SELECT id, nom FROM qpv WHERE generation = 2024 AND departement = $1 ORDER BY nom COLLATE "fr-x-icu"`, departement)
}
