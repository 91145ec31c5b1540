// Package chiffre is the figures of the portal (R-F-1 to R-F-3): what an indicator measures, a value with its vintage, how a quarter stands
// to the places around it, how figures go over time, and the one way by which figures enter: a new version beside the former.
package chiffre

import (
	"cmp"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"portail/web"
	"portail/web/typo"
)

// Indicateur is a line of the catalogue of figures (R-F-1).
type Indicateur struct {
	Code       string
	Libelle    string
	Definition string
	Thematique string // code of lexique.Thematiques
	Unite      string // hab., %, €, ratio…
	Decimales  int
	Nature     string // effectif, part, moyenne or indice
	Sens       string // what a higher value means: favorable, defavorable or neutre
	Producteur string
	Licence    string
	Reserve    string // shown wherever the figure is; empty: none
	// DesQuartiers says that it can be measured in a quarter; the others are only of the places around it.
	DesQuartiers bool
}

// What an indicator measures decides how two of its figures are set against one another.
const (
	NatureEffectif = "effectif" // a count: a share of the territory's total
	NaturePart     = "part"     // a percentage: a difference in points
	NatureMoyenne  = "moyenne"  // an average: a difference in percent
)

// What a higher value means for the inhabitants; "defavorable" is the third.
const (
	SensNeutre    = "neutre"
	SensFavorable = "favorable"
)

// NiveauQPV stands beside the levels of lexique.Niveaux: a figure of a quarter.
const NiveauQPV = "qpv"

// What pages say of a figure that is not a plain number.
const (
	// NonCommunique is shown for what statistical secrecy covers (R-F-2).
	NonCommunique = "n.c."
	// MillesimeNonPrecise is shown when the source states no vintage.
	MillesimeNonPrecise = "millésime non précisé"
	// ExplicationSecret says what NonCommunique means.
	ExplicationSecret = "n.c. : non communiqué. Le nombre est trop petit pour être publié (secret statistique)."
	// ExplicationReservee warns the producer of what it alone reads.
	ExplicationReservee = "Les chiffres marqués « n.c. pour les autres » sont ceux de votre organisme : le secret statistique les cache à tous les autres. Ne les diffusez pas."
)

// Valeur is one figure as the public sees it: a number, or "n.c.", or — the zero Valeur — "non disponible". It is never
// 0 for lack of a figure.
type Valeur struct {
	Connue    bool    // Nombre holds the figure
	Secret    bool    // a figure exists and statistical secrecy masks it
	Nombre    float64 // meaningless unless Connue
	Unite     string
	Decimales int
	Millesime int // vintage; 0: the source states none
	Trimestre int // 1 to 4; 0: the figure is of the whole year
	Source    string
	// Reservee says that whoever asks reads it because it is their own: secrecy hides it from everybody else.
	Reservee bool
	// Correction is why the figure replaced another after its publication, CorrigeLe when; empty when it did not.
	Correction string
	CorrigeLe  time.Time
}

// Texte writes the figure with its unit: "38,4 %", "n.c.", "non disponible".
func (v Valeur) Texte() string {
	switch {
	case v.Secret:
		return NonCommunique
	case !v.Connue:
		return typo.NonDisponible
	}
	return typo.Unite(v.Nombre, v.Decimales, UniteEcrite(v.Unite))
}

// Mention is what must be known of a figure beside it: its vintage, and its Particularite.
func (v Valeur) Mention() string {
	s := v.MillesimeTexte()
	if p := v.Particularite(); p != "" {
		s += ", " + p
	}
	return s
}

// Particularite says that a figure was corrected, or is for its producer alone; empty for most.
func (v Valeur) Particularite() string {
	var all []string
	if v.Correction != "" {
		all = append(all, "corrigé le "+typo.DateCourte(v.CorrigeLe))
	}
	if v.Reservee {
		all = append(all, NonCommunique+" pour les autres")
	}
	return strings.Join(all, ", ")
}

// Presente says whether the producer gave a figure, masked or not.
func (v Valeur) Presente() bool { return v.Connue || v.Secret }

// MillesimeTexte writes the vintage: "2021", "3e trimestre 2021", "millésime non précisé"; empty when there is no figure.
func (v Valeur) MillesimeTexte() string {
	switch {
	case !v.Presente():
		return ""
	case v.Millesime == 0:
		return MillesimeNonPrecise
	}
	return v.periode()
}

// periode is a stated vintage as pages write it.
func (v Valeur) periode() string {
	annee := strconv.Itoa(v.Millesime)
	if v.Trimestre == 0 {
		return annee
	}
	return typo.Rang(v.Trimestre, typo.Masculin) + typo.NBSP + "trimestre" + typo.NBSP + annee
}

// PeriodeISO writes the vintage for machines: "2021", "2021-T3"; empty when unknown.
func (v Valeur) PeriodeISO() string {
	annee := strconv.Itoa(v.Millesime)
	switch {
	case v.Millesime == 0:
		return ""
	case v.Trimestre == 0:
		return annee
	}
	return annee + "-T" + strconv.Itoa(v.Trimestre)
}

// Pointeur gives the number to files and JSON: nil when it is masked or missing.
func (v Valeur) Pointeur() *float64 {
	if !v.Connue {
		return nil
	}
	n := Arrondi(v.Nombre, v.Decimales)
	return &n
}

// MemeMillesime says whether both figures are of the same stated vintage, hence comparable.
func (v Valeur) MemeMillesime(autre Valeur) bool {
	return v.Millesime != 0 && v.Millesime == autre.Millesime && v.Trimestre == autre.Trimestre
}

// UniteEcrite is the unit as written after a number: a ratio has none.
func UniteEcrite(unite string) string {
	if unite == "ratio" {
		return ""
	}
	return unite
}

// Arrondi rounds a number to the decimals that are shown, so that files and pages tell the same figure.
func Arrondi(n float64, decimales int) float64 {
	pow := math.Pow10(decimales)
	return math.Round(n*pow) / pow
}

// cle names a series: an indicator of a quarter or of a territory.
type cle struct{ indicateur, niveau, code string }

// Chiffres are the published figures a page needs, each series from the oldest to the latest vintage.
type Chiffres map[cle][]Valeur

// Derniere is the latest figure of an indicator for a place; niveau is NiveauQPV or a code of lexique.Niveaux. Without
// figure it is the zero Valeur, "non disponible".
func (c Chiffres) Derniere(indicateur, niveau, code string) Valeur {
	serie := c[cle{indicateur, niveau, code}]
	if len(serie) == 0 {
		return Valeur{}
	}
	return serie[len(serie)-1]
}

// EnRegard is the figure of a place to set against another figure: of the same vintage when there is one, else the latest.
func (c Chiffres) EnRegard(indicateur, niveau, code string, de Valeur) Valeur {
	for _, v := range c[cle{indicateur, niveau, code}] {
		if v.MemeMillesime(de) {
			return v
		}
	}
	return c.Derniere(indicateur, niveau, code)
}

// Serie are the figures of an indicator for a place, the oldest first; an unstated vintage comes before all.
func (c Chiffres) Serie(indicateur, niveau, code string) []Valeur {
	return c[cle{indicateur, niveau, code}]
}

// SerieSuivie are the dated figures of a quarter, those of the 2015 quarter that it follows before them. rupture is the first vintage under
// the new code, empty when there is no former one; several quarters of 2015 make no series (R-Z-1).
func (c Chiffres) SerieSuivie(indicateur, code string, anciens []string) (serie []Valeur, rupture string) {
	own := Datees(c.Serie(indicateur, NiveauQPV, code))
	if len(anciens) != 1 || len(own) == 0 {
		return own, ""
	}
	for _, v := range Datees(c.Serie(indicateur, NiveauQPV, anciens[0])) {
		if v.PeriodeISO() < own[0].PeriodeISO() {
			serie = append(serie, v)
		}
	}
	if len(serie) > 0 {
		rupture = own[0].PeriodeISO()
	}
	return append(serie, own...), rupture
}

// Rompre flags the change of boundary on an evolution.
func (e *Evolution) Rompre(rupture string) {
	e.Avis = "Le contour du quartier a changé en 2024" + typo.NBSP + ": les valeurs d’avant et d’après ne portent pas sur le même périmètre et ne se comparent pas."
	e.Graphique.Breaks = []web.Break{{X: rupture, Texte: "Changement de contour"}}
}

// Indexer sorts rows of figures into series.
func Indexer(lignes []LigneValeur, catalogue []Indicateur) Chiffres {
	connus := make(map[string]Indicateur, len(catalogue))
	for _, i := range catalogue {
		connus[i.Code] = i
	}
	c := Chiffres{}
	for _, l := range lignes {
		if i, ok := connus[l.Indicateur]; ok {
			k := cle{l.Indicateur, l.Niveau, l.Code}
			c[k] = append(c[k], l.valeur(i))
		}
	}
	for _, serie := range c {
		slices.SortFunc(serie, func(a, b Valeur) int {
			return cmp.Or(cmp.Compare(a.Millesime, b.Millesime), cmp.Compare(a.Trimestre, b.Trimestre))
		})
	}
	return c
}

func (l LigneValeur) valeur(i Indicateur) Valeur {
	v := Valeur{Secret: l.Secret, Unite: i.Unite, Decimales: i.Decimales, Source: l.Source, Reservee: l.Reservee, Correction: l.Correction}
	if l.CorrigeLe != nil {
		v.CorrigeLe = *l.CorrigeLe
	}
	if l.Valeur != nil && !l.Secret {
		v.Connue, v.Nombre = true, *l.Valeur
	}
	if l.Millesime != nil {
		v.Millesime = *l.Millesime
	}
	if l.Trimestre != nil {
		v.Trimestre = *l.Trimestre
	}
	return v
}

// LigneValeur is a published figure and the place it is about.
type LigneValeur struct {
	Indicateur string
	Niveau     string // NiveauQPV or a code of lexique.Niveaux
	Code       string // of the quarter or of the territory
	Millesime  *int
	Trimestre  *int
	Valeur     *float64 // nil when secret
	Secret     bool
	Source     string
	Reservee   bool
	Correction string
	CorrigeLe  *time.Time
}
