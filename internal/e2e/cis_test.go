package e2e_test

import (
	"fmt"
	"regexp"
	"testing"
	"time"

	"portail/internal/droits"
	"portail/internal/lien"
	"portail/internal/portailtest"
	"portail/web/typo"
)

// committee is a committee whose members are the CAF and the ARS, and the people around it, each in a browser of their own.
type committee struct {
	*desk               // of the chargée de mission
	caf, direction      *desk
	id, seance, minutes int64
}

func newCommittee(t *testing.T) *committee {
	t.Helper()
	site := portailtest.Site(t, "PORTAIL_NOM="+siteName)
	site.Account("mission@prefecture.test", droits.Gestionnaire, "Préfecture des Vosges")
	site.Account("direction@prefecture.test", droits.Direction, "Préfecture des Vosges")
	site.Account("referent@caf.test", droits.Referent, "CAF")
	site.Account("referent@ars.test", droits.Referent, "ARS")
	c := &committee{desk: newDesk(t, site), caf: newDesk(t, site), direction: newDesk(t, site)}
	c.id = c.number(`INSERT INTO comite (nom, sigle, nature, periodicite) VALUES ('Comité du parcours', 'CDP', 'cis', 'trimestrielle') RETURNING id`)
	c.sql(`INSERT INTO comite_membre (comite_id, organisme_id, fonction, depuis) SELECT $1, id, 'Direction', CURRENT_DATE - 400 FROM organisme WHERE sigle IN ('CAF', 'ARS')`, c.id)
	c.sql(`INSERT INTO comite_membre_contact (membre_id, courriel) SELECT m.id, lower(o.sigle) || '@membre.test' FROM comite_membre m JOIN organisme o ON o.id = m.organisme_id WHERE m.comite_id = $1`, c.id)
	c.signIn("mission@prefecture.test")
	c.caf.signIn("referent@caf.test")
	c.direction.signIn("direction@prefecture.test")
	return c
}

// plan plans a meeting in six weeks and gives its number.
func (c *committee) plan() int64 {
	c.t.Helper()
	path := lien.ComiteActe(c.id, lien.ActeNouvelleSeance)
	c.see(path)
	c.set("#jour", typo.DateISO(typo.Aujourdhui().AddDate(0, 0, 42)))
	c.set("#de", "14:00")
	c.set("#a", "16:00")
	c.fill("#lieu", "Préfecture, salle Érignac")
	c.send(path, lien.Seances+"/")
	return c.number(`SELECT max(id) FROM seance WHERE comite_id = $1`, c.id)
}

// addPoint adds a point to the agenda of the meeting.
func (c *committee) addPoint(titre, nature string) {
	c.t.Helper()
	path := lien.SeanceActe(c.seance, lien.ActeNouveauPoint)
	c.open(path)
	c.fill("#titre", titre)
	c.click(fmt.Sprintf("input[name=nature][value=%s] + label", nature))
	c.send(path, lien.SeanceActe(c.seance, lien.ActeOrdreDuJour))
}

// TestCommitteeJourney goes from a meeting being planned to the agenda of the next one, each step by whoever does it: what an organisation
// did not do comes back by itself.
func TestCommitteeJourney(t *testing.T) {
	t.Parallel()
	c := newCommittee(t)
	c.see(lien.Comites)
	c.see(lien.Comite(c.id))
	c.seance = c.plan()
	c.accessible(c.axe)
	c.addPoint("Accès aux droits", "decision")
	c.addPoint("Emploi des jeunes", "discussion")
	c.accessible(c.axe)
	c.convoke()
	c.answerByLink()
	c.hold()
	c.writeMinutes()
	c.comment()
	c.validate()
	c.followUp()
	c.quiet()
	c.caf.quiet()
	c.direction.quiet()
}

func (c *committee) convoke() {
	c.t.Helper()
	path := lien.SeanceActe(c.seance, lien.ActeConvoquer)
	c.see(path)
	c.wantText("main", "caf@membre.test")
	c.send(path, lien.Seance(c.seance))
	c.wantText("#convocations", "Sans réponse")
	c.accessible(c.axe)
}

var convocationLink = regexp.MustCompile(`/convocation/[\w.~=-]+`)

// answerByLink answers for the CAF by the link of its mail, in the browser of somebody who has no account.
func (c *committee) answerByLink() {
	c.t.Helper()
	var text string
	if err := c.site.DB.QueryRow(c.t.Context(), `SELECT texte FROM courriel WHERE destinataire = 'caf@membre.test'`).Scan(&text); err != nil {
		c.t.Fatal(err)
	}
	path := convocationLink.FindString(text)
	if path == "" {
		c.t.Fatalf("no link in %s", text)
	}
	visitor := newDesk(c.t, c.site)
	visitor.see(path)
	visitor.click("input[name=reponse][value=represente] + label")
	visitor.fill("#represente_par", "Directrice adjointe")
	visitor.send(path, path)
	visitor.wantText("main", "Votre réponse est enregistrée")
	visitor.accessible(visitor.axe)
	visitor.quiet()
	c.open(lien.Seance(c.seance))
	c.wantText("#convocations", "Représenté par Directrice adjointe")
	c.see(lien.SeanceActe(c.seance, lien.ActeEmargement))
	c.see(lien.SeanceActe(c.seance, lien.ActeDeroule))
}

// hold opens the meeting, whose day has come, and writes it down: lines are kept while they are written, a decision by its button.
func (c *committee) hold() {
	c.t.Helper()
	c.sql(`UPDATE seance SET debut = debut - interval '45 days', fin = fin - interval '45 days' WHERE id = $1`, c.seance)
	open, held := lien.SeanceActe(c.seance, lien.ActeTenue), lien.SeanceActe(c.seance, lien.ActeEnSeance)
	c.see(open)
	c.send(open, held)
	c.accessible(c.axe)
	c.look(look{theme: "light", width: 1280})
	membre := c.number(`SELECT m.id FROM comite_membre m JOIN organisme o ON o.id = m.organisme_id WHERE m.comite_id = $1 AND o.sigle = 'CAF'`, c.id)
	c.click(fmt.Sprintf("input[name=etat_m%d][value=present] + label", membre))
	c.await(fmt.Sprintf(`document.querySelector('[data-tenue-etat]').textContent.startsWith('Enregistré') && document.querySelector('[name=version_m%d]').value === '1'`, membre))
	point := c.number(`SELECT id FROM point WHERE seance_id = $1 AND titre = 'Accès aux droits'`, c.seance)
	part := fmt.Sprintf("#point-%d", point)
	c.fill(part+"-note", "La CAF propose un lieu dans chaque quartier.")
	c.await(fmt.Sprintf(`document.querySelector(%q).value === '' && document.querySelector(%q)`, part+"-note", part+" [data-ligne]"))
	for _, decision := range []string{"Ouvrir une permanence", "Recenser les lieux"} {
		c.fill(part+"-texte", decision)
		c.set(part+"-organisme", fmt.Sprint(c.number(`SELECT id FROM organisme WHERE sigle = 'CAF'`)))
		c.set(part+"-echeance", typo.DateISO(typo.Aujourdhui().AddDate(0, 0, 20)))
		c.follow(fmt.Sprintf("main form[action=%q] button", lien.SeancePointTenu(c.seance, point)), held)
		c.wantText(part, decision)
	}
	c.accessible(c.axe)
}

func (c *committee) writeMinutes() {
	c.t.Helper()
	path := lien.SeanceActe(c.seance, lien.ActeCompteRendu)
	c.see(path)
	c.send(path, lien.ComptesRendus+"/")
	c.minutes = c.number(`SELECT id FROM compte_rendu WHERE seance_id = $1`, c.seance)
	c.wantText("main", "La CAF propose un lieu dans chaque quartier.")
	c.accessible(c.axe)
	section := lien.CompteRenduSection(c.minutes, c.number(`SELECT id FROM compte_rendu_section WHERE compte_rendu_id = $1 AND titre = 'Emploi des jeunes'`, c.minutes))
	c.see(section)
	c.fill("#texte", "Le point est reporté à la prochaine séance.")
	c.send(section, lien.CompteRendu(c.minutes))
	c.send(lien.CompteRenduActe(c.minutes, lien.ActeRelire), lien.CompteRendu(c.minutes))
	c.accessible(c.axe)
}

func (c *committee) comment() {
	c.t.Helper()
	c.caf.see(lien.CompteRendu(c.minutes))
	c.caf.fill("#texte", "La permanence ouvre le jeudi.")
	c.caf.send(lien.CompteRenduActe(c.minutes, lien.ActeCommenter), lien.CompteRendu(c.minutes))
	c.caf.wantText("main", "La permanence ouvre le jeudi.")
	comment := c.number(`SELECT id FROM compte_rendu_commentaire`)
	c.open(lien.CompteRendu(c.minutes))
	c.click(fmt.Sprintf(`form[action=%q] input[value=retenu] + label`, lien.CompteRenduCommentaire(c.minutes, comment)))
	c.send(lien.CompteRenduCommentaire(c.minutes, comment), lien.CompteRendu(c.minutes))
	c.accessible(c.axe)
}

func (c *committee) validate() {
	c.t.Helper()
	path := lien.CompteRendu(c.minutes)
	c.direction.see(path)
	c.direction.fill("#motif", "Tous les participants ont donné leur accord.")
	c.direction.send(lien.CompteRenduActe(c.minutes, lien.ActeValider), path)
	c.direction.wantText("main", fmt.Sprintf("CDP-%d-01", time.Now().Year()))
	c.direction.accessible(c.direction.axe)
	c.see(lien.Seance(c.seance))
	c.see(lien.SeanceActe(c.seance, lien.ActeEnSeance))
	extract := lien.CompteRenduActe(c.minutes, lien.ActeExtrait)
	c.see(extract)
	c.click(fmt.Sprintf(`input[name=parties][value="%d"] + label`, c.number(`SELECT id FROM compte_rendu_section WHERE compte_rendu_id = $1 AND titre = 'Accès aux droits'`, c.minutes)))
	c.send(extract, path)
	c.see(lien.Extraits)
	c.see(lien.Extrait(c.number(`SELECT id FROM extrait`)))
	c.wantText("main", "La CAF propose un lieu dans chaque quartier.")
}

// followUp marks one decision done, from the page of whoever carries it out, and lets the day of the other pass: the agenda of the next
// meeting proposes that one alone, and it becomes a point.
func (c *committee) followUp() {
	c.t.Helper()
	done := c.number(`SELECT id FROM decision WHERE texte = 'Ouvrir une permanence'`)
	c.caf.see(lien.Decisions)
	c.caf.wantText("#decisions", "Ouvrir une permanence")
	c.caf.see(lien.Decision(done))
	c.caf.click("input[name=etat][value=faite] + label")
	c.caf.fill("#texte", "Ouverte depuis lundi.")
	c.caf.send(lien.DecisionActe(done, lien.ActeSuivi), lien.Decision(done))
	c.caf.wantText("#suivis", "Ouverte depuis lundi.")
	c.caf.accessible(c.caf.axe)
	c.sql(`UPDATE decision SET echeance = CURRENT_DATE - 1 WHERE texte = 'Recenser les lieux'`)
	c.see(lien.Decisions)
	c.seance = c.plan()
	agenda := lien.SeanceActe(c.seance, lien.ActeOrdreDuJour)
	c.see(agenda)
	c.wantText("main", "Recenser les lieux")
	if n := run[int](c.tab, `document.querySelectorAll('input[name=reference]').length`); n != 1 {
		c.t.Errorf("%d points are proposed", n)
	}
	c.follow("button[name=suite][value=retenir]", agenda)
	c.wantText(".points", "Recenser les lieux")
	c.see(lien.Comite(c.id))
}
