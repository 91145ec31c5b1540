package contrat_test

import (
	"fmt"
	"net/url"
	"strings"
	"testing"

	"portail/internal/contrat"
	"portail/internal/portailtest"
)

// TestRefusedForms sends what a hurried or hostile author may: each is refused on its field, what was typed comes back, nothing is written.
func TestRefusedForms(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	s.addParties(1)
	s.addArbre(1)
	long := strings.Repeat("x", 2001)
	good := s.engagement(1)
	with := func(changed ...string) []string { return append(append([]string{}, good...), changed...) }
	before := s.Value(`SELECT (SELECT count(*) FROM contrat_engagement) || ' ' || (SELECT count(*) FROM journal)`)
	for name, c := range map[string]struct {
		under   string
		changed []string
		field   string
	}{
		"dates upside down":        {"cadre", []string{"fin", "2020-01-01"}, "fin"},
		"a revoyure after":         {"cadre", []string{"revoyure", "2040-01-01"}, "revoyure"},
		"no date":                  {"cadre", []string{"debut", "hier"}, "debut"},
		"a quarter of nobody":      {"cadre", []string{"qpv", "999999"}, "qpv"},
		"a negative amount":        {"engagements/nouveau", with("montant", "-5"), "montant"},
		"an absurd amount":         {"engagements/nouveau", with("montant", "1000000000001"), "montant"},
		"words for an amount":      {"engagements/nouveau", with("montant", "beaucoup"), "montant"},
		"a target at reference":    {"engagements/nouveau", with("cible_valeur", "10"), "cible_valeur"},
		"a year out":               {"engagements/nouveau", with("annee_fin", "2099"), "annee_fin"},
		"due out of the contract":  {"engagements/nouveau", with("echeance", "2044-01-01"), "echeance"},
		"another's objectif":       {"engagements/nouveau", with("objectif", "999999"), "objectif"},
		"another's party":          {"engagements/nouveau", with("partie", "999999"), "partie"},
		"a text too long":          {"engagements/nouveau", with("texte", long), "texte"},
		"another's axe":            {"objectifs/nouveau", []string{"axe", "999999", "titre", "x"}, "axe"},
		"a projet without quarter": {"axes/nouveau", []string{"titre", "x", "nature", "projet_quartier"}, "qpv"},
		"the same party twice":     {"parties/nouvelle", []string{"organisme", s.Value(`SELECT min(id) FROM organisme WHERE nom = 'Ville'`), "nature", "commune"}, "organisme"},
		"an optional commune":      {"parties/nouvelle", []string{"organisme", s.Value(`SELECT min(id) FROM organisme WHERE sigle = 'CAF'`), "nature", "commune", "obligation", "facultatif"}, "obligation"},
	} {
		page := s.gestionnaire.Edit(path(s.contrat, 1, c.under), c.changed...)
		if page.Status != 422 {
			t.Errorf("%s: status %d", name, page.Status)
			continue
		}
		if page.Find(`#erreurs a[href="#`+c.field+`"]`).Length() == 0 && !strings.Contains(page.Text("#erreurs"), "quartier") {
			t.Errorf("%s: %s is not named: %s", name, c.field, page.Text("#erreurs"))
		}
		if len(c.changed) > 1 && c.changed[len(c.changed)-2] == "montant" {
			if got, _ := page.Find("#montant").Attr("value"); got != c.changed[len(c.changed)-1] {
				t.Errorf("%s: typed %q came back as %q", name, c.changed[len(c.changed)-1], got)
			}
		}
	}
	if after := s.Value(`SELECT (SELECT count(*) FROM contrat_engagement) || ' ' || (SELECT count(*) FROM journal)`); after != before {
		t.Errorf("refused forms wrote something: %s, then %s", before, after)
	}
	// An axe of another contract hangs under no other, whatever the address says.
	axe := s.objet(1, "contrat_axe")
	s.gestionnaire.Edit("/agents/contrats/nouveau", "titre", "Un autre").Want(303)
	other := s.Number(`SELECT max(id) FROM contrat`)
	s.gestionnaire.Get(path(other, 1, fmt.Sprintf("axes/%d", axe))).Want(404)
	s.gestionnaire.Post(path(other, 1, "objectifs/nouveau"), url.Values{"cle": {"00000000-0000-4000-8000-000000000009"}, "axe": {fmt.Sprint(axe)}, "titre": {"x"}}).Want(422)
	s.gestionnaire.Post(path(other, 1, fmt.Sprintf("axes/%d/ordre", axe)), url.Values{"sens": {"monter"}}).Want(404)
	for _, p := range []string{path(s.contrat, 9, ""), path(s.contrat, 1, "axes/999"), path(s.contrat, 1, "sections/999"), "/agents/contrats/0", "/agents/contrats/x", path(s.contrat, 1, "signataires/999/signature")} {
		s.gestionnaire.Get(p).Want(404)
	}
	for _, p := range []string{"/agents/contrats?etat=inconnu", "/agents/contrats?tri=x", "/agents/contrats/engagements?avancement=x", "/agents/contrats?page=x"} {
		s.gestionnaire.Get(p).Want(400)
	}
}

// TestMarkupStaysText writes HTML and scripts everywhere: none comes out as such.
func TestMarkupStaysText(t *testing.T) {
	t.Parallel()
	const evil = `<script>alert(1)</script><img src=x onerror=alert(1)>`
	s := newScene(t)
	s.addParties(1)
	s.do(s.gestionnaire, 1, "axes/nouveau", "titre", evil, "nature", "priorite")
	s.do(s.gestionnaire, 1, "objectifs/nouveau", "axe", fmt.Sprint(s.objet(1, "contrat_axe")), "titre", evil, "texte", evil)
	s.do(s.gestionnaire, 1, "engagements/nouveau", append(s.engagement(1), "texte", evil)...)
	section := fmt.Sprintf("sections/%d", s.section(1, "preambule"))
	s.do(s.gestionnaire, 1, section+"/modifier", "texte", evil+"\n\n[x](javascript:alert(1))", "motif", evil)
	for _, p := range []string{"", section, section + "/modifier", section + "/comparaison", "comparaison", fmt.Sprintf("axes/%d/supprimer", s.objet(1, "contrat_axe"))} {
		page := s.gestionnaire.Get(path(s.contrat, 1, p)).Want(200)
		if page.Find("main script, main img, main [onerror], main a[href^=javascript]").Length() > 0 {
			t.Errorf("%s: markup came out", p)
		}
	}
}

// TestTree moves, reorders and deletes parts of the tree.
func TestTree(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	s.addParties(1)
	s.addArbre(1)
	s.do(s.gestionnaire, 1, "axes/nouveau", "titre", "Santé", "nature", "priorite")
	second := s.objet(1, "contrat_axe")
	order := func() string {
		return s.Value(`SELECT string_agg(titre, ' ' ORDER BY ordre, id) FROM contrat_axe`)
	}
	move := func(axe int64, sens string, want string) {
		t.Helper()
		s.gestionnaire.Post(path(s.contrat, 1, fmt.Sprintf("axes/%d/ordre", axe)), url.Values{"sens": {sens}}).Want(303)
		if got := order(); got != want {
			t.Errorf("%s: %s, want %s", sens, got, want)
		}
	}
	move(second, "monter", "Santé Emploi")
	move(second, "monter", "Santé Emploi") // at the end already
	move(second, "descendre", "Emploi Santé")
	objectif := s.objet(1, "contrat_objectif")
	s.do(s.gestionnaire, 1, fmt.Sprintf("objectifs/%d", objectif), "axe", fmt.Sprint(second))
	if got := s.Value(`SELECT axe_id FROM contrat_objectif WHERE id = $1`, objectif); got != fmt.Sprint(second) {
		t.Errorf("the objectif hangs under %s", got)
	}
	remove := path(s.contrat, 1, fmt.Sprintf("axes/%d/supprimer", second))
	page := s.gestionnaire.Get(remove).Want(200)
	if got := page.Text("main"); !strings.Contains(got, "Rapprocher de l’emploi") || !strings.Contains(got, "Ouvrir une permanence") {
		t.Errorf("what hangs below is not shown: %s", got)
	}
	form := page.Fields(remove)
	s.do(s.gestionnaire, 1, "objectifs/nouveau", "axe", fmt.Sprint(second), "titre", "Venu entre-temps")
	again := s.gestionnaire.Post(remove, form).Want(409)
	s.gestionnaire.Post(remove, again.Fields(remove)).Want(303)
	s.gestionnaire.Post(remove, form).Want(303) // gone already
	if got := order(); got != "Emploi" {
		t.Errorf("axes left: %s", got)
	}
	if n := s.Value(`SELECT count(*) FROM contrat_engagement`); n != "0" {
		t.Errorf("%s engagements left", n)
	}
	s.gestionnaire.Post(path(s.contrat, 1, fmt.Sprintf("parties/%d/retirer", s.partie(1, "bailleur"))), nil).Want(303)
	s.acte(s.gestionnaire, 1, "supprimer")
	if n := s.Value(`SELECT count(*) FROM contrat WHERE id = $1`, s.contrat); n != "0" {
		t.Error("a draft that was deleted is there")
	}
}

// TestChangedTextVoidsSignatures takes the negotiation up again while parties sign: their signatures fall, and each is told.
func TestChangedTextVoidsSignatures(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	s.complete()
	s.acte(s.gestionnaire, 1, "negocier")
	s.acte(s.gestionnaire, 1, "mettre-a-la-signature")
	s.gestionnaire.Post(path(s.contrat, 1, "axes/nouveau"), url.Values{"cle": {"00000000-0000-4000-8000-000000000009"}, "titre": {"x"}, "nature": {"priorite"}}).Want(422)
	one := fmt.Sprintf("signataires/%d/", s.signataire(1, "commune"))
	s.do(s.referent("commune"), 1, one+"signature")
	s.do(s.direction, 1, one+"confirmation")
	first := s.Value(`SELECT empreinte FROM contrat_version WHERE contrat_id = $1`, s.contrat)
	if page := s.gestionnaire.Edit(path(s.contrat, 1, "reprendre-la-negociation")); page.Status != 422 {
		t.Errorf("without a reason: %d", page.Status)
	}
	s.acte(s.gestionnaire, 1, "reprendre-la-negociation", "motif", "Un engagement à revoir")
	if got := s.Value(`SELECT string_agg(annule_motif, '') FROM contrat_signature`); got != "Un engagement à revoir" {
		t.Errorf("the signature is void because %q", got)
	}
	if n := s.Value(`SELECT count(*) FROM courriel WHERE texte LIKE '%Un engagement à revoir%'`); n != "6" {
		t.Errorf("%s parties were told, want 6", n)
	}
	s.do(s.gestionnaire, 1, "axes/nouveau", "titre", "Ajouté", "nature", "priorite")
	s.acte(s.gestionnaire, 1, "mettre-a-la-signature")
	if second := s.Value(`SELECT empreinte FROM contrat_version WHERE contrat_id = $1`, s.contrat); second == first {
		t.Error("another text has the same SHA-256")
	}
	// A party that will not sign: dispensed for a reason, which the State never is.
	dispense := func(nature string) *portailtest.Page {
		return s.direction.Edit(path(s.contrat, 1, fmt.Sprintf("parties/%d/dispense", s.partie(1, nature))), "motif", "Délibération contraire")
	}
	dispense("region").Want(303)
	dispense("etat").Want(422)
	dispense("commune").Want(422)
}

// TestFollowUp notes how far an engagement is, from the party that took it, through an avenant.
func TestFollowUp(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	s.signed()
	party := s.referent("commune")
	lignee := s.Number(`SELECT lignee FROM contrat_engagement`)
	suivi := fmt.Sprintf("/agents/contrats/%d/engagements/%d", s.contrat, lignee)
	party.Edit(suivi, "avancement", "en_cours", "note", "Une salle est trouvée", "valeur", "25", "valeur_le", "2025-05-01").Want(303)
	party.Edit(suivi, "avancement", "en_cours", "note", "Sans date", "valeur", "25").Want(422)
	party.Edit(suivi, "avancement", "atteint", "note", "").Want(422)
	s.referent("region").Post(suivi, url.Values{"cle": {"00000000-0000-4000-8000-000000000009"}, "avancement": {"atteint"}, "note": {"x"}}).Want(403)
	if got := party.Get("/agents/contrats/engagements").Want(200).Text("main"); !strings.Contains(got, "Ouvrir une permanence") || !strings.Contains(got, "50 % du chemin") {
		t.Errorf("our engagements: %s", got)
	}
	if got := s.referent("region").Get("/agents/contrats/engagements").Want(200).Text("main"); strings.Contains(got, "Ouvrir une permanence") {
		t.Error("the engagements of another party are ours")
	}
	s.gestionnaire.Edit(path(s.contrat, 1, "ouvrir-un-avenant"), "objet", "x", "natures", "autre").Want(303)
	clone := s.Number(`SELECT max(id) FROM contrat_engagement`)
	if got := s.gestionnaire.Get(fmt.Sprintf("/agents/contrats/engagements/%d", clone)).Want(303).Header.Get("Location"); got != suivi {
		t.Errorf("the clone of the engagement leads to %s", got)
	}
	s.acte(s.gestionnaire, 2, "abandonner", "motif", "Sans suite")
	s.gestionnaire.Edit(path(s.contrat, 1, "denoncer"), "le", "2044-01-01", "motif", "x").Want(422)
	s.acte(s.direction, 1, "denoncer", "le", s.Value(`SELECT current_date`), "motif", "Retrait de l’intercommunalité")
	if got := s.gestionnaire.Get(path(s.contrat, 1, "")).Want(200).Text(".fr-badges-group"); !strings.Contains(got, "Dénoncé") {
		t.Errorf("a denounced contract is %q", got)
	}
}

// TestReprise takes up a contract signed elsewhere: a few fields and the scan, then an avenant.
func TestReprise(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	s.gestionnaire.Edit("/agents/contrats/nouveau", "titre", "Contrat ancien", "generation", "2015", "debut", "2015-07-01", "fin", "2044-12-31", "revoyure", "", "reprise", "oui").Want(303)
	s.contrat = s.Number(`SELECT max(id) FROM contrat`)
	s.do(s.gestionnaire, 1, "parties/nouvelle", "organisme", s.Value(`SELECT min(id) FROM organisme WHERE nom = 'Agglomération'`), "nature", "epci")
	act := path(s.contrat, 1, "valider-la-reprise")
	s.gestionnaire.Get(path(s.contrat, 1, "negocier")).Want(200)
	s.gestionnaire.Post(path(s.contrat, 1, "negocier"), url.Values{"version": {"1"}}).Want(422)
	upload := func(name, content string) *portailtest.Page {
		body := "--b\r\nContent-Disposition: form-data; name=\"version\"\r\n\r\n" + s.Value(`SELECT version FROM contrat_version WHERE contrat_id = $1`, s.contrat) +
			"\r\n--b\r\nContent-Disposition: form-data; name=\"le\"\r\n\r\n2015-06-30\r\n--b\r\nContent-Disposition: form-data; name=\"fichier\"; filename=\"" + name +
			"\"\r\nContent-Type: application/pdf\r\n\r\n" + content + "\r\n--b--\r\n"
		return s.gestionnaire.PostBody(act, "multipart/form-data; boundary=b", strings.NewReader(body))
	}
	upload("contrat.pdf", "<html>").Want(422) // its content is not what its name says
	if got := s.Value(`SELECT count(*) FROM document`); got != "0" {
		t.Errorf("%s refused files are kept", got)
	}
	upload("contrat.pdf", "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\ntrailer<</Root 1 0 R>>\nstartxref\n0\n%%EOF\n").Want(303)
	if got := s.gestionnaire.Get(path(s.contrat, 1, "")).Want(200); !strings.Contains(got.Text(".fr-badges-group"), "En vigueur") || !strings.Contains(got.Text("main"), "Télécharger le scan") {
		t.Errorf("a contract taken up is %s", got.Text(".fr-badges-group"))
	}
	doc := s.Value(`SELECT document_id FROM contrat_version WHERE contrat_id = $1`, s.contrat)
	s.referent("epci").Get(fmt.Sprintf("/agents/contrats/%d/documents/%s", s.contrat, doc)).Want(200)
	s.referent("region").Get(fmt.Sprintf("/agents/contrats/%d/documents/%s", s.contrat, doc)).Want(404)
	s.gestionnaire.Edit(path(s.contrat, 1, "ouvrir-un-avenant"), "objet", "Prolonger", "natures", "prolongation").Want(303)
	s.acte(s.gestionnaire, 2, "negocier")
	s.do(s.gestionnaire, 2, fmt.Sprintf("parties/%d/signataires", s.partie(2, "epci")), "nom", "X", "qualite", "Président", "nature", "elu")
	s.acte(s.gestionnaire, 2, "mettre-a-la-signature")
}

// TestKilledSaveLeavesOneRevision cuts a save before its end: the former text is there, whole, with its one revision.
func TestKilledSaveLeavesOneRevision(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	section := s.section(1, "preambule")
	s.do(s.gestionnaire, 1, fmt.Sprintf("sections/%d/modifier", section), "texte", "Ancien")
	// The journal line is the last thing written: refusing it is a process that dies just before its commit.
	s.Exec(`CREATE FUNCTION meurt() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NEW; END $$`)
	s.Exec(`ALTER FUNCTION meurt() SECURITY DEFINER`)
	s.Exec(`CREATE TRIGGER meurt BEFORE INSERT ON journal FOR EACH ROW WHEN (NEW.verbe = 'section enregistrée') EXECUTE FUNCTION meurt()`)
	edit := path(s.contrat, 1, fmt.Sprintf("sections/%d/modifier", section))
	s.gestionnaire.Post(edit, s.gestionnaire.Get(edit).Want(200).Fields(edit, "texte", "Nouveau")).Want(503)
	if got := s.Value(`SELECT texte || ' ' || revision || ' ' || (SELECT count(*) FROM contrat_revision WHERE section_id = $1) FROM contrat_section WHERE id = $1`, section); got != "Ancien 1 1" {
		t.Errorf("after a killed save the section is %q", got)
	}
	s.Exec(`DROP TRIGGER meurt ON journal`)
	s.gestionnaire.Post(edit, s.gestionnaire.Get(edit).Want(200).Fields(edit, "texte", "Nouveau")).Want(303)
}

// TestExpiredSessionKeepsTheText saves a long section after the session has ended: it waits for its author.
func TestExpiredSessionKeepsTheText(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	edit := path(s.contrat, 1, fmt.Sprintf("sections/%d/modifier", s.section(1, "preambule")))
	text := strings.Repeat("Un texte de plusieurs pages, écrit avec soin. ", 4000)
	form := s.gestionnaire.Get(edit).Want(200).Fields(edit, "texte", text)
	s.Exec(`DELETE FROM session`)
	page := s.gestionnaire.Post(edit, form).Want(303)
	s.gestionnaire.Post(page.Header.Get("Location"), url.Values{"courriel": {"gestionnaire@préfecture.test"}, "mot_de_passe": {portailtest.MotDePasse}}).Want(303)
	kept := s.gestionnaire.Get("/connexion/reprendre").Want(200)
	s.gestionnaire.Post(edit, kept.Fields(edit)).Want(303)
	if got := s.Value(`SELECT length(texte) FROM contrat_section WHERE revision = 1`); got != fmt.Sprint(len([]rune(strings.TrimSpace(text)))) {
		t.Errorf("%s characters were saved of %d", got, len([]rune(text)))
	}
}

// TestCalendar lets days pass: the state of a contract follows, and the journal is told once.
func TestCalendar(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	s.signed()
	states := func() string { return s.Value(`SELECT etat FROM contrat_vue WHERE id = $1`, s.contrat) }
	if got := states(); got != "en_vigueur" {
		t.Errorf("a signed contract is %s", got)
	}
	for etat, sql := range map[string]string{"echu": `SELECT contrat_etat('signe', '2020-01-01', '2021-01-01', NULL)`, "signe": `SELECT contrat_etat('signe', current_date + 1, '2099-01-01', NULL)`,
		"denonce": `SELECT contrat_etat('signe', '2020-01-01', '2099-01-01', current_date)`, "en_vigueur": `SELECT contrat_etat('signe', '2020-01-01', current_date, current_date + 1)`, "a_signer": `SELECT contrat_etat('a_signer', NULL, '2021-01-01', NULL)`} {
		var got string
		if err := s.DB.QueryRow(t.Context(), sql).Scan(&got); err != nil || got != etat {
			t.Errorf("%s is %s, want %s (%v)", sql, got, etat, err)
		}
	}
	service := contrat.New(s.DB, portailtest.Config(t), nil)
	for _, want := range []int{1, 0} { // told once
		if n, err := service.Constater(t.Context(), s.Web); err != nil || n != want {
			t.Errorf("%d contracts whose state a date changed, want %d (%v)", n, want, err)
		}
	}
	if got := verbs(t, s.Visitor, s.contrat); !strings.HasSuffix(got, ", état constaté") {
		t.Errorf("the journal says %s", got)
	}
	kinds := s.Value(`SELECT string_agg(sorte, ' ' ORDER BY sorte) FROM echeance_contrat`)
	if kinds != "contrat_engagement contrat_fin contrat_revoyure" {
		t.Errorf("échéances: %s", kinds)
	}
}
