package contrat

import (
	"context"

	"portail/internal/pg"
)

// publique is the published text that counts today.
const publique = `(SELECT x.id FROM contrat_version x WHERE x.contrat_id = $1 AND x.publiee_le IS NOT NULL
	ORDER BY coalesce(x.effet_le <= current_date, false) DESC, x.numero DESC LIMIT 1)`

// findPublique reads the head of a published text, of that number or, for 0, the one that counts today.
func findPublique(ctx context.Context, q pg.Q, r Ref) (versionLue, error) {
	return pg.One[versionLue](ctx, q, `SELECT `+colonnesVersion+`, v.id = `+publique+` AS en_vigueur`+depuisVersion+`
		WHERE v.contrat_id = $1 AND v.publiee_le IS NOT NULL AND CASE WHEN $2 = 0 THEN v.id = `+publique+` ELSE v.numero = $2 END`, r.Contrat, r.Numero)
}

// addLecture queues what a text holds and is tied to: five statements, whatever its size. Of the versions, publications and documents,
// only what is public.
func addLecture(b *pg.Batch, l *lecture, r Ref) {
	addTextes(b, &l.Contenu, r)
	pg.Add(b, &l.Annexes, `
		WITH texte AS (SELECT id FROM contrat_version WHERE contrat_id = $1 AND numero = $2)
		SELECT sorte, code, nom, detail, id, numero, le FROM (
		SELECT 'qpv' AS sorte, q.code, q.nom, '' AS detail, q.id::bigint AS id, 0::bigint AS numero, NULL::timestamptz AS le
		FROM contrat_qpv x JOIN qpv q ON q.id = x.qpv_id WHERE x.version_id = (SELECT id FROM texte)
		UNION ALL
		SELECT 'signataire', '', s.qualite, '', s.partie_id, -s.id, NULL FROM contrat_signataire s WHERE s.version_id = (SELECT id FROM texte)
		UNION ALL
		SELECT 'version', v.avenant::text, v.objet, array_to_string(v.natures, ','), v.id, v.numero, v.effet_le
		FROM contrat_version v WHERE v.contrat_id = $1 AND v.publiee_le IS NOT NULL
		UNION ALL
		SELECT 'publication', p.acte, p.motif, v.avenant::text, p.id, v.numero, p.le
		FROM contrat_publication p JOIN contrat_version v ON v.id = p.version_id WHERE v.contrat_id = $1 AND v.publiee_le IS NOT NULL
		UNION ALL
		SELECT 'document', d.type, x.titre, d.sha256, d.id, d.taille, d.depose_le
		FROM contrat_document x JOIN document d ON d.id = x.document_id WHERE x.contrat_id = $1 AND x.public
		) a ORDER BY sorte, numero DESC, le DESC, nom COLLATE "fr-x-icu", id`, r.Contrat, r.Numero)
}
