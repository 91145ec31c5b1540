package adresse

import "portail/internal/httpx"

// Routes declares the pages of the area.
func (s *Service) Routes(_ *httpx.Router) {}
