package cis

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"portail/internal/lexique"
	"portail/web/typo"
)

// champLigne is a line of a form of the meeting.
type champLigne struct {
	Partie, Cle string
	Valeur      string // of a note
	Precision   string // of an attendance
	Version     int
	Empreinte   string
	Aide, Faute string
}

// ligneNote is a line of a point as its form shows it.
func (v tenueVue) ligneNote(n Note) champLigne {
	cle := strconv.FormatInt(n.ID, 10)
	l := champLigne{Cle: cle, Valeur: n.Texte, Version: n.Version, Empreinte: empreinte(n.Texte)}
	point := int64(0)
	if n.PointID != nil {
		point = *n.PointID
	}
	l.Partie = partiePoint(point)
	if n.Auteur != "" {
		l.Aide = n.Auteur + ", " + typo.Heure(n.ModifieLe)
	}
	if v.Partie == l.Partie && v.Form.Valeurs.Has(champNote+cle) {
		l.Valeur = v.Form.Brut(champNote + cle)
		l.Empreinte = v.Form.Brut(champEmpreinte + cle)
		l.Faute = v.Form.Fautes[champNote+cle]
		if c, stale := v.Conflits[cle]; stale {
			l.Faute, l.Version, l.Empreinte = c.message(), c.Version, "" // both versions are before their author now
		}
	}
	return l
}

// lignes is how high a note is shown: all of it, unless it is very long.
func (l champLigne) lignes() int {
	const least, most, width = 3, 14, 90
	n := 0
	for line := range strings.SplitSeq(l.Valeur, "\n") {
		n += 1 + utf8.RuneCountInString(line)/width
	}
	return min(max(n, least), most)
}

// presence is a line of the attendance as its form shows it.
func (v tenueVue) presence(p Presence) champLigne {
	cle := p.Cle()
	l := champLigne{Partie: partiePresences, Cle: cle, Valeur: p.Etat, Precision: p.Precision, Version: p.Version, Empreinte: empreinte(p.Etat, p.Precision)}
	if p.Reponse != "" {
		l.Aide = "A répondu" + typo.NBSP + ": " + lexique.Libelle(lexique.ReponsesConvocation, p.Reponse)
	}
	if v.Partie == partiePresences && v.Form.Valeurs.Has(champVersionDe+cle) {
		l.Valeur, l.Precision, l.Empreinte = v.Form.Brut(champEtat+cle), v.Form.Brut(champPrecision+cle), v.Form.Brut(champEmpreinte+cle)
		l.Faute = v.Form.Fautes[champEtat+cle]
		if c, stale := v.Conflits[cle]; stale {
			l.Faute, l.Version, l.Empreinte = c.message(), c.Version, ""
		}
	}
	return l
}
