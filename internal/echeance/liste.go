package echeance

import (
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"portail/internal/fault"
	"portail/internal/httpx"
	"portail/internal/lexique"
	"portail/internal/lien"
	"portail/web"
	"portail/web/typo"
)

// Names of the query parameters of the list.
const (
	paramPeriode   = "periode"
	paramSorte     = "sorte"
	paramOrganisme = "organisme"
	paramQPV       = "qpv"
)

// Periods that the list can be bounded to; without one it is what is late and what comes within ninety days.
const (
	periodeRetard = "retard"
	periodeAuDela = "au-dela"
	periodeToutes = "toutes"
)

// Values of the filters that name nobody in particular.
const (
	organismePrefecture = "prefecture"
	qpvMiens            = "miens" // the quarters of a délégué's lettre de mission
)

// parPage is the number of échéances of a page.
const parPage = 50

var (
	periodes = []lexique.Mot{{Code: periodeRetard, Libelle: "En retard"}, {Code: "30", Libelle: "Dans les 30\u00a0jours"}, {Code: "60", Libelle: "Dans les 60\u00a0jours"},
		{Code: "90", Libelle: "Dans les 90\u00a0jours"}, {Code: periodeAuDela, Libelle: "Au-delà de 90\u00a0jours"}, {Code: periodeToutes, Libelle: "Toutes"}}
	tris = []string{"le", "sorte", "organisme", "objet"}
)

// Filtres is what the address of the list asks for; its zero fields filter nothing.
type Filtres struct {
	Periode    string // code of periodes
	Sorte      string // code of lexique.SortesEcheance
	Organisme  string // a number, or organismePrefecture
	QPV        string // code of a quarter, or qpvMiens
	Tri        string // one of tris
	Descendant bool
	Page       int // from 1
}

// parseFiltres reads the query string of the list. What no link of the portal writes is fault.Malformed.
func parseFiltres(v url.Values) (Filtres, error) {
	f := Filtres{Periode: v.Get(paramPeriode), Sorte: v.Get(paramSorte), Organisme: v.Get(paramOrganisme), QPV: v.Get(paramQPV), Tri: "le"}
	if f.Periode != "" && !lexique.Connu(periodes, f.Periode) {
		return f, malformed(paramPeriode)
	}
	if f.Sorte != "" && !lexique.Connu(lexique.SortesEcheance, f.Sorte) {
		return f, malformed(paramSorte)
	}
	if _, err := f.organismeID(); err != nil {
		return f, err
	}
	if len(f.QPV) > 20 {
		return f, malformed(paramQPV)
	}
	if s := v.Get(web.ParamTri); s != "" {
		if f.Tri, f.Descendant = strings.CutPrefix(s, "-"); !slices.Contains(tris, f.Tri) {
			return f, malformed(web.ParamTri)
		}
	}
	var err error
	f.Page, err = httpx.ParsePage(v)
	return f, err
}

func malformed(name string) error { return fmt.Errorf("parameter %s: %w", name, fault.Malformed) }

// organismeID is the number of the organisation asked for; 0 for none or for the préfecture.
func (f Filtres) organismeID() (int64, error) {
	if f.Organisme == "" || f.Organisme == organismePrefecture {
		return 0, nil
	}
	id, err := strconv.ParseInt(f.Organisme, 10, 64)
	if err != nil || id < 1 {
		return 0, malformed(paramOrganisme)
	}
	return id, nil
}

// filtres is the part of the query string that decides what is listed and in which order: what files repeat.
func (f Filtres) filtres() url.Values {
	v := url.Values{}
	for name, value := range map[string]string{paramPeriode: f.Periode, paramSorte: f.Sorte, paramOrganisme: f.Organisme, paramQPV: f.QPV} {
		if value != "" {
			v.Set(name, value)
		}
	}
	switch {
	case f.Descendant:
		v.Set(web.ParamTri, "-"+f.Tri)
	case f.Tri != "le":
		v.Set(web.ParamTri, f.Tri)
	}
	return v
}

// url is the address of the list.
func (f Filtres) url() web.ListURL {
	v := f.filtres()
	if f.Page > 1 {
		v.Set(web.ParamPage, strconv.Itoa(f.Page))
	}
	return web.ListURL{Path: lien.Echeances, Values: v}
}

// Vide says whether nothing is filtered.
func (f Filtres) Vide() bool { return f.Periode+f.Sorte+f.Organisme+f.QPV == "" }

// choix is a value that the list can be filtered by.
type choix struct{ Genre, Code, Libelle string }

// phrase is a filter in force, in words, with the parameter that holds it.
type phrase struct{ param, texte string }

// phrases recall the filters in force: as tags on the page, as sentences in files.
func (l liste) phrases() []phrase {
	var all []phrase
	add := func(param, label, code, texte string) {
		if code != "" {
			all = append(all, phrase{param, label + typo.NBSP + ": " + texte})
		}
	}
	add(paramPeriode, "Période", l.Periode, lexique.Libelle(periodes, l.Periode))
	add(paramSorte, "Sorte", l.Sorte, lexique.Libelle(lexique.SortesEcheance, l.Sorte))
	add(paramOrganisme, "Organisme", l.Organisme, l.libelle(paramOrganisme, l.Organisme))
	add(paramQPV, "Quartier", l.QPV, l.libelle(paramQPV, l.QPV))
	return all
}

// libelle is the name of a choice.
func (l liste) libelle(genre, code string) string {
	for _, c := range l.Choix {
		if c.Genre == genre && c.Code == code {
			return c.Libelle
		}
	}
	switch code {
	case organismePrefecture:
		return "Préfecture"
	case qpvMiens:
		return "ceux de ma lettre de mission"
	}
	return code
}
