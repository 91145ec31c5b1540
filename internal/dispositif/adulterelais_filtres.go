package dispositif

import (
	"cmp"
	"net/url"
	"strconv"
	"time"

	"portail/internal/httpx"
	"portail/internal/lexique"
	"portail/internal/lien"
	"portail/web"
	"portail/web/typo"
)

// Names of the query parameters of the list of conventions.
const (
	paramQ         = "q"
	paramEmployeur = "employeur"
	paramCategorie = "categorie"
	paramQPV       = "qpv"
	paramEtat      = "etat"
	paramFin       = "fin"   // ends before
	paramAnnee     = "annee" // covers a day of that year
)

// States that the list can be filtered by, beside each state of a convention.
const (
	etatEnCours = "en_cours" // by default: all but those that are over or refused
	etatSignees = "signees"  // whatever came after: what the totals count
	etatTous    = "tous"
)

// parPage is the number of conventions of a page, and maxRecherche the longest text looked for.
const (
	parPage      = 20
	maxRecherche = 200
)

var (
	trisAR  = []string{"numero", "employeur", "fin", "etat", "quotite"}
	etatsAR = append([]lexique.Mot{{Code: etatEnCours, Libelle: "En cours"}, {Code: etatSignees, Libelle: "Signées, closes comprises"}, {Code: etatTous, Libelle: "Tous"}}, lexique.EtatsAdulteRelais...)
)

// filtresAR is what the address of the list asks for; its zero fields filter nothing.
type filtresAR struct {
	Q          string // number, ASP reference or employer
	Employeur  int64
	Categorie  string
	QPV        string // code
	Etat       string
	Fin        time.Time // ends before
	Annee      int       // covers a day of that year; 0: any
	Tri        string    // one of trisAR
	Descendant bool
	Page       int
}

// parseFiltresAR reads the query string of the list. What no link of the portal writes is fault.Malformed.
func parseFiltresAR(v url.Values) (filtresAR, error) {
	q := httpx.ReadQuery(v)
	f := filtresAR{Q: q.Text(paramQ, maxRecherche), Employeur: q.ID(paramEmployeur), Categorie: q.Code(paramCategorie, lexique.CategoriesEmployeur), QPV: q.Text(paramQPV, maxCodePlace),
		Etat: cmp.Or(q.Code(paramEtat, etatsAR), etatEnCours), Fin: q.Day(paramFin), Annee: lireAnnee(q, 0), Page: q.Page()}
	f.Tri, f.Descendant = q.Tri(trisAR, "fin")
	return f, q.Err()
}

// filtres is the part of the query string that decides which conventions are listed and in which order: what files repeat.
func (f filtresAR) filtres() url.Values {
	return web.Params(paramQ, f.Q, paramEmployeur, web.NumberParam(f.Employeur, 0), paramCategorie, f.Categorie, paramQPV, f.QPV, paramEtat, web.CodeParam(f.Etat, etatEnCours),
		paramFin, typo.DateISO(f.Fin), paramAnnee, web.NumberParam(f.Annee, 0), web.ParamTri, web.TriParam(f.Tri, f.Descendant, "fin"))
}

func (f filtresAR) url() web.ListURL {
	v := f.filtres()
	if f.Page > 1 {
		v.Set(web.ParamPage, strconv.Itoa(f.Page))
	}
	return web.ListURL{Path: lien.AdultesRelais, Values: v}
}
