package qpv

import (
	"strconv"

	"portail/internal/lexique"
	"portail/web"
	"portail/web/typo"
)

// of are the values of a filter, each once: they come sorted, the same ones side by side.
func (l liste) of(sorte string) []choix {
	var all []choix
	for _, c := range l.Choix {
		if c.Sorte == sorte && (len(all) == 0 || all[len(all)-1].Code != c.Code) {
			all = append(all, c)
		}
	}
	return all
}

// nom is the name of a value of a filter, or its code when it is not known.
func (l liste) nom(sorte, code string) string {
	for _, c := range l.Choix {
		if c.Sorte == sorte && c.Code == code && c.Nom != "" {
			return c.Nom
		}
	}
	return code
}

func options(all []choix, selected string, name func(choix) string) []web.Option {
	var out []web.Option
	for _, c := range all {
		out = append(out, web.Option{Value: c.Code, Label: name(c), Selected: c.Code == selected})
	}
	return out
}

func nomChoix(c choix) string { return c.Nom }

// numeroNom is a département as people look for it: by its number.
func numeroNom(c choix) string { return c.Code + " – " + c.Nom }

// selects are the drop-down lists of the form: only those that offer a choice.
func (l liste) selects() []web.SelectProps {
	var all []web.SelectProps
	add := func(name, label, hint, none string, opts []web.Option, chosen string) {
		if len(opts) > 1 || chosen != "" {
			all = append(all, web.SelectProps{Control: web.Control{Name: name, Label: label, Hint: hint}, Options: opts, Vide: none})
		}
	}
	departements := l.of("departement")
	hint := ""
	if len(departements) > 1 && l.Departement == "" {
		hint = "Choisissez un département pour filtrer aussi par intercommunalité ou par commune."
	}
	add(paramDepartement, "Département", hint, "Tous", options(departements, l.Departement, numeroNom), l.Departement)
	add(paramEPCI, "Intercommunalité", "", "Toutes", options(l.of("epci"), l.EPCI, nomChoix), l.EPCI)
	add(paramCommune, "Commune", "", "Toutes", options(l.of("commune"), l.Commune, nomChoix), l.Commune)
	labels := options(l.of("label"), l.Label, func(c choix) string { return lexique.Libelle(lexique.Labels, c.Code) })
	if len(labels) > 0 {
		all = append(all, web.SelectProps{Control: web.Control{Name: paramLabel, Label: "Label ou dispositif"}, Options: labels, Vide: "Tous"})
	}
	var evolutions []web.Option
	for _, m := range lexique.Evolutions {
		evolutions = append(evolutions, web.Option{Value: m.Code, Label: m.Libelle, Selected: m.Code == l.Evolution})
	}
	all = append(all, web.SelectProps{Control: web.Control{Name: paramEvolution, Label: "Évolution depuis 2015"}, Options: evolutions, Vide: "Toutes"})
	if len(l.of("generation")) > 1 {
		var generations []web.Option
		for _, c := range l.of("generation") {
			generations = append(generations, web.Option{Value: c.Code, Label: "Liste de " + c.Code, Selected: c.Code == strconv.Itoa(l.Generation)})
		}
		all = append(all, web.SelectProps{Control: web.Control{Name: paramGeneration, Label: "Liste des quartiers"}, Options: generations})
	}
	return all
}

// phrases recall the filters in force: as tags on the page, as sentences in files.
func (l liste) phrases() web.Filtres {
	var all web.Filtres
	if l.Q != "" {
		all.Add(paramQ, "Recherche", typo.Guillemets(l.Q))
	}
	all.Add(paramDepartement, "Département", l.nom("departement", l.Departement))
	all.Add(paramEPCI, "Intercommunalité", l.nom("epci", l.EPCI))
	all.Add(paramCommune, "Commune", l.nom("commune", l.Commune))
	all.Add(paramLabel, "Label", lexique.Libelle(lexique.Labels, l.Label))
	all.Add(paramEvolution, "Évolution", lexique.Libelle(lexique.Evolutions, l.Evolution))
	if l.Generation != generationA {
		all.Add(paramGeneration, "Liste des quartiers", strconv.Itoa(l.Generation))
	}
	return all
}

// tags are the filters in force; each leads to the list without it.
func (l liste) tags() []web.Lien { return l.phrases().Tags(l.url()) }
