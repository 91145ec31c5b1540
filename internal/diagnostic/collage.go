package diagnostic

import (
	"slices"
	"strings"

	"portail/internal/fault"
	"portail/internal/lexique"
	"portail/web"
	"portail/web/typo"
)

// Fields of the form that takes a block of cells copied from a spreadsheet.
const (
	champBloc    = "bloc"
	champLigne   = "ligne"
	champColonne = "colonne"
	champBase    = "base" // which saving of the grid the form was shown on
	maxBloc      = 200_000
)

// colonneGrille is a field of each row of the grid.
type colonneGrille struct {
	Indicateur
	Sorte string // v, n or d
}

func (c colonneGrille) cle() string { return c.Sorte + "." + c.Code }

func (c colonneGrille) titre() string {
	return c.Libelle + map[string]string{"n": ", numérateur", "d": ", dénominateur"}[c.Sorte]
}

// colonnes are the fields of a row, in the order of the page.
func (g grille) colonnes() []colonneGrille {
	var all []colonneGrille
	for _, t := range lexique.Thematiques {
		for _, i := range g.Indicateurs {
			switch {
			case i.Thematique != t.Code:
			case i.Fraction:
				all = append(all, colonneGrille{i, "n"}, colonneGrille{i, "d"})
			default:
				all = append(all, colonneGrille{i, "v"})
			}
		}
	}
	return all
}

// coller lays a block copied from a spreadsheet over the grid, from a cell on. A block that goes beyond the grid is refused whole.
func (g grille) coller(bloc, ligne, colonne string) (map[cle]textes, error) {
	columns := g.colonnes()
	top := slices.IndexFunc(g.Lieux, func(l lieu) bool { return l.Cle == ligne })
	left := slices.IndexFunc(columns, func(c colonneGrille) bool { return c.cle() == colonne })
	f := fault.Fields{}
	if top < 0 {
		f.Add(champLigne, "Choisissez la première ligne dans la liste.")
	}
	if left < 0 {
		f.Add(champColonne, "Choisissez la première colonne dans la liste.")
	}
	if strings.TrimSpace(bloc) == "" {
		f.Add(champBloc, "Collez ici les cellules copiées de votre tableur.")
	}
	if len(bloc) > maxBloc {
		f.Add(champBloc, "Ce bloc est trop grand.")
	}
	if len(f) > 0 {
		return nil, f
	}
	rows := strings.Split(strings.TrimRight(strings.ReplaceAll(bloc, "\r\n", "\n"), "\n"), "\n")
	wide := 0
	for _, row := range rows {
		wide = max(wide, strings.Count(row, "\t")+1)
	}
	if over, beyond := top+len(rows)-len(g.Lieux), left+wide-len(columns); over > 0 || beyond > 0 {
		var told []string
		if over > 0 {
			told = append(told, typo.NPluriel(int64(over), "ligne", "lignes"))
		}
		if beyond > 0 {
			told = append(told, typo.NPluriel(int64(beyond), "colonne", "colonnes"))
		}
		return nil, fault.Fields{champBloc: "Ce bloc dépasse la grille de " + typo.Liste(told) + typo.NBSP + ": rien n’est enregistré. Vérifiez la cellule de départ."}
	}
	typed := map[cle]textes{}
	for y, row := range rows {
		for x, text := range strings.Split(row, "\t") {
			c, l := columns[left+x], g.Lieux[top+y]
			if !g.tenue(c.Indicateur, l) {
				if strings.TrimSpace(text) != "" {
					return nil, fault.Fields{champBloc: c.Libelle + " ne se mesure pas à " + l.Nom + typo.NBSP + ": laissez cette cellule vide."}
				}
				continue
			}
			k := cle{c.Code, l.Cle}
			t, seen := typed[k]
			if !seen {
				t = g.Cellules[k].textes(c.Indicateur)
			}
			switch c.Sorte {
			case "n":
				t.N = text
			case "d":
				t.D = text
			default:
				t.V = text
			}
			typed[k] = t
		}
	}
	return typed, nil
}

// lignesOptions and colonnesOptions are where a block may begin.
func (v remonteeVue) lignesOptions() []web.Option {
	var all []web.Option
	for _, l := range v.Lieux {
		all = append(all, web.Option{Value: l.Cle, Label: l.Nom, Selected: l.Cle == v.Form.Brut(champLigne)})
	}
	return all
}

func (v remonteeVue) colonnesOptions() []web.Option {
	var all []web.Option
	for _, c := range v.colonnes() {
		all = append(all, web.Option{Value: c.cle(), Label: c.titre(), Selected: c.cle() == v.Form.Brut(champColonne)})
	}
	return all
}
