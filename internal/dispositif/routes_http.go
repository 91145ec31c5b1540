package dispositif

import "portail/internal/httpx"

// Routes declares the pages of the area, an object after the other.
func (s *Service) Routes(r *httpx.Router) {
	s.listeARRoutes(r)
	s.vueARRoutes(r)
	s.adulteRelaisRoutes(r)
	s.agregatRoutes(r)
}
