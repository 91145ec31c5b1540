package dispositif

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"portail/internal/pg"
	"portail/internal/tableur"
	"portail/web/typo"
)

// renvois are what the cells of a spreadsheet may refer to, by every name that people write.
type renvois struct {
	employeurs                map[int64]employeur
	organismes, qpv, communes map[string][]int64 // folded name → ids
	nomsQPV, nomsTerritoire   map[int64]string
}

// readRenvois reads the open organisations, the quarters and the places of a département.
func readRenvois(ctx context.Context, q pg.Q, departement string) (renvois, error) {
	r := renvois{employeurs: map[int64]employeur{}, organismes: map[string][]int64{}, qpv: map[string][]int64{}, communes: map[string][]int64{}, nomsQPV: map[int64]string{}, nomsTerritoire: map[int64]string{}}
	type row struct {
		ID                 int64
		Nom, Autre, Nature string
		Code               string
		Ferme              bool
	}
	var organismes, quartiers, places []row
	var b pg.Batch
	pg.Add(&b, &organismes, `SELECT id, nom, sigle AS autre, nature, coalesce(siret, '') AS code, ferme_le IS NOT NULL AS ferme FROM organisme ORDER BY ferme_le IS NOT NULL, id`)
	pg.Add(&b, &quartiers, `SELECT id::bigint AS id, nom, '' AS autre, '' AS nature, code, false AS ferme FROM qpv WHERE departement = $1 AND generation = 2024 ORDER BY id`, departement)
	pg.Add(&b, &places, `SELECT id::bigint AS id, nom, '' AS autre, niveau AS nature, code, false AS ferme FROM territoire WHERE departement = $1 AND niveau IN ('commune', 'epci') ORDER BY niveau, id`, departement)
	if err := b.Run(ctx, q); err != nil {
		return r, err
	}
	add := func(into map[string][]int64, id int64, names ...string) {
		for _, n := range names {
			if key := tableur.Normaliser(n); key != "" && !slices.Contains(into[key], id) {
				into[key] = append(into[key], id)
			}
		}
	}
	for _, o := range organismes {
		r.employeurs[o.ID] = employeur{o.ID, o.Nom, o.Nature, o.Ferme}
		if !o.Ferme {
			add(r.organismes, o.ID, o.Nom, o.Autre, o.Code, o.Nom+" ("+o.Autre+")")
		}
	}
	for _, q := range quartiers {
		r.nomsQPV[q.ID] = q.Nom
		add(r.qpv, q.ID, q.Nom, q.Code, q.Code+" "+q.Nom, q.Nom+" ("+q.Code+")")
	}
	for _, t := range places {
		r.nomsTerritoire[t.ID] = t.Nom
		add(r.communes, t.ID, t.Nom, t.Code)
	}
	return r, nil
}

// lire reads the cells that refer to something of the portal.
func (r renvois) lire() map[string]func(string) (string, string) {
	one := func(in map[string][]int64, what, remedy string) func(string) (string, string) {
		return func(texte string) (string, string) {
			key := tableur.Normaliser(texte)
			if digits := strings.ReplaceAll(key, " ", ""); len(in[digits]) > 0 { // a SIRET with spaces
				key = digits
			}
			switch ids := in[key]; len(ids) {
			case 1:
				return strconv.FormatInt(ids[0], 10), ""
			case 0:
				return "", what + " inconnu du portail" + typo.NBSP + ": " + remedy
			}
			return "", "Plusieurs possibilités dans le portail" + typo.NBSP + ": précisez."
		}
	}
	quarter := one(r.qpv, "Quartier", "écrivez son code (QN08801M) ou son nom exact.")
	return map[string]func(string) (string, string){
		"employeur":  one(r.organismes, "Organisme", "ajoutez-le d’abord aux organismes, ou corrigez son nom."),
		"territoire": one(r.communes, "Territoire", "écrivez le nom d’une commune ou d’une intercommunalité du département."),
		"qpv": func(texte string) (string, string) {
			var ids []int
			for _, part := range strings.FieldsFunc(texte, func(c rune) bool { return c == ';' || c == '|' || c == '\n' }) {
				id, why := quarter(part)
				if why != "" {
					return "", typo.Guillemets(strings.TrimSpace(part)) + typo.NBSP + ": " + why
				}
				n, _ := strconv.Atoi(id) // written by quarter
				ids = append(ids, n)
			}
			slices.Sort(ids)
			words := make([]string, 0, len(ids))
			for _, id := range slices.Compact(ids) {
				words = append(words, strconv.Itoa(id))
			}
			return strings.Join(words, "|"), ""
		},
	}
}

// montre writes what cells refer to for people.
func (r renvois) montre() map[string]func(string) string {
	id := func(s string) int64 {
		n, _ := strconv.ParseInt(s, 10, 64) // canonical
		return n
	}
	return map[string]func(string) string{
		"employeur":  func(s string) string { return r.employeurs[id(s)].Nom },
		"territoire": func(s string) string { return r.nomsTerritoire[id(s)] },
		"qpv": func(s string) string {
			var names []string
			for _, one := range partager(s) {
				names = append(names, r.nomsQPV[id(one)])
			}
			return strings.Join(names, ", ")
		},
		"missions": func(s string) string { return strings.Join(AdulteRelais{Missions: partager(s)}.missions(), ", ") },
		"quotite":  func(s string) string { return strings.ReplaceAll(s, ".", ",") + typo.NBSP + "%" },
	}
}
