package journal_test

import (
	"bytes"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"portail/internal/droits"
	"portail/internal/fault"
	"portail/internal/journal"
	"portail/internal/pg"
	"portail/internal/portailtest"
)

// write adds n lines by nobody in particular.
func write(t *testing.T, db *pgxpool.Pool, verbe string, n int) {
	t.Helper()
	err := pg.As(t.Context(), db, droits.Compte{}, func(tx pgx.Tx) error {
		for i := range n {
			if err := journal.Note(t.Context(), tx, droits.Compte{Requete: "r-1"}, verbe, "essai", int64(i+1), journal.Changement{"valeur": {i, i + 1}}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func exec(t *testing.T, db *pgxpool.Pool, sql string) {
	t.Helper()
	if _, err := db.Exec(t.Context(), sql); err != nil {
		t.Fatal(err)
	}
}

func verify(t *testing.T, db *pgxpool.Pool, temoin string) journal.Etat {
	t.Helper()
	e, err := journal.Verify(t.Context(), db, temoin)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func TestTheChainNamesWhatWasTamperedWith(t *testing.T) {
	for name, c := range map[string]struct{ deed, told string }{
		"nothing":                  {``, ""},
		"a word changed":           {`UPDATE journal SET verbe = 'rien' WHERE id = 3`, "3 contenu modifié"},
		"a detail changed":         {`UPDATE journal SET detail = '{"valeur": [2, 4]}' WHERE id = 3`, "3 contenu modifié"},
		"the hour changed":         {`UPDATE journal SET le = le - interval '1 day' WHERE id = 3`, "3 contenu modifié"},
		"the author changed":       {`UPDATE journal SET compte_id = 7 WHERE id = 3`, "3 contenu modifié"},
		"a line deleted":           {`DELETE FROM journal WHERE id = 3`, "4 ligne manquante"},
		"the first line deleted":   {`DELETE FROM journal WHERE id = 1`, "2 ligne manquante"},
		"changed and sealed again": {`UPDATE journal SET verbe = 'rien' WHERE id = 3; UPDATE journal j SET empreinte = journal_empreinte(j) WHERE id = 3`, "4 ne suit pas"},
		"moved and renumbered":     {`DELETE FROM journal WHERE id = 3; UPDATE journal SET id = id - 1 WHERE id > 3`, "3 ne suit pas"},
	} {
		t.Run(name, func(t *testing.T) {
			db := portailtest.DB(t)
			write(t, db, "écrit", 5)
			exec(t, db, `ALTER TABLE journal DISABLE TRIGGER USER;`+c.deed+`; ALTER TABLE journal ENABLE TRIGGER USER`)
			e := verify(t, db, "")
			if c.told == "" {
				if len(e.Ruptures) > 0 || e.Lignes != 5 || e.Dernier != 5 || len(e.Sceau) != 64 {
					t.Errorf("%+v", e)
				}
				return
			}
			if len(e.Ruptures) == 0 || !strings.HasPrefix(fmt.Sprintf("%d %s", e.Ruptures[0].ID, e.Ruptures[0].Raison), c.told) {
				t.Errorf("told %+v, want %q", e.Ruptures, c.told)
			}
		})
	}
}

func TestACutEndIsSeenByItsWitness(t *testing.T) {
	db := portailtest.DB(t)
	write(t, db, "écrit", 5)
	before := verify(t, db, "")
	temoin := fmt.Sprintf("%d:%s", before.Dernier, before.Sceau)
	write(t, db, "écrit", 1)
	if e := verify(t, db, temoin); !e.TemoinBon || len(e.Ruptures) > 0 {
		t.Errorf("the witness is not found: %+v", e)
	}
	exec(t, db, `ALTER TABLE journal DISABLE TRIGGER USER; DELETE FROM journal WHERE id >= 5; ALTER TABLE journal ENABLE TRIGGER USER`)
	if e := verify(t, db, temoin); e.TemoinBon || !e.Temoigne {
		t.Errorf("lines cut off the end are not seen: %+v", e)
	}
}

func TestEvenTheOwnerCannotRewriteByMistake(t *testing.T) {
	db := portailtest.DB(t)
	write(t, db, "écrit", 1)
	for _, sql := range []string{`UPDATE journal SET verbe = 'x'`, `DELETE FROM journal`, `TRUNCATE journal`} {
		if _, err := db.Exec(t.Context(), sql); err == nil {
			t.Errorf("%s is let through", sql)
		}
	}
}

func TestOnlyAdministratorsReadTheJournal(t *testing.T) {
	v := portailtest.SiteOn(t, portailtest.DB(t))
	v.Get("/administration/journal").Want(http.StatusSeeOther)
	for _, role := range droits.Roles {
		b := v.SignIn(role, "Préfecture")
		want := http.StatusForbidden
		if role == droits.Administrateur {
			want = http.StatusOK
		}
		b.Get("/administration/journal").Want(want)
		b.Get("/administration/journal/fichier.ods").Want(want)
	}
}

func TestFilters(t *testing.T) {
	v := portailtest.SiteOn(t, portailtest.DB(t))
	b := v.SignIn(droits.Administrateur, "Préfecture")
	write(t, v.DB, "organisme créé", 3)
	rows := func(query string) []string {
		t.Helper()
		var all []string
		page := b.Get("/administration/journal?" + query).Want(http.StatusOK)
		for i := range page.Find("#journal tbody tr").Length() {
			all = append(all, strings.Join(strings.Fields(page.Find("#journal tbody tr").Eq(i).Text()), " "))
		}
		return all
	}
	if got := rows("verbe=organisme+cr%C3%A9%C3%A9"); len(got) != 3 || !strings.Contains(got[0], "Organisme créé") || !strings.Contains(got[0], "essai n° 3") || !strings.Contains(got[0], "Valeur : 2 remplacé par 3") {
		t.Errorf("by deed: %q", got)
	}
	for query, want := range map[string]int{
		"objet=essai": 3, "objet=essai&id=2": 1, "id=inconnu": 0, "q=ORGANISME+CREE": 3, "q=r-1": 3, "q=100%25_": 0, "qui=essai+administrateur": 1, "qui=personne": 0,
		"du=2020-01-01&au=2020-12-31": 0, "du=2020-01-01": 4, "compte=999999": 0,
	} {
		if got := rows(query); len(got) != want {
			t.Errorf("%s: %d lines, want %d: %q", query, len(got), want, got)
		}
	}
	page := b.Get("/administration/journal?objet=essai&id=2").Want(http.StatusOK)
	if tags := page.Text(".filtres-actifs"); !strings.Contains(tags, "objet : essai") || !strings.Contains(tags, "numéro 2") {
		t.Errorf("active filters: %q", tags)
	}
	for _, bad := range []string{"du=hier", "compte=x", "avant=-1", "avant=1&apres=1", "q=" + strings.Repeat("x", 201)} {
		b.Get("/administration/journal?" + bad).Want(http.StatusBadRequest)
	}
}

func TestPagesFollowEachOther(t *testing.T) {
	v := portailtest.SiteOn(t, portailtest.DB(t))
	b := v.SignIn(droits.Administrateur, "Préfecture")
	write(t, v.DB, "écrit", 2*journal.ParPage+7)
	seen := map[string]bool{}
	at, pages := "/administration/journal?objet=essai", 0
	for at != "" {
		page := b.Get(at).Want(http.StatusOK)
		pages++
		page.Find("#journal .journal-numero").Each(func(_ int, s *goquery.Selection) { seen[s.Text()] = true })
		next, _ := page.Find(".fr-pagination__link--next").Attr("href")
		if at = next; pages > 10 {
			t.Fatal("pages do not end")
		}
		if at == "" {
			back, _ := page.Find(".fr-pagination__link--prev").Attr("href")
			if n := b.Get(back).Want(http.StatusOK).Find("#journal tbody tr").Length(); n != journal.ParPage {
				t.Errorf("the page before the last has %d lines", n)
			}
		}
	}
	if pages != 3 || len(seen) != 2*journal.ParPage+7 {
		t.Errorf("%d lines on %d pages", len(seen), pages)
	}
}

func TestThePageCostsTheSameWhateverTheJournal(t *testing.T) {
	v := portailtest.SiteOn(t, portailtest.DB(t))
	b := v.SignIn(droits.Administrateur, "Préfecture")
	cost := func() int {
		return portailtest.CountStatements(t, v.DB, func() { b.Get("/administration/journal").Want(http.StatusOK) }).Statements()
	}
	few := cost()
	write(t, v.DB, "écrit", 200)
	if many := cost(); many != few || many > 8 {
		t.Errorf("%d statements for 200 lines, %d for one", many, few)
	}
}

func TestExportIsJournalled(t *testing.T) {
	v := portailtest.SiteOn(t, portailtest.DB(t))
	b := v.SignIn(droits.Administrateur, "Préfecture")
	write(t, v.DB, "=1+1", 2)
	page := b.Get("/administration/journal/fichier.ods?objet=essai").Want(http.StatusOK)
	if !bytes.HasPrefix(page.Body, []byte("PK")) || !strings.Contains(page.Header.Get("Content-Disposition"), "journal-") {
		t.Errorf("not a spreadsheet: %v", page.Header)
	}
	last := b.Get("/administration/journal?verbe=" + url.QueryEscape("journal exporté")).Want(http.StatusOK)
	if text := last.Text("#journal tbody tr"); !strings.Contains(text, "Lignes : 2") || !strings.Contains(text, "objet : essai") {
		t.Errorf("the export is not journalled: %q", text)
	}
}

func FuzzParseFiltres(f *testing.F) {
	for _, seed := range []string{"", "du=2026-11-22&au=2026-11-30&qui=caf", "du=9999999-01-01", "compte=-1", "avant=3", "avant=1&apres=2", "verbe=%00", "id=1%27--"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		q, err := url.ParseQuery(raw)
		if err != nil {
			return
		}
		if _, err := journal.ParseFiltres(q); err != nil && !errors.Is(err, fault.Malformed) {
			t.Errorf("%q: %v", raw, err)
		}
	})
}
