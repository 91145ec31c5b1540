package qpv

import "portail/internal/httpx"

func (s *Service) ficheRoutes(_ *httpx.Router) {}
