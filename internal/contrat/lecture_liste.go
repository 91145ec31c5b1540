package contrat

import (
	"time"

	"portail/internal/lien"
	"portail/web"
	"portail/web/typo"
)

// contratsLus is what the public list of contracts shows.
type contratsLus struct {
	Publies   []contratPublie
	Officiels []contratOfficiel
}

// contratPublie is a published contract of the list.
type contratPublie struct {
	ID            int64
	Titre, Epci   string
	Debut, Fin    time.Time
	Etat          Etat
	Avenant       int
	Demonstration bool
	Quartiers     []string
	Engagements   int
	Atteints      int
}

// contratOfficiel is a contract of the official list that is not published here.
type contratOfficiel struct{ Code, Nom, EPCI string }

func (l contratsLus) tableau() web.TableProps {
	p := web.TableProps{ID: "contrats", Caption: "Contrats de ville publiés", CaptionHidden: true,
		Columns: []web.Column{{Titre: "Contrat"}, {Titre: "Quartiers"}, {Titre: "Période"}, {Titre: "État"}, {Titre: "Engagements", Numeric: true}}}
	for _, c := range l.Publies {
		state := typo.NPluriel(int64(c.Engagements), "engagement", "engagements")
		p.Rows = append(p.Rows, []web.Cell{{Texte: c.Titre, Href: lien.ContratPublic(c.ID), Note: c.Epci}, web.TextCell(typo.Liste(c.Quartiers)),
			{Texte: typo.DateCourte(c.Debut) + " – " + typo.DateCourte(c.Fin), Note: nomAvenants(c.Avenant)}, web.ComponentCell(etatLu(c.Etat, c.Demonstration)),
			{Texte: state, Note: typo.NPluriel(int64(c.Atteints), "atteint", "atteints")}})
	}
	return p
}

// nomAvenants says how often the contract was amended.
func nomAvenants(n int) string {
	if n == 0 {
		return ""
	}
	return typo.NPluriel(int64(n), "avenant", "avenants")
}

func (l contratsLus) tableauOfficiels() web.TableProps {
	p := web.TableProps{ID: "officiels", Caption: "Contrats de la liste officielle", CaptionHidden: true, Columns: []web.Column{{Titre: "Contrat"}, {Titre: "Code"}, {Titre: "Quartiers"}}}
	for _, c := range l.Officiels {
		places := web.TextCell("")
		if c.EPCI != "" {
			places = web.LinkCell("Quartiers de ce contrat", lien.QPVParEPCI(c.EPCI))
		}
		p.Rows = append(p.Rows, []web.Cell{web.TextCell(c.Nom), web.TextCell(c.Code), places})
	}
	return p
}
