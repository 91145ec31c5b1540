package compte

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"time"
	"unicode/utf8"

	"github.com/jackc/pgx/v5"

	"portail/internal/droits"
	"portail/internal/fault"
	"portail/internal/journal"
	"portail/internal/lexique"
	"portail/internal/pg"
)

// ficheCompte is the record of an account. Partners read only what concerns their own organisation.
type ficheCompte struct {
	ID                int64
	Nom               string
	Courriel          string
	CreeLe            time.Time
	DerniereConnexion *time.Time
	MotDePasse        bool
	ProConnect        bool
	TOTPActifLe       *time.Time
	DesactiveLe       *time.Time
	DesactiveMotif    string
	PrevenuLe         *time.Time
	EffaceLe          *time.Time
	Demonstration     bool
	Version           int
	Sessions          int
}

// saFonction is a fonction of the account, in force or over.
type saFonction struct {
	ID        int64
	Role      string
	Organisme string
	Intitule  string
	Quartiers []string
	Depuis    time.Time
	Fin       *time.Time
}

// Lengths of what is typed.
const (
	motifMax    = 500
	intituleMax = 120
)

// Names of the fields of the forms.
const (
	champMotif     = "motif"
	champRole      = "role"
	champOrganisme = "organisme"
	champIntitule  = "intitule"
	champQPV       = "qpv"
	champFonction  = "fonction"
)

// checkMotif asks for a reason that somebody can read later.
func checkMotif(motif string) error {
	f := fault.Fields{}
	if motif == "" || utf8.RuneCountInString(motif) > motifMax {
		f.Add(champMotif, "Indiquez le motif, en "+strconv.Itoa(motifMax)+" caractères au plus.")
	}
	return f.Err()
}

// checkAutrui keeps people from acting on their own account: it takes two persons to take rights or proofs away.
func checkAutrui(par droits.Compte, compte int64) error {
	if par.ID == compte {
		return fault.Fields{"": "Vous ne pouvez pas le faire sur votre propre compte : demandez à un autre administrateur."}
	}
	return nil
}

// errDernier refuses what would leave nobody to look after the accounts.
var errDernier = fault.Fields{"": "C’est le dernier compte d’administration actif : donnez d’abord ce rôle à une autre personne."}

// saisieFonction is a fonction to be given, as it is typed.
type saisieFonction struct {
	Role      string
	Organisme int64
	Intitule  string
	QPV       []int32
}

// check refuses a fonction that the person may not give or that makes no sense: never a role above one's own (par.Invitables), a
// role of the préfecture only in a service of the State, a délégué with the quarters of their lettre de mission (R-T-2).
func (in saisieFonction) check(par droits.Compte, nature string) error {
	f := fault.Fields{}
	in.judge(f, par, nature)
	return f.Err()
}

// judge adds what is wrong with the fonction to the faults of its form.
func (in saisieFonction) judge(f fault.Fields, par droits.Compte, nature string) {
	role := droits.Role(in.Role)
	switch {
	case !lexique.Connu(lexique.Roles, in.Role):
		f.Add(champRole, "Choisissez un rôle.")
	case !slices.Contains(par.Invitables(), role):
		f.Add(champRole, "Votre fonction ne permet pas de donner ce rôle.")
	case role.Prefecture() && nature != "" && nature != "service_etat":
		f.Add(champOrganisme, "Ce rôle ne s’exerce que dans un service de l’État.")
	}
	switch {
	case in.Organisme == 0 || nature == "":
		f.Add(champOrganisme, "Choisissez un organisme en activité.")
	case perimetre(par) != 0 && in.Organisme != perimetre(par):
		f.Add(champOrganisme, "Vous ne pouvez inviter que dans votre propre organisme.")
	}
	if utf8.RuneCountInString(in.Intitule) > intituleMax {
		f.Add(champIntitule, "L’intitulé compte au plus "+strconv.Itoa(intituleMax)+" caractères.")
	}
	if role == droits.Delegue && len(in.QPV) == 0 {
		f.Add(champQPV, "Choisissez les quartiers de la lettre de mission.")
	}
}

// administrer does one deed on somebody's account: in one transaction it locks the administrators and the account, refuses a
// stale form, does it and journals it.
func (s *Service) administrer(ctx context.Context, par droits.Compte, compte int64, version int, do func(tx pgx.Tx, c compteVerrouille) error) error {
	return pg.As(ctx, s.db, par, func(tx pgx.Tx) error {
		if err := lockAdministrateurs(ctx, tx); err != nil {
			return err
		}
		// Whoever asks may have lost the right while waiting for the lock.
		if err := stillAdministrateur(ctx, tx, par); err != nil {
			return err
		}
		c, err := lockCompte(ctx, tx, compte)
		if err != nil {
			return err
		}
		if c.EffaceLe != nil {
			return fault.NotFound
		}
		if version != 0 && version != c.Version {
			return fault.Stale
		}
		if err := do(tx, c); err != nil {
			return err
		}
		return bumpVersion(ctx, tx, compte)
	})
}

// AjouterFonction gives a fonction to an account. One already in force is left as it is.
func (s *Service) AjouterFonction(ctx context.Context, par droits.Compte, compte int64, version int, in saisieFonction) error {
	return s.administrer(ctx, par, compte, version, func(tx pgx.Tx, c compteVerrouille) error {
		o, err := readOrganismeOuvert(ctx, tx, in.Organisme)
		if err != nil {
			return err
		}
		if err := in.check(par, o.Nature); err != nil {
			return err
		}
		if c.DesactiveLe != nil {
			return fault.Fields{"": "Ce compte est désactivé : réactivez-le d’abord."}
		}
		if in.Role != string(droits.Delegue) {
			in.QPV = nil
		}
		if _, err := insertFonction(ctx, tx, compte, in.Organisme, in.Role, in.Intitule, in.QPV); err != nil {
			return err
		}
		return journal.Note(ctx, tx, par, "fonction ajoutée", "compte", compte, journal.Changement{"fonction": {nil, libelleFonction(in.Role, o.Nom)}})
	})
}

// RetirerFonction ends a fonction. Sessions that act in it end with it; the last administrator stays one.
func (s *Service) RetirerFonction(ctx context.Context, par droits.Compte, compte, fonction int64, version int) error {
	return s.administrer(ctx, par, compte, version, func(tx pgx.Tx, _ compteVerrouille) error {
		f, err := endFonction(ctx, tx, compte, fonction)
		if err != nil {
			return err
		}
		if err := checkReste(ctx, tx, droits.Role(f.Role)); err != nil {
			return err
		}
		return journal.Note(ctx, tx, par, "fonction retirée", "compte", compte, journal.Changement{"fonction": {libelleFonction(f.Role, f.Organisme), nil}})
	})
}

// checkReste refuses, after a role was taken away, to leave no administrator.
func checkReste(ctx context.Context, tx pg.Tx, role droits.Role) error {
	if role != droits.Administrateur {
		return nil
	}
	n, err := countAdministrateurs(ctx, tx)
	if err != nil {
		return err
	}
	if n == 0 {
		return errDernier
	}
	return nil
}

// Desactiver closes an account; its sessions end at once, and nothing that the person wrote is touched.
func (s *Service) Desactiver(ctx context.Context, par droits.Compte, compte int64, version int, motif string) error {
	if err := checkAutrui(par, compte); err != nil {
		return err
	}
	if err := checkMotif(motif); err != nil {
		return err
	}
	return s.administrer(ctx, par, compte, version, func(tx pgx.Tx, c compteVerrouille) error {
		if c.DesactiveLe != nil {
			return fault.Fields{"": "Ce compte est déjà désactivé."}
		}
		alone, err := dernierAdministrateur(ctx, tx, compte)
		if err != nil {
			return err
		}
		if alone {
			return errDernier
		}
		if err := disable(ctx, tx, compte, motif, time.Now()); err != nil {
			return err
		}
		return journal.Note(ctx, tx, par, "compte désactivé", "compte", compte, journal.Changement{"motif": {nil, motif}})
	})
}

// Reactiver opens an account again, with the fonctions it had.
func (s *Service) Reactiver(ctx context.Context, par droits.Compte, compte int64, version int) error {
	return s.administrer(ctx, par, compte, version, func(tx pgx.Tx, c compteVerrouille) error {
		if c.DesactiveLe == nil {
			return fault.Fields{"": "Ce compte est déjà actif."}
		}
		if err := enable(ctx, tx, compte); err != nil {
			return err
		}
		return journal.Note(ctx, tx, par, "compte réactivé", "compte", compte, journal.Changement{"motif": {c.DesactiveMotif, nil}})
	})
}

// ReinitialiserTOTP takes the second factor of somebody who lost it away: they set one up anew at their next sign-in, with their
// password. It takes two persons, a reason, and the owner is told.
func (s *Service) ReinitialiserTOTP(ctx context.Context, par droits.Compte, compte int64, version int, motif string) error {
	if err := checkAutrui(par, compte); err != nil {
		return err
	}
	if err := checkMotif(motif); err != nil {
		return err
	}
	return s.administrer(ctx, par, compte, version, func(tx pgx.Tx, c compteVerrouille) error {
		if !c.TOTP {
			return fault.Fields{"": "Ce compte n’a pas de second facteur."}
		}
		if err := clearTOTP(ctx, tx, compte); err != nil {
			return err
		}
		if err := endSessions(ctx, tx, compte, ""); err != nil {
			return err
		}
		if err := s.avertir(ctx, tx, identifiant{ID: compte, Courriel: c.Courriel}, "l’administration a réinitialisé votre second facteur : vous en choisirez un nouveau à votre prochaine connexion"); err != nil {
			return err
		}
		return journal.Note(ctx, tx, par, "second facteur réinitialisé", "compte", compte, journal.Changement{"motif": {nil, motif}})
	})
}

// FermerSessions ends the sessions of somebody else's account.
func (s *Service) FermerSessions(ctx context.Context, par droits.Compte, compte int64) error {
	return s.administrer(ctx, par, compte, 0, func(tx pgx.Tx, _ compteVerrouille) error {
		if err := endSessions(ctx, tx, compte, ""); err != nil {
			return err
		}
		return journal.Note(ctx, tx, par, "sessions fermées", "compte", compte, nil)
	})
}

// readFiche reads the record of an account within the perimeter of who asks.
func (s *Service) readFiche(ctx context.Context, par droits.Compte, compte int64) (vueCompte, error) {
	v := vueCompte{Par: par}
	b := &pg.Batch{}
	addFiche(b, &v, par, compte)
	if par.Peut(droits.CompteAdministrer) {
		addAdministration(b, &v, s.cfg.Departement, compte)
	}
	if err := b.RunAs(ctx, s.db, par); err != nil {
		return v, fmt.Errorf("read compte %d: %w", compte, err)
	}
	return v, nil
}
