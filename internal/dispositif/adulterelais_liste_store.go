package dispositif

import (
	"strconv"
	"strings"

	"portail/internal/lexique"
	"portail/internal/pg"
)

// expressionsAR are what each column sorts on.
var expressionsAR = map[string]string{
	"numero": `a.numero`, "employeur": `o.nom COLLATE "fr-x-icu"`, "fin": `a.fin`, "quotite": `a.quotite`,
	"etat": `array_position(ARRAY['` + strings.Join(codes(lexique.EtatsAdulteRelais), `','`) + `'], a.etat)`,
}

func codes(mots []lexique.Mot) []string {
	all := make([]string, len(mots))
	for i, m := range mots {
		all[i] = m.Code
	}
	return all
}

// conditionsAR gathers what the filters ask and its parameters.
type conditionsAR struct {
	where []string
	args  []any
}

func (c *conditionsAR) add(condition string, value any) {
	c.args = append(c.args, value)
	c.where = append(c.where, strings.ReplaceAll(condition, "$?", "$"+strconv.Itoa(len(c.args))))
}

// whereAR is the condition that the filters put on a convention a of the employer o.
func whereAR(f filtresAR) conditionsAR {
	c := conditionsAR{where: []string{"true"}}
	switch f.Etat {
	case etatTous:
	case etatSignees:
		c.where = append(c.where, "a.signee_le IS NOT NULL")
	case etatEnCours:
		c.where = append(c.where, "a.etat NOT IN ('terminee', 'resiliee', 'refusee')")
	default:
		c.add("a.etat = $?", f.Etat)
	}
	if f.Q != "" {
		c.add(`(o.recherche LIKE (SELECT sans_accent($?)) OR a.recherche LIKE (SELECT sans_accent($?)))`, pg.Contient(f.Q))
	}
	if f.Employeur != 0 {
		c.add("a.employeur_id = $?", f.Employeur)
	}
	if f.Categorie != "" {
		c.add("a.categorie = $?", f.Categorie)
	}
	if f.QPV != "" {
		c.add("EXISTS (SELECT FROM adulte_relais_qpv x JOIN qpv q ON q.id = x.qpv_id WHERE x.adulte_relais_id = a.id AND q.code = $?)", f.QPV)
	}
	if !f.Fin.IsZero() {
		c.add("a.fin < $?", f.Fin)
	}
	if f.Annee != 0 {
		c.add("$? BETWEEN extract(year FROM a.debut) AND extract(year FROM coalesce(a.close_le, a.fin))", f.Annee)
	}
	return c
}

// addListeAR queues n conventions of the list, from the given one; n of 0 is all of them.
func addListeAR(b *pg.Batch, into *[]ligneAR, f filtresAR, from, n int) {
	c := whereAR(f)
	order := expressionsAR[f.Tri]
	if f.Descendant {
		order += " DESC"
	}
	found := `FROM adulte_relais a LEFT JOIN organisme o ON o.id = a.employeur_id WHERE ` + strings.Join(c.where, " AND ")
	order += ` NULLS LAST, a.fin, a.id`
	pg.Add(b, into, `
		WITH page AS (SELECT a.id `+found+` ORDER BY `+order+` `+pg.Page(from, n)+`)
		SELECT a.id, coalesce(a.numero, '') AS numero, a.employeur_id, o.nom AS employeur, a.categorie,
			coalesce(nullif(ARRAY(SELECT q.nom FROM adulte_relais_qpv x JOIN qpv q ON q.id = x.qpv_id WHERE x.adulte_relais_id = a.id ORDER BY q.nom COLLATE "fr-x-icu"), '{}'),
			         ARRAY(SELECT t.nom FROM territoire t WHERE t.id = a.territoire_id)) AS lieux,
			a.missions, a.quotite::float8 AS quotite, a.debut, a.fin, a.signee_le, a.etat, adulte_relais_vacant_depuis(a) AS vacant_depuis,
			(SELECT count(*) FROM adulte_relais_piece_manquante m WHERE m.adulte_relais_id = a.id) AS manquants, a.asp, a.demonstration, ici.total, ici.etp
		FROM page JOIN adulte_relais a ON a.id = page.id JOIN organisme o ON o.id = a.employeur_id,
			(SELECT count(*) AS total, (sum(a.quotite) / 100)::float8 AS etp `+found+`) ici
		ORDER BY `+order, c.args...)
}

// addFiltresAR queues what the list can be filtered by, and what whoever asks may do there.
func addFiltresAR(b *pg.Batch, l *listeAR) {
	pg.Add(b, &l.Employeurs, `SELECT o.id, o.nom FROM organisme o WHERE EXISTS (SELECT FROM adulte_relais a WHERE a.employeur_id = o.id) ORDER BY o.nom COLLATE "fr-x-icu", o.id`)
	pg.Add(b, &l.Quartiers, `SELECT q.code, q.nom FROM qpv q WHERE EXISTS (SELECT FROM adulte_relais_qpv x WHERE x.qpv_id = q.id) ORDER BY q.nom COLLATE "fr-x-icu", q.id`)
	pg.AddOne(b, &l.Ici, `SELECT ARRAY(SELECT DISTINCT y::bigint FROM (
			SELECT DISTINCT extract(year FROM a.debut)::integer AS de, extract(year FROM coalesce(a.close_le, a.fin))::integer AS a FROM adulte_relais a) p, generate_series(p.de, p.a) y
			ORDER BY 1 DESC) AS annees,
		coalesce((SELECT nature FROM organisme WHERE id = moi_organisme() AND ferme_le IS NULL), '') AS nature`)
}
