package contrat

import (
	"context"
	"strings"

	"portail/internal/droits"
	"portail/internal/pg"
)

// depuisSuivi are the engagements of the texts that count today, with where they stand.
const depuisSuivi = depuisEngagement + ` JOIN contrat_vue v ON v.version_id = x.version_id JOIN contrat_objectif j ON j.id = x.objectif_id JOIN contrat_axe a ON a.id = j.axe_id
	LEFT JOIN qpv q ON q.id = a.qpv_id `

const colonnesSuivi = colonnesEngagement + `, v.id AS contrat_id, v.titre AS contrat_titre, v.numero, v.etat AS etat_texte, j.titre AS objectif_titre, a.titre AS axe_titre,
	coalesce(q.code || ' ' || q.nom, '') AS qpv_nom, v.demonstration, count(*) OVER ()::int AS total`

// findEngagement reads an engagement of a contract in the text that counts today, whatever the version that it is named from.
func findEngagement(ctx context.Context, q pg.Q, contrat, lignee int64) (engagementSuivi, error) {
	return pg.One[engagementSuivi](ctx, q, `SELECT `+colonnesSuivi+depuisSuivi+`WHERE v.id = $1 AND x.lignee = $2 AND `+mien, contrat, lignee)
}

// engagementNomme is the contract and the lignee of an engagement named by its own number, in any version.
type engagementNomme struct{ Contrat, Lignee int64 }

func nommeEngagement(ctx context.Context, q pg.Q, id int64) (engagementNomme, error) {
	return pg.One[engagementNomme](ctx, q, `SELECT v.contrat_id AS contrat, e.lignee FROM contrat_engagement e JOIN contrat_version v ON v.id = e.version_id WHERE e.id = $1`+perimetre, id)
}

func listSuivis(ctx context.Context, q pg.Q, lignee int64) ([]Suivi, error) {
	return pg.List[Suivi](ctx, q, `SELECT s.avancement, s.valeur::float8 AS valeur, s.valeur_le, s.note, coalesce(c.nom, '') AS nom, coalesce(o.nom, '') AS organisme_nom, s.le
		FROM contrat_suivi s LEFT JOIN compte c ON c.id = s.par LEFT JOIN organisme o ON o.id = s.organisme_id WHERE s.lignee = $1 ORDER BY s.id DESC LIMIT 200`, lignee)
}

func insertSuivi(ctx context.Context, tx pg.Tx, par droits.Compte, contrat, lignee int64, x Suivi, cle string) (bool, error) {
	_, fresh, err := added(ctx, tx, "contrat_suivi", cle, `INSERT INTO contrat_suivi (contrat_id, lignee, avancement, valeur, valeur_le, note, par, organisme_id, cle)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) RETURNING id`, contrat, lignee, x.Avancement, x.Valeur, x.ValeurLe, x.Note, par.ID, par.Organisme, cle)
	return fresh, err
}

// addEngagements queues a page of engagements: those of one's organisation, all of them for the préfecture; overdue first.
func addEngagements(b *pg.Batch, into *[]engagementSuivi, f filtresEngagements) {
	where := []string{mien, `(moi_prefecture() OR p.organisme_id = moi_organisme())`, `v.etat IN ('signe', 'en_vigueur', 'echu', 'denonce')`, `($1 = '' OR coalesce(s.avancement, 'a_engager') = $1)`}
	const late = `(coalesce(x.echeance, x.cible_le) < current_date AND coalesce(s.avancement, '') NOT IN ('atteint', 'abandonne'))`
	if f.Retard {
		where = append(where, late)
	}
	pg.Add(b, into, `SELECT `+colonnesSuivi+depuisSuivi+`WHERE `+strings.Join(where, " AND ")+`
		ORDER BY coalesce(`+late+`, false) DESC, coalesce(s.avancement, '') IN ('atteint', 'abandonne'), coalesce(x.echeance, x.cible_le) NULLS LAST, x.id
		LIMIT $2 OFFSET $3`, f.Avancement, parPage, (f.Page-1)*parPage)
}
