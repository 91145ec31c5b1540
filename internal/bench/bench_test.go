package bench_test

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"portail/internal/bench"
	"portail/internal/portailtest"
	"portail/internal/seed"
)

var (
	readme = flag.String("readme", "", "file whose table between the markers is replaced by the new one")
	part   = flag.String("part", "", "regular expression of the parts to measure; the file keeps its table unless all are")
)

// Markers around the table in the README.
const (
	markerBegin = "<!-- bench -->"
	markerEnd   = "<!-- /bench -->"
)

// The load of every comparison: of the public's pages, and of those of people signed in, who are a few dozens.
const (
	connections = 32
	signedIn    = 4
	rounds      = 11 // short and many: a burst of noise on the machine spoils few
	roundLasts  = 500 * time.Millisecond
)

// pages are those of the public that are measured: a quarter's, the list, the home page.
var pages = []bench.Asked{{Path: "/qpv/QN08802M"}, {Path: "/qpv"}, {Path: "/"}}

// bareVariable makes this test binary the server of the references.
const bareVariable = "PORTAIL_BENCH_BARE"

func TestMain(m *testing.M) {
	if file := os.Getenv(bareVariable); file != "" {
		fmt.Fprintln(os.Stderr, bench.ServeBare(context.Background(), os.Getenv("DATABASE_URL"), file))
		os.Exit(1)
	}
	slog.SetLogLoggerLevel(slog.LevelError)
	os.Exit(m.Run())
}

// BenchmarkPortail measures all in one go and prints a table: it is not a loop to be repeated.
func BenchmarkPortail(b *testing.B) {
	m := &measure{B: b, binary: build(b)}
	m.table.Start()
	six := sync.OnceValue(func() string { return database(b, false) })
	france := sync.OnceValue(func() string { return database(b, true) })
	whole := true
	for _, p := range []struct {
		name string
		run  func()
	}{
		{"kept", func() { m.kept(six()) }}, {"computed", func() { m.computed(six()) }}, {"national", func() { m.national(six(), france()) }},
		{"address", func() { m.address(france()) }}, {"ban", m.importBAN}, {"spreadsheet", func() { m.spreadsheet(database(b, false)) }},
		{"sessions", func() { m.sessions(six()) }}, {"decisions", func() { m.decisions(six()) }}, {"strangers", func() { m.strangers(six()) }},
		{"posts", func() { m.posts(database(b, false)) }}, {"contract", func() { m.contract(six()) }}, {"comparison", m.comparison}, {"faults", func() { m.faults(six()) }}, {"server", func() { m.server(france()) }},
		{"figures", func() { m.figures(france()) }}, // last: it fills the national set with figures
	} {
		if !regexp.MustCompile(*part).MatchString(p.name) {
			whole = false
			continue
		}
		p.run()
	}
	text := m.table.Markdown()
	fmt.Println(text)
	if *readme != "" && whole { // a part would take the rest away
		m.check(write(*readme, text))
	}
	b.ReportMetric(0, "ns/op") // the table is the result
}

// measure is one run.
type measure struct {
	*testing.B
	binary string
	table  bench.Table
}

func (m *measure) check(err error) {
	m.Helper()
	if err != nil {
		m.Fatal(err)
	}
}

func build(b *testing.B) string {
	b.Helper()
	binary := filepath.Join(b.TempDir(), "portail")
	if out, err := exec.CommandContext(b.Context(), "go", "build", "-trimpath", "-o", binary, "../../cmd/portail").CombinedOutput(); err != nil {
		b.Fatalf("build the portal: %v\n%s", err, out)
	}
	return binary
}

// database gives the address of one that holds the Vosges, and all the quarters of France if asked. Its statistics are fresh, as
// Postgres keeps them by itself in service and not on the server of the tests.
func database(b *testing.B, national bool) string {
	b.Helper()
	dsn := portailtest.SeededDSN(b)
	db, err := pgxpool.New(b.Context(), dsn)
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	if national {
		if err := seed.National(b.Context(), db); err != nil {
			b.Fatal(err)
		}
	}
	for range 2 { // the first takes away what the imports replaced, the second notes what everybody may see, as autovacuum comes by again
		if _, err := db.Exec(b.Context(), `VACUUM ANALYZE`); err != nil {
			b.Fatal(err)
		}
	}
	return dsn
}

// asWebServer is the address as the role that the web server takes: row-level security holds for it.
func asWebServer(dsn string) string {
	if strings.Contains(dsn, "?") {
		return dsn + "&role=portail_app"
	}
	return dsn + "?role=portail_app"
}

// serve starts the portal as it is run, with its default settings but for those given.
func (m *measure) serve(dsn string, env ...string) *bench.Process {
	m.Helper()
	p, err := bench.Start(m.Context(), append([]string{"DATABASE_URL=" + asWebServer(dsn), "PORTAIL_CLE=" + bench.Settings["PORTAIL_CLE"], "PORTAIL_ADDR=127.0.0.1:0", "PORTAIL_MODE=production", "PORTAIL_LOG_NIVEAU=info"}, env...),
		m.binary, "serve")
	m.check(err)
	m.Cleanup(func() { _ = p.Stop() }) // it may have ended already
	return p
}

// serveBare starts the references.
func (m *measure) serveBare(dsn string, refs bench.References) *bench.Process {
	m.Helper()
	content, err := json.Marshal(refs)
	m.check(err)
	file := filepath.Join(m.TempDir(), "references.json")
	m.check(os.WriteFile(file, content, 0o600))
	p, err := bench.Start(m.Context(), []string{"DATABASE_URL=" + asWebServer(dsn), bareVariable + "=" + file, "GOGC=400"}, os.Args[0]) // as the portal lets its garbage wait
	m.check(err)
	m.Cleanup(func() { _ = p.Stop() })
	return p
}

// encoding is what browsers ask for.
const encoding = "Accept-Encoding: gzip, deflate, br, zstd"

// fetch is one answer, read with the client of the standard library. It waits until the portal keeps the page.
func (m *measure) fetch(addr, path string) bench.Answer {
	m.Helper()
	client := http.Client{Transport: &http.Transport{DisableCompression: true}}
	for start := time.Now(); ; time.Sleep(20 * time.Millisecond) {
		r, err := http.NewRequestWithContext(m.Context(), http.MethodGet, "http://"+addr+path, nil)
		m.check(err)
		r.Header.Set("Accept-Encoding", "gzip, deflate, br, zstd")
		answer, err := client.Do(r)
		m.check(err)
		body, err := io.ReadAll(answer.Body)
		m.check(err)
		m.check(answer.Body.Close())
		if answer.StatusCode == http.StatusOK && answer.Header.Get("Etag") != "" {
			return bench.Answer{Path: path, Header: answer.Header, Body: body}
		}
		if time.Since(start) > 20*time.Second {
			m.Fatalf("%s: status %d, never kept", path, answer.StatusCode)
		}
	}
}

// side is one of two servers that are compared.
type side struct {
	server  *bench.Process
	request []byte
	status  int
}

// compare lets the two sides take turns.
func (m *measure) compare(connections int, ours, theirs side) bench.Outcome {
	m.Helper()
	var o bench.Outcome
	var ratios []float64
	var a, b []bench.Load
	var answers [2]int
	var cpu [2]time.Duration
	turn := func(n int, s side) bench.Load {
		before, err := s.server.CPU()
		m.check(err)
		load, err := bench.Closed(s.server.Addr, s.status, connections, roundLasts, s.request)
		m.check(err)
		after, err := s.server.CPU()
		m.check(err)
		cpu[n] += after - before
		answers[n] += len(load.Latencies)
		return load
	}
	for _, s := range []side{ours, theirs} { // connections of the pools, first uses
		_, err := bench.Closed(s.server.Addr, s.status, connections, roundLasts/2, s.request)
		m.check(err)
	}
	for range rounds {
		a, b = append(a, turn(0, ours)), append(b, turn(1, theirs))
		ratios = append(ratios, a[len(a)-1].PerSecond()/b[len(b)-1].PerSecond())
	}
	medium := func(loads []bench.Load) bench.Load {
		slices.SortFunc(loads, func(x, y bench.Load) int { return int(x.PerSecond() - y.PerSecond()) })
		return loads[len(loads)/2]
	}
	slices.Sort(ratios)
	o.Ours, o.Theirs, o.Ratio = medium(a), medium(b), ratios[len(ratios)/2]
	o.OursCPU, o.TheirsCPU = cpu[0]/time.Duration(answers[0]), cpu[1]/time.Duration(answers[1])
	return o
}

// kept compares the pages of the public kept in memory with the same bytes served by net/http alone.
func (m *measure) kept(dsn string) {
	m.Helper()
	portal := m.serve(dsn)
	answers := m.keptPages(portal, dsn, pages)
	bare := m.serveBare(dsn, bench.References{Answers: answers[:1]})
	same := side{portal, pages[0].Get(portal.Addr, encoding, "If-None-Match: "+answers[0].Header.Get("Etag")), http.StatusNotModified}
	o := m.compare(connections, same, side{bare, bench.Get(bare.Addr, "/octets/0", encoding), http.StatusOK})
	m.table.Ratio(fmt.Sprintf("`%s` not modified (304)", pages[0].Path), o, "net/http serving the page", 0)
	m.check(portal.Stop())
	m.check(bare.Stop())
}

// keptPages compares pages of a portal that keeps them, and gives its answers.
func (m *measure) keptPages(portal *bench.Process, dsn string, asked []bench.Asked) []bench.Answer {
	m.Helper()
	var answers []bench.Answer
	for _, a := range asked {
		answers = append(answers, m.fetch(portal.Addr, a.Path))
	}
	bare := m.serveBare(dsn, bench.References{Answers: answers})
	for i, a := range asked {
		o := m.compare(connections, side{portal, a.Get(portal.Addr, encoding), http.StatusOK}, side{bare, bench.Get(bare.Addr, fmt.Sprintf("/octets/%d", i), encoding), http.StatusOK})
		m.table.Ratio(fmt.Sprintf("`%s` kept in memory, %s in brotli", a.Path, bench.Size(len(answers[i].Body))), o, "net/http serving the same bytes", 0.8)
	}
	m.check(bare.Stop())
	return answers
}

// computed compares the pages of the public rendered at each request with chi, pgx and templ alone, on the same statements.
func (m *measure) computed(dsn string) {
	m.Helper()
	portal := m.serveComputing(dsn)
	var all []asked
	for _, p := range pages {
		all = append(all, asked{Asked: p, what: "`" + p.Path + "`"})
	}
	m.computedPages(portal, dsn, all)
	m.check(portal.Stop())
}

// serveComputing starts a portal that keeps no page.
func (m *measure) serveComputing(dsn string) *bench.Process {
	m.Helper()
	var env []string
	for name, value := range bench.Settings {
		env = append(env, name+"="+value)
	}
	return m.serve(dsn, env...)
}

// asked is a page and what the table calls it.
type asked struct {
	bench.Asked
	what  string
	limit time.Duration // of its median; 0: of those of the public, measured by their ratio, and of what has no limit
}

// limitSignedIn is what a page of people who are signed in may take, when four of them ask at once without a pause.
const limitSignedIn = 100 * time.Millisecond

// computedPages compares pages of a portal that keeps none with chi, pgx and templ alone, on the same statements.
func (m *measure) computedPages(portal *bench.Process, dsn string, all []asked) {
	m.Helper()
	pages := make([]bench.Asked, len(all))
	for i, a := range all {
		pages[i] = a.Asked
	}
	bare := m.serveBare(dsn, bench.References{Pages: pages})
	costs, err := bench.Record(m.Context(), asWebServer(dsn), pages)
	m.check(err)
	for i, a := range all {
		n := connections
		if a.Cookie != "" {
			n = signedIn
		}
		o := m.compare(n, side{portal, a.Get(portal.Addr, encoding), http.StatusOK}, side{bare, bench.Get(bare.Addr, fmt.Sprintf("/requetes/%d", i), encoding), http.StatusOK})
		what, reference := fmt.Sprintf("%s computed, %s", a.what, costs[i]), fmt.Sprintf("chi + pgx + templ, same statements, %s of HTML", bench.Size(int(o.Theirs.Bytes)/len(o.Theirs.Latencies)))
		switch {
		case a.Cookie == "":
			m.table.Ratio(what, o, reference, 0.7)
		case a.limit == 0:
			m.table.Ratio(what, o, reference, 0)
		default:
			m.table.Median(what, o, reference, a.limit)
		}
	}
	m.check(bare.Stop())
}

// named are pages that the table calls by their address, among what the database was filled with.
func named(among, cookie string, paths ...string) []asked {
	var all []asked
	for _, path := range paths {
		all = append(all, asked{bench.Asked{Path: path, Cookie: cookie}, "`" + path + "`" + among, limitSignedIn})
	}
	return all
}

// write puts the table between the markers of a file.
func write(file, table string) error {
	content, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	before, rest, begins := strings.Cut(string(content), markerBegin)
	_, after, ends := strings.Cut(rest, markerEnd)
	if !begins || !ends {
		return fmt.Errorf("%s has no %s … %s", file, markerBegin, markerEnd)
	}
	return os.WriteFile(file, []byte(before+markerBegin+"\n"+table+markerEnd+after), 0o644)
}
