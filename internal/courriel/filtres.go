package courriel

import (
	"net/url"

	"portail/internal/httpx"
	"portail/internal/lexique"
	"portail/internal/lien"
	"portail/web"
)

// filtres is what the address of the list asks for.
type filtres struct {
	Etat string // empty: all that are not sent
	Page int
}

const paramEtat = "etat"

// parseFiltres reads the query; a state that does not exist is malformed, an absurd page not found.
func parseFiltres(v url.Values) (filtres, error) {
	q := httpx.ReadQuery(v)
	f := filtres{Etat: q.Code(paramEtat, lexique.EtatsCourriel), Page: q.Page()}
	return f, q.Err()
}

func (f filtres) url() web.ListURL {
	return web.ListURL{Path: lien.Courriels, Values: web.Params(paramEtat, f.Etat)}
}
