package compte

import (
	"context"
	"encoding/gob"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"portail/internal/droits"
	"portail/internal/fault"
	"portail/internal/journal"
	"portail/internal/pg"
)

// identite is who ProConnect says that somebody is, once all it answered was verified (C11 to C18).
type identite struct {
	Sub      string // the person within one organisation: the same person has another one under another SIRET
	Courriel string // in lower case; empty: none, or one that ProConnect itself holds for unverified
	Nom      string
	SIRET    string // of the organisation they signed in for; never enough to get in
	Service  string // identity provider behind ProConnect (idp_id)
	Fort     bool   // a second factor was used there
}

// depart is what this browser must bring back from ProConnect; good once.
type depart struct {
	State, Nonce, Verifier string
	Suite                  string // where the person was going
	Invitation             string // text of the invitation being accepted; empty: none
	Expire                 int64  // Unix
}

// departDuree is how long somebody may take at ProConnect.
const departDuree = 15 * time.Minute

// liaison is an identity that waits for the proof that an account is the same person's.
type liaison struct {
	Qui    identite
	Suite  string
	Expire int64 // Unix
}

// liaisonDuree is how long that proof may take.
const liaisonDuree = 15 * time.Minute

func init() {
	gob.Register(depart{})
	gob.Register(liaison{})
}

// casRefus is a way for a sign-in by ProConnect to fail; each has its page.
type casRefus int

const (
	refusDemande      casRefus = iota // unknown, used or late state
	refusAnnule                       // ProConnect says no, or the person gave up
	refusReponse                      // an answer that does not verify
	refusAbsent                       // ProConnect is away
	refusSansAdresse                  // no e-mail to go by
	refusSansCompte                   // nobody invited them
	refusInvitation                   // the invitation is for another address
	refusAutreSub                     // the address is that of an account tied to another identity
	refusAutreCompte                  // signed in with an account of another address than the identity's
	refusDesactive                    // the account is disabled
	refusSansFonction                 // the account has no fonction in force
)

// refusProConnect is a sign-in that failed: raison goes to the journal, cause to the technical log.
type refusProConnect struct {
	cas    casRefus
	raison string
	cause  error
	compte int64 // known by then; 0: none
}

func (r *refusProConnect) Error() string { return "proconnect: " + r.raison }

// Unwrap is the technical cause.
func (r *refusProConnect) Unwrap() error { return r.cause }

func refuser(cas casRefus, raison string) *refusProConnect {
	return &refusProConnect{cas: cas, raison: raison}
}

// accepterProConnect spends an invitation for the identity it was sent to: its account is made without a password, or, when it
// exists and never had one, tied to the identity.
func (s *Service) accepterProConnect(ctx context.Context, texte string, qui identite, visiteur droits.Compte) (identifiant, error) {
	inv, err := s.readInvitation(ctx, empreinteJeton(texte))
	if err != nil {
		return identifiant{}, err
	}
	if !strings.EqualFold(inv.Courriel, qui.Courriel) {
		return identifiant{}, refuser(refusInvitation, "invitation pour une autre adresse")
	}
	nom := qui.Nom
	if nom == "" {
		nom = inv.Nom
	}
	compte := inv.CompteID
	err = pg.As(ctx, s.db, visiteur, func(tx pgx.Tx) error {
		if compte == 0 {
			if compte, err = insertCompte(ctx, tx, inv.Courriel, nom, ""); err != nil {
				if pg.Violates(err, "compte_courriel_unique") {
					return fault.Stale
				}
				return err
			}
		}
		if err := tieSub(ctx, tx, compte, qui.Sub, false); err != nil {
			return err
		}
		fonction, err := s.entrer(ctx, tx, inv, texte, compte)
		if err != nil {
			return err
		}
		return journal.Note(ctx, tx, inv.comme(visiteur, compte, fonction), "invitation acceptée", "compte", compte, journal.Changement{
			"fonction": {nil, libelleFonction(inv.Role, inv.Organisme)}, "moyen": {nil, "ProConnect"}})
	})
	if err != nil {
		return identifiant{}, err
	}
	return s.readIdentifiant(ctx, compte)
}

// rattacher ties the identity to the account of whoever is signed in and confirms it: both are proven by then.
func (s *Service) rattacher(ctx context.Context, par droits.Compte, qui identite) error {
	if !strings.EqualFold(par.Courriel, qui.Courriel) {
		return &refusProConnect{cas: refusAutreCompte, raison: "identité d’une autre adresse", compte: par.ID}
	}
	return pg.As(ctx, s.db, par, func(tx pgx.Tx) error {
		if err := tieSub(ctx, tx, par.ID, qui.Sub, true); err != nil {
			return err
		}
		return journal.Note(ctx, tx, par, "ProConnect rattaché", "compte", par.ID, journal.Changement{"siret": {nil, qui.SIRET}})
	})
}

// permisProConnect is how many refusals of a network in a row are written down one by one: anybody can come back with a made-up
// state, and must not fill the journal.
const permisProConnect = 20

// noterRefusProConnect writes a refusal down.
func (s *Service) noterRefusProConnect(ctx context.Context, visiteur droits.Compte, reseau string, qui identite, r *refusProConnect) error {
	level := slog.LevelInfo
	if r.cas == refusAbsent || r.cas == refusReponse {
		level = slog.LevelError
	}
	slog.Log(ctx, level, "proconnect sign-in refused", "reason", r.raison, "error", r.cause, "request_id", visiteur.Requete)
	freins := []frein{{s.cleFrein("proconnect", reseau), permisProConnect, premierDelai, plafondReseau}}
	if wait, err := s.prendre(ctx, freins); err != nil || wait > 0 {
		return err
	}
	detail := journal.Changement{"moyen": {nil, "ProConnect"}, "raison": {nil, r.raison}}
	if qui.SIRET != "" {
		detail["siret"] = [2]any{nil, qui.SIRET}
	}
	return pg.As(ctx, s.db, visiteur, func(tx pgx.Tx) error {
		return journal.Note(ctx, tx, visiteur, "échec de connexion", "compte", r.compte, detail)
	})
}

// asRefus is the refusal within an error, if it is one.
func asRefus(err error) (*refusProConnect, bool) {
	var r *refusProConnect
	return r, errors.As(err, &r)
}

// reponseFausse is an answer of ProConnect that does not verify.
func reponseFausse(raison string, cause error) error {
	return &refusProConnect{cas: refusReponse, raison: raison, cause: cause}
}

// proconnectAbsent is ProConnect not answering.
func proconnectAbsent(cause error) error {
	return &refusProConnect{cas: refusAbsent, raison: "ProConnect ne répond pas", cause: fmt.Errorf("proconnect: %w", cause)}
}
