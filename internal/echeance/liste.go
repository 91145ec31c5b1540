package echeance

import (
	"maps"
	"net/url"

	"portail/internal/httpx"
	"portail/internal/lexique"
	"portail/internal/lien"
	"portail/web"
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
// Lines of a page, and the longest code of a quarter.
const (
	parPage = 50
	maxQPV  = 20
)

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

	organismeID int64 // of Organisme; 0 for none or for the préfecture
}

// parseFiltres reads the query string of the list. What no link of the portal writes is fault.Malformed.
func parseFiltres(v url.Values) (Filtres, error) {
	q := httpx.ReadQuery(v)
	f := Filtres{Periode: q.Code(paramPeriode, periodes), Sorte: q.Code(paramSorte, lexique.SortesEcheance), Organisme: v.Get(paramOrganisme), QPV: q.Text(paramQPV, maxQPV), Page: q.Page()}
	if f.Organisme != organismePrefecture {
		f.organismeID = q.ID(paramOrganisme)
	}
	f.Tri, f.Descendant = q.Tri(tris, "le")
	return f, q.Err()
}

// filtres is the part of the query string that decides what is listed and in which order: what files repeat.
func (f Filtres) filtres() url.Values {
	return web.Params(paramPeriode, f.Periode, paramSorte, f.Sorte, paramOrganisme, f.Organisme, paramQPV, f.QPV, web.ParamTri, web.TriParam(f.Tri, f.Descendant, "le"))
}

// url is the address of the list.
func (f Filtres) url() web.ListURL {
	v := f.filtres()
	maps.Copy(v, web.Params(web.ParamPage, web.NumberParam(f.Page, 1)))
	return web.ListURL{Path: lien.Echeances, Values: v}
}

// Vide says whether nothing is filtered.
func (f Filtres) Vide() bool { return f.Periode+f.Sorte+f.Organisme+f.QPV == "" }

// choix is a value that the list can be filtered by.
type choix struct{ Genre, Code, Libelle string }

// phrases recall the filters in force: as tags on the page, as sentences in files.
func (l liste) phrases() web.Filtres {
	var all web.Filtres
	all.Add(paramPeriode, "Période", lexique.Libelle(periodes, l.Periode))
	all.Add(paramSorte, "Sorte", lexique.Libelle(lexique.SortesEcheance, l.Sorte))
	all.Add(paramOrganisme, "Organisme", l.libelle(paramOrganisme, l.Organisme))
	all.Add(paramQPV, "Quartier", l.libelle(paramQPV, l.QPV))
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
