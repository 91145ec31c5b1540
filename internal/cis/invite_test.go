package cis_test

import (
	"bytes"
	"net/url"
	"strings"
	"testing"
	"time"

	"portail/internal/portailtest"
	"portail/internal/signature"
)

var cleEssai = bytes.Repeat([]byte{0x5e}, 32) // that of portailtest.Config

func TestAnswersByLink(t *testing.T) {
	m := newMonde(t, 3)
	id := m.aVenir(30)
	m.do(m.staff, seancePath(id, "convoquer")).Want(303)
	convocation := m.v.Number(`SELECT id FROM convocation WHERE seance_id = $1 AND courriel = 'caf@exemple.test'`, id)
	link := func(expire time.Time, usage string, ids ...int64) string {
		return "/convocation/" + signature.Signer(cleEssai, usage, expire, ids...)
	}
	good := link(time.Now().Add(time.Hour), "convocation", convocation)
	visitor := m.v.Fresh()
	p := visitor.Get(good + "?reponse=represente").Want(200)
	if got := p.Find(`input[name=reponse][checked]`).AttrOr("value", ""); got != "represente" {
		t.Errorf("the answer chosen in the mail: %q", got)
	}
	for _, hidden := range []string{"Accès aux droits", "Point réservé", "ARS", "exemple.test", "visio"} {
		if strings.Contains(p.Text("main"), hidden) {
			t.Errorf("the page of the link reveals %q", hidden)
		}
	}
	if m.v.Value(`SELECT reponse FROM convocation WHERE id = $1`, convocation) != "" {
		t.Error("opening the link answered")
	}
	for name, c := range map[string]struct {
		values url.Values
		told   string
	}{
		"nothing chosen": {url.Values{}, "Choisissez une réponse"}, "an unknown answer": {url.Values{"reponse": {"peut-etre"}}, "Choisissez une réponse"},
		"by nobody": {url.Values{"reponse": {"represente"}}, "qui vous représente"},
		"too long":  {url.Values{"reponse": {"excuse"}, "mot": {strings.Repeat("é", 501)}}, "trop long"},
	} {
		if got := visitor.Post(good, c.values).Want(422).Text("#erreurs"); !strings.Contains(got, c.told) {
			t.Errorf("%s: %q", name, got)
		}
	}
	for range 2 {
		visitor.Post(good, url.Values{"reponse": {"represente"}, "represente_par": {"Adjoint de direction"}}).Want(303)
	}
	if got := m.v.Value(`SELECT reponse || ' ' || represente_par || ' ' || repondu_par || ' ' || version FROM convocation WHERE id = $1`, convocation); got != "represente Adjoint de direction lien 2" {
		t.Errorf("kept: %s", got)
	}
	if got := m.v.Value(`SELECT count(*) FROM journal WHERE verbe = 'réponse donnée par le lien personnel'`); got != "1" {
		t.Errorf("%s journal lines", got)
	}
	for name, bad := range map[string]string{
		"expired": link(time.Now().Add(-time.Second), "convocation", convocation), "altered": good[:len(good)-1] + "_", "cut": good[:len(good)-6],
		"of another use": link(time.Now().Add(time.Hour), "décision", convocation), "of nobody": link(time.Now().Add(time.Hour), "convocation", 999999), "junk": "/convocation/aaaa",
	} {
		visitor.Get(bad).Want(404)
		visitor.Post(bad, url.Values{"reponse": {"excuse"}}).Want(404)
		if strings.Contains(visitor.Get(bad).Text("main"), "Comité d’essai") {
			t.Errorf("a link %s reveals the committee", name)
		}
	}
	m.do(m.staff, seancePath(id, "reporter"), "motif", "Neige").Want(303)
	if got := visitor.Get(good).Want(200).Text("main"); !strings.Contains(got, "reportée") {
		t.Errorf("a meeting put off: %q", got)
	}
	visitor.Post(good, url.Values{"reponse": {"excuse"}}).Want(422)
	if m.v.Value(`SELECT reponse FROM convocation WHERE id = $1`, convocation) != "represente" {
		t.Error("an answer to a meeting put off was taken")
	}

	// A new date asks everybody again, under the same identity and a higher sequence.
	m.do(m.staff, seancePath(id, "modifier"), "jour", time.Now().AddDate(0, 2, 0).Format(time.DateOnly)).Want(303)
	if got := m.v.Value(`SELECT etat FROM seance WHERE id = $1`, id); got != "planifiee" {
		t.Errorf("with a new date the meeting is %s", got)
	}
	m.do(m.staff, seancePath(id, "convoquer")).Want(303)
	if got := m.v.Value(`SELECT reponse || sequence FROM convocation c JOIN seance s ON s.id = c.seance_id WHERE c.id = $1`, convocation); got != "2" {
		t.Errorf("answer and sequence after the new date: %q", got)
	}
}

func TestWhoAnswersForWhomInThePortal(t *testing.T) {
	m := newMonde(t, 3)
	id := m.aVenir(30)
	m.do(m.staff, seancePath(id, "convoquer")).Want(303)
	of := func(courriel string) string {
		return seancePath(id, "convocations/"+m.v.Value(`SELECT id FROM convocation WHERE seance_id = $1 AND courriel = $2`, id, courriel)+"/reponse")
	}
	yes := url.Values{"reponse": {"present"}}
	for name, c := range map[string]struct {
		by     *portailtest.Visitor
		of     string
		status int
	}{
		"a référent for the organisation": {m.caf, "caf@exemple.test", 303}, "a référent for another": {m.caf, "ars@exemple.test", 404},
		"a lecteur": {m.lecteur, "caf@exemple.test", 404}, "staff": {m.staff, "dde@exemple.test", 303}, "direction": {m.direction, "ars@exemple.test", 404},
		"somebody from outside": {m.epinal, "caf@exemple.test", 404},
	} {
		if got := c.by.Post(of(c.of), yes).Status; got != c.status {
			t.Errorf("%s: %d, want %d", name, got, c.status)
		}
		want := 200
		if c.status == 404 {
			want = 404
		}
		c.by.Get(of(c.of)).Want(want)
	}
	m.v.Fresh().Post(of("caf@exemple.test"), yes).Want(303) // to sign in
	if got := m.v.Value(`SELECT string_agg(reponse || ' ' || repondu_par, ', ' ORDER BY courriel) FROM convocation WHERE seance_id = $1`, id); got != " , present portail, present prefecture" {
		t.Errorf("answers kept: %q", got)
	}
	if got := m.caf.Get(seancePath(id, "")).Text("main"); !strings.Contains(got, "Présent.") || strings.Contains(got, "ars@exemple.test") {
		t.Error("a member does not see its own answer, or sees another's address")
	}
}
