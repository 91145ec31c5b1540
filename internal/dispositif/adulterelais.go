package dispositif

import (
	"slices"
	"strings"
	"time"

	"portail/internal/fault"
	"portail/internal/lexique"
	"portail/internal/saisie"
	"portail/web/typo"
)

// AdulteRelais is a convention as it is today: one post (R-AR-3).
type AdulteRelais struct {
	ID               int64
	Numero           string // of the convention; empty until it is signed
	EmployeurID      int64
	Employeur        string // its name on the day of the signature, for documents of that day; today's before
	Categorie        string // code of lexique.CategoriesEmployeur
	Departement      string // INSEE code, whose quota the post counts in
	TerritoireID     *int32 // commune or EPCI, beside or instead of quarters
	Territoire       string
	QPV              []int32
	QPVNoms          []string // in the order of QPV
	QPVCodes         []string
	Missions         []string // codes of lexique.MissionsAdulteRelais
	MissionsTexte    string
	Quotite          float64 // working time, per cent of full time
	Debut, Fin       time.Time
	Etat             string // code of lexique.EtatsAdulteRelais
	Avis             *string
	AvisTexte        string
	AvisLe           *time.Time
	AccordeeLe       *time.Time
	SigneeLe         *time.Time
	CloseLe          *time.Time
	Motif            string
	Asp              string
	PrecedenteID     *int64
	PrecedenteNumero string
	SuivanteID       *int64 // the convention that renews this one, unless it was refused
	Demonstration    bool
	Version          int
}

// titre names the convention on pages.
func (a AdulteRelais) titre() string {
	if a.Numero != "" {
		return "Adulte-relais " + a.Numero
	}
	return "Demande d’adulte-relais n°" + typo.NBSP + typo.Nombre(a.ID)
}

// signee says whether the convention was signed, whatever came after.
func (a AdulteRelais) signee() bool { return a.SigneeLe != nil }

// Convention is what is typed of a request, and what the signature freezes.
type Convention struct {
	Employeur     int64
	Categorie     string
	Departement   string
	Territoire    int32 // 0: none
	QPV           []int32
	Missions      []string
	MissionsTexte string
	Quotite       int64 // hundredths of a per cent of full time: 10 000 is full time
	Debut, Fin    time.Time
}

// Bounds of the law, as the schema keeps them too.
const (
	quotiteMin   = 50_00 // half-time (R-AR-4)
	quotitePlein = 100_00
	dureeMax     = 3 // years (R-AR-3)
)

// finMax is the last day that a convention may reach.
func finMax(debut time.Time) time.Time { return debut.AddDate(dureeMax, 0, -1) }

// propre is the convention without useless spaces, its lists in order and without doubles.
func (c Convention) propre() Convention {
	c.MissionsTexte = saisie.Paragraphes(c.MissionsTexte)
	c.QPV = slices.Compact(slices.Sorted(slices.Values(c.QPV)))
	var missions []string
	for _, m := range lexique.MissionsAdulteRelais { // in the order of the décret
		if slices.Contains(c.Missions, m.Code) {
			missions = append(missions, m.Code)
		}
	}
	c.Missions = missions
	return c
}

// check refuses what the code du travail does not allow, whoever asks. f holds the faults of what could not be read.
func (c Convention) check(f fault.Fields) error {
	if c.Employeur == 0 {
		f.Add("employeur", "Choisissez l’employeur dans la liste.")
	}
	if !lexique.Connu(lexique.CategoriesEmployeur, c.Categorie) {
		f.Add("categorie", "Choisissez une catégorie d’employeur éligible"+loi("L. 5134-101"))
	}
	if len(c.QPV) == 0 && c.Territoire == 0 {
		f.Add("qpv", "Indiquez au moins un quartier, ou le territoire d’intervention"+loi("L. 5134-100"))
	}
	if len(c.Missions) == 0 {
		f.Add("missions", "Choisissez au moins une mission de médiation sociale et culturelle"+loi("L. 5134-100"))
	}
	saisie.Longueur(f, "missions_texte", c.MissionsTexte, maxMotif)
	if why := quotiteFaute(c.Quotite); why != "" {
		f.Add("quotite", why)
	}
	checkEpoque(f, "debut", c.Debut)
	checkEpoque(f, "fin", c.Fin)
	switch {
	case c.Debut.IsZero() || c.Fin.IsZero() || f["debut"] != "" || f["fin"] != "": // told already
	case c.Fin.Before(c.Debut):
		f.Add("fin", "La fin vient avant le début.")
	case c.Fin.After(finMax(c.Debut)):
		f.Add("fin", "Une convention dure trois ans au plus"+typo.NBSP+": jusqu’au "+typo.Date(finMax(c.Debut))+loi("D. 5134-145 et suivants"))
	}
	return f.Err()
}

// quotiteFaute says why a working time, in hundredths of a per cent, is not one of a post (R-AR-4).
func quotiteFaute(quotite int64) string {
	if quotite >= quotiteMin && quotite <= quotitePlein {
		return ""
	}
	return "Le poste est au moins à mi-temps" + typo.NBSP + ": entre 50" + typo.NBSP + "% et 100" + typo.NBSP + "%" + loi("D. 5134-145 et suivants")
}

// checkEpoque refuses a day of another time than the programme's: a slip of the finger, which the totals by year would carry along.
func checkEpoque(f fault.Fields, champ string, day time.Time) {
	if !day.IsZero() && (day.Year() < premiereAnnee || day.Year() > derniereAnnee) {
		f.Add(champ, "Vérifiez l’année de cette date"+typo.NBSP+": elle est entre "+anneeTexte(premiereAnnee)+" et "+anneeTexte(derniereAnnee)+".")
	}
}

// aVerifier are the articles that were written from memory, and not read in a source: pages say so.
var aVerifier = []string{"L. 5134-101", "L. 5134-102"}

// referenceAVerifier is said of a reference that nobody has read yet.
const referenceAVerifier = "référence à vérifier"

// article writes a reference to the code du travail.
func article(nom string) string {
	s := "art." + typo.NBSP + strings.ReplaceAll(nom, ". ", "."+typo.NBSP)
	if slices.Contains(aVerifier, nom) {
		s += ", " + referenceAVerifier
	}
	return s
}

// loi ends the sentence of a refusal with the article that it comes from.
func loi(nom string) string { return " (code du travail, " + article(nom) + ")." }

// Occupation is a time during which a post is occupied: dates, and who verified that the conditions were met. Nothing is kept of the
// person.
type Occupation struct {
	ID            int64
	Debut         time.Time
	Fin           *time.Time // nil: still occupied
	ConditionsLe  time.Time
	ConditionsPar *string // role of the agent who verified; nil: taken up from before the portal
}

// Derogation is what the préfet waives for a convention.
type Derogation struct {
	Regle string // code of lexique.ReglesDerogation
	Motif string
	Le    time.Time
	Par   *string // role of whoever granted it
}

// derogation says whether the rule is waived.
func derogation(all []Derogation, regle string) bool {
	return slices.ContainsFunc(all, func(d Derogation) bool { return d.Regle == regle })
}
