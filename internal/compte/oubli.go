package compte

import (
	"context"
	"net/netip"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"portail/internal/courriel"
	"portail/internal/droits"
	"portail/internal/fault"
	"portail/internal/journal"
	"portail/internal/lien"
	"portail/internal/pg"
)

// Forgotten passwords: how long a link lives, how many an account may ask for in an hour, and how long each answer takes,
// whatever the address: long enough to cover the work that a known one causes.
const (
	oubliDuree    = time.Hour
	oubliParHeure = 3
	oubliReponse  = 400 * time.Millisecond
)

// usageMotDePasse is what the links of forgotten passwords are for.
const usageMotDePasse = "mot_de_passe"

// demanderMotDePasse sends a single-use link to the address if it has a live account; nothing tells whether it has.
func (s *Service) demanderMotDePasse(ctx context.Context, adresseCourriel string, adresse netip.Addr, visiteur droits.Compte) error {
	freins := []frein{{s.cleFrein("oubli", reseau(adresse)), permisReseau, premierDelai, plafondReseau}}
	if wait, err := s.prendre(ctx, freins); err != nil { // each request counts: nobody needs twenty
		return err
	} else if wait > 0 {
		return trop(wait, "")
	}
	id, err := s.findIdentifiant(ctx, strings.ToLower(adresseCourriel))
	if err != nil || id.ID == 0 || id.FonctionID == 0 {
		return err
	}
	texte, print := newJeton()
	return pg.As(ctx, s.db, visiteur, func(tx pgx.Tx) error {
		made, err := insertJeton(ctx, tx, print, id.ID, usageMotDePasse, oubliDuree, oubliParHeure)
		if err != nil || !made {
			return err
		}
		if err := journal.Note(ctx, tx, visiteur, "mot de passe oublié : lien envoyé", "compte", id.ID, nil); err != nil {
			return err
		}
		return courriel.Send(ctx, tx, courriel.Message{
			A: id.Courriel, Compte: id.ID, Sorte: "mot_de_passe", Secret: true, Sujet: "Choisir un nouveau mot de passe",
			Texte: "Bonjour,\n\nQuelqu’un, sans doute vous, a demandé à choisir un nouveau mot de passe pour votre compte sur « " + s.cfg.Nom + " ».\n\n" +
				"Ce lien sert une seule fois, pendant une heure :\n" + s.cfg.Absolu(lien.MotDePasse(texte)) + "\n\n" +
				"Si la demande ne vient pas de vous, ignorez ce message : votre mot de passe reste le même.\n",
		})
	})
}

// changerMotDePasseOublie sets a new password by a single-use link. It ends every session of the account, and opens none: the
// second factor is still asked at the next sign-in.
// It also forgets the failures to sign in from where it was done, which is what their delay told people to do.
func (s *Service) changerMotDePasseOublie(ctx context.Context, texte, motDePasse, encore string, adresse netip.Addr, visiteur droits.Compte) error {
	id, err := s.readJeton(ctx, empreinteJeton(texte), usageMotDePasse)
	if err != nil {
		return err
	}
	if err := checkNouveau(motDePasse, encore, id); err != nil {
		return err
	}
	hash, err := hashMotDePasse(ctx, motDePasse)
	if err != nil {
		return err
	}
	err = pg.As(ctx, s.db, visiteur, func(tx pgx.Tx) error {
		used, err := useJeton(ctx, tx, empreinteJeton(texte))
		if err != nil {
			return err
		}
		if !used { // the same link in two windows
			return fault.NotFound
		}
		if err := setMotDePasse(ctx, tx, id.ID, hash, ""); err != nil {
			return err
		}
		if err := s.avertir(ctx, tx, id, "votre mot de passe vient d’être changé par un lien reçu à cette adresse"); err != nil {
			return err
		}
		return journal.Note(ctx, tx, visiteur, "mot de passe changé par lien", "compte", id.ID, nil)
	})
	if err != nil {
		return err
	}
	return s.oublierEchecs(ctx, s.freinsConnexion(id.Courriel, adresse)[:1])
}

// checkNouveau judges a password typed twice, by the highest of the account's roles.
func checkNouveau(motDePasse, encore string, id identifiant) error {
	f := fault.Fields{}
	role := droits.Lecteur
	for _, r := range id.Roles {
		if droits.Role(r) == droits.Administrateur {
			role = droits.Administrateur
		}
	}
	local, domaine, _ := strings.Cut(id.Courriel, "@")
	if err := checkMotDePasse("mot_de_passe", motDePasse, role, append(strings.Fields(id.Nom), local, domaine)...); err != nil {
		return err
	}
	if motDePasse != encore {
		f.Add("encore", "Les deux saisies diffèrent. Retapez le mot de passe.")
	}
	return f.Err()
}
