// Package contrat is the contrats de ville (loi 2014-173 du 21 février 2014, art. 6): agreements of several years between the State,
// an intercommunalité, its communes and their partners, for the priority quarters. A contract is drafted and negotiated here, frozen to
// be signed, amended by avenants and published; each engagement is followed up by the party that took it.
package contrat

import (
	"context"

	"github.com/jackc/pgx/v5/pgxpool"

	"portail/internal/config"
	"portail/internal/document"
)

// Service keeps the contracts.
type Service struct {
	db        *pgxpool.Pool
	cfg       config.Config
	annonce   annonce
	documents *document.Service
}

// annonce leaves a message for the page that follows a change.
type annonce interface {
	Flash(ctx context.Context, titre, texte string)
}

// New makes the area; messages of changes go through a.
func New(db *pgxpool.Pool, cfg config.Config, a annonce) *Service {
	return &Service{db: db, cfg: cfg, annonce: a, documents: document.New(cfg)}
}

// objet is how the journal names a contract, whichever part of it changes.
const objet = "contrat"
