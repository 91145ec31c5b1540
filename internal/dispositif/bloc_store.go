package dispositif

import "portail/internal/pg"

// addResume queues the posts under way, at a glance.
func addResume(b *pg.Batch, into *resumeAR, departement string) {
	pg.AddOne(b, into, `
		SELECT count(*) FILTER (WHERE vivante) AS postes, count(*) FILTER (WHERE etat = 'pourvue') AS pourvus, count(*) FILTER (WHERE etat IN ('signee', 'vacante')) AS vacants,
			count(*) FILTER (WHERE vivante AND fin < current_date + (SELECT make_interval(months => nombre) FROM dispositif_alerte WHERE sorte = 'fin_6_mois')
				AND NOT EXISTS (SELECT FROM adulte_relais n WHERE n.precedente_id = a.id AND n.etat <> 'refusee')) AS six_mois,
			count(*) FILTER (WHERE etat IN ('demande', 'avis', 'accordee')) AS demandes,
			(SELECT postes::bigint FROM adulte_relais_quota WHERE departement = $1 AND annee = extract(year FROM current_date)) AS quota
		FROM (SELECT *, etat IN ('signee', 'pourvue', 'vacante') AS vivante FROM adulte_relais) a`, departement)
}
