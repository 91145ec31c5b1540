package contrat

import (
	"slices"
	"strconv"
	"time"

	"github.com/a-h/templ"

	"portail/internal/lexique"
	"portail/internal/lien"
	"portail/web"
	"portail/web/typo"
)

// lecture is a text of a contract as it is read: by everybody once published, by its parties and the préfecture before.
type lecture struct {
	texteLu
	Filtres     filtresLecture
	Sections    []sectionLue
	Axes        []axeLu
	Objectifs   []objectifLu
	Parties     []partieLue
	Comptes     []compteLu                 // every engagement of the text, counted
	Engagements []engagementLu             // those that the filters keep, a page of them
	Annexes     []annexe                   // what the contract is tied to
	Textes      map[string]templ.Component // rendered for the page: by section code, "axe" or "objectif" and number
}

// texteLu is the head of a text.
type texteLu struct {
	ID, VersionID   int64
	Numero, Avenant int
	Generation      int
	Titre, Objet    string
	Natures         []string
	Etat            Etat
	Debut, Fin      time.Time
	Revoyure        *time.Time
	SigneLe         *time.Time
	EffetLe         *time.Time
	PublieeLe       *time.Time
	DenonceLe       *time.Time
	Empreinte       string
	EpciCode        string
	EpciNom         string
	Evaluation      string // organisation that answers for the evaluation
	ScanID          *int64 // of the whole signed text
	Reprise         bool
	Demonstration   bool
	EnVigueur       bool // it is the text that counts today
}

// sectionLue is a text of the contract, outside the axes.
type sectionLue struct{ Code, Texte string }

// axeLu is a branch of the contract.
type axeLu struct {
	ID, Lignee                        int64
	Nature, Titre, Texte, QPV, QPVNom string
}

// objectifLu is an objective of an axe.
type objectifLu struct {
	ID, AxeID    int64
	Titre, Texte string
}

// partieLue is a party, with its name on the day that it signed.
type partieLue struct {
	ID, OrganismeID    int64
	Nom                string
	Nature, Obligation string
	Signee             bool
	SigneLe            *time.Time
	Dispensee          bool
	Qualites           []string // of its signatories
}

// compteLu counts engagements that have all the same axe, party and progress.
type compteLu struct {
	AxeID, PartieID int64
	Avancement      string
	Nombre          int
}

// engagementLu is an engagement with its progress.
type engagementLu struct {
	ID, Lignee, ObjectifID, AxeID, PartieID int64
	Texte, Credits                          string
	Montant                                 *float64
	AnneeDebut, AnneeFin                    *int16
	Echeance                                *time.Time
	Indicateur, CibleSource                 string
	ReferenceValeur, CibleValeur            *float64
	ReferenceLe, CibleLe                    *time.Time
	Avancement                              string
	Valeur                                  *float64
	ValeurLe                                *time.Time
	SuiviLe                                 *time.Time
	Objectif, Axe, QPV, QPVNom, Partie      string
	Total                                   int // engagements that the filters keep
}

// Kinds of what a contract is tied to.
const (
	annexeQPV         = "qpv"         // Code, Nom
	annexeTerritoire  = "territoire"  // Code: its kind, Nom
	annexeVersion     = "version"     // Numero, Code: its kind, Nom: object, Le: in force from
	annexePublication = "publication" // Numero, Code: the act, Nom: reason, Le
	annexeDocument    = "document"    // ID, Nom: title, Code: kind of file, Numero: bytes, Detail: SHA-256, Le
)

// annexe is one thing that a contract is tied to; what its fields hold depends on Sorte.
type annexe struct {
	Sorte, Code, Nom, Detail string
	ID                       int64
	Numero                   int64
	Le                       *time.Time
}

func (l lecture) of(sorte string) []annexe {
	return slices.Collect(func(yield func(annexe) bool) {
		for _, a := range l.Annexes {
			if a.Sorte == sorte && !yield(a) {
				return
			}
		}
	})
}

// etat is where the text stands, in words.
func (t texteLu) etat() string { return lexique.Libelle(lexique.EtatsContrat, string(t.Etat)) }

// nomVersion is what a text is called among those of its contract.
func nomVersion(avenant int64) string {
	if avenant == 0 {
		return "Contrat initial"
	}
	return "Avenant" + typo.NBSP + "n°" + typo.NBSP + typo.Nombre(avenant)
}

// titreComplet tells the texts of one contract from each other.
func (t texteLu) titreComplet() string {
	if t.EnVigueur || t.Avenant == 0 && t.Etat != Remplace {
		return t.Titre
	}
	return t.Titre + " – " + nomVersion(int64(t.Avenant))
}

// periode is the years or the days that the contract covers.
func (t texteLu) periode() string { return "du " + typo.Date(t.Debut) + " au " + typo.Date(t.Fin) }

// toneEtat is the colour of a state, which its word doubles.
func toneEtat(e Etat) web.Tone {
	switch e {
	case EnVigueur, Signe:
		return web.ToneSuccess
	case Denonce, Echu, Remplace, Abandonne:
		return web.ToneNeutral
	case ASigner:
		return web.ToneInfo
	}
	return web.ToneNew
}

// toneAvancement is the colour of a progress, which its word doubles.
func toneAvancement(code string) web.Tone {
	switch code {
	case "atteint":
		return web.ToneSuccess
	case "en_cours":
		return web.ToneInfo
	case "difficulte":
		return web.ToneWarning
	}
	return web.ToneNeutral
}

func avancement(code string) string { return lexique.Libelle(lexique.Avancements, code) }

// avancementInitial is that of an engagement that nobody has told anything of.
const avancementInitial = "a_engager"

// cible is the quantified target in words; empty without one.
func (e engagementLu) cible() string {
	if e.CibleValeur == nil {
		return ""
	}
	return e.Indicateur + typo.NBSP + ": de " + typo.Auto(*e.ReferenceValeur, 2) + " (" + typo.Date(*e.ReferenceLe) + ") à " + typo.Auto(*e.CibleValeur, 2) + " (" + typo.Date(*e.CibleLe) + ")"
}

// progression is how much of the way from the baseline to the target was made, in percent (R-S-7); false without a measure.
func (e engagementLu) progression() (float64, bool) {
	if e.CibleValeur == nil || e.Valeur == nil || *e.CibleValeur == *e.ReferenceValeur {
		return 0, false
	}
	return 100 * (*e.Valeur - *e.ReferenceValeur) / (*e.CibleValeur - *e.ReferenceValeur), true
}

// moyens are the means of an engagement, in words.
func (e engagementLu) moyens() string {
	s := lexique.Libelle(lexique.Credits, e.Credits)
	if e.Montant != nil {
		s += ", " + typo.Euros(*e.Montant, decimales(*e.Montant))
	}
	if y := e.annees(); y != "" {
		s += ", " + y
	}
	return s
}

func decimales(euros float64) int {
	if euros == float64(int64(euros)) {
		return 0
	}
	return 2
}

// annees are the years of the means.
func (e engagementLu) annees() string {
	year := func(n int16) string { return strconv.Itoa(int(n)) }
	switch {
	case e.AnneeDebut == nil:
		return ""
	case e.AnneeFin == nil || *e.AnneeFin == *e.AnneeDebut:
		return year(*e.AnneeDebut)
	}
	return year(*e.AnneeDebut) + "-" + year(*e.AnneeFin)
}

// due is the day by which an engagement is to be kept: its own, else that of its target.
func (e engagementLu) due() *time.Time {
	if e.Echeance != nil {
		return e.Echeance
	}
	return e.CibleLe
}

// href is the public page of this text.
func (t texteLu) href() string {
	if t.EnVigueur {
		return lien.ContratPublic(t.ID)
	}
	return lien.ContratPublicVersion(t.ID, t.Numero)
}
