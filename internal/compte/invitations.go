package compte

import (
	"cmp"
	"context"
	"net/mail"
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/jackc/pgx/v5"

	"portail/internal/courriel"
	"portail/internal/droits"
	"portail/internal/fault"
	"portail/internal/httpx"
	"portail/internal/journal"
	"portail/internal/lexique"
	"portail/internal/lien"
	"portail/internal/pg"
	"portail/web"
	"portail/web/typo"
)

// How long the link of an invitation is good, and how many one person may send in a day: enough for a whole service, too few for
// a flood.
const (
	invitationDuree   = 7 * 24 * time.Hour
	invitationsJour   = 50
	invitationsParVue = 25
)

// etatsInvitation are the states that invitations are listed by; the first is the default.
var etatsInvitation = []lexique.Mot{{Code: "en_attente", Libelle: "En attente"}, {Code: "expiree", Libelle: "Expirées"}, {Code: "acceptee", Libelle: "Acceptées"}, {Code: "revoquee", Libelle: "Révoquées"}}

// filtresInvitations is what the address of the list asks for.
type filtresInvitations struct {
	Etat string
	Page int
}

func parseFiltresInvitations(v url.Values) (filtresInvitations, error) {
	q := httpx.ReadQuery(v)
	f := filtresInvitations{Etat: cmp.Or(q.Code(paramEtat, etatsInvitation), etatsInvitation[0].Code), Page: q.Page()}
	return f, q.Err()
}

func (f filtresInvitations) url() web.ListURL {
	return web.ListURL{Path: lien.Invitations, Values: web.Params(paramEtat, web.CodeParam(f.Etat, etatsInvitation[0].Code))}
}

// Invitation is a line of the list.
type Invitation struct {
	ID         int64
	Nom        string
	Courriel   string
	Role       string
	Organisme  string
	Par        string // name of whoever invites
	CreeLe     time.Time
	ExpireLe   time.Time
	AccepteeLe *time.Time
	RevoqueeLe *time.Time
}

// saisieInvitation is an invitation as it is typed.
type saisieInvitation struct {
	Courriel string
	Nom      string
	Cle      string
	saisieFonction
}

// check refuses what cannot be an invitation of par.
func (in saisieInvitation) check(par droits.Compte, nature string) error {
	f := fault.Fields{}
	if a, err := mail.ParseAddress(in.Courriel); err != nil || a.Address != in.Courriel || len(in.Courriel) > 254 || strings.ContainsAny(in.Courriel, " \t") {
		f.Add(champCourriel, "Indiquez une adresse électronique comme nom@domaine.fr.")
	}
	if in.Nom == "" || utf8.RuneCountInString(in.Nom) > nomMax {
		f.Add(champNom, "Indiquez le nom de la personne, en "+strconv.Itoa(nomMax)+" caractères au plus.")
	}
	in.judge(f, par, nature)
	return f.Err()
}

// Names of the fields of the form.
const (
	champCourriel = "courriel"
	champNom      = "nom"
)

// Inviter sends somebody the link by which they make their account. The same form sent twice invites once.
func (s *Service) Inviter(ctx context.Context, par droits.Compte, in saisieInvitation) error {
	in.Courriel = strings.ToLower(in.Courriel)
	return pg.As(ctx, s.db, par, func(tx pgx.Tx) error {
		o, err := readOrganismeOuvert(ctx, tx, in.Organisme)
		if err != nil {
			return err
		}
		if err := in.check(par, o.Nature); err != nil {
			return err
		}
		if in.Role != string(droits.Delegue) {
			in.QPV = nil
		}
		before, err := lockInvitations(ctx, tx, par, in)
		if err != nil {
			return err
		}
		switch {
		case before.Cle:
			return nil // the second click
		case before.EnCours:
			return fault.Fields{champCourriel: "Une invitation à la même fonction attend déjà sa réponse : renvoyez-la depuis la liste."}
		case before.Titulaire:
			return fault.Fields{champCourriel: "Cette personne tient déjà cette fonction."}
		case before.Jour >= invitationsJour:
			return fault.Fields{"": "Vous avez envoyé " + strconv.Itoa(invitationsJour) + " invitations en un jour : continuez demain."}
		}
		texte, print := newJeton()
		id, err := insertInvitation(ctx, tx, par, in, print, invitationDuree)
		if err != nil {
			return err
		}
		if err := s.envoyerInvitation(ctx, tx, in.Courriel, in.Nom, in.Role, o.Nom, texte); err != nil {
			return err
		}
		return journal.Note(ctx, tx, par, "invitation envoyée", "invitation", id, journal.Changement{"fonction": {nil, libelleFonction(in.Role, o.Nom)}})
	})
}

// envoyerInvitation writes the mail of an invitation.
func (s *Service) envoyerInvitation(ctx context.Context, tx pgx.Tx, adresse, nom, role, organisme, texte string) error {
	return courriel.Send(ctx, tx, courriel.Message{
		A: adresse, Sorte: "invitation", Secret: true, Sujet: "Invitation à rejoindre l’espace agents",
		Texte: "Bonjour " + nom + ",\n\nVous êtes invité·e à rejoindre l’espace agents de " + typo.Guillemets(s.cfg.Nom) + ", pour la fonction suivante :\n" +
			libelleFonction(role, organisme) + ".\n\nCe lien personnel sert une seule fois, pendant sept jours :\n" + s.cfg.Absolu(lien.Invitation(texte)) + "\n\n" +
			"Si cette invitation ne vous concerne pas, ignorez ce message.\n",
	})
}

// RenvoyerInvitation sends a new link, good for seven days again; the former one opens nothing any more.
func (s *Service) RenvoyerInvitation(ctx context.Context, par droits.Compte, id int64) error {
	return pg.As(ctx, s.db, par, func(tx pgx.Tx) error {
		i, err := s.lockInvitation(ctx, tx, par, id)
		if err != nil {
			return err
		}
		texte, print := newJeton()
		if err := renewInvitation(ctx, tx, id, print, invitationDuree); err != nil {
			return err
		}
		if err := s.envoyerInvitation(ctx, tx, i.Courriel, i.Nom, i.Role, i.Organisme, texte); err != nil {
			return err
		}
		return journal.Note(ctx, tx, par, "invitation renvoyée", "invitation", id, journal.Changement{"fonction": {nil, libelleFonction(i.Role, i.Organisme)}})
	})
}

// RevoquerInvitation makes the link open nothing.
func (s *Service) RevoquerInvitation(ctx context.Context, par droits.Compte, id int64) error {
	return pg.As(ctx, s.db, par, func(tx pgx.Tx) error {
		i, err := s.lockInvitation(ctx, tx, par, id)
		if err != nil {
			return err
		}
		if err := revokeInvitation(ctx, tx, id); err != nil {
			return err
		}
		return journal.Note(ctx, tx, par, "invitation révoquée", "invitation", id, journal.Changement{"fonction": {libelleFonction(i.Role, i.Organisme), nil}})
	})
}

// lockInvitation reads an invitation about to change, within the perimeter of who asks. One that is answered or revoked does not
// change any more.
func (s *Service) lockInvitation(ctx context.Context, tx pgx.Tx, par droits.Compte, id int64) (Invitation, error) {
	i, err := readInvitationDe(ctx, tx, par, id)
	if err != nil {
		return i, err
	}
	switch {
	case i.AccepteeLe != nil:
		return i, fault.Fields{"": "Cette invitation est déjà acceptée."}
	case i.RevoqueeLe != nil:
		return i, fault.Fields{"": "Cette invitation est déjà révoquée."}
	}
	return i, nil
}
