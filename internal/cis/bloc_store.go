package cis

import "portail/internal/pg"

// addReunionsBloc queues the meetings to come of the committees that the organisation of whoever asks sits in.
func addReunionsBloc(b *pg.Batch, into *[]reunionBloc) {
	pg.Add(b, into, `SELECT s.id, coalesce(nullif(c.sigle, ''), c.nom) AS comite, s.debut, s.lieu, s.etat,
			(SELECT max(k.reponse) FROM convocation k WHERE k.seance_id = s.id AND k.organisme_id = moi_organisme()) AS reponse
		FROM seance s JOIN comite c ON c.id = s.comite_id WHERE s.etat IN ('planifiee', 'convoquee') AND s.debut >= now() ORDER BY s.debut, s.id LIMIT 6`)
}

// addDecisionsDe queues the open decisions of an organisation: first those that it never said anything of.
func addDecisionsDe(b *pg.Batch, into *[]decisionBloc, organisme int64) {
	pg.Add(b, into, `SELECT d.id, d.numero, d.texte, d.echeance, d.etat, `+sansReponse+` AS sans_reponse
		FROM decision d WHERE d.clos_le IS NULL AND d.organisme_id = $1 ORDER BY sans_reponse DESC, d.echeance NULLS LAST, d.id LIMIT 8`, organisme)
}
