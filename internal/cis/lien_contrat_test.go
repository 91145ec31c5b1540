package cis_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"portail/internal/droits"
	"portail/internal/lien"
)

// contrat puts a contract with one engagement of the CAF straight into the database.
func (m *monde) contrat(titre string) (id, lignee int64) {
	m.t.Helper()
	id = m.v.Number(`INSERT INTO contrat (generation) VALUES (2024) RETURNING id`)
	version := m.v.Number(`INSERT INTO contrat_version (contrat_id, numero, titre, debut, fin) VALUES ($1, 1, $2, '2024-01-01', '2030-12-31') RETURNING id`, id, titre)
	partie := m.v.Number(`INSERT INTO contrat_partie (version_id, organisme_id, nature, obligation) VALUES ($1, $2, 'autre', 'attendu') RETURNING id`, version, m.orgCAF)
	axe := m.v.Number(`INSERT INTO contrat_axe (version_id, nature, titre) VALUES ($1, 'priorite', 'Emploi') RETURNING id`, version)
	objectif := m.v.Number(`INSERT INTO contrat_objectif (version_id, axe_id, titre) VALUES ($1, $2, 'Accueillir') RETURNING id`, version, axe)
	lignee = m.v.Number(`INSERT INTO contrat_engagement (version_id, objectif_id, partie_id, texte, credits) VALUES ($1, $2, $3, 'Tenir une permanence', 'droit_commun')
		RETURNING lignee`, version, objectif, partie)
	return id, lignee
}

func TestADecisionBearsOnAContract(t *testing.T) {
	m := newMonde(t, 5)
	id := m.decision(m.orgCAF, 10)
	contrat, lignee := m.contrat("Contrat d’essai")
	other, _ := m.contrat("Autre contrat")
	page := at("/decisions/%d/modifier", id)
	for _, wrong := range []string{"x", "0", "99999", at("%d-999999", contrat), at("%d-%d", other, lignee), at("%d-x", contrat)} {
		if got := send(t, m.staff, page, page, "contrat", wrong).Want(422).Text("#contrat-messages"); !strings.Contains(got, "dans la liste") {
			t.Errorf("contract %q: beside the field %q", wrong, got)
		}
	}
	send(t, m.staff, page, page, "contrat", at("%d-%d", contrat, lignee)).Want(303)
	if got := m.lines("decision", id); got != at(`décision corrigée {"contrat": ["", "n° %d, engagement n° %d"]}`, contrat, lignee) {
		t.Errorf("journal %s", got)
	}
	record := m.staff.Get(at("/decisions/%d", id)).Want(200)
	if record.Find(at("a[href='%s']", lien.ContratAgents(contrat))).Length() != 1 || record.Find(at("a[href='%s']", lien.ContratSuivi(contrat, lignee))).Length() != 1 {
		t.Error("the record leads neither to the contract nor to the engagement")
	}
	// Another organisation knows nothing of a contract that is being prepared.
	if got := m.ars.Get(at("/decisions/%d", id)).Want(200).Text("main"); strings.Contains(got, "Contrat d’essai") {
		t.Error("whoever is no party reads of a draft")
	}
	if got := m.caf.Get(at("/decisions/%d", id)).Want(200).Text("main"); !strings.Contains(got, "Tenir une permanence") {
		t.Error("the party that carries the engagement does not read of it")
	}
	for query, want := range map[string]int{at("?contrat=%d", contrat): 1, at("?contrat=%d", other): 0} {
		if got := m.staff.Get("/decisions" + query).Want(200).Find("#decisions tbody tr").Length(); got != want {
			t.Errorf("%s: %d decisions, want %d", query, got, want)
		}
	}
	m.staff.Get("/decisions?contrat=x").Want(http.StatusBadRequest)
}

func TestAPointBearsOnAContractAndOneOfItsDecisionsToo(t *testing.T) {
	m := newMonde(t, 0)
	contrat, _ := m.contrat("Contrat d’essai")
	m.v.Exec(`UPDATE seance SET etat = 'convoquee', debut = now() + interval '1 day', fin = NULL, tenue_le = NULL WHERE id = $1`, m.seance)
	page := at("/seances/%d/ordre-du-jour/points/%d", m.seance, m.point)
	send(t, m.staff, page, page, "contrat", at("%d", contrat)).Want(303)
	if got := m.v.Value(`SELECT contrat_id FROM point WHERE id = $1`, m.point); got != at("%d", contrat) {
		t.Errorf("the point bears on %q", got)
	}
	send(t, m.staff, page, page, "contrat", "99999").Want(422)
	m.v.Exec(`UPDATE seance SET etat = 'tenue', debut = now(), tenue_le = now() WHERE id = $1`, m.seance)
	if got := m.staff.Get(at("/seances/%d/en-seance", m.seance)).Want(200).Find(at("#point-%d-contrat option[selected]", m.point)).AttrOr("value", ""); got != at("%d", contrat) {
		t.Errorf("the decision of the point is offered contract %q", got)
	}
}

func TestMeetingsInACalendar(t *testing.T) {
	m := newMonde(t, 5)
	feed := regexp.MustCompile(`/flux/[^"]+/reunions\.ics`).FindString(string(m.caf.Post(lien.EcheancesFlux, map[string][]string{}).Want(200).Body))
	if feed == "" {
		t.Fatal("no address of the meetings")
	}
	phone := m.v.For(t)
	if got := string(phone.Get(feed).Want(200).Body); strings.Count(got, "BEGIN:VEVENT") != 1 || !strings.Contains(got, "UID:"+m.v.Value(`SELECT uid FROM seance WHERE id = $1`, m.seance)) {
		t.Errorf("the feed of a member:\n%s", got)
	}
	m.v.Exec(`UPDATE compte SET desactive_le = now(), desactive_motif = 'départ'`)
	phone.Get(feed).Want(404)
}

func TestOpenDecisionsAreHandedOver(t *testing.T) {
	m := newMonde(t, 5)
	from, _ := m.v.Account("ancienne@caf.test", droits.Referent, "CAF")
	to, _ := m.v.Account("nouveau@caf.test", droits.Lecteur, "CAF")
	open, closed := m.decision(m.orgCAF, 10, at("compte_id = %d", from)), m.decision(m.orgCAF, 10, at("compte_id = %d, etat = 'faite', clos_le = now()", from))
	admin := m.v.SignIn(droits.Administrateur, "Préfecture")
	page := lien.CompteTransmettre(from)
	preview := admin.Post(page, admin.Get(page).Want(200).Fields(page, "a", "nouveau@caf.test"))
	if !strings.Contains(preview.Text("main"), "Décision n°") {
		t.Fatalf("status %d, the preview does not list the decision: %s", preview.Status, preview.Text("main"))
	}
	seal, _ := preview.Find(`input[name="apercu"]`).Attr("value")
	admin.Post(page, url.Values{"a": {"nouveau@caf.test"}, "apercu": {seal}}).Want(303)
	if got := m.v.Value(`SELECT string_agg(id || ':' || compte_id, ' ' ORDER BY id) FROM decision`); got != at("%d:%d %d:%d", open, to, closed, from) {
		t.Errorf("decisions are of %s", got)
	}
	if got := m.lines("decision", open); !strings.Contains(got, "décision transmise") {
		t.Errorf("journal %s", got)
	}
}
