package compte

import (
	"net/http"

	"portail/internal/httpx"
)

func (s *Service) proconnectRoutes(_ *httpx.Router) {}

// quitterProConnect is the address that also ends the session at ProConnect; empty for whoever came in by password.
func (s *Service) quitterProConnect(_ *http.Request) (string, error) { return "", nil }
