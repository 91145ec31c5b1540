package echeance

import (
	"bytes"
	"fmt"
	"net/http"
	"time"

	"portail/internal/droits"
	"portail/internal/export"
	"portail/internal/httpx"
	"portail/internal/lien"
	"portail/web/typo"
)

const unBilan = lien.Bilans + "/{trimestre}"

func (s *Service) bilanRoutes(r *httpx.Router) {
	r.Get(unBilan, droits.BilanVoir, s.showBilan)
	r.Get(unBilan+"/bilan.odt", droits.BilanVoir, s.sendBilan)
}

func (s *Service) bilanOf(r *http.Request) (bilan, error) {
	today := typo.Aujourdhui()
	t, err := parseTrimestre(httpx.Param(r, "trimestre"), today)
	if err != nil {
		return bilan{}, err
	}
	return s.readBilan(r.Context(), droits.Of(r.Context()), t, today)
}

// showBilan is the page of a quarter of the year.
func (s *Service) showBilan(w http.ResponseWriter, r *http.Request) error {
	v, err := s.bilanOf(r)
	if err != nil {
		return err
	}
	return httpx.Render(w, r, http.StatusOK, bilanPage(v))
}

// sendBilan is the same as a text to print and to hand out.
func (s *Service) sendBilan(w http.ResponseWriter, r *http.Request) error {
	v, err := s.bilanOf(r)
	if err != nil {
		return err
	}
	now := time.Now()
	var body bytes.Buffer
	if err := export.ODT(&body, v.document(now)); err != nil {
		return fmt.Errorf("write the quarter %s: %w", v.code(), err)
	}
	return httpx.File(w, export.TypeODT, export.FileName(now, "odt", "bilan", v.code()), body.Bytes())
}
