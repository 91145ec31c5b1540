package cis

import (
	"context"
	"slices"

	"github.com/jackc/pgx/v5"

	"portail/internal/droits"
	"portail/internal/fault"
	"portail/internal/journal"
	"portail/internal/pg"
	"portail/internal/saisie"
	"portail/web/typo"
)

// Longest texts of a section, in characters: those of the schema.
const (
	maxTitreSection = 200
	maxTexteSection = 50000
)

// Section is a part of minutes.
type Section struct {
	ID        int64
	Rang      int
	PointID   *int64
	Titre     string
	Texte     string // Markdown-lite
	Restreint bool   // for the services of the State only
	Version   int
}

// check refuses a section that could not be kept.
func (p Section) check() error {
	f := fault.Fields{}
	if p.Titre == "" {
		f.Add("titre", "Donnez un titre à cette partie.")
	}
	saisie.Longueur(f, "titre", p.Titre, maxTitreSection)
	saisie.Longueur(f, "texte", p.Texte, maxTexteSection)
	return f.Err()
}

// UpdateSection writes a section over the version that its form was written on, and says whether it is for the services of the State only.
func (s *Service) UpdateSection(ctx context.Context, par droits.Compte, id, section int64, version int, in Section) error {
	in.Titre, in.Texte = saisie.Ligne(in.Titre), saisie.Paragraphes(in.Texte)
	return s.changeTexte(ctx, par, id, func(tx pgx.Tx) (string, journal.Changement, error) {
		p, err := findSection(ctx, tx, id, section)
		if err != nil {
			return "", nil, err
		}
		if p.Titre == in.Titre && p.Texte == in.Texte && p.Restreint == in.Restreint {
			return "", nil, nil // as after a double click
		}
		if err := in.check(); err != nil {
			return "", nil, err
		}
		if p.Version != version {
			return "", nil, fault.Stale
		}
		detail := journal.Changement{"partie": {in.Titre, in.Titre}}
		detail.Champ("titre", p.Titre, in.Titre)
		detail.Champ("caractères", len([]rune(p.Texte)), len([]rune(in.Texte)))
		detail.Champ("restreint", p.Restreint, in.Restreint)
		return "compte rendu modifié", detail, updateSection(ctx, tx, p, in)
	})
}

// AddSection adds a part at the end of minutes, and gives its id; cle as in CreateComite.
func (s *Service) AddSection(ctx context.Context, par droits.Compte, id int64, in Section, cle string) (made int64, err error) {
	in.Titre, in.Texte = saisie.Ligne(in.Titre), saisie.Paragraphes(in.Texte)
	err = s.changeTexte(ctx, par, id, func(tx pgx.Tx) (string, journal.Changement, error) {
		kept, done, err := pg.Once(ctx, tx, "compte_rendu_section", cle)
		if made = kept; err != nil || done {
			return "", nil, err
		}
		if err := in.check(); err != nil {
			return "", nil, err
		}
		made, err = insertSection(ctx, tx, id, in, cle)
		return "partie ajoutée", journal.Changement{"partie": {nil, in.Titre}}, err
	})
	return made, err
}

// MoveSection moves a part up (-1) or down (+1); at its end it stays.
func (s *Service) MoveSection(ctx context.Context, par droits.Compte, id, section int64, by int) error {
	return s.onSection(ctx, par, id, section, func(tx pgx.Tx, all []Section, i int) (string, journal.Changement, error) {
		if i+by < 0 || i+by >= len(all) {
			return "", nil, nil
		}
		return "partie déplacée", journal.Changement{"partie": {all[i].Titre, all[i].Titre}, "rang": {i + 1, i + by + 1}}, swapSections(ctx, tx, all[i], all[i+by])
	})
}

// RemoveSection takes a part out of minutes; what was said of it remains, about the minutes as a whole.
func (s *Service) RemoveSection(ctx context.Context, par droits.Compte, id, section int64) error {
	return s.onSection(ctx, par, id, section, func(tx pgx.Tx, all []Section, i int) (string, journal.Changement, error) {
		if len(all) == 1 {
			return "", nil, fault.Fields{"": "C’est la seule partie de ce compte rendu" + typo.NBSP + ": modifiez-la plutôt."}
		}
		detail := journal.Changement{"partie": {all[i].Titre, nil}}
		detail.Champ("caractères", len([]rune(all[i].Texte)), 0)
		return "partie retirée", detail, deleteSection(ctx, tx, all[i])
	})
}

// changeTexte runs one change of the text of minutes that may still change. It makes a new version of them: whoever was about to validate
// or send what they read before looks at it again.
func (s *Service) changeTexte(ctx context.Context, par droits.Compte, id int64, do func(tx pgx.Tx) (verbe string, detail journal.Changement, err error)) error {
	return s.changeCompteRendu(ctx, par, id, func(tx pgx.Tx, c CompteRendu, _ Seance) (string, journal.Changement, error) {
		if err := c.refuseFige(); err != nil {
			return "", nil, err
		}
		verbe, detail, err := do(tx)
		if err != nil || verbe == "" {
			return "", nil, err
		}
		return verbe, detail, updateTexte(ctx, tx, c)
	})
}

// onSection runs one change of a part among the others, in minutes that may still change.
func (s *Service) onSection(ctx context.Context, par droits.Compte, id, section int64, do func(tx pgx.Tx, all []Section, i int) (verbe string, detail journal.Changement, err error)) error {
	return s.changeTexte(ctx, par, id, func(tx pgx.Tx) (string, journal.Changement, error) {
		all, err := listSections(ctx, tx, id)
		if err != nil {
			return "", nil, err
		}
		i := slices.IndexFunc(all, func(p Section) bool { return p.ID == section })
		if i < 0 {
			return "", nil, fault.NotFound
		}
		return do(tx, all, i)
	})
}
