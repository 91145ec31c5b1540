package intervention

import (
	"context"
	"fmt"
	"strconv"

	"portail/internal/droits"
	"portail/internal/pg"
)

// ordres are what each column sorts on.
var ordres = map[string]string{
	"quartier": `cardinality(a.qpv) = 1 DESC, (SELECT min(q.nom COLLATE "fr-x-icu") FROM quartiers q WHERE q.id = ANY (a.qpv))`, "thematique": `a.thematiques`, "service": `a.service_nom COLLATE "fr-x-icu"`,
	"credits": `a.credits`, "montant": `a.montant`,
}

// addLignes queues n lines, from the given one.
func addLignes(b *pg.Batch, into *[]ligne, departement string, f Filtres, from, n int) {
	by := ordres[f.Tri]
	if f.Descendant {
		by += " DESC"
	}
	args := f.args(departement)
	pg.Add(b, into, cteActions+`
		SELECT a.origine, a.objet, a.objet_id, a.service_nom, a.thematiques, a.annee, a.credits, a.description, a.montant::float8 AS montant, a.pluriannuel::float8 AS pluriannuel,
			a.etp::float8 AS etp, a.places::bigint AS places, a.source, a.demonstration, count(*) OVER ()::int AS total,
			ARRAY(SELECT q.nom FROM qpv q WHERE q.id = ANY (a.qpv) ORDER BY q.nom COLLATE "fr-x-icu") AS quartiers,
			ARRAY(SELECT q.code FROM qpv q WHERE q.id = ANY (a.qpv) ORDER BY q.nom COLLATE "fr-x-icu") AS codes
		FROM a ORDER BY `+by+` NULLS LAST, a.service_nom COLLATE "fr-x-icu", a.objet, a.objet_id, a.credits
		OFFSET $`+strconv.Itoa(len(args)+1)+` LIMIT $`+strconv.Itoa(len(args)+2), append(args, from, n)...)
}

// readLignes reads a page of the lines.
func (s *Service) readLignes(ctx context.Context, q pg.Q, par droits.Compte, f Filtres, from, n int) (l lignes, err error) {
	l = lignes{Filtres: f, Par: par}
	var b pg.Batch
	addLignes(&b, &l.Lignes, s.cfg.Departement, f, from, n)
	addOffre(&b, &l.offre, s.cfg.Departement, f)
	if err := b.RunAs(ctx, q, par); err != nil {
		return l, fmt.Errorf("list actions: %w", err)
	}
	return l, l.check()
}
