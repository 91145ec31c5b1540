package cis

import (
	"cmp"
	"fmt"
	"maps"
	"net/url"
	"strconv"
	"time"

	"portail/internal/fault"
	"portail/internal/httpx"
	"portail/internal/lexique"
	"portail/internal/lien"
	"portail/internal/saisie"
	"portail/web"
	"portail/web/typo"
)

// Names of the query parameters of the register.
const (
	paramQ         = "q"
	paramEtat      = "etat"
	paramOrganisme = "organisme"
	paramQuartier  = "qpv"
	paramContrat   = "contrat"
	paramComite    = "comite"
	paramSeance    = "seance"
)

// Sets of decisions that the register can be filtered by, beside the states themselves.
const (
	decisionsOuvertes    = "ouvertes" // by default
	decisionsEnRetard    = "en_retard"
	decisionsSansReponse = "sans_reponse" // late, and its owner never said anything of it
	decisionsProches     = "proches"      // due within joursProches
	decisionsToutes      = "toutes"
)

const (
	joursProches = 30
	maxRecherche = 200
	maxCodeQPV   = 12
	parPage      = 20
)

// ensembles are the values of the filter, in the order that pages show.
var ensembles = append(append([]lexique.Mot{
	{Code: decisionsOuvertes, Libelle: "Ouvertes"}, {Code: decisionsEnRetard, Libelle: "En retard"}, {Code: decisionsSansReponse, Libelle: "En retard, sans réponse"},
	{Code: decisionsProches, Libelle: "À échéance dans les 30 jours"},
}, lexique.EtatsDecision...), lexique.Mot{Code: decisionsToutes, Libelle: "Toutes"})

// trisDecision are the columns that the register can be sorted by; the first is the order by default.
var trisDecision = []string{"echeance", "numero", "organisme", "etat", "seance"}

// filtresDecision is what the address of the register asks for; its zero fields filter nothing.
type filtresDecision struct {
	Q          string // words of the text or of the responsible person, or a number
	Etat       string // code of ensembles
	Organisme  int64
	QPV        string // code of a quarter
	Contrat    int64
	Comite     int64
	Seance     int64
	Tri        string
	Descendant bool
	Page       int
}

// parseFiltresDecision reads the query string of the register. What no link of the portal writes is fault.Malformed.
func parseFiltresDecision(v url.Values) (filtresDecision, error) {
	q := httpx.ReadQuery(v)
	f := filtresDecision{Q: q.Text(paramQ, maxRecherche), Etat: cmp.Or(q.Code(paramEtat, ensembles), decisionsOuvertes), Organisme: q.ID(paramOrganisme), QPV: q.Text(paramQuartier, maxCodeQPV),
		Contrat: q.ID(paramContrat), Comite: q.ID(paramComite), Seance: q.ID(paramSeance), Page: q.Page()}
	f.Tri, f.Descendant = q.Tri(trisDecision, trisDecision[0])
	return f, q.Err()
}

// filtres is the part of the query string that decides which decisions are listed and in which order: what files and views repeat.
func (f filtresDecision) filtres() url.Values {
	return web.Params(paramQ, f.Q, paramQuartier, f.QPV, paramOrganisme, web.NumberParam(f.Organisme, 0), paramContrat, web.NumberParam(f.Contrat, 0), paramComite, web.NumberParam(f.Comite, 0),
		paramSeance, web.NumberParam(f.Seance, 0), paramEtat, web.CodeParam(f.Etat, decisionsOuvertes), web.ParamTri, web.TriParam(f.Tri, f.Descendant, trisDecision[0]))
}

func (f filtresDecision) url() web.ListURL {
	v := f.filtres()
	maps.Copy(v, web.Params(web.ParamPage, web.NumberParam(f.Page, 1)))
	return web.ListURL{Path: lien.Decisions, Values: v}
}

// vide says whether nothing is filtered.
func (f filtresDecision) vide() bool {
	v := f.filtres()
	v.Del(web.ParamTri)
	return len(v) == 0
}

// phrases recall the filters in force: as tags on the page, as sentences in files. The choices name what the address numbers.
func (f filtresDecision) phrases(choix []choixRegistre) web.Filtres {
	var all web.Filtres
	if f.Q != "" {
		all.Add(paramQ, "Recherche", typo.Guillemets(f.Q))
	}
	if f.Etat != decisionsOuvertes {
		all.Add(paramEtat, "État", lexique.Libelle(ensembles, f.Etat))
	}
	named := func(kind, value string) string {
		for _, c := range choix {
			if c.Sorte == kind && c.Valeur == value {
				return c.Nom
			}
		}
		return value
	}
	id := func(n int64) string {
		if n == 0 {
			return ""
		}
		return strconv.FormatInt(n, 10)
	}
	all.Add(paramOrganisme, "Organisme", named(paramOrganisme, id(f.Organisme)))
	all.Add(paramQuartier, "Quartier", named(paramQuartier, f.QPV))
	all.Add(paramContrat, "Contrat de ville", named(paramContrat, id(f.Contrat)))
	all.Add(paramComite, "Comité", named(paramComite, id(f.Comite)))
	all.Add(paramSeance, "Séance", named(paramSeance, id(f.Seance)))
	return all
}

// ligneDecision is a decision of the register.
type ligneDecision struct {
	ID           int64
	Numero       int
	Texte        string
	ComiteNom    string
	SeanceID     int64
	SeanceDebut  *time.Time
	PointTitre   string
	OrganismeNom string
	Responsable  string
	Echeance     *time.Time
	Etat         string
	Motif        string
	QPVNom       string
	ContratTitre string
	Engagement   string
	SuiviLe      *time.Time // last word of its owner
	SuiviTexte   string
	ClosLe       *time.Time
	Demo         bool
	Total        int // decisions of the whole register, as filtered
}

// choixRegistre is a value that the register can be filtered by.
type choixRegistre struct {
	Sorte, Valeur, Nom string
}

// chargeDecisions is how much an organisation has to do, by age.
type chargeDecisions struct {
	OrganismeID  int64
	OrganismeNom string
	ATemps       int // open, and not late
	EnRetard     int // late, and its owner said something of it
	SansReponse  int // late, and its owner never said anything of it
}

func (c chargeDecisions) total() int { return c.ATemps + c.EnRetard + c.SansReponse }

// vueDecisions is a view of the register that somebody saved.
type vueDecisions struct {
	ID      int64
	Nom     string
	Requete string
}

// maxVues bounds the views that somebody keeps.
const maxVues = 30

// maxNomVue is the longest name of a view, in characters.
const maxNomVue = 80

// checkVue reads the query string that a view keeps: only what the register understands, without what is there by default.
func checkVue(nom, requete string) (string, error) {
	f := fault.Fields{}
	if nom == "" {
		f.Add("nom", "Donnez un nom à cette vue.")
	}
	saisie.Longueur(f, "nom", nom, maxNomVue)
	values, err := url.ParseQuery(requete)
	if err != nil {
		return "", fmt.Errorf("filters of a view: %w", fault.Malformed)
	}
	filters, err := parseFiltresDecision(values)
	if err != nil {
		return "", err
	}
	return filters.filtres().Encode(), f.Err()
}
