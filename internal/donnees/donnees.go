// Package donnees publishes the open data: every public data set with its files, its schema and its catalogue entry (C30-C32).
package donnees

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
