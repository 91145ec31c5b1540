package qpv

import (
	"bytes"
	"fmt"
	"net/http"

	"portail/internal/cartographie"
	"portail/internal/geo"
	"portail/internal/httpx"
	"portail/internal/lien"
	"portail/internal/pg"
)

func (s *Service) carteRoutes(r *httpx.Router) {
	r.Publier(lien.Carte, s.showCarte)
	r.Publier(lien.ContourQuartiers, s.contoursQuartiers)
	r.Publier(lien.ContourCommunes, s.contoursTerritoires("commune"))
	r.Publier(lien.ContourEPCI, s.contoursTerritoires("epci"))
}

// showCarte is the map of the whole département.
func (s *Service) showCarte(w http.ResponseWriter, r *http.Request) error {
	c := carte{Departement: s.cfg.Departement, FondURL: s.cfg.FondCarte, FondNom: s.cfg.FondCarteMention}
	var b pg.Batch
	cartographie.Add(&b, s.cfg.Departement, &c.Donnees)
	cartographie.AddCommunes(&b, s.cfg.Departement, &c.Donnees)
	addNomTerritoire(&b, &c.noms, "departement", s.cfg.Departement)
	if err := b.Run(r.Context(), s.db); err != nil {
		return fmt.Errorf("draw the map of %s: %w", s.cfg.Departement, err)
	}
	return httpx.Render(w, r, http.StatusOK, cartePage(c))
}

// contoursQuartiers are the quarters of the département for the interactive map.
func (s *Service) contoursQuartiers(w http.ResponseWriter, r *http.Request) error {
	f := Filtres{Departement: s.cfg.Departement, Generation: generationA, Tri: "code"}
	var lignes []ligneListe
	var b pg.Batch
	addListe(&b, &lignes, f, 0, maxFichier, true)
	if err := b.Run(r.Context(), s.db); err != nil {
		return fmt.Errorf("read contours of quarters: %w", err)
	}
	all, err := features(lignes, "") // links of the page that shows them
	if err != nil {
		return err
	}
	return sendContours(w, all)
}

// contoursTerritoires are the communes or the EPCI of the département.
func (s *Service) contoursTerritoires(niveau string) httpx.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		var rows []territoireContour
		var b pg.Batch
		addContours(&b, &rows, niveau, s.cfg.Departement)
		if err := b.Run(r.Context(), s.db); err != nil {
			return fmt.Errorf("read contours of %s: %w", niveau, err)
		}
		all := make([]geo.Feature, 0, len(rows))
		for _, t := range rows {
			g, err := contour(&t.Contour, 0, 0)
			if err != nil {
				return fmt.Errorf("contour of %s %s: %w", niveau, t.Code, err)
			}
			all = append(all, geo.Feature{Geometrie: g, Proprietes: []geo.Propriete{{Nom: "code", Valeur: t.Code}, {Nom: "nom", Valeur: t.Nom}}})
		}
		return sendContours(w, all)
	}
}

// sendContours shows contours in the browser: they are what the interactive map reads.
func sendContours(w http.ResponseWriter, all []geo.Feature) error {
	var b bytes.Buffer
	if err := geo.WriteFeatureCollection(&b, geo.All(all)); err != nil {
		return err
	}
	return httpx.File(w, contentTypes[formatGeoJSON], "", b.Bytes())
}
