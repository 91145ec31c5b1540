package dispositif

import (
	"fmt"
	"net/http"

	"portail/internal/fault"
	"portail/internal/httpx"
	"portail/internal/lien"
	"portail/internal/pg"
)

func (s *Service) publicRoutes(r *httpx.Router) {
	r.Publier(lien.Dispositifs, s.showPublic)
	r.Publier(lien.Dispositifs+"/{code}", s.showPublicFiche)
}

func (s *Service) showPublic(w http.ResponseWriter, r *http.Request) error {
	f, err := parseFiltrePublic(r.URL.Query())
	if err != nil {
		return err
	}
	l := listePublique{filtrePublic: f}
	var b pg.Batch
	addDispositifsPublics(&b, &l.Dispositifs)
	addPREPublics(&b, &l.PRE, f)
	addPostesPublics(&b, &l.Postes, f)
	addRealisationsPubliques(&b, &l.Realisations, f, "")
	addEndroits(&b, &l.Endroits, s.cfg.Departement)
	if err := b.Run(r.Context(), s.db); err != nil {
		return fmt.Errorf("public list of dispositifs: %w", err)
	}
	if err := l.check(); err != nil {
		return err
	}
	return httpx.Render(w, r, http.StatusOK, listePubliquePage(l))
}

func (s *Service) showPublicFiche(w http.ResponseWriter, r *http.Request) error {
	code := httpx.Param(r, "code")
	if !formeCode.MatchString(code) || len(code) > maxCode {
		return fmt.Errorf("dispositif %.60q: %w", code, fault.NotFound)
	}
	q := httpx.ReadQuery(r.URL.Query())
	page := q.Page()
	if err := q.Err(); err != nil {
		return err
	}
	v := fichePublique{Page: page}
	all := filtrePublic{Page: page}
	var b pg.Batch
	addDispositifPublic(&b, &v.Dispositif, code)
	addPREPublics(&b, &v.PRE, all)
	addPostesPublics(&b, &v.Postes, all)
	addRealisationsPubliques(&b, &v.Realisations, all, code)
	addFinances(&b, &v.Finances, s.cfg.Departement)
	if err := b.Run(r.Context(), s.db); err != nil {
		return fmt.Errorf("public page of dispositif %s: %w", code, err)
	}
	if page > 1 && (v.Nature != "adultes_relais" || len(v.Postes) == 0) {
		return fmt.Errorf("page %d: %w", page, fault.NotFound)
	}
	return httpx.Render(w, r, http.StatusOK, fichePubliquePage(v))
}
