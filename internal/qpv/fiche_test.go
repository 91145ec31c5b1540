package qpv_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"github.com/jackc/pgx/v5/pgxpool"

	"portail/internal/portail"
	"portail/internal/portailtest"
)

// bitola is a quarter of the default data: contour modified in 2024, follows QP088001.
const bitola = "/qpv/QN08801M"

// exec changes the data of a test.
func exec(t testing.TB, site *portailtest.Visitor, sql string, args ...any) {
	t.Helper()
	tag, err := site.DB.Exec(t.Context(), sql, args...)
	if err != nil {
		t.Fatal(err)
	}
	if tag.RowsAffected() == 0 {
		t.Fatalf("changes nothing: %s", sql)
	}
}

// setValeur publishes a figure of a quarter, or of the territory of the given level.
func setValeur(t testing.TB, site *portailtest.Visitor, indicateur, niveau, code string, millesime any, valeur float64) {
	t.Helper()
	place := `(SELECT id FROM qpv WHERE code = $2), NULL::integer`
	if niveau != "qpv" {
		place = `NULL::integer, (SELECT id FROM territoire WHERE niveau = '` + niveau + `' AND code = $2)`
	}
	exec(t, site, `INSERT INTO valeur (indicateur, qpv_id, territoire_id, millesime, valeur, source) SELECT $1, `+place+`, $3, $4, 'INSEE, essai'`,
		indicateur, code, millesime, valeur)
}

// row is what the table of figures says of an indicator.
func row(p *portailtest.Page, libelle string) string {
	line := p.Find(".fiche-tableau tbody tr").FilterFunction(func(_ int, s *goquery.Selection) bool {
		return strings.HasPrefix(strings.TrimSpace(s.Find("th").Text()), libelle)
	})
	return strings.Join(strings.Fields(line.Text()), " ")
}

// propriete is what the identity of the quarter says of a term.
func propriete(p *portailtest.Page, terme string) string {
	line := p.Find(".propriete").FilterFunction(func(_ int, s *goquery.Selection) bool { return strings.TrimSpace(s.Find("dt").Text()) == terme })
	return strings.Join(strings.Fields(line.Find("dd").Text()), " ")
}

func wants(t *testing.T, what, text string, all ...string) {
	t.Helper()
	for _, want := range all {
		if !strings.Contains(text, want) {
			t.Errorf("%s lacks %q: %.600s", what, want, text)
		}
	}
}

func TestFicheTellsTheQuarter(t *testing.T) {
	site := portailtest.Site(t)
	p := site.Get(bitola).Want(http.StatusOK)
	if h1 := p.Text("h1"); h1 != "Bitola-La Vierge" {
		t.Errorf("h1 %q", h1)
	}
	wants(t, "title", p.Text("title"), "Bitola-La Vierge (Épinal), QN08801M – ")
	wants(t, "identity", p.Text("#identite"), "QN08801M", "Liste en vigueur depuis 2024", "la lettre M marque un contour modifié", "Épinal", "Communauté d'agglomération d'Épinal",
		"Vosges", "40,7 ha", "1 800 hab. 2020", "Contour modifié", "« Bitola », code QP088001", "ne se comparent pas", "CA d'Épinal", "3 quartiers")
	wants(t, "key figures", p.Text(".chiffres"), "1 800 hab.", "53,0 %", "Taux de pauvreté", "2021, réserve (", "millésime non précisé")
	wants(t, "head", p.Text(".fiche-tete"), "Mis à jour le ", "Quartier prioritaire de la politique de la ville")
	wants(t, "figures", p.Text("#chiffres"), "Aucun indicateur disponible : Éducation, Santé, Sécurité et Cadre de vie.", "à vérifier sur insee.fr")
	wants(t, "population", row(p, "Population municipale"), "INSEE, recensement de la population (RP), 2020", "rang : 4e sur 6", "358 700 hab.",
		"0,5 % des habitants du département (2020 rapporté à 2022)")
	wants(t, "poverty", row(p, "Taux de pauvreté"), "53,0 %", "rang : 2e sur 6", "INSEE, Filosofi, 2021", "non disponible")
	wants(t, "census unemployment", row(p, "Taux de chômage au sens du recensement"), "non disponible", "17,0 % 2021", "12,8 % 2021")
	wants(t, "around", p.Text("#autour"), "France services Epinal, à 2,0 km du quartier", "Place d'Avrinsart")
	wants(t, "changes", p.Text("#mises-a-jour"), "Contour", "Identité du quartier", "Chiffres")
	for _, href := range []string{"/qpv/comparer?codes=QN08801M%2CQN08802M", "/adresse", bitola + "/fichier.csv", bitola + "/fichier-tableur.csv", bitola + "/fichier.ods",
		bitola + "/fichier.geojson", bitola + "/fichier.json", "/qpv?commune=88160", "/qpv?epci=200068757"} {
		if p.Find(`main a[href^="`+href+`"]`).Length() == 0 {
			t.Errorf("no link to %s", href)
		}
	}
	wants(t, "map", p.Text("#contour title, #contour desc, #contour text"), "Contour du quartier Bitola-La Vierge", "40,7 ha", "200 m")
	if n := p.Find("#contour path").Length(); n != 2 {
		t.Errorf("%d paths on the map: the contour and its scale are wanted", n)
	}
}

func TestFicheMarkupHoldsTogether(t *testing.T) {
	site := portailtest.Site(t)
	for _, code := range []string{"QN08801M", "QN08802M", "QN08803M", "QN08804M", "QN08805M", "QN08806M"} {
		p := site.Get("/qpv/" + code).Want(http.StatusOK)
		if n := p.Find("h1").Length(); n != 1 {
			t.Errorf("%s: %d h1", code, n)
		}
		seen := map[string]bool{}
		p.Find("[id]").Each(func(_ int, s *goquery.Selection) {
			id := s.AttrOr("id", "")
			if seen[id] {
				t.Errorf("%s: id %q twice", code, id)
			}
			seen[id] = true
		})
		p.Find(`main a[href^="#"]`).Each(func(_ int, s *goquery.Selection) {
			if target := strings.TrimPrefix(s.AttrOr("href", ""), "#"); !seen[target] {
				t.Errorf("%s: link to missing part %q", code, target)
			}
		})
		last := 1
		p.Find("main").Find("h1, h2, h3, h4, h5, h6").Each(func(_ int, s *goquery.Selection) {
			level := int(goquery.NodeName(s)[1] - '0')
			if level > last+1 {
				t.Errorf("%s: heading %q jumps from %d to %d", code, s.Text(), last, level)
			}
			last = level
		})
		p.Find("svg.graphique--barres").Each(func(_ int, s *goquery.Selection) {
			if s.Closest(".fr-grid-row").Find("table").Length() != 1 {
				t.Errorf("%s: a chart has no table beside it", code)
			}
		})
		if odd := p.Find("main [style], main script, main iframe"); odd.Length() > 0 {
			t.Errorf("%s: <%s> is refused by the security policy", code, goquery.NodeName(odd))
		}
	}
}

func TestFicheCostsOneRoundTripWhateverTheData(t *testing.T) {
	db := portailtest.Seeded(t)
	addQuarters(t, db)
	site := portail.New(db, portailtest.Config(t)) // not running: the listener of publications would be counted too
	for _, path := range []string{bitola, bitola + "/fichier.csv", bitola + "/fichier.json"} {
		c := portailtest.CountStatements(t, db, func() {
			w := httptest.NewRecorder()
			site.ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
			if w.Code != http.StatusOK {
				t.Fatalf("%s: %d", path, w.Code)
			}
		})
		if c.Statements() > 6 || c.RoundTrips() != 1 {
			t.Errorf("%s: %d statements in %d round trips\n%s", path, c.Statements(), c.RoundTrips(), c)
		}
	}
}

func TestFicheTellsGapsInWords(t *testing.T) {
	site := portailtest.Site(t)
	setValeur(t, site, "taux_pauvrete_60", "departement", "88", 2021, 15.4)
	setValeur(t, site, "taux_pauvrete_60", "commune", "88160", 2020, 25)
	setValeur(t, site, "taux_pauvrete_60", "commune", "88160", 2021, 60)
	setValeur(t, site, "taux_pauvrete_60", "epci", "200068757", 2020, 20)
	setValeur(t, site, "taux_pauvrete_60", "france", "FR", 2021, 53)
	p := site.Get(bitola).Want(http.StatusOK)
	wants(t, "gaps", row(p, "Taux de pauvreté"),
		"15,4 % +37,6 points, situation moins favorable que le département",
		"60,0 % −7,0 points, situation plus favorable que la commune", // the vintage of the quarter, not the other
		"20,0 % non comparable : 2021 pour le quartier, 2020 pour l’intercommunalité",
		"53,0 % même valeur que la France")
	wants(t, "missing references", p.Text("#chiffres"), "Comparaison non disponible ici pour la région.")
	bars := p.Text("#comparer-taux_pauvrete_60 svg.graphique")
	wants(t, "chart", bars, "Bitola-La Vierge", "Justice-Saut le Cerf", "Vosges", "France", "15,4 %")
	if n := p.Find("#comparer-taux_pauvrete_60 svg.graphique .graphique__principal").Length(); n != 1 {
		t.Errorf("%d bars stand out", n)
	}
}

func TestChartOfALargeDepartementShowsTheNearestQuarters(t *testing.T) {
	site := portailtest.Site(t)
	addQuarters(t, site.DB)
	exec(t, site, `INSERT INTO qpv_commune (qpv_id, commune, nom, rang) SELECT id, '88209', 'Golbey', 2 FROM qpv WHERE code = 'QN08801M'`)
	p := site.Get(bitola).Want(http.StatusOK)
	if n := p.Find("#comparer-taux_pauvrete_60 tbody tr").Length(); n != 12 {
		t.Errorf("%d quarters beside the chart", n)
	}
	wants(t, "panel", p.Text("#comparer-taux_pauvrete_60"), "12 quartiers aux valeurs les plus proches, sur 46", "Bitola-La Vierge")
	wants(t, "rank", row(p, "Taux de pauvreté"), "sur 46")
	wants(t, "two communes", row(p, "Population municipale"), "l’équivalent de 5,6 % des habitants de la commune")
}

// addQuarters makes a département of 46 quarters with their poverty rate.
func addQuarters(t testing.TB, db *pgxpool.Pool) {
	t.Helper()
	for _, sql := range []string{
		`INSERT INTO qpv (code, nom, departement, lon, lat) SELECT 'QN088' || n || 'N', 'Quartier ' || n, '88', 6.45, 48.16 FROM generate_series(10, 49) n`,
		`INSERT INTO valeur (indicateur, qpv_id, millesime, valeur, source) SELECT 'taux_pauvrete_60', id, 2021, 20 + substr(code, 6, 2)::int, 'essai' FROM qpv WHERE nom LIKE 'Quartier %'`,
	} {
		if _, err := db.Exec(t.Context(), sql); err != nil {
			t.Fatal(err)
		}
	}
}

func TestFicheTellsTies(t *testing.T) {
	site := portailtest.Site(t)
	exec(t, site, `UPDATE valeur SET valeur = 55 WHERE indicateur = 'taux_pauvrete_60' AND qpv_id = (SELECT id FROM qpv WHERE code = 'QN08801M')`)
	wants(t, "rank", row(site.Get(bitola), "Taux de pauvreté"), "rang : 1er ex æquo sur 6")
}

func TestFicheWithoutFiguresShowsNoZero(t *testing.T) {
	site := portailtest.Site(t)
	exec(t, site, `DELETE FROM valeur`)
	p := site.Get(bitola).Want(http.StatusOK)
	wants(t, "population", propriete(p, "Population"), "non disponible")
	wants(t, "figures", p.Text("#chiffres"), "Aucun indicateur n’est disponible")
	if strings.Contains(p.Text("main"), " 0 hab.") || p.Find("svg.graphique").Length() > 0 {
		t.Error("missing figures are shown as zero or drawn")
	}
	exec(t, site, `UPDATE qpv SET contour = NULL, trace_carte = NULL, cadre_carte = NULL, trace_fiche = NULL, cadre_fiche = NULL, surface_ha = NULL, evolution = NULL,
		code_contrat = NULL WHERE code = 'QN08801M'`)
	exec(t, site, `DELETE FROM qpv_commune`)
	exec(t, site, `DELETE FROM qpv_epci`)
	exec(t, site, `DELETE FROM territoire`)
	p = site.Get(bitola).Want(http.StatusOK)
	wants(t, "map", p.Text("#identite"), "Contour non disponible")
	for _, terme := range []string{"Superficie", "Contrat de ville", "Commune", "Intercommunalité"} {
		if got := propriete(p, terme); got != "non disponible" {
			t.Errorf("%s is %q", terme, got)
		}
	}
	for _, format := range []string{"csv", "ods", "json", "geojson"} {
		site.Get(bitola + "/fichier." + format).Want(http.StatusOK)
	}
}

func TestFicheShowsEvolutionAndItsBreak(t *testing.T) {
	site := portailtest.Site(t)
	p := site.Get(bitola).Want(http.StatusOK)
	wants(t, "zone d'emploi", p.Text("#evolution"), "Taux de chômage localisé, zone d’emploi (Épinal)", "celles de toute la zone d’emploi", "non ses habitants", "2021-T1", "4e trimestre 2025")
	exec(t, site, `INSERT INTO qpv (code, nom, departement, lon, lat) VALUES ('QP088001', 'Bitola', '88', 6.45, 48.16)`)
	setValeur(t, site, "taux_pauvrete_60", "qpv", "QP088001", 2018, 47)
	p = site.Get(bitola).Want(http.StatusOK)
	wants(t, "break", p.Text("#evolution"), "Le contour du quartier a changé en 2024", "Changement de contour", "47,0 %", "2018")
	exec(t, site, `UPDATE qpv SET evolution = 'inchange' WHERE code = 'QN08801M'`)
	if text := site.Get(bitola).Text("main"); strings.Contains(text, "Changement de contour") || strings.Contains(text, "ne se comparent pas à ceux de cette fiche") {
		t.Error("a break is told although the contour did not change")
	}
	wants(t, "fiche of 2015", site.Get("/qpv/QP088001").Want(http.StatusOK).Text("main"), "n’est plus en vigueur", "Liste de 2015")
}

func TestFichePresentationIsCleaned(t *testing.T) {
	site := portailtest.Site(t)
	exec(t, site, `UPDATE qpv SET presentation = $1 WHERE code = 'QN08801M'`,
		"# Un quartier *jeune*\n\n[lien](javascript:alert(1)) <img src=x onerror=alert(1)>\n\n<script>alert(1)</script>\n\n- un\n- deux")
	p := site.Get(bitola).Want(http.StatusOK)
	if h3 := p.Text("#presentation h3"); h3 != "Un quartier jeune" {
		t.Errorf("heading %q", h3)
	}
	if p.Find("#presentation li").Length() != 2 || p.Find("#presentation").Find("img, script, [href^=javascript]").Length() > 0 {
		t.Error("the presentation is not what its author may write")
	}
	if p.Find(`.fr-summary a[href="#presentation"]`).Length() != 1 {
		t.Error("the summary leaves the presentation out")
	}
}

func TestHostileNamesStayText(t *testing.T) {
	site := portailtest.Site(t)
	const evil = `"><script>alert(1)</script><img src=x onerror=alert(1)>`
	exec(t, site, `UPDATE qpv SET nom = $1, delegue_fonction = $1, contour_millesime = $1`, evil)
	exec(t, site, `UPDATE territoire SET nom = $1`, evil)
	exec(t, site, `UPDATE qpv_epci SET nom = $1`, evil)
	exec(t, site, `UPDATE qpv_ancien SET nom = $1`, evil)
	exec(t, site, `UPDATE contrat_anct SET nom = $1 || id`, evil)
	exec(t, site, `UPDATE lieu SET nom = $1, adresse = $1, complement = $1`, evil)
	exec(t, site, `UPDATE mise_a_jour SET detail = $1`, evil)
	exec(t, site, `UPDATE valeur SET source = $1`, evil)
	exec(t, site, `UPDATE indicateur SET libelle = $1, definition = $1, producteur = $1, reserve = $1`, evil)
	exec(t, site, `INSERT INTO qpv_label (qpv_id, label, detail, source) SELECT id, 'npnru', $1, $1 FROM qpv`, evil)
	for _, path := range []string{bitola, bitola + "?ancien=QP088001", "/qpv/QP088002"} {
		p := site.Get(path)
		if odd := p.Find("main script, main img, [onerror]"); odd.Length() > 0 {
			t.Errorf("%s: a name became <%s>", path, goquery.NodeName(odd))
		}
	}
	wants(t, "heading", site.Get(bitola).Text("h1"), evil)
}
