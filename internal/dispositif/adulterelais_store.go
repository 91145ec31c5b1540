package dispositif

import (
	"context"
	"time"

	"portail/internal/fault"
	"portail/internal/pg"
)

// colonnesAR are those of AdulteRelais, from depuisAR.
const colonnesAR = `a.id, coalesce(a.numero, '') AS numero, a.employeur_id, organisme_nom_au(a.employeur_id, coalesce(a.signee_le, current_date)) AS employeur,
	a.categorie, a.departement, a.territoire_id, coalesce(t.nom, '') AS territoire,
	ARRAY(SELECT q.id FROM adulte_relais_qpv x JOIN qpv q ON q.id = x.qpv_id WHERE x.adulte_relais_id = a.id ORDER BY q.nom COLLATE "fr-x-icu", q.id) AS qpv,
	ARRAY(SELECT q.nom FROM adulte_relais_qpv x JOIN qpv q ON q.id = x.qpv_id WHERE x.adulte_relais_id = a.id ORDER BY q.nom COLLATE "fr-x-icu", q.id) AS qpv_noms,
	ARRAY(SELECT q.code FROM adulte_relais_qpv x JOIN qpv q ON q.id = x.qpv_id WHERE x.adulte_relais_id = a.id ORDER BY q.nom COLLATE "fr-x-icu", q.id) AS qpv_codes,
	a.missions, a.missions_texte, a.quotite::float8 AS quotite, a.debut, a.fin, a.etat, a.avis, a.avis_texte, a.avis_le, a.accordee_le, a.signee_le,
	a.close_le, a.motif, a.asp, a.precedente_id, coalesce(p.numero, '') AS precedente_numero,
	(SELECT n.id FROM adulte_relais n WHERE n.precedente_id = a.id AND n.etat <> 'refusee') AS suivante_id, a.demonstration, a.version`

const depuisAR = ` FROM adulte_relais a LEFT JOIN territoire t ON t.id = a.territoire_id LEFT JOIN adulte_relais p ON p.id = a.precedente_id `

// findAR reads a convention within the perimeter of whoever asks; fault.NotFound when there is none.
func findAR(ctx context.Context, q pg.Q, id int64) (AdulteRelais, error) {
	return pg.One[AdulteRelais](ctx, q, `SELECT `+colonnesAR+depuisAR+`WHERE a.id = $1`, id)
}

// lockAR is findAR for a change: nobody else changes the record before the transaction ends.
func lockAR(ctx context.Context, tx pg.Tx, id int64) (AdulteRelais, error) {
	return pg.One[AdulteRelais](ctx, tx, `SELECT `+colonnesAR+depuisAR+`WHERE a.id = $1 FOR UPDATE OF a`, id)
}

func insertAR(ctx context.Context, tx pg.Tx, c Convention, precedente *int64, cle string) (id int64, err error) {
	err = tx.QueryRow(ctx, `
		INSERT INTO adulte_relais (employeur_id, categorie, departement, territoire_id, missions, missions_texte, quotite, debut, fin, precedente_id, cle)
		VALUES ($1, $2, $3, nullif($4, 0), $5, $6, $7::numeric / 100, $8, $9, $10, nullif($11, '')::uuid) RETURNING id`,
		c.Employeur, c.Categorie, c.Departement, c.Territoire, c.Missions, c.MissionsTexte, c.Quotite, c.Debut, c.Fin, precedente, cle).Scan(&id)
	if err != nil {
		return 0, refusAR(err)
	}
	return id, replaceARQPV(ctx, tx, id, c.QPV)
}

// updateConvention writes what was typed over the locked version: the request is judged anew.
func updateConvention(ctx context.Context, tx pg.Tx, a AdulteRelais, c Convention) error {
	err := pg.Change(ctx, tx, `
		UPDATE adulte_relais SET employeur_id = $3, categorie = $4, departement = $5, territoire_id = nullif($6, 0), missions = $7, missions_texte = $8,
			quotite = $9::numeric / 100, debut = $10, fin = $11, etat = 'demande', avis = NULL, avis_texte = '', avis_le = NULL, version = version + 1
		WHERE id = $1 AND version = $2`,
		a.ID, a.Version, c.Employeur, c.Categorie, c.Departement, c.Territoire, c.Missions, c.MissionsTexte, c.Quotite, c.Debut, c.Fin)
	if err != nil {
		return refusAR(err)
	}
	return replaceARQPV(ctx, tx, a.ID, c.QPV)
}

func replaceARQPV(ctx context.Context, tx pg.Tx, id int64, qpv []int32) error {
	if _, err := tx.Exec(ctx, `DELETE FROM adulte_relais_qpv WHERE adulte_relais_id = $1 AND qpv_id <> ALL($2)`, id, qpv); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `INSERT INTO adulte_relais_qpv (adulte_relais_id, qpv_id) SELECT $1, unnest($2::integer[]) ON CONFLICT DO NOTHING`, id, qpv)
	return refusAR(err)
}

// updateEtat writes the state of the locked version with what the act brings.
func updateEtat(ctx context.Context, tx pg.Tx, a AdulteRelais) error {
	return refusAR(pg.Change(ctx, tx, `
		UPDATE adulte_relais SET etat = $3, avis = $4, avis_texte = $5, avis_le = $6, accordee_le = $7, signee_le = $8, numero = nullif($9, ''), asp = $10,
			close_le = $11, motif = $12, missions_texte = $13, version = version + 1
		WHERE id = $1 AND version = $2`,
		a.ID, a.Version, a.Etat, a.Avis, a.AvisTexte, a.AvisLe, a.AccordeeLe, a.SigneeLe, a.Numero, a.Asp, a.CloseLe, a.Motif, a.MissionsTexte))
}

const selectOccupations = `
	SELECT o.id, o.debut, o.fin, o.conditions_le, (SELECT f.role FROM fonction f WHERE f.compte_id = o.conditions_par ORDER BY f.fin DESC NULLS FIRST, f.id DESC LIMIT 1) AS conditions_par
	FROM adulte_relais_occupation o WHERE o.adulte_relais_id = $1 ORDER BY o.debut DESC`

func listOccupations(ctx context.Context, q pg.Q, id int64) ([]Occupation, error) {
	return pg.List[Occupation](ctx, q, selectOccupations, id)
}

func insertOccupation(ctx context.Context, tx pg.Tx, id int64, o Occupation, par int64) error {
	_, err := tx.Exec(ctx, `INSERT INTO adulte_relais_occupation (adulte_relais_id, debut, fin, conditions_le, conditions_par) VALUES ($1, $2, $3, $4, nullif($5, 0))`,
		id, o.Debut, o.Fin, o.ConditionsLe, par)
	return refusAR(err)
}

// endOccupation ends the occupation under way, if there is one.
func endOccupation(ctx context.Context, tx pg.Tx, id int64, fin time.Time) error {
	_, err := tx.Exec(ctx, `UPDATE adulte_relais_occupation SET fin = $2 WHERE adulte_relais_id = $1 AND fin IS NULL`, id, fin)
	return refusAR(err)
}

const selectDerogations = `
	SELECT d.regle, d.motif, d.le, (SELECT f.role FROM fonction f WHERE f.compte_id = d.par ORDER BY f.fin DESC NULLS FIRST, f.id DESC LIMIT 1) AS par
	FROM adulte_relais_derogation d WHERE d.adulte_relais_id = $1 ORDER BY d.le, d.regle`

func listDerogations(ctx context.Context, q pg.Q, id int64) ([]Derogation, error) {
	return pg.List[Derogation](ctx, q, selectDerogations, id)
}

func insertDerogation(ctx context.Context, tx pg.Tx, id int64, d Derogation, par int64) error {
	_, err := tx.Exec(ctx, `INSERT INTO adulte_relais_derogation (adulte_relais_id, regle, motif, le, par) VALUES ($1, $2, $3, $4, $5)`, id, d.Regle, d.Motif, d.Le, par)
	return refusAR(err)
}

// trimestre is a quarter during which a post was occupied, named by its first day.
type trimestre struct {
	Trimestre time.Time
	RecueLe   *time.Time // when its supporting papers came
	Ecoule    bool       // over: its papers are due
}

const selectTrimestres = `
	SELECT t.trimestre::date AS trimestre, p.recue_le, t.trimestre + interval '3 months' <= current_date AS ecoule
	FROM (SELECT DISTINCT generate_series(date_trunc('quarter', o.debut::timestamp),
	             date_trunc('quarter', least(coalesce(o.fin, current_date), current_date)::timestamp), interval '3 months') AS trimestre
	      FROM adulte_relais_occupation o WHERE o.adulte_relais_id = $1
	      UNION SELECT trimestre::timestamp FROM adulte_relais_piece WHERE adulte_relais_id = $1) t
	LEFT JOIN adulte_relais_piece p ON p.adulte_relais_id = $1 AND p.trimestre = t.trimestre::date ORDER BY t.trimestre`

func listTrimestres(ctx context.Context, q pg.Q, id int64) ([]trimestre, error) {
	return pg.List[trimestre](ctx, q, selectTrimestres, id)
}

// replacePieces writes which quarters' papers came; those that came before keep their day.
func replacePieces(ctx context.Context, tx pg.Tx, id int64, trimestres []time.Time) error {
	if _, err := tx.Exec(ctx, `DELETE FROM adulte_relais_piece WHERE adulte_relais_id = $1 AND trimestre <> ALL($2)`, id, trimestres); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `INSERT INTO adulte_relais_piece (adulte_relais_id, trimestre, recue_le) SELECT $1, unnest($2::date[]), current_date ON CONFLICT DO NOTHING`, id, trimestres)
	return err
}

// aide is the aid of one year.
type aide struct {
	Annee            int16
	Jours            int64
	JoursSansMontant int64    // whose annual amount is not known
	Euros            *float64 // of the occupation up to today; nil when it was not occupied
	Prevue           *float64 // if the post is occupied for the whole convention
}

const selectAides = `
	SELECT annee, coalesce(sum(jours) FILTER (WHERE occupe), 0)::bigint AS jours, sum(jours_sans_montant)::bigint AS jours_sans_montant,
	       (sum(euros) FILTER (WHERE occupe))::float8 AS euros, (sum(euros) FILTER (WHERE NOT occupe))::float8 AS prevue
	FROM (SELECT true AS occupe, x.* FROM adulte_relais a JOIN adulte_relais_occupation o ON o.adulte_relais_id = a.id,
	             adulte_relais_aide(o.debut, least(coalesce(o.fin, current_date), a.fin, current_date), a.quotite) x WHERE a.id = $1
	      UNION ALL
	      SELECT false, x.annee, x.jours, 0, x.euros FROM adulte_relais a, adulte_relais_aide(a.debut, a.fin, a.quotite) x WHERE a.id = $1) y
	GROUP BY annee ORDER BY annee`

// quota is how many posts a département may have in a year, and how many it has on a day.
type quota struct {
	Quota   *int64 // nil: not entered
	Occupes int64
}

// lockQuota reads the quota for a new post that starts on a day; two posts granted at once wait for each other.
func lockQuota(ctx context.Context, tx pg.Tx, departement string, debut time.Time) (quota, error) {
	if _, err := tx.Exec(ctx, `SELECT pg_advisory_xact_lock(hashtextextended('adulte_relais_quota ' || $1, 0))`, departement); err != nil {
		return quota{}, err
	}
	return pg.One[quota](ctx, tx, `
		SELECT (SELECT postes::bigint FROM adulte_relais_quota WHERE departement = $1 AND annee = extract(year FROM $2::date)) AS quota,
		       adulte_relais_postes($1, $2) AS occupes`, departement, debut)
}

// refusAR turns what the database refuses into the fault of a field.
func refusAR(err error) error {
	for name, f := range refusalsAR {
		if pg.Violates(err, name) {
			return f
		}
	}
	return err
}

var refusalsAR = map[string]fault.Fields{
	"adulte_relais_numero_unique":                {"numero": "Une autre convention porte déjà ce numéro."},
	"adulte_relais_employeur_id_fkey":            {"employeur": "Choisissez l’employeur dans la liste."},
	"adulte_relais_territoire_id_fkey":           {"territoire": "Choisissez le territoire dans la liste."},
	"adulte_relais_qpv_qpv_id_fkey":              {"qpv": "Choisissez les quartiers dans la liste."},
	"adulte_relais_departement":                  {"departement": "Indiquez le code du département, par exemple 88."},
	"adulte_relais_mi_temps":                     {"quotite": "Le poste est au moins à mi-temps" + loi("D. 5134-145 et suivants")},
	"adulte_relais_renouvelee_une_fois":          {"": "Cette convention est déjà renouvelée."},
	"adulte_relais_derogation_pkey":              {"regle": "Cette dérogation est déjà accordée."},
	"adulte_relais_occupation_sans_recouvrement": {"debut": "Le poste est déjà occupé à cette date\u00a0: deux occupations d’un même poste ne se recouvrent pas."},
	"adulte_relais_occupation_apres_signature":   {"debut": "L’embauche ne peut pas précéder la signature de la convention" + loi("D. 5134-152")},
	"adulte_relais_occupation_pendant":           {"debut": "L’occupation tombe en dehors des dates de la convention."},
	"adulte_relais_occupation_conditions":        {"conditions_le": "Les conditions se vérifient au plus tard le jour de l’embauche" + loi("L. 5134-102")},
	"adulte_relais_occupation_dates":             {"fin": "La fin vient avant le début."},
}

// findEmployeur reads what the rules ask of an employer.
func findEmployeur(ctx context.Context, q pg.Q, id int64) (employeur, error) {
	e, err := pg.List[employeur](ctx, q, `SELECT id, nom, nature, ferme_le IS NOT NULL AS ferme FROM organisme WHERE id = $1`, id)
	if err == nil && len(e) == 0 {
		return employeur{}, refusalsAR["adulte_relais_employeur_id_fkey"]
	}
	if err != nil {
		return employeur{}, err
	}
	return e[0], nil
}

// destinataire is an account that is written to.
type destinataire struct {
	Compte   int64
	Courriel string
}

// listInstructeurs are those who instruct a request: the chargés de mission, and the délégués whose lettre de mission covers one of its
// quarters; all of them when it names none.
func listInstructeurs(ctx context.Context, q pg.Q, id int64) ([]destinataire, error) {
	return pg.List[destinataire](ctx, q, `
		SELECT DISTINCT c.id AS compte, c.courriel FROM fonction f JOIN compte c ON c.id = f.compte_id AND c.desactive_le IS NULL
		WHERE f.fin IS NULL AND (f.role = 'gestionnaire' OR f.role = 'delegue' AND (
			NOT EXISTS (SELECT FROM adulte_relais_qpv x WHERE x.adulte_relais_id = $1)
			OR EXISTS (SELECT FROM adulte_relais_qpv x JOIN fonction_qpv l ON l.qpv_id = x.qpv_id WHERE x.adulte_relais_id = $1 AND l.fonction_id = f.id)))
		ORDER BY c.courriel`, id)
}

// listReferents are the référents of an organisation.
func listReferents(ctx context.Context, q pg.Q, organisme int64) ([]destinataire, error) {
	return pg.List[destinataire](ctx, q, `
		SELECT DISTINCT c.id AS compte, c.courriel FROM fonction f JOIN compte c ON c.id = f.compte_id AND c.desactive_le IS NULL
		WHERE f.fin IS NULL AND f.role = 'referent' AND f.organisme_id = $1 ORDER BY c.courriel`, organisme)
}

// addFicheAR queues what a record shows.
func addFicheAR(b *pg.Batch, v *ficheAR, id int64) {
	pg.AddOne(b, &v.AdulteRelais, `SELECT `+colonnesAR+depuisAR+`WHERE a.id = $1`, id)
	pg.Add(b, &v.Occupations, selectOccupations, id)
	pg.Add(b, &v.Derogations, selectDerogations, id)
	pg.Add(b, &v.Trimestres, selectTrimestres, id)
	pg.Add(b, &v.Aides, selectAides, id)
}
