package cis

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"portail/internal/pg"
)

// suitesDemo gives the invented meetings of a committee what comes out of meetings: notes, decisions in every state with what their
// owners say of them, minutes, and one extract that the public reads. All of it is invented and labelled so.
func (s *Service) suitesDemo(ctx context.Context, comite int64) error {
	return pgx.BeginFunc(ctx, s.db, func(tx pgx.Tx) error {
		for _, step := range []struct{ what, sql string }{
			{"decisions", decisionsDemo}, {"follow-ups", suivisDemo}, {"last answers", reponduDemo}, {"notes", notesDemo},
		} {
			if _, err := tx.Exec(ctx, step.sql, comite); err != nil {
				return fmt.Errorf("%s: %w", step.what, err)
			}
		}
		held, err := pg.List[Seance](ctx, tx, `SELECT `+colonnesSeance+` FROM seance s JOIN comite c ON c.id = s.comite_id
			WHERE s.comite_id = $1 AND s.demonstration AND s.etat IN ('cr_en_relecture', 'cr_valide') ORDER BY s.debut`, comite)
		if err != nil {
			return err
		}
		for i, se := range held {
			validated := i+1 == len(held) || held[i+1].Etat != CRValide
			if err := compteRenduDemo(ctx, tx, se, validated); err != nil {
				return fmt.Errorf("minutes: %w", err)
			}
		}
		return nil
	})
}

// compteRenduDemo makes the minutes of an invented meeting: under review with a comment, or validated, with an extract of them if asked to.
func compteRenduDemo(ctx context.Context, tx pgx.Tx, se Seance, public bool) error {
	sections, err := lireSeance(ctx, tx, se.ID)
	if err != nil {
		return err
	}
	id, err := insertCompteRendu(ctx, tx, se, nil)
	if err != nil {
		return err
	}
	if err := insertSections(ctx, tx, id, sections); err != nil {
		return err
	}
	if se.Etat == CREnRelecture {
		_, err := tx.Exec(ctx, relectureDemo, id)
		return err
	}
	var n int
	if err := tx.QueryRow(ctx, `SELECT count(*) + 1 FROM compte_rendu r JOIN seance s ON s.id = r.seance_id WHERE s.comite_id = $1 AND r.etat = 'valide'
		AND extract(year FROM r.valide_le) = $2`, se.ComiteID, se.Debut.Year()).Scan(&n); err != nil {
		return err
	}
	c := CompteRendu{ID: id, Numero: numeroCompteRendu(se, se.Debut.Year(), n), Demonstration: true}
	text := texteFige(c.Titre(), se, sections)
	if _, err := tx.Exec(ctx, `UPDATE compte_rendu SET etat = 'valide', numero = $2, valide_le = $3::timestamptz + interval '20 days', valide_fonction = 'Direction, Préfecture des Vosges', empreinte = $4
		WHERE id = $1`, id, c.Numero, se.Debut, sceller(text)); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `INSERT INTO compte_rendu_version (compte_rendu_id, numero, etat, contenu) VALUES ($1, 1, 'valide', $2)`, id, text); err != nil {
		return err
	}
	if !public {
		return nil
	}
	kept, err := pg.List[Section](ctx, tx, `SELECT id, rang, point_id, titre, texte, restreint, version FROM compte_rendu_section
		WHERE compte_rendu_id = $1 AND point_id IS NOT NULL AND NOT restreint AND texte <> '' ORDER BY rang`, id)
	if err != nil || len(kept) == 0 {
		return err
	}
	return insertExtrait(ctx, tx, c, se, se.Comite()+" – "+se.Titre(), kept, cleExtraitDemo)
}

// relectureDemo sends minutes for review, and makes a member comment them.
const relectureDemo = `
	WITH envoye AS (UPDATE compte_rendu SET etat = 'relecture', relecture_depuis = now(), relecture_le = CURRENT_DATE + 10 WHERE id = $1 RETURNING id)
	INSERT INTO compte_rendu_commentaire (compte_rendu_id, organisme_id, texte)
	SELECT e.id, o.id, 'La permanence se tient le jeudi matin, et non le mardi.' FROM envoye e JOIN organisme o ON o.sigle = 'CAF' LIMIT 1`

// cleExtraitDemo is the key of the one extract of the demonstration.
const cleExtraitDemo = "00000000-0000-4000-8000-0000000000e1"

// decisionsDemo are two or three decisions a meeting, and one in every state of the last one, due around today.
const decisionsDemo = `
	WITH tenues AS (SELECT s.id, s.debut, row_number() OVER (ORDER BY s.debut) AS rang, count(*) OVER () AS total FROM seance s
			WHERE s.comite_id = $1 AND s.demonstration AND s.etat IN ('tenue', 'cr_en_relecture', 'cr_valide')),
	modele (k, texte, sigle, responsable, jours, etat, motif) AS (VALUES
		(1, 'Ouvrir une permanence d’accès aux droits dans chaque quartier prioritaire', 'CAF', 'Direction de l’action sociale', 75, 'en_cours', ''),
		(2, 'Recenser les places disponibles dans les forums de l’emploi et les réserver aux habitants', 'France Travail', '', 60, 'bloquee', 'Le calendrier régional n’est pas arrêté.'),
		(3, 'Transmettre la liste des maisons de santé qui acceptent de nouveaux patients', 'ARS', 'Délégation territoriale', 45, 'a_faire', ''),
		(4, 'Proposer un calendrier commun des visites de quartier', 'DDETSPP', 'Mission politique de la ville', 50, 'faite', ''),
		(5, 'Étudier une navette entre les quartiers et les zones d’activité', 'DDT', '', 90, 'abandonnee', 'Le besoin est couvert par le réseau existant.')),
	voulues AS (SELECT t.id, t.debut, t.rang, t.total, m.*, t.total - t.rang AS age FROM tenues t JOIN modele m ON (m.k + t.rang) % 5 < 2 + (t.rang % 2) OR t.rang = t.total)
	INSERT INTO decision (comite_id, numero, seance_id, point_id, texte, organisme_id, responsable, echeance, etat, motif, clos_le, qpv_id, demonstration, cree_le, confiee_le)
	SELECT $1, row_number() OVER (ORDER BY v.debut, v.k) + coalesce((SELECT max(numero) FROM decision WHERE comite_id = $1), 0), v.id,
		(SELECT p.id FROM point p WHERE p.seance_id = v.id AND p.nature = 'decision' ORDER BY p.rang LIMIT 1), v.texte, o.id, v.responsable,
		CASE WHEN v.age <= 1 THEN greatest(v.debut::date, CURRENT_DATE + v.k * 9 - 20) ELSE v.debut::date + v.jours END,
		CASE WHEN v.age > 1 AND v.etat IN ('a_faire', 'en_cours', 'bloquee') THEN 'faite' ELSE v.etat END, CASE WHEN v.age > 1 AND v.etat = 'bloquee' THEN '' ELSE v.motif END,
		CASE WHEN v.etat IN ('faite', 'abandonnee') OR v.age > 1 AND v.etat IN ('a_faire', 'en_cours', 'bloquee') THEN least(now(), v.debut + v.jours * interval '1 day') END,
		CASE WHEN v.k IN (1, 4) THEN (SELECT q.id FROM qpv q WHERE q.generation = 2024 ORDER BY q.code LIMIT 1) END, true, v.debut, v.debut
	FROM voulues v JOIN organisme o ON o.ferme_le IS NULL AND (o.sigle = v.sigle OR o.nom = v.sigle)`

const suivisDemo = `
	INSERT INTO decision_suivi (decision_id, etat, texte, organisme_id, le)
	SELECT d.id, d.etat, CASE d.etat WHEN 'faite' THEN 'C’est fait, bilan transmis à la préfecture.' WHEN 'en_cours' THEN 'Deux lieux trouvés, ouverture en préparation.' ELSE d.motif END,
		d.organisme_id, least(d.cree_le + interval '40 days', now())
	FROM decision d WHERE d.comite_id = $1 AND d.demonstration AND d.etat <> 'a_faire' ORDER BY d.id`

const reponduDemo = `UPDATE decision d SET repondu_le = (SELECT max(s.le) FROM decision_suivi s WHERE s.decision_id = d.id AND s.organisme_id = d.organisme_id)
	WHERE d.comite_id = $1 AND d.demonstration`

const notesDemo = `
	INSERT INTO note (seance_id, point_id, texte)
	SELECT s.id, p.id, CASE p.nature
		WHEN 'information' THEN 'L’état des décisions est présenté ; les organismes en retard donnent une nouvelle date.'
		WHEN 'discussion' THEN 'Un tour de table fait ressortir trois besoins :' || E'\n\n' || '- des horaires adaptés ;' || E'\n' || '- un lieu connu des habitants ;' || E'\n' || '- un référent par quartier.'
		ELSE 'Le comité retient la proposition.' END
	FROM seance s JOIN point p ON p.seance_id = s.id AND p.etat = 'retenu'
	WHERE s.comite_id = $1 AND s.demonstration AND s.etat IN ('tenue', 'cr_en_relecture', 'cr_valide') ORDER BY s.debut, p.rang`
