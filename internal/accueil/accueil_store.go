package accueil

import (
	"context"
	"fmt"
	"time"

	"portail/internal/cartographie"
	"portail/internal/lien"
	"portail/internal/pg"
)

// tableau is what the home page shows.
type tableau struct {
	Departement Departement
	Carte       cartographie.Donnees
	Communes    []Commune
	Contrats    []Contrat
	MisesAJour  []MiseAJour
}

// lignesMisesAJour is how many changes the home page tells.
const lignesMisesAJour = 8

// readTableau reads the home page of a département in one round trip.
func readTableau(ctx context.Context, q pg.Q, departement string) (tableau, error) {
	var t tableau
	var b pg.Batch
	pg.AddOne(&b, &t.Departement, `
		SELECT coalesce(max(t.nom), $1) AS nom, max(v.valeur)::float8 AS population, max(v.millesime) AS millesime,
			coalesce(max(v.source), '') AS source, coalesce(max(i.reserve), '') AS reserve
		FROM (SELECT 1) toujours
		LEFT JOIN territoire t ON t.niveau = 'departement' AND t.code = $1
		LEFT JOIN LATERAL (SELECT valeur, millesime, source FROM valeur_publiee
			WHERE territoire_id = t.id AND indicateur = 'population_municipale' ORDER BY millesime DESC NULLS LAST LIMIT 1) v ON true
		LEFT JOIN indicateur i ON i.code = 'population_municipale'`, departement)
	cartographie.Add(&b, departement, &t.Carte)
	pg.Add(&b, &t.Communes, `
		SELECT c.commune AS code, coalesce(max(t.nom), max(c.nom)) AS nom, count(*) AS quartiers,
			CASE WHEN count(*) = 1 THEN max(q.code) ELSE '' END AS seul
		FROM qpv q JOIN qpv_commune c ON c.qpv_id = q.id
		LEFT JOIN territoire t ON t.niveau = 'commune' AND t.code = c.commune
		WHERE q.departement = $1 AND q.generation = 2024
		GROUP BY c.commune ORDER BY coalesce(max(t.nom), max(c.nom)) COLLATE "fr-x-icu", c.commune`, departement)
	// A quarter that names no contract belongs to the one of its EPCI, or of its commune, in its département.
	pg.Add(&b, &t.Contrats, `
		SELECT c.code, c.nom, coalesce(max(t.nom), '') AS territoire, count(q.id) AS quartiers,
			CASE WHEN count(q.id) = count(v.valeur) AND min(v.millesime) = max(v.millesime) THEN sum(v.valeur)::float8 END AS population,
			max(v.millesime) AS millesime,
			(SELECT k.id FROM contrat k JOIN territoire e ON e.id = k.epci_id WHERE e.code = c.epci AND k.generation = c.generation
				AND EXISTS (SELECT FROM contrat_version p WHERE p.contrat_id = k.id AND p.publiee_le IS NOT NULL) ORDER BY k.id DESC LIMIT 1) AS publie
		FROM contrat_anct c
		LEFT JOIN territoire t ON (t.niveau = 'epci' AND t.code = c.epci) OR (t.niveau = 'commune' AND c.epci = '' AND t.code = c.commune)
		LEFT JOIN qpv q ON q.generation = 2024 AND q.departement = c.departement AND (q.code_contrat = c.code OR q.code_contrat IS NULL
			AND (EXISTS (SELECT FROM qpv_epci e WHERE e.qpv_id = q.id AND e.epci = c.epci)
				OR c.epci = '' AND EXISTS (SELECT FROM qpv_commune m WHERE m.qpv_id = q.id AND m.commune = c.commune)))
		LEFT JOIN LATERAL (SELECT valeur, millesime FROM valeur_publiee
			WHERE qpv_id = q.id AND indicateur = 'population_municipale' ORDER BY millesime DESC NULLS LAST LIMIT 1) v ON true
		WHERE c.departement = $1 AND c.generation = 2024
		GROUP BY c.id ORDER BY c.code, c.nom COLLATE "fr-x-icu"`, departement)
	pg.Add(&b, &t.MisesAJour, `
		SELECT (m.faite_le AT TIME ZONE 'Europe/Paris')::date AS jour, m.quoi, count(DISTINCT q.id) AS quartiers,
			CASE WHEN count(DISTINCT q.id) = 1 THEN max(q.code) ELSE '' END AS code, coalesce(max(q.nom), '') AS nom
		FROM mise_a_jour m LEFT JOIN qpv q ON q.id = m.qpv_id
		WHERE m.qpv_id IS NULL OR q.departement = $1
		GROUP BY 1, 2 ORDER BY 1 DESC, count(DISTINCT q.id) DESC, 2 LIMIT $2`, departement, lignesMisesAJour)
	if err := b.Run(ctx, q); err != nil {
		return t, fmt.Errorf("read home page of %s: %w", departement, err)
	}
	return t, nil
}

// repere is a quarter in the plan of the site.
type repere struct {
	Code, Nom string
	ModifieLe time.Time
}

// listReperes lists the quarters of a département, or all of them when it is empty: both generations, since each has a page.
func listReperes(ctx context.Context, q pg.Q, departement string) ([]repere, error) {
	found, err := pg.List[repere](ctx, q, `
		SELECT code, nom, modifie_le FROM qpv WHERE generation = 2024 AND ($1 = '' OR departement = $1) ORDER BY code`, departement)
	if err != nil {
		return nil, fmt.Errorf("list quarters for the plan: %w", err)
	}
	return found, nil
}

// publie is a page that agents published: a contract, a dispositif or an extract of minutes.
type publie struct {
	Sorte, Code, Titre string
	ID                 int64
	PublieLe           *time.Time // unknown for a dispositif
}

// Adresse is where it is read.
func (p publie) Adresse() string {
	switch p.Sorte {
	case "contrat":
		return lien.ContratPublic(p.ID)
	case "dispositif":
		return lien.Dispositif(p.Code)
	}
	return lien.Extrait(p.ID)
}

// listPublies lists what agents published, kind by kind.
func listPublies(ctx context.Context, q pg.Q) ([]publie, error) {
	found, err := pg.List[publie](ctx, q, `
		SELECT sorte, code, titre, id, publie_le FROM (
			SELECT 1 AS rang, 'contrat' AS sorte, '' AS code, (array_agg(titre ORDER BY numero DESC))[1] AS titre, contrat_id AS id, max(publiee_le) AS publie_le
			FROM contrat_version WHERE publiee_le IS NOT NULL GROUP BY contrat_id
			UNION ALL
			SELECT 2, 'dispositif', code, nom, id, NULL FROM dispositif WHERE publie AND ferme_le IS NULL
			UNION ALL
			SELECT 3, 'extrait', '', titre, id, publie_le FROM extrait WHERE retire_le IS NULL
		) p ORDER BY rang, titre COLLATE "fr-x-icu", id`)
	if err != nil {
		return nil, fmt.Errorf("list what is published for the plan: %w", err)
	}
	return found, nil
}
