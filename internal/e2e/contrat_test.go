package e2e_test

import (
	"fmt"
	"strings"
	"testing"

	"portail/internal/contrat"
	"portail/internal/droits"
	"portail/internal/lien"
	"portail/internal/portailtest"
	"portail/web/typo"
)

// TestContractJourney takes a contract from its draft to its avenant and its public page, as the chargée de mission does in a browser. What
// would take an hour to type (texts, parties, tree) is that of a contract of the demonstration, copied into the draft.
func TestContractJourney(t *testing.T) {
	t.Parallel()
	j := newContractJourney(t)
	j.signIn("mission@prefecture.test")
	j.accessible(j.axe)
	j.see(lien.Echeances)
	j.see(lien.EcheancesFlux)
	j.draft()
	j.sign()
	j.publish()
	j.amend()
	j.quietBut("404")
}

// TestContractPages looks at each page of the workspace of a contract with axe-core, those of a refusal and of a conflict too.
func TestContractPages(t *testing.T) {
	t.Parallel()
	j := newContractJourney(t)
	j.signIn("mission@prefecture.test")
	j.see(lien.ContratsAgents)
	j.see(lien.ContratsSignatures)
	j.see(lien.ContratsEngagements)
	j.id = j.number(`SELECT contrat_id FROM contrat_version WHERE titre LIKE '%Saint-Dié%' AND numero = 2`)
	j.see(lien.ContratVersion(j.id, 1))
	j.see(lien.ContratActe(j.id, 2, lien.ActeContratComparaison))
	j.see(lien.ContratSuivi(j.id, j.number(`SELECT min(e.lignee) FROM contrat_engagement e JOIN contrat_version v ON v.id = e.version_id WHERE v.contrat_id = $1 AND v.numero = 1`, j.id)))
	j.id = j.number(`SELECT min(contrat_id) FROM contrat_version WHERE etat IN ('projet', 'negociation')`)
	numero := int(j.number(`SELECT numero FROM contrat_version WHERE contrat_id = $1 AND etat IN ('projet', 'negociation')`, j.id))
	j.see(lien.ContratVersion(j.id, numero))
	j.see(lien.ContratActe(j.id, numero, lien.ActeContratCadre))
	j.see(lien.ContratActe(j.id, numero, lien.ActeNouvellePartie))
	j.see(lien.ContratActe(j.id, numero, lien.ActeNouvelAxe))
	j.writeSection(numero, j.number(`SELECT s.id FROM contrat_section s JOIN contrat_version v ON v.id = s.version_id WHERE v.contrat_id = $1 AND v.numero = $2 AND s.code = 'preambule'`, j.id, numero))
	j.quietBut("422", "409")
}

// writeSection writes a section: refused, saved, in conflict, compared, commented.
func (j *contractJourney) writeSection(numero int, id int64) {
	j.t.Helper()
	section, editor := lien.ContratObjet(j.id, numero, "sections", id, ""), lien.ContratObjet(j.id, numero, "sections", id, "modifier")
	save := fmt.Sprintf("main form[action=%q] button:not([name])[type=submit]", editor)
	j.see(editor)
	j.set("#motif", strings.Repeat("trop long ", 50))
	j.follow(save, editor)
	j.wantText(".fr-input-group--error", "Pourquoi ce changement")
	j.accessible(j.axe)
	j.set("#motif", "Premier jet")
	j.fill("#texte", "Un texte du parcours.")
	j.follow(save, section)
	j.open(editor)
	j.fill("#texte", "Un autre texte du parcours.")
	run[bool](j.tab, `(e => { e.value = e.value - 1; return true })(document.querySelector('input[name=revision]'))`) // what it was before that save
	j.follow(save, editor)
	j.wantText("main", "Cette section a changé pendant votre saisie")
	j.accessible(j.axe)
	j.follow(save, section)
	j.see(lien.ContratObjet(j.id, numero, "sections", id, "comparaison"))
	j.wantText("#comparaison", "Un autre texte")
	j.open(section)
	j.fill("#commentaire", "Faut-il le dire ainsi ?")
	j.follow(fmt.Sprintf("main form[action=%q] button", lien.ContratObjet(j.id, numero, "sections", id, "commentaires")), section)
	j.wantText("main", "Faut-il le dire ainsi")
	j.accessible(j.axe)
}

func newContractJourney(t *testing.T) *contractJourney {
	t.Helper()
	site := portailtest.Site(t, "PORTAIL_NOM="+siteName)
	site.Demo()
	site.Account("mission@prefecture.test", droits.Gestionnaire, "Préfecture des Vosges")
	return &contractJourney{desk: newDesk(t, site)}
}

type contractJourney struct {
	*desk
	id int64 // of the contract
}

// act does an act of the state machine on a text, from its page.
func (j *contractJourney) act(numero int, acte contrat.Acte) {
	j.t.Helper()
	path := lien.ContratActe(j.id, numero, string(acte))
	j.open(path)
	j.follow(fmt.Sprintf("main form[action=%q] button", path), lien.ContratVersion(j.id, numero))
}

func (j *contractJourney) draft() {
	j.see(lien.ContratNouveau)
	j.fill("#titre", "Contrat du parcours")
	run[bool](j.tab, `(e => { e.checked = true; return true })(document.querySelector('input[name=generation][value="2024"]'))`)
	j.set("#debut", "2024-01-01")
	j.set("#fin", "2030-12-31")
	j.follow(fmt.Sprintf("main form[action=%q] button", lien.ContratNouveau), lien.ContratsAgents+"/")
	j.id = j.number(`SELECT contrat_id FROM contrat_version WHERE titre = 'Contrat du parcours'`)
	j.copyDemo()
	j.act(1, contrat.Negocier)
	j.wantText("main", "En négociation")
	j.accessible(j.axe)
}

// copyDemo fills the draft with the parties, the texts and the tree of Saint-Dié-des-Vosges.
func (j *contractJourney) copyDemo() {
	j.t.Helper()
	from := j.number(`SELECT v.id FROM contrat_version v WHERE v.titre LIKE '%Saint-Dié%' AND v.numero = 1`)
	to := j.number(`SELECT id FROM contrat_version WHERE contrat_id = $1`, j.id)
	for _, sql := range []string{
		`INSERT INTO contrat_partie (version_id, organisme_id, nature, obligation, ordre) SELECT $2, organisme_id, nature, obligation, ordre FROM contrat_partie WHERE version_id = $1`,
		`INSERT INTO contrat_signataire (version_id, partie_id, nature, nom, qualite) SELECT $2, id, 'administratif', 'Signataire d’essai', 'Qualité d’essai' FROM contrat_partie WHERE version_id = $2 AND $1::bigint > 0`,
		`INSERT INTO contrat_axe (version_id, nature, titre) SELECT $2, 'priorite', 'Emploi' WHERE $1::bigint > 0`,
		`INSERT INTO contrat_objectif (version_id, axe_id, titre) SELECT $2, id, 'Accompagner' FROM contrat_axe WHERE version_id = $2 AND $1::bigint > 0`,
		`INSERT INTO contrat_engagement (version_id, objectif_id, partie_id, texte, credits, echeance, indicateur, reference_valeur, reference_le, cible_valeur, cible_le, cible_source)
			SELECT $2, o.id, (SELECT min(id) FROM contrat_partie WHERE version_id = $2), 'Tenir une permanence', 'droit_commun', '2029-01-01', 'Permanences', 1, '2024-01-01', 10, '2029-01-01', 'Bilan'
			FROM contrat_objectif o WHERE o.version_id = $2 AND $1::bigint > 0`,
		`UPDATE contrat_section s SET texte = d.texte FROM contrat_section d WHERE d.version_id = $1 AND s.version_id = $2 AND s.code = d.code AND d.axe_id IS NULL`,
		`UPDATE contrat_version SET evaluation_organisme_id = (SELECT min(organisme_id) FROM contrat_partie WHERE version_id = $1) WHERE id = $2`,
	} {
		j.sql(sql, from, to)
	}
}

// sign freezes the text; one party signs through the forms, today as they propose, the others in the same way behind the scenes.
func (j *contractJourney) sign() {
	j.act(1, contrat.MettreALaSignature)
	j.wantText("main", "À signer")
	signatory := j.number(`SELECT min(s.id) FROM contrat_signataire s JOIN contrat_version v ON v.id = s.version_id WHERE v.contrat_id = $1`, j.id)
	path := lien.ContratObjet(j.id, 1, "signataires", signatory, "signature")
	j.see(path)
	j.follow(fmt.Sprintf("main form[action=%q] button", path), lien.ContratVersion(j.id, 1))
	j.wantText("main", "attend d’être confirmée")
	j.sql(`UPDATE contrat_signature SET confirme_le = now() WHERE confirme_le IS NULL`)
	j.sql(`INSERT INTO contrat_signature (version_id, signataire_id, empreinte, signe_le, depose_cote, confirme_le)
		SELECT v.id, s.id, v.empreinte, current_date, 'prefecture', now() FROM contrat_signataire s JOIN contrat_version v ON v.id = s.version_id
		WHERE v.contrat_id = $1 AND s.id <> $2`, j.id, signatory)
	j.see(lien.ContratsSignatures)
	j.act(1, contrat.ConstaterSignature)
	j.wantText("main", "EN VIGUEUR") // as the badge is shown
}

func (j *contractJourney) publish() {
	public := lien.ContratPublic(j.id)
	j.open(public)
	j.wantText("h1", "Page non trouvée")
	j.act(1, contrat.Publier)
	j.see(public)
	j.wantText("h1", "Contrat du parcours")
	j.wantText("#table-engagements", "Tenir une permanence")
	j.wantText("#table-parties", "Signé le "+strings.ReplaceAll(typo.Date(typo.Aujourdhui()), typo.NBSP, " "))
	j.see(lien.Contrats)
	j.wantText("#contrats", "Contrat du parcours")
}

func (j *contractJourney) amend() {
	path := lien.ContratActe(j.id, 1, string(contrat.OuvrirAvenant))
	j.see(path)
	j.fill("#objet", "Prolonger d’un an")
	run[bool](j.tab, `(e => { e.checked = true; return true })(document.querySelector('input[name=natures][value=prolongation]'))`)
	j.follow(fmt.Sprintf("main form[action=%q] button", path), lien.ContratVersion(j.id, 2))
	j.accessible(j.axe)
	j.act(2, contrat.Negocier)
	j.act(2, contrat.MettreALaSignature)
	j.sql(`INSERT INTO contrat_signature (version_id, signataire_id, empreinte, signe_le, depose_cote, confirme_le)
		SELECT v.id, s.id, v.empreinte, current_date, 'prefecture', now() FROM contrat_signataire s JOIN contrat_version v ON v.id = s.version_id
		WHERE v.contrat_id = $1 AND v.numero = 2`, j.id)
	j.act(2, contrat.ConstaterSignature)
	j.act(2, contrat.Publier)
	j.see(lien.ContratPublic(j.id))
	j.wantText("main", strings.ToUpper("Avenant n° 1"))
	j.see(lien.ContratPublicVersion(j.id, 1))
	j.wantText("main", "Cette version a été remplacée")
}
