package qpv

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"portail/internal/chiffre"
	"portail/internal/export"
	"portail/internal/fault"
	"portail/internal/httpx"
	"portail/internal/lien"
	"portail/internal/pg"
)

// paramAncien tells a fiche that the visitor comes from the address of a code of 2015.
const paramAncien = "ancien"

// formatsFiche are the files of a quarter.
var formatsFiche = []string{formatCSV, formatCSVTableur, formatODS, formatGeoJSON, formatJSON}

func (s *Service) ficheRoutes(r *httpx.Router) {
	const pattern = lien.QPV + "/{code}"
	r.Publier(pattern, s.showFiche)
	r.Publier(pattern+strings.TrimPrefix(lien.FicheHistorique("x"), lien.Fiche("x")), s.showHistorique)
	for _, format := range formatsFiche {
		s.publierFichier(r, pattern+strings.TrimPrefix(lien.FicheFichier("x", format), lien.Fiche("x")), s.fichierFiche(format))
	}
}

// showFiche is the page of a quarter. A code in lower case leads to its true address, a code of 2015 to the quarter that
// follows it.
func (s *Service) showFiche(w http.ResponseWriter, r *http.Request) error {
	code := httpx.Param(r, "code")
	if upper := strings.ToUpper(code); upper != code && codeQPV.MatchString(upper) {
		return httpx.Redirect(w, r, http.StatusMovedPermanently, lien.Fiche(upper))
	}
	if !codeQPV.MatchString(code) {
		return fmt.Errorf("code %q: %w", code, fault.NotFound)
	}
	f, err := readFiche(r.Context(), s.db, code)
	if errors.Is(err, fault.NotFound) {
		return s.inconnu(w, r, code)
	}
	if err != nil {
		return err
	}
	v, err := s.ficheVue(f, r.URL.Query().Get(paramAncien))
	if err != nil {
		return err
	}
	return httpx.Render(w, r, http.StatusOK, fichePage(v))
}

// inconnu answers for a code that is none of a quarter: followed since 2024, it redirects; else it is an error page that
// leads to the list.
func (s *Service) inconnu(w http.ResponseWriter, r *http.Request, code string) error {
	suite, err := listSuccesseurs(r.Context(), s.db, code)
	if err != nil {
		return err
	}
	switch len(suite) {
	case 0:
		return httpx.Render(w, r, http.StatusNotFound, inconnuPage(code))
	case 1:
		return httpx.Redirect(w, r, http.StatusMovedPermanently, lien.Fiche(suite[0].Code)+"?"+url.Values{paramAncien: {code}}.Encode())
	}
	return httpx.Render(w, r, http.StatusOK, ancienPage(code, suite))
}

// fichierFiche is the fiche as a file.
func (s *Service) fichierFiche(format string) httpx.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		code := httpx.Param(r, "code")
		if !codeQPV.MatchString(code) {
			return fmt.Errorf("code %q: %w", code, fault.NotFound)
		}
		f, err := readFiche(r.Context(), s.db, code)
		if err != nil {
			return err
		}
		base := httpx.Base(r, s.cfg.URL)
		t := f.tableChiffres(base)
		var content []byte
		switch format {
		case formatODS:
			var b bytes.Buffer
			err = export.ODS(&b, t, f.tableIdentite(base))
			content = b.Bytes()
		case formatJSON:
			content, err = f.json(base)
		case formatGeoJSON:
			content, err = s.contourFiche(r.Context(), f, base)
		default:
			return writeTable(w, format, t)
		}
		if err != nil {
			return err
		}
		return sendFichier(w, format, t, content)
	}
}

// contourFiche reads the contour of a quarter and writes it as GeoJSON.
func (s *Service) contourFiche(ctx context.Context, f fiche, base string) ([]byte, error) {
	raw, err := readContour(ctx, s.db, f.Code)
	if err != nil {
		return nil, err
	}
	return f.geoJSON(raw, base)
}

// showHistorique tells which figures of a quarter were replaced after their publication, and why.
func (s *Service) showHistorique(w http.ResponseWriter, r *http.Request) error {
	code := httpx.Param(r, "code")
	if !codeQPV.MatchString(code) {
		return fmt.Errorf("code %q: %w", code, fault.NotFound)
	}
	var q nomRow
	var versions []chiffre.Version
	var b pg.Batch
	addNom(&b, &q, code)
	chiffre.AddVersions(&b, &versions, code)
	if err := b.Run(r.Context(), s.db); err != nil {
		return fmt.Errorf("read the former figures of %s: %w", code, err)
	}
	return httpx.Render(w, r, http.StatusOK, historiquePage(q, chiffre.Historique(versions)))
}
