package relance

import (
	"context"
	"fmt"
	"time"

	"portail/internal/pg"
)

// vueEcheance is the view of all that is due.
const vueEcheance = "echeance"

// listARappeler are, as seen from a day, the open objects due before long and the decisions given to somebody of late, each with every
// person who must act and was not told of it yet: the responsible person of a decision; else the référents of the organisation, or in a
// service of the préfecture its chargés de mission and délégués; for what nobody else must do, the chargés de mission. Decisions that the
// préfecture no longer wants to be recalled are left out, and those of a meeting under way, which may still be written otherwise.
func listARappeler(ctx context.Context, tx pg.Tx, jour time.Time) ([]rappel, error) {
	return pg.List[rappel](ctx, tx, `
		WITH acteur AS (
			SELECT c.id AS compte_id, c.courriel, f.organisme_id, f.role
			FROM compte c JOIN fonction f ON f.compte_id = c.id AND f.fin IS NULL
			WHERE c.desactive_le IS NULL AND f.role IN ('referent', 'gestionnaire', 'delegue')),
		ouvert AS (
			SELECT e.objet, e.objet_id, e.libelle, e.sorte, e.le, e.le AS echeance, NULL::timestamptz AS confiee_le, e.organisme_id, d.compte_id AS responsable
			FROM `+vueEcheance+` e LEFT JOIN decision d ON e.objet = 'decision' AND d.id = e.objet_id
			WHERE e.le <= $2 AND d.ne_plus_relancer IS NOT TRUE
			UNION ALL
			SELECT 'decision', d.id, 'Décision n° ' || d.numero || ' – ' || CASE WHEN length(d.texte) > 160 THEN left(d.texte, 159) || '…' ELSE d.texte END, 'decision',
				(d.confiee_le AT TIME ZONE 'Europe/Paris')::date, d.echeance, d.confiee_le, d.organisme_id, d.compte_id
			FROM decision d JOIN seance s ON s.id = d.seance_id
			WHERE d.clos_le IS NULL AND NOT d.ne_plus_relancer AND d.confiee_le > $3
				AND (s.etat IN ('cr_en_relecture', 'cr_valide') OR (s.debut AT TIME ZONE 'Europe/Paris')::date < $1)),
		destinataire AS (
			SELECT DISTINCT o.objet, o.objet_id, o.libelle, o.sorte, o.le, o.echeance, o.confiee_le, a.compte_id, a.courriel
			FROM ouvert o JOIN acteur a ON CASE
				WHEN o.organisme_id IS NULL THEN a.role = 'gestionnaire'
				WHEN EXISTS (SELECT FROM acteur r WHERE r.compte_id = o.responsable AND r.organisme_id = o.organisme_id) THEN a.compte_id = o.responsable
				ELSE a.organisme_id = o.organisme_id END)
		SELECT d.* FROM destinataire d
		WHERE NOT EXISTS (SELECT FROM rappel r WHERE r.objet = d.objet AND r.objet_id = d.objet_id AND r.compte_id = d.compte_id
			AND CASE WHEN d.confiee_le IS NULL THEN r.echeance = d.le AND r.regle = CASE WHEN d.le < $1 THEN 'apres' ELSE 'avant' END ELSE r.le >= d.confiee_le END)
		ORDER BY d.compte_id, d.confiee_le NULLS FIRST, d.le, d.objet, d.objet_id`,
		jour, jour.AddDate(0, 0, avantJours+horizon(hebdomadaire)), jour.AddDate(0, 0, -confieeJours))
}

// readEnvois reads what people asked for, and the digests of the periods under way.
func readEnvois(ctx context.Context, tx pg.Tx, now time.Time) (envois, error) {
	e := envois{preferences: map[int64]map[string]string{}, faits: map[recapitulatif]bool{}}
	chosen, err := pg.List[struct {
		CompteID         int64
		Sorte, Frequence string
	}](ctx, tx, `SELECT compte_id, sorte, frequence FROM preference WHERE sorte = ANY ($1)`, []string{sorteDecisions, sorteEcheances})
	if err != nil {
		return e, fmt.Errorf("list preferences: %w", err)
	}
	for _, c := range chosen {
		if e.preferences[c.CompteID] == nil {
			e.preferences[c.CompteID] = map[string]string{}
		}
		e.preferences[c.CompteID][c.Sorte] = c.Frequence
	}
	// A week is the longest period: what began before is over.
	done, err := pg.List[recapitulatif](ctx, tx, `SELECT compte_id, frequence, periode FROM recapitulatif WHERE periode > $1`, jourDe(now).AddDate(0, 0, -7))
	if err != nil {
		return e, fmt.Errorf("list digests: %w", err)
	}
	for _, r := range done {
		e.faits[r] = true
	}
	return e, nil
}

// insertRappels notes the reminders of a mail and gives back those that no other mail told.
func insertRappels(ctx context.Context, tx pg.Tx, all []rappel) ([]rappel, error) {
	type key struct {
		Objet    string
		ObjetID  int64
		Regle    string
		Echeance time.Time
	}
	var objets, regles []string
	var ids []int64
	var dates []time.Time
	for _, r := range all {
		objets, ids, regles, dates = append(objets, r.Objet), append(ids, r.ObjetID), append(regles, r.Regle), append(dates, r.Le)
	}
	noted, err := pg.List[key](ctx, tx, `
		INSERT INTO rappel (objet, objet_id, regle, echeance, compte_id)
		SELECT o, i, r, e, $5 FROM unnest($1::text[], $2::bigint[], $3::text[], $4::date[]) AS x (o, i, r, e)
		ON CONFLICT ON CONSTRAINT rappel_unique DO NOTHING RETURNING objet, objet_id, regle, echeance`, objets, ids, regles, dates, all[0].CompteID)
	if err != nil {
		return nil, fmt.Errorf("note reminders: %w", err)
	}
	fresh := map[key]bool{}
	for _, k := range noted {
		k.Echeance = k.Echeance.UTC()
		fresh[k] = true
	}
	var kept []rappel
	for _, r := range all {
		if fresh[key{r.Objet, r.ObjetID, r.Regle, r.Le.UTC()}] {
			kept = append(kept, r)
		}
	}
	return kept, nil
}

// insertRecapitulatifs notes the digests that a mail stands for; first is false when another mail was one of them.
func insertRecapitulatifs(ctx context.Context, tx pg.Tx, digests map[recapitulatif]bool) (first bool, err error) {
	for d := range digests {
		tag, err := tx.Exec(ctx, `INSERT INTO recapitulatif (compte_id, frequence, periode) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`, d.CompteID, d.Frequence, d.Periode)
		if err != nil {
			return false, fmt.Errorf("note digest of compte %d: %w", d.CompteID, err)
		}
		if tag.RowsAffected() != 1 {
			return false, nil
		}
	}
	return true, nil
}

// AddEnvois queues the reminders of an object among the statements of a page, the latest first: those that whoever asks may know of.
func AddEnvois(b *pg.Batch, into *[]Envoi, objet string, id int64) {
	pg.Add(b, into, `SELECT regle, echeance, max(le) AS le, count(*)::int AS destinataires FROM rappel WHERE objet = $1 AND objet_id = $2
		GROUP BY regle, echeance ORDER BY le DESC`, objet, id)
}
