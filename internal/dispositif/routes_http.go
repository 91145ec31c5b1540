package dispositif

import "portail/internal/httpx"

// Routes declares the pages of the area, an object after the other.
func (s *Service) Routes(r *httpx.Router) {
	s.publicRoutes(r)
	s.catalogueRoutes(r)
	s.realisationRoutes(r)
	s.listeARRoutes(r)
	s.vueARRoutes(r)
	s.baremeRoutes(r)
	s.adulteRelaisRoutes(r)
	s.preRoutes(r)
	s.agregatRoutes(r)
}
