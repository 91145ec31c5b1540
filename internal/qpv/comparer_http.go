package qpv

import "portail/internal/httpx"

func (s *Service) comparerRoutes(_ *httpx.Router) {}
