package compte

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"

	"portail/internal/droits"
	"portail/internal/fault"
	"portail/internal/journal"
	"portail/internal/lexique"
	"portail/internal/pg"
)

// moi is what a person sees of their own account.
type moi struct {
	Nom                 string     `json:"nom"`
	Courriel            string     `json:"courriel"`
	CreeLe              time.Time  `json:"cree_le"`
	DerniereConnexion   *time.Time `json:"derniere_connexion"`
	ConnexionPrecedente *time.Time `json:"connexion_precedente"` // the one before, which the dashboard tells what is new from
	MotDePasse          bool       `json:"mot_de_passe"`         // one is set
	ProConnect          bool       `json:"proconnect"`           // linked
	TOTPActifLe         *time.Time `json:"second_facteur_depuis"`
	Recours             int        `json:"codes_de_secours_restants"`
}

// maFonction is a fonction held now or once.
type maFonction struct {
	ID        int64      `json:"-"`
	Role      string     `json:"role"`
	Organisme string     `json:"organisme"`
	Intitule  string     `json:"intitule"`
	Quartiers []string   `json:"quartiers"`
	Depuis    time.Time  `json:"depuis"`
	Fin       *time.Time `json:"fin"`
}

// maSession is one browser signed in.
type maSession struct {
	Jeton   string    `json:"-"`
	Agent   string    `json:"navigateur"`
	Adresse string    `json:"reseau"`
	CreeeLe time.Time `json:"ouverte_le"`
	VueLe   time.Time `json:"vue_le"`
	Ici     bool      `json:"celle_ci"`
}

// maPreference is how often one kind of notification is sent.
type maPreference struct {
	Sorte     string `json:"sorte"`
	Frequence string `json:"frequence"`
}

// maLigne is a line of the journal about the person.
type maLigne struct {
	Le    time.Time `json:"le"`
	Verbe string    `json:"verbe"`
	Objet string    `json:"objet"`
}

// monDossier is all that the portal knows of somebody: their page, and the file they may take away (RGPD, art. 15 and 20).
type monDossier struct {
	Compte      moi            `json:"compte"`
	Fonctions   []maFonction   `json:"fonctions"`
	Sessions    []maSession    `json:"sessions"`
	Preferences []maPreference `json:"notifications"`
	Journal     []maLigne      `json:"journal"`
}

// hashSession is how scs keeps a token when HashTokenInStore is set: the list of one's sessions needs it to know this one.
func hashSession(token string) string {
	sum := sha256.Sum256([]byte(token))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

// changerMotDePasse replaces a password by whoever knows the present one, and closes the person's other sessions.
func (s *Service) changerMotDePasse(ctx context.Context, par droits.Compte, present, nouveau, encore, ici string) error {
	id, err := s.readIdentifiant(ctx, par.ID)
	if err != nil {
		return err
	}
	if err := s.prouver(ctx, id, present); err != nil {
		return err
	}
	if err := checkNouveau(nouveau, encore, id); err != nil {
		return err
	}
	hash, err := hashMotDePasse(ctx, nouveau)
	if err != nil {
		return err
	}
	return pg.As(ctx, s.db, par, func(tx pgx.Tx) error {
		if err := setMotDePasse(ctx, tx, par.ID, hash, ici); err != nil {
			return err
		}
		if err := s.avertir(ctx, tx, id, "votre mot de passe vient d’être changé"); err != nil {
			return err
		}
		return journal.Note(ctx, tx, par, "mot de passe changé", "compte", par.ID, nil)
	})
}

// prouver asks for the present password before a sensitive change; slips are slowed like those of sign-in.
func (s *Service) prouver(ctx context.Context, id identifiant, motDePasse string) error {
	freins := []frein{{s.cleFrein("present", strconv.FormatInt(id.ID, 10)), permisCode, premierDelai, plafondCouple}}
	if wait, err := s.prendre(ctx, freins); err != nil {
		return err
	} else if wait > 0 {
		return trop(wait, "")
	}
	right, err := verifieMotDePasse(ctx, motDePasse, id.MotDePasse)
	if err != nil {
		return err
	}
	if right {
		return s.oublierEchecs(ctx, freins)
	}
	return fault.Fields{"present": "Ce n’est pas votre mot de passe actuel."}
}

// fermerAutresSessions ends the person's other sessions.
func (s *Service) fermerAutresSessions(ctx context.Context, par droits.Compte, ici string) error {
	return pg.As(ctx, s.db, par, func(tx pgx.Tx) error {
		if err := endSessions(ctx, tx, par.ID, ici); err != nil {
			return err
		}
		return journal.Note(ctx, tx, par, "autres sessions fermées", "compte", par.ID, nil)
	})
}

// reglerNotifications keeps how often each kind of notification is sent.
func (s *Service) reglerNotifications(ctx context.Context, par droits.Compte, voulu map[string]string) error {
	f := fault.Fields{}
	for _, sorte := range lexique.Notifications {
		if !lexique.Connu(lexique.Frequences, voulu[sorte.Code]) {
			f.Add(sorte.Code, "Choisissez une fréquence.")
		}
	}
	if err := f.Err(); err != nil {
		return err
	}
	return pg.As(ctx, s.db, par, func(tx pgx.Tx) error {
		changed := journal.Changement{}
		for _, sorte := range lexique.Notifications {
			before, err := setPreference(ctx, tx, par.ID, sorte.Code, voulu[sorte.Code])
			if err != nil {
				return err
			}
			changed.Champ(sorte.Code, before, voulu[sorte.Code])
		}
		if len(changed) == 0 {
			return nil
		}
		return journal.Note(ctx, tx, par, "notifications réglées", "compte", par.ID, changed)
	})
}

// retirerTOTP takes the second factor away, where no role asks for it.
func (s *Service) retirerTOTP(ctx context.Context, par droits.Compte, present string) error {
	id, err := s.readIdentifiant(ctx, par.ID)
	if err != nil {
		return err
	}
	if s.exigeSansChoix(id) {
		return fault.Fields{"present": "Votre fonction exige un second facteur : il ne peut pas être retiré."}
	}
	if err := s.prouver(ctx, id, present); err != nil {
		return err
	}
	return pg.As(ctx, s.db, par, func(tx pgx.Tx) error {
		if err := clearTOTP(ctx, tx, par.ID); err != nil {
			return err
		}
		if err := s.avertir(ctx, tx, id, "le second facteur de votre compte vient d’être retiré"); err != nil {
			return err
		}
		return journal.Note(ctx, tx, par, "second facteur retiré", "compte", par.ID, nil)
	})
}
