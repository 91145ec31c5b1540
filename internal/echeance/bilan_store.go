package echeance

import (
	"context"
	"fmt"
	"time"

	"portail/internal/droits"
	"portail/internal/pg"
)

// Parameters of the statements of the page: $1 the first day of the quarter, $2 the day after its last, $3 the day of the states.

// decisionsBilan are the decisions taken, closed or late. A committee's decision is taken at its meeting.
const decisionsBilan = `SELECT d.id, d.numero, d.texte, coalesce(nullif(c.sigle, ''), c.nom, '') AS comite, o.nom AS organisme, d.echeance, d.etat, d.demonstration,
		x.prise, x.faite, x.abandonnee, x.retard
	FROM decision d JOIN organisme o ON o.id = d.organisme_id LEFT JOIN comite c ON c.id = d.comite_id LEFT JOIN seance s ON s.id = d.seance_id
	CROSS JOIN LATERAL (SELECT coalesce(s.debut, d.cree_le) AS le) p
	CROSS JOIN LATERAL (SELECT p.le >= $1::date AND p.le < $2::date AS prise,
		coalesce(d.etat = 'faite' AND d.clos_le >= $1::date AND d.clos_le < $2::date, false) AS faite,
		coalesce(d.etat = 'abandonnee' AND d.clos_le >= $1::date AND d.clos_le < $2::date, false) AS abandonnee,
		coalesce(d.echeance < $3::date AND p.le < $3::date + 1 AND (d.clos_le IS NULL OR d.clos_le >= $3::date + 1), false) AS retard) x
	WHERE x.prise OR x.faite OR x.abandonnee OR x.retard`

func addDecisionsBilan(b *pg.Batch, into *[]decisionBilan, t trimestre, au time.Time) {
	pg.Add(b, into, `SELECT y.*, (count(*) FILTER (WHERE prise) OVER ())::int AS nb_prises, (count(*) FILTER (WHERE faite) OVER ())::int AS nb_faites,
			(count(*) FILTER (WHERE abandonnee) OVER ())::int AS nb_abandons, (count(*) FILTER (WHERE retard) OVER ())::int AS nb_retards
		FROM (`+decisionsBilan+`) y ORDER BY retard DESC, prise DESC, echeance NULLS LAST, id LIMIT 200`, t.debut(), t.fin(), au)
}

// resumeBilan is the quarter at a glance.
type resumeBilan struct{ Prises, Faites, Retards, Publiees int }

func addResumeBilan(b *pg.Batch, into *resumeBilan, t trimestre, au time.Time) {
	pg.AddOne(b, into, `SELECT count(*) FILTER (WHERE prise)::int AS prises, count(*) FILTER (WHERE faite)::int AS faites, count(*) FILTER (WHERE retard)::int AS retards,
			(SELECT count(*) FROM remontee_etape e WHERE e.etat = 'publiee' AND e.le >= $1::date AND e.le < $2::date)::int AS publiees
		FROM (`+decisionsBilan+`) y`, t.debut(), t.fin(), au)
}

// readBilan reads the page in one round trip.
func (s *Service) readBilan(ctx context.Context, par droits.Compte, t trimestre, today time.Time) (v bilan, err error) {
	v = bilan{trimestre: t, Par: par, Aujourdhui: today}
	bounds := []any{t.debut(), t.fin(), t.au(today)}
	var b pg.Batch
	addDecisionsBilan(&b, &v.Decisions, t, t.au(today))
	pg.Add(&b, &v.Seances, `SELECT s.id, c.id AS comite_id, c.nom AS comite, s.debut, coalesce(s.etat, '') AS etat,
			(SELECT count(*) FROM decision d WHERE d.seance_id = s.id)::int AS decisions
		FROM comite c LEFT JOIN seance s ON s.comite_id = c.id AND s.debut >= $1::date AND s.debut < $2::date AND s.etat NOT IN ('reportee', 'annulee')
		WHERE s.id IS NOT NULL OR c.periodicite IN ('mensuelle', 'trimestrielle') AND c.cree_le < $2::date AND (c.ferme_le IS NULL OR c.ferme_le > $3::date)
		ORDER BY s.debut NULLS LAST, c.nom COLLATE "fr-x-icu", c.id LIMIT 100`, bounds...)
	pg.Add(&b, &v.Chiffres, `SELECT r.id, o.nom AS organisme, coalesce('T' || r.trimestre || ' ', '') || r.millesime AS periode, e.le, r.tour > 1 AS correctif,
			(SELECT count(*) FROM valeur_partagee v WHERE v.remontee_id = r.id)::int AS lignes
		FROM remontee_etape e JOIN remontee r ON r.id = e.remontee_id JOIN organisme o ON o.id = r.organisme_id
		WHERE e.etat = 'publiee' AND e.le >= $1::date AND e.le < $2::date
		UNION ALL SELECT NULL, 'Données ouvertes', i.fichier, i.faite_le, false, i.ajoutees + i.modifiees FROM importation i
		WHERE i.sorte = 'indicateurs' AND i.ajoutees + i.modifiees > 0 AND i.faite_le >= $1::date AND i.faite_le < $2::date
		ORDER BY le DESC LIMIT 50`, bounds[:2]...)
	pg.Add(&b, &v.Montants, sqlMontantsBilan, bounds[:2]...)
	pg.Add(&b, &v.Dispositifs, sqlDispositifsBilan, bounds...)
	pg.Add(&b, &v.Contrats, sqlContratsBilan, bounds...)
	pg.AddOne(&b, &v.Action, `SELECT count(DISTINCT (objet, objet_id))::int AS actions, count(DISTINCT organisme_id)::int AS services, sum(montant)::float8 AS montant
		FROM intervention_vue WHERE annee = $1`, t.Annee)
	if err := b.RunAs(ctx, s.db, par); err != nil {
		return v, fmt.Errorf("read the quarter %s: %w", t.code(), err)
	}
	return v, nil
}

// sqlMontantsBilan is the money engaged: conventions signed, with their aid for the whole of their time; engagements that a text signed in
// the quarter brought, those of the former text aside; records of other dispositifs begun.
const sqlMontantsBilan = `
	SELECT 'adulte_relais' AS sorte, count(*)::int AS nombre, sum(x.euros)::float8 AS euros, count(*) FILTER (WHERE x.inconnus > 0)::int AS non_chiffres
	FROM adulte_relais a CROSS JOIN LATERAL (SELECT CASE WHEN sum(y.jours_sans_montant) = 0 THEN sum(y.euros) END AS euros, sum(y.jours_sans_montant) AS inconnus
		FROM adulte_relais_aide(a.debut, a.fin, a.quotite) y) x
	WHERE a.signee_le >= $1::date AND a.signee_le < $2::date
	UNION ALL
	SELECT 'contrat_' || c.credits, count(e.id)::int, sum(e.montant)::float8, count(e.id) FILTER (WHERE e.montant IS NULL)::int
	FROM (VALUES ('droit_commun'), ('specifiques')) AS c(credits) LEFT JOIN (
		SELECT e.id, e.credits, e.montant FROM contrat_engagement e JOIN contrat_version v ON v.id = e.version_id
		WHERE v.etat = 'signe' AND v.signe_le >= $1::date AND v.signe_le < $2::date AND NOT EXISTS (
			SELECT FROM contrat_engagement f JOIN contrat_version w ON w.id = f.version_id WHERE w.contrat_id = v.contrat_id AND w.numero < v.numero AND f.lignee = e.lignee)) e ON e.credits = c.credits
	GROUP BY c.credits
	UNION ALL
	SELECT 'realisation', count(*)::int, sum(x.euros)::float8, count(*) FILTER (WHERE x.euros IS NULL)::int
	FROM realisation r CROSS JOIN LATERAL (SELECT sum(m.montant) AS euros FROM realisation_montant m WHERE m.realisation_id = r.id) x
	WHERE r.etat IN ('en_cours', 'terminee') AND r.debut >= $1::date AND r.debut < $2::date`

const sqlDispositifsBilan = `
	SELECT 'adulte_relais' AS sorte, count(*) FILTER (WHERE la)::int AS nombre,
		count(*) FILTER (WHERE la AND EXISTS (SELECT FROM adulte_relais_occupation o WHERE o.adulte_relais_id = a.id AND $3::date BETWEEN o.debut AND coalesce(o.fin, $3::date)))::int AS pourvus,
		count(*) FILTER (WHERE a.signee_le >= $1::date AND a.signee_le < $2::date)::int AS commences,
		count(*) FILTER (WHERE coalesce(a.close_le, a.fin) >= $1::date AND coalesce(a.close_le, a.fin) < $2::date)::int AS finis
	FROM (SELECT *, signee_le <= $3::date AND $3::date BETWEEN debut AND fin AND (close_le IS NULL OR close_le > $3::date) AS la FROM adulte_relais WHERE signee_le IS NOT NULL) a
	UNION ALL
	SELECT 'pre', count(*) FILTER (WHERE debut <= $3::date AND (fin IS NULL OR fin >= $3::date))::int, 0, count(*) FILTER (WHERE debut >= $1::date AND debut < $2::date)::int,
		count(*) FILTER (WHERE fin >= $1::date AND fin < $2::date)::int FROM pre
	UNION ALL
	SELECT 'realisation', count(*) FILTER (WHERE debut <= $3::date AND (fin IS NULL OR fin >= $3::date))::int, 0, count(*) FILTER (WHERE debut >= $1::date AND debut < $2::date)::int,
		count(*) FILTER (WHERE fin >= $1::date AND fin < $2::date)::int FROM realisation WHERE etat <> 'abandonnee'`

// sqlContratsBilan is the state of each contract on a day, from the text that counted then.
const sqlContratsBilan = `
	SELECT c.id, v.titre, CASE WHEN c.denonce_le <= $3::date THEN 'denonce' WHEN v.signe_le IS NULL OR v.signe_le > $3::date THEN CASE WHEN v.a_signer_le < $3::date + 1 THEN 'a_signer' ELSE 'negociation' END
			WHEN v.fin < $3::date THEN 'echu' WHEN v.effet_le <= $3::date THEN 'en_vigueur' ELSE 'signe' END AS etat, v.fin, c.demonstration,
		(SELECT max(w.signe_le) FROM contrat_version w WHERE w.contrat_id = c.id AND w.etat = 'signe' AND w.signe_le >= $1::date AND w.signe_le < $2::date) AS signe_le,
		(SELECT count(*) FROM contrat_signature g JOIN contrat_version w ON w.id = g.version_id
			WHERE w.contrat_id = c.id AND g.annule_le IS NULL AND g.signe_le >= $1::date AND g.signe_le < $2::date)::int AS signatures,
		(SELECT count(*) FROM contrat_engagement e WHERE e.version_id = v.id)::int AS engagements,
		(SELECT count(*) FROM contrat_engagement e WHERE e.version_id = v.id AND (SELECT f.avancement FROM contrat_suivi f WHERE f.lignee = e.lignee AND f.le < $3::date + 1 ORDER BY f.id DESC LIMIT 1) = 'atteint')::int AS atteints
	FROM contrat c JOIN LATERAL (
		SELECT x.* FROM contrat_version x WHERE x.contrat_id = c.id AND x.etat <> 'abandonne' AND (x.cree_le < $3::date + 1 OR x.signe_le <= $3::date)
		ORDER BY coalesce(x.signe_le <= $3::date, false) DESC, x.numero DESC LIMIT 1) v ON true
	ORDER BY v.debut DESC, v.titre COLLATE "fr-x-icu", c.id LIMIT 100`
