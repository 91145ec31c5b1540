package compte

import (
	"net/http"
	"time"

	"portail/internal/droits"
	"portail/internal/httpx"
)

// showMatrice shows who may what, from the very table that decides.
func (s *Service) showMatrice(w http.ResponseWriter, r *http.Request) error {
	return httpx.Render(w, r, http.StatusOK, matricePage(droits.Of(r.Context())))
}

// showRegistre shows the register sheet of the processing (RGPD, art. 30), to be printed for the data protection officer.
func (s *Service) showRegistre(w http.ResponseWriter, r *http.Request) error {
	return httpx.Render(w, r, http.StatusOK, registrePage(s.cfg, s.retention(), time.Now()))
}
