package contrat

import (
	"context"
	"slices"
	"strconv"

	"github.com/jackc/pgx/v5"

	"portail/internal/droits"
	"portail/internal/fault"
	"portail/internal/journal"
)

// ajoute is the first verb when the thing is new, else the second.
func ajoute(nouveau, modifie string, fresh bool) string {
	if fresh {
		return nouveau
	}
	return modifie
}

func (c Contenu) titreAxe(id int64) string {
	for _, a := range c.Axes {
		if a.ID == id {
			return a.Titre
		}
	}
	return ""
}

// branche is a kind of part of the tree: how the address names it, its table, the column of its parent, and its word.
type branche struct{ code, table, parent, mot string }

var (
	brancheAxe        = branche{"axes", "contrat_axe", "version_id", "axe"}
	brancheObjectif   = branche{"objectifs", "contrat_objectif", "axe_id", "objectif"}
	brancheEngagement = branche{"engagements", "contrat_engagement", "objectif_id", "engagement"}
)

// Deplacer moves a part of the tree one place up (sens -1) or down (+1) among those of its parent; at an end it stays.
func (s *Service) Deplacer(ctx context.Context, par droits.Compte, r Ref, b branche, id int64, sens int) error {
	return s.rediger(ctx, par, r, func(tx pgx.Tx, v Version) (string, journal.Changement, error) {
		siblings, err := freres(ctx, tx, b, v.ID, id)
		if err != nil {
			return "", nil, err
		}
		from := slices.IndexFunc(siblings, func(n noeud) bool { return n.ID == id })
		to := from + sens
		if from < 0 {
			return "", nil, fault.NotFound
		}
		if to < 0 || to >= len(siblings) {
			return "", nil, nil
		}
		siblings[from], siblings[to] = siblings[to], siblings[from]
		ids := make([]int64, len(siblings))
		for i, n := range siblings {
			ids[i] = n.ID
		}
		d := journal.Changement{b.mot: {siblings[to].Nom, siblings[to].Nom}, "place": {from + 1, to + 1}}
		return "ordre modifié", d, reorder(ctx, tx, b, v.ID, ids)
	})
}

// dessous is what hangs under a part of the tree, and goes with it.
type dessous struct {
	Nom                    string
	Objectifs, Engagements []string
}

// dessousDe is what would be deleted with a part of the tree; found is false when the text has none of that id.
func (c Contenu) dessousDe(b branche, id int64) (d dessous, found bool) {
	keep := map[int64]bool{}
	switch b {
	case brancheAxe:
		for _, a := range c.Axes {
			if a.ID == id {
				d.Nom, found = a.Titre, true
			}
		}
		for _, o := range c.ObjectifsDe(id) {
			d.Objectifs, keep[o.ID] = append(d.Objectifs, o.Titre), true
		}
	case brancheObjectif:
		for _, o := range c.Objectifs {
			if o.ID == id {
				d.Nom, found, keep[id] = o.Titre, true, true
			}
		}
	case brancheEngagement:
		for _, e := range c.Engagements {
			if e.ID == id {
				d.Nom, found = e.Texte, true
			}
		}
	}
	for _, e := range c.Engagements {
		if keep[e.ObjectifID] {
			d.Engagements = append(d.Engagements, e.Texte)
		}
	}
	return d, found
}

// total is what the form of a deletion counted: one that met something new since is stale.
func (d dessous) total() string { return strconv.Itoa(len(d.Objectifs) + len(d.Engagements)) }

// Supprimer deletes a part of the tree with what hangs under it; total is what its author was shown. One that is gone is no fault.
func (s *Service) Supprimer(ctx context.Context, par droits.Compte, r Ref, b branche, id int64, total string) error {
	return s.rediger(ctx, par, r, func(tx pgx.Tx, _ Version) (string, journal.Changement, error) {
		c, err := readContenu(ctx, tx, r)
		if err != nil {
			return "", nil, err
		}
		under, found := c.dessousDe(b, id)
		if !found {
			return "", nil, nil
		}
		if under.total() != total {
			return "", nil, fault.Stale
		}
		d := journal.Changement{b.mot: {under.Nom, nil}}
		if len(under.Objectifs) > 0 {
			d["objectifs"] = [2]any{under.Objectifs, nil}
		}
		if len(under.Engagements) > 0 {
			d["engagements"] = [2]any{under.Engagements, nil}
		}
		return b.mot + " supprimé", d, deleteNoeud(ctx, tx, b, id)
	})
}
