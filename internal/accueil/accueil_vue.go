package accueil

import (
	"strconv"

	"portail/internal/cartographie"
	"portail/internal/lien"
	"portail/web"
	"portail/web/typo"
)

// millesimeNonPrecise is said of a figure whose source states no year.
const millesimeNonPrecise = "millésime non précisé"

// millesime writes a vintage: "millésime 2020".
func millesime(year *int) string {
	if year == nil {
		return millesimeNonPrecise
	}
	return "millésime" + typo.NBSP + strconv.Itoa(*year)
}

// habitants writes a population, never 0 for want of one.
func habitants(n *float64) string {
	if n == nil {
		return typo.NonDisponible
	}
	return typo.Decimal(*n, 0)
}

// chiffres are the key figures of the page.
func chiffres(t tableau) Chiffres {
	c := sommePopulations(t.Carte.Quartiers)
	c.DepPopulation, c.DepMillesime = t.Departement.Population, t.Departement.Millesime
	return c
}

// figures writes the key figures, each with its vintage.
func figures(c Chiffres) []web.Figure {
	list := []web.Figure{{
		Valeur: typo.Nombre(int64(c.Quartiers)), Libelle: typo.Pluriel(c.Quartiers, "quartier prioritaire", "quartiers prioritaires"),
		Note: "Liste en vigueur depuis 2024",
	}}
	people := web.Figure{Valeur: typo.NonDisponible, Absent: true, Libelle: "habitants en quartier prioritaire"}
	if c.Comptes > 0 {
		people = web.Figure{Valeur: typo.Decimal(c.Population, 0), Libelle: people.Libelle,
			Note: "Somme calculée, population municipale, " + millesime(c.Millesime)}
	}
	share := web.Figure{Valeur: typo.NonDisponible, Absent: true, Libelle: "des habitants du département"}
	if part, ok := c.Part(); ok {
		share = web.Figure{Valeur: "environ " + typo.Pourcent(part, 1), Libelle: share.Libelle,
			Note: "Quartiers : " + millesime(c.Millesime) + " ; département : " + millesime(c.DepMillesime)}
	}
	return append(list, people, share)
}

// note says how the sum and the share were made, and what they lack.
func (c Chiffres) note(d Departement) string {
	note := ""
	if _, ok := c.Part(); ok {
		note = "La part est un calcul du portail : les " + typo.Decimal(c.Population, 0) + " habitants des quartiers (" + millesime(c.Millesime) +
			") sont rapportés aux " + typo.Decimal(*c.DepPopulation, 0) + " habitants du département (" + millesime(c.DepMillesime) + ")."
		if !sameYear(c.Millesime, c.DepMillesime) {
			note += " Ces deux chiffres ne sont pas de la même année : la part n’est qu’une approximation."
		}
		if d.Source != "" {
			note += " Source pour le département : " + d.Source + "."
		}
	}
	if n := c.Manquants(); n > 0 && c.Comptes > 0 {
		note += " La population de " + typo.NPluriel(int64(n), "quartier", "quartiers") + " n’est pas disponible pour ce millésime et n’est pas comptée."
	}
	return note
}

// liensCommunes are the ways in by commune: straight to the fiche where there is only one quarter.
func liensCommunes(communes []Commune) []web.Lien {
	links := make([]web.Lien, len(communes))
	for i, c := range communes {
		href := lien.QPVParCommune(c.Code)
		if c.Seul != "" {
			href = lien.Fiche(c.Seul)
		}
		links[i] = web.Lien{Texte: c.Nom + " (" + typo.NPluriel(int64(c.Quartiers), "quartier", "quartiers") + ")", Href: href}
	}
	return links
}

// tableQuartiers is the table beside the map: its first column begins with the numbers of the marks.
func tableQuartiers(quartiers []cartographie.Quartier) web.TableProps {
	p := web.TableProps{ID: "table-quartiers", Caption: "Les quartiers de la carte", Small: true, Columns: []web.Column{
		{Titre: "Quartier"}, {Titre: "Habitants", Numeric: true}}}
	for i, q := range quartiers {
		people := web.Cell{Texte: typo.NonDisponible}
		switch {
		case q.Secret:
			people = web.Cell{Texte: "n.c.", Note: "secret statistique"}
		case q.Population != nil:
			people = web.Cell{Texte: habitants(q.Population), Note: millesime(q.PopulationA)}
		}
		p.Rows = append(p.Rows, []web.Cell{{Texte: strconv.Itoa(i+1) + "." + typo.NBSP + q.Nom, Href: lien.Fiche(q.Code), Note: typo.Liste(q.Communes)}, people})
	}
	return p
}

// tableContrats lists the contracts with what is computed from their quarters.
func tableContrats(contrats []Contrat) web.TableProps {
	p := web.TableProps{ID: "table-contrats", Caption: "Contrats de ville de la génération 2024-2030", CaptionHidden: true, Columns: []web.Column{
		{Titre: "Contrat, intercommunalité ou commune"}, {Titre: "Quartiers", Numeric: true}, {Titre: "Habitants", Numeric: true}}}
	for _, c := range contrats {
		number := web.TextCell(typo.NonDisponible)
		if c.Quartiers > 0 {
			number = web.TextCell(typo.Nombre(int64(c.Quartiers)))
		}
		people := web.Cell{Texte: habitants(c.Population)}
		if c.Population != nil {
			people.Note = "somme, " + millesime(c.Millesime)
		}
		name := web.Cell{Texte: c.Nom, Note: c.note()}
		if c.Publie != nil {
			name.Href = lien.ContratPublic(*c.Publie)
		}
		p.Rows = append(p.Rows, []web.Cell{name, number, people})
	}
	return p
}

// note is the code of the contract with who carries it, unless its name says so already.
func (c Contrat) note() string {
	if c.Territoire == "" || c.Territoire == c.Nom {
		return c.Code
	}
	return c.Code + ", " + c.Territoire
}

// nonRenseigne is said of a setting that the préfecture has left empty.
const nonRenseigne = "non renseigné par la préfecture"

// renseigne is what a setting says, or that it says nothing.
func renseigne(setting string) string {
	if setting == "" {
		return nonRenseigne
	}
	return setting
}
