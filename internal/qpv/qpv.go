// Package qpv is the public face of the quartiers prioritaires de la politique de la ville: their list, the fiche of each,
// their comparison and the map of the département. A quarter's code tells its generation and what became of its contour
// (R-Z-1); its figures are read through the view valeur_publiee, which masks what statistical secrecy covers (R-F-2). The
// comparison is also made for services with an account, on the figures that they share (valeur_partagee).
package qpv

import (
	"github.com/jackc/pgx/v5/pgxpool"

	"portail/internal/config"
	"portail/internal/httpx"
)

// Service shows the quarters.
type Service struct {
	db  *pgxpool.Pool
	cfg config.Config
}

// New makes the area.
func New(db *pgxpool.Pool, cfg config.Config) *Service { return &Service{db: db, cfg: cfg} }

// Routes declares the pages of the area, an object after the other.
func (s *Service) Routes(r *httpx.Router) {
	s.listeRoutes(r)
	s.comparerRoutes(r)
	s.carteRoutes(r)
	s.ficheRoutes(r)
}
