package contrat_test

import (
	"archive/zip"
	"bytes"
	"io"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
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
		exec(t, s.Visitor, `UPDATE contrat_version SET a_signer_le = now() - make_interval(days => $1::int)`, days)
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
	if n := asText(t, s.Visitor, `SELECT count(*) FROM journal WHERE verbe = 'signatures exportées'`); n != "3" {
		t.Errorf("%s exports are noted, want 3", n)
	}
	s.Get(board + "/fichier.ods").Want(303) // nobody who has not signed in
}
