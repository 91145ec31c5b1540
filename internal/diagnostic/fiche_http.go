package diagnostic

import (
	"bytes"
	"fmt"
	"net/http"
	"strings"
	"time"

	"portail/internal/chiffre"
	"portail/internal/droits"
	"portail/internal/export"
	"portail/internal/httpx"
	"portail/internal/lien"
	"portail/internal/pg"
)

const unDiagnostic = lien.Diagnostics + "/{code}"

func (s *Service) ficheRoutes(r *httpx.Router) {
	r.Get(lien.Diagnostics, droits.DiagnosticVoir, s.showDiagnostics)
	r.Get(unDiagnostic, droits.DiagnosticVoir, s.showFiche)
	r.Get(unDiagnostic+strings.TrimPrefix(lien.DiagnosticHistorique("x"), lien.Diagnostic("x")), droits.DiagnosticVoir, s.showHistorique)
	for _, f := range httpx.Formats {
		r.Get(unDiagnostic+"/fichier."+f.Code, droits.DiagnosticVoir, s.sendFiche(f.Code))
	}
	r.Get(unDiagnostic+"/fichier.odt", droits.DiagnosticVoir, s.sendDocument)
}

func (s *Service) showDiagnostics(w http.ResponseWriter, r *http.Request) error {
	var lignes []ligneDiagnostic
	var b pg.Batch
	addDiagnostics(&b, &lignes, s.cfg.Departement)
	if err := b.RunAs(r.Context(), s.db, droits.Of(r.Context())); err != nil {
		return fmt.Errorf("list diagnostics: %w", err)
	}
	return httpx.Render(w, r, http.StatusOK, diagnosticsPage(lignes))
}

func (s *Service) showFiche(w http.ResponseWriter, r *http.Request) error {
	f, err := s.readFiche(r.Context(), droits.Of(r.Context()), httpx.Param(r, "code"))
	if err != nil {
		return err
	}
	return httpx.Render(w, r, http.StatusOK, fichePage(f))
}

func (s *Service) sendFiche(format string) httpx.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		f, err := s.readFiche(r.Context(), droits.Of(r.Context()), httpx.Param(r, "code"))
		if err != nil {
			return err
		}
		return httpx.Table(w, format, f.fichier(httpx.Base(r, s.cfg.URL), time.Now()))
	}
}

func (s *Service) sendDocument(w http.ResponseWriter, r *http.Request) error {
	f, err := s.readFiche(r.Context(), droits.Of(r.Context()), httpx.Param(r, "code"))
	if err != nil {
		return err
	}
	now := time.Now()
	var body bytes.Buffer
	if err := export.ODT(&body, f.document(now)); err != nil {
		return fmt.Errorf("write the diagnostic of %s: %w", f.Code, err)
	}
	return httpx.File(w, export.TypeODT, export.FileName(now, "odt", "diagnostic", f.Code), body.Bytes())
}

// showHistorique tells which figures of a quarter were replaced after their publication, and why.
func (s *Service) showHistorique(w http.ResponseWriter, r *http.Request) error {
	code := httpx.Param(r, "code")
	var q identiteRow
	var versions []chiffre.Version
	var b pg.Batch
	pg.AddOne(&b, &q, sqlIdentite, code)
	chiffre.AddVersions(&b, &versions, code)
	if err := b.RunAs(r.Context(), s.db, droits.Of(r.Context())); err != nil {
		return fmt.Errorf("read the former figures of %s: %w", code, err)
	}
	return httpx.Render(w, r, http.StatusOK, historiquePage(q, chiffre.Historique(versions)))
}
