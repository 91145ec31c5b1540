package qpv

import (
	"slices"
	"strconv"
	"strings"

	"portail/internal/chiffre"
	"portail/internal/lexique"
	"portail/web"
	"portail/web/typo"
)

// bloc is a thématique of the fiche.
type bloc struct {
	Code, Titre string
	Colonnes    []reference // wider places with at least one figure here
	Sans        []string    // names of those without any
	Lignes      []ligneIndicateur
}

// ligneIndicateur is an indicator with the quarter's figure, its rank and its gap to each wider place.
type ligneIndicateur struct {
	Indicateur
	Quartier Valeur
	Rang     Rang
	Cases    []caseReference // one per column of the table
	Note     int             // number of its reserve, 0 without
	Barres   []barre         // of its chart and of the table beside it
	Tronque  string          // says that the chart leaves quarters out, empty otherwise
}

// caseReference is the figure of a wider place and the quarter's gap to it.
type caseReference struct {
	Valeur Valeur
	Note   string // the gap in words; the vintage alone when the quarter has no figure
}

// barre is a bar of the chart of an indicator.
type barre struct {
	Nom       string
	Valeur    Valeur
	Principal bool // the quarter itself
	Reference bool // a wider place
}

// maxBarres is the number of quarters of a chart.
const maxBarres = 12

// chiffresVue is the part of the fiche made of figures.
type chiffresVue struct {
	Blocs     []bloc
	Absentes  []string // thématiques without indicator
	Reserves  reserves
	Secret    bool // a masked figure is shown: say what "n.c." means
	Quartiers int  // quarters of the département, this one included
}

// chiffresVue sets the figures in the order of the lexique.
func (f fiche) chiffresVue() chiffresVue {
	var v chiffresVue
	for _, t := range lexique.Thematiques {
		b := f.bloc(t)
		for _, i := range f.catalogue {
			if i.Thematique != t.Code || !i.DesQuartiers {
				continue
			}
			if l, any := f.ligne(i, b.Colonnes); any {
				l.Note = v.Reserves.numero(i.Reserve)
				v.Secret = v.Secret || l.masque()
				b.Lignes = append(b.Lignes, l)
			}
		}
		if len(b.Lignes) == 0 {
			v.Absentes = append(v.Absentes, t.Libelle)
			continue
		}
		v.Blocs = append(v.Blocs, b)
	}
	for _, e := range f.endroits {
		if e.Niveau == chiffre.NiveauQPV {
			v.Quartiers++
		}
	}
	return v
}

// bloc prepares a thématique: a column for each wider place that has a figure in it.
func (f fiche) bloc(t lexique.Mot) bloc {
	b := bloc{Code: t.Code, Titre: t.Libelle}
	for _, r := range f.references() {
		if slices.ContainsFunc(f.catalogue, func(i Indicateur) bool {
			return i.Thematique == t.Code && i.DesQuartiers && f.chiffres.Derniere(i.Code, r.Niveau, r.Code).Presente()
		}) {
			b.Colonnes = append(b.Colonnes, r)
		} else if nom := chiffre.Article(r.Niveau); !slices.Contains(b.Sans, nom) {
			b.Sans = append(b.Sans, nom)
		}
	}
	return b
}

// ligne reads an indicator; any is false when nobody has a figure.
func (f fiche) ligne(i Indicateur, colonnes []reference) (l ligneIndicateur, any bool) {
	l = ligneIndicateur{Indicateur: i, Quartier: f.chiffres.Derniere(i.Code, chiffre.NiveauQPV, f.Code)}
	any = l.Quartier.Presente()
	var tous []Valeur
	for _, e := range f.endroits {
		if e.Niveau != chiffre.NiveauQPV {
			continue
		}
		v := f.chiffres.Derniere(i.Code, chiffre.NiveauQPV, e.Code)
		tous = append(tous, v)
		if v.Presente() || e.Code == f.Code {
			l.Barres = append(l.Barres, barre{Nom: e.Nom, Valeur: v, Principal: e.Code == f.Code})
		}
	}
	l.Rang = rang(l.Quartier, tous)
	slices.SortStableFunc(l.Barres, duPlusEleve)
	if n := len(l.Barres); n > maxBarres {
		l.Barres = fenetre(l.Barres, maxBarres)
		l.Tronque = "Sont montrés les " + strconv.Itoa(maxBarres) + " quartiers aux valeurs les plus proches, sur " + strconv.Itoa(n) + "."
	}
	for _, r := range colonnes {
		v := f.chiffres.EnRegard(i.Code, r.Niveau, r.Code, l.Quartier)
		any = any || v.Presente()
		c := caseReference{v, i.Ecart(l.Quartier, v, r.Niveau, r.Partiel).Phrase()}
		if !l.Quartier.Presente() {
			c.Note = v.MillesimeTexte()
		}
		l.Cases = append(l.Cases, c)
		if v.Presente() {
			l.Barres = append(l.Barres, barre{Nom: r.Nom, Valeur: v, Reference: true})
		}
	}
	return l, any
}

func (l ligneIndicateur) masque() bool {
	return l.Quartier.Secret || slices.ContainsFunc(l.Cases, func(c caseReference) bool { return c.Valeur.Secret }) ||
		slices.ContainsFunc(l.Barres, func(b barre) bool { return b.Valeur.Secret })
}

// origine names who made the figure and when: "INSEE, Filosofi, 2021".
func (l ligneIndicateur) origine() string {
	v := l.Quartier
	for i := 0; !v.Presente() && i < len(l.Cases); i++ {
		v = l.Cases[i].Valeur
	}
	return origine(l.Indicateur, v)
}

// origine writes the producer, the source when it says more, and the vintage.
func origine(i Indicateur, v Valeur) string {
	s := i.Producteur
	switch {
	case v.Source == "" || v.Source == i.Producteur:
	case len(v.Source) > len(s) && v.Source[:len(s)] == s:
		s = v.Source
	default:
		s += " (" + v.Source + ")"
	}
	return s + ", " + v.MillesimeTexte()
}

// dessinees are the bars of the chart: the total of a wider place would flatten the counts of the quarters.
func (l ligneIndicateur) dessinees() []barre {
	return slices.DeleteFunc(slices.Clone(l.Barres), func(b barre) bool { return b.Reference && l.Nature == chiffre.NatureEffectif })
}

// aGraphique says whether there is something to compare in a chart.
func (l ligneIndicateur) aGraphique() bool {
	known := slices.DeleteFunc(l.dessinees(), func(b barre) bool { return !b.Valeur.Connue })
	return len(known) > 1
}

// graphique is the bar chart of an indicator. Masked and missing figures have a bar of no length and say so.
func (f fiche) graphique(l ligneIndicateur) web.BarChartProps {
	p := web.BarChartProps{
		ID: "barres-" + l.Code, Titre: l.Libelle + typo.NBSP + ": " + f.Nom + " et les territoires de comparaison",
		Desc: "Les valeurs figurent dans le tableau qui suit.", Unit: chiffre.UniteEcrite(l.Unite), Digits: l.Decimales,
	}
	for _, b := range l.dessinees() {
		p.Bars = append(p.Bars, web.Bar{Label: b.Nom, Value: b.Valeur.Nombre, Texte: b.Valeur.Texte(), Absent: !b.Valeur.Connue, Emphasis: b.Principal})
	}
	return p
}

// tableau holds the same values as the chart.
func (l ligneIndicateur) tableau() web.TableProps {
	p := web.TableProps{
		ID: "tableau-" + l.Code, Caption: l.Libelle, Small: true,
		Columns: []web.Column{{Titre: "Territoire"}, {Titre: "Valeur", Numeric: true}, {Titre: "Millésime"}},
	}
	for _, b := range l.Barres {
		p.Rows = append(p.Rows, []web.Cell{web.TextCell(b.Nom), web.TextCell(b.Valeur.Texte()), web.TextCell(b.Valeur.MillesimeTexte())})
	}
	return p
}

// sources are the distinct sources of the table.
func (l ligneIndicateur) sources() string {
	var list []string
	for _, b := range l.Barres {
		if s := b.Valeur.Source; s != "" && !slices.Contains(list, s) {
			list = append(list, s)
		}
	}
	return typo.Pluriel(len(list), "Source", "Sources") + typo.NBSP + ": " + strings.Join(list, typo.NBSP+"; ") + "."
}

// clefs are the first figure of each thématique: what the fiche says at first sight.
func (v chiffresVue) clefs() []web.Figure {
	var figures []web.Figure
	for _, b := range v.Blocs {
		l := b.Lignes[0]
		note := l.Quartier.MillesimeTexte()
		if l.Note > 0 && l.Quartier.Presente() {
			note += ", réserve" + typo.NBSP + "(" + strconv.Itoa(l.Note) + ")"
		}
		figures = append(figures, web.Figure{Valeur: l.Quartier.Texte(), Libelle: l.Libelle, Note: note, Absent: !l.Quartier.Connue})
	}
	return figures
}
