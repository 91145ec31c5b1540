// Package echeance is what is to be done by a day: one list over all areas, read from the view echeance to which each area adds its
// branch, with a calendar feed; and the dashboard that people with an account start from. It keeps nothing but the secrets of feeds.
package echeance

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"portail/internal/config"
	"portail/internal/droits"
	"portail/internal/lexique"
	"portail/internal/lien"
	"portail/internal/pg"
	"portail/web"
	"portail/web/typo"
)

// Service shows the échéances.
type Service struct {
	db      *pgxpool.Pool
	cfg     config.Config
	annonce annonce
	blocs   []Bloc
}

// annonce leaves a message for the page that follows a change.
type annonce interface {
	Flash(ctx context.Context, titre, texte string)
}

// Bloc is a part of the dashboard that an area brings, for whoever asks: it queues what it reads among the statements of the page, so that
// all of it costs one round trip, and gives what makes it of their answers. Nil when there is nothing for their role; what is made may be
// nil too, when there is nothing to show.
type Bloc = func(b *pg.Batch, par droits.Compte) func() *web.Bloc

// New makes the area; the blocks stand on the dashboard in the order of each role (ordres).
func New(db *pgxpool.Pool, cfg config.Config, a annonce, blocs ...Bloc) *Service {
	return &Service{db: db, cfg: cfg, annonce: a, blocs: blocs}
}

// objet is how the journal names the échéances.
const objet = "échéances"

// ligne is an échéance.
type ligne struct {
	Sorte       string // code of lexique.SortesEcheance
	Le          time.Time
	Objet       string
	ObjetID     int64
	Libelle     string
	OrganismeID *int64 // nil: the préfecture
	Organisme   string // its acronym, or its name
	QPVCode     string
	QPVNom      string
	Total       int // échéances of the whole list
}

func (l ligne) sorte() string { return lexique.Libelle(lexique.SortesEcheance, l.Sorte) }

func (l ligne) href() string { return lien.Objet(l.Objet, l.ObjetID) }

// organisme is who must act, in words.
func (l ligne) organisme() string {
	if l.OrganismeID == nil {
		return "Préfecture"
	}
	return l.Organisme
}

// jours is the number of days from a day to the échéance; negative when it is over.
func (l ligne) jours(from time.Time) int { return int(l.Le.Sub(from).Hours() / 24) }

// delai says how far an échéance is.
func (l ligne) delai(from time.Time) string {
	switch n := l.jours(from); {
	case n == 0:
		return "aujourd’hui"
	case n == 1:
		return "demain"
	case n > 0:
		return "dans" + typo.NBSP + typo.NPluriel(int64(n), "jour", "jours")
	default:
		return "en retard de" + typo.NBSP + typo.NPluriel(int64(-n), "jour", "jours")
	}
}

// compte is how many échéances of a kind there are, by how far they are.
type compte struct {
	Sorte                                  string
	Retard, Sous30, Sous60, Sous90, AuDela int
}
