package diagnostic_test

import (
	"net/url"
	"strings"
	"testing"

	"portail/internal/droits"
	"portail/internal/portailtest"
)

// TestServicesWriteADiagnosticTogether follows a text: written by one service, answered by another, changed, withdrawn.
func TestServicesWriteADiagnosticTogether(t *testing.T) {
	v := portailtest.Site(t)
	ars, caf := v.SignIn(droits.Referent, "ARS"), v.SignIn(droits.Referent, "CAF")
	reader, delegue := v.SignIn(droits.Lecteur, "CAF"), v.SignIn(droits.Delegue, "Préfecture")
	const page = "/diagnostics/QN08801M"
	write := func(by *portailtest.Visitor, texte string) *portailtest.Page {
		return by.Post(page+"/constat", by.Get(page+"/constat").Want(200).Fields(page+"/constat", "sorte", "constat", "thematique", "sante", "texte", texte))
	}
	if p := write(ars, ""); p.Status != 422 || !strings.Contains(p.Text("main"), "Écrivez un texte") {
		t.Errorf("an empty text: %d", p.Status)
	}
	if p := write(ars, "Peu de **médecins** <script>alert(1)</script>"); p.Status != 303 {
		t.Fatalf("a finding is refused: %d, %s", p.Status, p.Text("main"))
	}
	if p := write(delegue, "Hors de la lettre de mission"); p.Status != 422 {
		t.Errorf("a délégué wrote outside their quarters: %d", p.Status)
	}
	reader.Get(page + "/constat").Want(403)
	v.Fresh().Get(page).Want(303) // the public is asked to sign in
	text := reader.Get(page).Want(200)
	if !strings.Contains(text.Text("main"), "Peu de médecins") || strings.Contains(string(text.Body), "<script>alert") {
		t.Error("the finding is not shown, or not as text")
	}
	at := "/constats/" + v.Value(`SELECT id FROM constat`)
	for _, c := range []struct {
		by     *portailtest.Visitor
		acte   string
		form   url.Values
		status int
	}{
		{ars, "avis", url.Values{"avis": {"accord"}}, 403},                                      // its own text
		{caf, "avis", url.Values{"avis": {"reserve"}}, 422},                                     // without a reason
		{caf, "avis", url.Values{"avis": {"autre"}}, 422},                                       // unknown
		{caf, "avis", url.Values{"avis": {"reserve"}, "motif_avis": {"Chiffres de 2020"}}, 303}, // then another
		{caf, "avis", url.Values{"avis": {"accord"}}, 303},
		{reader, "avis", url.Values{"avis": {"accord"}}, 403},
		{caf, "commenter", url.Values{"commentaire": {"Vu aussi par la CAF"}, "cle": {"11111111-1111-4111-8111-111111111111"}}, 303},
		{caf, "commenter", url.Values{"commentaire": {"Vu aussi par la CAF"}, "cle": {"11111111-1111-4111-8111-111111111111"}}, 303},
		{caf, "modifier", url.Values{"texte": {"Autre chose"}, "version": {"1"}}, 403},
		{ars, "modifier", url.Values{"texte": {"Peu de médecins en 2025"}, "version": {"1"}}, 303},
		{ars, "modifier", url.Values{"texte": {"Trop tard"}, "version": {"1"}}, 409},
		{ars, "retirer", url.Values{"version": {"2"}}, 422}, // without a reason
	} {
		if p := c.by.Post(at+"/"+c.acte, c.form); p.Status != c.status {
			t.Errorf("%s %v: %d, want %d: %s", c.acte, c.form, p.Status, c.status, p.Text("main .fr-alert, main .fr-error-text"))
		}
	}
	if got := v.Value(`SELECT (SELECT count(*) FROM constat_avis) || ' ' || (SELECT count(*) FROM constat_commentaire) || ' ' || (SELECT count(*) FROM constat_ancien)`); got != "1 1 1" {
		t.Errorf("opinions, comments and former texts: %s", got)
	}
	shown := caf.Get(at).Want(200).Text("main")
	for _, want := range []string{"Peu de médecins en 2025", "sur une version antérieure", "Vu aussi par la CAF", "Versions antérieures"} {
		if !strings.Contains(shown, want) {
			t.Errorf("the page of the text does not say %q", want)
		}
	}
	if p := ars.Post(at+"/retirer", url.Values{"version": {"2"}, "motif": {"Écrit deux fois"}}); p.Status != 303 {
		t.Errorf("withdrawal: %d", p.Status)
	}
	if strings.Contains(reader.Get(page).Text("main"), "Peu de médecins en 2025") {
		t.Error("a withdrawn text is still in the diagnostic")
	}
	if got := v.Value(`SELECT string_agg(verbe, ', ' ORDER BY id) FROM journal WHERE objet = 'constat'`); !strings.HasPrefix(got, "Constat écrit, avis donné, avis donné, commentaire écrit") {
		t.Errorf("journal: %s", got)
	}
	// Its files, and what the page costs.
	for _, format := range []string{"odt", "ods", "csv", "csv-tableur"} {
		if p := reader.Get(page + "/fichier." + format); p.Status != 200 || len(p.Body) == 0 {
			t.Errorf("file %s: %d", format, p.Status)
		}
	}
	reader.Get("/diagnostics/QN99999M").Want(404)
	count := portailtest.CountStatements(t, v.DB, func() { reader.Get(page).Want(200) })
	if count.RoundTrips() > 8 {
		t.Errorf("the diagnostic of a quarter costs %d round trips: %s", count.RoundTrips(), count)
	}
}

// TestTheCatalogueIsKeptByStaff adds, changes and withdraws an indicator; others only read.
func TestTheCatalogueIsKeptByStaff(t *testing.T) {
	v := portailtest.Site(t)
	staff, caf := v.SignIn(droits.Gestionnaire, "Préfecture"), v.SignIn(droits.Referent, "CAF")
	caf.Get("/indicateurs").Want(200)
	caf.Get("/indicateurs/nouveau").Want(403)
	add := func(changed ...string) *portailtest.Page {
		base := []string{"code", "essai", "libelle", "Essai", "definition", "Définition", "thematique", "sante", "nature", "effectif", "unite", "actes", "sens", "neutre", "producteur", "CAF"}
		return staff.Post("/indicateurs/nouveau", staff.Get("/indicateurs/nouveau").Want(200).Fields("/indicateurs/nouveau", append(base, changed...)...))
	}
	for name, changed := range map[string][]string{
		"a code with accents": {"code", "Évolution"}, "an unknown thématique": {"thematique", "cuisine"}, "a share in another unit": {"nature", "part"},
		"bounds turned round": {"minimum", "10", "maximum", "1"}, "bounds in letters": {"minimum", "dix"}, "a code taken": {"code", "taux_emploi"},
		"an unknown producer": {"producteur_id", "999999"}, "too long a label": {"libelle", strings.Repeat("a", 300)},
	} {
		if p := add(changed...); p.Status != 422 {
			t.Errorf("%s: %d", name, p.Status)
		}
	}
	if p := add(); p.Status != 303 {
		t.Fatalf("a plain indicator: %d, %s", p.Status, p.Text("main .fr-error-text"))
	}
	form := staff.Get("/indicateurs/essai/modifier").Want(200).Fields("/indicateurs/essai/modifier", "libelle", "Essai modifié")
	if p := staff.Post("/indicateurs/essai/modifier", form); p.Status != 303 {
		t.Fatalf("change: %d, %s", p.Status, p.Text("main"))
	}
	if p := staff.Post("/indicateurs/essai/modifier", form); p.Status != 409 {
		t.Errorf("a stale form: %d", p.Status)
	}
	caf.Post("/indicateurs/essai/retirer", url.Values{"version": {"2"}}).Want(403)
	staff.Post("/indicateurs/essai/retirer", url.Values{"version": {"2"}}).Want(303)
	if got := v.Value(`SELECT string_agg(verbe, ', ' ORDER BY id) FROM journal WHERE objet = 'indicateur' AND objet_id = 'essai'`); got != "indicateur créé, indicateur modifié, indicateur retiré" {
		t.Errorf("journal: %s", got)
	}
}
