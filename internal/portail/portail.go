// Package portail is the whole site assembled: every area's routes, the steps each request passes, in order.
package portail

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"portail/internal/accueil"
	"portail/internal/adresse"
	"portail/internal/cis"
	"portail/internal/compte"
	"portail/internal/config"
	"portail/internal/contrat"
	"portail/internal/courriel"
	"portail/internal/diagnostic"
	"portail/internal/dispositif"
	"portail/internal/donnees"
	"portail/internal/echeance"
	"portail/internal/httpx"
	"portail/internal/intervention"
	"portail/internal/journal"
	"portail/internal/lien"
	"portail/internal/organisme"
	"portail/internal/publication"
	"portail/internal/qpv"
	"portail/internal/relance"
	"portail/internal/tableur"
	"portail/web"
)

// Portail is the site: a handler and what runs beside it.
type Portail struct {
	handler   http.Handler // what visitors reach: site, counted and logged
	site      http.Handler
	router    *httpx.Router
	pages     *publication.Pages
	comptes   *compte.Service
	courriels *courriel.Service
	imports   *tableur.Service
	contrats  *contrat.Service
	relances  *relance.Service
	db        *pgxpool.Pool
	registry  *prometheus.Registry
	leaving   atomic.Bool
}

// New assembles the site. Nothing is read from the database yet: the portal starts without it and says so.
func New(db *pgxpool.Pool, cfg config.Config) *Portail {
	pages := publication.New(db, cfg.CacheOctets)
	p := &Portail{pages: pages, db: db, registry: prometheus.NewRegistry()}
	p.registry.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))

	comptes := compte.New(db, cfg)
	p.comptes, p.courriels, p.relances = comptes, courriel.New(db, cfg, comptes), relance.New(cfg)
	r := httpx.NewRouter(pages.Keep, comptes.Gate)
	accueil.New(db, cfg).Routes(r)
	qpv.New(db, cfg).Routes(r)
	adresse.New(db, cfg).Routes(r)
	donnees.New(db, cfg).Routes(r)
	comptes.Routes(r)
	p.courriels.Routes(r)
	journal.New(db, cfg).Routes(r)
	comites := cis.New(db, cfg, comptes)
	comites.Routes(r)
	comptes.Register(cis.Transmissible{})
	comptes.RegisterConservation(cis.Contacts{})
	organismes := organisme.New(db, cfg, comptes, comites)
	organismes.Routes(r)
	dispositifs := dispositif.New(db, cfg, comptes)
	dispositifs.Routes(r)
	diagnostics := diagnostic.New(db, cfg, comptes)
	diagnostics.Routes(r)
	interventions := intervention.New(db, cfg, comptes)
	interventions.Routes(r)
	p.imports = tableur.New(db, comptes, organismes.Import(), dispositifs.ImportAdultesRelais(), dispositifs.ImportAgregats(), diagnostics.Import(), interventions.Import())
	p.imports.Routes(r)
	p.contrats = contrat.New(db, cfg, comptes)
	p.contrats.Routes(r)
	echeance.New(db, cfg, comptes, diagnostics.Bloc, comites.Bloc, comites.BlocDecisions, p.contrats.Bloc, dispositifs.Bloc, interventions.Bloc).Routes(r) // the blocks of the dashboard: an area adds its own here, and its place in echeance/tableau.go
	p.sondeRoutes(r)
	if cfg.Demonstration {
		p.atelierRoutes(r)
	}
	p.router = r

	static := httpx.Static(web.Static())
	p.site = httpx.Chain(
		http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
			if strings.HasPrefix(req.URL.Path, "/static/") {
				static.ServeHTTP(w, req)
				return
			}
			r.ServeHTTP(w, req)
		}),
		httpx.Enter(site(cfg), menu),
		httpx.SecurityHeaders(origin(cfg.FondCarte)),
		httpx.Recover,
		httpx.Hosts(cfg.Hotes),
		pages.Front,
		httpx.RefuseMalformed,
		httpx.SameOrigin(origin(cfg.URL)),
	)
	p.handler = httpx.Log(httpx.NewMetrics(p.registry))(p.site)
	return p
}

// menu is the main navigation of everybody. It holds on one line beside the groups of compte.Menu, which add what a fonction may open:
// the name of the site leads home.
var menu = []web.MenuEntry{
	{Texte: "Quartiers", Href: lien.QPV},
	{Texte: "Contrats de ville", Href: lien.Contrats},
	{Texte: "Carte", Href: lien.Carte},
	{Texte: "Comparer", Href: lien.Comparer},
	{Texte: "Mon adresse", Href: lien.Adresse},
	{Texte: "Dispositifs", Href: lien.Dispositifs},
	{Texte: "Données ouvertes", Href: lien.Donnees},
	{Texte: "Aide", Href: lien.Aide},
}

// site is what settings say of every page.
func site(cfg config.Config) web.Site {
	return web.Site{
		Nom: cfg.Nom, URL: cfg.URL, Marque: cfg.Marque, BlocMarque: cfg.BlocMarque, Prefecture: cfg.Prefecture,
		Baseline:      "Quartiers prioritaires, contrats de ville, données ouvertes",
		EspaceAgents:  true,
		Demonstration: cfg.Demonstration, MentionAccessibilite: accueil.MentionAccessibilite(cfg, time.Now()),
	}
}

// origin is the scheme and host of an address, empty for an empty one.
func origin(address string) string {
	u, err := url.Parse(strings.NewReplacer("{", "", "}", "").Replace(address))
	if err != nil || u.Host == "" {
		return ""
	}
	return u.Scheme + "://" + u.Host
}

// ServeHTTP answers a request.
func (p *Portail) ServeHTTP(w http.ResponseWriter, r *http.Request) { p.handler.ServeHTTP(w, r) }

// Routes are all the routes with their rights.
func (p *Portail) Routes() []httpx.Route { return p.router.Routes() }

// Metrics serves what Prometheus collects, on a listener of its own.
func (p *Portail) Metrics() http.Handler {
	return promhttp.HandlerFor(p.registry, promhttp.HandlerOpts{})
}

// Leave makes /readyz say no, so that the proxy sends new visitors elsewhere while the last requests end.
func (p *Portail) Leave() { p.leaving.Store(true) }

// Run does what goes on beside the requests, until ctx ends: hearing publications, background jobs, and rendering the pages of the
// sitemap ahead, so that they live on if the database goes away before their first visitor.
func (p *Portail) Run(ctx context.Context) {
	var done sync.WaitGroup
	done.Go(func() { p.work(ctx) })
	if p.pages.Keeping() {
		done.Go(func() { p.warm(ctx) })
	}
	p.pages.Run(ctx)
	done.Wait()
}
