package dispositif

import (
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"portail/internal/fault"
	"portail/internal/httpx"
	"portail/internal/lexique"
	"portail/internal/lien"
	"portail/internal/saisie"
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

func malformed(name string) error { return fmt.Errorf("parameter %s: %w", name, fault.Malformed) }

// parseFiltresAR reads the query string of the list. What no link of the portal writes is fault.Malformed.
func parseFiltresAR(v url.Values) (f filtresAR, err error) {
	f = filtresAR{Q: saisie.Ligne(v.Get(paramQ)), Categorie: v.Get(paramCategorie), QPV: v.Get(paramQPV), Etat: etatEnCours, Tri: "fin"}
	if utf8.RuneCountInString(f.Q) > maxRecherche {
		return f, malformed(paramQ)
	}
	if s := v.Get(paramEmployeur); s != "" {
		if f.Employeur, err = strconv.ParseInt(s, 10, 64); err != nil || f.Employeur <= 0 {
			return f, malformed(paramEmployeur)
		}
	}
	if f.Categorie != "" && !lexique.Connu(lexique.CategoriesEmployeur, f.Categorie) {
		return f, malformed(paramCategorie)
	}
	if len(f.QPV) > 10 {
		return f, malformed(paramQPV)
	}
	if s := v.Get(paramEtat); s != "" {
		if f.Etat = s; !lexique.Connu(etatsAR, s) {
			return f, malformed(paramEtat)
		}
	}
	if s := v.Get(paramFin); s != "" {
		told := fault.Fields{}
		if f.Fin = saisie.Jour(told, paramFin, s); len(told) > 0 {
			return f, malformed(paramFin)
		}
	}
	if v.Get(paramAnnee) != "" {
		if f.Annee, err = parseAnnee(v); err != nil {
			return f, err
		}
	}
	if s := v.Get(web.ParamTri); s != "" {
		f.Tri, f.Descendant = strings.CutPrefix(s, "-")
		if !slices.Contains(trisAR, f.Tri) {
			return f, malformed(web.ParamTri)
		}
	}
	f.Page, err = httpx.ParsePage(v)
	return f, err
}

// filtres is the part of the query string that decides which conventions are listed and in which order: what files repeat.
func (f filtresAR) filtres() url.Values {
	v := url.Values{}
	set := func(name, value string) {
		if value != "" {
			v.Set(name, value)
		}
	}
	set(paramQ, f.Q)
	if f.Employeur != 0 {
		set(paramEmployeur, strconv.FormatInt(f.Employeur, 10))
	}
	set(paramCategorie, f.Categorie)
	set(paramQPV, f.QPV)
	if f.Etat != etatEnCours {
		set(paramEtat, f.Etat)
	}
	set(paramFin, typo.DateISO(f.Fin))
	if f.Annee != 0 {
		set(paramAnnee, anneeTexte(f.Annee))
	}
	switch {
	case f.Descendant:
		set(web.ParamTri, "-"+f.Tri)
	case f.Tri != "fin":
		set(web.ParamTri, f.Tri)
	}
	return v
}

func (f filtresAR) url() web.ListURL {
	v := f.filtres()
	if f.Page > 1 {
		v.Set(web.ParamPage, strconv.Itoa(f.Page))
	}
	return web.ListURL{Path: lien.AdultesRelais, Values: v}
}
