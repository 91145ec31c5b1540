package contrat

import (
	"context"
	"slices"

	"github.com/jackc/pgx/v5"

	"portail/internal/droits"
	"portail/internal/fault"
	"portail/internal/journal"
	"portail/internal/lexique"
	"portail/internal/saisie"
)

// naturesAxe are the kinds of branches of a generation (R-CV-2): piliers and transversal axes in 2015, priorités, projets de quartier and
// volets from 2024 on.
func naturesAxe(generation int) []lexique.Mot {
	return garder(lexique.NaturesAxe, func(m lexique.Mot) bool {
		if generation == 2015 {
			return m.Code == "pilier" || m.Code == "transversal" || m.Code == "volet"
		}
		return m.Code != "pilier"
	})
}

func (a Axe) propre() Axe {
	a.Titre = saisie.Ligne(a.Titre)
	return a
}

// check refuses an axe that the contract cannot have: a projet de quartier is that of one quarter, which the contract covers.
func (a Axe) check(v Version) error {
	f := fault.Fields{}
	if a.Titre == "" {
		f.Add("titre", "Indiquez le titre de l’axe.")
	}
	saisie.Longueur(f, "titre", a.Titre, maxTitre)
	switch {
	case !lexique.Connu(naturesAxe(v.Generation), a.Nature):
		f.Add("nature", "Choisissez ce qu’est cet axe.")
	case a.Nature == "projet_quartier" && a.QpvID == nil:
		f.Add("qpv", "Choisissez le quartier du projet.")
	case a.Nature == "projet_quartier" && !slices.Contains(v.QpvIDs, *a.QpvID):
		f.Add("qpv", "Ce quartier n’est pas couvert par le contrat.")
	case a.Nature != "projet_quartier" && a.QpvID != nil:
		f.Add("qpv", "Seul un projet de quartier se rattache à un quartier.")
	}
	return f.Err()
}

func (a Axe) difference(before Axe) journal.Changement {
	d := journal.Changement{}
	d.Champ("axe", before.Titre, a.Titre)
	d.Champ("nature", lexique.Libelle(lexique.NaturesAxe, before.Nature), lexique.Libelle(lexique.NaturesAxe, a.Nature))
	d.Champ("quartier", before.QpvNom, a.QpvNom)
	return d
}

// SaveAxe adds an axe to a text (ID of 0, once for each cle) or changes it, on the version of the axe that its form was written on. f holds the
// faults of what could not be read.
func (s *Service) SaveAxe(ctx context.Context, par droits.Compte, r Ref, a Axe, f fault.Fields, cle string) error {
	a = a.propre()
	return s.rediger(ctx, par, r, func(tx pgx.Tx, v Version) (string, journal.Changement, error) {
		if err := f.Merge(a.check(v)); err != nil {
			return "", nil, err
		}
		before := Axe{}
		verbe, fresh := "axe ajouté", true
		var err error
		if a.ID == 0 {
			a.ID, fresh, err = insertAxe(ctx, tx, v.ID, a, cle)
		} else if before, err = findAxe(ctx, tx, r, a.ID); err == nil {
			verbe, err = "axe modifié", updateAxe(ctx, tx, a)
		}
		if err != nil || !fresh {
			return "", nil, err
		}
		after, err := findAxe(ctx, tx, r, a.ID)
		d := after.difference(before)
		d["axe"] = [2]any{before.Titre, after.Titre}
		return verbe, d, err
	})
}
