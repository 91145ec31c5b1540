package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"portail/internal/cis"
	"portail/internal/compte"
	"portail/internal/config"
	"portail/internal/contrat"
	"portail/internal/diagnostic"
	"portail/internal/dispositif"
	"portail/internal/importation"
	"portail/internal/intervention"
	"portail/internal/organisme"
	"portail/internal/pg"
	"portail/internal/pg/local"
	"portail/internal/seed"
	"portail/migrations"
)

// The portal's database in its own Postgres, the role that the web server takes there and the group that grants it its
// rights (migration 00007).
const (
	databaseName = "portail"
	webRole      = "portail_web"
	webGroup     = "portail_app"
)

// base is the database as its owner and as the web server reach it.
type base struct{ owner, web string }

// base finds DATABASE_URL, or starts the portal's own Postgres when it is empty. done ends what was started.
func (j *job) base(cfg config.Config) (b base, done func(), err error) {
	if cfg.DatabaseURL != "" {
		if cfg.DatabaseAdmin == "" {
			return base{cfg.DatabaseURL, cfg.DatabaseURL}, func() {}, nil
		}
		return base{cfg.DatabaseAdmin, cfg.DatabaseURL}, func() {}, nil
	}
	server, err := local.Start(j.ctx, local.Options{Dir: cfg.Var, Durable: true})
	if err != nil {
		return b, nil, err
	}
	done = func() {
		if err := server.Stop(); err != nil {
			fmt.Fprintln(j.stderr, "portail: stop Postgres: "+err.Error())
		}
	}
	if err := errors.Join(server.EnsureDatabase(j.ctx, databaseName), server.EnsureMember(j.ctx, webRole, webGroup)); err != nil {
		done()
		return b, nil, err
	}
	return base{server.DSN(databaseName), server.DSNAs(webRole, databaseName)}, done, nil
}

// withOwner runs one command on a database of the last version, as the owner of its tables.
func (j *job) withOwner(do func(cfg config.Config, db *pgxpool.Pool) error) error {
	cfg, err := j.settings()
	if err != nil {
		return err
	}
	b, done, err := j.base(cfg)
	if err != nil {
		return err
	}
	defer done()
	return j.asOwner(b, func(db *pgxpool.Pool) error {
		if err := b.migrate(j.ctx, db); err != nil {
			return err
		}
		return do(cfg, db)
	})
}

// migrate brings the schema to the last version, and makes the web server's login where it is missing.
func (b base) migrate(ctx context.Context, owner *pgxpool.Pool) error {
	if err := migrations.Up(ctx, owner); err != nil || b.web == b.owner {
		return err
	}
	return pg.EnsureLogin(ctx, owner, b.web, webGroup)
}

func (j *job) asOwner(b base, do func(db *pgxpool.Pool) error) error {
	db, err := pg.Open(j.ctx, b.owner)
	if err != nil {
		return err
	}
	defer db.Close()
	return do(db)
}

type migrateCmd struct{}

func (migrateCmd) Run(j *job) error {
	return j.withOwner(func(config.Config, *pgxpool.Pool) error {
		fmt.Fprintln(j.stdout, "schema up to date: "+migrations.Hash())
		return nil
	})
}

type seedCmd struct{}

func (seedCmd) Run(j *job) error {
	return j.withOwner(j.seed)
}

// seed loads the default data, and in demonstration mode makes the accounts that visitors try the portal with.
func (j *job) seed(cfg config.Config, db *pgxpool.Pool) error {
	if err := seed.Load(j.ctx, db, j.progress()); err != nil {
		return fmt.Errorf("load default data: %w", err)
	}
	for _, load := range []func(context.Context, *pgxpool.Pool) error{organisme.Seed, cis.Seed} {
		if err := load(j.ctx, db); err != nil {
			return fmt.Errorf("load default data: %w", err)
		}
	}
	if !cfg.Demonstration {
		return nil
	}
	if err := organisme.SeedDemo(j.ctx, db); err != nil {
		return fmt.Errorf("load demonstration data: %w", err)
	}
	if err := dispositif.SeedDemo(j.ctx, db, cfg); err != nil {
		return fmt.Errorf("load demonstration data: %w", err)
	}
	cle, err := key(cfg)
	if err != nil {
		return err
	}
	cfg.Acces.Cle = cle
	demo, err := compte.SeedDemo(j.ctx, db, cfg)
	if err != nil {
		return fmt.Errorf("make demonstration accounts: %w", err)
	}
	if err := diagnostic.SeedDemo(j.ctx, db, cfg.Departement); err != nil {
		return err
	}
	if err := intervention.SeedDemo(j.ctx, db, cfg.Departement); err != nil {
		return err
	}
	if err := contrat.SeedDemo(j.ctx, db, cfg); err != nil {
		return fmt.Errorf("make demonstration contracts: %w", err)
	}
	if err := cis.SeedDemo(j.ctx, db, cfg, time.Now()); err != nil {
		return err
	}
	fmt.Fprintf(j.stdout, "Comptes de démonstration, mot de passe commun : %s\n  %s\n", demo.MotDePasse, strings.Join(demo.Courriels, "\n  "))
	return nil
}

type importCmd struct {
	Sorte     string         `arg:"" enum:"qpv,contours,indicateurs,territoires,contrats,lieux,adultes-relais,ban" help:"What the files hold: qpv, contours, indicateurs, territoires, contrats, lieux, adultes-relais or ban."`
	Fichiers  []string       `arg:"" type:"existingfile" help:"CSV or GeoJSON files, as they are or gzipped."`
	Millesime map[string]int `placeholder:"INDICATEUR=ANNEE" help:"Vintage of an indicator whose column does not state it, e.g. taux_pauvrete_60=2021; otherwise it is shown as unstated."`
}

// Help says what each kind of file looks like.
func (importCmd) Help() string {
	return "All the files of a command are loaded in one transaction, or none is: each fault is told with its line and column. " +
		"The same file twice changes nothing."
}

func (c importCmd) Run(j *job) error {
	return j.withOwner(func(_ config.Config, db *pgxpool.Pool) error {
		summary, err := importation.Run(j.ctx, db, importation.Kind(c.Sorte), c.Fichiers,
			importation.Options{Progress: j.progress(), Millesimes: c.Millesime})
		var refusal *importation.Refusal
		if errors.As(err, &refusal) {
			if err := refusal.Print(j.stderr); err != nil {
				return err
			}
			return errors.New("import refused: the faults are told above")
		}
		if errors.Is(err, importation.ErrBusy) {
			return errors.New("another import is running: try again when it has ended")
		}
		if err != nil {
			return err
		}
		for _, s := range summary.Files {
			fmt.Fprintln(j.stdout, s)
			for _, note := range s.Notes {
				fmt.Fprintln(j.stdout, "  "+note)
			}
		}
		return nil
	})
}

// progress draws a bar on a terminal, and tells each tenth elsewhere.
func (j *job) progress() func(done, total int64) {
	terminal := false
	if f, ok := j.stderr.(*os.File); ok {
		if info, err := f.Stat(); err == nil {
			terminal = info.Mode()&os.ModeCharDevice != 0
		}
	}
	last := int64(-1)
	return func(done, total int64) {
		if total <= 0 {
			return
		}
		percent := done * 100 / total
		switch {
		case terminal && percent != last:
			fmt.Fprintf(j.stderr, "\r[%-50s] %3d %%", bar[:percent/2], percent)
			if done >= total {
				fmt.Fprintln(j.stderr)
			}
			last = percent
		case !terminal && percent/10 != last/10 && total > 1<<20:
			fmt.Fprintf(j.stderr, "%d %%\n", percent)
			last = percent
		}
	}
}

// bar is a full progress bar.
const bar = "=================================================="
