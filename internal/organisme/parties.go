package organisme

import (
	"time"

	"portail/internal/lexique"
	"portail/internal/lien"
	"portail/web"
	"portail/web/typo"
)

// maxParties is how many things of each kind a record shows: the pages of the areas list the others.
const maxParties = 50

// partie is one thing that an organisation is party to, as its area tells it in the view organisme_partie.
type partie struct {
	Sorte      string
	Objet      string
	ObjetID    int64
	Libelle    string
	Etat       string
	Debut, Fin *time.Time
	Total      int // of its kind
}

// groupeParties are the things of one kind.
type groupeParties struct {
	lexique.SortePartie
	Parties []partie
}

// groupes are the kinds that the organisation has something of.
func (v fiche) groupes() []groupeParties {
	var all []groupeParties
	for _, sorte := range lexique.SortesPartie {
		g := groupeParties{SortePartie: sorte}
		for _, p := range v.Parties {
			if p.Sorte == sorte.Code {
				g.Parties = append(g.Parties, p)
			}
		}
		if len(g.Parties) > 0 {
			all = append(all, g)
		}
	}
	return all
}

// tableau is the table of one kind, each line leading to its page. Columns that no line fills are left out.
func (g groupeParties) tableau() web.TableProps {
	t := web.TableProps{ID: "parties-" + g.Code, Caption: g.Libelle, CaptionHidden: true, Columns: []web.Column{{Titre: "Objet"}}}
	var etats, debuts bool
	for _, p := range g.Parties {
		etats, debuts = etats || p.Etat != "", debuts || p.Debut != nil
	}
	if etats {
		t.Columns = append(t.Columns, web.Column{Titre: "État"})
	}
	fin := "Échéance"
	if debuts {
		t.Columns, fin = append(t.Columns, web.Column{Titre: "Début"}), "Fin"
	}
	t.Columns = append(t.Columns, web.Column{Titre: fin})
	for _, p := range g.Parties {
		row := []web.Cell{{Texte: p.Libelle, Href: lien.Objet(p.Objet, p.ObjetID)}}
		if etats {
			row = append(row, web.TextCell(lexique.Libelle(g.Etats, p.Etat)))
		}
		if debuts {
			row = append(row, web.TextCell(jourOuRien(p.Debut)))
		}
		t.Rows = append(t.Rows, append(row, web.TextCell(jourOuRien(p.Fin))))
	}
	return t
}

// reste says how many more there are, or nothing.
func (g groupeParties) reste() string {
	if more := g.Parties[0].Total - len(g.Parties); more > 0 {
		return "Et " + typo.NPluriel(int64(more), "autre", "autres") + "."
	}
	return ""
}

func jourOuRien(day *time.Time) string {
	if day == nil {
		return ""
	}
	return typo.Date(*day)
}
