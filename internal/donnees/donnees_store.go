package donnees

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"portail/internal/export"
	"portail/internal/pg"
)

// Common parts of the statements: the text of an evolution, the communes and EPCI of a quarter in their order.
const (
	evolution = `CASE q.evolution WHEN 'modifie' THEN 'modifié' WHEN 'inchange' THEN 'inchangé' ELSE q.evolution END`
	codesCom  = `(SELECT string_agg(c.commune, '|' ORDER BY c.rang) FROM qpv_commune c WHERE c.qpv_id = q.id)`
	nomsCom   = `(SELECT string_agg(coalesce(t.nom, c.nom), '|' ORDER BY c.rang) FROM qpv_commune c
		LEFT JOIN territoire t ON t.niveau = 'commune' AND t.code = c.commune WHERE c.qpv_id = q.id)`
	// A quarter belongs to the contract that it names or, when it names none, to the one of its EPCI or commune in its département.
	contratQuartier = `(SELECT c.id AS contrat, q.id AS qpv FROM contrat_anct c JOIN qpv q ON q.code_contrat = c.code AND q.generation = 2024
		UNION SELECT c.id, q.id FROM contrat_anct c JOIN qpv_epci e ON e.epci = c.epci JOIN qpv q ON q.id = e.qpv_id
			WHERE q.code_contrat IS NULL AND q.generation = 2024 AND q.departement = c.departement
		UNION SELECT c.id, q.id FROM contrat_anct c JOIN qpv_commune m ON m.commune = c.commune AND c.epci = '' JOIN qpv q ON q.id = m.qpv_id
			WHERE q.code_contrat IS NULL AND q.generation = 2024 AND q.departement = c.departement)`
	sirens = `(SELECT string_agg(e.epci, '|' ORDER BY e.rang) FROM qpv_epci e WHERE e.qpv_id = q.id)`
)

// selections give the rows of each set: its columns in order and by type, then whether the masked column is hidden, then the
// contour as GeoJSON. Empty texts leave as unknown values. Figures come from valeur_publiee only (R-F-2).
var selections = map[string]string{
	"quartiers": `
		SELECT q.code, q.nom, q.departement, d.nom, nullif(d.region, ''), r.nom, ` + codesCom + `, ` + nomsCom + `, ` + sirens + `,
			(SELECT string_agg(e.nom, '|' ORDER BY e.rang) FROM qpv_epci e WHERE e.qpv_id = q.id), ` + evolution + `,
			v.valeur::bigint, q.lon, q.lat, q.surface_ha::float8, nullif(q.code_contrat, ''),
			(SELECT string_agg(a.code, '|' ORDER BY a.code) FROM qpv_ancien a WHERE a.qpv_id = q.id),
			(SELECT string_agg(a.nom, '|' ORDER BY a.code) FROM qpv_ancien a WHERE a.qpv_id = q.id), coalesce(v.secret, false)
		FROM qpv q
		LEFT JOIN territoire d ON d.niveau = 'departement' AND d.code = q.departement
		LEFT JOIN territoire r ON r.niveau = 'region' AND r.code = d.region
		LEFT JOIN valeur_publiee v ON v.qpv_id = q.id AND v.indicateur = 'population_municipale' AND v.millesime = 2020 AND v.trimestre IS NULL
		WHERE q.generation = 2024 ORDER BY q.code`,
	"contours": `
		SELECT q.code, q.nom, q.departement, ` + codesCom + `, ` + nomsCom + `, ` + sirens + `, nullif(q.contour_millesime, ''), q.contour::text
		FROM qpv q WHERE q.generation = 2024 AND q.contour IS NOT NULL ORDER BY q.code`,
	"indicateurs": `
		SELECT q.code, v.indicateur, v.valeur::float8, i.unite, v.millesime::bigint, v.source, v.secret
		FROM valeur_publiee v JOIN qpv q ON q.id = v.qpv_id JOIN indicateur i ON i.code = v.indicateur
		WHERE q.generation = 2024 AND v.trimestre IS NULL ORDER BY q.code, i.ordre, v.millesime`,
	"comparaisons": `
		SELECT t.niveau, t.code, t.nom, v.indicateur, v.valeur::float8, i.unite, v.millesime::bigint, v.source, v.secret
		FROM valeur_publiee v JOIN territoire t ON t.id = v.territoire_id JOIN indicateur i ON i.code = v.indicateur
		WHERE v.trimestre IS NULL ORDER BY t.niveau, t.code, i.ordre, v.millesime`,
	"chomage-zones-emploi": `
		SELECT t.code, t.nom, v.millesime || '-T' || v.trimestre, v.valeur::float8, v.secret
		FROM valeur_publiee v JOIN territoire t ON t.id = v.territoire_id
		WHERE v.indicateur = 'taux_chomage_localise' AND t.niveau = 'zone_emploi' AND v.trimestre IS NOT NULL ORDER BY t.code, v.millesime, v.trimestre`,
	"catalogue-indicateurs": `
		SELECT code, libelle, definition, thematique, unite, nature, sens, producteur, seuil_secret::bigint, licence, nullif(reserve, '')
		FROM indicateur WHERE publique ORDER BY ordre, code`,
	"communes": `
		SELECT c.code, c.nom, nullif(c.departement, ''), nullif(c.epci, ''), e.nom, nullif(array_to_string(c.codes_postaux, '|'), ''),
			c.superficie_km2::float8, c.lon, c.lat, nullif(c.zone_emploi, ''), c.contour::text
		FROM territoire c LEFT JOIN territoire e ON e.niveau = 'epci' AND e.code = c.epci
		WHERE c.niveau = 'commune' ORDER BY c.code`,
	"epci": `
		SELECT e.code, e.nom, nullif(e.nature, ''), nullif(e.departement, ''),
			(SELECT count(*) FROM territoire c WHERE c.niveau = 'commune' AND c.epci = e.code),
			(SELECT count(*) FROM qpv_epci qe JOIN qpv q ON q.id = qe.qpv_id WHERE qe.epci = e.code AND q.generation = 2024), e.contour::text
		FROM territoire e WHERE e.niveau = 'epci' ORDER BY e.code`,
	"contrats": `
		SELECT c.code, c.nom, c.departement, nullif(c.epci, ''), nullif(c.commune, ''), n.quartiers, n.population, c.lon, c.lat
		FROM contrat_anct c
		LEFT JOIN (SELECT x.contrat, count(*) AS quartiers, CASE WHEN count(*) = count(v.valeur) THEN sum(v.valeur)::bigint END AS population
			FROM ` + contratQuartier + ` x LEFT JOIN valeur_publiee v ON v.qpv_id = x.qpv AND v.indicateur = 'population_municipale'
				AND v.millesime = 2020 AND v.trimestre IS NULL
			GROUP BY x.contrat) n ON n.contrat = c.id
		ORDER BY c.code, c.nom, c.departement, c.epci, c.commune`,
	"france-services": `
		SELECT l.identifiant, l.nom, nullif(l.adresse, ''), nullif(l.complement, ''), nullif(l.code_postal, ''), l.commune, l.nom_commune, l.departement,
			nullif(l.format, ''), l.labellise_le, l.lon, l.lat,
			(SELECT string_agg(q.code, '|' ORDER BY q.code) FROM qpv_lieu ql JOIN qpv q ON q.id = ql.qpv_id WHERE ql.lieu_id = l.id AND ql.distance = 0)
		FROM lieu l WHERE l.sorte = 'france_services' ORDER BY length(l.identifiant), l.identifiant`,
	"correspondance-2015-2024": `
		SELECT a.code, a.nom, q.code, q.nom, ` + evolution + `
		FROM qpv_ancien a JOIN qpv q ON q.id = a.qpv_id ORDER BY a.code, q.code`,
	"contrats-publies": contratsPublies,
	"engagements":      engagementsPublies,
	"adultes-relais": `
		SELECT a.departement, o.nom, o.siret, nullif(a.quartiers, ''), count(*), count(*) FILTER (WHERE a.etat = 'pourvue'), count(*) FILTER (WHERE a.etat = 'vacante'),
			(sum(a.quotite) / 100)::float8, a.demonstration
		FROM (SELECT p.*, (SELECT coalesce(string_agg(q.code, '|' ORDER BY q.code), '') FROM qpv q WHERE q.id = ANY (p.qpv)) AS quartiers FROM adulte_relais_public p) a
		JOIN organisme o ON o.id = a.employeur_id
		GROUP BY a.departement, o.id, o.nom, o.siret, a.quartiers, a.demonstration ORDER BY a.departement, o.nom, a.quartiers, a.demonstration`,
	"reussite-educative": `
		SELECT nom, annee::bigint, coalesce(nullif(sexe, ''), 'ensemble'), coalesce(nullif(age, ''), 'ensemble'), coalesce(nullif(duree, ''), 'ensemble'),
			coalesce(nullif(sortie, ''), 'ensemble'), effectif::bigint, nullif(reserve, ''), demonstration, masque
		FROM pre_agregat_public ORDER BY nom, annee, sexe, age, duree, sortie`,
}

// provenances tell the lines of importation that each set was made from; a set without one is kept in the portal itself.
var provenances = map[string]string{
	"quartiers":                `sorte = 'qpv'`,
	"contours":                 `sorte = 'contours'`,
	"indicateurs":              `id IN (SELECT importation_id FROM valeur WHERE courante AND qpv_id IS NOT NULL)`,
	"comparaisons":             `id IN (SELECT importation_id FROM valeur WHERE courante AND territoire_id IS NOT NULL AND trimestre IS NULL)`,
	"chomage-zones-emploi":     `id IN (SELECT importation_id FROM valeur WHERE courante AND trimestre IS NOT NULL)`,
	"catalogue-indicateurs":    `false`,
	"communes":                 `sorte = 'territoires'`,
	"epci":                     `sorte = 'territoires'`,
	"contrats":                 `sorte = 'contrats'`,
	"france-services":          `sorte = 'lieux'`,
	"correspondance-2015-2024": `sorte = 'qpv'`,
	"contrats-publies":         `false`,
	"engagements":              `false`,
	"adultes-relais":           `false`,
	"reussite-educative":       `false`,
}

// ligne is a row of a set: its cells by column, and its contour as GeoJSON, empty when it has none.
type ligne struct {
	Cellules []any
	Contour  string
}

// Import is a file that a set was made from.
type Import struct {
	Fichier string
	SHA256  string
	Lignes  int
	FaiteLe time.Time
}

// contenu is all that is published of a set.
type contenu struct {
	Lignes   []ligne
	Imports  []Import
	Reserves []string // of the indicators, each once
}

// readContenu reads a set in one round trip. The national sets are a few megabytes: they are held while a page or a file is
// made, and the kept answer is compressed.
func readContenu(ctx context.Context, q pg.Q, j Jeu) (contenu, error) {
	var c contenu
	var b pgx.Batch
	b.Queue(selections[j.Code]).Query(func(rows pgx.Rows) (err error) {
		c.Lignes, err = j.collect(rows)
		return err
	})
	b.Queue(`
		SELECT DISTINCT ON (fichier) fichier, sha256, lignes, faite_le FROM importation
		WHERE ` + provenances[j.Code] + ` ORDER BY fichier, faite_le DESC`).Query(func(rows pgx.Rows) (err error) {
		c.Imports, err = pgx.CollectRows(rows, pgx.RowToStructByName[Import])
		return err
	})
	if j.reserves {
		b.Queue(`SELECT DISTINCT reserve FROM indicateur WHERE publique AND reserve <> '' ORDER BY reserve`).Query(func(rows pgx.Rows) (err error) {
			c.Reserves, err = pgx.CollectRows(rows, pgx.RowTo[string])
			return err
		})
	}
	if err := q.SendBatch(ctx, &b).Close(); err != nil {
		return c, fmt.Errorf("read data set %s: %w", j.Code, err)
	}
	return c, nil
}

// collect reads the rows of a set, puts the mark of secrecy where it belongs, and sets the contour apart.
func (j Jeu) collect(rows pgx.Rows) ([]ligne, error) {
	masked := -1
	for i, c := range j.Champs {
		if c.Nom == j.Masque {
			masked = i
		}
	}
	var list []ligne
	for rows.Next() {
		cells, err := rows.Values()
		if err != nil {
			return nil, err
		}
		n := len(j.Champs)
		l := ligne{Cellules: cells[:n:n]}
		if masked >= 0 {
			if hidden, _ := cells[n].(bool); hidden {
				l.Cellules[masked] = export.Secret{}
			}
		}
		if j.Geometrie {
			l.Contour, _ = cells[len(cells)-1].(string)
		}
		list = append(list, l)
	}
	return list, rows.Err()
}

// etat is what the list of sets says of one.
type etat struct {
	Lignes int64
	MajLe  *time.Time // last import of one of its files, or last change in the portal; nil: none
}

// readEtats counts the rows of every set and dates its last import, in one statement whatever their number.
func readEtats(ctx context.Context, q pg.Q) (map[string]etat, error) {
	var parts []string
	for _, j := range jeux {
		parts = append(parts, `SELECT '`+j.Code+`' AS code, (SELECT count(*) FROM (`+selections[j.Code]+`) AS jeu`+strconv.Itoa(len(parts))+`) AS lignes,
			`+majLe(j)+` AS maj_le`)
	}
	type row struct {
		Code   string
		Lignes int64
		MajLe  *time.Time
	}
	rows, err := pg.List[row](ctx, q, strings.Join(parts, "\nUNION ALL\n"))
	if err != nil {
		return nil, fmt.Errorf("count data sets: %w", err)
	}
	states := make(map[string]etat, len(rows))
	for _, r := range rows {
		states[r.Code] = etat{Lignes: r.Lignes, MajLe: r.MajLe}
	}
	return states, nil
}
