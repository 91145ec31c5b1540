package cis

import "portail/internal/httpx"

// suitesRoutes declares what comes out of a meeting: how it is held, its minutes, its decisions.
func (s *Service) suitesRoutes(r *httpx.Router) {
	s.tenueRoutes(r)
	s.compteRenduRoutes(r)
	s.decisionRoutes(r)
}
