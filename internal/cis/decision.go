package cis

import (
	"slices"
	"time"

	"portail/internal/droits"
	"portail/internal/fault"
	"portail/internal/lexique"
	"portail/internal/saisie"
	"portail/web"
	"portail/web/typo"
)

// objetDecision is how the journal and the view echeance name a decision.
const objetDecision = "decision"

// States of a decision (lexique.EtatsDecision).
const (
	AFaire     = "a_faire"
	EnCours    = "en_cours"
	Bloquee    = "bloquee"
	Faite      = "faite"
	Abandonnee = "abandonnee"
)

// Longest texts of a decision, in characters: those of the schema.
const (
	maxDecision    = 2000
	maxResponsable = 120
	maxSuivi       = 2000
)

// Decision is what a committee decided that somebody does (R-CIS-3).
type Decision struct {
	ID             int64
	Numero         int // within the committee
	Texte          string
	ComiteID       int64
	ComiteNom      string // empty outside the perimeter of whoever reads, with the meeting
	SeanceID       int64
	SeanceDebut    *time.Time
	PointID        *int64
	PointTitre     string
	OrganismeID    int64 // who must do it
	OrganismeNom   string
	Responsable    string // fonction or agent of that organisation; may be empty
	CompteID       *int64 // the same, when they have an account
	Echeance       *time.Time
	Etat           string
	Motif          string // of being blocked or given up
	QPVID          *int32
	QPVNom         string
	QPVCode        string
	ContratCite           // of a contract, and of one of its engagements
	ContratTitre   string // empty outside the perimeter of whoever reads
	Engagement     string // its text
	Restreinte     bool   // taken on a point for the services of the State only
	NePlusRelancer bool
	ClosLe         *time.Time
	CreeLe         time.Time
	Demonstration  bool
	Version        int
}

// ContratCite is what a decision bears on in a contract; its zero value is none.
type ContratCite struct {
	ContratID        *int64
	EngagementLignee *int64 // of an engagement of that contract
}

// Close says whether nothing is left to do.
func (d Decision) Close() bool { return clos(d.Etat) }

func clos(etat string) bool { return etat == Faite || etat == Abandonnee }

// Titre names the decision in its committee.
func (d Decision) Titre() string { return titreDecision(d.Numero) }

// EnRetard says whether its day is over and it is still open.
func (d Decision) EnRetard() bool { return enRetard(d.Etat, d.Echeance) }

func enRetard(etat string, echeance *time.Time) bool {
	return !clos(etat) && echeance != nil && echeance.Before(typo.Aujourdhui())
}

// delai says a due date in words, with how late it is.
func delai(etat string, echeance *time.Time) (date, note string) {
	if echeance == nil {
		return "sans échéance", ""
	}
	if enRetard(etat, echeance) {
		days := int64(typo.Aujourdhui().Sub(*echeance).Hours() / 24)
		return typo.Date(*echeance), "en retard de " + typo.NPluriel(days, "jour", "jours")
	}
	return typo.Date(*echeance), ""
}

// tonDecision is the colour of a state.
func tonDecision(etat string) web.Tone {
	switch etat {
	case EnCours:
		return web.ToneInfo
	case Bloquee:
		return web.ToneWarning
	case Faite:
		return web.ToneSuccess
	}
	return web.ToneNeutral
}

// Moves of a decision: its owner says how far it is; the préfecture may give it up, reopen it, or speak for the owner.
var (
	versOwner   = []string{EnCours, Bloquee, Faite}
	versStaff   = []string{AFaire, EnCours, Bloquee, Faite, Abandonnee}
	versReprise = []string{AFaire, EnCours}
)

// repond says whether whoever asks answers for the owner of the decision.
func (d Decision) repond(par droits.Compte) bool {
	return par.Peut(droits.DecisionSuivre) && !par.Peut(droits.CisModifier) && par.Organisme == d.OrganismeID
}

// suites are the states that whoever asks may give the decision now, its present one included when a follow-up may leave it as it is.
func (d Decision) suites(par droits.Compte) []string {
	switch {
	case par.Peut(droits.CisModifier) && d.Close():
		return versReprise
	case par.Peut(droits.CisModifier):
		return versStaff
	case d.repond(par) && !d.Close():
		return versOwner
	}
	return nil
}

// Suivi is what somebody says of a decision on a day.
type Suivi struct {
	Etat  string
	Texte string
	Cle   string // of its form: sent twice, it is written once
	Lien  bool   // by the signed link of a mail
}

// checkSuivi says whether whoever asks may move the decision so: fault.Forbidden when it is another organisation's.
func (d Decision) checkSuivi(par droits.Compte, s Suivi) error {
	if !par.Peut(droits.CisModifier) && !d.repond(par) {
		return fault.Forbidden
	}
	allowed := d.suites(par)
	if len(allowed) == 0 {
		return fault.Fields{"": "Cette décision est close" + typo.NBSP + ": demandez à la préfecture de la rouvrir si elle l’a été par erreur."}
	}
	f := fault.Fields{}
	if !slices.Contains(allowed, s.Etat) {
		f.Add("etat", "Choisissez l’état de la décision dans la liste.")
	}
	saisie.Longueur(f, "texte", s.Texte, maxSuivi)
	if s.Etat == Bloquee || s.Etat == Abandonnee {
		if s.Texte == "" && s.Etat == Bloquee {
			f.Add("texte", "Dites en une ligne ce qui bloque.")
		} else if s.Texte == "" {
			f.Add("texte", "Dites en une ligne pourquoi la décision est abandonnée.")
		}
		saisie.Longueur(f, "texte", s.Texte, maxMotif)
	}
	if s.Texte == "" && s.Etat == d.Etat {
		f.Add("texte", "Écrivez où en est la décision, ou changez son état.")
	}
	return f.Err()
}

// Commande is what is decided, as it is typed.
type Commande struct {
	Texte       string
	OrganismeID int64
	Responsable string
	Echeance    *time.Time // nil: none
	QPVID       *int32
	ContratCite
	Restreinte bool
}

// checkCommande refuses what cannot have been decided at a meeting of that day.
func checkCommande(c Commande, seance time.Time) error {
	f := fault.Fields{}
	if c.Texte == "" {
		f.Add("texte", "Écrivez ce qui est décidé.")
	}
	saisie.Longueur(f, "texte", c.Texte, maxDecision)
	saisie.Longueur(f, "responsable", c.Responsable, maxResponsable)
	if c.OrganismeID == 0 {
		f.Add("organisme", "Choisissez l’organisme qui doit le faire.")
	}
	if c.Echeance != nil && !seance.IsZero() && c.Echeance.Before(seance) {
		f.Add("echeance", "L’échéance tombe avant la séance, tenue le "+typo.Date(seance)+".")
	}
	return f.Err()
}

// etatDecision is a state in words.
func etatDecision(etat string) string { return lexique.Libelle(lexique.EtatsDecision, etat) }

func titreDecision(numero int) string {
	return "Décision n°" + typo.NBSP + typo.Nombre(int64(numero))
}
