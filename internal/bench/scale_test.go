package bench_test

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geojson"

	"portail/internal/bench"
	"portail/internal/geo"
	"portail/internal/httpx"
	"portail/internal/importation"
	"portail/internal/portail"
	"portail/internal/portailtest"
)

// national compares the list and the search among all the quarters of France with the same among six.
func (m *measure) national(six, france string) {
	m.Helper()
	few, many := m.serve(six, "PORTAIL_CACHE_MO=0"), m.serve(france, "PORTAIL_CACHE_MO=0")
	quarters := m.count(france, `SELECT count(*) FROM qpv`)
	for _, c := range []struct {
		path, what string
		goal       float64
	}{
		{"/qpv", ", a page of 10 instead of 6", 2}, {"/qpv?departement=88", ", the same 6", 2},
		{"/qpv?q=saint+die", "", 2}, {"/qpv?q=kelerman", ", misspelt", 2}, {"/qpv?q=cite", ", a page of 10 found instead of none", 0},
	} {
		o := m.compare(connections, side{many, bench.Get(many.Addr, c.path, encoding), http.StatusOK}, side{few, bench.Get(few.Addr, c.path, encoding), http.StatusOK})
		what := fmt.Sprintf("`%s` computed among %d quarters%s", c.path, quarters, c.what)
		portal := fmt.Sprintf("%.0f/s, median %s", o.Ours.PerSecond(), bench.Duration(o.Ours.Quantile(0.5)))
		reference := fmt.Sprintf("among 6: %.0f/s, median %s", o.Theirs.PerSecond(), bench.Duration(o.Theirs.Quantile(0.5)))
		ratio := fmt.Sprintf("%.2f × the time", 1/o.Ratio)
		if c.goal == 0 {
			m.table.Note(what, portal, reference, ratio)
			continue
		}
		m.table.AtMost(what, portal, reference, ratio, fmt.Sprintf("%.0f ×", c.goal), 1/o.Ratio, c.goal)
	}
	m.check(few.Stop())
	m.check(many.Stop())
}

// open is a pool for what is measured in this process.
func (m *measure) open(dsn string) *pgxpool.Pool {
	m.Helper()
	db, err := pgxpool.New(m.Context(), dsn)
	m.check(err)
	m.Cleanup(db.Close)
	return db
}

func (m *measure) count(dsn, sql string) (n int) {
	m.Helper()
	m.check(m.open(dsn).QueryRow(m.Context(), sql).Scan(&n))
	return n
}

// latencies runs a deed so many times and sorts what each took.
func latencies(n int, deed func(int)) bench.Load {
	var l bench.Load
	begun := time.Now()
	for i := range n {
		start := time.Now()
		deed(i)
		l.Latencies = append(l.Latencies, time.Since(start))
	}
	l.Took = time.Since(begun)
	slices.Sort(l.Latencies)
	return l
}

// address measures the look-up of points among all the quarters of France, alone and as the page that tells it.
func (m *measure) address(france string) {
	m.Helper()
	db := m.open(france)
	rows, err := db.Query(m.Context(), `SELECT code, nom, contour::text FROM qpv WHERE contour IS NOT NULL`)
	m.check(err)
	var items []geo.Item
	var code, name, contour string
	_, err = pgx.ForEachRow(rows, []any{&code, &name, &contour}, func() error {
		g, err := geojson.UnmarshalGeometry([]byte(contour))
		if err != nil {
			return err
		}
		items = append(items, geo.Item{Code: code, Nom: name, Geom: g.Geometry()})
		return nil
	})
	m.check(err)
	index, dice := geo.NewIndex(items), rand.New(rand.NewPCG(8, 8))
	points := make([]orb.Point, 20_000)
	for i := range points { // half of them where people live: near a quarter
		if points[i] = (orb.Point{-4.5 + 12*dice.Float64(), 42.5 + 8*dice.Float64()}); i%2 == 0 {
			at := items[dice.IntN(len(items))].Geom.Bound().Center()
			points[i] = orb.Point{at[0] + dice.NormFloat64()/100, at[1] + dice.NormFloat64()/100}
		}
	}
	found := 0
	l := latencies(len(points), func(i int) { found += len(index.Within(points[i])) + len(index.Near(points[i], 100)) })
	if found == 0 {
		m.Fatal("no point is in a quarter: the look-up measures nothing")
	}
	m.table.AtMost(fmt.Sprintf("a point among the contours of %d quarters, in process", len(items)), "median "+bench.Duration(l.Quantile(0.5))+", p99 "+bench.Duration(l.Quantile(0.99)), "–", "–",
		"2 ms (p99)", l.Quantile(0.99).Seconds(), 0.002)

	site := portail.New(db, portailtest.Config(m.B))
	ask := func(path string) {
		r, err := http.NewRequestWithContext(m.Context(), http.MethodGet, path, nil)
		m.check(err)
		w := httpx.NewRecorder()
		if site.ServeHTTP(w, r); w.Code != http.StatusOK {
			m.Fatalf("%s: status %d", path, w.Code)
		}
	}
	pointPage := func(i int) { ask(fmt.Sprintf("/adresse?lat=%.5f&lon=%.5f", points[i][1], points[i][0])) }
	pointPage(0) // reads the contours
	l = latencies(2000, pointPage)
	m.table.Note("the whole page of a point, in process", "median "+bench.Duration(l.Quantile(0.5))+", p99 "+bench.Duration(l.Quantile(0.99)), "–", "–")

	file, addresses := m.writeBAN()
	_, err = importation.Run(m.Context(), db, importation.BAN, []string{file}, importation.Options{})
	m.check(err)
	_, err = db.Exec(m.Context(), `ANALYZE`)
	m.check(err)
	textPage := func(i int) { ask("/adresse?q=" + url.QueryEscape(addresses[i%len(addresses)])) }
	textPage(0)
	l = latencies(1000, textPage)
	m.table.Note(fmt.Sprintf("the whole page of an address written out, among %d addresses, in process", banRows), "median "+bench.Duration(l.Quantile(0.5))+", p99 "+bench.Duration(l.Quantile(0.99)), "–", "–")
}

// banRows is the size of a département's addresses.
const banRows = 200_000

// writeBAN writes invented addresses in the form of the Base Adresse Nationale: 400 communes of 20 streets of 25 numbers. It
// returns some of them as somebody would write them.
func (m *measure) writeBAN() (file string, written []string) {
	m.Helper()
	kinds := []string{"Rue", "Avenue", "Place", "Chemin", "Impasse", "Allée"}
	words := []string{"de la Gare", "des Lilas", "du Général Leclerc", "Victor Hugo", "de l’Église", "du Moulin", "des Écoles", "Jean Jaurès", "de la Moselle", "du Haut des Étages",
		"des Vosges", "du Stade", "de la Fontaine", "des Tilleuls", "Pasteur", "de Nancy", "d’Alsace", "du Château", "des Acacias", "de la République"}
	var b strings.Builder
	b.WriteString("id;id_fantoir;numero;rep;nom_voie;code_postal;code_insee;nom_commune;code_insee_ancienne_commune;nom_ancienne_commune;x;y;lon;lat;type_position;alias;nom_ld;" +
		"libelle_acheminement;nom_afnor;source_position;source_nom_voie;certification_commune;cad_parcelles\n")
	for n := range banRows {
		commune, street, number := n/500, n/25%20, n%25+1
		insee, postal := 88001+commune, 88000+commune%100*10
		name := kinds[(commune+street)%len(kinds)] + " " + words[street]
		lon, lat := 5.4+float64(commune%20)/12+float64(street)/1000, 47.9+float64(commune/20)/40+float64(number)/10000
		town := fmt.Sprintf("Commune-%s", strings.Repeat(string(rune('a'+commune%26)), 1+commune/26))
		fmt.Fprintf(&b, "%05d_%04d_%05d;;%d;;%s;%05d;%05d;%s;;;950000.00;6790000.00;%.6f;%.6f;entrée;;;%s;;commune;commune;1;\n", insee, street, number, number, name, postal, insee, town, lon, lat, strings.ToUpper(town))
		if n%997 == 0 {
			written = append(written, fmt.Sprintf("%d %s %05d %s", number, strings.ToLower(name), postal, town))
		}
	}
	file = filepath.Join(m.TempDir(), "adresses-88.csv")
	m.check(os.WriteFile(file, []byte(b.String()), 0o600))
	return file, written
}

// importBAN compares the import, which checks each cell and keeps streets apart for the search, with psql \copy.
func (m *measure) importBAN() {
	m.Helper()
	psql, err := exec.LookPath("psql")
	if err != nil {
		m.table.Note(fmt.Sprintf("import of %d addresses", banRows), "not measured", "psql is not installed", "–")
		return
	}
	file, _ := m.writeBAN()
	plain, indexed, ours := time.Duration(1<<62), time.Duration(1<<62), time.Duration(1<<62)
	for range 3 { // the best of three, for each
		dsn := portailtest.DSN(m.B)
		db := m.open(dsn)
		_, err := db.Exec(m.Context(), `CREATE TABLE tmp_plain (id text, id_fantoir text, numero integer, rep text, voie text, code_postal text, commune text, nom_commune text, a text, b text,
			x float8, y float8, lon float8, lat float8, c text, d text, e text, f text, g text, h text, i text, j text, k text);
			CREATE TABLE tmp_indexed (LIKE tmp_plain); ALTER TABLE tmp_indexed ADD PRIMARY KEY (id); CREATE INDEX ON tmp_indexed (commune, voie, numero)`)
		m.check(err)
		for table, best := range map[string]*time.Duration{"tmp_plain": &plain, "tmp_indexed": &indexed} {
			start := time.Now()
			out, err := exec.CommandContext(m.Context(), psql, "-X", "-q", "-v", "ON_ERROR_STOP=1", "-c", `\copy `+table+` from '`+file+`' with (format csv, header, delimiter ';')`, dsn).CombinedOutput()
			if err != nil {
				m.Fatalf("psql: %v\n%s", err, out)
			}
			*best = min(*best, time.Since(start))
		}
		start := time.Now()
		_, err = importation.Run(m.Context(), db, importation.BAN, []string{file}, importation.Options{})
		m.check(err)
		ours = min(ours, time.Since(start))
		db.Close()
	}
	what := fmt.Sprintf("import of %d addresses, checked, into tables that are indexed and searched", banRows)
	m.table.AtLeast(what, bench.Duration(ours), "psql \\copy into a table with the same indexes: "+bench.Duration(indexed), fmt.Sprintf("%.2f", indexed.Seconds()/ours.Seconds()), "0.5", indexed.Seconds()/ours.Seconds(), 0.5)
	m.table.Note("the same", bench.Duration(ours), "psql \\copy into a table without index: "+bench.Duration(plain), fmt.Sprintf("%.2f", plain.Seconds()/ours.Seconds()))
}

// server measures the process itself, with all the quarters of France: how soon it answers, at a steady pace, and its memory.
func (m *measure) server(france string) {
	m.Helper()
	var starts []time.Duration
	for range 5 {
		start := time.Now()
		p := m.serve(france)
		for {
			answer, err := http.Get("http://" + p.Addr + "/qpv")
			m.check(err)
			m.check(answer.Body.Close())
			if answer.StatusCode == http.StatusOK {
				break
			}
		}
		starts = append(starts, time.Since(start))
		m.check(p.Stop())
	}
	slices.Sort(starts)
	m.table.AtMost("from the start of the process to the first page, on an existing database", bench.Duration(starts[2]), "–", "–", "1 s", starts[2].Seconds(), 1)

	p := m.serve(france)
	rows, err := m.open(france).Query(m.Context(), `SELECT code FROM qpv ORDER BY code`)
	m.check(err)
	codes, err := pgx.CollectRows(rows, pgx.RowTo[string])
	m.check(err)
	m.fetch(p.Addr, "/")
	paths := []string{"/", "/qpv", "/carte", "/adresse?lat=48.18&lon=6.45"}
	for i, code := range codes {
		if i%10 == 0 {
			paths = append(paths, fmt.Sprintf("/qpv?page=%d", i/100+1))
		}
		paths = append(paths, "/qpv/"+code)
	}
	visit := make([][]byte, len(paths))
	for i, path := range paths {
		visit[i] = bench.Get(p.Addr, path, encoding)
	}
	const pagesAtPace, pace, lasts = 200, 500, 10 * time.Second
	m.check(m.warm(p, visit[:pagesAtPace]))
	var answers []bench.Answer
	var octets [][]byte
	for _, path := range paths[:pagesAtPace] {
		if strings.HasPrefix(path, "/adresse") {
			continue // asked for by one person: worked out each time
		}
		octets = append(octets, bench.Get("bare", fmt.Sprintf("/octets/%d", len(answers)), encoding))
		answers = append(answers, m.fetch(p.Addr, path))
	}
	bare := m.serveBare(france, bench.References{Answers: answers})
	atPace := func(addr string, requests [][]byte) (bench.Load, string) {
		l, err := bench.Open(addr, http.StatusOK, connections, pace, lasts, requests...)
		m.check(err)
		return l, "median " + bench.Duration(l.Quantile(0.5)) + ", p99 " + bench.Duration(l.Quantile(0.99))
	}
	m.rest(p)
	_, theirs := atPace(bare.Addr, octets)
	l, ours := atPace(p.Addr, visit[:pagesAtPace])
	m.table.AtMost(fmt.Sprintf("%d requests a second of %d pages, for %s", pace, pagesAtPace, lasts), ours, "net/http serving the same bytes: "+theirs, "–", "10 ms (p99)", l.Quantile(0.99).Seconds(), 0.010)
	m.check(bare.Stop())
	m.check(m.warm(p, visit))
	_, err = bench.Closed(p.Addr, http.StatusOK, connections, 5*time.Second, visit...)
	m.check(err)
	now, peak, err := p.Memory()
	m.check(err)
	m.table.AtMost(fmt.Sprintf("memory of the process (RSS) after every page of %d quarters, %d at a time", len(codes), connections), fmt.Sprintf("%d MB, at most %d MB", now>>20, peak>>20), "–", "–", "150 MB", float64(peak), 150<<20)
	m.check(p.Stop())
}

// rest waits until a server has done what it does of itself after its start: it renders the pages of the site map ahead.
func (m *measure) rest(p *bench.Process) {
	m.Helper()
	const look, idle = 500 * time.Millisecond, 20 * time.Millisecond
	for {
		before, err := p.CPU()
		m.check(err)
		time.Sleep(look)
		after, err := p.CPU()
		m.check(err)
		if after-before <= idle {
			return
		}
	}
}

// warm asks for each page once.
func (m *measure) warm(p *bench.Process, visit [][]byte) error {
	for part := range slices.Chunk(visit, 100) {
		if _, err := bench.Open(p.Addr, http.StatusOK, 4, 100, time.Duration(len(part))*10*time.Millisecond, part...); err != nil {
			return err
		}
	}
	return nil
}
