package contrat

import (
	"maps"
	"net/url"
	"strconv"

	"portail/internal/fault"
	"portail/internal/httpx"
	"portail/internal/lexique"
	"portail/web"
)

// Names of the query parameters of the engagements of a contract.
const (
	paramAxe    = "axe"
	paramPartie = "partie"
	paramQPV    = "qpv"
)

// Engagements of a page, and the longest code of a quarter.
const (
	parLecture = 30
	maxCodeQPV = 20
)

// filtresLecture is what the address of a contract asks for of its engagements; its zero fields filter nothing.
type filtresLecture struct {
	Axe        int64  // lignee of an axe: the same in every version
	Partie     int64  // organisation
	QPV        string // code of a quarter
	Avancement string // code of lexique.Avancements
	Page       int    // from 1
}

// parseFiltresLecture reads the query string. What no link of the portal writes is fault.Malformed.
func parseFiltresLecture(v url.Values) (filtresLecture, error) {
	q := httpx.ReadQuery(v)
	f := filtresLecture{Axe: q.ID(paramAxe), Partie: q.ID(paramPartie), QPV: q.Text(paramQPV, maxCodeQPV), Avancement: q.Code(paramAvancement, lexique.Avancements), Page: q.Page()}
	return f, q.Err()
}

// valeurs is the query string of the filters, page aside.
func (f filtresLecture) valeurs() url.Values {
	return web.Params(paramAxe, web.NumberParam(f.Axe, 0), paramPartie, web.NumberParam(f.Partie, 0), paramQPV, f.QPV, paramAvancement, f.Avancement)
}

// vide says whether nothing is filtered.
func (f filtresLecture) vide() bool { return len(f.valeurs()) == 0 }

// url is the address of the filtered contract.
func (l lecture) url() web.ListURL {
	v := l.Filtres.valeurs()
	maps.Copy(v, web.Params(web.ParamPage, web.NumberParam(l.Filtres.Page, 1)))
	return web.ListURL{Path: l.href(), Values: v}
}

// filtres recall the filters in force: as tags on the page, as sentences in files.
func (l lecture) filtres() web.Filtres {
	var all web.Filtres
	for _, s := range l.selects() {
		for _, o := range s.Options {
			if o.Selected {
				all.Add(s.Name, s.Label, o.Label)
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

// affiches are those of the page that is asked for.
func (l lecture) affiches() []Engagement {
	from := min((l.Filtres.Page-1)*parLecture, len(l.Trouves))
	return l.Trouves[from:min(from+parLecture, len(l.Trouves))]
}

// check refuses a page after the last one.
func (l lecture) check() error {
	if l.Filtres.Page > 1 && len(l.affiches()) == 0 {
		return fault.NotFound
	}
	return nil
}
