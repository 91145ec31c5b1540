package qpv

import "portail/internal/httpx"

func (s *Service) listeRoutes(_ *httpx.Router) {}
