package cis_test

import (
	"errors"
	"net/url"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"portail/internal/droits"
	"portail/internal/pg"
	"portail/internal/portailtest"
)

// ordre are the titles of the agenda, in order.
func (m *monde) ordre(seance int64) string {
	m.t.Helper()
	return m.v.Value(`SELECT string_agg(titre, '|' ORDER BY rang) FROM point WHERE seance_id = $1 AND etat = 'retenu'`, seance)
}

func TestAgendaIsPreparedPointByPoint(t *testing.T) {
	m := newMonde(t, 3)
	id := m.aVenir(30)
	address := seancePath(id, "ordre-du-jour/points/nouveau")
	for field, c := range map[string]struct{ typed, told string }{
		"titre": {" ", "Indiquez l’objet"}, "duree_min": {"0", "Indiquez un nombre entier"}, "organisme": {"999999", "dans la liste"}, "qpv": {"x", "dans la liste"}, "nature": {"vote", "nature du point"},
	} {
		p := m.do(m.staff, address, "titre", "Essai", field, c.typed).Want(422)
		if got := p.Text("#" + field + "-messages"); !strings.Contains(got, c.told) {
			t.Errorf("%s: %q", field, got)
		}
	}
	sent := m.staff.Get(address).Want(200).Fields(address, "titre", "Emploi", "duree_min", "25")
	for range 2 {
		m.staff.Post(address, sent).Want(303)
	}
	emploi := m.v.Value(`SELECT id FROM point WHERE seance_id = $1 AND titre = 'Emploi'`, id)
	act := func(acte string) {
		m.staff.Post(seancePath(id, "ordre-du-jour/points/"+emploi+"/"+acte), nil).Want(303)
	}
	act("monter")
	act("monter")
	act("monter") // first already
	if got := m.ordre(id); got != "Emploi|Accès aux droits|Point réservé" {
		t.Errorf("moved up: %s", got)
	}
	act("descendre")
	edited := seancePath(id, "ordre-du-jour/points/"+emploi)
	stale := m.staff.Get(edited).Want(200).Fields(edited, "titre", "Emploi des jeunes")
	m.do(m.staff, edited, "titre", "Emploi et formation").Want(303)
	if got := m.staff.Post(edited, stale).Want(409).Text("#versions"); !strings.Contains(got, "Emploi et formation") || !strings.Contains(got, "Emploi des jeunes") {
		t.Errorf("both versions: %q", got)
	}
	drop := edited + "/ecarter"
	m.do(m.staff, drop).Want(303)
	if got := m.v.Value(`SELECT string_agg(titre || rang, '|' ORDER BY rang) FROM point WHERE seance_id = $1 AND etat = 'retenu'`, id); got != "Accès aux droits1|Point réservé2" {
		t.Errorf("dropped: %s", got)
	}
	act("retenir")
	if got := m.ordre(id); got != "Accès aux droits|Point réservé|Emploi et formation" {
		t.Errorf("taken up again: %s", got)
	}
	other := m.v.Number(`INSERT INTO seance (comite_id) VALUES ($1) RETURNING id`, m.comite)
	m.staff.Post(seancePath(other, "ordre-du-jour/points/"+emploi+"/monter"), nil).Want(404)
	m.staff.Post(seancePath(m.seance, "ordre-du-jour/points/nouveau"), m.staff.Get(address).Fields(address, "titre", "Trop tard")).Want(422)
	if got := m.v.Value(`SELECT string_agg(verbe, '|' ORDER BY id) FROM journal WHERE objet = 'seance' AND objet_id = $1::bigint::text`, id); got !=
		"point ajouté|point déplacé|point déplacé|point déplacé|point modifié|point écarté|point retenu" {
		t.Errorf("journal: %s", got)
	}
}

func TestMembersProposeUntilTheDeadline(t *testing.T) {
	m := newMonde(t, 3)
	id := m.aVenir(40)
	address := seancePath(id, "proposer")
	sent := m.caf.Get(address).Want(200).Fields(address, "titre", "Accueil des familles", "restreint", "oui", "organisme", "1")
	for range 2 {
		m.caf.Post(address, sent).Want(303)
	}
	if got := m.v.Value(`SELECT string_agg(etat || origine || restreint || (propose_par = $2) || (organisme_id = $2), ',') FROM point WHERE seance_id = $1 AND origine = 'membre'`, id, m.orgCAF); got != "proposemembrefalsetruetrue" {
		t.Errorf("proposed: %s", got)
	}
	if !strings.Contains(m.caf.Get(seancePath(id, "")).Text("main"), "Accueil des familles") || strings.Contains(m.ars.Get(seancePath(id, "")).Text("main"), "Accueil des familles") {
		t.Error("a proposal is for its author and the préfecture")
	}
	point := m.v.Value(`SELECT id FROM point WHERE seance_id = $1 AND origine = 'membre'`, id)
	drop := seancePath(id, "ordre-du-jour/points/"+point+"/ecarter")
	m.do(m.staff, drop).Want(422)
	m.do(m.staff, drop, "reponse", "Traité en comité technique").Want(303)
	if got := m.caf.Get(seancePath(id, "")).Text("main"); !strings.Contains(got, "Traité en comité technique") {
		t.Error("whoever proposed does not read why it was dropped")
	}
	m.lecteur.Get(address).Want(403)
	m.epinal.Get(address).Want(404)
	m.epinal.Post(address, sent).Want(404)
	m.v.Exec(`UPDATE seance SET propositions_le = CURRENT_DATE - 1 WHERE id = $1`, id)
	late := url.Values{"titre": {"Trop tard"}, "nature": {"discussion"}, "cle": {"00000000-0000-4000-8000-000000000009"}}
	if got := m.caf.Post(address, late).Want(422).Text("#erreurs"); !strings.Contains(got, "se proposaient jusqu’au") {
		t.Errorf("after the deadline: %q", got)
	}
}

func TestThePortalProposesOverdueAndBlockedDecisionsOnce(t *testing.T) {
	m := newMonde(t, 30)
	id := m.aVenir(30)
	late, blocked := m.decision(m.orgCAF, -5), m.decision(m.orgARS, 20, "etat = 'bloquee', motif = 'Pas de local'")
	m.decision(m.orgARS, 20)                                     // on time
	m.decision(m.orgARS, -20, "etat = 'faite', clos_le = now()") // closed
	page := m.staff.Get(seancePath(id, "ordre-du-jour")).Want(200)
	if got := page.Find(`input[name=reference]`).Length(); got != 2 {
		t.Fatalf("%d suggestions", got)
	}
	address := seancePath(id, "ordre-du-jour/suggestions")
	send := func(reference, suite string) *portailtest.Page {
		return m.staff.Post(address, url.Values{"reference": {reference}, "suite": {suite}})
	}
	for range 2 {
		send("decision:"+m.v.Value(`SELECT $1::bigint`, late), "retenir").Want(303)
		send("decision:"+m.v.Value(`SELECT $1::bigint`, blocked), "ecarter").Want(303)
	}
	if got := m.v.Value(`SELECT string_agg(etat || ' ' || origine, ', ' ORDER BY id) FROM point WHERE seance_id = $1 AND reference IS NOT NULL`, id); got != "retenu decision, ecarte decision" {
		t.Errorf("kept and dropped: %s", got)
	}
	if got := m.staff.Get(seancePath(id, "ordre-du-jour")).Find(`input[name=reference]`).Length(); got != 0 {
		t.Errorf("%d suggestions are made again", got)
	}
	send("decision:999999", "retenir").Want(404)
	send("organisme:1", "retenir").Want(404)
	send("decision:1", "autre").Want(400)
}

func TestWhoSeesAMeeting(t *testing.T) {
	m := newMonde(t, 3)
	id := m.aVenir(30)
	ddt := m.v.SignIn(droits.Referent, "DDE")
	for name, c := range map[string]struct {
		by       *portailtest.Visitor
		status   int
		reserved bool
	}{
		"staff": {m.staff, 200, true}, "direction": {m.direction, 200, true}, "a service of the State": {ddt, 200, true},
		"an operator": {m.caf, 200, false}, "a lecteur": {m.lecteur, 200, false}, "an organisation that sits nowhere": {m.epinal, 404, false},
	} {
		for _, address := range []string{seancePath(id, ""), seancePath(id, "deroule")} {
			p := c.by.Get(address)
			if p.Status != c.status || strings.Contains(p.Text("main"), "Point réservé") != c.reserved {
				t.Errorf("%s on %s: %d, reserved point %v", name, address, p.Status, strings.Contains(p.Text("main"), "Point réservé"))
			}
		}
		c.by.Get(seancePath(id, "seance.ics")).Want(c.status)
		if got := c.by.Get("/comites/" + m.v.Value(`SELECT $1::bigint`, m.comite)).Status; got != c.status {
			t.Errorf("%s on the committee: %d", name, got)
		}
		if listed := strings.Contains(c.by.Get("/comites").Want(200).Text("main"), "Comité d’essai"); listed != (c.status == 200) {
			t.Errorf("%s: the committee is listed: %v", name, listed)
		}
	}
	m.v.Exec(`UPDATE comite_membre SET fin = CURRENT_DATE - 1 WHERE organisme_id = $1`, m.orgCAF)
	m.caf.Get(seancePath(id, "")).Want(404)
}

// TestForgottenWhere reads whole tables as people from outside: row-level security alone answers.
func TestForgottenWhere(t *testing.T) {
	m := newMonde(t, 3)
	id := m.aVenir(30)
	m.do(m.staff, seancePath(id, "convoquer")).Want(303)
	counts := map[string]map[string]string{
		"epinal": {"comite": "0", "comite_membre": "0", "comite_membre_contact": "0", "seance": "0", "point": "0", "convocation": "0", "convocation_envoi": "0"},
		"caf":    {"comite": "1", "comite_membre": "3", "comite_membre_contact": "1", "seance": "2", "point": "2", "convocation": "1", "convocation_envoi": "0"},
		"nobody": {"comite": "0", "comite_membre": "0", "comite_membre_contact": "0", "seance": "0", "point": "0", "convocation": "0", "convocation_envoi": "0"},
	}
	who := map[string]droits.Compte{"nobody": {}, "caf": {ID: 1, Organisme: m.orgCAF, Role: droits.Referent},
		"epinal": {ID: 2, Organisme: m.v.Number(`SELECT id FROM organisme WHERE nom = 'Épinal'`), Role: droits.Referent}}
	for name, tables := range counts {
		for table, want := range tables {
			err := pg.As(t.Context(), m.v.Web, who[name], func(tx pgx.Tx) error {
				var n string
				if err := tx.QueryRow(t.Context(), `SELECT count(*)::text FROM `+table).Scan(&n); err != nil {
					return err
				}
				if n != want {
					t.Errorf("%s reads %s rows of %s, want %s", name, n, table, want)
				}
				tag, err := tx.Exec(t.Context(), `UPDATE `+table+` SET id = id`)
				if err == nil && tag.RowsAffected() > 0 {
					t.Errorf("%s changes %d rows of %s", name, tag.RowsAffected(), table)
				}
				return errors.New("nothing of this stays")
			})
			if err == nil {
				t.Errorf("%s committed", name)
			}
		}
	}
}

func TestPagesOfMeetingsCostFewStatements(t *testing.T) {
	m := newMonde(t, 3)
	id := m.aVenir(30)
	m.v.Exec(`INSERT INTO organisme (nom, nature) SELECT 'Association ' || n, 'association' FROM generate_series(1, 60) n`)
	m.v.Exec(`INSERT INTO comite_membre (comite_id, organisme_id) SELECT $1, id FROM organisme WHERE nom LIKE 'Association %'`, m.comite)
	m.v.Exec(`INSERT INTO comite_membre_contact (membre_id, courriel) SELECT id, 'm' || id || '@exemple.test' FROM comite_membre ON CONFLICT DO NOTHING`)
	m.v.Exec(`INSERT INTO point (seance_id, rang, titre) SELECT $1, n + 2, 'Point ' || n FROM generate_series(1, 40) n`, id)
	m.do(m.staff, seancePath(id, "convoquer")).Want(303)
	m.v.Exec(`INSERT INTO seance (comite_id, debut, etat) SELECT $1, now() - n * interval '5 days', 'cr_valide' FROM generate_series(1, 200) n`, m.comite)
	comite := "/comites/" + m.v.Value(`SELECT $1::bigint`, m.comite)
	for _, page := range []string{"/comites", comite, comite + "/membres/nouveau", seancePath(id, ""), seancePath(id, "ordre-du-jour"), seancePath(id, "prevenir"),
		seancePath(id, "emargement"), seancePath(id, "deroule"), seancePath(id, "ordre-du-jour/points/nouveau")} {
		m.staff.Get(page).Want(200)
		n := portailtest.CountStatements(t, m.v.DB, func() { m.staff.Get(page).Want(200) })
		if n.Statements() > 10 || n.RoundTrips() > 3 {
			t.Errorf("%s: %d statements in %d round trips\n%s", page, n.Statements(), n.RoundTrips(), n)
		}
	}
}
