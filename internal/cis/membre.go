package cis

import (
	"context"
	"fmt"
	"net/mail"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"portail/internal/droits"
	"portail/internal/fault"
	"portail/internal/journal"
	"portail/internal/saisie"
	"portail/web/typo"
)

// maxContacts is how many people may be written to for one member.
const maxContacts = 20

// Siege is what is typed of a member: the fonction that sits, since when and until when, and whom to write to.
type Siege struct {
	Fonction  string // empty: the organisation as such
	Depuis    time.Time
	Fin       *time.Time // last day
	Comptes   []int64
	Courriels []string
}

// Membre is an organisation that sits in a committee.
type Membre struct {
	ID            int64
	ComiteID      int64
	OrganismeID   int64
	Organisme     string
	Sigle         string
	Fonction      string
	Depuis        time.Time
	Fin           *time.Time
	Comptes       []int64  // accounts to write to; for those who may know them
	Courriels     []string // mere addresses
	Demonstration bool
	Version       int
}

// Nom names the member: its organisation, and the fonction that sits.
func (m Membre) Nom() string {
	if m.Fonction == "" {
		return m.Organisme
	}
	return m.Organisme + ", " + m.Fonction
}

// siege says whether the member sits on a day.
func (m Membre) siege(jour time.Time) bool {
	return !m.Depuis.After(jour) && (m.Fin == nil || !m.Fin.Before(jour))
}

// adresses reads the addresses typed one a line, or apart by commas.
func adresses(f fault.Fields, champ, texte string) []string {
	var all []string
	for word := range strings.FieldsFuncSeq(texte, func(r rune) bool { return r == '\n' || r == '\r' || r == ',' || r == ';' || r == ' ' }) {
		word = strings.ToLower(strings.TrimSpace(word))
		if word == "" || slices.Contains(all, word) {
			continue
		}
		if a, err := mail.ParseAddress(word); err != nil || a.Address != word || len(word) > 254 {
			f.Add(champ, typo.Guillemets(word)+" n’est pas une adresse de courriel. Exemple"+typo.NBSP+": accueil@exemple.fr.")
			continue
		}
		all = append(all, word)
	}
	if len(all) > maxContacts {
		f.Add(champ, typo.Nombre(maxContacts)+" adresses au plus.")
	}
	return all
}

func (g Siege) check() error {
	f := fault.Fields{}
	saisie.Longueur(f, "fonction", g.Fonction, maxFonction)
	if g.Fin != nil && g.Fin.Before(g.Depuis) {
		f.Add("fin", "Cette date précède l’entrée au comité.")
	}
	return f.Err()
}

// AddMembre makes an organisation sit in a committee, and gives the id of its seat. When nobody is given to write to, the référents of
// the organisation are: the page that follows shows them. The same seat asked for twice is taken once.
func (s *Service) AddMembre(ctx context.Context, par droits.Compte, comite, organisme int64, in Siege) (id int64, err error) {
	in.Fonction = saisie.Ligne(in.Fonction)
	if err := in.check(); err != nil {
		return 0, err
	}
	err = s.changeComite(ctx, par, comite, func(tx pgx.Tx, c Comite) (string, journal.Changement, error) {
		if err := c.refuseFerme(); err != nil {
			return "", nil, err
		}
		name, err := nomOrganismeOuvert(ctx, tx, organisme)
		if err != nil {
			return "", nil, err
		}
		if name == "" {
			return "", nil, fault.Fields{"organisme": "Choisissez un organisme dans la liste."}
		}
		var fresh bool
		if id, fresh, err = insertMembre(ctx, tx, comite, organisme, in); err != nil || !fresh {
			return "", nil, err
		}
		if len(in.Comptes)+len(in.Courriels) == 0 {
			err = insertReferents(ctx, tx, id, organisme)
		} else {
			err = insertContacts(ctx, tx, id, in)
		}
		return "membre ajouté", journal.Changement{"membre": {nil, name}, "fonction": {nil, in.Fonction}, "depuis": {nil, typo.Date(in.Depuis)}}, err
	})
	if err != nil {
		return 0, err
	}
	return id, nil
}

// UpdateMembre changes a seat, on the version that its form was written on. Addresses stay out of the journal, which keeps them for good.
func (s *Service) UpdateMembre(ctx context.Context, par droits.Compte, comite, id int64, version int, in Siege) error {
	in.Fonction = saisie.Ligne(in.Fonction)
	if err := in.check(); err != nil {
		return err
	}
	slices.Sort(in.Comptes)
	slices.Sort(in.Courriels)
	return s.changeComite(ctx, par, comite, func(tx pgx.Tx, _ Comite) (string, journal.Changement, error) {
		m, err := findMembre(ctx, tx, comite, id)
		if err != nil {
			return "", nil, err
		}
		d := journal.Changement{}
		d.Champ("fonction", m.Fonction, in.Fonction)
		d.Champ("depuis", typo.Date(m.Depuis), typo.Date(in.Depuis))
		d.Champ("fin", jourOuVide(m.Fin), jourOuVide(in.Fin))
		if !slices.Equal(m.Comptes, in.Comptes) || !slices.Equal(m.Courriels, in.Courriels) {
			d["contacts"] = [2]any{len(m.Comptes) + len(m.Courriels), len(in.Comptes) + len(in.Courriels)}
		}
		if len(d) == 0 {
			return "", nil, nil
		}
		if m.Version != version {
			return "", nil, fault.Stale
		}
		d["membre"] = [2]any{m.Organisme, m.Organisme} // whose: told even when it is not what changed
		if err := updateMembre(ctx, tx, m, in); err != nil {
			return "", nil, err
		}
		return "membre modifié", d, insertContacts(ctx, tx, id, in)
	})
}

func jourOuVide(t *time.Time) string {
	if t == nil {
		return ""
	}
	return typo.Date(*t)
}

// Succeder hands the seats of an organisation over to the one that takes it over, as of today, and tells in which committees.
func (s *Service) Succeder(ctx context.Context, tx pgx.Tx, par droits.Compte, de, a int64) ([]string, error) {
	seats, err := moveSieges(ctx, tx, de, a)
	if err != nil {
		return nil, fmt.Errorf("hand over the seats of organisme %d to %d: %w", de, a, err)
	}
	var names []string
	for _, seat := range seats {
		if err := journal.Note(ctx, tx, par, "siège transmis", objetComite, seat.ComiteID, journal.Changement{"membre": {seat.De, seat.A}}); err != nil {
			return nil, err
		}
		if !slices.Contains(names, seat.Comite) {
			names = append(names, seat.Comite)
		}
	}
	return names, nil
}

// titre tells a member from another seat of the same organisation.
func (m Membre) titre() string {
	if m.Fonction == "" {
		return m.Organisme
	}
	return m.Organisme + ", " + typo.Minuscule(m.Fonction)
}
