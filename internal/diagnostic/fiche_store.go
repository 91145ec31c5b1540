package diagnostic

import (
	"context"
	"fmt"
	"time"

	"portail/internal/chiffre"
	"portail/internal/droits"
	"portail/internal/pg"
)

// identiteRow is the quarter of a diagnostic.
type identiteRow struct {
	ID          int32
	Code, Nom   string
	Evolution   *string
	Communes    string
	Anciens     []string // codes of 2015 that it follows
	NbCommunes  int
	Departement string
}

const sqlIdentite = `SELECT q.id, q.code, q.nom, q.evolution, q.departement,
	coalesce((SELECT string_agg(coalesce(t.nom, c.nom), ', ' ORDER BY c.rang) FROM qpv_commune c LEFT JOIN territoire t ON t.niveau = 'commune' AND t.code = c.commune WHERE c.qpv_id = q.id), '') AS communes,
	ARRAY(SELECT a.code FROM qpv_ancien a WHERE a.qpv_id = q.id ORDER BY a.code) AS anciens,
	(SELECT count(*) FROM qpv_commune c WHERE c.qpv_id = q.id)::int AS nb_communes
FROM qpv q WHERE q.code = $1`

// endroitRow is a place that the quarter is set against.
type endroitRow struct{ Niveau, Code, Nom string }

// cteAutour are the places around a quarter.
const cteAutour = `WITH q AS (SELECT id, departement FROM qpv WHERE code = $1),
dep AS (SELECT t.id, t.region FROM territoire t JOIN q ON t.niveau = 'departement' AND t.code = q.departement),
autour AS (
	SELECT t.id, t.niveau, t.code, t.nom FROM territoire t WHERE t.niveau = 'commune' AND t.code IN (SELECT c.commune FROM qpv_commune c JOIN q ON q.id = c.qpv_id)
	UNION ALL SELECT t.id, t.niveau, t.code, t.nom FROM territoire t WHERE t.niveau = 'epci' AND t.code IN (SELECT e.epci FROM qpv_epci e JOIN q ON q.id = e.qpv_id)
	UNION ALL SELECT t.id, t.niveau, t.code, t.nom FROM territoire t JOIN dep ON dep.id = t.id
	UNION ALL SELECT t.id, t.niveau, t.code, t.nom FROM territoire t WHERE t.niveau = 'france') `

const sqlFigures = cteAutour + `,
quartiers AS (SELECT x.id, x.code FROM qpv x JOIN q ON q.id = x.id UNION SELECT x.id, x.code FROM qpv x JOIN qpv_ancien a ON a.code = x.code JOIN q ON a.qpv_id = q.id)
SELECT v.indicateur, 'qpv' AS niveau, o.code, ` + chiffre.Colonnes + `
FROM valeur_partagee v JOIN quartiers o ON o.id = v.qpv_id WHERE v.courante
UNION ALL SELECT v.indicateur, a.niveau, a.code, ` + chiffre.Colonnes + `
FROM valeur_partagee v JOIN autour a ON a.id = v.territoire_id WHERE v.courante`

// changementRow is something that happened to the quarter.
type changementRow struct {
	Le      time.Time
	Sorte   string // chiffres, constat, decision
	Texte   string
	Objet   string
	ObjetID int64
}

// sqlDepuis is the day of the last CIS that whoever asks may know of, else three months ago.
const sqlDepuis = `SELECT coalesce((SELECT max(s.debut) FROM seance s JOIN comite c ON c.id = s.comite_id WHERE c.nature = 'cis' AND s.debut < now()
	AND s.etat IN ('tenue', 'cr_en_relecture', 'cr_valide')), now() - interval '90 days') AS le,
	EXISTS (SELECT FROM seance s JOIN comite c ON c.id = s.comite_id WHERE c.nature = 'cis' AND s.debut < now() AND s.etat IN ('tenue', 'cr_en_relecture', 'cr_valide')) AS seance`

const sqlChangements = `WITH q AS (SELECT id FROM qpv WHERE code = $1), depuis AS (SELECT le FROM (` + sqlDepuis + `) AS x)
SELECT * FROM (
	SELECT max(n.le) AS le, 'chiffres' AS sorte, string_agg(n.texte, ', ' ORDER BY n.texte) AS texte, '' AS objet, 0::bigint AS objet_id
	FROM (SELECT max(v.creee_le) AS le, i.libelle || CASE WHEN max(v.motif) <> '' THEN E' (corrigé\u00a0: ' || max(v.motif) || ')' ELSE '' END AS texte
		FROM valeur_partagee v JOIN q ON q.id = v.qpv_id JOIN indicateur i ON i.code = v.indicateur, depuis WHERE v.courante AND v.creee_le > depuis.le GROUP BY i.libelle) n
	GROUP BY (n.le AT TIME ZONE 'Europe/Paris')::date
	UNION ALL SELECT c.modifie_le, c.sorte, o.nom, 'constat', c.id FROM constat c JOIN q ON q.id = c.qpv_id JOIN organisme o ON o.id = c.organisme_id, depuis
		WHERE c.modifie_le > depuis.le AND c.retire_le IS NULL
	UNION ALL SELECT coalesce(d.clos_le, d.cree_le), 'decision', d.texte, 'decision', d.id FROM decision d JOIN q ON q.id = d.qpv_id, depuis WHERE coalesce(d.clos_le, d.cree_le) > depuis.le
) AS tout ORDER BY le DESC LIMIT 20`

// liee is something that another area holds about the quarter.
type liee struct {
	Sorte, Texte, Objet string
	ObjetID             int64
	Code                string // of a dispositif
	Etat                string
}

const sqlLiees = `WITH q AS (SELECT id FROM qpv WHERE code = $1)
(SELECT 'decision' AS sorte, d.texte, 'decision' AS objet, d.id AS objet_id, '' AS code, d.etat FROM decision d JOIN q ON q.id = d.qpv_id WHERE d.clos_le IS NULL ORDER BY d.echeance NULLS LAST, d.id LIMIT 30)
UNION ALL (SELECT 'engagement', e.texte, 'contrat_engagement', e.id, '', coalesce((SELECT s.avancement FROM contrat_suivi s WHERE s.lignee = e.lignee ORDER BY s.id DESC LIMIT 1), 'a_engager')
	FROM contrat_vue c JOIN contrat_engagement e ON e.version_id = c.version_id JOIN contrat_objectif o ON o.id = e.objectif_id JOIN contrat_axe a ON a.id = o.axe_id JOIN q ON q.id = a.qpv_id
	ORDER BY e.id LIMIT 30)
UNION ALL (SELECT 'dispositif', d.nom, '', d.id, d.code, '' FROM dispositif d WHERE d.publie AND d.ferme_le IS NULL AND (EXISTS (SELECT FROM dispositif_qpv x JOIN q ON q.id = x.qpv_id WHERE x.dispositif_id = d.id)
	OR d.nature = 'pre' AND EXISTS (SELECT FROM pre_qpv x JOIN q ON q.id = x.qpv_id) OR d.nature = 'adultes_relais' AND EXISTS (SELECT FROM adulte_relais_qpv x JOIN q ON q.id = x.qpv_id)) ORDER BY d.nom LIMIT 30)`

// depuisRow is since when changes are told.
type depuisRow struct {
	Le     time.Time
	Seance bool // of the last CIS
}

// readFiche reads all that the diagnostic of a quarter shows, in one round trip; an unknown code is fault.NotFound.
func (s *Service) readFiche(ctx context.Context, par droits.Compte, code string) (f fiche, err error) {
	f.Par = par
	var b pg.Batch
	var lignes []chiffre.LigneValeur
	pg.AddOne(&b, &f.identiteRow, sqlIdentite, code)
	pg.Add(&b, &f.Catalogue, `SELECT code, libelle, definition, thematique, unite, decimales, nature, sens, producteur, licence, reserve, des_quartiers
		FROM indicateur WHERE des_quartiers ORDER BY ordre, code`)
	pg.Add(&b, &f.Endroits, cteAutour+`SELECT niveau, code, nom FROM autour ORDER BY array_position(ARRAY['commune', 'epci', 'departement', 'france'], niveau), nom`, code)
	pg.Add(&b, &lignes, sqlFigures, code)
	pg.Add(&b, &f.Constats, selectConstat+`WHERE q.code = $1 AND c.retire_le IS NULL ORDER BY array_position(ARRAY['constat', 'enjeu', 'levier'], c.sorte), c.cree_le LIMIT 300`, code)
	pg.AddOne(&b, &f.Depuis, sqlDepuis)
	pg.Add(&b, &f.Changements, sqlChangements, code)
	pg.Add(&b, &f.Liees, sqlLiees, code)
	addAction(&b, &f.Action, code)
	if err := b.RunAs(ctx, s.db, par); err != nil {
		return f, fmt.Errorf("read the diagnostic of %s: %w", code, err)
	}
	f.chiffres = chiffre.Indexer(lignes, f.Catalogue)
	f.Blocs = f.blocs()
	return f, nil
}

// ligneDiagnostic is a quarter of the list.
type ligneDiagnostic struct {
	Code, Nom, Communes       string
	Constats, Enjeux, Leviers int
	Dernier                   *time.Time
}

func addDiagnostics(b *pg.Batch, into *[]ligneDiagnostic, departement string) {
	pg.Add(b, into, `SELECT q.code, q.nom,
		coalesce((SELECT string_agg(coalesce(t.nom, c.nom), ', ' ORDER BY c.rang) FROM qpv_commune c LEFT JOIN territoire t ON t.niveau = 'commune' AND t.code = c.commune WHERE c.qpv_id = q.id), '') AS communes,
		count(c.id) FILTER (WHERE c.sorte = 'constat')::int AS constats, count(c.id) FILTER (WHERE c.sorte = 'enjeu')::int AS enjeux,
		count(c.id) FILTER (WHERE c.sorte = 'levier')::int AS leviers, max(c.modifie_le) AS dernier
		FROM qpv q LEFT JOIN constat c ON c.qpv_id = q.id AND c.retire_le IS NULL
		WHERE q.departement = $1 AND q.generation = (SELECT max(generation) FROM qpv WHERE departement = $1)
		GROUP BY q.id, q.code, q.nom ORDER BY q.nom, q.code LIMIT 500`, departement)
}
