// Package relance reminds people of what is due: the decisions that their organisation carries out, seven days before the day and on the
// day after, and the other échéances in the same way; and it tells them, once, that a decision is theirs. Each person sets how often they are written to, kind by kind (page of their
// account); by default it is one mail a week at most. Nothing is ever recalled twice to somebody for the same rule and due date, nor when
// it is closed or when the préfecture asked to recall it no more. It stands below the areas: their pages show the last reminder and the next.
package relance

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"

	"portail/internal/config"
	"portail/internal/courriel"
	"portail/internal/droits"
	"portail/internal/pg"
	"portail/internal/travail"
)

// Service reminds people.
type Service struct {
	cfg config.Config
}

// New makes the package's service. cfg.Acces.Cle signs the links of the mails.
func New(cfg config.Config) *Service { return &Service{cfg: cfg} }

// objetDecision is how the view echeance names a decision of a committee.
const objetDecision = "decision"

// rappel is one thing to recall to one person.
type rappel struct {
	Objet     string
	ObjetID   int64
	Libelle   string
	Sorte     string     // code of lexique.SortesEcheance
	Le        time.Time  // when it is due; of a decision that is told of, when it was given
	Echeance  *time.Time // when it is due, nil: never
	ConfieeLe *time.Time // of a decision that is told of; nil for what is due
	CompteID  int64
	Courriel  string
	// What lettres makes of it: the rule, and the frequency and period of the mail.
	Regle     string    `db:"-"`
	Frequence string    `db:"-"`
	Periode   time.Time `db:"-"`
}

func (r rappel) recapitulatif() recapitulatif {
	return recapitulatif{r.CompteID, r.Frequence, r.Periode}
}

// Relancer writes the mails that are due as of now, and says how many. However many run at once, each reminder is written once: the
// unique keys of the tables decide, in the transaction that writes the mail. A person whose mail fails keeps nobody else from theirs.
func (s *Service) Relancer(ctx context.Context, db *pgxpool.Pool, now time.Time) (int, error) {
	var all []rappel
	var envois envois
	err := pg.As(ctx, db, droits.Tache, func(tx pgx.Tx) (err error) {
		if all, err = listARappeler(ctx, tx, jourDe(now)); err != nil {
			return err
		}
		envois, err = readEnvois(ctx, tx, now)
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("list what to recall: %w", err)
	}
	sent := 0
	var faults []error
	for _, mail := range lettres(all, envois, now) {
		written, err := s.ecrire(ctx, db, mail, now)
		if err != nil {
			slog.ErrorContext(ctx, "reminder failed", "compte", mail.CompteID, "error", err)
			faults = append(faults, fmt.Errorf("remind compte %d: %w", mail.CompteID, err))
		}
		if written {
			sent++
		}
	}
	return sent, errors.Join(faults...)
}

// envois are what people asked for and what they were sent in the periods under way.
type envois struct {
	preferences map[int64]map[string]string // by account, by kind
	faits       map[recapitulatif]bool
}

// recapitulatif is a digest: one at most to a person in a period.
type recapitulatif struct {
	CompteID  int64
	Frequence string
	Periode   time.Time
}

// lettre is a mail to one person: what is to be recalled.
type lettre struct {
	CompteID int64
	Courriel string
	Rappels  []rappel
}

// lettres sorts what is open into one mail a person, leaving out what their frequencies keep for later.
func lettres(all []rappel, e envois, now time.Time) []lettre {
	type cle struct {
		objet        string
		objetID      int64
		destinataire int64
	}
	var mails []lettre
	byCompte, told := map[int64]int{}, map[cle]bool{}
	for _, r := range all {
		r.Frequence = frequenceDe(e.preferences[r.CompteID], sorteDe(r.Objet))
		r.Periode = periode(r.Frequence, now)
		r.Regle = r.regleDe(jourDe(now), horizon(r.Frequence))
		once := cle{r.Objet, r.ObjetID, r.CompteID} // that it is theirs goes without saying when it is recalled
		if r.Regle == "" || told[once] || r.Frequence != immediat && (r.Periode.IsZero() || e.faits[r.recapitulatif()]) {
			continue
		}
		told[once] = true
		i, known := byCompte[r.CompteID]
		if !known {
			i = len(mails)
			byCompte[r.CompteID] = i
			mails = append(mails, lettre{CompteID: r.CompteID, Courriel: r.Courriel})
		}
		mails[i].Rappels = append(mails[i].Rappels, r)
	}
	return mails
}

// errRien rolls back a mail that would tell nothing new.
var errRien = errors.New("nothing to recall")

// ecrire writes one mail, unless another run told all of it meanwhile.
func (s *Service) ecrire(ctx context.Context, db *pgxpool.Pool, l lettre, now time.Time) (bool, error) {
	err := pg.As(ctx, db, droits.Tache, func(tx pgx.Tx) (err error) {
		if l.Rappels, err = insertRappels(ctx, tx, l.Rappels); err != nil {
			return err
		}
		digests := map[recapitulatif]bool{}
		for _, r := range l.Rappels {
			if r.Frequence != immediat {
				digests[r.recapitulatif()] = true
			}
		}
		first, err := insertRecapitulatifs(ctx, tx, digests)
		if err != nil {
			return err
		}
		if len(l.Rappels) == 0 || !first {
			return errRien
		}
		m, err := s.message(ctx, l, now)
		if err != nil {
			return err
		}
		return courriel.Send(ctx, tx, m)
	})
	if errors.Is(err, errRien) {
		return false, nil
	}
	return err == nil, err
}

// relances is the job that writes the mails.
type relances struct{}

// Kind names the job in River's table.
func (relances) Kind() string { return "relance" }

// cadence is how often the job runs: what is told at once is told within the hour.
const cadence = time.Hour

// InsertOpts keeps instances from each planning a run of their own. Should two run all the same, each mail is written once.
func (relances) InsertOpts() river.InsertOpts {
	return river.InsertOpts{MaxAttempts: 5, UniqueOpts: river.UniqueOpts{ByPeriod: cadence}}
}

// AddWorkers registers the job. db is what it works on: not the pool of the web requests.
func (s *Service) AddWorkers(workers *river.Workers, db *pgxpool.Pool) {
	travail.Ajouter[relances](workers, func(ctx context.Context) error {
		_, err := s.Relancer(ctx, db, time.Now())
		return err
	})
}

// apresDepart is long enough after the start to be out of the way.
const apresDepart = 5 * time.Minute

// PeriodicJobs are the package's jobs that nobody asks for.
func (s *Service) PeriodicJobs() []*river.PeriodicJob {
	return []*river.PeriodicJob{travail.Periodique[relances](apresDepart, travail.Chaque(cadence))}
}
