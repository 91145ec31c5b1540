package qpv_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"

	"portail/internal/portail"
	"portail/internal/portailtest"
)

// national adds 1 500 quarters over 50 made-up communes and EPCI to the default data: as many as in the whole of France.
func national(t testing.TB) *pgxpool.Pool {
	t.Helper()
	db := portailtest.Seeded(t)
	for _, sql := range []string{
		`INSERT INTO territoire (niveau, code, nom) SELECT 'departement', lpad(d::text, 2, '0'), 'Département ' || d FROM generate_series(1, 50) d ON CONFLICT DO NOTHING`,
		`INSERT INTO qpv (code, nom, departement, evolution, lon, lat, surface_ha, recherche, recherche_texte)
			SELECT 'QN' || lpad(d::text, 3, '0') || lpad(n::text, 2, '0') || 'N', 'Cité ' || d || '-' || n, lpad(d::text, 2, '0'), 'nouveau', 0.1 * d, 45 + 0.05 * n, n,
				to_tsvector('francais', 'Cité ' || d || '-' || n || ' Bourgade' || d), sans_accent('Cité ' || d || '-' || n || ' Bourgade' || d)
			FROM generate_series(1, 50) d, generate_series(1, 30) n`,
		`INSERT INTO qpv_commune (qpv_id, commune, nom, rang) SELECT id, departement || '001', 'Ville-' || departement, 1 FROM qpv WHERE departement <> '88'`,
		`INSERT INTO qpv_epci (qpv_id, epci, nom, rang) SELECT id, '2000000' || departement, 'Agglomération ' || departement, 1 FROM qpv WHERE departement <> '88'`,
		`INSERT INTO valeur (indicateur, qpv_id, millesime, valeur, source) SELECT 'population_municipale', id, 2020, 1000 + id, 'essai' FROM qpv WHERE departement <> '88'`,
		`ANALYZE`,
	} {
		if _, err := db.Exec(t.Context(), sql); err != nil {
			t.Fatal(err)
		}
	}
	return db
}

func TestPagingOfTheWholeCountry(t *testing.T) {
	v := portailtest.SiteOn(t, national(t))
	p := v.Get("/qpv?tri=code").Want(200)
	if got := p.Text("#resultats"); got != "1 506 quartiers prioritaires, page 1 sur 151." {
		t.Errorf("count %q", got)
	}
	if got := p.Text("title"); strings.Contains(got, "page") {
		t.Errorf("title of the first page %q", got)
	}
	var all []string
	for page := 1; page <= 76; page++ {
		p := v.Get("/qpv?par=20&tri=code&page=" + strconv.Itoa(page)).Want(200)
		all = append(all, names(p)...)
		if page == 2 && !strings.Contains(p.Text("title"), "(page 2 sur 76)") {
			t.Errorf("title of page 2: %q", p.Text("title"))
		}
	}
	sorted := slices.Sorted(slices.Values(all))
	if len(all) != 1506 || len(slices.Compact(sorted)) != 1506 {
		t.Errorf("the pages show %d quarters, %d different ones, want 1 506", len(all), len(slices.Compact(sorted)))
	}
	v.Get("/qpv?page=152").Want(404)
	v.Get("/qpv?par=20&page=77").Want(404)
	for par, rows := range map[string]int{"10": 10, "50": 50, "100": 100} {
		if got := len(names(v.Get("/qpv?par=" + par).Want(200))); got != rows {
			t.Errorf("%d quarters per page, want %d", got, rows)
		}
	}
	if n := len(names(v.Get("/qpv?departement=07").Want(200))); n != 10 {
		t.Errorf("%d quarters, want 10", n)
	}
}

func TestWideFiltersOfTheWholeCountry(t *testing.T) {
	v := portailtest.SiteOn(t, national(t))
	p := v.Get("/qpv").Want(200)
	if n := p.Find("#departement option").Length(); n != 52 { // 50, the Vosges, and "Tous"
		t.Errorf("%d départements to choose from, want 52", n)
	}
	if p.Find("#epci, #commune").Length() != 0 {
		t.Error("the EPCI and communes of the whole country are offered")
	}
	p = v.Get("/qpv?departement=88").Want(200)
	if n := p.Find("#epci option").Length(); n != 4 {
		t.Errorf("%d EPCI of the Vosges to choose from, want 4 with none", n)
	}
	// A filter that came by a link is named although its list is not offered.
	if got := v.Get("/qpv?epci=200068757").Want(200).Text(".filtres-actifs li"); got != "Intercommunalité : Communauté d'agglomération d'Épinal" {
		t.Errorf("tag %q", got)
	}
	p = v.Get("/qpv?q=cite").Want(200)
	if got := p.Text("#resultats"); !strings.HasPrefix(got, "Plus de 200 quartiers : précisez votre recherche") {
		t.Errorf("a word of every name: %q", got)
	}
	if got := v.Get("/qpv?q=bourgade7").Want(200).Text("#resultats"); !strings.HasPrefix(got, "30 quartiers prioritaires") {
		t.Errorf("a selective word: %q", got)
	}
}

func TestMapAndFilesOfTheWholeCountryStayBounded(t *testing.T) {
	v := portailtest.SiteOn(t, national(t))
	p := v.Get("/qpv?vue=carte").Want(200)
	if n := p.Find("#carte-quartiers .carte__couche--repere a").Length(); n != 10 {
		t.Errorf("%d linked marks, want those of the page", n)
	}
	if n := strings.Count(p.Find(".carte__svg .carte__couche--point path").AttrOr("d", ""), "M"); n != 1506 {
		t.Errorf("%d dots, want one for each quarter", n)
	}
	if len(p.Body) > 150_000 {
		t.Errorf("the page weighs %d bytes", len(p.Body))
	}
	var rows []any
	if err := json.Unmarshal(v.Get("/qpv/fichier.json").Want(200).Body, &rows); err != nil || len(rows) != 1506 {
		t.Errorf("the file has %d lines (%v), want 1 506", len(rows), err)
	}
}

func TestPagesCostOneRoundTripWhateverTheirNumber(t *testing.T) {
	for name, db := range map[string]*pgxpool.Pool{"Vosges": portailtest.Seeded(t), "France": national(t)} {
		site := portail.New(db, portailtest.Config(t)) // not running: the listener of publications would be counted too
		for path, most := range map[string]int{
			"/qpv": 3, "/qpv?tri=-population&par=100": 3, "/qpv?q=kelerman": 4, "/qpv?vue=carte": 5, "/qpv?vue=carte&q=cite": 6, "/carte": 5,
			"/qpv/comparer": 5, "/qpv/comparer?codes=QN08801M,QN08802M,QN08803M&territoires=departement-88&recherche=golbay": 6,
			"/qpv/fichier.csv": 4, "/qpv/comparer/fichier.ods?codes=QN08801M": 5, "/carte/qpv.geojson": 1,
		} {
			count := portailtest.CountStatements(t, db, func() {
				w := httptest.NewRecorder()
				site.ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
				if w.Code != http.StatusOK {
					t.Errorf("%s, %s: status %d", name, path, w.Code)
				}
			})
			if count.Statements() > most || count.RoundTrips() != 1 {
				t.Errorf("%s, %s: %d statements in %d round trips, want %d at most in one\n%s", name, path, count.Statements(), count.RoundTrips(), most, count)
			}
		}
	}
}
