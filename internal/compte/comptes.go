package compte

import (
	"net/url"
	"strconv"
	"time"

	"portail/internal/droits"
	"portail/internal/httpx"
	"portail/internal/lexique"
	"portail/internal/lien"
	"portail/web"
	"portail/web/typo"
)

// filtresComptes is what the address of the list of accounts asks for; zero fields ask for nothing.
type filtresComptes struct {
	Q          string // part of a name or of an address
	Role       string
	Organisme  int64
	Etat       string // empty: live ones
	Tri        string // one of trisComptes
	Descendant bool
	Page       int
}

// Names of the query parameters, and bounds of what an address may ask.
const (
	paramQ         = "q"
	paramRole      = "role"
	paramOrganisme = "organisme"
	paramEtat      = "etat"

	maxRecherche    = 200
	comptesParPage  = 25
	maxExportLignes = 20_000
)

// etatsCompte are the states that accounts are listed by.
var etatsCompte = []lexique.Mot{{Code: "actif", Libelle: "Actifs"}, {Code: "sans_fonction", Libelle: "Sans fonction"}, {Code: "desactive", Libelle: "Désactivés"}, {Code: "tous", Libelle: "Tous"}}

// trisComptes are the columns that sort the list.
var trisComptes = []string{"nom", "courriel", "connexion"}

// parseFiltresComptes reads the query: what no form sends is malformed, a page that cannot exist is not found.
func parseFiltresComptes(v url.Values) (filtresComptes, error) {
	q := httpx.ReadQuery(v)
	f := filtresComptes{Q: q.Text(paramQ, maxRecherche), Role: q.Code(paramRole, lexique.Roles), Etat: q.Code(paramEtat, etatsCompte), Organisme: q.ID(paramOrganisme), Page: q.Page()}
	f.Tri, f.Descendant = q.Tri(trisComptes, "")
	return f, q.Err()
}

func (f filtresComptes) values() url.Values {
	return web.Params(paramQ, f.Q, paramRole, f.Role, paramOrganisme, web.NumberParam(f.Organisme, 0), paramEtat, f.Etat, web.ParamTri, web.TriParam(f.Tri, f.Descendant, ""))
}

func (f filtresComptes) url() web.ListURL { return web.ListURL{Path: lien.Comptes, Values: f.values()} }

// ligneCompte is a line of the list of accounts.
type ligneCompte struct {
	ID                int64
	Nom               string
	Courriel          string
	Fonctions         []string // role and organisation, in force; within the perimeter of who asks
	DerniereConnexion *time.Time
	TOTP              bool
	DesactiveLe       *time.Time
	Demonstration     bool
}

// etat is the state in words.
func (c ligneCompte) etat() (texte string, tone web.Tone) {
	switch {
	case c.DesactiveLe != nil:
		return "Désactivé", web.ToneError
	case len(c.Fonctions) == 0:
		return "Sans fonction", web.ToneWarning
	}
	return "Actif", web.ToneSuccess
}

// perimetre bounds what somebody sees of accounts and invitations: an administrator all (0), anybody else their own
// organisation. It goes into every WHERE.
func perimetre(par droits.Compte) int64 {
	if par.Role == droits.Administrateur {
		return 0
	}
	return par.Organisme
}

// mots say the filters in words. nomOrganisme is that of the organisation asked for.
func (f filtresComptes) mots(nomOrganisme string) []web.Lien {
	var all []web.Lien
	add := func(param, words string) { all = append(all, web.Lien{Texte: words, Href: f.url().With(param, "")}) }
	if f.Q != "" {
		add(paramQ, typo.Guillemets(f.Q))
	}
	if f.Role != "" {
		add(paramRole, "rôle"+typo.NBSP+": "+lexique.Libelle(lexique.Roles, f.Role))
	}
	if f.Organisme > 0 {
		add(paramOrganisme, "organisme"+typo.NBSP+": "+nomOrganisme)
	}
	if f.Etat != "" {
		add(paramEtat, "état"+typo.NBSP+": "+lexique.Libelle(etatsCompte, f.Etat))
	}
	return all
}

// choixOrganisme is an open organisation that a form offers.
type choixOrganisme struct {
	ID  int64
	Nom string
}

func optionsOrganismes(all []choixOrganisme, chosen string) []web.Option {
	var options []web.Option
	for _, o := range all {
		id := strconv.FormatInt(o.ID, 10)
		options = append(options, web.Option{Value: id, Label: o.Nom, Selected: id == chosen})
	}
	return options
}

// optionsRoles are the roles that somebody may choose among.
func optionsRoles(roles []droits.Role, chosen string) []web.Option {
	var options []web.Option
	for _, r := range roles {
		options = append(options, web.Option{Value: string(r), Label: lexique.Libelle(lexique.Roles, string(r)), Selected: string(r) == chosen})
	}
	return options
}
