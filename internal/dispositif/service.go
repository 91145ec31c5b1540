// Package dispositif is what the unit follows beside the contrats de ville: adultes-relais (code du travail, L. 5134-100 and D. 5134-145
// onwards), programmes de réussite éducative (loi n° 2005-32 du 18 janvier 2005), and any other dispositif, by a generic record that
// needs no code. A record is for the préfecture and for the partner that holds it; the public is shown where to find what, and whom to
// ask. No record can hold the name of a child or of an adulte-relais: neither a field nor a column is there for it.
package dispositif

import (
	"context"

	"github.com/jackc/pgx/v5/pgxpool"

	"portail/internal/config"
)

// Service keeps the dispositifs.
type Service struct {
	db      *pgxpool.Pool
	cfg     config.Config
	annonce annonce
}

// annonce leaves a message for the page that follows a change.
type annonce interface {
	Flash(ctx context.Context, titre, texte string)
}

// New makes the area; messages of changes go through a.
func New(db *pgxpool.Pool, cfg config.Config, a annonce) *Service {
	return &Service{db: db, cfg: cfg, annonce: a}
}

// Names of the objects of the area in the journal.
const (
	objetDispositif   = "dispositif"
	objetRealisation  = "realisation"
	objetAdulteRelais = "adulte_relais"
	objetPRE          = "pre"
	objetBareme       = "adulte_relais_bareme"
)

// Longest texts, in characters: those of the schema.
const (
	maxNom       = 200
	maxSigle     = 40
	maxFonction  = 120
	maxCourriel  = 254
	maxTexte     = 4000 // Markdown-lite
	maxMotif     = 2000
	maxPhrase    = 1000
	maxReference = 40
)
