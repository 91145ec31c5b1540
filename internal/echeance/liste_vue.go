package echeance

import (
	"net/url"
	"slices"
	"strconv"
	"time"

	"portail/internal/droits"
	"portail/internal/export"
	"portail/internal/fault"
	"portail/internal/httpx"
	"portail/internal/lexique"
	"portail/internal/lien"
	"portail/web"
	"portail/web/typo"
)

// liste is what the page of the list shows.
type liste struct {
	Filtres
	Par     droits.Compte
	Lignes  []ligne
	Comptes []compte
	Choix   []choix
	Au      time.Time // today
}

// Total is the number of échéances of the whole list, pages aside.
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

func (l liste) titre() string {
	if l.Page > 1 {
		return "Échéances (page" + typo.NBSP + strconv.Itoa(l.Page) + ")"
	}
	return "Échéances"
}

// compte says in words how many échéances there are.
func (l liste) compte() string {
	n := l.Total()
	if n == 0 {
		return "Aucune échéance"
	}
	s := typo.NPluriel(int64(n), "échéance", "échéances")
	if l.Periode == "" {
		s += ", en retard ou dans les 90" + typo.NBSP + "jours"
	}
	return s + web.PageSur(l.Page, n, parPage)
}

// somme adds up the kinds.
func somme(comptes []compte) compte {
	var s compte
	for _, c := range comptes {
		s.Retard, s.Sous30, s.Sous60, s.Sous90, s.AuDela = s.Retard+c.Retard, s.Sous30+c.Sous30, s.Sous60+c.Sous60, s.Sous90+c.Sous90, s.AuDela+c.AuDela
	}
	return s
}

// periodes lead to each period, with its number of échéances whatever the other filters.
func (l liste) onglets() []web.Lien {
	s := somme(l.Comptes)
	counts := map[string]int{periodeRetard: s.Retard, "30": s.Sous30, "60": s.Sous60, "90": s.Sous90, periodeAuDela: s.AuDela}
	var all []web.Lien
	for _, p := range periodes[:len(periodes)-1] {
		all = append(all, web.Lien{Texte: p.Libelle + typo.NBSP + "(" + typo.Nombre(int64(counts[p.Code])) + ")", Href: lien.EcheancesFiltre(url.Values{paramPeriode: {p.Code}})})
	}
	return all
}

// selects are the drop-down lists of the form.
func (l liste) selects() []web.SelectProps {
	list := func(name, label, empty, chosen string, options []web.Option) web.SelectProps {
		if chosen != "" && !slices.ContainsFunc(options, func(o web.Option) bool { return o.Selected }) {
			options = append(options, web.Option{Value: chosen, Label: l.libelle(name, chosen), Selected: true})
		}
		return web.SelectProps{Control: web.Control{Name: name, Label: label}, Options: options, Vide: empty}
	}
	var organismes, quartiers []lexique.Mot
	if l.Par.Role.Prefecture() {
		organismes = append(organismes, lexique.Mot{Code: organismePrefecture, Libelle: "Préfecture"})
	}
	if len(l.Par.QPV) > 0 {
		quartiers = append(quartiers, lexique.Mot{Code: qpvMiens, Libelle: "Ceux de ma lettre de mission"})
	}
	for _, c := range l.Choix {
		if c.Genre == paramOrganisme {
			organismes = append(organismes, lexique.Mot{Code: c.Code, Libelle: c.Libelle})
		} else {
			quartiers = append(quartiers, lexique.Mot{Code: c.Code, Libelle: c.Libelle})
		}
	}
	all := []web.SelectProps{
		list(paramPeriode, "Période", "En retard et dans les 90\u00a0jours", l.Periode, httpx.Options(periodes, l.Periode)),
		list(paramSorte, "Sorte", "Toutes", l.Sorte, httpx.Options(lexique.SortesEcheance, l.Sorte)),
	}
	if l.Par.Role.Prefecture() || l.Organisme != "" {
		all = append(all, list(paramOrganisme, "Organisme qui doit agir", "Tous", l.Organisme, httpx.Options(organismes, l.Organisme)))
	}
	if len(quartiers) > 0 || l.QPV != "" {
		all = append(all, list(paramQPV, "Quartier", "Tous", l.QPV, httpx.Options(quartiers, l.QPV)))
	}
	return all
}

// tags are the filters in force; each leads to the list without it.
func (l liste) tags() []web.Lien { return l.phrases().Tags(l.url()) }

// tableau is the list as a table.
func (l liste) tableau() web.TableProps {
	u := l.url()
	if l.Tri == "le" && !l.Descendant {
		u.Values.Set(web.ParamTri, "le") // so that the heading shows the sort that is there by default
	}
	p := web.TableProps{ID: "echeances", Caption: "Échéances", CaptionHidden: true, Columns: []web.Column{
		u.Column("Objet", "objet", false), u.Column("Échéance", "le", false), u.Column("Sorte", "sorte", false), u.Column("Qui doit agir", "organisme", false),
	}}
	for _, e := range l.Lignes {
		p.Rows = append(p.Rows, e.cells(l.Au))
	}
	return p
}

// cells are the cells of an échéance.
func (l ligne) cells(au time.Time) []web.Cell {
	day := web.Cell{Texte: typo.Date(l.Le), Note: l.delai(au)}
	if l.jours(au) < 0 {
		day = web.ComponentCell(retard(l, au))
	}
	object := web.Cell{Texte: l.Libelle, Href: l.href()}
	if l.QPVNom != "" {
		object.Note = "Quartier " + l.QPVNom
	}
	return []web.Cell{object, day, web.TextCell(l.sorte()), web.TextCell(l.organisme())}
}

// fichier describes the list as a file.
func (l liste) fichier(base string, le time.Time) export.Table {
	t := export.Table{Nom: "echeances", Titre: "Échéances", Colonnes: []export.Colonne{
		{Titre: "Échéance", Nom: "echeance", Type: export.Date}, {Titre: "Jours", Nom: "jours", Type: export.Entier, Description: "Jours d’ici à l’échéance, le jour de l’extrait\u00a0; négatif\u00a0: en retard."},
		{Titre: "Sorte", Nom: "sorte", Largeur: 6}, {Titre: "Objet", Nom: "objet", Largeur: 10}, {Titre: "Qui doit agir", Nom: "organisme", Largeur: 6},
		{Titre: "Quartier", Nom: "quartier", Largeur: 4}, {Titre: "Code du quartier", Nom: "code_qp"}, {Titre: "Page", Nom: "page", Type: export.Lien, Largeur: 8},
	}, Apropos: export.Apropos{Source: "Portail, échéances", Extrait: le, Permalien: base + l.url().Page(1)}}
	t.Apropos.Filtres = l.phrases().Phrases()
	if l.Periode == "" {
		t.Apropos.Filtres = append(t.Apropos.Filtres, "En retard et dans les 90\u00a0jours")
	}
	t.Lignes = export.Lignes(l.Lignes, func(e ligne) []any {
		var page any
		if e.href() != "" {
			page = base + e.href()
		}
		return []any{e.Le, e.jours(l.Au), e.sorte(), e.Libelle, e.organisme(), orNil(e.QPVNom), orNil(e.QPVCode), page}
	})
	return t
}

// orNil is an empty text as an unknown value.
func orNil(s string) any {
	if s == "" {
		return nil
	}
	return s
}
