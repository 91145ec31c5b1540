package courriel

import (
	"fmt"
	"net/url"
	"strconv"

	"portail/internal/fault"
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

// pageMax is beyond what any list of mails will have.
const pageMax = 100_000

// parseFiltres reads the query; a state that does not exist is malformed, an absurd page not found.
func parseFiltres(q url.Values) (filtres, error) {
	f := filtres{Etat: q.Get(paramEtat), Page: 1}
	if f.Etat != "" && !lexique.Connu(lexique.EtatsCourriel, f.Etat) {
		return f, fmt.Errorf("state of mails %q: %w", f.Etat, fault.Malformed)
	}
	if text := q.Get(web.ParamPage); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 || n > pageMax {
			return f, fmt.Errorf("page %q: %w", text, fault.NotFound)
		}
		f.Page = n
	}
	return f, nil
}

func (f filtres) url() web.ListURL {
	v := url.Values{}
	if f.Etat != "" {
		v.Set(paramEtat, f.Etat)
	}
	return web.ListURL{Path: lien.Courriels, Values: v}
}
