package qpv

import (
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"portail/internal/cartographie"
	"portail/internal/fault"
	"portail/internal/lien"
	"portail/web"
	"portail/web/typo"
)

// liste is what the page of the list shows.
type liste struct {
	Filtres
	Lignes   []ligneListe
	Choix    []choix
	Reserves []reserve
	Points   []pointListe
	Fond     cartographie.Donnees
	FondURL  string // basemap of the interactive map
	FondNom  string
}

// Total is the number of quarters of the whole list, pages aside.
func (l liste) Total() int {
	if len(l.Lignes) == 0 {
		return 0
	}
	return l.Lignes[0].Total
}

// check refuses a page after the last one.
func (l liste) check() error {
	if len(l.Lignes) == 0 && l.Page > 1 {
		return fault.NotFound
	}
	return nil
}

// Proche says that no quarter is what was typed, and that those listed come near.
func (l liste) Proche() bool { return len(l.Lignes) > 0 && l.Lignes[0].Proche }

// Coupee says that the search found more than it keeps.
func (l liste) Coupee() bool { return len(l.mots()) > 0 && l.Total() >= maxTrouves }

// titre is the title of the page, different for each of its pages.
func (l liste) titre() string {
	t := "Quartiers prioritaires"
	if l.Q != "" {
		t += typo.NBSP + ": recherche " + typo.Guillemets(l.Q)
	}
	if l.Page > 1 {
		t += " (page" + typo.NBSP + strconv.Itoa(l.Page) + " sur" + typo.NBSP + strconv.Itoa(web.PageCount(l.Total(), l.Par)) + ")"
	}
	return t
}

// compte says in words how many quarters there are.
func (l liste) compte() string {
	n := l.Total()
	s := typo.NPluriel(int64(n), "quartier prioritaire", "quartiers prioritaires")
	switch {
	case n == 0 && l.Vide():
		s = "Aucun quartier prioritaire n’est enregistré"
	case n == 0:
		s = "Aucun quartier prioritaire ne correspond à votre demande"
	case l.Coupee():
		s = "Plus de " + typo.Nombre(maxTrouves) + typo.NBSP + "quartiers : précisez votre recherche"
	case l.Proche():
		s += typo.Pluriel(n, " ressemble", " ressemblent") + " à votre recherche"
	case !l.Vide():
		s += typo.Pluriel(n, " correspond", " correspondent") + " à votre demande"
	}
	return s + web.PageSur(l.Page, n, l.Par) + "."
}

// vueListe is a way to look at the list.
type vueListe struct{ code, texte, href string }

// vues are the ways to look at the list, each with its address.
func (l liste) vues() []vueListe {
	all := []vueListe{{vueTableau, "Tableau", ""}, {vueCartes, "Fiches", ""}, {vueCarte, "Carte", ""}}
	for i, v := range all {
		code := v.code
		if code == vueTableau {
			code = "" // the default has no parameter
		}
		all[i].href = l.url().With(paramVue, code)
	}
	return all
}

// tailles are the numbers of quarters per page that can be asked for.
func (l liste) tailles() []web.Lien { return l.url().Sizes(paramPar, taillesPage, l.Par, parDefaut) }

// rang is the place of the i-th line of the page in the whole list, from 1.
func (l liste) rang(i int) int { return (l.Page-1)*l.Par + i + 1 }

// tableau is the list as a table.
func (l liste) tableau() web.TableProps {
	u := l.url()
	if l.Tri == "nom" && !l.Descendant {
		u.Values.Set(web.ParamTri, "nom") // so that the heading shows the sort that is there by default
	}
	several := len(l.of("departement")) > 1
	labels := len(l.of("label")) > 0
	population, notePopulation := millesimeCommun("Population", l.Lignes, ligneListe.population)
	pauvrete, notePauvrete := millesimeCommun("Taux de pauvreté", l.Lignes, ligneListe.pauvrete)
	p := web.TableProps{ID: "quartiers", Caption: "Quartiers prioritaires", CaptionHidden: true, Columns: []web.Column{
		u.Column("Quartier", "nom", false), u.Column("Commune", "commune", false), u.Column("Intercommunalité", "epci", false),
	}}
	if several {
		p.Columns = append(p.Columns, u.Column("Département", "departement", false))
	}
	p.Columns = append(p.Columns, u.Column(population, "population", true), u.Column("Superficie (ha)", "surface", true),
		u.Column(pauvrete, "pauvrete", true), u.Column("Évolution", "evolution", false))
	if labels {
		p.Columns = append(p.Columns, u.Column("Labels", "label", false))
	}
	for i, q := range l.Lignes {
		name := q.Nom
		if l.Vue == vueCarte {
			name = strconv.Itoa(l.rang(i)) + ". " + name
		}
		row := []web.Cell{
			{Texte: name, Href: lien.Fiche(q.Code), Note: q.Code}, web.TextCell(nomsOuInconnu(q.Communes)), web.TextCell(nomsOuInconnu(q.EPCI)),
		}
		if several {
			row = append(row, web.TextCell(q.DepartementNom))
		}
		row = append(row, cellule(q.population(), notePopulation), web.TextCell(q.surface()), cellule(q.pauvrete(), notePauvrete), web.TextCell(q.evolution()))
		if labels {
			row = append(row, web.TextCell(strings.Join(q.labels(), ", ")))
		}
		p.Rows = append(p.Rows, row)
	}
	return p
}

// cellule is the cell of a figure, with its vintage when the heading does not say it.
func cellule(v Valeur, note bool) web.Cell {
	c := web.Cell{Texte: v.Texte()}
	if note {
		c.Note = v.MillesimeTexte()
	}
	return c
}

// millesimeCommun is the heading of a column of figures: with the vintage when all figures have the same one, else each
// cell must say its own.
func millesimeCommun[T any](titre string, lignes []T, figure func(T) Valeur) (heading string, each bool) {
	vintage := ""
	for _, q := range lignes {
		switch m := figure(q).MillesimeTexte(); {
		case m == "":
		case vintage == "":
			vintage = m
		case vintage != m:
			return titre, true
		}
	}
	if vintage == "" {
		return titre, false
	}
	return titre + " (" + vintage + ")", false
}

// cartes is the list as cards.
func (l liste) cartes() []web.CardProps {
	var all []web.CardProps
	for _, q := range l.Lignes {
		var badges []templ.Component
		if q.Evolution != nil {
			badges = append(badges, web.Badge(q.evolution(), web.ToneNeutral))
		}
		for _, label := range q.labels() {
			badges = append(badges, web.Badge(label, web.ToneInfo))
		}
		all = append(all, web.CardProps{
			Titre: q.Nom, Href: lien.Fiche(q.Code), Detail: nomsOuInconnu(q.Communes), Badges: badges, Level: 2,
			Desc: figure("Population", q.population()) + " " + figure("Taux de pauvreté", q.pauvrete()),
			Fin:  nomsOuInconnu(q.EPCI) + " – " + q.Code,
		})
	}
	return all
}

func figure(label string, v Valeur) string {
	s := label + typo.NBSP + ": " + v.Texte()
	if m := v.MillesimeTexte(); m != "" {
		s += " (" + m + ")"
	}
	return s + "."
}

// carte is the list as a map: every quarter of the list as a dot, those of the page as numbers.
func (l liste) carte() (web.MapProps, int) {
	points := make([]cartographie.Point, len(l.Points))
	numbers := map[string]int{}
	for i, q := range l.Lignes {
		numbers[q.Code] = l.rang(i)
	}
	for i, q := range l.Points {
		points[i] = cartographie.Point{Code: q.Code, Nom: q.Nom, Lon: q.Lon, Lat: q.Lat, Numero: numbers[q.Code]}
	}
	return l.Fond.Points(points, cartographie.Options{
		ID: "carte-quartiers", Titre: "Carte des quartiers prioritaires de la liste", GeoJSON: lien.QPVFichier("geojson", l.filtres()),
		Fond: l.FondURL, Source: l.FondNom,
	})
}

// masque says whether a figure of the page is hidden by statistical secrecy.
func (l liste) masque() bool {
	for _, q := range l.Lignes {
		if q.PopulationS || q.PauvreteS {
			return true
		}
	}
	return false
}

func nomsOuInconnu(names []string) string {
	if len(names) == 0 {
		return typo.NonDisponible
	}
	return typo.Liste(names)
}
