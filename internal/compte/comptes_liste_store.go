package compte

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"portail/internal/droits"
	"portail/internal/pg"
)

// comptesWhere is the perimeter first, then the filters. $1: organisation that bounds it (0: none), $2 pattern of the text (pg.Contient), $3 role,
// $4 organisation, $5 state.
const comptesWhere = `
	FROM compte c
	WHERE ($1::bigint = 0 OR EXISTS (SELECT FROM fonction p WHERE p.compte_id = c.id AND p.organisme_id = $1 AND p.fin IS NULL))
	  AND sans_accent(c.nom || ' ' || c.courriel) LIKE (SELECT sans_accent($2))
	  AND (($3 = '' AND $4::bigint = 0) OR EXISTS (SELECT FROM fonction f WHERE f.compte_id = c.id AND f.fin IS NULL AND ($1 = 0 OR f.organisme_id = $1)
	       AND ($3 = '' OR f.role = $3) AND ($4 = 0 OR f.organisme_id = $4)))
	  AND CASE $5 WHEN 'tous' THEN true WHEN 'desactive' THEN c.desactive_le IS NOT NULL
	       WHEN 'sans_fonction' THEN c.desactive_le IS NULL AND NOT EXISTS (SELECT FROM fonction f WHERE f.compte_id = c.id AND f.fin IS NULL)
	       ELSE c.desactive_le IS NULL END`

const comptesColonnes = `
	SELECT c.id, c.nom, c.courriel, c.derniere_connexion, c.totp_actif_le IS NOT NULL AS totp, c.desactive_le, c.demonstration,
		ARRAY(SELECT f.role || ', ' || o.nom FROM fonction f JOIN organisme o ON o.id = f.organisme_id
		      WHERE f.compte_id = c.id AND f.fin IS NULL AND ($1 = 0 OR f.organisme_id = $1) ORDER BY f.id) AS fonctions`

// listeComptes is a page of the list of accounts.
type listeComptes struct {
	Lignes     []ligneCompte
	Total      int64
	Organismes []choixOrganisme // that accounts may be filtered by
}

func (f filtresComptes) args(par droits.Compte) []any {
	return []any{perimetre(par), pg.Contient(f.Q), f.Role, f.Organisme, f.Etat}
}

// order is the ORDER BY of the sort asked for, which parseFiltresComptes has checked.
func (f filtresComptes) order() string {
	column := map[string]string{"courriel": `c.courriel`, "connexion": `c.derniere_connexion`}[f.Tri]
	if column == "" {
		column = `c.nom COLLATE "fr-x-icu"`
	}
	if f.Descendant {
		return " ORDER BY " + column + " DESC NULLS LAST, c.id"
	}
	return " ORDER BY " + column + " NULLS FIRST, c.id"
}

const selectOrganismesOuverts = `SELECT id, nom FROM organisme WHERE ferme_le IS NULL AND ($1::bigint = 0 OR id = $1) ORDER BY nom COLLATE "fr-x-icu"`

func (s *Service) listComptes(ctx context.Context, par droits.Compte, f filtresComptes) (listeComptes, error) {
	var l listeComptes
	var total []struct{ N int64 }
	var b pg.Batch
	pg.Add(&b, &total, `SELECT count(*) AS n`+comptesWhere, f.args(par)...)
	pg.Add(&b, &l.Lignes, comptesColonnes+comptesWhere+f.order()+" "+pg.Page((f.Page-1)*comptesParPage, comptesParPage), f.args(par)...)
	pg.Add(&b, &l.Organismes, selectOrganismesOuverts, perimetre(par))
	if err := b.RunAs(ctx, s.db, par); err != nil {
		return l, fmt.Errorf("list accounts: %w", err)
	}
	l.Total = total[0].N
	return l, nil
}

// extraireComptes reads the whole list, for a file.
func extraireComptes(ctx context.Context, tx pgx.Tx, par droits.Compte, f filtresComptes) ([]ligneCompte, error) {
	all, err := pg.List[ligneCompte](ctx, tx, comptesColonnes+comptesWhere+f.order()+" "+pg.Page(0, maxExportLignes), f.args(par)...)
	if err != nil {
		return nil, fmt.Errorf("list accounts: %w", err)
	}
	return all, nil
}
