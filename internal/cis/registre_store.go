package cis

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"portail/internal/fault"
	"portail/internal/pg"
)

// sansReponse is the condition of a decision of which its owner never said anything.
const sansReponse = `d.repondu_le IS NULL`

// conditionsEnsemble are what each value of the filter of states asks of d.
var conditionsEnsemble = map[string]string{
	decisionsOuvertes:    `d.clos_le IS NULL`,
	decisionsEnRetard:    `d.clos_le IS NULL AND d.echeance < CURRENT_DATE`,
	decisionsSansReponse: `d.clos_le IS NULL AND d.echeance < CURRENT_DATE AND ` + sansReponse,
	decisionsProches:     `d.clos_le IS NULL AND d.echeance BETWEEN CURRENT_DATE AND CURRENT_DATE + ` + strconv.Itoa(joursProches),
	decisionsToutes:      `true`,
	AFaire:               `d.etat = 'a_faire'`, EnCours: `d.etat = 'en_cours'`, Bloquee: `d.etat = 'bloquee'`, Faite: `d.etat = 'faite'`, Abandonnee: `d.etat = 'abandonnee'`,
}

// ordresDecision are what each column sorts on. French sorting puts É beside E and forgets case.
var ordresDecision = map[string]string{
	"echeance":  `d.echeance`,
	"numero":    `d.numero`,
	"organisme": `o.nom COLLATE "fr-x-icu"`,
	"etat":      `array_position(ARRAY['bloquee', 'a_faire', 'en_cours', 'faite', 'abandonnee'], d.etat)`,
	"seance":    `s.debut`,
}

// addRegistre queues n decisions of the register, from the given one; n of 0 is all of them.
func addRegistre(b *pg.Batch, into *[]ligneDecision, f filtresDecision, from, n int) {
	var args []any
	arg := func(v any) string {
		args = append(args, v)
		return "$" + strconv.Itoa(len(args))
	}
	where := []string{conditionsEnsemble[f.Etat]}
	for _, word := range strings.Fields(f.Q) {
		where = append(where, `(d.recherche LIKE (SELECT sans_accent(`+arg(pg.Contient(word))+`)) OR d.numero::text = `+arg(word)+`)`)
	}
	for column, id := range map[string]int64{"d.organisme_id": f.Organisme, "d.contrat_id": f.Contrat, "d.comite_id": f.Comite, "d.seance_id": f.Seance} {
		if id != 0 {
			where = append(where, column+" = "+arg(id))
		}
	}
	if f.QPV != "" {
		where = append(where, "d.qpv_id = (SELECT id FROM qpv WHERE code = "+arg(f.QPV)+")")
	}
	by := ordresDecision[f.Tri]
	if f.Descendant {
		by += " DESC"
	}
	by += " NULLS LAST, d.comite_id, d.numero, d.id"
	conditions := strings.Join(where, " AND ")
	pg.Add(b, into, `
		WITH page AS (
			SELECT d.id FROM decision d LEFT JOIN organisme o ON o.id = d.organisme_id LEFT JOIN seance s ON s.id = d.seance_id
			WHERE `+conditions+` ORDER BY `+by+` `+pg.Page(from, n)+`)
		SELECT d.id, d.numero, d.texte, coalesce(c.nom, '') AS comite_nom, d.seance_id, s.debut AS seance_debut, coalesce(p.titre, '') AS point_titre,
			o.nom AS organisme_nom, d.responsable, d.echeance, d.etat, d.motif, coalesce(q.nom, '') AS qpv_nom,
			coalesce(k.titre, '') AS contrat_titre, `+texteEngagement+` AS engagement, v.le AS suivi_le,
			coalesce(v.texte, '') AS suivi_texte, d.clos_le, d.demonstration AS demo, (SELECT count(*) FROM decision d WHERE `+conditions+`) AS total
		FROM page JOIN decision d ON d.id = page.id JOIN organisme o ON o.id = d.organisme_id LEFT JOIN comite c ON c.id = d.comite_id
			LEFT JOIN seance s ON s.id = d.seance_id LEFT JOIN point p ON p.id = d.point_id LEFT JOIN qpv q ON q.id = d.qpv_id
			LEFT JOIN contrat_vue k ON k.id = d.contrat_id
			LEFT JOIN LATERAL (SELECT le, texte FROM decision_suivi v WHERE v.decision_id = d.id AND v.organisme_id = d.organisme_id ORDER BY id DESC LIMIT 1) v ON true
		ORDER BY `+by, args...)
}

// addChoixRegistre queues what the register of whoever asks can be filtered by. OFFSET 0 has an index tell for each choice whether it has a
// decision, rather than all decisions read for them.
func addChoixRegistre(b *pg.Batch, into *[]choixRegistre) {
	pg.Add(b, into, `
		SELECT 'organisme' AS sorte, o.id::text AS valeur, o.nom FROM organisme o WHERE EXISTS (SELECT FROM decision d WHERE d.organisme_id = o.id OFFSET 0)
		UNION ALL SELECT 'qpv', q.code, q.nom FROM qpv q WHERE EXISTS (SELECT FROM decision d WHERE d.qpv_id = q.id OFFSET 0)
		UNION ALL SELECT 'contrat', v.id::text, v.titre FROM contrat_vue v WHERE v.id IN (SELECT contrat_id FROM decision)
		UNION ALL SELECT 'comite', c.id::text, c.nom FROM comite c
		UNION ALL SELECT 'seance', s.id::text, c.nom || ', ' || to_char(s.debut AT TIME ZONE 'Europe/Paris', 'DD/MM/YYYY')
			FROM seance s JOIN comite c ON c.id = s.comite_id WHERE s.debut IS NOT NULL AND EXISTS (SELECT FROM decision d WHERE d.seance_id = s.id OFFSET 0)
		ORDER BY sorte, nom`)
}

// chargeSQL counts what each organisation has to do, by age: the three counts exclude each other.
const chargeSQL = `
	SELECT d.organisme_id, o.nom AS organisme_nom,
		count(*) FILTER (WHERE d.echeance IS NULL OR d.echeance >= CURRENT_DATE)::int AS a_temps,
		count(*) FILTER (WHERE d.echeance < CURRENT_DATE AND d.repondu_le IS NOT NULL)::int AS en_retard,
		count(*) FILTER (WHERE d.echeance < CURRENT_DATE AND ` + sansReponse + `)::int AS sans_reponse
	FROM decision d JOIN organisme o ON o.id = d.organisme_id WHERE d.clos_le IS NULL
	GROUP BY d.organisme_id, o.nom ORDER BY sans_reponse DESC, en_retard DESC, o.nom COLLATE "fr-x-icu"`

func addCharge(b *pg.Batch, into *[]chargeDecisions) { pg.Add(b, into, chargeSQL) }

func addVues(b *pg.Batch, into *[]vueDecisions, compte int64) {
	pg.Add(b, into, `SELECT id, nom, requete FROM vue_enregistree WHERE compte_id = $1 ORDER BY nom COLLATE "fr-x-icu"`, compte)
}

// upsertVue keeps a view, in place of the one that has that name.
func upsertVue(ctx context.Context, tx pg.Tx, compte int64, nom, requete string) error {
	var kept int
	if err := tx.QueryRow(ctx, `SELECT count(*) FROM vue_enregistree WHERE compte_id = $1 AND sans_accent(nom) <> sans_accent($2)`, compte, nom).Scan(&kept); err != nil {
		return err
	}
	if kept >= maxVues {
		return fault.Fields{"nom": fmt.Sprintf("Vous avez déjà %d vues\u00a0: supprimez-en une d’abord.", maxVues)}
	}
	_, err := tx.Exec(ctx, `INSERT INTO vue_enregistree (compte_id, nom, requete) VALUES ($1, $2, $3)
		ON CONFLICT (compte_id, sans_accent(nom)) DO UPDATE SET requete = excluded.requete`, compte, nom, requete)
	return err
}

// deleteVue removes a view of the person; one that is gone already is no fault.
func deleteVue(ctx context.Context, tx pg.Tx, compte, id int64) error {
	_, err := tx.Exec(ctx, `DELETE FROM vue_enregistree WHERE compte_id = $1 AND id = $2`, compte, id)
	return err
}
