package cis

import (
	"context"

	"portail/internal/pg"
)

// listDestinataires are those to write to for a meeting: of the members who sit on its day, the accounts still open and the mere addresses.
// An address given twice is written to once.
func listDestinataires(ctx context.Context, q pg.Q, v Seance) ([]destinataire, error) {
	return pg.List[destinataire](ctx, q, destinataires, v.ID)
}

const destinataires = `
	SELECT * FROM (
		SELECT DISTINCT ON (coalesce(c.courriel, k.courriel)) m.id AS membre_id, m.organisme_id, o.nom AS organisme, o.nature, m.fonction, c.id AS compte_id,
			coalesce(c.courriel, k.courriel) AS courriel
		FROM seance s JOIN comite_membre m ON m.comite_id = s.comite_id JOIN organisme o ON o.id = m.organisme_id
		JOIN comite_membre_contact k ON k.membre_id = m.id LEFT JOIN compte c ON c.id = k.compte_id
		CROSS JOIN LATERAL (SELECT coalesce((s.debut AT TIME ZONE 'Europe/Paris')::date, CURRENT_DATE) AS jour) j
		WHERE s.id = $1 AND m.depuis <= j.jour AND (m.fin IS NULL OR m.fin >= j.jour) AND (k.compte_id IS NULL OR c.desactive_le IS NULL
			AND EXISTS (SELECT FROM fonction f WHERE f.compte_id = c.id AND f.organisme_id = m.organisme_id AND f.fin IS NULL))
		ORDER BY coalesce(c.courriel, k.courriel), c.id NULLS LAST, m.id
	) d ORDER BY organisme COLLATE "fr-x-icu", courriel`

func addDestinataires(b *pg.Batch, into *[]destinataire, seance int64) {
	pg.Add(b, into, destinataires, seance)
}

// convocations are those called to the meeting $1 that whoever asks may see, with the last mail written to each.
const convocations = `
	SELECT v.id, v.membre_id, v.organisme_id, o.nom AS organisme, o.nature, m.fonction, v.compte_id, v.courriel, v.reponse, v.represente_par, v.mot,
		v.repondu_le, v.repondu_par, v.version,
		e.id AS envoi_id, e.sorte AS envoi_sorte, e.etat AS envoi_etat, e.motif AS envoi_motif, e.cree_le AS envoi_le, e.expedie_le, e.essai
	FROM convocation v JOIN organisme o ON o.id = v.organisme_id JOIN comite_membre m ON m.id = v.membre_id
	LEFT JOIN LATERAL (SELECT * FROM convocation_envoi e WHERE e.convocation_id = v.id ORDER BY e.id DESC LIMIT 1) e ON true
	WHERE v.seance_id = $1 ORDER BY o.nom COLLATE "fr-x-icu", v.courriel`

func addConvocations(b *pg.Batch, into *[]Convocation, seance int64) {
	pg.Add(b, into, convocations, seance)
}

func listConvocations(ctx context.Context, q pg.Q, seance int64) ([]Convocation, error) {
	return pg.List[Convocation](ctx, q, convocations, seance)
}

// insertConvocations calls those who are not called yet.
func insertConvocations(ctx context.Context, tx pg.Tx, seance int64, to []destinataire) error {
	var membres, organismes []int64
	var comptes []*int64
	var courriels []string
	for _, d := range to {
		membres, organismes = append(membres, d.MembreID), append(organismes, d.OrganismeID)
		comptes, courriels = append(comptes, d.CompteID), append(courriels, d.Courriel)
	}
	_, err := tx.Exec(ctx, `INSERT INTO convocation (seance_id, membre_id, organisme_id, compte_id, courriel)
		SELECT $1, m, o, c, k FROM unnest($2::bigint[], $3::bigint[], $4::bigint[], $5::text[]) AS d (m, o, c, k)
		ON CONFLICT ON CONSTRAINT convocation_unique DO NOTHING`, seance, membres, organismes, comptes, courriels)
	return err
}

// insertEnvoi keeps the line that agents follow a mail by. One more of the same sequence is a further try.
func insertEnvoi(ctx context.Context, tx pg.Tx, convocation int64, sorte string, sequence int, courriel string) error {
	_, err := tx.Exec(ctx, `INSERT INTO convocation_envoi (convocation_id, sorte, sequence, essai, courriel_id)
		SELECT $1, $2, $3, coalesce(max(essai), 0) + 1, $4 FROM convocation_envoi WHERE convocation_id = $1 AND sequence = $3`, convocation, sorte, sequence, courriel)
	return err
}

// noteEnvoi keeps what the members were told, under which sequence and by which form.
func noteEnvoi(ctx context.Context, tx pg.Tx, v Seance, sequence int, cle string) error {
	return pg.ChangeOne(ctx, tx, `UPDATE seance SET sequence = $3, annonce = $4, envoi_cle = coalesce(nullif($5, '')::uuid, envoi_cle), version = version + 1
		WHERE id = $1 AND version = $2`, v.ID, v.Version, sequence, v.annonce(), cle)
}

func updatePreavis(ctx context.Context, tx pg.Tx, seance int64, motif string) error {
	_, err := tx.Exec(ctx, `UPDATE seance SET preavis_motif = $2 WHERE id = $1`, seance, motif)
	return err
}

// forgetReponses asks everybody again.
func forgetReponses(ctx context.Context, tx pg.Tx, seance int64) error {
	_, err := tx.Exec(ctx, `UPDATE convocation SET reponse = '', represente_par = '', mot = '', repondu_le = NULL, repondu_par = '', version = version + 1
		WHERE seance_id = $1 AND reponse <> ''`, seance)
	return err
}
