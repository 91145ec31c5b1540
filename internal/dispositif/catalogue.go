package dispositif

import (
	"context"
	"regexp"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"portail/internal/droits"
	"portail/internal/fault"
	"portail/internal/journal"
	"portail/internal/lexique"
	"portail/internal/saisie"
	"portail/web/typo"
)

// Dispositif is an entry of the catalogue: what it is for, for whom, on which legal basis, and whom to ask.
type Dispositif struct {
	ID                 int64
	Code               string // its public address
	Nature             string // code of lexique.NaturesDispositif
	Nom, Sigle         string
	Objet              string // Markdown-lite
	PublicVise         string
	BaseLegale         string
	ContactOrganismeID *int64
	ContactOrganisme   string
	ContactFonction    string // a post, never a name
	ContactCourriel    string
	ContactTelephone   string
	QPV                []int32
	QPVNoms, QPVCodes  []string
	Publie             bool
	FermeLe            *time.Time
	Demonstration      bool
	Fiches             int64 // records that whoever asks may see
	Version            int
}

// titre is the name with its acronym.
func (d Dispositif) titre() string {
	if d.Sigle == "" {
		return d.Nom
	}
	return d.Nom + " (" + d.Sigle + ")"
}

// Saisie is what is typed of a dispositif.
type Saisie struct {
	Code, Nom, Sigle, Objet, PublicVise, BaseLegale    string
	ContactOrganisme                                   int64 // 0: none
	ContactFonction, ContactCourriel, ContactTelephone string
	QPV                                                []int32
	Publie                                             bool
	FermeLe                                            time.Time // zero: in force
}

var formeCode = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)

const maxCode = 60

func (d Saisie) propre() Saisie {
	d.Nom, d.Sigle, d.ContactFonction, d.ContactTelephone = saisie.Ligne(d.Nom), saisie.Ligne(d.Sigle), saisie.Ligne(d.ContactFonction), saisie.Ligne(d.ContactTelephone)
	d.Objet, d.PublicVise, d.BaseLegale = saisie.Paragraphes(d.Objet), saisie.Paragraphes(d.PublicVise), saisie.Paragraphes(d.BaseLegale)
	d.QPV = slices.Compact(slices.Sorted(slices.Values(d.QPV)))
	return d
}

// check refuses an entry without name or address. f holds the faults of what could not be read.
func (d Saisie) check(f fault.Fields) error {
	if d.Nom == "" {
		f.Add("nom", "Indiquez le nom du dispositif.")
	}
	if !formeCode.MatchString(d.Code) || len(d.Code) > maxCode {
		f.Add("code", "L’adresse n’a que des lettres minuscules sans accent, des chiffres et des tirets. Exemple"+typo.NBSP+": cite-educative.")
	}
	if d.Publie && d.Objet == "" {
		f.Add("objet", "Dites à quoi sert le dispositif avant de le publier.")
	}
	saisie.Longueur(f, "nom", d.Nom, maxNom)
	saisie.Longueur(f, "sigle", d.Sigle, maxSigle)
	saisie.Longueur(f, "objet", d.Objet, maxTexte)
	saisie.Longueur(f, "public_vise", d.PublicVise, maxPhrase)
	saisie.Longueur(f, "base_legale", d.BaseLegale, maxPhrase)
	saisie.Longueur(f, "contact_fonction", d.ContactFonction, maxFonction)
	saisie.Courriel(f, "contact_courriel", d.ContactCourriel)
	saisie.Telephone(f, "contact_telephone", d.ContactTelephone)
	return f.Err()
}

// champsDispositif are the labels of the fields of journal lines of a dispositif.
var champsDispositif = map[string]string{
	"code": "Adresse", "nom": "Nom", "sigle": "Sigle", "objet": "Objet", "public_vise": "Public", "base_legale": "Base légale", "organisme": "Contact", "fonction": "Fonction",
	"courriel": "Courriel", "telephone": "Téléphone", "quartiers": "Quartiers", "publie": "Publié", "ferme_le": "Fermé le",
}

func differenceDispositif(before, after Dispositif) journal.Changement {
	c := journal.Changement{}
	c.Champ("code", before.Code, after.Code)
	c.Champ("nom", before.Nom, after.Nom)
	c.Champ("sigle", before.Sigle, after.Sigle)
	c.Champ("objet", before.Objet, after.Objet)
	c.Champ("public_vise", before.PublicVise, after.PublicVise)
	c.Champ("base_legale", before.BaseLegale, after.BaseLegale)
	c.Champ("organisme", before.ContactOrganisme, after.ContactOrganisme)
	c.Champ("fonction", before.ContactFonction, after.ContactFonction)
	c.Champ("courriel", before.ContactCourriel, after.ContactCourriel)
	c.Champ("telephone", before.ContactTelephone, after.ContactTelephone)
	c.Champ("quartiers", typo.Liste(before.QPVNoms), typo.Liste(after.QPVNoms))
	c.Champ("publie", ouiNon(before.Publie), ouiNon(after.Publie))
	c.Champ("ferme_le", dateOuRien(before.FermeLe), dateOuRien(after.FermeLe))
	return c
}

var registreDispositif = registre[Dispositif]{Objet: objetDispositif, Find: findDispositif, Lock: lockDispositif,
	VersionOf: func(d Dispositif) int { return d.Version }, Difference: differenceDispositif}

// CreateDispositif adds a dispositif to the catalogue, once for each key. Its records are the generic ones: no code is needed.
func (s *Service) CreateDispositif(ctx context.Context, par droits.Compte, in Saisie, f fault.Fields, cle string) (int64, error) {
	in = in.propre()
	if err := in.check(f); err != nil {
		return 0, err
	}
	return registreDispositif.create(ctx, s.db, par, "dispositif créé", cle, func(tx pgx.Tx) (int64, error) { return insertDispositif(ctx, tx, in, cle) })
}

// UpdateDispositif corrects a dispositif.
func (s *Service) UpdateDispositif(ctx context.Context, par droits.Compte, id int64, version int, in Saisie, f fault.Fields) error {
	in = in.propre()
	if err := in.check(f); err != nil {
		return err
	}
	return registreDispositif.correct(ctx, s.db, par, id, version, "dispositif modifié", func(tx pgx.Tx, kept Dispositif) error { return updateDispositif(ctx, tx, kept, in) })
}

// nature is what records the dispositif has, in words.
func (d Dispositif) nature() string { return lexique.Libelle(lexique.NaturesDispositif, d.Nature) }
