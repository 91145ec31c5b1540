package cis

import (
	"context"
	"strconv"

	"github.com/jackc/pgx/v5"

	"portail/internal/document"
	"portail/internal/droits"
	"portail/internal/fault"
	"portail/internal/journal"
)

// piece is a paper of a meeting, or of one of its points.
type piece struct {
	document.Document
	PointID *int64
}

// Joindre attaches a paper to a meeting, or to one of its points: whoever sees that sees the paper. Papers still come while the minutes
// are written.
func (s *Service) Joindre(ctx context.Context, par droits.Compte, seance int64, point *int64, file *document.Fichier) error {
	if file == nil {
		return fault.Fields{document.ChampFichier: "Choisissez un fichier."}
	}
	return s.changeSeance(ctx, par, seance, func(tx pgx.Tx, v Seance) (string, journal.Changement, error) {
		if v.Etat == CRValide || v.Etat == Annulee {
			return "", nil, fault.Fields{document.ChampFichier: "La séance est close\u00a0: ses documents ne changent plus."}
		}
		if point != nil {
			if _, err := findPoint(ctx, tx, seance, *point); err != nil {
				return "", nil, fault.Fields{"point": "Choisissez un point dans la liste."}
			}
		}
		d, err := document.Deposer(ctx, tx, par, *file)
		if err != nil {
			return "", nil, err
		}
		return "document joint", journal.Changement{"document": {nil, file.Nom() + ", SHA-256 " + file.SHA256()}}, insertPiece(ctx, tx, seance, point, d.ID)
	})
}

// Detacher takes a paper away from a meeting.
func (s *Service) Detacher(ctx context.Context, par droits.Compte, seance, doc int64) error {
	return s.changeSeance(ctx, par, seance, func(tx pgx.Tx, v Seance) (string, journal.Changement, error) {
		if v.Etat == CRValide {
			return "", nil, fault.Fields{"": "La séance est close\u00a0: ses documents ne changent plus."}
		}
		gone, err := deletePiece(ctx, tx, seance, doc)
		if err != nil || !gone {
			return "", nil, err
		}
		return "document retiré", journal.Changement{"document": {strconv.FormatInt(doc, 10), nil}}, document.Retirer(ctx, tx, doc)
	})
}
