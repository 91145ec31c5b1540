package tableur

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"portail/internal/droits"
	"portail/internal/fault"
	"portail/internal/pg"
	"portail/web/typo"
)

// States of a draft.
const (
	EtatLecture     = "lecture"     // a long file waits to be read
	EtatColonnes    = "colonnes"    // its columns are to be confirmed
	EtatControle    = "controle"    // a long dry run is under way
	EtatPret        = "pret"        // the dry run is over: faults, or differences to apply
	EtatPerime      = "perime"      // the portal changed since the dry run
	EtatApplication = "application" // a long one is being written
	EtatApplique    = "applique"
	EtatRefuse      = "refuse" // cannot be read, and Motif says why
)

// Beyond these a step is a background job, whose progress is shown; below it is over before the page is.
const (
	octetsLongs = 1 << 20
	lignesLongs = 1_000
)

// Brouillon is a file on its way into the portal.
type Brouillon struct {
	ID             int64
	Modele         string
	CompteID       int64
	FonctionID     int64
	Fichier        string
	Octets         int64
	SHA256         string `db:"sha256"`
	Format         string
	Etat           string
	Apercu         []byte
	Correspondance []byte
	Lignes         int
	Motif          string
	Fait           int
	Fautes         int
	Ajouts         int
	Changements    int
	Disparus       int
	Identiques     int
	Empreinte      []byte
	Version        int
	CreeLe         time.Time
	AppliqueLe     *time.Time
}

// EnCours says whether a background job works on it.
func (b Brouillon) EnCours() bool {
	return b.Etat == EtatLecture || b.Etat == EtatControle || b.Etat == EtatApplication
}

// Applicable says whether it may be applied.
func (b Brouillon) Applicable() bool {
	return b.Etat == EtatPret && b.Fautes == 0 && b.Ajouts+b.Changements > 0
}

// apercu are the first rows of each sheet.
func (b Brouillon) apercu() (c Classeur, err error) {
	if err = json.Unmarshal(b.Apercu, &c); err != nil {
		return c, fmt.Errorf("first rows of draft %d: %w", b.ID, err)
	}
	return c, nil
}

// correspondance is where the columns are; none yet is the zero value.
func (b Brouillon) correspondance() (k Correspondance, err error) {
	if len(b.Correspondance) == 0 {
		return k, nil
	}
	if err = json.Unmarshal(b.Correspondance, &k); err != nil {
		return k, fmt.Errorf("columns of draft %d: %w", b.ID, err)
	}
	return k, nil
}

// annonce leaves a message for the page that follows a change.
type annonce interface {
	Flash(ctx context.Context, titre, texte string)
}

// Service keeps the drafts of the imports that areas offer.
type Service struct {
	db      *pgxpool.Pool
	annonce annonce
	modeles []Modele
	lecture chan struct{} // as many places as files are read at once
}

// lecturesAtOnce bounds the memory that files take while they are read.
const lecturesAtOnce = 2

// New makes the service of these imports; messages go through a.
func New(db *pgxpool.Pool, a annonce, modeles ...Modele) *Service {
	return &Service{db: db, annonce: a, modeles: modeles, lecture: make(chan struct{}, lecturesAtOnce)}
}

// modele is the import of a code.
func (s *Service) modele(code string) (Modele, error) {
	for _, m := range s.modeles {
		if m.Code == code {
			return m, nil
		}
	}
	return Modele{}, fmt.Errorf("import %q: %w", code, fault.NotFound)
}

// lire reads a file once there is room for it.
func (s *Service) lire(ctx context.Context, content []byte) (Classeur, error) {
	select {
	case s.lecture <- struct{}{}:
		defer func() { <-s.lecture }()
		return Lire(content)
	case <-ctx.Done():
		return Classeur{}, ctx.Err()
	}
}

// Deposer takes a file in and gives the number of its draft, which replaces the one that its author had. A short file is read at
// once, and refused by a *Refus; a long one is read by a job. cle is a UUID made with the form: sent twice, it makes one draft.
func (s *Service) Deposer(ctx context.Context, par droits.Compte, m Modele, fichier string, content []byte, cle string) (id int64, err error) {
	if len(content) > MaxOctets {
		return 0, &Refus{Phrase: "Ce fichier dépasse " + typo.Octets(MaxOctets) + ".", TropGrand: true}
	}
	sum := sha256.Sum256(content)
	n := depot{modele: m.Code, fichier: nomDeFichier(fichier), octets: len(content), sha256: hex.EncodeToString(sum[:]), cle: cle, etat: EtatLecture, content: content}
	if len(content) <= octetsLongs {
		c, err := s.lire(ctx, content)
		if err != nil {
			return 0, err
		}
		if n.lu, err = c.ranger(); err != nil {
			return 0, err
		}
		n.etat, n.content = EtatColonnes, nil
	}
	err = pg.As(ctx, s.db, par, func(tx pgx.Tx) error {
		var fresh bool
		if id, fresh, err = insertBrouillon(ctx, tx, par, n); err != nil || !fresh || n.etat != EtatLecture {
			return err
		}
		return enqueue(ctx, tx, id)
	})
	if err != nil {
		return 0, fmt.Errorf("take a file in for %s: %w", m.Code, err)
	}
	return id, nil
}

// nomDeFichier is a name as pages show it: without folders, not endless.
func nomDeFichier(s string) string {
	if i := strings.LastIndexAny(s, `/\`); i >= 0 {
		s = s[i+1:]
	}
	s = replier(strings.ToValidUTF8(strings.ReplaceAll(s, "\x00", ""), ""))
	if utf8.RuneCountInString(s) > 150 {
		s = string([]rune(s)[:150]) + "…"
	}
	if s == "" {
		return "fichier"
	}
	return s
}

// lu is what the table keeps of a file once it is read.
type lu struct {
	format          string
	contenu, apercu []byte
	lignes          int
}

// apercuLignes is how many first rows of a sheet the page of columns shows a choice of.
const apercuLignes = maxEntete + 5

// ranger makes a file ready for the table.
func (c Classeur) ranger() (l lu, err error) {
	head := Classeur{Format: c.Format}
	for _, f := range c.Feuilles {
		l.lignes += len(f.Rangees)
		head.Feuilles = append(head.Feuilles, Feuille{f.Nom, f.Rangees[:min(len(f.Rangees), apercuLignes)]})
	}
	l.format = c.Format
	if l.contenu, err = json.Marshal(c); err == nil {
		l.apercu, err = json.Marshal(head)
	}
	if err != nil {
		return l, fmt.Errorf("keep the rows of a file: %w", err)
	}
	return l, nil
}

// total says how many rows a step goes through, in words.
func (b Brouillon) total() string {
	return typo.Nombre(int64(b.Fait)) + " sur " + typo.Nombre(int64(b.Lignes))
}
