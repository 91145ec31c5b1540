package qpv

import (
	"context"
	"fmt"
	"net/http"

	"portail/internal/httpx"
	"portail/internal/lien"
	"portail/internal/pg"
)

func (s *Service) comparerRoutes(r *httpx.Router) {
	r.Publier(lien.Comparer, s.showComparaison)
	for _, format := range formatsComparaison {
		s.publierFichier(r, lien.ComparaisonFichier(format, nil), s.fichierComparaison(format))
	}
}

// showComparaison sets the chosen quarters side by side; without any it is the form to choose them. A code that means
// nothing is told beside the field, with what could be compared all the same.
func (s *Service) showComparaison(w http.ResponseWriter, r *http.Request) error {
	asked, err := parseComparaison(r.URL.Query())
	if err != nil {
		return err
	}
	c, err := s.readComparaison(r.Context(), asked, true)
	if err != nil {
		return fmt.Errorf("compare quarters: %w", err)
	}
	status := http.StatusOK
	if c.fautes.Err() != nil {
		status = http.StatusUnprocessableEntity
	}
	return httpx.Render(w, r, status, comparerPage(c))
}

// readComparaison reads a comparison in one round trip; form adds what can be chosen, a file its date.
func (s *Service) readComparaison(ctx context.Context, asked Comparaison, form bool) (comparaison, error) {
	c := comparaison{Comparaison: asked}
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
	addCatalogue(&b, &c.catalogue)
	addColonnes(&b, &c.lignes, c.Codes)
	addReferences(&b, &c.references, c.Codes, c.Territoires)
	addValeursComparees(&b, &c.valeurs, c.Codes, c.Territoires)
	if err := b.Run(ctx, s.db); err != nil {
		return c, err
	}
	c.dresse()
	return c, nil
}

// fichierComparaison is the comparison as a file.
func (s *Service) fichierComparaison(format string) httpx.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		asked, err := parseComparaison(r.URL.Query())
		if err != nil {
			return err
		}
		c, err := s.readComparaison(r.Context(), asked, false)
		if err != nil {
			return fmt.Errorf("compare quarters for a file: %w", err)
		}
		if err := c.fautes.Err(); err != nil {
			return err
		}
		return writeTable(w, format, c.fichier(httpx.Base(r, s.cfg.URL)))
	}
}
