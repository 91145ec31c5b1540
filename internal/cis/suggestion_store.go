package cis

import (
	"context"
	"strconv"

	"portail/internal/pg"
)

// maxSuggestions bounds each kind of suggestions: the next ones come when some are kept or dropped.
const maxSuggestions = 15

// suggestions are the points that the portal proposes for the meeting $1, those kept or dropped before aside: decisions overdue or blocked,
// figures that are overdue or awaited before the meeting, and the other terms of the three months to come.
const suggestions = `
	SELECT g.*, row_number() OVER (PARTITION BY g.origine ORDER BY g.le NULLS LAST, g.reference) AS rang FROM (
		SELECT 'decision:' || d.id AS reference, 'decision' AS origine, 'Suivi de la décision ' || d.numero || chr(160) || ': ' || d.texte AS titre, '' AS description,
			d.organisme_id, o.nom AS organisme, d.qpv_id, d.contrat_id, d.restreinte AS restreint,
			CASE WHEN d.etat = 'bloquee' THEN 'Décision bloquée' || CASE WHEN d.motif <> '' THEN ' : ' || d.motif ELSE '' END
				ELSE 'Échéance dépassée depuis le ' || to_char(d.echeance, 'DD/MM/YYYY') END AS pourquoi, d.echeance AS le
		FROM decision d JOIN organisme o ON o.id = d.organisme_id
		WHERE d.comite_id = (SELECT comite_id FROM seance WHERE id = $1) AND d.clos_le IS NULL AND (d.etat = 'bloquee' OR d.echeance < CURRENT_DATE) AND d.seance_id <> $1
		UNION ALL
		SELECT DISTINCT ON (e.sorte, e.objet, e.objet_id) 'echeance:' || e.sorte || ':' || e.objet || ':' || e.objet_id,
			CASE WHEN k.chiffres THEN 'chiffres' ELSE 'echeance' END, CASE WHEN k.chiffres THEN 'Chiffres attendus' || chr(160) || ': ' ELSE '' END || e.libelle, '',
			e.organisme_id, o.nom, e.qpv_id, NULL::bigint, false,
			CASE WHEN NOT k.chiffres THEN 'Échéance du ' WHEN e.le < CURRENT_DATE THEN 'Chiffres attendus depuis le ' ELSE 'Chiffres attendus avant le ' END
				|| to_char(e.le, 'DD/MM/YYYY'), e.le
		FROM echeance e LEFT JOIN organisme o ON o.id = e.organisme_id
			CROSS JOIN LATERAL (SELECT e.sorte IN ('remontee', 'pre_agregats') AS chiffres) k
		WHERE e.objet NOT IN ('decision', 'seance', 'comite') AND CASE WHEN k.chiffres
			THEN e.le <= (SELECT coalesce((debut AT TIME ZONE 'Europe/Paris')::date, CURRENT_DATE) FROM seance WHERE id = $1)
			ELSE e.le BETWEEN CURRENT_DATE AND CURRENT_DATE + 90 END
	) g
	WHERE NOT EXISTS (SELECT FROM point p WHERE p.seance_id = $1 AND p.reference = g.reference)`

var colonnesSuggestion = `SELECT reference, origine, titre, description, organisme_id, organisme, qpv_id, contrat_id, restreint, pourquoi FROM (` + suggestions + `) s
	WHERE rang <= ` + strconv.Itoa(maxSuggestions) + ` ORDER BY array_position(ARRAY['decision', 'chiffres', 'echeance'], origine), rang`

func addSuggestions(b *pg.Batch, into *[]suggestion, seance int64) {
	pg.Add(b, into, colonnesSuggestion, seance)
}

func listSuggestions(ctx context.Context, q pg.Q, v Seance) ([]suggestion, error) {
	return pg.List[suggestion](ctx, q, colonnesSuggestion, v.ID)
}

// suggestionTraitee says whether a suggestion was kept or dropped already.
func suggestionTraitee(ctx context.Context, q pg.Q, seance int64, reference string) (done bool, err error) {
	err = q.QueryRow(ctx, `SELECT EXISTS (SELECT FROM point WHERE seance_id = $1 AND reference = $2)`, seance, reference).Scan(&done)
	return done, err
}

func insertSuggestion(ctx context.Context, tx pg.Tx, seance int64, g suggestion, keep bool) error {
	in := g.saisie()
	_, err := tx.Exec(ctx, `INSERT INTO point (seance_id, rang, etat, nature, titre, description, organisme_id, duree_min, qpv_id, contrat_id, restreint, origine, reference)
		VALUES ($1, CASE WHEN $2 THEN `+dernierRang+` ELSE 0 END, CASE WHEN $2 THEN 'retenu' ELSE 'ecarte' END, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
		ON CONFLICT ON CONSTRAINT point_reference_unique DO NOTHING`,
		seance, keep, in.Nature, in.Titre, in.Description, in.OrganismeID, in.DureeMin, in.QPVID, in.ContratID, in.Restreint, g.Origine, g.Reference)
	return err
}
