package diagnostic

import "portail/internal/httpx"

// Routes declares the pages of the area, an object after the other.
func (s *Service) Routes(r *httpx.Router) {
	s.indicateurRoutes(r)
	s.remonteeRoutes(r)
	s.ficheRoutes(r)
	s.constatRoutes(r)
}
