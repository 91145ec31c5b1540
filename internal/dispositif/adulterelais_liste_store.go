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
		c.add(`(o.recherche LIKE '%' || sans_accent(`+echappe+`) || '%' OR a.numero ILIKE '%' || `+echappe+` || '%' OR a.asp ILIKE '%' || `+echappe+` || '%')`, f.Q)
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

// echappe is the parameter with what LIKE would take for any text.
const echappe = `regexp_replace($?, '([%_\\])', '\\\1', 'g')`

// addListeAR queues n conventions of the list, from the given one; n of 0 is all of them.
func addListeAR(b *pg.Batch, into *[]ligneAR, f filtresAR, from, n int) {
	c := whereAR(f)
	order := expressionsAR[f.Tri]
	if f.Descendant {
		order += " DESC"
	}
	c.args = append(c.args, from, n)
	last := len(c.args)
	pg.Add(b, into, `
		WITH page AS (
			SELECT a.*, o.nom AS employeur, count(*) OVER () AS total, (sum(a.quotite) OVER () / 100)::float8 AS etp, row_number() OVER (ORDER BY `+order+` NULLS LAST, a.fin, a.id) AS rang
			FROM adulte_relais a JOIN organisme o ON o.id = a.employeur_id WHERE `+strings.Join(c.where, " AND ")+`
			ORDER BY rang OFFSET $`+strconv.Itoa(last-1)+` LIMIT nullif($`+strconv.Itoa(last)+`::bigint, 0))
		SELECT p.id, coalesce(p.numero, '') AS numero, p.employeur_id, p.employeur, p.categorie,
			coalesce(nullif(ARRAY(SELECT q.nom FROM adulte_relais_qpv x JOIN qpv q ON q.id = x.qpv_id WHERE x.adulte_relais_id = p.id ORDER BY q.nom COLLATE "fr-x-icu"), '{}'),
			         ARRAY(SELECT t.nom FROM territoire t WHERE t.id = p.territoire_id)) AS lieux,
			p.missions, p.quotite::float8 AS quotite, p.debut, p.fin, p.signee_le, p.etat, adulte_relais_vacant_depuis(a) AS vacant_depuis,
			(SELECT count(*) FROM adulte_relais_piece_manquante m WHERE m.adulte_relais_id = p.id) AS manquants, p.asp, p.demonstration, p.total, p.etp
		FROM page p JOIN adulte_relais a ON a.id = p.id ORDER BY p.rang`, c.args...)
}

// addFiltresAR queues what the list can be filtered by, and what whoever asks may do there.
func addFiltresAR(b *pg.Batch, l *listeAR) {
	pg.Add(b, &l.Employeurs, `SELECT o.id, o.nom FROM organisme o WHERE EXISTS (SELECT FROM adulte_relais a WHERE a.employeur_id = o.id) ORDER BY o.nom COLLATE "fr-x-icu", o.id`)
	pg.Add(b, &l.Quartiers, `SELECT q.code, q.nom FROM qpv q WHERE EXISTS (SELECT FROM adulte_relais_qpv x WHERE x.qpv_id = q.id) ORDER BY q.nom COLLATE "fr-x-icu", q.id`)
	pg.AddOne(b, &l.Ici, `SELECT ARRAY(SELECT DISTINCT y::bigint FROM adulte_relais a, generate_series(extract(year FROM a.debut)::integer, extract(year FROM coalesce(a.close_le, a.fin))::integer) y
			ORDER BY 1 DESC) AS annees,
		coalesce((SELECT nature FROM organisme WHERE id = moi_organisme() AND ferme_le IS NULL), '') AS nature`)
}
