package qpv

import (
	"slices"

	"portail/internal/chiffre"
	"portail/internal/lexique"
	"portail/web"
	"portail/web/typo"
)

// choixQuartiers are the check boxes of the quarters: those compared, then those proposed.
func (c comparaison) choixQuartiers() web.GroupProps {
	p := web.GroupProps{Control: web.Control{
		ID: paramCodes, Name: paramCodes, Label: "Quartiers à comparer", Error: c.fautes[paramCodes],
		Hint: "De 2 à " + typo.Nombre(maxQuartiers) + " quartiers.",
	}}
	for _, col := range c.colonnes {
		if col.Niveau == chiffre.NiveauQPV {
			p.Options = append(p.Options, web.Option{Value: col.Code, Label: col.titre(), Hint: col.Code, Selected: true})
		}
	}
	for _, q := range c.candidats {
		if !slices.Contains(c.Codes, q.Code) {
			p.Options = append(p.Options, web.Option{Value: q.Code, Label: q.Nom + " (" + nomsOuInconnu(q.Communes) + ")", Hint: q.Code})
		}
	}
	return p
}

// choixIndicateurs are the check boxes of the indicators of a theme.
func (c comparaison) choixIndicateurs(thematique lexique.Mot, first bool) web.GroupProps {
	p := web.GroupProps{Control: web.Control{ID: paramIndicateurs + "-" + thematique.Code, Name: paramIndicateurs, Label: thematique.Libelle}}
	if first { // the fault is told once, where the choice begins
		p.ID, p.Error = paramIndicateurs, c.fautes[paramIndicateurs]
	}
	for _, i := range c.catalogue {
		if i.Thematique == thematique.Code && c.propose(i) {
			shown := slices.ContainsFunc(c.indicateurs, func(s Indicateur) bool { return s.Code == i.Code })
			p.Options = append(p.Options, web.Option{Value: i.Code, Label: i.Libelle, Selected: shown})
		}
	}
	return p
}

// propose says whether an indicator can be chosen: one that is not measured in quarters needs a territory to show it.
func (c comparaison) propose(i Indicateur) bool {
	return i.DesQuartiers || len(c.Territoires) > 0 || slices.Contains(c.Indicateurs, i.Code)
}

// thematiques are the themes that have indicators.
func (c comparaison) thematiques() []lexique.Mot {
	var all []lexique.Mot
	for _, m := range lexique.Thematiques {
		if slices.ContainsFunc(c.catalogue, func(i Indicateur) bool { return i.Thematique == m.Code && c.propose(i) }) {
			all = append(all, m)
		}
	}
	return all
}

// choixTerritoires are the check boxes of the territories around the quarters.
func (c comparaison) choixTerritoires() web.GroupProps {
	p := web.GroupProps{Control: web.Control{
		ID: paramTerritoires, Name: paramTerritoires, Label: "Territoires de référence", Error: c.fautes[paramTerritoires],
		Hint: "Pour situer les quartiers parmi ce qui les entoure.",
	}}
	for _, r := range c.references {
		t := territoireChoisi{r.Niveau, r.Code}
		p.Options = append(p.Options, web.Option{
			Value: t.String(), Label: r.Nom + " (" + lexique.Libelle(lexique.Niveaux, r.Niveau) + ")", Selected: slices.Contains(c.Territoires, t),
		})
	}
	return p
}

// choixMillesime is the list of the vintages that the compared figures have.
func (c comparaison) choixMillesime() web.SelectProps {
	return web.SelectProps{Control: web.Control{
		ID: paramMillesime, Name: paramMillesime, Label: "Millésime", Error: c.fautes[paramMillesime],
		Hint: "Un lieu qui n’a pas de chiffre du millésime choisi est dit non disponible.",
	}, Options: c.millesimes(), Vide: "Le dernier de chaque chiffre"}
}
