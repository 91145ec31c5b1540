package intervention

import (
	"net/http"

	"portail/internal/droits"
	"portail/internal/httpx"
)

// showMatrice is the matrix, as its address filters it.
func (s *Service) showMatrice(w http.ResponseWriter, r *http.Request) error {
	f, err := parseFiltres(r.URL.Query())
	if err != nil {
		return err
	}
	m, err := s.readMatrice(r.Context(), droits.Of(r.Context()), f)
	if err != nil {
		return err
	}
	return httpx.Render(w, r, http.StatusOK, matricePage(m))
}
