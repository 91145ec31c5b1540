package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"runtime/debug"
	"strconv"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"portail/internal/config"
	"portail/internal/pg"
	"portail/internal/portail"
	"portail/web"
)

type serveCmd struct {
	Migrate bool `help:"Bring the database to the last version first. Always done on the portal's own Postgres."`
	Seed    bool `help:"Load the default data first; quick when it is there."`
}

// Help documents the settings, which come from the environment.
func (serveCmd) Help() string { return "Settings (name, default, meaning):\n\n" + config.Help() }

// Limits of a connection (reliability R3): a client that sends or reads slowly is cut off.
const (
	readHeaderTimeout = 3 * time.Second
	readTimeout       = 15 * time.Second
	writeTimeout      = 20 * time.Second
	idleTimeout       = 60 * time.Second
	maxHeaderBytes    = 32 << 10
	shutdownTimeout   = 15 * time.Second
)

func (c serveCmd) Run(j *job) error {
	cfg, err := j.settings()
	if err != nil {
		return err
	}
	if err := web.CheckAssets(); err != nil {
		return err
	}
	if cfg.Acces.Cle, err = key(cfg); err != nil {
		return err
	}
	boundMemory(j.getenv, cfg.CacheOctets)
	b, done, err := j.base(cfg)
	if err != nil {
		return err
	}
	defer done()
	if err := c.prepare(j, cfg, b); err != nil {
		return err
	}
	// Not the context of the command: the pool must outlive Ctrl-C for the requests in flight.
	db, err := pg.Open(context.WithoutCancel(j.ctx), b.web)
	if err != nil {
		return err
	}
	defer db.Close()
	if owns, err := pg.OwnsTables(j.ctx, db); err == nil && owns {
		slog.Warn("DATABASE_URL is the login of an owner: give the web server one of its own, and the owner's as DATABASE_URL_ADMIN")
	}
	listener, err := listen(cfg.Addr, j.getenv)
	if err != nil {
		return err
	}
	ctx, stop := context.WithCancel(j.ctx)
	defer stop()
	site := portail.New(db, cfg)
	beside := make(chan struct{})
	go func() { defer close(beside); site.Run(ctx) }()
	failed := make(chan error, 2)
	servers := []*http.Server{serveOn(listener, site, failed)}
	if cfg.AddrMetriques != "" {
		l, err := net.Listen("tcp", cfg.AddrMetriques)
		if err != nil {
			return fmt.Errorf("listen for metrics: %w", err)
		}
		servers = append(servers, serveOn(l, site.Metrics(), failed))
	}
	fmt.Fprintf(j.stdout, "Portail prêt : %s (Ctrl-C pour arrêter)\n", visible(listener.Addr(), cfg.Addr))
	select {
	case <-ctx.Done():
	case err = <-failed:
	}
	err = errors.Join(err, shutdown(site, servers))
	stop()
	<-beside // background jobs end before the database does
	return err
}

// prepare migrates and seeds, as the owner of the tables.
func (c serveCmd) prepare(j *job, cfg config.Config, b base) error {
	if !c.Migrate && !c.Seed && cfg.DatabaseURL != "" {
		return nil
	}
	return j.asOwner(b, func(db *pgxpool.Pool) error {
		if err := b.migrate(j.ctx, db); err != nil || !c.Seed {
			return err
		}
		return j.seed(cfg, db)
	})
}

// workingMemory is what the process may take beside its kept pages.
const workingMemory = 64 << 20

// boundMemory lets garbage wait: the heap of the portal is small, and Go would collect it a hundred times a second to keep it
// so. Near the bound it is collected as usual. Whoever sets GOGC or GOMEMLIMIT decides instead.
func boundMemory(getenv func(string) string, kept int64) {
	if getenv("GOGC") != "" || getenv("GOMEMLIMIT") != "" {
		return
	}
	const growth = 400 // percent of what is in use
	debug.SetGCPercent(growth)
	debug.SetMemoryLimit(kept + workingMemory)
}

// shutdown lets the requests in flight end.
func shutdown(site *portail.Portail, servers []*http.Server) error {
	site.Leave()
	ctx, cancel := context.WithTimeout(context.Background(), shutdownTimeout)
	defer cancel()
	var faults []error
	for _, s := range servers {
		if err := s.Shutdown(ctx); err != nil {
			faults = append(faults, fmt.Errorf("shut down: %w", err))
		}
	}
	return errors.Join(faults...)
}

func serveOn(l net.Listener, h http.Handler, failed chan<- error) *http.Server {
	s := &http.Server{
		Handler: h, ReadHeaderTimeout: readHeaderTimeout, ReadTimeout: readTimeout, WriteTimeout: writeTimeout, IdleTimeout: idleTimeout,
		MaxHeaderBytes: maxHeaderBytes, ErrorLog: slog.NewLogLogger(slog.Default().Handler(), slog.LevelWarn),
	}
	go func() {
		if err := s.Serve(l); !errors.Is(err, http.ErrServerClosed) {
			failed <- fmt.Errorf("serve: %w", err)
		}
	}()
	return s
}

// otherPorts is how many ports after the default one are tried when it is taken.
const otherPorts = 20

// listen takes the socket that systemd hands over (a restart then refuses nobody), else the address of the settings. The
// default address gives way to the next free port, said plainly; a chosen one does not.
func listen(addr string, getenv func(string) string) (net.Listener, error) {
	if getenv("LISTEN_PID") == strconv.Itoa(os.Getpid()) && getenv("LISTEN_FDS") == "1" {
		const firstPassed = 3 // sd_listen_fds(3)
		l, err := net.FileListener(os.NewFile(firstPassed, "systemd"))
		if err != nil {
			return nil, fmt.Errorf("take over the socket of systemd: %w", err)
		}
		return l, nil
	}
	l, err := net.Listen("tcp", addr)
	if err == nil {
		return l, nil
	}
	if getenv("PORTAIL_ADDR") != "" || !errors.Is(err, syscall.EADDRINUSE) {
		return nil, fmt.Errorf("PORTAIL_ADDR: %w", err)
	}
	host, port, _ := net.SplitHostPort(addr) // the settings checked it
	first, _ := strconv.Atoi(port)
	for n := first + 1; n <= first+otherPorts; n++ {
		if l, err := net.Listen("tcp", net.JoinHostPort(host, strconv.Itoa(n))); err == nil {
			fmt.Fprintf(os.Stderr, "portail: le port %d est pris, le portail prend le %d\n", first, n)
			return l, nil
		}
	}
	return nil, fmt.Errorf("ports %d to %d are all taken: %w", first, first+otherPorts, err)
}

// visible is the address to open in a browser.
func visible(bound net.Addr, asked string) string {
	host, _, err := net.SplitHostPort(asked)
	if err != nil || host == "" || net.ParseIP(host).IsUnspecified() {
		host = "localhost"
	}
	_, port, err := net.SplitHostPort(bound.String())
	if err != nil {
		return "http://" + bound.String()
	}
	return "http://" + net.JoinHostPort(host, port)
}

type versionCmd struct{}

func (versionCmd) Run(j *job) error {
	text, err := json.MarshalIndent(portail.ReadVersion(), "", "  ")
	if err != nil {
		return fmt.Errorf("write version: %w", err)
	}
	fmt.Fprintln(j.stdout, string(text))
	return nil
}
