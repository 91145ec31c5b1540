// Package accueil is the home page, the legal and help pages and the plan of the site.
package accueil

import (
	"github.com/jackc/pgx/v5/pgxpool"

	"portail/internal/config"
)

// Service shows the area.
type Service struct {
	db  *pgxpool.Pool
	cfg config.Config
}

// New makes the area.
func New(db *pgxpool.Pool, cfg config.Config) *Service { return &Service{db: db, cfg: cfg} }
