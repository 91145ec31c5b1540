package contrat

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"

	"portail/internal/droits"
	"portail/internal/fault"
	"portail/internal/journal"
	"portail/internal/lexique"
	"portail/internal/pg"
	"portail/web/typo"
)

// Ref names a text: the number of its contract, and its own among the texts of that contract.
type Ref struct {
	Contrat int64
	Numero  int
}

// Version is a text of a contract: the contract itself (Avenant 0), or an avenant.
type Version struct {
	ID, ContratID int64
	Numero        int // 1 is the contract itself
	Avenant       int // number of the avenant
	Objet         string
	Natures       []string // lexique.NaturesAvenant
	Etat          Etat     // as it is today, dates and later versions included
	Reprise       bool     // born outside the portal
	Titre         string
	Debut, Fin    time.Time
	Revoyure      *time.Time

	EvaluationOrganismeID  *int64
	EvaluationOrganismeNom string

	ASignerLe *time.Time
	Empreinte string // SHA-256 of the frozen text, in hexadecimal
	SigneLe   *time.Time
	EffetLe   *time.Time
	// DocumentID is the scan of the whole signed text.
	DocumentID *int64
	PublieeLe  *time.Time
	// Derniere says that no later version is signed, being signed or written: an avenant starts from there.
	Derniere bool
	Version  int

	Generation     int // 2015 or 2024
	EpciNom        string
	EpciID         *int64
	DenonceLe      *time.Time
	DenonceMotif   string
	Demonstration  bool
	ContratVersion int
	// ContratRepris says that the contract itself was born outside the portal: its avenants owe no complete text.
	ContratRepris bool

	QpvIDs      []int32
	QpvNoms     []string // code and name
	Qva, Poches []string // R-Z-3
}

// Publiee says whether anybody may read the text.
func (v Version) Publiee() bool { return v.PublieeLe != nil }

// Ref is how the text is named.
func (v Version) Ref() Ref { return Ref{v.ContratID, v.Numero} }

// Nom is what the text is: the contract itself, or which avenant.
func (v Version) Nom() string {
	if v.Avenant == 0 {
		return "Contrat de ville"
	}
	return "Avenant n°" + typo.NBSP + strconv.Itoa(v.Avenant)
}

// etat is its state in words.
func (v Version) etat() string { return lexique.Libelle(lexique.EtatsContrat, string(v.Etat)) }

const texteFige = "Le texte est figé depuis sa mise à la signature. Reprenez la négociation, ou ouvrez un avenant s’il est signé."

// checkModifiable refuses to change a frozen text.
func (v Version) checkModifiable() error {
	if !v.Etat.Modifiable() {
		return fault.Fields{"": texteFige}
	}
	return nil
}

// As whoever asks, onContrat runs one change of a contract: locked, judged on one of its texts, noted. An empty verbe says that there was
// nothing to do, as after a double click.
func (s *Service) onContrat(ctx context.Context, par droits.Compte, r Ref, do func(tx pgx.Tx, v Version) (verbe string, detail journal.Changement, err error)) error {
	err := pg.As(ctx, s.db, par, func(tx pgx.Tx) error {
		if err := lock(ctx, tx, r.Contrat); err != nil {
			return err
		}
		v, err := findVersion(ctx, tx, r)
		if err != nil {
			return err
		}
		verbe, detail, err := do(tx, v)
		if err != nil || verbe == "" {
			return err
		}
		if detail == nil {
			detail = journal.Changement{}
		}
		if v.Avenant > 0 {
			detail["avenant"] = [2]any{nil, v.Avenant}
		}
		return journal.Note(ctx, tx, par, verbe, objet, r.Contrat, detail)
	})
	if err != nil {
		return fmt.Errorf("change version %d of contrat %d: %w", r.Numero, r.Contrat, err)
	}
	return nil
}

// rediger is onContrat for a change of the text itself, which must not be frozen.
func (s *Service) rediger(ctx context.Context, par droits.Compte, r Ref, do func(tx pgx.Tx, v Version) (string, journal.Changement, error)) error {
	return s.onContrat(ctx, par, r, func(tx pgx.Tx, v Version) (string, journal.Changement, error) {
		if err := v.checkModifiable(); err != nil {
			return "", nil, err
		}
		return do(tx, v)
	})
}

// read reads as whoever asks.
func (s *Service) read(ctx context.Context, do func(tx pgx.Tx) error) error {
	return pg.As(ctx, s.db, droits.Of(ctx), do)
}
