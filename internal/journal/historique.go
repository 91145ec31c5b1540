package journal

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"portail/internal/lexique"
	"portail/web"
	"portail/web/typo"
)

// HistoriqueProps describes the history of an object to its component.
type HistoriqueProps struct {
	ID     string // of the heading, unique in the page
	Level  int    // heading level of the title, 2 or 3
	Lignes []Ligne
	Champs map[string]string // label of fields whose name lexique.ChampJournal does not write well enough
	Noms   bool              // show who by name: for the préfecture; partners read the role and the organisation
}

// auteur is who did it, in words.
func (p HistoriqueProps) auteur(l Ligne) string {
	if l.Auteur == "" {
		return "le portail"
	}
	role, organisme, _ := strings.Cut(l.Auteur, ", ")
	who := lexique.Libelle(lexique.Roles, role)
	if organisme != "" {
		who += ", " + organisme
	}
	if p.Noms && l.Nom != "" {
		who = l.Nom + " (" + who + ")"
	}
	return who
}

// champ is what became of one field.
type champ struct{ Libelle, Avant, Apres string }

// champs are what became of each field, in the order of their labels.
func (p HistoriqueProps) champs(l Ligne) []champ {
	var all []champ
	for _, name := range slices.Sorted(maps.Keys(l.Detail)) {
		label := lexique.ChampJournal(name)
		if told, known := p.Champs[name]; known {
			label = told
		}
		all = append(all, champ{label, Valeur(l.Detail[name][0]), Valeur(l.Detail[name][1])})
	}
	slices.SortStableFunc(all, func(a, b champ) int { return strings.Compare(a.Libelle, b.Libelle) })
	return all
}

// Valeur writes a value of the journal for people: a list with commas, yes and no, nothing for what was not there.
func Valeur(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case bool:
		if v {
			return "oui"
		}
		return "non"
	case float64:
		return typo.Auto(v, 6)
	case []any:
		words := make([]string, len(v))
		for i, w := range v {
			words[i] = Valeur(w)
		}
		return strings.Join(words, ", ")
	}
	return fmt.Sprint(v)
}

// table is the history as a table of two columns: it fits a telephone.
func (p HistoriqueProps) table() web.TableProps {
	t := web.TableProps{ID: p.ID + "-table", Caption: "Historique des changements", CaptionHidden: true, Small: true, NoRowHeader: true,
		Columns: []web.Column{{Titre: "Changement"}, {Titre: "Détail"}}, Vide: "Aucun changement enregistré."}
	for _, l := range p.Lignes {
		t.Rows = append(t.Rows, []web.Cell{
			{Texte: typo.Majuscule(l.Verbe), Note: typo.DateHeure(l.Le) + ", par " + p.auteur(l)}, web.ComponentCell(changement(p.champs(l)))})
	}
	return t
}
