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
		all = append(all, web.Download{Format: nomsFormats[format], Href: lien.ComparaisonFichier(format, c.Comparaison.valeurs())})
	}
	return all
}

// fichier describes the comparison as a file: a line for each place, a column for each indicator and one for its vintage,
// so that each column holds figures of one kind. base is the public address of the site.
func (c comparaison) fichier(base string) export.Table {
	t := export.Table{Nom: "comparaison-quartiers", Titre: "Comparaison de quartiers prioritaires", Colonnes: []export.Colonne{
		{Titre: "Niveau", Nom: "niveau", Largeur: 3}, {Titre: "Code", Nom: "code", Largeur: 2.6}, {Titre: "Nom", Nom: "nom", Largeur: 6},
	}}
	var producteurs []string
	for _, i := range c.indicateurs {
		kind := export.Decimal
		switch {
		case i.Unite == "%":
			kind = export.Pourcent
		case i.Decimales == 0:
			kind = export.Entier
		}
		heading := i.Libelle
		if u := chiffre.UniteEcrite(i.Unite); u != "" {
			heading += " (" + u + ")"
		}
		t.Colonnes = append(t.Colonnes,
			export.Colonne{Titre: heading, Nom: i.Code, Type: kind, Decimales: i.Decimales, Description: strings.TrimSpace(i.Definition + " " + i.Reserve)},
			export.Colonne{Titre: "Millésime" + typo.NBSP + ": " + minuscule(i.Libelle), Nom: i.Code + "_millesime", Description: "Vide quand la source ne le précise pas"})
		if !slices.Contains(producteurs, i.Producteur) {
			producteurs = append(producteurs, i.Producteur)
		}
		if i.Reserve != "" {
			t.Apropos.Reserves = append(t.Apropos.Reserves, i.Libelle+typo.NBSP+": "+i.Reserve)
		}
		if c.millesimesDifferents(i) {
			t.Apropos.Reserves = append(t.Apropos.Reserves, i.Libelle+typo.NBSP+": les millésimes diffèrent d’un lieu à l’autre.")
		}
	}
	if c.deuxListes() {
		t.Apropos.Reserves = append(t.Apropos.Reserves, texteDeuxListes)
	}
	t.Apropos.Reserves = append(t.Apropos.Reserves, chiffre.ExplicationSecret)
	t.Apropos.Source, t.Apropos.Extrait, t.Apropos.Permalien = strings.Join(producteurs, ", "), c.publie.Le, base+c.adresse()
	t.Apropos.Licence = licence(nil)
	if len(c.indicateurs) > 0 {
		t.Apropos.Licence = c.indicateurs[0].Licence
	}
	t.Lignes = export.Lignes(c.colonnes, c.cellules)
	return t
}

func (c comparaison) cellules(col colonne) []any {
	niveau := "Quartier prioritaire"
	if col.Niveau != chiffre.NiveauQPV {
		niveau = lexique.Libelle(lexique.Niveaux, col.Niveau)
	}
	row := []any{niveau, col.Code, col.Nom}
	for _, i := range c.indicateurs {
		v := c.valeur(i, col)
		row = append(row, celluleFichier(v, i.Unite != "%" && i.Decimales == 0))
		if p := v.PeriodeISO(); p != "" {
			row = append(row, p)
		} else {
			row = append(row, nil)
		}
	}
	return row
}
