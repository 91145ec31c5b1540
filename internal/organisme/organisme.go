// Package organisme is the organisations that the préfecture works with: State services, operators, local authorities, landlords,
// associations… Each is known by name, acronym, kind and SIRET (code de commerce R123-220), reached by fonction and never by a
// person's name, and sits in committees. An organisation that is renamed, closed or merged stays, since old documents keep its name.
package organisme

import (
	"context"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"portail/internal/config"
	"portail/internal/droits"
	"portail/internal/fault"
	"portail/internal/lexique"
	"portail/internal/saisie"
	"portail/web/typo"
)

// Service keeps the organisations.
type Service struct {
	db      *pgxpool.Pool
	cfg     config.Config
	annonce annonce
	sieges  sieges
}

// annonce leaves a message for the page that follows a change.
type annonce interface {
	Flash(ctx context.Context, titre, texte string)
}

// sieges keeps who sits in the committees (area cis).
type sieges interface {
	// Succeder hands the seats of an organisation over to the one that takes it over, and tells in which committees.
	Succeder(ctx context.Context, tx pgx.Tx, par droits.Compte, de, a int64) ([]string, error)
}

// New makes the area; messages of changes go through a, and seats in committees through c.
func New(db *pgxpool.Pool, cfg config.Config, a annonce, c sieges) *Service {
	return &Service{db: db, cfg: cfg, annonce: a, sieges: c}
}

// objet is how the journal names an organisation.
const objet = "organisme"

// Longest texts, in characters: those of the schema.
const (
	maxNom      = 200
	maxSigle    = 40
	maxFonction = 120
	maxComite   = 120
)

// Organisme is an organisation as it is today.
type Organisme struct {
	ID            int64
	Nom           string
	Sigle         string // may be empty
	Nature        string // code of lexique.NaturesOrganisme
	Siret         string // 14 digits; empty when unknown
	FermeLe       *time.Time
	SuccesseurID  *int64
	SuccesseurNom string
	Version       int // counts the changes of the record, contacts and committees included
}

// Ferme says whether the organisation no longer exists.
func (o Organisme) Ferme() bool { return o.FermeLe != nil }

// titre is the name with its acronym.
func titre(nom, sigle string) string {
	if sigle == "" || strings.EqualFold(nom, sigle) {
		return nom
	}
	return nom + " (" + sigle + ")"
}

// Titre is the name with its acronym.
func (o Organisme) Titre() string { return titre(o.Nom, o.Sigle) }

// nature is its kind in words.
func (o Organisme) nature() string { return lexique.Libelle(lexique.NaturesOrganisme, o.Nature) }

// identite is what the form of an organisation says of it.
func (o Organisme) identite() Identite { return Identite{o.Nom, o.Sigle, o.Nature, o.Siret} }

// refuseFerme refuses changes that only a living organisation may have.
func (o Organisme) refuseFerme() error {
	if o.Ferme() {
		return fault.Fields{"": "Cet organisme est fermé depuis le " + typo.Date(*o.FermeLe) + ". Rouvrez-le d’abord s’il l’a été par erreur."}
	}
	return nil
}

// Identite is what is typed of an organisation.
type Identite struct {
	Nom, Sigle string
	Nature     string // code of lexique.NaturesOrganisme
	Siret      string // with or without spaces; empty when unknown
}

// propre is the identity without useless spaces, the SIRET in digits.
func (i Identite) propre() Identite {
	return Identite{saisie.Ligne(i.Nom), saisie.Ligne(i.Sigle), i.Nature, saisie.Chiffres(i.Siret)}
}

func (i Identite) check() error {
	f := fault.Fields{}
	checkNom(f, i.Nom, i.Sigle)
	if !lexique.Connu(lexique.NaturesOrganisme, i.Nature) {
		f.Add("nature", "Choisissez la nature de l’organisme dans la liste.")
	}
	if i.Siret != "" {
		if told := siretFaute(i.Siret); told != "" {
			f.Add("siret", told)
		}
	}
	return f.Err()
}

func checkNom(f fault.Fields, nom, sigle string) {
	if nom == "" {
		f.Add("nom", "Indiquez le nom de l’organisme.")
	}
	saisie.Longueur(f, "nom", nom, maxNom)
	saisie.Longueur(f, "sigle", sigle, maxSigle)
}
