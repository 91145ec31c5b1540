package diagnostic_test

import (
	"archive/zip"
	"bytes"
	"io"
	"strings"
	"testing"

	"portail/internal/droits"
	"portail/internal/portailtest"
)

// readers are those who may not see what the CAF alone may: everybody else.
func (s scene) readers() map[string]*portailtest.Visitor {
	all := map[string]*portailtest.Visitor{"public": s.Fresh(), "another partner": s.ars, "another's reader": s.SignIn(droits.Lecteur, "ARS"), "gestionnaire": s.staff}
	for _, role := range droits.Roles {
		if role.Prefecture() && role != droits.Gestionnaire { // who is already there
			all[string(role)] = s.SignIn(role, "Préfecture")
		}
	}
	return all
}

// places are the pages, charts, exports, searches and feeds that show figures or name what is due; code is the quarter of the secret one.
func places(code string) []string {
	const six = "?codes=QN08801M,QN08802M,QN08803M,QN08804M,QN08805M,QN08806M&territoires=commune-88160,departement-88&indicateurs=essai_foyers,essai_part"
	all := []string{"/", "/qpv", "/qpv?q=essai", "/carte", "/qpv/" + code, "/qpv/" + code + "/historique-des-chiffres", "/donnees", "/indicateurs", "/indicateurs/essai_foyers", "/indicateurs/fichier.csv", "/indicateurs?q=essai",
		"/diagnostics", "/diagnostics/" + code, "/diagnostics/" + code + "/historique-des-chiffres", "/diagnostics/" + code + "/fichier.odt", "/remontees", "/tableau-de-bord", "/echeances", "/echeances/fichier.ics"}
	for _, format := range []string{"csv", "ods", "json"} {
		all = append(all, "/qpv/"+code+"/fichier."+format, "/donnees/indicateurs."+format, "/donnees/comparaisons."+format)
	}
	for _, format := range []string{"csv", "ods"} {
		all = append(all, "/diagnostics/"+code+"/fichier."+format)
	}
	for _, page := range []string{"/qpv/comparer", "/diagnostics/comparer"} {
		for _, part := range []string{"", "/fichier.csv", "/fichier.ods", "/fichier-tableur.csv"} {
			for _, more := range []string{"", "&vue=evolution", "&millesime=2025"} {
				all = append(all, page+part+six+more)
			}
		}
	}
	return all
}

// content is what an answer holds, taken out of its package when it is a document.
func content(t *testing.T, p *portailtest.Page) string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(p.Body), int64(len(p.Body)))
	if err != nil {
		return strings.NewReplacer("\u00a0", " ", "\u202f", " ").Replace(string(p.Body))
	}
	var all strings.Builder
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		all.Write(text)
	}
	return strings.NewReplacer("\u00a0", " ", "\u202f", " ").Replace(all.String())
}

// publish takes the return to publication.
func (s scene) publish(t *testing.T) {
	t.Helper()
	for _, step := range []struct {
		by   *portailtest.Visitor
		acte string
	}{{s.caf, "terminer"}, {s.caf, "certifier"}, {s.staff, "publier"}} {
		if p := s.move(step.by, step.acte); p.Status != 303 {
			t.Fatalf("%s: %d, %s", step.acte, p.Status, p.Text(".fr-alert"))
		}
	}
}

// TestNobodyButTheProducerReadsASmallCount looks for a count below the threshold with the eyes of everybody: before publication no figure of
// the return is anywhere, and afterwards no page, chart, file, search or feed has the small one, nor the share made of it.
func TestNobodyButTheProducerReadsASmallCount(t *testing.T) {
	s := scenario(t)
	// Numbers that nothing else on a page could be.
	s.Exec(`UPDATE indicateur SET seuil_secret = 90000 WHERE code IN ('essai_foyers', 'essai_part')`)
	var changed []string
	for n, q := range s.quartiers {
		count := []string{"83151", "187652", "287653", "387654", "487655", "587656"}[n]
		changed = append(changed, "v.essai_foyers."+q, count, "n.essai_part."+q, count, "d.essai_part."+q, "1000000")
	}
	if p := s.caf.Post(s.remontee, s.caf.Get(s.remontee).Want(200).Fields(s.remontee, changed...)); p.Status != 303 {
		t.Fatalf("the grid is refused: %d, %s", p.Status, p.Text(".fr-error-text"))
	}
	code := s.Value(`SELECT code FROM qpv WHERE id = $1::int`, s.quartiers[0][1:])
	look := func(when string, readers map[string]*portailtest.Visitor, secrets ...string) (seen int) {
		t.Helper()
		for name, by := range readers {
			for _, place := range places(code) {
				p := by.Get(place)
				if p.Status >= 500 {
					t.Errorf("%s, %s: %s answers %d", when, name, place, p.Status)
				}
				text := content(t, p)
				seen += strings.Count(text, "n.c.")
				for _, secret := range secrets {
					if strings.Contains(text, secret) {
						t.Errorf("%s, %s reads %q on %s", when, name, secret, place)
					}
				}
			}
		}
		return seen
	}
	look("before publication", map[string]*portailtest.Visitor{"public": s.Fresh(), "another partner": s.ars}, "83151", "83 151", "8,3 %", "8.3151", "187652", "187 652", "18,8 %", "18.7652")
	s.publish(t)
	if seen := look("once published", s.readers(), "83151", "83 151", "8,3 %", "8.3151"); seen < 100 {
		t.Errorf("n.c. is shown %d times only: the test looks at nothing", seen)
	}
	// The producer itself reads it, and is told that it alone does.
	own := s.caf.Get("/diagnostics/comparer?codes=" + code + "&indicateurs=essai_foyers").Want(200).Text("main")
	if !strings.Contains(own, "83 151 foyers") || !strings.Contains(own, "n.c. pour les autres") || !strings.Contains(own, "Ne les diffusez pas") {
		t.Errorf("the producer does not read its own figure, or without warning: %s", own)
	}
	if text := s.caf.Get("/qpv/comparer?codes=" + code + "&indicateurs=essai_foyers").Want(200).Text("main"); strings.Contains(text, "83 151") {
		t.Error("a public page shows the producer more than the public")
	}
	// It takes no part in a ranking, which would tell where it stands.
	ranked := s.ars.Get("/diagnostics/comparer?codes=QN08801M,QN08802M,QN08803M,QN08804M,QN08805M,QN08806M&indicateurs=essai_foyers").Want(200)
	if text := ranked.Text("#indicateur-essai_foyers"); !strings.Contains(text, "Hors classement") || strings.Contains(text, "6 quartiers classés") {
		t.Errorf("the masked figure is ranked: %s", text)
	}
}

// TestFormerVersionsGiveNoSmallCountAway corrects a return so that a count is small in one version only: the former versions of the same
// family are masked, since set against the figures that did not change they would give it away.
func TestFormerVersionsGiveNoSmallCountAway(t *testing.T) {
	for name, c := range map[string]struct{ before, after int }{"small, then not": {7, 700}, "not small, then": {700, 7}} {
		t.Run(name, func(t *testing.T) {
			s := scenario(t)
			s.Exec(`UPDATE indicateur SET saut = NULL WHERE code LIKE 'essai_%'`)
			correct := func(first int) {
				if p := s.fill(t, first, 811, 622, 533, 444, 355); p.Status != 303 {
					t.Fatalf("the grid: %d", p.Status)
				}
				s.publish(t)
			}
			correct(c.before)
			if p := s.move(s.caf, "corriger", "motif", "Double <compte>"); p.Status != 303 {
				t.Fatal("no correction")
			}
			correct(c.after)
			code := s.Value(`SELECT code FROM qpv WHERE id = $1::int`, s.quartiers[0][1:])
			for who, by := range map[string]*portailtest.Visitor{"public": s.Fresh(), "another partner": s.ars, "staff": s.staff} {
				page := "/qpv/" + code + "/historique-des-chiffres"
				if who != "public" {
					page = "/diagnostics/" + code + "/historique-des-chiffres"
				}
				p := by.Get(page).Want(200)
				text := p.Text("main")
				if !strings.Contains(text, "Double <compte>") || !strings.Contains(text, "n.c. remplacée") || !strings.Contains(text, "elle permettrait de le retrouver") {
					t.Errorf("%s: the history does not tell the correction: %s", who, text)
				}
				for _, former := range []string{" 7 foyers", "700 foyers remplacée"} {
					if strings.Contains(text, former) {
						t.Errorf("%s reads a former version beside a secret one: %q in %s", who, former, text)
					}
				}
			}
			if text := s.caf.Get("/diagnostics/" + code + "/historique-des-chiffres").Want(200).Text("main"); !strings.Contains(text, "n.c. pour les autres") {
				t.Error("the producer does not read its own former figures")
			}
		})
	}
}

// TestACorrectionIsShown tells the public what changed, when and why: on the page of the quarter, in its updates and in its history.
func TestACorrectionIsShown(t *testing.T) {
	s := scenario(t)
	s.Exec(`INSERT INTO indicateur (code, libelle, definition, thematique, unite, nature, sens, producteur, producteur_id, publique)
		SELECT 'essai_restreint', 'Restreint d’essai', 'D.', 'sante', 'actes', 'effectif', 'neutre', 'CAF', id, false FROM organisme WHERE sigle = 'CAF' AND ferme_le IS NULL`)
	write := func(first string) {
		t.Helper()
		var changed []string
		for n, q := range s.quartiers {
			count := []string{first, "80", "60", "50", "40", "30"}[n]
			changed = append(changed, "v.essai_foyers."+q, count, "n.essai_part."+q, count, "d.essai_part."+q, "100", "v.essai_restreint."+q, count)
		}
		if p := s.caf.Post(s.remontee, s.caf.Get(s.remontee).Want(200).Fields(s.remontee, changed...)); p.Status != 303 {
			t.Fatalf("the grid: %d, %s", p.Status, p.Text(".fr-error-text"))
		}
	}
	write("95")
	s.publish(t)
	code := s.Value(`SELECT code FROM qpv WHERE id = $1::int`, s.quartiers[0][1:])
	page, history := "/qpv/"+code, "/qpv/"+code+"/historique-des-chiffres"
	if text := s.Fresh().Get(history).Want(200).Text("main"); !strings.Contains(text, "Aucun chiffre publié de ce quartier n’a été remplacé") {
		t.Errorf("before any correction: %s", text)
	}
	if got := s.Value(`SELECT string_agg(DISTINCT detail, ' / ') FROM mise_a_jour WHERE importation_id IS NULL`); got != "Foyers d’essai, Part d’essai" {
		t.Errorf("updates %q: the public figures, and no restricted one", got)
	}
	if p := s.move(s.caf, "corriger", "motif", "Dossiers comptés deux fois"); p.Status != 303 {
		t.Fatal("no correction")
	}
	write("93")
	for _, step := range []struct {
		by   *portailtest.Visitor
		acte string
		more []string
	}{{s.caf, "terminer", nil}, {s.caf, "certifier", nil}, {s.staff, "renvoyer", []string{"motif", "Vérifiez encore"}}, {s.caf, "terminer", nil}} {
		if p := s.move(step.by, step.acte, step.more...); p.Status != 303 {
			// Sent back, the producer types once more before it is ready.
			t.Fatalf("%s: %d, %s", step.acte, p.Status, p.Text(".fr-alert"))
		}
	}
	for _, step := range []struct {
		by   *portailtest.Visitor
		acte string
	}{{s.caf, "certifier"}, {s.staff, "publier"}} {
		if p := s.move(step.by, step.acte); p.Status != 303 {
			t.Fatalf("%s: %d", step.acte, p.Status)
		}
	}
	public := s.Fresh()
	text := public.Get(page).Want(200).Text("main")
	for _, want := range []string{": Dossiers comptés deux fois", "Foyers d’essai (correction : Dossiers comptés deux fois)", "Chiffres corrigés ou remplacés"} {
		if !strings.Contains(text, want) {
			t.Errorf("the page of the quarter does not say %q", want)
		}
	}
	if strings.Contains(text, "Vérifiez encore") {
		t.Error("what was said while the return went back and forth is taken for the reason of the correction")
	}
	p := public.Get(history).Want(200)
	text = p.Text("main")
	for _, want := range []string{"Foyers d’essai", "93 foyers en vigueur", "95 foyers remplacée", "Dossiers comptés deux fois", "Première publication"} {
		if !strings.Contains(text, want) {
			t.Errorf("the history does not say %q: %s", want, text)
		}
	}
	if strings.Contains(text, "Restreint") {
		t.Error("the public reads the history of a restricted figure")
	}
	if text := s.ars.Get("/diagnostics/" + code + "/historique-des-chiffres").Want(200).Text("main"); !strings.Contains(text, "Restreint d’essai") {
		t.Error("services do not read the history of a restricted figure")
	}
	public.Get("/qpv/QN99999N/historique-des-chiffres").Want(404)
	s.ars.Get("/diagnostics/QN99999N/historique-des-chiffres").Want(404)
	if got := s.Value(`SELECT count(*) FROM mise_a_jour WHERE importation_id IS NULL AND detail LIKE '%estreint%'`); got != "0" {
		t.Error("the updates name a restricted indicator")
	}
}

// TestAnIndicatorOfNobodyHidesItsSmallCounts reads the views as a visitor, and as an account, of an indicator that comes by import: having no
// producer, it is nobody's own.
func TestAnIndicatorOfNobodyHidesItsSmallCounts(t *testing.T) {
	s := scenario(t)
	s.Exec(`UPDATE indicateur SET seuil_secret = 5000 WHERE code = 'population_municipale'`)
	for name, role := range map[string]string{"visitor": "", "account": "lecteur"} {
		tx, err := s.Web.Begin(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if _, err := tx.Exec(t.Context(), `SELECT set_config('app.role', $1, true)`, role); err != nil {
			t.Fatal(err)
		}
		var bare, all int
		err = tx.QueryRow(t.Context(), `SELECT count(valeur) FILTER (WHERE valeur < 5000), count(*) FROM valeur_partagee WHERE indicateur = 'population_municipale'`).Scan(&bare, &all)
		if err != nil || bare != 0 || all == 0 {
			t.Errorf("%s reads %d small counts of %d: %v", name, bare, all, err)
		}
		if err := tx.Rollback(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
}

// TestPagesOfFiguresCostTheSame counts what the pages ask of the database, whatever they show.
func TestPagesOfFiguresCostTheSame(t *testing.T) {
	s := scenario(t)
	s.fill(t, 120, 80, 60, 50, 40, 30)
	for _, c := range []struct {
		by         *portailtest.Visitor
		page       string
		statements int
	}{
		{s.staff, "/remontees", 8}, {s.caf, s.remontee, 13}, {s.ars, "/indicateurs", 8}, {s.ars, "/indicateurs/essai_foyers", 9}, {s.ars, "/diagnostics", 8},
		{s.ars, "/diagnostics/QN08801M", 15}, {s.ars, "/diagnostics/QN08801M/historique-des-chiffres", 9},
	} {
		few := portailtest.CountStatements(t, s.DB, func() { c.by.Get(c.page).Want(200) })
		if few.Statements() > c.statements || few.RoundTrips() > 6 {
			t.Errorf("%s costs %d statements in %d round trips: %s", c.page, few.Statements(), few.RoundTrips(), few)
		}
	}
	const page = "/diagnostics/QN08801M"
	few := portailtest.CountStatements(t, s.DB, func() { s.ars.Get(page).Want(200) })
	s.Exec(`INSERT INTO indicateur (code, libelle, definition, thematique, unite, nature, sens, producteur) SELECT 'plus_' || n, 'Plus ' || n, 'D.', 'sante', '%', 'part', 'neutre', 'Essai' FROM generate_series(1, 30) n`)
	s.Exec(`INSERT INTO valeur (indicateur, qpv_id, millesime, valeur, source) SELECT i.code, q.id, 2020 + a, 10 + a, 'essai' FROM indicateur i, qpv q, generate_series(1, 4) a WHERE i.code LIKE 'plus_%'`)
	many := portailtest.CountStatements(t, s.DB, func() { s.ars.Get(page).Want(200) })
	if reads := strings.Count(few.String(), "valeur_partagee"); reads == 0 || strings.Count(many.String(), "valeur_partagee") != reads {
		t.Errorf("with thirty indicators more the diagnostic reads its figures %d times instead of %d", strings.Count(many.String(), "valeur_partagee"), reads)
	}
}
