package organisme_test

import (
	"strconv"
	"strings"
	"testing"

	"portail/internal/droits"
	"portail/internal/portailtest"
)

// The record shows what the view organisme_partie tells, kind by kind; here the view is that of the test.
func TestTheRecordShowsAllThatTheOrganisationIsPartyTo(t *testing.T) {
	v := portailtest.Site(t)
	mine, other := add(t, v, "Bailleur d’essai", "", "bailleur"), add(t, v, "Autre", "", "autre")
	v.Exec(`CREATE OR REPLACE VIEW organisme_partie WITH (security_invoker = true) AS
		SELECT x.organisme_id, x.sorte, x.objet, x.objet_id, x.libelle, x.etat, x.debut, x.fin FROM (VALUES
			(` + strconv.FormatInt(mine, 10) + `::bigint, 'contrat'::text, 'contrat'::text, 12::bigint, 'Contrat d’Épinal'::text, 'en_vigueur'::text, '2024-03-31'::date, '2030-12-31'::date),
			(` + strconv.FormatInt(other, 10) + `, 'contrat', 'contrat', 13, 'Contrat d’ailleurs', 'signe', NULL, NULL)) x (organisme_id, sorte, objet, objet_id, libelle, etat, debut, fin)
		UNION ALL SELECT ` + strconv.FormatInt(mine, 10) + `, 'engagement', 'contrat_engagement', n, 'Engagement ' || n, '', NULL, current_date + n::int FROM generate_series(1, 60) n`)
	by := v.SignIn(droits.Gestionnaire, "DDETSPP")
	var page *portailtest.Page
	asked := portailtest.CountStatements(t, v.DB, func() { page = by.Get("/organismes/" + strconv.FormatInt(mine, 10)).Want(200) })
	if asked.Statements() > 12 {
		t.Errorf("%d statements: %s", asked.Statements(), asked)
	}
	row := page.Find("#parties-contrat tbody tr")
	if got := strings.Join(strings.Fields(strings.ReplaceAll(row.Text(), "\u00a0", " ")), " "); row.Length() != 1 || got != "Contrat d’Épinal En vigueur 31 mars 2024 31 décembre 2030" {
		t.Errorf("%d contracts, %q", row.Length(), got)
	}
	if href, _ := row.Find("a").Attr("href"); href != "/agents/contrats/12" {
		t.Errorf("the contract leads to %q", href)
	}
	if n := page.Find("#parties-engagement tbody tr").Length(); n != 50 || !strings.Contains(page.Text("main"), "Et 10 autres.") {
		t.Errorf("%d commitments of sixty, %s", n, page.Text("main"))
	}
	if strings.Contains(page.Text("main"), "Contrat d’ailleurs") {
		t.Error("the record shows what is another's")
	}
}
