package contrat

import (
	"fmt"
	"net/url"
	"strconv"

	"portail/internal/fault"
	"portail/internal/httpx"
	"portail/internal/lexique"
	"portail/web"
	"portail/web/typo"
)

// Names of the query parameters of the engagements of a contract.
const (
	paramAxe    = "axe"
	paramPartie = "partie"
	paramQPV    = "qpv"
)

// parLecture is the number of engagements of a page.
const parLecture = 30

// filtresLecture is what the address of a contract asks for of its engagements; its zero fields filter nothing.
type filtresLecture struct {
	Axe        int64  // lignee of an axe: the same in every version
	Partie     int64  // organisation
	QPV        string // code of a quarter
	Avancement string // code of lexique.Avancements
	Page       int    // from 1
}

// parseFiltresLecture reads the query string. What no link of the portal writes is fault.Malformed.
func parseFiltresLecture(v url.Values) (f filtresLecture, err error) {
	for name, into := range map[string]*int64{paramAxe: &f.Axe, paramPartie: &f.Partie} {
		if s := v.Get(name); s != "" {
			if *into, err = strconv.ParseInt(s, 10, 64); err != nil || *into < 1 {
				return f, parametre(name)
			}
		}
	}
	if f.QPV = v.Get(paramQPV); len(f.QPV) > 20 {
		return f, parametre(paramQPV)
	}
	if f.Avancement = v.Get(paramAvancement); f.Avancement != "" && !lexique.Connu(lexique.Avancements, f.Avancement) {
		return f, parametre(paramAvancement)
	}
	f.Page, err = httpx.ParsePage(v)
	return f, err
}

func parametre(name string) error { return fmt.Errorf("parameter %s: %w", name, fault.Malformed) }

// valeurs is the query string of the filters, page aside.
func (f filtresLecture) valeurs() url.Values {
	v := url.Values{}
	for name, n := range map[string]int64{paramAxe: f.Axe, paramPartie: f.Partie} {
		if n != 0 {
			v.Set(name, strconv.FormatInt(n, 10))
		}
	}
	for name, s := range map[string]string{paramQPV: f.QPV, paramAvancement: f.Avancement} {
		if s != "" {
			v.Set(name, s)
		}
	}
	return v
}

// vide says whether nothing is filtered.
func (f filtresLecture) vide() bool { return len(f.valeurs()) == 0 }

// url is the address of the filtered contract.
func (l lecture) url() web.ListURL {
	v := l.Filtres.valeurs()
	if l.Filtres.Page > 1 {
		v.Set(web.ParamPage, strconv.Itoa(l.Filtres.Page))
	}
	return web.ListURL{Path: l.href(), Values: v}
}

// filtre is a filter in force, in words, with the parameter that holds it.
type filtre struct{ param, texte string }

// filtres recall the filters in force: as tags on the page, as sentences in files.
func (l lecture) filtres() []filtre {
	var all []filtre
	add := func(param, label, texte string) { all = append(all, filtre{param, label + typo.NBSP + ": " + texte}) }
	for _, s := range l.selects() {
		for _, o := range s.Options {
			if o.Selected {
				add(s.Name, s.Label, o.Label)
			}
		}
	}
	return all
}

// selects are the drop-down lists of the form.
func (l lecture) selects() []web.SelectProps {
	var axes, parties, quartiers []lexique.Mot
	for _, a := range l.Axes {
		axes = append(axes, lexique.Mot{Code: strconv.FormatInt(a.Lignee, 10), Libelle: a.Titre})
	}
	for _, p := range l.Parties {
		parties = append(parties, lexique.Mot{Code: strconv.FormatInt(p.OrganismeID, 10), Libelle: p.OrganismeNom})
	}
	for _, q := range l.of(annexeQPV) {
		quartiers = append(quartiers, lexique.Mot{Code: q.Code, Libelle: q.Nom})
	}
	list := func(name, label, empty string, mots []lexique.Mot) web.SelectProps {
		return web.SelectProps{Control: web.Control{ID: "filtre-" + name, Name: name, Label: label}, Vide: empty, Options: httpx.Options(mots, l.Filtres.valeurs().Get(name))}
	}
	return []web.SelectProps{list(paramAxe, "Axe", "Tous", axes), list(paramPartie, "Partie", "Toutes", parties),
		list(paramQPV, "Quartier", "Tous", quartiers), list(paramAvancement, "Avancement", "Tous", lexique.Avancements)}
}

// garde says whether the filters keep an engagement.
func (l lecture) garde(e Engagement) bool {
	a := l.axe(e)
	code, _ := a.quartier()
	f := l.Filtres
	return (f.Axe == 0 || a.Lignee == f.Axe) && (f.Partie == 0 || e.OrganismeID == f.Partie) && (f.QPV == "" || code == f.QPV) && (f.Avancement == "" || e.etape() == f.Avancement)
}

// trouves are the engagements that the filters keep, in the order of the tree. The page needs them all to tell how far the contract is:
// they are few, and it is kept in memory.
func (l lecture) trouves() []Engagement { return garder(l.Engagements, l.garde) }

// affiches are those of the page that is asked for.
func (l lecture) affiches() []Engagement {
	all := l.trouves()
	from := min((l.Filtres.Page-1)*parLecture, len(all))
	return all[from:min(from+parLecture, len(all))]
}

// check refuses a page after the last one.
func (l lecture) check() error {
	if l.Filtres.Page > 1 && len(l.affiches()) == 0 {
		return fault.NotFound
	}
	return nil
}
