package compte

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"

	"portail/internal/courriel"
	"portail/internal/droits"
	"portail/internal/fault"
	"portail/internal/journal"
	"portail/internal/lien"
	"portail/internal/pg"
	"portail/web"
	"portail/web/typo"
)

// Transmissible is a kind of things that may be open in somebody's name: when a post is handed over, each kind lists its own and
// passes them on. Areas register theirs in portail.go; none needs to know this package.
type Transmissible interface {
	// NomOuverts names the kind in the plural, as a heading: "Invitations en attente".
	NomOuverts() string
	// ListOuverts are those of the account, in words that tell them apart, linked to their page if they have one.
	ListOuverts(ctx context.Context, q pg.Q, compte int64) ([]web.Lien, error)
	// Transmettre passes them all from an account to another and says how many there were.
	Transmettre(ctx context.Context, tx pgx.Tx, par droits.Compte, de, a int64) (int, error)
}

// Register adds kinds of things that a hand-over passes on.
func (s *Service) Register(kinds ...Transmissible) {
	s.transmissibles = append(s.transmissibles, kinds...)
}

// ouverts are the open things of one kind.
type ouverts struct {
	Nom    string
	Objets []web.Lien
}

// listOuverts are all that is open in somebody's name, kind by kind.
func (s *Service) listOuverts(ctx context.Context, q pg.Q, compte int64) ([]ouverts, error) {
	var all []ouverts
	for _, kind := range s.transmissibles {
		objets, err := kind.ListOuverts(ctx, q, compte)
		if err != nil {
			return nil, fmt.Errorf("list %s of compte %d: %w", kind.NomOuverts(), compte, err)
		}
		all = append(all, ouverts{kind.NomOuverts(), objets})
	}
	return all, nil
}

// empreinteOuverts stands for a preview: what is handed over must be what was shown.
func empreinteOuverts(all []ouverts) string {
	sum := sha256.New()
	for _, kind := range all {
		fmt.Fprintf(sum, "%d:%s", len(kind.Objets), kind.Nom)
		for _, o := range kind.Objets {
			fmt.Fprintf(sum, "%d:%s%s", len(o.Texte), o.Texte, o.Href)
		}
	}
	return hex.EncodeToString(sum.Sum(nil))[:16]
}

// apercu is what a hand-over would do.
type apercu struct {
	De, A     compteVerrouille
	Ouverts   []ouverts
	Empreinte string
}

// Total is the number of things that would change hands.
func (a apercu) Total() int {
	n := 0
	for _, kind := range a.Ouverts {
		n += len(kind.Objets)
	}
	return n
}

// champA is the address of whoever takes the post over.
const champA = "a"

// previewTransmission says what would go from an account to the one with that address. An empty address looks at what is open only.
func (s *Service) previewTransmission(ctx context.Context, tx pgx.Tx, de int64, adresse string) (a apercu, err error) {
	if a.De, err = lockCompte(ctx, tx, de); err != nil {
		return a, err
	}
	if a.De.EffaceLe != nil {
		return a, fault.NotFound
	}
	if a.Ouverts, err = s.listOuverts(ctx, tx, de); err != nil {
		return a, err
	}
	a.Empreinte = empreinteOuverts(a.Ouverts)
	if adresse == "" {
		return a, nil
	}
	if a.A, err = lockAdresse(ctx, tx, strings.ToLower(adresse)); err != nil {
		return a, err
	}
	switch {
	case a.A.ID == 0 || a.A.DesactiveLe != nil:
		return a, fault.Fields{champA: "Aucun compte actif n’a cette adresse. Invitez d’abord la personne."}
	case a.A.ID == de:
		return a, fault.Fields{champA: "Un poste se transmet à une autre personne."}
	}
	return a, nil
}

// Transmettre hands the post over: every fonction and all that is open passes in one transaction, or nothing does. empreinte is that
// of the preview that was agreed to; fault.Stale: it is no longer true. It returns how many things changed hands.
func (s *Service) Transmettre(ctx context.Context, par droits.Compte, de int64, adresse, empreinte string) (n int, err error) {
	err = pg.As(ctx, s.db, par, func(tx pgx.Tx) error {
		if err := lockAdministrateurs(ctx, tx); err != nil {
			return err
		}
		if err := stillAdministrateur(ctx, tx, par); err != nil {
			return err
		}
		if adresse == "" {
			return fault.Fields{champA: "Indiquez l’adresse de la personne qui reprend le poste."}
		}
		a, err := s.previewTransmission(ctx, tx, de, adresse)
		if err != nil {
			return err
		}
		if a.Empreinte != empreinte {
			return fault.Stale
		}
		if a.Total() == 0 {
			return fault.Fields{"": "Rien n’est ouvert au nom de cette personne."}
		}
		detail := journal.Changement{}
		for _, kind := range s.transmissibles {
			passed, err := kind.Transmettre(ctx, tx, par, de, a.A.ID)
			if err != nil {
				return fmt.Errorf("hand over %s of compte %d: %w", kind.NomOuverts(), de, err)
			}
			n += passed
			if passed > 0 {
				detail[strings.ToLower(kind.NomOuverts())] = [2]any{nil, passed} // how many: the journal keeps no names
			}
		}
		return s.noteTransmission(ctx, tx, par, a, detail)
	})
	return n, err
}

// noteTransmission journals a hand-over on both accounts, and tells whoever takes over.
func (s *Service) noteTransmission(ctx context.Context, tx pgx.Tx, par droits.Compte, a apercu, detail journal.Changement) error {
	for _, compte := range []int64{a.De.ID, a.A.ID} {
		if err := bumpVersion(ctx, tx, compte); err != nil {
			return err
		}
	}
	if err := journal.Note(ctx, tx, par, "poste transmis", "compte", a.De.ID, merge(detail, "au compte n°", a.A.ID)); err != nil {
		return err
	}
	if err := journal.Note(ctx, tx, par, "poste reçu", "compte", a.A.ID, merge(detail, "du compte n°", a.De.ID)); err != nil {
		return err
	}
	return courriel.Send(ctx, tx, courriel.Message{
		A: a.A.Courriel, Compte: a.A.ID, Sorte: "transmission", Sujet: "Un poste vous est transmis",
		Texte: "Bonjour,\n\nLe poste de " + a.De.Nom + " sur " + typo.Guillemets(s.cfg.Nom) + " vous est transmis, avec tout ce qui était ouvert à son nom.\n\n" +
			"Choisissez votre fonction après connexion :\n" + s.cfg.Absolu(lien.MonCompte) + "\n",
	})
}

func merge(detail journal.Changement, name string, compte int64) journal.Changement {
	all := journal.Changement{name: {nil, compte}}
	for k, v := range detail {
		all[k] = v
	}
	return all
}

// postes are the fonctions in force: the post itself.
type postes struct{}

// NomOuverts names them.
func (postes) NomOuverts() string { return "Fonctions" }

// ListOuverts are the fonctions of the account.
func (postes) ListOuverts(ctx context.Context, q pg.Q, compte int64) ([]web.Lien, error) {
	fonctions, err := listFonctionsEnCours(ctx, q, compte)
	var all []web.Lien
	for _, f := range fonctions {
		all = append(all, web.Lien{Texte: libelleFonction(f.Role, f.Organisme)})
	}
	return all, err
}

// Transmettre ends each fonction and gives the same, with its quarters, to the other account.
func (postes) Transmettre(ctx context.Context, tx pgx.Tx, par droits.Compte, de, a int64) (int, error) {
	fonctions, err := listFonctionsEnCours(ctx, tx, de)
	if err != nil {
		return 0, err
	}
	for _, f := range fonctions {
		ended, err := endFonction(ctx, tx, de, f.ID)
		if err != nil {
			return 0, err
		}
		if _, err := insertFonction(ctx, tx, a, ended.OrganismeID, ended.Role, ended.Intitule, ended.QPV); err != nil {
			return 0, err
		}
		words := libelleFonction(f.Role, f.Organisme)
		if err := journal.Note(ctx, tx, par, "fonction retirée", "compte", de, journal.Changement{"fonction": {words, nil}}); err != nil {
			return 0, err
		}
		if err := journal.Note(ctx, tx, par, "fonction ajoutée", "compte", a, journal.Changement{"fonction": {nil, words}}); err != nil {
			return 0, err
		}
	}
	return len(fonctions), nil
}

// invitationsEnvoyees are the invitations that somebody sent and that wait for their answer.
type invitationsEnvoyees struct{}

// NomOuverts names them.
func (invitationsEnvoyees) NomOuverts() string { return "Invitations en attente" }

// ListOuverts are the invitations of the account.
func (invitationsEnvoyees) ListOuverts(ctx context.Context, q pg.Q, compte int64) ([]web.Lien, error) {
	sent, err := listInvitationsDe(ctx, q, compte)
	var all []web.Lien
	for _, i := range sent {
		all = append(all, web.Lien{Texte: "Invitation n°" + typo.NBSP + fmt.Sprint(i.ID) + " de " + i.Nom + ", " + libelleFonction(i.Role, i.Organisme), Href: lien.Invitations})
	}
	return all, err
}

// Transmettre makes them those of the other account.
func (invitationsEnvoyees) Transmettre(ctx context.Context, tx pgx.Tx, _ droits.Compte, de, a int64) (int, error) {
	return passInvitations(ctx, tx, de, a)
}
