package contrat_test

import (
	"fmt"
	"net/url"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"portail/internal/droits"
	"portail/internal/pg"
	"portail/internal/portailtest"
)

// TestTwoBrowsers saves the same section from two browsers: the second gets both texts, loses nothing, and merges.
func TestTwoBrowsers(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	section := s.section(1, "preambule")
	edit := path(s.contrat, 1, fmt.Sprintf("sections/%d/modifier", section))
	other := s.Visitor.SignIn(droits.Gestionnaire, "Préfecture annexe")
	mine, theirs := s.gestionnaire.Get(edit).Want(200).Fields(edit, "texte", "Un mien texte"), other.Get(edit).Want(200).Fields(edit, "texte", "Un autre texte", "motif", "Relecture")
	other.Post(edit, theirs).Want(303)
	page := s.gestionnaire.Post(edit, mine).Want(409)
	if got := page.Text("#conflit"); !strings.Contains(got, "Un autre texte") || !strings.Contains(got, "Un mien texte") {
		t.Errorf("the conflict shows %q", got)
	}
	if got := page.Find("textarea[name=texte]").Text(); got != "Un mien texte" {
		t.Errorf("what was typed came back as %q", got)
	}
	merged := page.Fields(edit, "texte", "Un mien et un autre texte")
	s.gestionnaire.Post(edit, merged).Want(303)
	if got := s.Value(`SELECT texte || ' ' || revision FROM contrat_section WHERE id = $1`, section); got != "Un mien et un autre texte 2" {
		t.Errorf("the section is %q", got)
	}
	compare := s.gestionnaire.Get(path(s.contrat, 1, fmt.Sprintf("sections/%d/comparaison?de=1&a=2", section))).Want(200)
	if got := compare.Find("ins").Text(); !strings.Contains(got, "mien et un") {
		t.Errorf("the revisions differ by %q", got)
	}
	s.gestionnaire.Post(edit, merged).Want(303) // the same text again is no revision
	if n := s.Value(`SELECT count(*) FROM contrat_revision WHERE section_id = $1`, section); n != "2" {
		t.Errorf("%s revisions", n)
	}
	stale := s.gestionnaire.Get(path(s.contrat, 1, "cadre")).Want(200).Fields(path(s.contrat, 1, "cadre"), "titre", "Mon titre")
	s.do(other, 1, "cadre", "titre", "Leur titre")
	if page := s.gestionnaire.Post(path(s.contrat, 1, "cadre"), stale).Want(409); !strings.Contains(page.Text("#versions"), "Leur titre") {
		t.Error("a stale form does not show both versions")
	}
}

// TestWhoSeesWhat opens the pages of a draft as everybody: the préfecture and the parties see it, nobody else knows that it exists.
func TestWhoSeesWhat(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	s.addParties(1)
	s.addArbre(1)
	section := path(s.contrat, 1, fmt.Sprintf("sections/%d", s.section(1, "preambule")))
	party, stranger := s.referent("commune"), s.Visitor.SignIn(droits.Referent, "Autre organisme")
	reader := s.Visitor.SignIn(droits.Lecteur, "Ville")
	pages := []string{path(s.contrat, 1, ""), section, path(s.contrat, 1, "comparaison"), fmt.Sprintf("/agents/contrats/%d", s.contrat)}
	for _, p := range pages {
		for who, by := range map[string]*portailtest.Visitor{"party": party, "reader of the party": reader, "direction": s.direction} {
			if got := by.Get(p).Status; got != 200 && got != 303 {
				t.Errorf("%s, by %s: %d", p, who, got)
			}
		}
		stranger.Get(p).Want(404)
		s.Visitor.Fresh().Get(p).Want(303) // sign in first
	}
	if got := stranger.Get("/agents/contrats").Want(200).Text("main"); strings.Contains(got, "Contrat d’essai") {
		t.Error("a stranger reads the title of a draft")
	}
	if got := party.Get("/agents/contrats").Want(200).Text("main"); !strings.Contains(got, "Contrat d’essai") {
		t.Error("a party does not see its draft in the list")
	}
	for _, p := range []string{"cadre", "axes/nouveau", "parties/nouvelle", "negocier"} {
		party.Get(path(s.contrat, 1, p)).Want(403)
		party.Post(path(s.contrat, 1, p), url.Values{}).Want(403)
	}
	// Another party's signatories are theirs.
	theirs := path(s.contrat, 1, fmt.Sprintf("parties/%d/signataires", s.partie(1, "region")))
	party.Post(theirs, url.Values{"cle": {"00000000-0000-4000-8000-000000000001"}, "nom": {"X"}, "qualite": {"Y"}, "nature": {"elu"}}).Want(403)

	comment := url.Values{"cle": {"00000000-0000-4000-8000-000000000002"}, "commentaire": {"Un mot de la ville"}}
	party.Post(section+"/commentaires", comment).Want(303)
	party.Post(section+"/commentaires", comment).Want(303) // a double click
	if n := s.Value(`SELECT count(*) FROM contrat_commentaire`); n != "1" {
		t.Errorf("%s comments", n)
	}
	reader.Post(section+"/commentaires", comment).Want(403)
	stranger.Post(section+"/commentaires", url.Values{"cle": {"00000000-0000-4000-8000-000000000003"}, "commentaire": {"x"}}).Want(404)
	thread := s.Value(`SELECT max(id) FROM contrat_commentaire`)
	s.gestionnaire.Post(section+"/resolution", url.Values{"fil": {thread}, "resolu": {"oui"}}).Want(303)
	if got := party.Get(section).Want(200).Text("main"); !strings.Contains(got, "Un mot de la ville") || !strings.Contains(got, "Résolue") {
		t.Errorf("the discussion reads %q", got)
	}
	party.Post(section+"/resolution", url.Values{"fil": {thread}, "resolu": {"non"}}).Want(303)
}

// TestSecondWall asks the tables themselves, as the web server would for each: row-level security answers without the handlers.
func TestSecondWall(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	s.signed()
	section := s.section(1, "preambule")
	s.Exec(`INSERT INTO contrat_commentaire (contrat_id, section_id, texte, par, organisme_id) SELECT $1, $2, 'secret', c.id, o.id FROM compte c, organisme o LIMIT 1`, s.contrat, section)
	city := s.Number(`SELECT min(id) FROM organisme WHERE nom = 'Ville'`)
	pref, party, stranger := droits.Compte{ID: 1, Role: droits.Gestionnaire}, droits.Compte{ID: 2, Role: droits.Referent, Organisme: city}, droits.Compte{ID: 3, Role: droits.Referent, Organisme: 999}
	count := func(par droits.Compte, table string) (n int) {
		t.Helper()
		err := pg.As(t.Context(), s.Web, par, func(tx pgx.Tx) error { return tx.QueryRow(t.Context(), `SELECT count(*) FROM `+table).Scan(&n) })
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	tables := []string{"contrat", "contrat_version", "contrat_qpv", "contrat_partie", "contrat_signataire", "contrat_signature", "contrat_axe", "contrat_objectif", "contrat_engagement", "contrat_section"}
	private := []string{"contrat_revision", "contrat_commentaire"}
	for _, table := range append(tables, private...) {
		if count(pref, table) == 0 || count(party, table) == 0 {
			t.Errorf("%s is empty for those whose it is", table)
		}
		if count(stranger, table)+count(droits.Compte{}, table) != 0 {
			t.Errorf("%s is not, for others", table)
		}
	}
	s.acte(s.direction, 1, "publier")
	for _, table := range tables {
		if count(droits.Compte{}, table) == 0 {
			t.Errorf("%s of a published contract is hidden from the public", table)
		}
	}
	for _, table := range private {
		if count(stranger, table)+count(droits.Compte{}, table) != 0 {
			t.Errorf("%s is published", table)
		}
	}
	for _, sql := range []string{`UPDATE contrat_version SET titre = 'x'`, `UPDATE contrat_axe SET titre = 'x'`, `DELETE FROM contrat_engagement`, `UPDATE contrat_partie SET ordre = 9`, `DELETE FROM contrat`} {
		err := pg.As(t.Context(), s.Web, party, func(tx pgx.Tx) error {
			tag, err := tx.Exec(t.Context(), sql)
			if err == nil && tag.RowsAffected() > 0 {
				t.Errorf("a party may %s", sql)
			}
			return err
		})
		_ = err // refused outright, or no row
	}
	for _, sql := range []string{`UPDATE contrat_version SET titre = 'x'`, `UPDATE contrat_axe SET titre = 'x'`, `DELETE FROM contrat_engagement`, `UPDATE contrat_section SET texte = 'x'`,
		`INSERT INTO contrat_qpv (version_id, qpv_id) SELECT v.id, q.id FROM contrat_version v, qpv q LIMIT 1`} {
		err := pg.As(t.Context(), s.Web, pref, func(tx pgx.Tx) error { _, err := tx.Exec(t.Context(), sql); return err })
		if !pg.Violates(err, "contrat_texte_fige") {
			t.Errorf("a signed text takes %s: %v", sql, err)
		}
	}
}

// TestPagesCostAFixedNumberOfStatements opens the same pages with one engagement and with many.
func TestPagesCostAFixedNumberOfStatements(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	s.signed()
	const session = 2 // the session, and who asks
	pages := map[string]int{path(s.contrat, 1, ""): 8, "/agents/contrats": 1, "/agents/contrats/signatures": 1, "/agents/contrats/engagements": 1}
	before := map[string]int{}
	for p := range pages {
		s.gestionnaire.Get(p).Want(200)
		before[p] = portailtest.CountStatements(t, s.Web, func() { s.gestionnaire.Get(p).Want(200) }).Statements()
	}
	s.Exec(`ALTER TABLE contrat_engagement DISABLE TRIGGER contrat_engagement_fige`)
	s.Exec(`INSERT INTO contrat_engagement (version_id, objectif_id, partie_id, texte, credits, ordre)
		SELECT version_id, objectif_id, partie_id, texte || n, credits, n FROM contrat_engagement, generate_series(1, 200) n`)
	for p, most := range pages {
		after := portailtest.CountStatements(t, s.Web, func() { s.gestionnaire.Get(p).Want(200) })
		if after.Statements() != before[p] {
			t.Errorf("%s costs %d statements with one engagement, %d with 200", p, before[p], after.Statements())
		}
		if after.Statements() > most+session {
			t.Errorf("%s costs %d statements, want %d at most\n%s", p, after.Statements(), most+session, after)
		}
	}
}
