package qpv

import (
	"context"
	"fmt"
	"time"

	"portail/internal/chiffre"
	"portail/internal/pg"
)

// ficheRow is the identity of a quarter. Parallel lists (codes and names, labels and their dates) have the same order.
type ficheRow struct {
	Code, Nom        string
	Generation       int
	Departement      string
	Evolution        *string
	DelegueFonction  string
	Presentation     string
	Lon, Lat         float64
	SurfaceHa        *float64
	ContourMillesime string
	Trace            *string // on geo.GrilleFiche
	Cadre            []int
	MisAJourLe       time.Time
	Communes         []string // INSEE codes
	CommunesNoms     []string
	EPCI             []string // SIREN
	EPCINoms         []string
	Anciens          []string // codes of the quarters of 2015 that it follows
	AnciensNoms      []string
	Labels           []string
	LabelsDetails    []string
	LabelsSources    []string
	LabelsDu         []*time.Time
	LabelsAu         []*time.Time
	ContratCode      *string
	ContratNom       *string
	ContratQuartiers int // how many quarters of the same list the contract covers
	contratRow
	Dispositifs []dispositifFiche
}

const sqlFiche = `
SELECT q.code, q.nom, q.generation, q.departement, q.evolution, q.delegue_fonction, q.presentation, q.lon, q.lat,
	q.surface_ha::float8 AS surface_ha, q.contour_millesime, q.trace_fiche AS trace, q.cadre_fiche AS cadre,
	greatest(q.modifie_le, (SELECT max(m.faite_le) FROM mise_a_jour m WHERE m.qpv_id = q.id)) AS mis_a_jour_le,
	ARRAY(SELECT c.commune FROM qpv_commune c WHERE c.qpv_id = q.id ORDER BY c.rang, c.commune) AS communes,
	ARRAY(SELECT coalesce(t.nom, c.nom) FROM qpv_commune c LEFT JOIN territoire t ON t.niveau = 'commune' AND t.code = c.commune
		WHERE c.qpv_id = q.id ORDER BY c.rang, c.commune) AS communes_noms,
	ARRAY(SELECT e.epci FROM qpv_epci e WHERE e.qpv_id = q.id ORDER BY e.rang, e.epci) AS epci,
	ARRAY(SELECT e.nom FROM qpv_epci e WHERE e.qpv_id = q.id ORDER BY e.rang, e.epci) AS epci_noms,
	ARRAY(SELECT a.code FROM qpv_ancien a WHERE a.qpv_id = q.id ORDER BY a.code) AS anciens,
	ARRAY(SELECT a.nom FROM qpv_ancien a WHERE a.qpv_id = q.id ORDER BY a.code) AS anciens_noms,
	ARRAY(SELECT l.label FROM qpv_label l WHERE l.qpv_id = q.id ORDER BY l.label, l.id) AS labels,
	ARRAY(SELECT l.detail FROM qpv_label l WHERE l.qpv_id = q.id ORDER BY l.label, l.id) AS labels_details,
	ARRAY(SELECT l.source FROM qpv_label l WHERE l.qpv_id = q.id ORDER BY l.label, l.id) AS labels_sources,
	ARRAY(SELECT l.du FROM qpv_label l WHERE l.qpv_id = q.id ORDER BY l.label, l.id) AS labels_du,
	ARRAY(SELECT l.au FROM qpv_label l WHERE l.qpv_id = q.id ORDER BY l.label, l.id) AS labels_au,
	q.code_contrat AS contrat_code,
	(SELECT c.nom FROM contrat_anct c WHERE c.code = q.code_contrat AND c.departement = q.departement ORDER BY c.id LIMIT 1) AS contrat_nom,
	(SELECT count(*) FROM qpv o WHERE o.code_contrat = q.code_contrat AND o.generation = q.generation)::int AS contrat_quartiers,
	(SELECT coalesce(jsonb_agg(d ORDER BY d.rang, d.titre), '[]') FROM (
		SELECT 1 AS rang, p.nom AS titre, o.nom AS porteur, p.coordination_fonction AS detail, p.demonstration, 'programme-de-reussite-educative' AS code, 0 AS postes, 0 AS pourvus
		FROM pre_public p JOIN organisme o ON o.id = p.porteur_id WHERE q.id = ANY(p.qpv) AND p.debut <= current_date AND (p.fin IS NULL OR p.fin >= current_date)
		UNION ALL
		SELECT 2, o.nom, '', '', bool_or(a.demonstration), 'adultes-relais', count(*), count(*) FILTER (WHERE a.etat = 'pourvue')
		FROM adulte_relais_public a JOIN organisme o ON o.id = a.employeur_id WHERE q.id = ANY(a.qpv) GROUP BY o.id
		UNION ALL
		SELECT 3, r.intitule, o.nom, d.nom, r.demonstration, d.code, 0, 0
		FROM realisation_public r JOIN dispositif d ON d.id = r.dispositif_id AND d.publie JOIN organisme o ON o.id = r.porteur_id WHERE q.id = ANY(r.qpv) AND r.etat <> 'terminee'
	) d) AS dispositifs,
	` + colonnesContrat + `
FROM qpv q ` + depuisContrat + `
WHERE q.code = $1`

// endroitRow is a place that a quarter is set against: a wider territory, or another quarter of the same list and
// département, or the quarter itself.
type endroitRow struct {
	Niveau   string // chiffre.NiveauQPV or a code of lexique.Niveaux
	Code     string
	Nom      string
	Communes string  // of a quarter: their names, joined
	EPCI     string  // of a quarter: SIREN of the first
	Trace    *string // on geo.GrilleCarte
	Cadre    []int
}

// sqlEndroits are the territories around the quarter and the quarters of its département. Only what the small map of
// situation draws comes with its contour.
const sqlEndroits = `
WITH q AS (SELECT id, departement, generation FROM qpv WHERE code = $1),
communes AS (SELECT t.* FROM territoire t WHERE t.niveau = 'commune' AND t.code IN (SELECT c.commune FROM qpv_commune c JOIN q ON q.id = c.qpv_id)),
dep AS (SELECT t.* FROM territoire t JOIN q ON t.niveau = 'departement' AND t.code = q.departement)
SELECT niveau, code, nom, '' AS communes, '' AS epci, trace, cadre FROM communes
UNION ALL SELECT niveau, code, nom, '', '', trace, cadre FROM dep
UNION ALL SELECT niveau, code, nom, '', '', NULL, NULL FROM territoire WHERE niveau = 'epci' AND code IN (SELECT e.epci FROM qpv_epci e JOIN q ON q.id = e.qpv_id)
UNION ALL SELECT niveau, code, nom, '', '', NULL, NULL FROM territoire WHERE niveau = 'zone_emploi' AND code IN (SELECT zone_emploi FROM communes)
UNION ALL SELECT niveau, code, nom, '', '', NULL, NULL FROM territoire WHERE niveau = 'region' AND code IN (SELECT region FROM dep)
UNION ALL SELECT niveau, code, nom, '', '', NULL, NULL FROM territoire WHERE niveau = 'france'
UNION ALL SELECT 'qpv', v.code, v.nom,
	(SELECT coalesce(string_agg(coalesce(t.nom, c.nom), ', ' ORDER BY c.rang), '') FROM qpv_commune c LEFT JOIN territoire t ON t.niveau = 'commune' AND t.code = c.commune WHERE c.qpv_id = v.id),
	coalesce((SELECT e.epci FROM qpv_epci e WHERE e.qpv_id = v.id ORDER BY e.rang LIMIT 1), ''), v.trace_carte, v.cadre_carte
	FROM qpv v JOIN q ON v.departement = q.departement AND v.generation = q.generation
ORDER BY niveau, code`

// sqlFicheValeurs are the figures of the quarter, of the one of 2015 it follows, of the other quarters of its département,
// and of the territories around.
const sqlFicheValeurs = `
WITH q AS (SELECT id, departement, generation FROM qpv WHERE code = $1),
communes AS (SELECT t.id, t.zone_emploi FROM territoire t WHERE t.niveau = 'commune' AND t.code IN (SELECT c.commune FROM qpv_commune c JOIN q ON q.id = c.qpv_id)),
dep AS (SELECT t.id, t.region FROM territoire t JOIN q ON t.niveau = 'departement' AND t.code = q.departement),
autour AS (
	SELECT id FROM communes UNION SELECT id FROM dep
	UNION SELECT id FROM territoire WHERE niveau = 'epci' AND code IN (SELECT e.epci FROM qpv_epci e JOIN q ON q.id = e.qpv_id)
	UNION SELECT id FROM territoire WHERE niveau = 'zone_emploi' AND code IN (SELECT zone_emploi FROM communes)
	UNION SELECT id FROM territoire WHERE niveau = 'region' AND code IN (SELECT region FROM dep)
	UNION SELECT id FROM territoire WHERE niveau = 'france'),
quartiers AS (
	SELECT x.id, x.code FROM qpv x JOIN q ON x.departement = q.departement AND x.generation = q.generation
	UNION SELECT x.id, x.code FROM qpv x JOIN qpv_ancien a ON a.code = x.code JOIN q ON a.qpv_id = q.id)
SELECT v.indicateur, 'qpv' AS niveau, o.code, ` + chiffre.Colonnes + `
FROM valeur_publiee v JOIN quartiers o ON o.id = v.qpv_id
UNION ALL
SELECT v.indicateur, t.niveau, t.code, ` + chiffre.Colonnes + `
FROM valeur_publiee v JOIN territoire t ON t.id = v.territoire_id
WHERE v.territoire_id IN (SELECT id FROM autour)`

// lieuRow is a useful place near a quarter; Distance is in metres from its contour, 0 inside.
type lieuRow struct {
	Sorte, Nom, Adresse, Complement, CodePostal, Commune, Format string
	LabelliseLe                                                  *time.Time
	Distance                                                     int
}

const sqlLieux = `
SELECT l.sorte, l.nom, l.adresse, l.complement, l.code_postal, l.nom_commune AS commune, l.format, l.labellise_le, p.distance
FROM qpv_lieu p JOIN qpv q ON q.id = p.qpv_id JOIN lieu l ON l.id = p.lieu_id
WHERE q.code = $1 ORDER BY p.distance, l.nom, l.id LIMIT 8`

// majRow is something that changed on a quarter.
type majRow struct {
	Quoi, Detail string
	FaiteLe      time.Time
}

const sqlMisesAJour = `
SELECT m.quoi, m.detail, m.faite_le FROM mise_a_jour m JOIN qpv q ON q.id = m.qpv_id
WHERE q.code = $1 ORDER BY m.faite_le DESC, m.id DESC LIMIT 10`

// readFiche reads all that the fiche of a quarter shows, in one round trip; an unknown code is fault.NotFound.
func readFiche(ctx context.Context, q pg.Q, code string) (fiche, error) {
	var f fiche
	var b pg.Batch
	pg.AddOne(&b, &f.ficheRow, sqlFiche, code)
	addCatalogue(&b, &f.catalogue)
	pg.Add(&b, &f.endroits, sqlEndroits, code)
	pg.Add(&b, &f.lignes, sqlFicheValeurs, code)
	pg.Add(&b, &f.lieux, sqlLieux, code)
	pg.Add(&b, &f.misesAJour, sqlMisesAJour, code)
	if err := b.Run(ctx, q); err != nil {
		return f, fmt.Errorf("read fiche %s: %w", code, err)
	}
	f.chiffres = chiffre.Indexer(f.lignes, f.catalogue)
	return f, nil
}

// contourRow is the contour of a quarter with what names it.
type contourRow struct {
	Contour *string // GeoJSON geometry
}

// readContour reads the contour of a quarter, nil when none was loaded.
func readContour(ctx context.Context, q pg.Q, code string) (*string, error) {
	row, err := pg.One[contourRow](ctx, q, `SELECT contour::text AS contour FROM qpv WHERE code = $1`, code)
	if err != nil {
		return nil, fmt.Errorf("read contour of %s: %w", code, err)
	}
	return row.Contour, nil
}

// successeur is a quarter of 2024 that follows one of 2015.
type successeur struct{ Code, Nom, AncienNom, Communes string }

// listSuccesseurs are the quarters that follow a code of 2015, none when the code is unknown.
func listSuccesseurs(ctx context.Context, q pg.Q, ancien string) ([]successeur, error) {
	list, err := pg.List[successeur](ctx, q, `
SELECT q.code, q.nom, a.nom AS ancien_nom,
	(SELECT coalesce(string_agg(c.nom, ', ' ORDER BY c.rang), '') FROM qpv_commune c WHERE c.qpv_id = q.id) AS communes
FROM qpv_ancien a JOIN qpv q ON q.id = a.qpv_id WHERE a.code = $1 ORDER BY q.code`, ancien)
	if err != nil {
		return nil, fmt.Errorf("list followers of %s: %w", ancien, err)
	}
	return list, nil
}

// nomRow names a quarter.
type nomRow struct{ Code, Nom string }

func addNom(b *pg.Batch, into *nomRow, code string) {
	pg.AddOne(b, into, `SELECT code, nom FROM qpv WHERE code = $1`, code)
}
