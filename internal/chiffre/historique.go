package chiffre

import (
	"time"

	"portail/web"
	"portail/web/typo"
)

// Version is a figure of a quarter as it was published at some time.
type Version struct {
	Indicateur, Libelle, Unite string
	Decimales                  int
	Millesime, Trimestre       *int
	Courante                   bool // the one that pages show
	Retiree                    bool // the last one: its producer says that there is no such figure
	Premiere                   bool
	Remontee                   bool // it came by a return, not by a file of open data
	Valeur                     *float64
	Secret, Reservee           bool
	Source, Motif              string
	CreeeLe                    time.Time
}

// HistoriqueIndicateur is what became of the figures of an indicator that were replaced.
type HistoriqueIndicateur struct {
	Code, Libelle string
	Versions      []Version
}

// ExplicationAnciennes says why a former figure may be masked though it was not then.
const ExplicationAnciennes = "Une valeur remplacée n’est plus montrée dès que le secret statistique couvre un chiffre de la même période : elle permettrait de le retrouver."

// Historique groups versions, sorted by indicator and from the latest vintage to the oldest.
func Historique(versions []Version) []HistoriqueIndicateur {
	var all []HistoriqueIndicateur
	for _, v := range versions {
		if n := len(all); n == 0 || all[n-1].Code != v.Indicateur {
			all = append(all, HistoriqueIndicateur{Code: v.Indicateur, Libelle: v.Libelle})
		}
		last := &all[len(all)-1]
		last.Versions = append(last.Versions, v)
	}
	return all
}

func (v Version) valeur() Valeur {
	l := LigneValeur{Millesime: v.Millesime, Trimestre: v.Trimestre, Valeur: v.Valeur, Secret: v.Secret, Source: v.Source, Reservee: v.Reservee}
	return l.valeur(Indicateur{Unite: v.Unite, Decimales: v.Decimales})
}

// etat says what became of the version.
func (v Version) etat() string {
	s := "remplacée"
	switch {
	case v.Courante:
		s = "en vigueur"
	case v.Retiree:
		s = "retirée par son producteur"
	}
	if v.Reservee {
		s += ", " + NonCommunique + " pour les autres"
	}
	return s
}

// raison says why the version was published.
func (v Version) raison() string {
	switch {
	case v.Motif != "":
		return v.Motif
	case v.Premiere:
		return "Première publication"
	case v.Remontee:
		return "Chiffre remonté par son producteur"
	}
	return "Nouvelle version du fichier d’origine"
}

func (h HistoriqueIndicateur) tableau() web.TableProps {
	p := web.TableProps{ID: "historique-" + h.Code, Caption: h.Libelle + typo.NBSP + ": versions publiées", CaptionHidden: true, Small: true, Columns: []web.Column{
		{Titre: "Période"}, {Titre: "Valeur", Numeric: true}, {Titre: "Publiée le"}, {Titre: "Pourquoi"}, {Titre: "Source"}}}
	for _, v := range h.Versions {
		value := v.valeur()
		p.Rows = append(p.Rows, []web.Cell{web.TextCell(value.MillesimeTexte()), {Texte: value.Texte(), Note: v.etat()}, web.TextCell(typo.DateCourte(v.CreeeLe)),
			web.TextCell(v.raison()), web.TextCell(v.Source)})
	}
	return p
}

// masque says whether a masked version is shown.
func masque(all []HistoriqueIndicateur) bool {
	for _, h := range all {
		for _, v := range h.Versions {
			if v.Secret {
				return true
			}
		}
	}
	return false
}
