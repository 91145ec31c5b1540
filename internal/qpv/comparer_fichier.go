package qpv

import (
	"slices"
	"strings"

	"portail/internal/chiffre"
	"portail/internal/export"
	"portail/internal/lexique"
	"portail/internal/lien"
	"portail/web"
	"portail/web/typo"
)

var formatsComparaison = []string{formatCSV, formatCSVTableur, formatODS}

// telechargements are the files of the comparison.
func (c comparaison) telechargements() []web.Download {
	var all []web.Download
	for _, format := range formatsComparaison {
		all = append(all, web.Download{Format: nomsFormats[format], Href: lien.ComparaisonFichier(c.page, format, c.Comparaison.valeurs())})
	}
	return all
}

// fichier describes the comparison as a file, in the view that the page shows. base is the public address of the site.
func (c comparaison) fichier(base string) export.Table {
	t := c.fichierLieux()
	if c.Vue == vueEvolution {
		t = c.fichierEvolution()
	}
	t.Apropos.Extrait, t.Apropos.Permalien = c.publie.Le, base+c.adresse()
	if c.Millesime != "" && c.Vue != vueEvolution {
		t.Apropos.Filtres = append(t.Apropos.Filtres, "Millésime"+typo.NBSP+": "+c.Millesime)
	}
	var producteurs []string
	for _, i := range c.indicateurs {
		if !slices.Contains(producteurs, i.Producteur) {
			producteurs = append(producteurs, i.Producteur)
		}
		if i.Reserve != "" {
			t.Apropos.Reserves = append(t.Apropos.Reserves, i.Libelle+typo.NBSP+": "+i.Reserve)
		}
	}
	t.Apropos.Source = strings.Join(producteurs, ", ")
	if c.deuxListes() {
		t.Apropos.Reserves = append(t.Apropos.Reserves, texteDeuxListes)
	}
	t.Apropos.Reserves = append(t.Apropos.Reserves, chiffre.ExplicationSecret)
	if c.services {
		t.Apropos.Reserves = append(t.Apropos.Reserves, "Document de travail des services"+typo.NBSP+": certains de ces chiffres ne sont pas publics.")
		if c.reservee() {
			t.Apropos.Reserves = append(t.Apropos.Reserves, chiffre.ExplicationReservee)
		}
		return t
	}
	t.Apropos.Licence = licence(nil)
	if len(c.indicateurs) > 0 {
		t.Apropos.Licence = c.indicateurs[0].Licence
	}
	return t
}

// colonnesLieu name a place in a file.
var colonnesLieu = []export.Colonne{{Titre: "Niveau", Nom: "niveau", Largeur: 3}, {Titre: "Code", Nom: "code", Largeur: 2.6}, {Titre: "Nom", Nom: "nom", Largeur: 6}}

func (col colonne) cellules() []any {
	niveau := "Quartier prioritaire"
	if col.Niveau != chiffre.NiveauQPV {
		niveau = lexique.Libelle(lexique.Niveaux, col.Niveau)
	}
	return []any{niveau, col.Code, col.Nom}
}

// fichierLieux has a line for each place; for each indicator a column of its own, so that each holds figures of one kind, one of its
// vintage, and one of the rank of the quarters when they are ranked.
func (c comparaison) fichierLieux() export.Table {
	t := export.Table{Nom: "comparaison-quartiers", Titre: "Comparaison de quartiers prioritaires", Colonnes: slices.Clone(colonnesLieu)}
	for _, l := range c.lignes {
		kind := export.Decimal
		switch {
		case l.Unite == "%":
			kind = export.Pourcent
		case l.entiere():
			kind = export.Entier
		}
		heading := l.Libelle
		if u := chiffre.UniteEcrite(l.Unite); u != "" {
			heading += " (" + u + ")"
		}
		t.Colonnes = append(t.Colonnes,
			export.Colonne{Titre: heading, Nom: l.Code, Type: kind, Decimales: l.Decimales, Description: strings.TrimSpace(l.Definition + " " + l.Reserve)},
			export.Colonne{Titre: "Millésime" + typo.NBSP + ": " + minuscule(l.Libelle), Nom: l.Code + "_millesime", Description: "Vide quand la source ne le précise pas"})
		if l.Classes > 0 {
			t.Colonnes = append(t.Colonnes, export.Colonne{Titre: "Rang" + typo.NBSP + ": " + minuscule(l.Libelle), Nom: l.Code + "_rang", Type: export.Entier,
				Description: "De la valeur la plus élevée à la plus basse ; le même rang pour des quartiers ex æquo. " + c.classement(l)})
		}
		if l.Divers {
			t.Apropos.Reserves = append(t.Apropos.Reserves, l.Libelle+typo.NBSP+": les millésimes diffèrent d’un lieu à l’autre.")
		}
	}
	var rows [][]any
	for n, col := range c.colonnes {
		row := col.cellules()
		for _, l := range c.lignes {
			row = append(row, celluleFichier(l.Valeurs[n], l.entiere()), periodeFichier(l.Valeurs[n]))
			if l.Classes > 0 {
				row = append(row, ouRien(l.Rangs[n].Place))
			}
		}
		rows = append(rows, row)
	}
	t.Lignes = export.Lignes(rows, func(row []any) []any { return row })
	return t
}

// entiere says whether the figures of an indicator are whole numbers.
func (l ligneComparee) entiere() bool { return l.Unite != "%" && l.Decimales == 0 }

// periodeFichier is the vintage of a figure, nothing when it is not stated.
func periodeFichier(v Valeur) any {
	if p := v.PeriodeISO(); p != "" {
		return p
	}
	return nil
}

// fichierEvolution has a line for each dated figure.
func (c comparaison) fichierEvolution() export.Table {
	t := export.Table{Nom: "evolution-quartiers", Titre: "Évolution de quartiers prioritaires", Colonnes: append(slices.Clone(colonnesLieu),
		export.Colonne{Titre: "Indicateur", Nom: "indicateur", Largeur: 5}, export.Colonne{Titre: "Libellé", Nom: "libelle", Largeur: 7},
		export.Colonne{Titre: "Millésime", Nom: "millesime"}, export.Colonne{Titre: "Valeur", Nom: "valeur", Type: export.Decimal, Decimales: 1}, export.Colonne{Titre: "Unité", Nom: "unite"},
		export.Colonne{Titre: "Contour modifié", Nom: "contour_modifie", Type: export.Booleen, Description: "Vrai pour le premier millésime d’un contour modifié : ne pas comparer avant et après"},
		export.Colonne{Titre: "Correction", Nom: "correction", Largeur: 8})}
	var rows [][]any
	for _, e := range c.evolutions() {
		for _, s := range e.Lieux {
			for _, v := range s.Points {
				rows = append(rows, append(s.cellules(), e.Code, e.Libelle, v.PeriodeISO(), celluleFichier(v, false), e.Unite, v.PeriodeISO() == s.Rupture, v.Correction))
			}
		}
	}
	t.Lignes = export.Lignes(rows, func(row []any) []any { return row })
	return t
}
