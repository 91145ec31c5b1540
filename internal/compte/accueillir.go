package compte

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/jackc/pgx/v5"
	"golang.org/x/text/unicode/norm"

	"portail/internal/droits"
	"portail/internal/fault"
	"portail/internal/journal"
	"portail/internal/pg"
)

// invitationEnCours is what somebody who follows the link of an invitation sees.
type invitationEnCours struct {
	ID          int64
	Courriel    string
	Nom         string
	OrganismeID int64
	Organisme   string
	Role        string
	Intitule    string
	QPV         []int32
	Quartiers   []string // names of QPV
	Par         string   // who invites: organisation of the inviter
	ExpireLe    time.Time
	CompteID    int64 // of an account that has the address already; 0: none
	CompteActif bool
}

// comme is the account as the author of its entrance.
func (inv invitationEnCours) comme(visiteur droits.Compte, compte, fonction int64) droits.Compte {
	return identifiant{ID: compte, Courriel: inv.Courriel, FonctionID: fonction, Role: inv.Role, OrganismeID: inv.OrganismeID, Organisme: inv.Organisme}.par(visiteur)
}

// nomMax is the longest name of a person (compte_nom_non_vide keeps it too).
const nomMax = 120

// accepterNouveau makes the account of somebody invited, with their fonction. The link is spent by it.
func (s *Service) accepterNouveau(ctx context.Context, texte, nom, motDePasse, encore string, visiteur droits.Compte) (identifiant, error) {
	inv, err := s.readInvitation(ctx, empreinteJeton(texte))
	if err != nil {
		return identifiant{}, err
	}
	if inv.CompteID != 0 {
		return identifiant{}, fault.Stale // the account came into being meanwhile
	}
	id := identifiant{Nom: nom, Courriel: inv.Courriel, Roles: []string{inv.Role}}
	f := fault.Fields{}
	if nom == "" || utf8.RuneCountInString(nom) > nomMax {
		f.Add("nom", "Indiquez votre nom, en "+strconv.Itoa(nomMax)+" caractères au plus.")
		return identifiant{}, f.Err()
	}
	if err := checkNouveau(motDePasse, encore, id); err != nil {
		return identifiant{}, err
	}
	hash, err := hashMotDePasse(ctx, motDePasse)
	if err != nil {
		return identifiant{}, err
	}
	err = pg.As(ctx, s.db, visiteur, func(tx pgx.Tx) error {
		if id.ID, err = insertCompte(ctx, tx, inv.Courriel, nom, hash); err != nil {
			if pg.Violates(err, "compte_courriel_unique") {
				return fault.Stale
			}
			return err
		}
		if id.FonctionID, err = s.entrer(ctx, tx, inv, texte, id.ID); err != nil {
			return err
		}
		return journal.Note(ctx, tx, inv.comme(visiteur, id.ID, id.FonctionID), "invitation acceptée", "compte", id.ID,
			journal.Changement{"fonction": {nil, libelleFonction(inv.Role, inv.Organisme)}})
	})
	if err != nil {
		return identifiant{}, err
	}
	return s.readIdentifiant(ctx, id.ID)
}

// accepterConnecte adds the fonction to the account of whoever is signed in, if the invitation is theirs. An administrator has a
// longer password than others: it is asked for again, the only moment at which its length is known.
func (s *Service) accepterConnecte(ctx context.Context, texte, present string, par droits.Compte) error {
	inv, err := s.readInvitation(ctx, empreinteJeton(texte))
	if err != nil {
		return err
	}
	if !strings.EqualFold(inv.Courriel, par.Courriel) {
		return fault.NotFound
	}
	id, err := s.readIdentifiant(ctx, par.ID)
	if err != nil {
		return err
	}
	if demandeMotDePasse(inv, id) {
		if err := s.prouver(ctx, id, present); err != nil {
			return err
		}
		if utf8.RuneCountInString(norm.NFC.String(present)) < motDePasseMinAdmin {
			return fault.Fields{"present": "Le mot de passe d’un administrateur compte au moins " + strconv.Itoa(motDePasseMinAdmin) +
				" caractères. Changez d’abord le vôtre, depuis « Mon compte », puis ouvrez de nouveau l’invitation."}
		}
	}
	return pg.As(ctx, s.db, par, func(tx pgx.Tx) error {
		if _, err := s.entrer(ctx, tx, inv, texte, par.ID); err != nil {
			return err
		}
		return journal.Note(ctx, tx, par, "invitation acceptée", "compte", par.ID,
			journal.Changement{"fonction": {nil, libelleFonction(inv.Role, inv.Organisme)}})
	})
}

// entrer spends the invitation and gives the fonction.
func (s *Service) entrer(ctx context.Context, tx pg.Tx, inv invitationEnCours, texte string, compte int64) (int64, error) {
	used, err := useInvitation(ctx, tx, empreinteJeton(texte), compte)
	if err != nil {
		return 0, err
	}
	if !used {
		return 0, fault.NotFound
	}
	return insertFonction(ctx, tx, compte, inv.OrganismeID, inv.Role, inv.Intitule, inv.QPV)
}

// demandeMotDePasse says whether accepting asks for the password of the account: one that is to hold more than it did.
func demandeMotDePasse(inv invitationEnCours, id identifiant) bool {
	admin := string(droits.Administrateur)
	return inv.Role == admin && id.MotDePasse != "" && !slices.Contains(id.Roles, admin)
}

func longueurMin(id identifiant) string {
	for _, r := range id.Roles {
		if droits.Role(r) == droits.Administrateur {
			return strconv.Itoa(motDePasseMinAdmin)
		}
	}
	return strconv.Itoa(motDePasseMin)
}
