package intervention_test

import (
	"strconv"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"portail/internal/droits"
	"portail/internal/lien"
	"portail/internal/portailtest"
)

const (
	quartier = "QN08801M"
	other    = "QN08802M"
)

// declare sends the form of a line; what is changed is set over a plain action of 2025.
func declare(by *portailtest.Visitor, changed ...string) *portailtest.Page {
	base := []string{"annee", "2025", "qpv", quartier, "thematique", "sante", "credits", "droit_commun", "description", "Permanence de soins", "montant", "12 000,50", "etp", "0,5", "places", "40", "source", "Budget"}
	return by.Post(lien.InterventionNouvelle, by.Get(lien.InterventionNouvelle).Want(200).Fields(lien.InterventionNouvelle, append(base, changed...)...))
}

// scene is the site with two services, one of which has a contract of its own that nobody published.
type scene struct {
	*portailtest.Visitor
	caf, ars, staff *portailtest.Visitor
}

func scenario(t testing.TB) scene {
	t.Helper()
	v := portailtest.Site(t)
	return scene{v, v.SignIn(droits.Referent, "CAF"), v.SignIn(droits.Referent, "ARS"), v.SignIn(droits.Gestionnaire, "Préfecture")}
}

// contrat makes a contract with engagements of the CAF in two quarters: one for a quarter and 2025 alone, one for all quarters and 2025
// alone, one for a quarter over three years, one given up. etat is that of its text.
func (s scene) contrat(t testing.TB, etat string) {
	t.Helper()
	for _, sql := range []string{
		`WITH c AS (INSERT INTO contrat (generation) VALUES (2024) RETURNING id), v AS (INSERT INTO contrat_version (contrat_id, numero, titre, debut, fin, etat)
			SELECT id, 1, 'Contrat réservé', '2024-01-01', '2030-12-31', 'negociation' FROM c RETURNING id)
			INSERT INTO contrat_qpv SELECT v.id, q.id FROM v, qpv q WHERE q.code IN ('` + quartier + `', '` + other + `')`,
		`INSERT INTO contrat_partie (version_id, organisme_id, nature, obligation) SELECT v.id, o.id, 'protection_sociale', 'facultatif' FROM contrat_version v, organisme o WHERE o.sigle = 'CAF'`,
		`INSERT INTO contrat_axe (version_id, nature, qpv_id, titre) SELECT v.id, 'projet_quartier', q.id, 'Projet du quartier' FROM contrat_version v, qpv q WHERE q.code = '` + quartier + `'
			UNION ALL SELECT v.id, 'priorite', NULL, 'Santé et accès aux droits' FROM contrat_version v`,
		`INSERT INTO contrat_objectif (version_id, axe_id, titre) SELECT version_id, id, CASE nature WHEN 'priorite' THEN 'Aller vers' ELSE 'Améliorer le cadre de vie' END FROM contrat_axe`,
		`INSERT INTO contrat_engagement (version_id, objectif_id, partie_id, texte, credits, montant, annee_debut, annee_fin)
			SELECT o.version_id, o.id, p.id, x.texte, x.credits, x.montant, x.debut, x.fin FROM contrat_objectif o JOIN contrat_axe a ON a.id = o.axe_id JOIN contrat_partie p ON p.version_id = o.version_id
			JOIN (VALUES ('projet_quartier', 'Engagement du quartier', 'droit_commun', 1000, 2025, 2025), ('projet_quartier', 'Engagement de trois ans', 'specifiques', 9000, 2024, 2026),
				('priorite', 'Engagement commun', 'specifiques', 500, 2025, 2025), ('priorite', 'Engagement laissé', 'specifiques', 70000, 2025, 2025)) x(nature, texte, credits, montant, debut, fin) ON x.nature = a.nature`,
		`INSERT INTO contrat_suivi (contrat_id, lignee, avancement, note) SELECT v.contrat_id, e.lignee, 'abandonne', 'Laissé' FROM contrat_engagement e JOIN contrat_version v ON v.id = e.version_id WHERE e.texte = 'Engagement laissé'`,
	} {
		s.Exec(sql)
	}
	if etat == "signe" {
		s.Exec(`UPDATE contrat_version SET etat = 'signe', signe_le = debut, effet_le = debut, a_signer_le = now(), texte_fige = '', empreinte = repeat('a', 64)`)
	}
}

// cell is what a cell of the matrix says.
func cell(p *portailtest.Page, row, column string) string {
	at := -1
	p.Find("#matrice thead th").Each(func(i int, s *goquery.Selection) {
		if s.Text() == column {
			at = i
		}
	})
	told := "no such cell"
	p.Find("#matrice tbody tr").Each(func(_ int, s *goquery.Selection) {
		if cells := s.Find("th, td"); at >= 0 && len(cells.First().Text()) >= len(row) && cells.First().Text()[:len(row)] == row {
			told = text(cells.Eq(at))
		}
	})
	return told
}

func itoa(n int) string { return strconv.Itoa(n) }
