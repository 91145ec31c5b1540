package dispositif_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"portail/internal/droits"
	"portail/internal/portailtest"
)

func TestTheLifeOfAConvention(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	address := s.signed("088 24 R 0001 00")
	if got := s.state(address); got != "signee" {
		t.Fatalf("state %q", got)
	}
	s.hire(address, day(-1, 0, 0))
	s.Gestion.Edit(address+"/depart", "fin", day(0, -6, 0)).Want(http.StatusSeeOther)
	if got := s.state(address); got != "vacante" {
		t.Fatalf("state %q", got)
	}
	s.hire(address, day(0, -5, 0))
	next := s.Gestion.Edit(address + "/renouveler").Want(http.StatusSeeOther).Header.Get("Location")
	if next == address || s.state(next) != "demande" {
		t.Fatalf("renewal at %s, state %q", next, s.state(next))
	}
	page := s.Gestion.Get(next).Want(http.StatusOK)
	if text := page.Text("main"); !strings.Contains(text, "Convention 088 24 R 0001 00") || !strings.Contains(text, "Association des habitants") {
		t.Errorf("the renewal is not a linked clone: %s", text)
	}
	if text := s.Gestion.Get(address).Text("main"); !strings.Contains(text, "Renouvelée par") || strings.Contains(text, "Renouveler") {
		t.Errorf("the original does not know its renewal, or can be renewed twice")
	}
	want := "poste demandé, avis du délégué rendu, poste accordé, convention signée, poste pourvu, poste vacant, poste pourvu, renouvellement demandé"
	if got := s.verbs("adulte_relais", address); got != want {
		t.Errorf("journal: %s", got)
	}
	if got := s.verbs("adulte_relais", next); got != "renouvellement créé" {
		t.Errorf("journal of the renewal: %s", got)
	}
	if n := s.Value(`SELECT count(*) FROM adulte_relais`); n != "2" {
		t.Errorf("%s conventions", n)
	}
}

func TestWhatTheLawRefusesOfARequest(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	for name, c := range map[string]struct {
		changed     []string
		field, told string
	}{
		"a service of the State":  {[]string{"employeur", fmt.Sprint(s.Etat)}, "employeur", "L. 5134-101"},
		"the wrong category":      {[]string{"categorie", "hlm"}, "categorie", "L. 5134-101"},
		"no category":             {[]string{"categorie", ""}, "categorie", "L. 5134-101"},
		"an unknown employer":     {[]string{"employeur", "999999"}, "employeur", "liste"},
		"no employer":             {[]string{"employeur", "abc"}, "employeur", "liste"},
		"no quarter":              {[]string{"qpv", ""}, "qpv", "quartier"},
		"a quarter that is none":  {[]string{"qpv", "888888"}, "qpv", "liste"},
		"no mission":              {[]string{"missions", ""}, "missions", "mission"},
		"under half-time":         {[]string{"quotite", "49,99"}, "quotite", "mi-temps"},
		"over full time":          {[]string{"quotite", "100,01"}, "quotite", "mi-temps"},
		"a working time in words": {[]string{"quotite", "plein"}, "quotite", "pourcentage"},
		"an end before the start": {[]string{"fin", day(-2, 0, 0)}, "fin", "avant le début"},
		"three years and a day":   {[]string{"debut", "2026-03-01", "fin", "2029-03-01"}, "fin", "trois ans"},
		"a start that is no day":  {[]string{"debut", "2026-02-30"}, "debut", "date"},
		"missions too long":       {[]string{"missions_texte", strings.Repeat("é", 2001)}, "missions_texte", "trop long"},
	} {
		p := s.Gestion.Edit("/suivi/adultes-relais/nouveau", s.demande(c.changed...)...)
		if p.Status != http.StatusUnprocessableEntity {
			t.Errorf("%s: status %d", name, p.Status)
			continue
		}
		if told := p.Text("#" + c.field + "-messages"); !strings.Contains(told, c.told) {
			t.Errorf("%s: beside the field: %q; above: %q", name, told, p.Text("#erreurs"))
		}
	}
	if n := s.Value(`SELECT count(*) FROM adulte_relais`); n != "0" {
		t.Errorf("%s requests were written", n)
	}
	// Three years to the day, half-time: allowed.
	s.request("debut", "2026-03-01", "fin", "2029-02-28", "quotite", "50")
	s.request("quotite", "57,14 %")
	if got := s.Value(`SELECT string_agg(quotite::text, ' ' ORDER BY id) FROM adulte_relais`); got != "50.00 57.14" {
		t.Errorf("working times %s", got)
	}
}

func TestHiringRules(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	address := s.signed("088 24 R 0002 00")
	good := []string{"debut", day(-1, 0, 0), "conditions_le", day(-1, 0, 0), "conditions", "oui", "residence", "qpv"}
	for name, c := range map[string]struct {
		changed     []string
		field, told string
	}{
		"before the signature":     {[]string{"debut", day(-1, 0, -6)}, "debut", "D. 5134-152"},
		"in the future":            {[]string{"debut", day(0, 0, 2)}, "debut", "à venir"},
		"conditions after":         {[]string{"conditions_le", day(-1, 0, 1)}, "conditions_le", "L. 5134-102"},
		"conditions not met":       {[]string{"conditions", ""}, "conditions", "26 ans"},
		"out of the quarters":      {[]string{"residence", "ailleurs"}, "residence", "dérogation"},
		"residence not said":       {[]string{"residence", ""}, "residence", "Dites"},
		"a residence nobody wrote": {[]string{"residence", "lune"}, "residence", "Dites"},
	} {
		form := append([]string{}, good...)
		for i := 0; i < len(form); i += 2 {
			if form[i] == c.changed[0] {
				form[i+1] = c.changed[1]
			}
		}
		p := s.Gestion.Edit(address+"/pourvoir", form...)
		told := p.Text("#" + c.field + "-messages")
		if p.Status != http.StatusUnprocessableEntity || !strings.Contains(told, c.told) {
			t.Errorf("%s: status %d, %q; above: %q", name, p.Status, told, p.Text("#erreurs"))
		}
	}
	if s.state(address) != "signee" || s.Value(`SELECT count(*) FROM adulte_relais_occupation`) != "0" {
		t.Fatal("a refused hiring was written")
	}
	// The direction waives the condition of residence, and nobody else may.
	s.Gestion.Get(address + "/deroger").Want(http.StatusForbidden)
	s.Direction.Edit(address+"/deroger", "regle", "residence", "motif", "").Want(http.StatusUnprocessableEntity)
	s.Direction.Edit(address+"/deroger", "regle", "residence", "motif", "Seule candidature, accord écrit du préfet.").Want(http.StatusSeeOther)
	s.Gestion.Edit(address+"/pourvoir", "debut", day(-1, 0, 0), "conditions_le", day(-1, 0, 0), "conditions", "oui", "residence", "ailleurs").Want(http.StatusSeeOther)
	if text := s.Gestion.Get(address).Text("main"); !strings.Contains(text, "Seule candidature") || !strings.Contains(text, "Direction") {
		t.Error("the record does not say who waived what, and why")
	}
	// Occupations of one post never overlap.
	s.Gestion.Edit(address+"/depart", "fin", day(0, -3, 0)).Want(http.StatusSeeOther)
	p := s.Gestion.Edit(address+"/pourvoir", "debut", day(0, -4, 0), "conditions_le", day(0, -4, 0), "conditions", "oui", "residence", "qpv")
	if told := p.Text("#debut-messages"); p.Status != http.StatusUnprocessableEntity || !strings.Contains(told, "se recouvrent pas") {
		t.Errorf("overlap: status %d, %q", p.Status, told)
	}
	if s.state(address) != "vacante" {
		t.Error("a refused hiring moved the state")
	}
}

func TestTheDatabaseItselfRefusesAHiringBeforeTheSignature(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	address := s.request()
	id := address[strings.LastIndex(address, "/")+1:]
	_, err := s.DB.Exec(t.Context(), `INSERT INTO adulte_relais_occupation (adulte_relais_id, debut, conditions_le) VALUES ($1, current_date, current_date)`, id)
	if err == nil || !strings.Contains(err.Error(), "before the convention is signed") {
		t.Errorf("%v", err)
	}
}

func TestStatesAndRoles(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	roles := map[string]*portailtest.Visitor{"administrateur": s.SignIn(droits.Administrateur, "Préfecture"), "gestionnaire": s.Gestion, "delegue": s.Delegue, "direction": s.Direction,
		"referent": s.SignIn(droits.Referent, "Association des habitants"), "lecteur": s.SignIn(droits.Lecteur, "Association des habitants")}
	// Which acts the record offers, by state and role.
	want := map[string]map[string]string{
		"demande":  {"gestionnaire": "modifier refuser", "delegue": "aviser", "direction": "deroger refuser", "administrateur": "modifier", "referent": "modifier", "lecteur": ""},
		"avis":     {"gestionnaire": "modifier accorder refuser", "delegue": "aviser", "direction": "accorder deroger refuser", "administrateur": "modifier", "referent": "", "lecteur": ""},
		"accordee": {"gestionnaire": "signer reference refuser", "delegue": "", "direction": "deroger refuser", "administrateur": "signer reference", "referent": "", "lecteur": ""},
		"signee":   {"gestionnaire": "pourvoir renouveler pieces reference resilier", "delegue": "", "direction": "deroger", "administrateur": "pourvoir renouveler pieces reference resilier", "referent": "", "lecteur": ""},
		"pourvue":  {"gestionnaire": "depart renouveler pieces reference resilier", "delegue": "", "direction": "deroger", "administrateur": "depart renouveler pieces reference resilier", "referent": "", "lecteur": ""},
		"vacante":  {"gestionnaire": "pourvoir renouveler pieces reference resilier", "delegue": "", "direction": "deroger", "administrateur": "pourvoir renouveler pieces reference resilier", "referent": "", "lecteur": ""},
		"terminee": {"gestionnaire": "renouveler pieces reference", "delegue": "", "direction": "", "administrateur": "renouveler pieces reference", "referent": "", "lecteur": ""},
		"resiliee": {"gestionnaire": "pieces", "delegue": "", "direction": "", "administrateur": "pieces", "referent": "", "lecteur": ""},
		"refusee":  {"gestionnaire": "", "delegue": "", "direction": "", "administrateur": "", "referent": "", "lecteur": ""},
	}
	address := s.request()
	id := address[strings.LastIndex(address, "/")+1:]
	for state, byRole := range want {
		s.Exec(`UPDATE adulte_relais SET etat = $2, numero = 'N', signee_le = debut, accordee_le = debut, avis = 'favorable', avis_le = debut, motif = 'x',
			close_le = CASE WHEN $2 IN ('terminee', 'resiliee', 'refusee') THEN fin END WHERE id = $1`, id, state)
		for role, acts := range byRole {
			p := roles[role].Get(address).Want(http.StatusOK)
			var got []string
			for _, a := range p.Find("main .fr-btns-group a").EachIter() {
				href, _ := a.Attr("href")
				got = append(got, href[strings.LastIndex(href, "/")+1:])
			}
			if strings.Join(got, " ") != acts {
				t.Errorf("%s, %s: offered %q, want %q", state, role, got, acts)
			}
		}
	}
	// What is not offered is refused: by the right, or by the state.
	s.Exec(`UPDATE adulte_relais SET etat = 'demande', close_le = NULL WHERE id = $1`, id)
	form := s.Gestion.Get(address + "/modifier").Want(http.StatusOK).Fields(address + "/modifier")
	for _, act := range []string{"accorder", "signer", "pourvoir", "depart", "resilier", "terminer", "pieces", "renouveler"} {
		form.Set("le", day(0, 0, 0))
		form.Set("numero", "N2")
		form.Set("motif", "motif")
		form.Set("fin", day(0, 0, 0))
		form.Set("debut", day(2, 0, 0))
		p := s.Gestion.Post(address+"/"+act, form)
		if p.Status != http.StatusUnprocessableEntity {
			t.Errorf("%s of a request: status %d", act, p.Status)
		}
		for _, other := range []string{"lecteur", "referent", "delegue"} {
			if p := roles[other].Post(address+"/"+act, form); p.Status != http.StatusForbidden {
				t.Errorf("%s by %s: status %d", act, other, p.Status)
			}
		}
	}
	if got := s.state(address); got != "demande" {
		t.Errorf("state %s", got)
	}
}

func TestOpinionOfTheDelegate(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	address := s.request()
	s.Delegue.Edit(address+"/aviser", "avis", "defavorable").Want(http.StatusUnprocessableEntity) // without its reason
	s.Delegue.Edit(address+"/aviser", "avis", "defavorable", "avis_texte", "Missions trop proches du service.").Want(http.StatusSeeOther)
	p := s.Gestion.Edit(address+"/accorder", "le", day(0, 0, 0))
	if p.Status != http.StatusUnprocessableEntity || !strings.Contains(p.Text("#erreurs"), "défavorable") {
		t.Errorf("granted against the opinion: %d %s", p.Status, p.Text("#erreurs"))
	}
	s.Direction.Edit(address+"/deroger", "regle", "avis", "motif", "Besoin établi par le contrat de ville.").Want(http.StatusSeeOther)
	s.Direction.Edit(address+"/accorder", "le", day(0, 0, 0)).Want(http.StatusSeeOther)

	// A quarter out of the lettre de mission.
	other := s.request("qpv", s.Value(`SELECT id FROM qpv WHERE code <> 'QN08801M' AND generation = 2024 ORDER BY code LIMIT 1`))
	if text := s.Delegue.Get(other).Want(http.StatusOK).Text("main"); strings.Contains(text, "Donner l’avis") {
		t.Error("the opinion on another quarter is offered")
	}
	s.Delegue.Edit(other+"/aviser", "avis", "favorable").Want(http.StatusForbidden)

	// A request that changes after the opinion is asked for again.
	third := s.request()
	s.Delegue.Edit(third+"/aviser", "avis", "favorable").Want(http.StatusSeeOther)
	s.Gestion.Edit(third+"/modifier", "quotite", "80").Want(http.StatusSeeOther)
	if got := s.Value(`SELECT etat || coalesce(avis, ' sans avis') FROM adulte_relais WHERE id = $1`, third[strings.LastIndex(third, "/")+1:]); got != "demande sans avis" {
		t.Errorf("after a change: %s", got)
	}
}

func TestQuota(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.Exec(`INSERT INTO adulte_relais_quota (departement, annee, postes) SELECT '88', y, 1 FROM generate_series(2020, 2035) y`)
	s.signed("R1")
	second := s.request()
	s.Delegue.Edit(second+"/aviser", "avis", "favorable").Want(http.StatusSeeOther)
	p := s.Gestion.Edit(second+"/accorder", "le", day(-1, 0, 0))
	if p.Status != http.StatusUnprocessableEntity || !strings.Contains(p.Text("#erreurs"), "sont tous pris") && !strings.Contains(p.Text("#erreurs"), "1 poste") {
		t.Fatalf("beyond the quota: %d %s", p.Status, p.Text("#erreurs"))
	}
	s.Direction.Edit(second+"/deroger", "regle", "quota", "motif", "Poste transféré par un autre département.").Want(http.StatusSeeOther)
	s.Gestion.Edit(second+"/accorder", "le", day(-1, 0, 0)).Want(http.StatusSeeOther)
	row := s.Gestion.Get("/suivi/adultes-relais/bareme").Want(http.StatusOK).Text("#postes")
	if !strings.Contains(row, "-1") && !strings.Contains(row, "−1") {
		t.Errorf("free posts: %s", row)
	}
	s.SignIn(droits.Referent, "Association des habitants").Get("/suivi/adultes-relais/bareme").Want(http.StatusForbidden)
}

func TestStaleAndDoubleClicks(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	form := s.Gestion.Get("/suivi/adultes-relais/nouveau").Fields("/suivi/adultes-relais/nouveau", s.demande()...)
	first := s.Gestion.Post("/suivi/adultes-relais/nouveau", form).Want(http.StatusSeeOther).Header.Get("Location")
	again := s.Gestion.Post("/suivi/adultes-relais/nouveau", form).Want(http.StatusSeeOther).Header.Get("Location")
	if first != again || s.Value(`SELECT count(*) FROM adulte_relais`) != "1" {
		t.Errorf("%s then %s", first, again)
	}
	form = s.Gestion.Get(first+"/modifier").Fields(first+"/modifier", "quotite", "80")
	s.Gestion.Post(first+"/modifier", form).Want(http.StatusSeeOther)
	s.Gestion.Post(first+"/modifier", form).Want(http.StatusSeeOther) // a double click
	if got := s.verbs("adulte_relais", first); got != "poste demandé, convention modifiée" {
		t.Errorf("journal: %s", got)
	}
	admin := s.SignIn(droits.Administrateur, "Préfecture")
	form.Set("quotite", "70")
	p := admin.Post(first+"/modifier", form).Want(http.StatusConflict)
	if text := p.Text("#versions"); !strings.Contains(text, "70") || !strings.Contains(text, "80") {
		t.Errorf("both versions: %s", text)
	}
	form.Set("cle", "pas une clef")
	form.Set("version", "x")
	s.Gestion.Post(first+"/modifier", form).Want(http.StatusBadRequest)
	s.Gestion.Post("/suivi/adultes-relais/nouveau", form).Want(http.StatusBadRequest)
}

// Three years end on the eve of the day that they began on, leap years included: the form and the database agree on each.
func TestThreeYears(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	for debut, last := range map[string]string{"2024-01-01": "2026-12-31", "2024-02-28": "2027-02-27", "2024-02-29": "2027-02-28", "2024-03-01": "2027-02-28", "2025-02-28": "2028-02-27",
		"2025-03-01": "2028-02-29", "2025-03-02": "2028-03-01", "2026-11-26": "2029-11-25"} {
		s.request("debut", debut, "fin", last)
		end, err := time.Parse(time.DateOnly, last)
		if err != nil {
			t.Fatal(err)
		}
		after := end.AddDate(0, 0, 1).Format(time.DateOnly)
		if p := s.Gestion.Edit("/suivi/adultes-relais/nouveau", s.demande("debut", debut, "fin", after)...); p.Status != http.StatusUnprocessableEntity || !strings.Contains(p.Text("#fin-messages"), "trois ans") {
			t.Errorf("from %s to %s: %d, %s", debut, after, p.Status, p.Text("#erreurs"))
		}
		if _, err := s.DB.Exec(t.Context(), `UPDATE adulte_relais SET fin = $2 WHERE debut = $1`, debut, after); err == nil {
			t.Errorf("the database takes a convention from %s to %s", debut, after)
		}
	}
}
