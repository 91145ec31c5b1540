// Package diagnostic is the shared reading of the quarters (first purposes of the CIS, R-CIS-2): the catalogue of indicators, the figures
// that each producer returns and certifies for a period, their publication with statistical secrecy (R-F-1, R-F-2), and for each quarter
// what services write about it together.
package diagnostic

import (
	"github.com/jackc/pgx/v5/pgxpool"

	"portail/internal/config"
	"portail/internal/formulaire"
)

// Service keeps the catalogue, the returns and the findings.
type Service struct {
	db      *pgxpool.Pool
	cfg     config.Config
	annonce formulaire.Annonce
}

// New makes the area; messages of changes go through a.
func New(db *pgxpool.Pool, cfg config.Config, a formulaire.Annonce) *Service {
	return &Service{db: db, cfg: cfg, annonce: a}
}

// Names of the objects of the area in the journal.
const (
	objetIndicateur = "indicateur"
	objetRemontee   = "remontee"
	objetConstat    = "constat"
)

// Longest texts, in characters: those of the schema.
const (
	maxLibelle     = 200
	maxDefinition  = 2000
	maxUnite       = 30
	maxPhrase      = 1000
	maxConstat     = 4000
	maxCommentaire = 2000
	maxWord        = 300 // of the word that confirms a jump
)
