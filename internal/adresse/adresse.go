// Package adresse answers "is this address in a quartier prioritaire?": for one address or for a file of them, storing
// nothing. A failed or weak look-up is "indéterminé" and never "outside": an inhabitant may lose a right by a wrong no
// (C38–C39).
package adresse

import (
	"sync/atomic"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/paulmach/orb"
	"golang.org/x/sync/singleflight"

	"portail/internal/config"
	"portail/web/typo"
)

// Service shows the area.
type Service struct {
	db        *pgxpool.Pool
	geocodeur *geocodeur // nil: local addresses only
	lots      chan struct{}

	contours atomic.Pointer[contours] // those last published; nil before the first look-up
	lecture  singleflight.Group
}

// New makes the area. Contours are read at the first look-up, and again after each publication.
func New(db *pgxpool.Pool, cfg config.Config) *Service {
	return &Service{db: db, geocodeur: newGeocodeur(cfg.GeocodageURL), lots: make(chan struct{}, maxLots)}
}

// Nature is the kind of an answer.
type Nature int

// The four answers. The zero value is the one that promises nothing.
const (
	Indetermine Nature = iota
	DansQuartier
	Proche // outside, at most metresProche away
	Hors
)

const (
	// metresProche is the distance under which an inhabitant is told to have the limit checked.
	metresProche = 100
	// metresVoisin is the distance under which the nearest quarter is named.
	metresVoisin = 5000
)

// Quartier is what an answer says of a quarter.
type Quartier struct {
	Code, Nom   string
	Departement string // INSEE code
	Millesime   string // vintage of the contour, as its producer words it; empty: not stated
	Contour     orb.Geometry
}

// Reponse is the answer for one place.
type Reponse struct {
	Nature    Nature
	Quartiers []Quartier // those that hold the point, or the nearest one; empty when none is within metresVoisin
	Metres    float64    // from the point to the first of them, 0 inside
	Pourquoi  string     // why it is undetermined, a French sentence
}

func indetermine(pourquoi string) Reponse { return Reponse{Nature: Indetermine, Pourquoi: pourquoi} }

// Why a look-up gives no answer.
const (
	sansContour     = "Aucun contour de quartier prioritaire n’est enregistré dans ce site pour l’instant."
	horsTerritoire  = "Ce lieu est en dehors du territoire dont ce site connaît les quartiers prioritaires."
	contourManquant = "Le contour d’un quartier prioritaire de ce département manque dans ce site\u00a0: il pourrait contenir ce lieu."
	horsFrance      = "Ces coordonnées ne sont pas en France."
	inversees       = "La longitude et la latitude semblent inversées."
	enMetres        = "Ces coordonnées semblent être en mètres (Lambert\u00a093)\u00a0: donnez la longitude et la latitude en degrés (WGS\u00a084)."
)

// aVerifier marks each of two fields whose fault is told above both.
const aVerifier = "À vérifier\u00a0: voir le message ci-dessus."

// EnLigne is the answer in one line, for a cell of a table.
func (r Reponse) EnLigne() string {
	switch r.Nature {
	case DansQuartier:
		return "dans le quartier " + nomsQuartiers(r.Quartiers)
	case Proche:
		return "à moins de " + typo.Distance(metresProche) + " du quartier " + r.Quartiers[0].Nom
	case Hors:
		return "hors quartier"
	}
	return "indéterminé" + typo.NBSP + ": " + minuscule(r.Pourquoi)
}

// Codes are the codes of the quarters that hold the point, joined by | as in the official lists; empty outside.
func (r Reponse) Codes() string {
	if r.Nature != DansQuartier {
		return ""
	}
	codes := r.Quartiers[0].Code
	for _, q := range r.Quartiers[1:] {
		codes += "|" + q.Code
	}
	return codes
}

func nomsQuartiers(quartiers []Quartier) string {
	noms := make([]string, len(quartiers))
	for i, q := range quartiers {
		noms[i] = q.Nom
	}
	return typo.Liste(noms)
}
