package intervention_test

import (
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"portail/internal/droits"
	"portail/internal/lien"
	"portail/internal/portailtest"
)

func text(s *goquery.Selection) string { return strings.Join(strings.Fields(s.Text()), " ") }

// TestTotalsCountEachAmountOnce holds the matrix against sums made by hand.
func TestTotalsCountEachAmountOnce(t *testing.T) {
	s := scenario(t)
	s.contrat(t, "signe")
	declare(s.caf, "montant", "12 000,50").Want(303)                                                            // santé, quartier
	declare(s.caf, "description", "Autre", "montant", "2 000", "credits", "specifiques", "etp", "").Want(303)   // santé, quartier
	declare(s.ars, "description", "Dépistage", "montant", "", "etp", "", "places", "").Want(303)                // not quantified
	declare(s.ars, "qpv", other, "thematique", "emploi", "montant", "300", "etp", "", "places", "10").Want(303) // emploi, other
	declare(s.ars, "qpv", other, "thematique", "emploi", "annee", "2024", "montant", "77").Want(303)            // another year

	name, otherName := s.Value(`SELECT nom FROM qpv WHERE code = $1`, quartier), s.Value(`SELECT nom FROM qpv WHERE code = $1`, other)
	const page = lien.Interventions + "?annee=2025"
	p := s.staff.Get(page).Want(200)
	for _, c := range []struct{ row, column, want string }{
		// Three declared actions here; the common engagement is present (santé and droits), its 500 € are not.
		{name, "Santé", "4 actions 14 000,50 €, 0,5 ETP, 80 places ARS, CAF"},
		{name, "Cadre de vie", "2 actions 1 000 €, et 9 000 € sur plusieurs années CAF"},
		{name, "Pauvreté et accès aux droits", "1 action non chiffrée CAF"},
		{name, "Emploi", "Aucune action déclarée"},
		{otherName, "Emploi", "1 action 300 €, 10 places ARS"},
		{otherName, "Santé", "1 action non chiffrée CAF"},
		{"Plusieurs quartiers", "Plusieurs thématiques, ou non précisée", "1 action 500 € CAF"},
		{name, "Total", "6 actions 15 000,50 €, 0,5 ETP, 80 places, et 9 000 € sur plusieurs années, 87 % de droit commun"},
		{"Total", "Santé", "4 actions 14 000,50 €, 0,5 ETP, 80 places, 86 % de droit commun"},
		{"Total", "Total", "7 actions 15 800,50 €, 0,5 ETP, 90 places, et 9 000 € sur plusieurs années, 84 % de droit commun"},
	} {
		if got := cell(p, c.row, c.column); got != c.want {
			t.Errorf("%s, %s: %q, want %q", c.row, c.column, got, c.want)
		}
	}
	// 15 000,50 € over the inhabitants of the quarter.
	inhabitants := s.Value(`SELECT v.valeur FROM valeur_publiee v JOIN qpv q ON q.id = v.qpv_id WHERE q.code = $1 AND v.indicateur = 'population_municipale' ORDER BY v.millesime DESC NULLS LAST LIMIT 1`, quartier)
	want := strings.Replace(s.Value(`SELECT round(15000.50 / $1::text::numeric, 2)`, inhabitants), ".", ",", 1) + " €"
	if got := cell(p, name, "Par habitant"); got != want {
		t.Errorf("per inhabitant: %q, want %q of %s", got, want, inhabitants)
	}
	if got := s.Value(`SELECT count(*) FROM intervention_vue WHERE annee > extract(year FROM current_date) AND montant IS NOT NULL`); got != "0" {
		t.Errorf("%s amounts of years to come", got)
	}
	if years := p.Text("#annees tbody"); !strings.Contains(years, "2025 7 15 800,50 €") || !strings.Contains(years, "2024") || !strings.Contains(years, "Sur plusieurs années montants qui ne sont comptés dans aucune1 9 000 €") {
		t.Errorf("totals of the years: %s", years)
	}
	if services := p.Text("#services tbody"); !strings.Contains(services, "15 500,50 €") || !strings.Contains(services, "300 €") {
		t.Errorf("totals of the services: %s", services)
	}
	// Filters: what is left adds up likewise.
	for query, want := range map[string]string{
		"&credits=specifiques":                       "3 actions 2 500 €, 40 places, et 9 000 € sur plusieurs années, 0 % de droit commun",
		"&thematique=sante":                          "4 actions 14 500,50 €, 0,5 ETP, 80 places, 83 % de droit commun",
		"&qpv=" + other:                              "2 actions 800 €, 10 places, 38 % de droit commun",
		"&qpv=plusieurs":                             "1 action 500 €, 0 % de droit commun",
		"&vue=service-thematique":                    "7 actions 15 800,50 €, 0,5 ETP, 90 places, et 9 000 € sur plusieurs années, 84 % de droit commun",
		"&vue=service-quartier&credits=droit_commun": "4 actions 13 300,50 €, 0,5 ETP, 50 places, 100 % de droit commun",
		"&service=" + s.Value(`SELECT id FROM organisme WHERE sigle = 'ARS'`): "2 actions 300 €, 10 places, 100 % de droit commun",
	} {
		if got := cell(s.staff.Get(page+query).Want(200), "Total", "Total"); got != want {
			t.Errorf("%s: %q, want %q", query, got, want)
		}
	}
	// Each cell leads to the lines that it counts.
	p.Find("#matrice tbody a[href*='/lignes']").Each(func(_ int, a *goquery.Selection) {
		href, _ := a.Attr("href")
		counted, _, _ := strings.Cut(a.Text(), "\u00a0")
		if lines := s.staff.Get(href).Want(200).Find("#lignes tbody tr").Length(); itoa(lines) != counted {
			t.Errorf("%s: %d lines behind %q", href, lines, a.Text())
		}
	})
}

// TestWhatIsNotSharedStaysOut looks at the matrix as organisations that a contract does not concern.
func TestWhatIsNotSharedStaysOut(t *testing.T) {
	for etat, seen := range map[string]bool{"negociation": false, "signe": true} {
		t.Run(etat, func(t *testing.T) {
			s := scenario(t)
			s.contrat(t, etat)
			s.Exec(`INSERT INTO adulte_relais (numero, employeur_id, categorie, departement, missions, debut, fin, etat, signee_le)
				SELECT 'AR-1', id, 'association', '88', '{conflits}', '2025-01-01', '2026-12-31', 'signee', '2024-12-01' FROM organisme WHERE sigle = 'CAF'`)
			for name, c := range map[string]struct {
				by   *portailtest.Visitor
				want bool
			}{"a party": {s.caf, seen}, "staff": {s.staff, seen}, "another organisation": {s.ars, false}} {
				for _, path := range []string{lien.Interventions + "?annee=2025", lien.InterventionsLignes + "?annee=2025", lien.InterventionsLignes + "/fichier.csv?annee=2025", lien.Diagnostic(quartier)} {
					body := string(c.by.Get(path).Want(200).Body)
					own := path == lien.InterventionsLignes+"?annee=2025" || strings.HasSuffix(path, "csv?annee=2025")
					if got := strings.Contains(body, "Engagement commun"); own && got != c.want || !c.want && got {
						t.Errorf("%s, %s: the engagement is shown: %v", name, path, got)
					}
					if got := strings.Contains(body, "AR-1"); own && got != (name != "another organisation") {
						t.Errorf("%s, %s: the convention of adulte-relais is shown: %v", name, path, got)
					}
				}
			}
			if got := cell(s.ars.Get(lien.Interventions+"?annee=2025"), "Total", "Total"); got != "0" {
				t.Errorf("another organisation counts %q", got)
			}
		})
	}
}

// TestAdultesRelaisAndProgrammesComeIn holds what other areas hold against amounts made by hand.
func TestAdultesRelaisAndProgrammesComeIn(t *testing.T) {
	s := scenario(t)
	for _, sql := range []string{
		`INSERT INTO adulte_relais (numero, employeur_id, categorie, departement, missions, quotite, debut, fin, etat, signee_le) SELECT 'AR-1', id, 'association', '88', '{cadre_de_vie,vie_associative}', 50, '2023-01-01', '2023-12-31', 'pourvue', '2022-12-01' FROM organisme WHERE sigle = 'CAF'`,
		`INSERT INTO adulte_relais_qpv SELECT a.id, q.id FROM adulte_relais a, qpv q WHERE q.code = '` + quartier + `'`,
		`INSERT INTO adulte_relais_occupation (adulte_relais_id, debut, fin, conditions_le) SELECT id, '2023-07-01', '2023-12-31', '2023-06-01' FROM adulte_relais`,
		`INSERT INTO pre (nom, porteur_id, porteur_nature, domaines, debut) SELECT 'Programme d’essai', id, 'ccas', '{scolarite,culture}', '2023-01-01' FROM organisme WHERE sigle = 'CAF'`,
		`INSERT INTO pre_qpv SELECT p.id, q.id FROM pre p, qpv q WHERE q.code IN ('` + quartier + `', '` + other + `')`,
		`INSERT INTO pre_budget SELECT id, 2023, f, m FROM pre, (VALUES ('etat', 40000), ('commune', 10000), ('caf', 5000)) x(f, m)`,
	} {
		s.Exec(sql)
	}
	p := s.staff.Get(lien.Interventions + "?annee=2023").Want(200)
	name := s.Value(`SELECT nom FROM qpv WHERE code = $1`, quartier)
	for _, c := range []struct{ row, column, want string }{
		// 184 days of 365 at half-time of 22 555,73 €: 5 685,28 €.
		{name, "Cadre de vie", "1 action 5 685,28 €, 0,5 ETP CAF"},
		{name, "Éducation", "1 action non chiffrée CAF"}, // the same budget for two quarters is not shared out
		{"Plusieurs quartiers", "Éducation", "1 action 55 000 € CAF"},
		{"Total", "Éducation", "1 action 55 000 €, 27 % de droit commun"},
	} {
		if got := cell(p, c.row, c.column); got != c.want {
			t.Errorf("%s, %s: %q, want %q", c.row, c.column, got, c.want)
		}
	}
	s.Exec(`UPDATE adulte_relais_montant SET a_partir_du = '2023-08-01' WHERE a_partir_du = (SELECT min(a_partir_du) FROM adulte_relais_montant)`)
	s.Exec(`DELETE FROM adulte_relais_montant WHERE a_partir_du < '2023-08-01'`)
	if got := cell(s.staff.Get(lien.Interventions+"?annee=2023"), name, "Cadre de vie"); got != "1 action 0,5 ETP CAF" {
		t.Errorf("an amount that is not known for all days: %q", got)
	}
	if lines := s.staff.Get(lien.InterventionsLignes + "?annee=2023").Text("#lignes"); !strings.Contains(lines, "part de l’État") || !strings.Contains(lines, "part des autres financeurs") {
		t.Errorf("the lines of the programme: %s", lines)
	}
}

// TestEmptyCellsAreOffered says of the cells without an action that they are levers, and to whom.
func TestEmptyCellsAreOffered(t *testing.T) {
	s := scenario(t)
	declare(s.caf).Want(303)
	delegue := s.SignIn(droits.Delegue, "Préfecture")
	s.Exec(`INSERT INTO fonction_qpv SELECT f.id, q.id FROM fonction f, qpv q WHERE f.role = 'delegue' AND q.code = '` + quartier + `'`)
	for name, c := range map[string]struct {
		by   *portailtest.Visitor
		want int
	}{"référent": {s.ars, 47}, "reader": {s.SignIn(droits.Lecteur, "ARS"), 0}, "délégué, one quarter": {delegue, 7}} {
		p := c.by.Get(lien.Interventions + "?annee=2025").Want(200)
		if empty := p.Find(".matrice__vide").Length(); empty != 47 {
			t.Errorf("%s: %d empty cells of 48", name, empty)
		}
		links := p.Find("a.matrice__vide")
		if links.Length() != c.want {
			t.Errorf("%s: %d cells may be filled in, want %d", name, links.Length(), c.want)
		}
		if href, found := links.First().Attr("href"); found {
			form := c.by.Get(href).Want(200)
			if year, _ := form.Find("#annee").Attr("value"); year != "2025" || form.Find("#qpv option[selected]").Length() != 1 || form.Find("#thematique option[selected]").Length() != 1 {
				t.Errorf("%s: the form of %s does not start from the cell", name, href)
			}
		}
	}
}

// TestAddressesAreRead refuses what no link writes.
func TestAddressesAreRead(t *testing.T) {
	s := scenario(t)
	for query, status := range map[string]int{
		"?annee=deux": 400, "?annee=1789": 400, "?annee=99999999999999999999": 400, "?thematique=cuisine": 400, "?service=-1": 400, "?service=x": 400, "?credits=or": 400,
		"?vue=3d": 400, "?tri=mot_de_passe": 400, "?page=0": 404, "?page=9": 404, "?qpv=" + strings.Repeat("x", 300): 400, "?qpv=QN99999M": 200, "?service=999999999": 200, "": 200, "?annee=2031": 200,
	} {
		s.caf.Get(lien.InterventionsLignes + query).Want(status)
		if status != 404 || query == "?page=0" {
			s.caf.Get(lien.Interventions + query).Want(status)
		}
	}
	s.Fresh().Get(lien.Interventions).Want(303)
}

// TestManyLines asks for the matrix of thirty quarters, twenty-five services and three thousand lines.
func TestManyLines(t *testing.T) {
	s := scenario(t)
	count := func(path string) int {
		c := portailtest.CountStatements(t, s.Web, func() { s.staff.Get(path).Want(200) })
		if c.Statements() > 12 || c.RoundTrips() > 6 { // the session's and the account's among them
			t.Errorf("%s costs %d statements in %d round trips:\n%s", path, c.Statements(), c.RoundTrips(), c)
		}
		return c.Statements()
	}
	paths := []string{lien.Interventions + "?annee=2025", lien.Interventions + "?annee=2025&vue=service-quartier", lien.InterventionsLignes + "?annee=2025"}
	var few []int
	for _, path := range paths {
		few = append(few, count(path))
	}
	s.many(t)
	for i, path := range paths {
		if got := count(path); got != few[i] {
			t.Errorf("%s: %d statements for many lines, %d for none", path, got, few[i])
		}
	}
	p := s.staff.Get(paths[0])
	if rows := p.Find("#matrice tbody tr").Length(); rows != 31 {
		t.Errorf("%d rows, want thirty quarters and the total", rows)
	}
	if got := cell(p, "Total", "Total"); !strings.HasPrefix(got, "3 000 actions 7 500 €") {
		t.Errorf("3000 lines add up to %q", got)
	}
}

// many adds to the scene thirty quarters in all, twenty-five services and three thousand lines.
func (s scene) many(t testing.TB) {
	t.Helper()
	for _, sql := range []string{
		`INSERT INTO qpv (code, nom, departement, evolution, lon, lat, surface_ha, recherche, recherche_texte)
			SELECT 'QN0889' || lpad(n::text, 1, '0') || 'N', 'Cité ' || n, '88', 'nouveau', 6, 48, n, to_tsvector('francais', 'Cité'), 'cite' FROM generate_series(1, 9) n
			UNION ALL SELECT 'QN0887' || n || 'N', 'Cité bis ' || n, '88', 'nouveau', 6, 48, n, to_tsvector('francais', 'Cité'), 'cite' FROM generate_series(1, 9) n
			UNION ALL SELECT 'QN0886' || n || 'N', 'Cité ter ' || n, '88', 'nouveau', 6, 48, n, to_tsvector('francais', 'Cité'), 'cite' FROM generate_series(1, 6) n`,
		`INSERT INTO organisme (nom, sigle, nature) SELECT 'Service ' || n, 'S' || n, 'operateur' FROM generate_series(1, 25) n`,
		`INSERT INTO intervention (organisme_id, qpv_id, thematique, annee, credits, description, montant)
			SELECT o.id, q.id, (ARRAY['emploi', 'sante', 'logement', 'education', 'securite'])[1 + n % 5], 2025, 'droit_commun', 'Action ' || n, n
			FROM organisme o, qpv q, generate_series(1, 4) n WHERE o.nom LIKE 'Service %' AND q.departement = '88' AND q.generation = 2024`,
		`ANALYZE`,
	} {
		s.Exec(sql)
	}
}

// BenchmarkMatrice asks for the matrix of three thousand lines, as staff.
func BenchmarkMatrice(b *testing.B) {
	s := scenario(b)
	s.many(b)
	s.staff.Get(lien.Interventions + "?annee=2025").Want(200)
	for b.Loop() {
		s.staff.Get(lien.Interventions + "?annee=2025").Want(200)
	}
}
