package echeance_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"portail/internal/droits"
	"portail/internal/lien"
	"portail/internal/portailtest"
)

// TestAQuarterOfTheYear holds the page of a quarter against what was done in it.
func TestAQuarterOfTheYear(t *testing.T) {
	t.Parallel()
	site := portailtest.Site(t)
	for _, sql := range []string{
		`INSERT INTO organisme (nom, sigle, nature) VALUES ('Caisse d’essai', 'CAF-E', 'operateur')`,
		`INSERT INTO comite (nom, nature, periodicite, cree_le) VALUES ('Comité d’essai', 'cis', 'trimestrielle', '2025-01-01'), ('Comité sans séance', 'autre', 'trimestrielle', '2025-01-01'), ('Comité libre', 'autre', 'libre', '2025-01-01')`,
		`INSERT INTO seance (comite_id, debut, etat) SELECT id, '2025-02-10 14:00', 'tenue' FROM comite WHERE nom = 'Comité d’essai'`,
		`INSERT INTO seance (comite_id, debut, etat) SELECT id, '2025-05-10 14:00', 'tenue' FROM comite WHERE nom = 'Comité d’essai'`,
		`INSERT INTO decision (comite_id, numero, seance_id, texte, organisme_id, echeance, etat, motif, clos_le)
			SELECT s.comite_id, x.n, s.id, x.texte, o.id, x.echeance::date, x.etat, x.motif, x.clos::timestamptz FROM organisme o, (VALUES
				(1, '2025-02-10', 'Prise et tenue', '2025-03-20', 'faite', '', '2025-03-15'), (2, '2025-02-10', 'Prise, en retard depuis', '2025-03-01', 'en_cours', '', NULL),
				(3, '2025-02-10', 'Tenue plus tard', '2025-03-01', 'faite', '', '2025-04-02'), (4, '2025-05-10', 'Prise plus tard', '2025-06-01', 'a_faire', '', NULL),
				(5, '2025-02-10', 'Abandonnée', NULL, 'abandonnee', 'Sans objet', '2025-03-31 23:30')) x(n, seance, texte, echeance, etat, motif, clos)
			JOIN seance s ON s.debut::date = x.seance::date WHERE o.sigle = 'CAF-E'`,
		`INSERT INTO adulte_relais (numero, employeur_id, categorie, departement, debut, fin, etat, signee_le, close_le) SELECT 'R' || n, o.id, 'association', '88', d.debut::date, d.fin::date, d.etat, d.signee::date, d.close::date
			FROM organisme o, (VALUES (1, '2025-01-01', '2025-12-31', 'terminee', '2024-12-01', '2025-12-31'), (2, '2025-03-01', '2026-02-28', 'terminee', '2025-02-15', '2026-02-28'), (3, '2022-04-01', '2025-03-31', 'terminee', '2022-03-01', '2025-03-31')) d(n, debut, fin, etat, signee, close) WHERE o.sigle = 'CAF-E'`,
		`INSERT INTO adulte_relais_occupation (adulte_relais_id, debut, fin, conditions_le) SELECT id, '2025-01-15', '2025-12-31', '2025-01-10' FROM adulte_relais WHERE numero = 'R1'`,
		`INSERT INTO remontee (organisme_id, departement, millesime, echeance, etat, publiee_le) SELECT id, '88', 2024, '2025-03-31', 'publiee', '2025-03-20' FROM organisme WHERE sigle = 'CAF-E'`,
		`INSERT INTO remontee_etape (remontee_id, etat, le) SELECT id, 'publiee', '2025-03-20' FROM remontee`,
	} {
		if _, err := site.DB.Exec(t.Context(), sql); err != nil {
			t.Fatalf("%v\n%s", err, sql)
		}
	}
	direction := site.SignIn(droits.Direction, "Préfecture d’essai")
	p := direction.Get(lien.Bilan("2025-T1")).Want(http.StatusOK)
	line := func(table, row string) string {
		told := ""
		p.Find("#table-" + table + " tbody tr").Each(func(_ int, s *goquery.Selection) {
			if strings.HasPrefix(s.Text(), row) {
				var cells []string
				s.Find("th, td").Each(func(_ int, c *goquery.Selection) { cells = append(cells, strings.Join(strings.Fields(c.Text()), " ")) })
				told = strings.Join(cells, " | ")
			}
		})
		return told
	}
	for _, c := range []struct{ table, row, want string }{
		{"decisions", "Prise et tenue", "Prise, faite"}, {"decisions", "Prise, en retard", "Prise, en retard"}, {"decisions", "Tenue plus tard", "Prise, en retard"}, {"decisions", "Abandonnée", "Prise, abandonnée"},
		{"seances", "Comité d’essai", "10 février 2025"}, {"seances", "Comité sans séance", "aucune"}, {"chiffres", "Caisse d’essai", "2024 | 20/03/2025"},
		{"montants", "Conventions", "| 1 | 22 8"}, {"dispositifs", "Postes", "2 dont 1 pourvu | 1 | 1"},
	} {
		if got := line(c.table, c.row); !strings.Contains(got, c.want) {
			t.Errorf("%s, %s: %q does not say %q", c.table, c.row, got, c.want)
		}
	}
	if line("decisions", "Prise plus tard") != "" || line("seances", "Comité libre") != "" {
		t.Error("what is of another quarter, or not due, is told")
	}
	if text := p.Text("main"); !strings.Contains(text, "4 décisions prises, 1 faite, 2 en retard, 1 abandonnée.") {
		t.Errorf("the counts are wrong: %s", p.Text("#decisions ~ p"))
	}
	if odt := direction.Get(lien.BilanFichier("2025-T1")).Want(http.StatusOK); string(odt.Body[:2]) != "PK" {
		t.Error("the document is no ODT")
	}
	for _, path := range []string{"/bilans/2025-T5", "/bilans/2025", "/bilans/2013-T4", "/bilans/2099-T1", "/bilans/x", "/bilans/2099-T1/bilan.odt"} {
		direction.Get(path).Want(http.StatusNotFound)
	}
	for name, c := range map[string]struct {
		by     *portailtest.Visitor
		status int
	}{"a partner": {site.SignIn(droits.Referent, "CAF-E"), 403}, "a reader": {site.SignIn(droits.Lecteur, "CAF-E"), 403}, "a délégué": {site.SignIn(droits.Delegue, "Préfecture d’essai"), 200}, "a visitor": {site.Fresh(), 303}} {
		if got := c.by.Get(lien.Bilan("2025-T1")); got.Status != c.status {
			t.Errorf("%s: %d", name, got.Status)
		}
	}
	count := portailtest.CountStatements(t, site.Web, func() { direction.Get(lien.Bilan("2025-T1")).Want(http.StatusOK) })
	if count.Statements() > 11 || count.RoundTrips() > 5 {
		t.Errorf("the page costs %d statements in %d round trips:\n%s", count.Statements(), count.RoundTrips(), count)
	}
}
