package cis_test

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"fmt"
	"io"
	"net/url"
	"strings"
	"testing"

	"portail/internal/portailtest"
)

// compteRendu composes the minutes of the meeting, with a note, a decision and the CAF present.
func (m *monde) compteRendu() int64 {
	m.t.Helper()
	m.v.Exec(`INSERT INTO presence (seance_id, organisme_id, membre_id, etat, precision) SELECT $1, organisme_id, id, 'present', 'la directrice' FROM comite_membre WHERE organisme_id = $2`, m.seance, m.orgCAF)
	m.v.Exec(`INSERT INTO note (seance_id, point_id, texte) VALUES ($1, $2, 'La CAF **ouvre** un lieu.')`, m.seance, m.point)
	m.v.Exec(`INSERT INTO note (seance_id, point_id, texte) VALUES ($1, $2, 'Entre services.')`, m.seance, m.reserve)
	m.decision(m.orgCAF, 30)
	p := send(m.t, m.staff, at("/seances/%d/compte-rendu", m.seance), at("/seances/%d/compte-rendu", m.seance)).Want(303)
	id := m.v.Number(`SELECT id FROM compte_rendu WHERE rectifie_id IS NULL`)
	if got := p.Header.Get("Location"); got != at("/comptes-rendus/%d", id) {
		m.t.Fatalf("goes on to %q", got)
	}
	return id
}

// acte sends an act of the page of minutes.
func (m *monde) acte(by *portailtest.Visitor, id int64, acte string, changed ...string) *portailtest.Page {
	m.t.Helper()
	page := at("/comptes-rendus/%d", id)
	return send(m.t, by, page, page+"/"+acte, changed...)
}

func TestMinutesFromTheMeetingToTheirPublicExtract(t *testing.T) {
	m := newMonde(t, 1, "PORTAIL_URL=https://portail.test")
	id := m.compteRendu()
	page := at("/comptes-rendus/%d", id)
	text := func(by *portailtest.Visitor) string {
		return strings.ReplaceAll(by.Get(page).Want(200).Find("main").Text(), "\u00a0", " ")
	}
	for _, want := range []string{"Présents", "CAF : la directrice", "La CAF ouvre un lieu.", "Décision n° 1 : Ouvrir une permanence (CAF", "Entre services."} {
		if !strings.Contains(text(m.staff), want) {
			t.Errorf("the draft does not say %q", want)
		}
	}
	for _, by := range []*portailtest.Visitor{m.caf, m.ars, m.lecteur, m.epinal} {
		by.Get(page).Want(404) // a draft
		by.Get(at("/seances/%d/compte-rendu", m.seance)).Want(404)
	}
	// Edited, with the version shown.
	section := m.v.Value(`SELECT id FROM compte_rendu_section WHERE titre = 'Accès aux droits'`)
	edit := page + "/sections/" + section
	mine := m.staff.Get(edit).Want(200).Fields(edit, "texte", "Mon texte")
	send(t, m.staff, edit, edit, "texte", "La CAF ouvre une permanence.").Want(303)
	if p := m.staff.Post(edit, mine).Want(409); !strings.Contains(p.Text("#versions"), "Mon texte") {
		t.Error("both versions are not shown")
	}
	send(t, m.staff, edit, edit, "titre", " ").Want(422)

	// Under review: those who attended are written to, and comment; what is reserved stays so.
	m.acte(m.staff, id, "relire").Want(303)
	if got := m.v.Value(`SELECT string_agg(destinataire, '|') FROM courriel WHERE sorte = 'relecture'`); got != "referent@caf.test" {
		t.Errorf("written to %q", got)
	}
	if strings.Contains(text(m.caf), "Entre services.") || !strings.Contains(text(m.caf), "La CAF ouvre une permanence.") {
		t.Error("a member does not read what is theirs, and only that")
	}
	m.epinal.Get(page).Want(404)
	m.acte(m.caf, id, "commentaires", "section", section, "texte", "Il s’agit du jeudi.").Want(303)
	if p := m.acte(m.ars, id, "commentaires", "texte", "Nous aussi").Want(422); !strings.Contains(p.Text("#erreurs"), "présents ou représentés") {
		t.Errorf("told %q", p.Text("#erreurs"))
	}
	m.lecteur.Post(page+"/commentaires", url.Values{"texte": {"x"}, "cle": {newCle()}}).Want(403)
	if strings.Contains(text(m.ars), "jeudi") || !strings.Contains(text(m.caf), "jeudi") {
		t.Error("comments are read by their author's organisation and the préfecture")
	}

	// Validated by the direction alone, once comments have their answer, with a reason before the end of the review.
	m.staff.Post(page+"/valider", url.Values{"version": {"2"}}).Want(403)
	if p := m.acte(m.direction, id, "valider", "motif", "Accord de tous").Want(422); !strings.Contains(p.Text("#erreurs"), "attend encore une réponse") {
		t.Errorf("told %q", p.Text("#erreurs"))
	}
	comment := m.v.Value(`SELECT id FROM compte_rendu_commentaire`)
	m.acte(m.staff, id, "commentaires/"+comment, "suite", "non_retenu").Want(422)
	m.acte(m.staff, id, "commentaires/"+comment, "suite", "retenu", "reponse_"+comment, "Corrigé").Want(303)
	m.acte(m.direction, id, "valider").Want(422) // no reason
	m.acte(m.direction, id, "valider", "motif", "Accord de tous les présents").Want(303)
	year := m.v.Value(`SELECT extract(year FROM now())`)
	if got := m.v.Value(`SELECT numero || ' ' || etat || ' ' || valide_fonction FROM compte_rendu WHERE id = $1`, id); got != "CE-"+year+"-01 valide Direction, Préfecture" {
		t.Errorf("validated as %q", got)
	}
	if got := m.v.Value(`SELECT etat FROM seance WHERE id = $1`, m.seance); got != "cr_valide" {
		t.Errorf("the meeting is %q", got)
	}
	kept := m.v.Value(`SELECT contenu FROM compte_rendu_version WHERE etat = 'valide'`)
	if got, want := m.v.Value(`SELECT encode(empreinte, 'hex') FROM compte_rendu WHERE id = $1`, id), fmt.Sprintf("%x", sha256.Sum256([]byte(kept))); got != want || !strings.Contains(text(m.staff), want) {
		t.Errorf("sealed by %s, the text by %s", got, want)
	}
	for _, want := range []string{"compte rendu composé", "compte rendu modifié", "compte rendu envoyé en relecture", "compte rendu commenté", "commentaire traité", "compte rendu validé"} {
		if !strings.Contains(m.lines("compte_rendu", id), want) {
			t.Errorf("the journal does not say %q: %s", want, m.lines("compte_rendu", id))
		}
	}

	m.immutable(id, section)

	// The text document, for each what they may read.
	odt := func(by *portailtest.Visitor) string {
		p := by.Get(page + "/compte-rendu.odt").Want(200)
		z, err := zip.NewReader(bytes.NewReader(p.Body), int64(len(p.Body)))
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
	if !strings.Contains(odt(m.staff), "Entre services.") || strings.Contains(odt(m.caf), "Entre services.") || !strings.Contains(odt(m.caf), "La CAF ouvre une permanence.") {
		t.Error("the text document does not hold what its reader may read, and only that")
	}

	m.extract(id, section)
	m.rectify(id)
}

// immutable tries to change validated minutes, by the pages, as the web server, and as the owner of the tables.
func (m *monde) immutable(id int64, section string) {
	m.t.Helper()
	page := at("/comptes-rendus/%d", id)
	before := m.v.Value(`SELECT md5(string_agg(titre || texte || version, '|' ORDER BY id)) FROM compte_rendu_section WHERE compte_rendu_id = $1`, id)
	m.staff.Get(page + "/sections/" + section).Want(404)
	m.staff.Post(page+"/sections/"+section, url.Values{"titre": {"x"}, "texte": {"x"}, "version": {"2"}}).Want(404)
	for _, acte := range []string{"relire", "redaction", "recomposer"} {
		m.staff.Post(page+"/"+acte, url.Values{"version": {"3"}}).Want(422)
	}
	for _, sql := range []string{
		`UPDATE compte_rendu SET numero = 'X' WHERE id = $1`, `UPDATE compte_rendu SET etat = 'brouillon', numero = NULL, valide_le = NULL, empreinte = NULL WHERE id = $1`,
		`DELETE FROM compte_rendu WHERE id = $1`, `UPDATE compte_rendu_section SET texte = 'X' WHERE compte_rendu_id = $1`, `DELETE FROM compte_rendu_section WHERE compte_rendu_id = $1`,
		`INSERT INTO compte_rendu_section (compte_rendu_id, rang, titre) VALUES ($1, 99, 'Ajout')`,
	} {
		if _, err := m.v.DB.Exec(m.t.Context(), sql, id); err == nil {
			m.t.Errorf("Postgres let through: %s", sql)
		}
	}
	for _, sql := range []string{`UPDATE compte_rendu_version SET contenu = 'X'`, `DELETE FROM compte_rendu_version`} {
		if _, err := m.v.Web.Exec(m.t.Context(), sql); err == nil {
			m.t.Errorf("the web server may: %s", sql)
		}
	}
	if after := m.v.Value(`SELECT md5(string_agg(titre || texte || version, '|' ORDER BY id)) FROM compte_rendu_section WHERE compte_rendu_id = $1`, id); after != before {
		m.t.Error("validated minutes changed")
	}
}

// extract publishes a section, then takes it back.
func (m *monde) extract(id int64, section string) {
	m.t.Helper()
	page := at("/comptes-rendus/%d/extrait", id)
	reserved := m.v.Value(`SELECT id FROM compte_rendu_section WHERE restreint`)
	m.caf.Get(page).Want(403)
	visitor := m.v.Fresh()
	if p := visitor.Get("/comptes-rendus-publics").Want(200); strings.Contains(p.Text("main"), "Comité d’essai") {
		m.t.Error("something is public that nobody published")
	}
	f := m.staff.Get(page).Want(200).Fields(page, "titre", "Séance d’essai")
	m.staff.Post(page, f).Want(422) // nothing chosen
	f["parties"] = []string{section, reserved}
	m.staff.Post(page, f).Want(422) // one is reserved
	f["parties"] = []string{section, "999999"}
	m.staff.Post(page, f).Want(422)
	f["parties"] = []string{section}
	m.staff.Post(page, f).Want(303)
	m.staff.Post(page, f).Want(303) // the second click
	extrait := m.v.Value(`SELECT id FROM extrait`)
	public := "/comptes-rendus-publics/" + extrait
	p := visitor.Get(public).Want(200)
	if got := p.Text("main"); !strings.Contains(got, "La CAF ouvre une permanence.") || strings.Contains(got, "Entre services.") || strings.Contains(got, "directrice") {
		m.t.Errorf("the public reads %q", got)
	}
	if p.Header.Get("Cache-Control") == "no-store" || visitor.Get("/comptes-rendus-publics").Find(`a[href="`+public+`"]`).Length() != 1 {
		m.t.Error("the extract is not published like the other public pages")
	}
	m.caf.Post(public+"/retirer", url.Values{}).Want(403)
	m.staff.Post(public+"/retirer", url.Values{}).Want(303)
	visitor.Get(public).Want(404)
}

// rectify corrects validated minutes by a rectificatif, which leaves them as they are.
func (m *monde) rectify(id int64) {
	m.t.Helper()
	m.acte(m.staff, id, "rectifier").Want(303)
	m.acte(m.staff, id, "rectifier").Want(303) // the one that is open
	made := m.v.Number(`SELECT id FROM compte_rendu WHERE rectifie_id = $1`, id)
	if p := m.acte(m.direction, made, "valider").Want(422); !strings.Contains(p.Text("#erreurs"), "vide") {
		m.t.Errorf("an empty rectificatif: %q", p.Text("#erreurs"))
	}
	section := at("/comptes-rendus/%d/sections/%s", made, m.v.Value(`SELECT id FROM compte_rendu_section WHERE compte_rendu_id = $1`, made))
	send(m.t, m.staff, section, section, "texte", "Lire « jeudi » et non « mardi ».").Want(303)
	m.acte(m.direction, made, "valider").Want(303)
	if p := m.caf.Get(at("/comptes-rendus/%d", id)).Want(200); p.Find(at(`a[href="/comptes-rendus/%d"]`, made)).Length() != 1 {
		m.t.Error("the minutes do not lead to their rectificatif")
	}
	if !strings.Contains(m.caf.Get(at("/comptes-rendus/%d", made)).Want(200).Text("main"), "Lire « jeudi »") {
		m.t.Error("a member does not read the rectificatif")
	}
}

func TestHostileRequestsToMinutes(t *testing.T) {
	m := newMonde(t, 1)
	id := m.compteRendu()
	page := at("/comptes-rendus/%d", id)
	hostile := []string{"", "\x00", "\xff\xfe", "'; DROP TABLE compte_rendu; --", strings.Repeat("9", 400), "-1", "9223372036854775808"}
	for _, path := range []string{page + "/relire", page + "/redaction", page + "/recomposer", page + "/rectifier", page + "/extrait", page + "/sections/1",
		page + "/commentaires/1", "/comptes-rendus-publics/1/retirer", "/decisions/vues", "/decisions/vues/1/supprimer", "/decisions/1/relances", "/decisions/1/suivi",
		at("/seances/%d/en-seance/points/0", m.seance), at("/seances/%d/en-seance/presences", m.seance), at("/seances/%d/en-seance/invites", m.seance)} {
		for _, text := range hostile {
			for _, field := range []string{"version", "cle", "titre", "texte", "parties", "suite", "requete", "nom", "note", "etat", "organisme", "arret", "version_m1", "etat_m1"} {
				f := url.Values{"version": {"1"}, "cle": {newCle()}, "titre": {"x"}, "texte": {"x"}, "nom": {"x"}, "requete": {""}, "parties": {"1"}, "suite": {"retenu"}, "etat": {"en_cours"}}
				f.Set(field, text)
				if p := m.staff.Post(path, f); p.Status >= 500 {
					t.Errorf("POST %s with %s=%.20q: %d", path, field, text, p.Status)
				}
			}
		}
	}
	for _, path := range []string{"/comptes-rendus/0", "/comptes-rendus/x", "/comptes-rendus/999999", "/comptes-rendus-publics/999999", "/comptes-rendus-publics/x", "/decisions/0", "/decisions/999999",
		"/seances/999999/en-seance", "/seances/999999/compte-rendu", page + "/sections/999999"} {
		m.staff.Get(path).Want(404)
	}
	for _, query := range []string{"etat=x", "tri=x", "organisme=x", "comite=-1", "seance=1e9", "page=x", "qpv=" + strings.Repeat("Q", 13), "q=" + strings.Repeat("x", 201)} {
		m.staff.Get("/decisions?" + query).Want(400)
	}
	m.staff.Get("/decisions?page=99").Want(404)
}

func TestThePagesOfMinutesAndDecisionsCostAFewStatements(t *testing.T) {
	m := newMonde(t, 1)
	id := m.compteRendu()
	m.v.Exec(`INSERT INTO compte_rendu_section (compte_rendu_id, rang, titre, texte) SELECT $1, n, 'Partie ' || n, 'Texte' FROM generate_series(10, 60) AS n`, id)
	m.v.Exec(`INSERT INTO compte_rendu_commentaire (compte_rendu_id, organisme_id, texte) SELECT $1, $2, 'Commentaire' FROM generate_series(1, 50)`, id, m.orgCAF)
	// 200 meetings, 10 000 decisions, and what their owners say of them.
	m.v.Exec(`INSERT INTO seance (comite_id, debut, fin, etat) SELECT $1, now() - n * interval '10 days', now() - n * interval '10 days' + interval '2 hours', 'cr_valide' FROM generate_series(1, 200) AS n`, m.comite)
	m.v.Exec(`INSERT INTO decision (comite_id, numero, seance_id, texte, organisme_id, echeance, etat, clos_le)
		SELECT $1, 100 + n, (SELECT min(id) FROM seance WHERE etat = 'cr_valide') + n % 200, 'Décision de mesure ' || n, CASE WHEN n % 2 = 0 THEN $2::bigint ELSE $3 END,
			CURRENT_DATE + (n % 400) - 200, CASE WHEN n % 3 = 0 THEN 'faite' ELSE 'a_faire' END, CASE WHEN n % 3 = 0 THEN now() END FROM generate_series(1, 10000) AS n`, m.comite, m.orgCAF, m.orgARS)
	m.v.Exec(`INSERT INTO decision_suivi (decision_id, etat, texte, organisme_id) SELECT id, 'a_faire', 'Suivi', organisme_id FROM decision WHERE id % 4 = 0`)
	m.v.Exec(`ANALYZE decision, decision_suivi, seance`)
	for _, path := range []string{at("/comptes-rendus/%d", id), "/decisions", "/decisions?etat=sans_reponse", "/decisions?q=mesure+99&etat=toutes&tri=-organisme", "/decisions?page=50", at("/decisions/%d", m.v.Number(`SELECT max(id) FROM decision`))} {
		for name, by := range map[string]*portailtest.Visitor{"préfecture": m.staff, "member": m.ars} {
			if name == "member" && strings.HasPrefix(path, "/comptes") {
				continue // a draft
			}
			by.Get(path).Want(200)
			c := portailtest.CountStatements(t, m.v.DB, func() { by.Get(path).Want(200) })
			if c.Statements() > 10 { // two of the session
				t.Errorf("%s, %s: %d statements\n%s", name, path, c.Statements(), c)
			}
		}
	}
}
