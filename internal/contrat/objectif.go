package contrat

import (
	"context"
	"slices"

	"github.com/jackc/pgx/v5"

	"portail/internal/droits"
	"portail/internal/fault"
	"portail/internal/journal"
	"portail/internal/saisie"
)

func (o Objectif) propre() Objectif {
	o.Titre, o.Texte = saisie.Ligne(o.Titre), saisie.Paragraphes(o.Texte)
	return o
}

func (o Objectif) check(c Contenu) error {
	f := fault.Fields{}
	if o.Titre == "" {
		f.Add("titre", "Indiquez le titre de l’objectif.")
	}
	saisie.Longueur(f, "titre", o.Titre, maxObjectif)
	saisie.Longueur(f, "texte", o.Texte, maxTexteCourt)
	if !slices.ContainsFunc(c.Axes, func(a Axe) bool { return a.ID == o.AxeID }) {
		f.Add("axe", "Choisissez un axe de ce contrat.")
	}
	return f.Err()
}

// SaveObjectif adds an objectif to an axe or changes it; another axe moves it there, at the end.
func (s *Service) SaveObjectif(ctx context.Context, par droits.Compte, r Ref, o Objectif, cle string) error {
	o = o.propre()
	return s.rediger(ctx, par, r, func(tx pgx.Tx, v Version) (string, journal.Changement, error) {
		c, err := readContenu(ctx, tx, r)
		if err != nil {
			return "", nil, err
		}
		if err := o.check(c); err != nil {
			return "", nil, err
		}
		before := Objectif{}
		if o.ID == 0 {
			_, fresh, err := insertObjectif(ctx, tx, v.ID, o, cle)
			if err != nil || !fresh {
				return "", nil, err
			}
		} else {
			i := slices.IndexFunc(c.Objectifs, func(x Objectif) bool { return x.ID == o.ID })
			if i < 0 {
				return "", nil, fault.NotFound
			}
			before = c.Objectifs[i]
			if err := updateObjectif(ctx, tx, o); err != nil {
				return "", nil, err
			}
		}
		d := journal.Changement{"objectif": {before.Titre, o.Titre}}
		d.Champ("texte", before.Texte, o.Texte)
		d.Champ("axe", c.titreAxe(before.AxeID), c.titreAxe(o.AxeID))
		return ajoute("objectif ajouté", "objectif modifié", before.ID == 0), d, nil
	})
}
