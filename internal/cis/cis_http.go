package cis

import "portail/internal/httpx"

// Routes declares the pages of the area, an object after the other.
func (s *Service) Routes(r *httpx.Router) {
	s.comiteRoutes(r)
	s.membreRoutes(r)
	s.seanceRoutes(r)
	s.pointRoutes(r)
	s.pieceRoutes(r)
	s.convocationRoutes(r)
	s.inviteRoutes(r)
	s.fluxRoutes(r)
	s.suitesRoutes(r)
}
