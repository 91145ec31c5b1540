package qpv

import (
	"context"
	"fmt"
	"net/http"

	"portail/internal/droits"
	"portail/internal/httpx"
	"portail/internal/lien"
	"portail/internal/pg"
)

// lectorat is for whom a comparison is made: which figures it may read, and where its pages are.
type lectorat struct {
	page     string // its address
	services bool   // with an account: restricted indicators too, and their own figures whole
}

var (
	lectoratPublic   = lectorat{page: lien.Comparer}
	lectoratServices = lectorat{page: lien.DiagnosticComparer, services: true}
)

func (s *Service) comparerRoutes(r *httpx.Router) {
	r.Publier(lien.Comparer, s.showComparaison(lectoratPublic))
	r.Get(lien.DiagnosticComparer, droits.DiagnosticVoir, s.showComparaison(lectoratServices))
	for _, format := range formatsComparaison {
		s.publierFichier(r, lien.ComparaisonFichier(lien.Comparer, format, nil), s.fichierComparaison(lectoratPublic, format))
		r.Get(lien.ComparaisonFichier(lien.DiagnosticComparer, format, nil), droits.DiagnosticVoir, s.fichierComparaison(lectoratServices, format))
	}
}

// showComparaison sets the chosen quarters side by side; without any it is the form to choose them. A code that means
// nothing is told beside the field, with what could be compared all the same.
func (s *Service) showComparaison(l lectorat) httpx.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		asked, err := parseComparaison(r.URL.Query())
		if err != nil {
			return err
		}
		c, err := s.readComparaison(r.Context(), l, asked, true)
		if err != nil {
			return fmt.Errorf("compare quarters: %w", err)
		}
		status := http.StatusOK
		if c.fautes.Err() != nil {
			status = http.StatusUnprocessableEntity
		}
		return httpx.Render(w, r, status, comparerPage(c))
	}
}

// readComparaison reads a comparison in one round trip; form adds what can be chosen, a file its date.
func (s *Service) readComparaison(ctx context.Context, l lectorat, asked Comparaison, form bool) (comparaison, error) {
	c := comparaison{Comparaison: asked, lectorat: l}
	var b pg.Batch
	if form {
		f := Filtres{Q: c.Recherche, Generation: generationA, Tri: triPertinence}
		n := candidatsParQ
		if len(f.mots()) == 0 {
			f.Departement, f.Tri, n = s.cfg.Departement, "nom", candidatsTotal
		}
		if len(f.mots()) > 0 {
			addReglages(&b, f)
		}
		addListe(&b, &c.candidats, f, 0, n, false)
	} else {
		addPublieLe(&b, &c.publie)
	}
	addIndicateurs(&b, &c.catalogue, l.services)
	addColonnes(&b, &c.quartiersLus, c.Codes)
	addReferences(&b, &c.references, l, c.Codes, c.Territoires)
	addValeursComparees(&b, &c.valeurs, l, c.Codes, c.Territoires, c.choisis())
	var err error
	if l.services {
		err = b.RunAs(ctx, s.db, droits.Of(ctx))
	} else {
		err = b.Run(ctx, s.db)
	}
	if err != nil {
		return c, err
	}
	c.dresse()
	return c, nil
}

// fichierComparaison is the comparison as a file.
func (s *Service) fichierComparaison(l lectorat, format string) httpx.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		asked, err := parseComparaison(r.URL.Query())
		if err != nil {
			return err
		}
		c, err := s.readComparaison(r.Context(), l, asked, false)
		if err != nil {
			return fmt.Errorf("compare quarters for a file: %w", err)
		}
		if err := c.fautes.Err(); err != nil {
			return err
		}
		t := c.fichier(httpx.Base(r, s.cfg.URL))
		if l.services {
			return httpx.Table(w, format, t) // no open licence in its headers
		}
		return writeTable(w, format, t)
	}
}
