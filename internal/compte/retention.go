package compte

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"

	"portail/internal/courriel"
	"portail/internal/droits"
	"portail/internal/journal"
	"portail/internal/lien"
	"portail/internal/pg"
	"portail/internal/tableur"
	"portail/internal/travail"
	"portail/web/typo"
)

// How long personal data is kept (RGPD, art. 5, 1, e: no longer than its purpose needs).
const (
	gardeJeton      = 24 * time.Hour      // a link used or over, so that its second use can be told
	gardeTentative  = 24 * time.Hour      // counters of failures
	gardeInvitation = 90 * 24 * time.Hour // an invitation accepted, revoked or over
	gardeImport     = 24 * time.Hour      // what was read of a spreadsheet
	gardeTexte      = 30 * 24 * time.Hour // the text of a mail
	gardeCourriel   = 365 * 24 * time.Hour
	sommeilMois     = 12 // months without sign-in before an account is disabled (C19)
	effacementMois  = 36 // months disabled before its name and address are erased
)

// preavis are how long before its end a sleeping account is warned.
var preavis = [...]time.Duration{30 * 24 * time.Hour, 7 * 24 * time.Hour}

// regle is one line of the retention table: what, how long, why; and the deed that keeps the promise.
type regle struct {
	Donnees, Duree, Raison string
	// purge does it as of now and says how many rows it touched. Nil: nothing is ever erased, and Raison says why.
	purge func(s *Service, ctx context.Context, tx pgx.Tx, now time.Time) (int64, error)
}

// propres are the lines of the area itself.
var propres = []regle{
	{"Sessions ouvertes : navigateur, adresse réseau tronquée", "Jusqu’à la déconnexion, l’inactivité ou la durée maximale d’une session",
		"Sécurité du service (RGPD, art. 32)", purgeSessions},
	{"Liens personnels à usage unique (mot de passe, changement d’adresse), conservés sous forme d’empreinte", "24 heures après usage ou expiration",
		"Sécurité du service (RGPD, art. 32)", purgeJetons},
	{"Compteurs d’échecs de connexion, sous forme d’empreinte", "24 heures après le dernier échec",
		"Protection contre les essais de mots de passe (RGPD, art. 32)", purgeTentatives},
	{"Invitations acceptées, révoquées ou expirées : nom, adresse de courriel", "90 jours",
		"Suivi des accès accordés, minimisation (RGPD, art. 5, 1, c et e)", purgeInvitations},
	{"Texte des courriels écrits par le portail", "Effacé à l’expédition s’il contient un lien personnel, sinon 30 jours",
		"Preuve de l’information donnée, minimisation (RGPD, art. 5, 1, e)", purgeTextes},
	{"Courriels expédiés ou abandonnés : destinataire, objet, date", "12 mois",
		"Preuve de l’information donnée (RGPD, art. 5, 1, e)", purgeCourriels},
	{"Tableaux déposés pour un import : ce qui a été lu du fichier, visible de leur auteur seul", "24 heures, ou l’application de l’import",
		"Minimisation (RGPD, art. 5, 1, c et e)", purgeImports},
	{"Convocations des comités : adresse de courriel, réponse", "Avec la séance",
		"Preuve de l’information donnée : elles appartiennent au dossier de la séance, archivé avec lui", nil},
	{"Comptes sans connexion", "Désactivés après 12 mois, après deux courriels d’avertissement, 30 et 7 jours avant",
		"Sécurité des accès (RGPD, art. 32)", endormir},
	{"Comptes désactivés : nom, adresse de courriel, moyens de connexion", "Effacés 3 ans après la désactivation ; les écrits restent, attribués à la fonction",
		"Minimisation (RGPD, art. 5, 1, e), continuité du service public", effacer},
	{"Journal des changements et des accès : numéro de compte, fonction, organisme, adresse réseau tronquée", "Durée de vie du portail",
		"Intégrité et traçabilité (RGPD, art. 32) : chaque ligne est scellée par la précédente et ne peut être effacée ; elle ne contient pas le nom, effacé avec le compte", nil},
}

// Conservable is personal data that another area keeps for a while. Areas register theirs in portail.go; none needs to know this package.
type Conservable interface {
	// Conservation tells the register sheet, in French, what is kept, for how long and why.
	Conservation() (donnees, duree, raison string)
	// Purger erases what is over as of now, and says how many rows it touched.
	Purger(ctx context.Context, tx pgx.Tx, now time.Time) (int64, error)
}

// RegisterConservation adds data of other areas to the retention table.
func (s *Service) RegisterConservation(kinds ...Conservable) {
	for _, k := range kinds {
		donnees, duree, raison := k.Conservation()
		s.conservees = append(s.conservees, regle{donnees, duree, raison,
			func(_ *Service, ctx context.Context, tx pgx.Tx, now time.Time) (int64, error) {
				return k.Purger(ctx, tx, now)
			}})
	}
}

// retention is the retention table: the register sheet shows it, the nightly job keeps it.
func (s *Service) retention() []regle { return slices.Concat(s.conservees, propres) }

// Conserver applies the retention table as of now, each rule in a transaction of its own: one that fails keeps no other from
// its work. It returns how many rows each rule touched.
func (s *Service) Conserver(ctx context.Context, db *pgxpool.Pool, now time.Time) (map[string]int64, error) {
	touched := map[string]int64{}
	var first error
	for _, r := range s.retention() {
		if r.purge == nil {
			continue
		}
		err := pg.As(ctx, db, droits.Tache, func(tx pgx.Tx) error {
			n, err := r.purge(s, ctx, tx, now)
			if err != nil || n == 0 {
				return err
			}
			touched[r.Donnees] = n
			return journal.Note(ctx, tx, droits.Tache, "données conservées purgées", "conservation", 0, journal.Changement{r.Donnees: {nil, n}})
		})
		if err != nil {
			slog.ErrorContext(ctx, "retention rule failed", "rule", r.Donnees, "error", err)
			first = fmt.Errorf("apply retention: %w", err)
		}
	}
	return touched, first
}

func purgeTextes(_ *Service, ctx context.Context, tx pgx.Tx, now time.Time) (int64, error) {
	return courriel.Purger(ctx, tx, now.Add(-gardeTexte))
}

func purgeCourriels(_ *Service, ctx context.Context, tx pgx.Tx, now time.Time) (int64, error) {
	return courriel.Oublier(ctx, tx, now.Add(-gardeCourriel))
}

func purgeImports(_ *Service, ctx context.Context, tx pgx.Tx, now time.Time) (int64, error) {
	return tableur.Purger(ctx, tx, now.Add(-gardeImport))
}

// endormir warns, then disables, the accounts that nobody uses. None is disabled without a warning at least seven days old,
// even if the job did not run for months; the last administrator never is.
func endormir(s *Service, ctx context.Context, tx pgx.Tx, now time.Time) (int64, error) {
	if err := lockAdministrateurs(ctx, tx); err != nil {
		return 0, err
	}
	asleep, err := listEndormis(ctx, tx, now.AddDate(0, -sommeilMois, 0).Add(preavis[0]))
	if err != nil {
		return 0, err
	}
	var n int64
	for _, c := range asleep {
		done, err := s.endormirCompte(ctx, tx, c, now)
		if err != nil {
			return n, err
		}
		n += done
	}
	return n, nil
}

// endormirCompte does what is due to one sleeping account today: nothing, a warning, or its end.
func (s *Service) endormirCompte(ctx context.Context, tx pgx.Tx, c endormi, now time.Time) (int64, error) {
	end := c.Depuis.AddDate(0, sommeilMois, 0)
	last := preavis[len(preavis)-1]
	switch {
	case c.PrevenuLe != nil && !now.Before(end) && !now.Before(c.PrevenuLe.Add(last)):
		alone, err := dernierAdministrateur(ctx, tx, c.ID)
		if err != nil || alone {
			return 0, err
		}
		motif := "Aucune connexion depuis " + typo.Date(c.Depuis)
		if err := disable(ctx, tx, c.ID, motif, now); err != nil {
			return 0, err
		}
		return 1, journal.Note(ctx, tx, droits.Tache, "compte désactivé", "compte", c.ID, journal.Changement{"motif": {nil, motif}})
	case c.PrevenuLe == nil, !now.Before(end.Add(-last)) && c.PrevenuLe.Before(end.Add(-last)):
		if end.Before(now.Add(last)) {
			end = now.Add(last) // the job was late: the promised delay is kept
		}
		if err := warn(ctx, tx, c.ID, now); err != nil {
			return 0, err
		}
		if err := journal.Note(ctx, tx, droits.Tache, "compte inactif averti", "compte", c.ID, nil); err != nil {
			return 0, err
		}
		return 1, courriel.Send(ctx, tx, courriel.Message{
			A: c.Courriel, Compte: c.ID, Sorte: "inactivite", Sujet: "Votre compte sera désactivé le " + typo.Date(end),
			Texte: "Bonjour,\n\nVous n’avez pas utilisé votre compte sur " + typo.Guillemets(s.cfg.Nom) + " depuis le " + typo.Date(c.Depuis) + ".\n\n" +
				"Sans connexion de votre part, il sera désactivé le " + typo.Date(end) + ". Pour le garder, connectez-vous :\n" + s.cfg.Absolu(lien.Connexion) + "\n\n" +
				"Ce que vous avez écrit est conservé dans tous les cas.\n",
		})
	}
	return 0, nil
}

// menage is the nightly job that keeps the retention table.
type menage struct{}

// Kind names the job in River's table.
func (menage) Kind() string { return "compte_conservation" }

// InsertOpts keeps it from running twice in a night, however many instances and restarts there are.
func (menage) InsertOpts() river.InsertOpts {
	return river.InsertOpts{MaxAttempts: 5, UniqueOpts: river.UniqueOpts{ByPeriod: 12 * time.Hour}}
}

// AddWorkers registers the area's background jobs. db is what they work on: not the pool of the web requests.
func (s *Service) AddWorkers(workers *river.Workers, db *pgxpool.Pool) {
	travail.Ajouter[menage](workers, func(ctx context.Context) error {
		_, err := s.Conserver(ctx, db, time.Now())
		return err
	})
}

// Delay after the start, long enough to be out of the way, and hour of the night in Paris.
const (
	apresDepart = 10 * time.Minute
	heureMenage = 3
)

// PeriodicJobs are the area's jobs that nobody asks for.
func (s *Service) PeriodicJobs() []*river.PeriodicJob {
	return []*river.PeriodicJob{travail.Periodique[menage](apresDepart, nuit)}
}

// nuit is the next night.
func nuit(now time.Time) time.Time {
	local := now.In(typo.Paris)
	next := time.Date(local.Year(), local.Month(), local.Day(), heureMenage, 0, 0, 0, typo.Paris)
	if !next.After(now) {
		next = time.Date(local.Year(), local.Month(), local.Day()+1, heureMenage, 0, 0, 0, typo.Paris)
	}
	return next
}
