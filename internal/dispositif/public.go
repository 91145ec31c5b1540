package dispositif

import (
	"fmt"
	"net/url"
	"strconv"
	"strings"

	"portail/internal/fault"
	"portail/internal/httpx"
	"portail/internal/lexique"
	"portail/internal/lien"
	"portail/web"
	"portail/web/typo"
)

// filtrePublic is what the public list is narrowed to: one commune or one quarter.
type filtrePublic struct {
	Commune string // INSEE code
	QPV     string // code
	Page    int    // of the mediation posts
}

const (
	paramCommune = "commune"
	maxCodePlace = 10
)

// parseFiltrePublic reads the query string of the public pages.
func parseFiltrePublic(v url.Values) (filtrePublic, error) {
	q := httpx.ReadQuery(v)
	f := filtrePublic{Commune: q.Text(paramCommune, maxCodePlace), QPV: q.Text(paramQPV, maxCodePlace), Page: q.Page()}
	return f, q.Err()
}

func (f filtrePublic) values() url.Values {
	return web.Params(paramCommune, f.Commune, paramQPV, f.QPV)
}

// postePublic is a mediation post as anybody may know it.
type postePublic struct {
	Employeur     string
	Missions      []string
	MissionsTexte string
	Lieux         []string // names of its quarters, or of its territory
	Codes         []string // of its quarters
	Etat          string
	Demonstration bool
	Total         int
}

// prePublic is a programme as anybody may know it.
type prePublic struct {
	ID                                int64
	Nom, Porteur, PorteurNature       string
	Domaines                          []string
	CoordinationFonction              string
	ContactCourriel, ContactTelephone string
	Presentation                      string
	QPVNoms, QPVCodes, Communes       []string
	Demonstration                     bool
}

// realisationPublic is a generic record as anybody may know it.
type realisationPublic struct {
	Code, Dispositif  string
	Intitule, Porteur string
	Etat              string
	QPVNoms, QPVCodes []string
	Demonstration     bool
}

// endroit is a commune or a quarter that the list can be narrowed to.
type endroit struct{ Sorte, Code, Nom string }

// listePublique is the public page of all dispositifs.
type listePublique struct {
	filtrePublic
	Dispositifs  []Dispositif
	PRE          []prePublic
	Postes       []postePublic
	Realisations []realisationPublic
	Endroits     []endroit
}

// of are the places of a kind.
func (l listePublique) of(sorte, chosen string) []web.Option {
	var all []web.Option
	for _, e := range l.Endroits {
		if e.Sorte == sorte {
			all = append(all, web.Option{Value: e.Code, Label: e.Nom, Selected: e.Code == chosen})
		}
	}
	return all
}

// lieu is the name of what the list is narrowed to; empty: the whole département.
func (l listePublique) lieu() string {
	for _, e := range l.Endroits {
		if e.Sorte == paramQPV && e.Code == l.QPV || e.Sorte == paramCommune && e.Code == l.Commune && l.QPV == "" {
			return e.Nom
		}
	}
	return ""
}

// check refuses a place that does not exist, and a page after the last one.
func (l listePublique) check() error {
	if l.lieu() == "" && (l.QPV != "" || l.Commune != "") {
		return fmt.Errorf("place %s%s: %w", l.Commune, l.QPV, fault.NotFound)
	}
	if l.Page > 1 && len(l.Postes) == 0 {
		return fmt.Errorf("page %d: %w", l.Page, fault.NotFound)
	}
	return nil
}

func (l listePublique) titre() string {
	if lieu := l.lieu(); lieu != "" {
		return "Dispositifs" + typo.NBSP + ": " + lieu
	}
	return "Dispositifs"
}

// postes is the table of mediation posts.
func tableauPostes(all []postePublic) web.TableProps {
	t := web.TableProps{ID: "postes", Caption: "Postes de médiation (adultes-relais)", Vide: "Aucun poste de médiation ici.",
		Columns: []web.Column{{Titre: "Employeur"}, {Titre: "Missions"}, {Titre: "Quartiers"}, {Titre: "Poste"}}}
	for _, p := range all {
		name := web.TextCell(p.Employeur)
		if p.Demonstration {
			name.Note = "donnée de démonstration"
		}
		missions := web.Cell{Texte: strings.Join(libelles(lexique.MissionsAdulteRelais, p.Missions), "\u00a0; "), Note: p.MissionsTexte}
		places := web.TextCell(strings.Join(p.Lieux, ", "))
		if len(p.Codes) > 0 {
			places = web.ComponentCell(quartiersLiens(p.Codes, p.Lieux))
		}
		t.Rows = append(t.Rows, []web.Cell{name, missions, places, web.ComponentCell(web.Badge(etatAR(p.Etat), tonEtat(p.Etat)))})
	}
	return t
}

// tableauPRE is the table of programmes.
func tableauPRE(all []prePublic) web.TableProps {
	t := web.TableProps{ID: "pre", Caption: "Programmes de réussite éducative", Vide: "Aucun programme de réussite éducative ici.",
		Columns: []web.Column{{Titre: "Programme"}, {Titre: "Porteur"}, {Titre: "Où"}, {Titre: "Domaines"}, {Titre: "À contacter"}}}
	for _, p := range all {
		name := web.TextCell(p.Nom)
		if p.Demonstration {
			name.Note = "donnée de démonstration"
		}
		where := web.Cell{Texte: typo.Liste(p.Communes), Note: typo.Liste(p.QPVNoms)}
		t.Rows = append(t.Rows, []web.Cell{name, {Texte: p.Porteur, Note: lexique.Libelle(lexique.PorteursPRE, p.PorteurNature)}, where,
			web.TextCell(typo.Liste(libelles(lexique.DomainesPRE, p.Domaines))), web.ComponentCell(contactPublic(p.CoordinationFonction, p.ContactCourriel, p.ContactTelephone))})
	}
	return t
}

// tableauRealisations is the table of generic records.
func tableauRealisations(all []realisationPublic) web.TableProps {
	t := web.TableProps{ID: "realisations", Caption: "Autres dispositifs", Vide: "Aucun autre dispositif ici.",
		Columns: []web.Column{{Titre: "Action"}, {Titre: "Dispositif"}, {Titre: "Porteur"}, {Titre: "Quartiers"}, {Titre: "État"}}}
	for _, r := range all {
		name := web.TextCell(r.Intitule)
		if r.Demonstration {
			name.Note = "donnée de démonstration"
		}
		t.Rows = append(t.Rows, []web.Cell{name, web.LinkCell(r.Dispositif, lien.Dispositif(r.Code)), web.TextCell(r.Porteur),
			web.ComponentCell(quartiersLiens(r.QPVCodes, r.QPVNoms)), web.TextCell(lexique.Libelle(lexique.EtatsRealisation, r.Etat))})
	}
	return t
}

// carteDispositif is the card of a dispositif.
func carteDispositif(d Dispositif) web.CardProps {
	return web.CardProps{Titre: d.titre(), Href: lien.Dispositif(d.Code), Desc: d.PublicVise, Level: 3}
}

// finance is what the ANCT publishes as funded in a year, by employer or as a whole.
type finance struct {
	Annee     int16
	Employeur string // empty: all of them
	Postes    int64
	Centimes  *int64 // nil: not published
	Min, Max  *int64 // lowest and highest amount of a post, in cents
}

// fichePublique is the public page of a dispositif.
type fichePublique struct {
	Dispositif
	Page         int
	PRE          []prePublic
	Postes       []postePublic
	Realisations []realisationPublic
	Finances     []finance
}

func (v fichePublique) total() int {
	if len(v.Postes) == 0 {
		return 0
	}
	return v.Postes[0].Total
}

func (v fichePublique) proprietes() []web.Description {
	var all []web.Description
	add := func(terme string, cell web.Cell) { all = append(all, web.Description{Terme: terme, Cell: cell}) }
	if v.PublicVise != "" {
		add("Pour qui", web.TextCell(v.PublicVise))
	}
	if v.BaseLegale != "" {
		add("Base légale", web.TextCell(v.BaseLegale))
	}
	if v.contact() != "" || v.ContactCourriel != "" || v.ContactTelephone != "" {
		add("À contacter", web.ComponentCell(contactPublic(v.contact(), v.ContactCourriel, v.ContactTelephone)))
	}
	if len(v.QPVCodes) > 0 {
		add("Quartiers concernés", web.ComponentCell(quartiersLiens(v.QPVCodes, v.QPVNoms)))
	}
	return all
}

// financesAnnees is the official figures by year.
func (v fichePublique) financesAnnees() web.TableProps {
	t := web.TableProps{ID: "finances", Caption: "Postes financés par année dans le département", Columns: []web.Column{{Titre: "Année"}, {Titre: "Postes financés", Numeric: true}, {Titre: "Montant par poste", Numeric: true}}}
	for _, f := range v.Finances {
		if f.Employeur != "" {
			continue
		}
		amount := typo.NonDisponible
		if f.Min != nil && f.Max != nil {
			amount = typo.Euros(float64(*f.Max)/100, 2)
			if *f.Min != *f.Max {
				amount = typo.Euros(float64(*f.Min)/100, 2) + " à " + amount
			}
		}
		t.Rows = append(t.Rows, []web.Cell{web.TextCell(anneeTexte(f.Annee)), web.TextCell(typo.Nombre(f.Postes)), web.TextCell(amount)})
	}
	return t
}

// financesEmployeurs is the last year by employer.
func (v fichePublique) financesEmployeurs() web.TableProps {
	t := web.TableProps{ID: "finances-employeurs", Columns: []web.Column{{Titre: "Employeur"}, {Titre: "Postes financés", Numeric: true}}}
	for _, f := range v.Finances {
		if f.Employeur == "" {
			continue
		}
		t.Caption = "Postes financés par employeur en " + anneeTexte(f.Annee)
		t.Rows = append(t.Rows, []web.Cell{web.TextCell(f.Employeur), web.TextCell(typo.Nombre(f.Postes))})
	}
	return t
}

// pages are those of the posts.
func pages(path string, v url.Values, page, total int) web.PaginationProps {
	if v == nil {
		v = url.Values{}
	}
	if page > 1 {
		v.Set(web.ParamPage, strconv.Itoa(page))
	}
	return web.PaginationProps{Page: page, Total: web.PageCount(total, parPage), URL: web.ListURL{Path: path, Values: v}, Label: "Pages des postes de médiation"}
}
