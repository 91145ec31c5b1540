package contrat_test

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"portail/internal/portailtest"
)

// feuille is the content of a spreadsheet, as XML.
func feuille(t *testing.T, ods []byte) string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(ods), int64(len(ods)))
	if err != nil {
		t.Fatal(err)
	}
	f, err := z.Open("content.xml")
	if err != nil {
		t.Fatal(err)
	}
	content, err := io.ReadAll(f)
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}

// TestTheBoardAsASpreadsheet downloads the board of signatures as it is filtered, and what leaves is noted.
func TestTheBoardAsASpreadsheet(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	s.complete()
	s.acte(s.gestionnaire, 1, "negocier")
	s.acte(s.gestionnaire, 1, "mettre-a-la-signature")
	const board = "/agents/contrats/signatures"
	late := func(days int) {
		s.Exec(`UPDATE contrat_version SET a_signer_le = now() - make_interval(days => $1::int)`, days)
	}
	for _, c := range []struct {
		query string
		days  int
		rows  bool
	}{{"", 5, true}, {"?retard=oui", 5, false}, {"?retard=oui", 40, true}} {
		late(c.days)
		shown := s.gestionnaire.Get(board + c.query).Want(200)
		rows := shown.Find("#signatures tbody tr")
		content := feuille(t, s.gestionnaire.Get(board+"/fichier.ods"+c.query).Want(200).Body)
		if c.rows != (rows.Length() > 0) {
			t.Errorf("%s, %d days: %d rows on the page", c.query, c.days, rows.Length())
		}
		if n := strings.Count(content, "<text:p>Agglomération</text:p>"); (n > 0) != c.rows {
			t.Errorf("%s, %d days: the file names the intercommunalité %d times", c.query, c.days, n)
		}
		rows.Each(func(_ int, row *goquery.Selection) {
			party := strings.TrimSpace(row.Find("td").First().Contents().First().Text())
			if party != "" && !strings.Contains(content, party) {
				t.Errorf("%s, %d days: %q is not in the file", c.query, c.days, party)
			}
		})
		if shown.Find(`a[href="`+board+"/fichier.ods"+c.query+`"]`).Length() != 1 {
			t.Errorf("%s: the page does not offer the file of what it shows", c.query)
		}
	}
	if n := s.Value(`SELECT count(*) FROM journal WHERE verbe = 'signatures exportées'`); n != "3" {
		t.Errorf("%s exports are noted, want 3", n)
	}
	s.Get(board + "/fichier.ods").Want(303) // nobody who has not signed in
}

// TestAPartyThatMaySignOrNotIsNeverLate freezes a text forty days ago: those whose signature is due are late everywhere, the landlord, who may
// sign or not, nowhere.
func TestAPartyThatMaySignOrNotIsNeverLate(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	s.complete()
	s.acte(s.gestionnaire, 1, "negocier")
	s.acte(s.gestionnaire, 1, "mettre-a-la-signature")
	s.Exec(`UPDATE contrat_version SET a_signer_le = now() - interval '40 days'`)
	late := s.gestionnaire.Get("/agents/contrats/signatures?retard=oui").Want(200)
	if got := late.Find("#signatures tbody tr").Length(); got != 5 || strings.Contains(late.Text("#signatures"), "Bailleur") {
		t.Errorf("%d parties are late: %s", got, late.Text("#signatures"))
	}
	board := s.gestionnaire.Get("/agents/contrats/signatures").Want(200)
	if got := board.Text("#signatures"); !strings.Contains(got, "Peut signer depuis le") || strings.Count(got, "En retard, attendue depuis le") != 5 {
		t.Errorf("the board: %s", got)
	}
	if got := strings.ReplaceAll(board.Text("main"), "\u00a0", " "); !strings.Contains(got, "parties en retard de plus de 30 jours5") { // a figure after its label
		t.Errorf("the figures: %s", got)
	}
	if got := s.gestionnaire.Get(path(s.contrat, 1, "")).Want(200).Text(fmt.Sprintf("#parties-%d", s.partie(1, "bailleur"))); strings.Contains(got, "retard") {
		t.Errorf("the contract's page: %s", got)
	}
	due := `SELECT string_agg(o.nom, ', ' ORDER BY o.nom) FROM echeance_contrat e JOIN organisme o ON o.id = e.organisme_id WHERE e.sorte = 'contrat_signature'`
	if got := s.Value(due); got != "Agglomération, Département, Préfecture, Région, Ville" {
		t.Errorf("échéances of %s", got)
	}
	for _, p := range []string{"/tableau-de-bord", "/echeances"} {
		if got := s.referent("bailleur").Get(p).Want(200).Text("main table"); strings.Contains(got, "Signature attendue") {
			t.Errorf("%s of the landlord: %s", p, got)
		}
	}
}

// TestEngagementsOfTwoContractsAreToldApart has the same engagement, word for word, in two contracts: what is due names each with its contract.
func TestEngagementsOfTwoContractsAreToldApart(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	s.signed()
	first := s.contrat
	s.gestionnaire.Edit("/agents/contrats/nouveau", "titre", "Contrat voisin", "epci", s.Value(`SELECT min(t.id) FROM territoire t JOIN qpv_epci e ON e.epci = t.code WHERE t.niveau = 'epci'`)).Want(303)
	s.contrat = s.Number(`SELECT max(id) FROM contrat`)
	s.signed()
	if s.contrat == first {
		t.Fatal("one contract")
	}
	list := s.referent("commune").Get("/echeances?sorte=contrat_engagement&periode=toutes").Want(200).Text("main")
	for _, want := range []string{"Ouvrir une permanence – Contrat d’essai", "Ouvrir une permanence – Contrat voisin"} {
		if !strings.Contains(list, want) {
			t.Errorf("the échéances do not name %q: %s", want, list)
		}
	}
}

// TestTheDashboardCountsOnesOwnLateEngagements has an engagement of the town past its day: it is late for the town and for the préfecture, and
// not for the other parties of the same contract.
func TestTheDashboardCountsOnesOwnLateEngagements(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	s.signed()
	s.Exec(`ALTER TABLE contrat_engagement DISABLE TRIGGER contrat_engagement_fige`)
	s.Exec(`UPDATE contrat_engagement SET cible_le = current_date - 1`)
	for who, c := range map[string]struct {
		by   *portailtest.Visitor
		want string
	}{"the préfecture": {s.gestionnaire, "1"}, "the town": {s.referent("commune"), "1"}, "the intercommunalité": {s.referent("epci"), "0"}, "the landlord": {s.referent("bailleur"), "0"}} {
		if got := strings.TrimSpace(c.by.Get("/tableau-de-bord").Want(200).Find("#table-bloc-contrats tbody tr td").Last().Text()); got != c.want {
			t.Errorf("%s is told %q late engagements, want %s", who, got, c.want)
		}
	}
}
