package compte

import "portail/internal/httpx"

// Routes declares the pages of the area, an object after the other.
func (s *Service) Routes(r *httpx.Router) {
	s.router = r
	s.connexionRoutes(r)
	s.totpRoutes(r)
	s.oubliRoutes(r)
	s.accueilRoutes(r)
	s.moiRoutes(r)
	s.administrationRoutes(r)
	s.proconnectRoutes(r)
}
