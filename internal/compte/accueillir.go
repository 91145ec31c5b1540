package compte

import (
	"context"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/jackc/pgx/v5"

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
	Par         string // who invites: organisation of the inviter
	ExpireLe    time.Time
	CompteID    int64 // of an account that has the address already; 0: none
	CompteActif bool
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
		visiteur.ID, visiteur.FonctionID, visiteur.Organisme = id.ID, id.FonctionID, inv.OrganismeID
		return journal.Note(ctx, tx, visiteur, "invitation acceptée", "compte", id.ID,
			journal.Changement{"fonction": {nil, libelleFonction(inv.Role, inv.Organisme)}})
	})
	return id, err
}

// accepterConnecte adds the fonction to the account of whoever is signed in, if the invitation is theirs.
func (s *Service) accepterConnecte(ctx context.Context, texte string, par droits.Compte) error {
	inv, err := s.readInvitation(ctx, empreinteJeton(texte))
	if err != nil {
		return err
	}
	if !strings.EqualFold(inv.Courriel, par.Courriel) {
		return fault.NotFound
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

func longueurMin(id identifiant) string {
	for _, r := range id.Roles {
		if droits.Role(r) == droits.Administrateur {
			return strconv.Itoa(motDePasseMinAdmin)
		}
	}
	return strconv.Itoa(motDePasseMin)
}
