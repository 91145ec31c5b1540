package qpv

import "portail/internal/httpx"

func (s *Service) carteRoutes(_ *httpx.Router) {}
