package echeance

import (
	"strconv"
	"strings"

	"portail/internal/droits"
	"portail/internal/pg"
)

// expressions are what each column sorts on.
var expressions = map[string]string{
	"le": "e.le", "sorte": "e.sorte", "organisme": `coalesce(nullif(o.sigle, ''), o.nom) COLLATE "fr-x-icu"`, "objet": `e.libelle COLLATE "fr-x-icu"`,
}

// where is the condition that the filters put on e, with the parameters that it needs.
func (f Filtres) where(par droits.Compte) (condition string, args []any) {
	conditions := []string{"true"}
	arg := func(v any) string {
		args = append(args, v)
		return "$" + strconv.Itoa(len(args))
	}
	switch f.Periode {
	case "":
		conditions = append(conditions, "e.le <= current_date + 90")
	case periodeRetard:
		conditions = append(conditions, "e.le < current_date")
	case periodeAuDela:
		conditions = append(conditions, "e.le > current_date + 90")
	case periodeToutes:
	default: // a number of days, among periodes
		conditions = append(conditions, "e.le BETWEEN current_date AND current_date + "+arg(f.Periode)+"::text::integer")
	}
	if f.Sorte != "" {
		conditions = append(conditions, "e.sorte = "+arg(f.Sorte))
	}
	if id := f.organismeID; id != 0 {
		conditions = append(conditions, "e.organisme_id = "+arg(id))
	} else if f.Organisme == organismePrefecture {
		conditions = append(conditions, "e.organisme_id IS NULL")
	}
	switch f.QPV {
	case "":
	case qpvMiens:
		conditions = append(conditions, "e.qpv_id = ANY ("+arg(par.QPV)+")")
	default:
		conditions = append(conditions, "q.code = "+arg(f.QPV))
	}
	return strings.Join(conditions, " AND "), args
}

// colonnes are those of ligne; "depuis" is where they come from.
const (
	colonnes = `e.sorte, e.le, e.objet, e.objet_id, e.libelle, e.organisme_id, coalesce(nullif(o.sigle, ''), o.nom, '') AS organisme,
		coalesce(q.code, '') AS qpv_code, coalesce(q.nom, '') AS qpv_nom, count(*) OVER () AS total`
	depuis = ` FROM echeance e LEFT JOIN organisme o ON o.id = e.organisme_id LEFT JOIN qpv q ON q.id = e.qpv_id `
)

// addListe queues n échéances of the list, from the given one; n of 0 is all of them.
func addListe(b *pg.Batch, into *[]ligne, par droits.Compte, f Filtres, from, n int) {
	condition, args := f.where(par)
	by := expressions[f.Tri]
	if f.Descendant {
		by += " DESC"
	}
	last := len(args)
	pg.Add(b, into, `SELECT `+colonnes+depuis+`WHERE `+condition+` ORDER BY `+by+` NULLS FIRST, e.le, e.sorte, e.libelle, e.objet_id, e.organisme_id
		OFFSET $`+strconv.Itoa(last+1)+` LIMIT nullif($`+strconv.Itoa(last+2)+`::bigint, 0)`, append(args, from, n)...)
}

// addComptes queues how many échéances of each kind there are.
func addComptes(b *pg.Batch, into *[]compte) {
	pg.Add(b, into, `SELECT sorte, count(*) FILTER (WHERE le < current_date) AS retard, count(*) FILTER (WHERE le BETWEEN current_date AND current_date + 30) AS sous30,
			count(*) FILTER (WHERE le BETWEEN current_date AND current_date + 60) AS sous60, count(*) FILTER (WHERE le BETWEEN current_date AND current_date + 90) AS sous90,
			count(*) FILTER (WHERE le > current_date + 90) AS au_dela
		FROM echeance GROUP BY sorte ORDER BY sorte`)
}

// addChoix queues the organisations and the quarters that have échéances.
func addChoix(b *pg.Batch, into *[]choix) {
	pg.Add(b, into, `SELECT genre, code, libelle FROM (
			SELECT DISTINCT 'organisme' AS genre, o.id::text AS code, o.nom || CASE o.sigle WHEN '' THEN '' ELSE ' (' || o.sigle || ')' END AS libelle
			FROM echeance e JOIN organisme o ON o.id = e.organisme_id
			UNION ALL
			SELECT DISTINCT 'qpv', q.code, q.nom FROM echeance e JOIN qpv q ON q.id = e.qpv_id) c
		ORDER BY genre, libelle COLLATE "fr-x-icu"`)
}
