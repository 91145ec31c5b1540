// Package adresse answers "is this address in a quartier prioritaire?": for one address or for a file of them, storing nothing (C38-C39).
package adresse

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
