package compte

import (
	"context"
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
	Version       int      // counts the changes of the account, of its password and second factor too
	Roles         []string // of the fonctions in force
	// The fonction acted in at the last sign-in, else the first; 0: none.
	FonctionID  int64
	Role        string
	OrganismeID int64
	Organisme   string
}

// par is the account as the author of what it does before its session opens; the request is the visitor's.
func (id identifiant) par(visiteur droits.Compte) droits.Compte {
	return droits.Compte{ID: id.ID, Nom: id.Nom, Courriel: id.Courriel, FonctionID: id.FonctionID, Role: droits.Role(id.Role),
		Organisme: id.OrganismeID, OrganismeNom: id.Organisme, Requete: visiteur.Requete, Adresse: visiteur.Adresse}
}

// refusConnexion is the one answer to a wrong address, a wrong password, a disabled account and one without fonction: nothing
// tells them apart.
var refusConnexion = fault.Fields{"": "Le courriel ou le mot de passe ne convient pas."}

// trop says how long to wait, in words.
func trop(attente time.Duration, sinon string) error {
	minutes := int64(attente.Minutes()) + 1
	return fault.Fields{"": "Trop d’essais. Réessayez dans " + typo.NPluriel(minutes, "minute", "minutes") + sinon + "."}
}

// authentifie checks an address and a password. Unknown and known accounts take the same steps and the same time.
func (s *Service) authentifie(ctx context.Context, courriel, motDePasse string, adresse netip.Addr, visiteur droits.Compte) (identifiant, error) {
	courriel = strings.ToLower(courriel)
	freins := s.freinsConnexion(courriel, adresse)
	wait, err := s.prendre(ctx, freins)
	if err != nil {
		return identifiant{}, err
	}
	if wait > 0 {
		connu, err := s.reseauConnu(ctx, courriel, reseau(adresse))
		if err != nil {
			return identifiant{}, err
		}
		if connu { // the owner, from where they usually come: the failures of the rest of the world do not count
			freins = freins[:2]
			if wait, err = s.prendre(ctx, freins); err != nil {
				return identifiant{}, err
			}
		}
		if wait > 0 {
			return identifiant{}, trop(wait, ", ou utilisez « Mot de passe oublié »")
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
	return id.TOTPActif || s.exigeSansChoix(id)
}

// exigeSansChoix says whether a role of the account asks for the second factor.
func (s *Service) exigeSansChoix(id identifiant) bool {
	if id.Demonstration && s.cfg.Demonstration && !s.cfg.Acces.DemoTOTP {
		return false
	}
	return slices.ContainsFunc(id.Roles, func(r string) bool { return slices.Contains(s.cfg.Acces.TOTPRoles, r) })
}

// noteConnexion writes down that somebody came in, and how.
func (s *Service) noteConnexion(ctx context.Context, id identifiant, visiteur droits.Compte, moyen string) error {
	par := id.par(visiteur)
	return pg.As(ctx, s.db, par, func(tx pgx.Tx) error {
		if err := touchConnexion(ctx, tx, id.ID); err != nil {
			return err
		}
		return journal.Note(ctx, tx, par, "connexion", "compte", id.ID, journal.Changement{"moyen": {nil, moyen}})
	})
}
