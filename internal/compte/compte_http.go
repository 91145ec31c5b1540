package compte

import "portail/internal/httpx"

// Routes declares the pages of the area, an object after the other.
func (s *Service) Routes(_ *httpx.Router) {}
