package diagnostic

import "portail/internal/pg"

// addRemonteesBloc queues the returns that are not published, as whoever asks sees them: the nearest first.
func addRemonteesBloc(b *pg.Batch, into *[]remonteeBloc) {
	pg.Add(b, into, `SELECT r.id, coalesce(nullif(o.sigle, ''), o.nom) AS organisme, r.millesime::integer AS millesime, r.trimestre::integer AS trimestre, r.etat, r.echeance, r.motif
		FROM remontee r JOIN organisme o ON o.id = r.organisme_id WHERE r.etat <> 'publiee' ORDER BY r.echeance, r.id LIMIT 10`)
}
