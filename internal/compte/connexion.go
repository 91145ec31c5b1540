package compte

import (
	"context"
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"portail/internal/droits"
	"portail/internal/fault"
	"portail/internal/journal"
	"portail/internal/pg"
	"portail/web/typo"
)

// identifiant is what sign-in needs of an account.
type identifiant struct {
	ID            int64
	Nom           string
	Courriel      string
	MotDePasse    string // hash; empty: none
	TOTPSecret    []byte
	TOTPActif     bool
	Demonstration bool
	Roles         []string // of the fonctions in force
	FonctionID    int64    // acted in at the last sign-in, else the first; 0: none
}

// refusConnexion is the one answer to a wrong address, a wrong password, a disabled account and one without fonction: nothing
// tells them apart.
var refusConnexion = fault.Fields{"": "Le courriel ou le mot de passe ne convient pas."}

// trop says how long to wait, in words.
func trop(attente time.Duration) error {
	minutes := int64(attente.Minutes()) + 1
	return fault.Fields{"": fmt.Sprintf("Trop d’essais infructueux. Réessayez dans %s, ou utilisez « Mot de passe oublié ».", typo.NPluriel(minutes, "minute", "minutes"))}
}

// authentifie checks an address and a password. Unknown and known accounts take the same steps and the same time.
func (s *Service) authentifie(ctx context.Context, courriel, motDePasse string, adresse netip.Addr, visiteur droits.Compte) (identifiant, error) {
	courriel = strings.ToLower(courriel)
	freins := s.freinsConnexion(courriel, adresse)
	wait, err := s.attente(ctx, freins)
	if err != nil {
		return identifiant{}, err
	}
	if wait > 0 {
		connu, err := s.reseauConnu(ctx, courriel, reseau(adresse))
		if err != nil {
			return identifiant{}, err
		}
		if connu { // the owner, from where they usually come: only their own slips count
			if wait, err = s.attente(ctx, freins[:2]); err != nil {
				return identifiant{}, err
			}
		}
		if wait > 0 {
			return identifiant{}, trop(wait)
		}
	}
	id, err := s.findIdentifiant(ctx, courriel)
	if err != nil {
		return identifiant{}, err
	}
	right, err := verifieMotDePasse(ctx, motDePasse, id.MotDePasse)
	if err != nil {
		return identifiant{}, err
	}
	if right && id.FonctionID != 0 {
		return id, s.oublierEchecs(ctx, freins)
	}
	if err := s.noterEchec(ctx, freins); err != nil {
		return identifiant{}, err
	}
	err = pg.As(ctx, s.db, visiteur, func(tx pgx.Tx) error {
		return journal.Note(ctx, tx, visiteur, "échec de connexion", "compte", id.ID, nil)
	})
	if err != nil {
		return identifiant{}, err
	}
	return identifiant{}, refusConnexion
}

// exigeCode says whether the account must give a code beside its password: because it chose to, or because of a role.
func (s *Service) exigeCode(id identifiant) bool {
	if id.TOTPActif {
		return true
	}
	if id.Demonstration && s.cfg.Demonstration && !s.cfg.Acces.DemoTOTP {
		return false
	}
	return slices.ContainsFunc(id.Roles, func(r string) bool { return slices.Contains(s.cfg.Acces.TOTPRoles, r) })
}

// noteConnexion writes down that somebody came in, and how.
func (s *Service) noteConnexion(ctx context.Context, id identifiant, visiteur droits.Compte, moyen string) error {
	visiteur.ID, visiteur.FonctionID = id.ID, id.FonctionID
	return pg.As(ctx, s.db, visiteur, func(tx pgx.Tx) error {
		if err := touchConnexion(ctx, tx, id.ID); err != nil {
			return err
		}
		return journal.Note(ctx, tx, visiteur, "connexion", "compte", id.ID, journal.Changement{"moyen": {nil, moyen}})
	})
}
