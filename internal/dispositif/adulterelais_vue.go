package dispositif

import (
	"cmp"
	"net/url"
	"slices"
	"strconv"
	"time"

	"portail/internal/cartographie"
	"portail/internal/httpx"
	"portail/internal/lexique"
	"portail/internal/lien"
	"portail/web"
	"portail/web/typo"
)

// vuesAR are the other views of the posts.
func vuesAR(prefecture bool) []web.Lien {
	all := []web.Lien{{Texte: "Liste", Href: lien.AdultesRelais}, {Texte: "Carte", Href: lien.AdultesRelaisCarte},
		{Texte: "Calendrier des fins", Href: lien.AdultesRelaisFins}, {Texte: "Totaux", Href: lien.AdultesRelaisTotaux}}
	if prefecture {
		all = append(all, web.Lien{Texte: "Barème et nombre de postes", Href: lien.AdultesRelaisBareme})
	}
	return all
}

// filVueAR is the breadcrumb of a view.
func filVueAR(titre string) []web.Lien {
	return append(filAR[:len(filAR):len(filAR)], web.Lien{Texte: titre})
}

// posteQPV is what a quarter has of posts.
type posteQPV struct {
	Code, Nom                string
	Lon, Lat                 float64
	Postes, Pourvus, Vacants int64
	ETP                      float64
	Demonstration            bool // one of them at least is invented
}

// carteAR is the map of the posts of the quarters, and the table beside it.
type carteAR struct {
	Fond       cartographie.Donnees
	Quartiers  []posteQPV
	Prefecture bool
}

// carte marks each quarter that has posts with its number in the table.
func (v carteAR) carte() web.MapProps {
	var points []cartographie.Point
	for i, q := range v.Quartiers {
		points = append(points, cartographie.Point{Code: q.Code, Nom: q.Nom, Lon: q.Lon, Lat: q.Lat, Numero: i + 1})
	}
	m, _ := v.Fond.Points(points, cartographie.Options{ID: "carte-postes", Titre: "Carte des postes d’adultes-relais par quartier",
		Desc: typo.NPluriel(int64(len(points)), "quartier a un poste au moins, marqué", "quartiers ont un poste au moins, marqués chacun") + " par son numéro dans le tableau qui accompagne la carte."})
	return m
}

func (v carteAR) tableau() web.TableProps {
	t := web.TableProps{ID: "postes-quartiers", Caption: "Postes par quartier, conventions en cours", Vide: "Aucun poste en cours dans un quartier.",
		Columns: []web.Column{{Titre: "Quartier"}, {Titre: "Postes", Numeric: true}, {Titre: "Pourvus", Numeric: true}, {Titre: "Vacants", Numeric: true}, {Titre: "Équivalents temps plein", Numeric: true}}}
	for i, q := range v.Quartiers {
		t.Rows = append(t.Rows, []web.Cell{
			web.LinkCell(strconv.Itoa(i+1)+". "+q.Nom, lien.AdultesRelaisListe(url.Values{paramQPV: {q.Code}})), web.TextCell(typo.Nombre(q.Postes)),
			web.TextCell(typo.Nombre(q.Pourvus)), web.TextCell(typo.Nombre(q.Vacants)), web.TextCell(typo.Auto(q.ETP, 2))})
	}
	return t
}

// maxFins is the most that the calendar of ends shows.
const maxFins = 300

// finAR is the end of a convention.
type finAR struct {
	ID            int64
	Numero        string
	Employeur     string
	Fin           time.Time
	Etat          string
	Renouvelee    bool // its renewal is asked for
	Demonstration bool
}

// finsAR is the calendar of ends, nearest first.
type finsAR struct {
	Fins       []finAR
	Prefecture bool
}

// anneeFins is one year of the calendar.
type anneeFins struct {
	Titre string
	Fins  []finAR
}

// annees sorts the ends by year; those past come first.
func (v finsAR) annees() []anneeFins {
	var all []anneeFins
	today := typo.Aujourdhui()
	for _, f := range v.Fins {
		titre := anneeTexte(f.Fin.Year())
		if f.Fin.Before(today) {
			titre = "Terme dépassé"
		}
		if len(all) == 0 || all[len(all)-1].Titre != titre {
			all = append(all, anneeFins{Titre: titre})
		}
		last := &all[len(all)-1]
		last.Fins = append(last.Fins, f)
	}
	return all
}

func (a anneeFins) tableau(id string) web.TableProps {
	t := web.TableProps{ID: id, Caption: a.Titre, CaptionHidden: true, Columns: []web.Column{{Titre: "Convention"}, {Titre: "Fin"}, {Titre: "Employeur"}, {Titre: "État"}, {Titre: "Renouvellement"}}}
	for _, f := range a.Fins {
		next := "à demander"
		if f.Renouvelee {
			next = "demandé"
		}
		name := web.LinkCell(f.Numero, lien.AdulteRelais(f.ID))
		if f.Demonstration {
			name.Note = "démonstration"
		}
		t.Rows = append(t.Rows, []web.Cell{name, web.TextCell(typo.Date(f.Fin)), web.TextCell(f.Employeur), web.ComponentCell(web.Badge(etatAR(f.Etat), tonEtat(f.Etat))), web.TextCell(next)})
	}
	return t
}

// totalAR is one line of the totals: signed conventions of a year.
type totalAR struct {
	Sorte   string // annee, categorie or quartier
	Annee   int64
	Cle     string // year, category or name of a quarter
	Code    string // of a quarter
	Postes  int64
	ETP     float64
	Euros   float64
	Inconnu bool // the annual amount of some days is not known

	Demonstration bool // one of the posts at least is invented
}

// totauxAR are the totals by year, and those of one year by category and by quarter.
type totauxAR struct {
	Annee      int
	Totaux     []totalAR
	Prefecture bool
}

// of are the totals of a kind.
func (v totauxAR) of(sorte string) []totalAR {
	return slices.DeleteFunc(slices.Clone(v.Totaux), func(t totalAR) bool { return t.Sorte != sorte })
}

// Years that the totals may be asked for.
const (
	premiereAnnee = 2000
	derniereAnnee = 2100
)

// parseAnnee reads the year of the totals: this year by default.
func parseAnnee(v url.Values) (int, error) {
	q := httpx.ReadQuery(v)
	y := lireAnnee(q, typo.Aujourdhui().Year())
	return y, q.Err()
}

// lireAnnee is the year that a query string asks for; otherwise when it asks for none.
func lireAnnee(q *httpx.Query, otherwise int) int {
	y := cmp.Or(int(q.ID(paramAnnee)), otherwise)
	if y != 0 && (y < premiereAnnee || y > derniereAnnee) {
		q.Refuse(paramAnnee)
	}
	return y
}

func (t totalAR) cells(first web.Cell) []web.Cell {
	euros := web.TextCell(typo.Euros(t.Euros, 2))
	switch {
	case t.Inconnu:
		euros = web.Cell{Texte: typo.NonDisponible, Note: "barème non renseigné"}
	case t.Annee > int64(typo.Aujourdhui().Year()):
		euros = web.TextCell("à venir")
	}
	return []web.Cell{first, web.TextCell(typo.Nombre(t.Postes)), web.TextCell(typo.Auto(t.ETP, 2)), euros}
}

func tableauTotaux(id, caption, first string, all []totalAR, cell func(totalAR) web.Cell) web.TableProps {
	t := web.TableProps{ID: id, Caption: caption, Columns: []web.Column{{Titre: first}, {Titre: "Postes", Numeric: true}, {Titre: "Équivalents temps plein", Numeric: true}, {Titre: "Aide due", Numeric: true}}}
	for _, l := range all {
		t.Rows = append(t.Rows, l.cells(cell(l)))
	}
	return t
}

// annees are the years that have a total, the latest first, for the form; the one that is asked for is among them.
func (v totauxAR) annees() []web.Option {
	years := []string{anneeTexte(v.Annee)}
	for _, t := range v.of("annee") {
		years = append(years, t.Cle)
	}
	slices.Sort(years)
	var all []web.Option
	for _, y := range slices.Backward(slices.Compact(years)) {
		all = append(all, web.Option{Value: y, Label: y, Selected: y == anneeTexte(v.Annee)})
	}
	return all
}

// liste is the address of the very conventions that a line counts.
func (v totauxAR) liste(param, value string) string {
	return lien.AdultesRelaisListe(url.Values{param: {value}, paramAnnee: {anneeTexte(v.Annee)}, paramEtat: {etatSignees}})
}

func (v totauxAR) tableaux() []web.TableProps {
	year := strconv.Itoa(v.Annee)
	return []web.TableProps{
		tableauTotaux("totaux-annees", "Par année", "Année", v.of("annee"), func(t totalAR) web.Cell {
			return web.LinkCell(t.Cle, lien.AdultesRelaisTotaux+"?annee="+t.Cle)
		}),
		tableauTotaux("totaux-categories", "Par catégorie d’employeur, "+year, "Catégorie", v.of("categorie"), func(t totalAR) web.Cell {
			return web.LinkCell(lexique.Libelle(lexique.CategoriesEmployeur, t.Cle), v.liste(paramCategorie, t.Cle))
		}),
		tableauTotaux("totaux-quartiers", "Par quartier, "+year, "Quartier", v.of("quartier"), func(t totalAR) web.Cell {
			if t.Code == "" {
				return web.TextCell("Sans quartier")
			}
			return web.LinkCell(t.Cle, v.liste(paramQPV, t.Code))
		}),
	}
}
