package contrat

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strconv"
	"strings"
	"time"

	"portail/internal/lexique"
	"portail/web/typo"
)

// Contenu is a whole text: what it says of itself, its parties, its sections and its tree.
type Contenu struct {
	Version
	Parties     []Partie
	Sections    []Section
	Axes        []Axe
	Objectifs   []Objectif
	Engagements []Engagement
}

// Section is a text of the contract, or of one of its axes.
type Section struct {
	ID           int64
	Code         string // lexique.SectionsContrat, or axe
	AxeID        *int64
	Texte        string // Markdown-lite
	Revision     int    // number of the last one; 0: never written
	Commentaires int    // threads not resolved
}

// Titre is the name of the section; axe is that of its axe.
func (s Section) Titre(axe string) string {
	if s.Code == "axe" {
		return axe
	}
	return lexique.Libelle(lexique.SectionsContrat, s.Code)
}

// Axe is a branch of the tree (R-CV-2).
type Axe struct {
	ID, Lignee int64
	Nature     string // lexique.NaturesAxe
	QpvID      *int32 // of a projet de quartier
	QpvNom     string // code and name
	Titre      string
	Ordre      int
	Version    int
}

// Objectif is what an axe aims at.
type Objectif struct {
	ID, AxeID, Lignee int64
	Titre             string
	Texte             string // Markdown-lite
	Ordre             int
	Version           int
}

// Engagement is what a party undertakes for an objectif.
type Engagement struct {
	ID, ObjectifID, PartieID, Lignee int64
	OrganismeID                      int64
	OrganismeNom                     string
	Texte                            string
	Credits                          string   // lexique.Credits
	Montant                          *float64 // €
	AnneeDebut, AnneeFin             *int
	Echeance                         *time.Time
	Indicateur                       string // of the quantified target; empty without one
	ReferenceValeur, CibleValeur     *float64
	ReferenceLe, CibleLe             *time.Time
	CibleSource                      string
	Ordre                            int
	Version                          int
	// Avancement is the state that the last note of its follow-up tells; empty while there is none. Valeur is the last measured.
	Avancement string // lexique.Avancements
	SuiviLe    *time.Time
	Valeur     *float64
	ValeurLe   *time.Time
}

// Chiffre says whether it has a quantified target.
func (e Engagement) Chiffre() bool { return e.CibleValeur != nil }

// Du is the day when the engagement is to be kept: its own, else that of its target; nil without one.
func (e Engagement) Du() *time.Time {
	if e.Echeance != nil {
		return e.Echeance
	}
	return e.CibleLe
}

// Clos says whether nothing more is awaited of it.
func (e Engagement) Clos() bool { return e.Avancement == "atteint" || e.Avancement == "abandonne" }

// EnRetard says whether its day is past and nothing closed it.
func (e Engagement) EnRetard(aujourdhui time.Time) bool {
	return e.Du() != nil && e.Du().Before(aujourdhui) && !e.Clos()
}

// Progression is how much of the way from the reference to the target was gone (R-S-7), 1 being the target; ok is false while nothing was
// measured.
func (e Engagement) Progression() (part float64, ok bool) {
	if !e.Chiffre() || e.Valeur == nil || *e.CibleValeur == *e.ReferenceValeur {
		return 0, false
	}
	return (*e.Valeur - *e.ReferenceValeur) / (*e.CibleValeur - *e.ReferenceValeur), true
}

// Moyens are its credits, amount and years, in words.
func (e Engagement) Moyens() string {
	s := lexique.Libelle(lexique.Credits, e.Credits)
	if e.Montant != nil {
		s += ", " + typo.Euros(*e.Montant, apresVirgule(*e.Montant))
	}
	switch {
	case e.AnneeDebut != nil && e.AnneeFin != nil && *e.AnneeDebut != *e.AnneeFin:
		s += ", " + strconv.Itoa(*e.AnneeDebut) + "-" + strconv.Itoa(*e.AnneeFin)
	case e.AnneeDebut != nil:
		s += ", " + strconv.Itoa(*e.AnneeDebut)
	}
	return s
}

// apresVirgule are the digits that an amount needs: none when it is round.
func apresVirgule(v float64) int {
	if v == float64(int64(v)) {
		return 0
	}
	return 2
}

// Cible is its quantified target in words; empty without one.
func (e Engagement) Cible() string {
	if !e.Chiffre() {
		return ""
	}
	return e.Indicateur + typo.NBSP + ": de " + typo.Auto(*e.ReferenceValeur, 2) + " (" + typo.Date(*e.ReferenceLe) + ") à " + typo.Auto(*e.CibleValeur, 2) +
		" (" + typo.Date(*e.CibleLe) + "), source" + typo.NBSP + ": " + e.CibleSource
}

// ObjectifsDe are the objectifs of an axe, in order.
func (c Contenu) ObjectifsDe(axe int64) []Objectif {
	return garder(c.Objectifs, func(o Objectif) bool { return o.AxeID == axe })
}

// EngagementsDe are the engagements of an objectif, in order.
func (c Contenu) EngagementsDe(objectif int64) []Engagement {
	return garder(c.Engagements, func(e Engagement) bool { return e.ObjectifID == objectif })
}

// Section is the section of that code, or of that axe.
func (c Contenu) Section(code string, axe int64) Section {
	for _, s := range c.Sections {
		if s.Code == code && (code != "axe" || s.AxeID != nil && *s.AxeID == axe) {
			return s
		}
	}
	return Section{Code: code}
}

func garder[T any](all []T, keep func(T) bool) []T {
	return slices.DeleteFunc(slices.Clone(all), func(t T) bool { return !keep(t) })
}

// Texte is the whole text as it is frozen to be signed: plain, in reading order, the same for the same content whenever it is made. What
// parties sign is this text, by its SHA-256.
func (c Contenu) Texte() string {
	var b strings.Builder
	line := func(parts ...string) { b.WriteString(strings.Join(parts, "") + "\n") }
	field := func(label, value string) {
		if value != "" {
			line(label, " : ", value)
		}
	}
	day := func(label string, t *time.Time) {
		if t != nil {
			field(label, typo.Date(*t))
		}
	}
	line(c.Titre)
	if c.Avenant > 0 {
		line("Avenant n° ", strconv.Itoa(c.Avenant))
		field("Objet", c.Objet)
		field("Changements", libelles(lexique.NaturesAvenant, c.Natures))
	}
	field("Génération", strconv.Itoa(c.Generation))
	field("Intercommunalité", c.EpciNom)
	field("Début", typo.Date(c.Debut))
	field("Fin", typo.Date(c.Fin))
	day("Revoyure", c.Revoyure)
	field("Quartiers prioritaires", strings.Join(c.QpvNoms, " ; "))
	field("Quartiers de veille active", strings.Join(c.Qva, " ; "))
	field("Poches de pauvreté", strings.Join(c.Poches, " ; "))
	field("Responsable de l’évaluation", c.EvaluationOrganismeNom)
	line("\nParties")
	for _, p := range c.Parties {
		line("- ", p.OrganismeNom, ", ", lexique.Libelle(lexique.NaturesPartie, p.Nature), ", signature ", strings.ToLower(lexique.Libelle(lexique.Obligations, p.Obligation)))
	}
	for _, m := range lexique.SectionsContrat {
		if s := c.Section(m.Code, 0); s.Texte != "" {
			line("\n", m.Libelle, "\n", s.Texte)
		}
	}
	for _, a := range c.Axes {
		line("\n", lexique.Libelle(lexique.NaturesAxe, a.Nature), " : ", a.Titre)
		field("Quartier", a.QpvNom)
		if s := c.Section("axe", a.ID); s.Texte != "" {
			line(s.Texte)
		}
		for _, o := range c.ObjectifsDe(a.ID) {
			line("\nObjectif : ", o.Titre)
			if o.Texte != "" {
				line(o.Texte)
			}
			for _, e := range c.EngagementsDe(o.ID) {
				line("Engagement : ", e.Texte)
				field("  Par", e.OrganismeNom)
				field("  Moyens", e.Moyens())
				day("  Échéance", e.Echeance)
				field("  Cible", e.Cible())
			}
		}
	}
	return b.String()
}

// empreinte is the SHA-256 of a text, in hexadecimal.
func empreinte(texte string) string {
	sum := sha256.Sum256([]byte(texte))
	return hex.EncodeToString(sum[:])
}
