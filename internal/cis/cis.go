// Package cis is the committees that the préfecture convenes: the comité inter-services et opérateurs de l'État first of all, and any
// other body that meets (COPIL of a contract, technical committee). It holds who sits, the meetings of the year, their agendas, the
// convocations and the answers to them, the meeting itself, its minutes and the decisions that come out of it. No national text creates
// the CIS: its name, members and rhythm are settings, and no page prints a legal basis for it.
package cis

import (
	"context"

	"github.com/jackc/pgx/v5/pgxpool"

	"portail/internal/config"
	"portail/internal/document"
)

// Service keeps the committees.
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

// New makes the area; messages of changes go through a. cfg.Acces.Cle, which signs the links of convocations, must be set.
func New(db *pgxpool.Pool, cfg config.Config, a annonce) *Service {
	return &Service{db: db, cfg: cfg, annonce: a, documents: document.New(cfg)}
}

// How the journal names what the area holds.
const (
	objetComite = "comite"
	objetSeance = "seance"
)
