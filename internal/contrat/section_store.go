package contrat

import (
	"context"

	"portail/internal/droits"
	"portail/internal/fault"
	"portail/internal/lexique"
	"portail/internal/pg"
)

// insertSections makes the sections of a new text, empty.
func insertSections(ctx context.Context, tx pg.Tx, version int64) error {
	codes := make([]string, len(lexique.SectionsContrat))
	for i, m := range lexique.SectionsContrat {
		codes[i] = m.Code
	}
	_, err := tx.Exec(ctx, `INSERT INTO contrat_section (version_id, code) SELECT $1, unnest($2::text[])`, version, codes)
	return err
}

// findSection reads a section of that very text; fault.NotFound when it has none of that id.
func findSection(ctx context.Context, q pg.Q, r Ref, id int64) (s SectionVue, err error) {
	if s.Version, err = findVersion(ctx, q, r); err != nil {
		return s, err
	}
	all, err := pg.List[Section](ctx, q, lesSections, r.Contrat, r.Numero)
	if err != nil {
		return s, err
	}
	found := garder(all, func(x Section) bool { return x.ID == id })
	if len(found) == 0 {
		return s, fault.NotFound
	}
	if s.Section = found[0]; s.AxeID != nil {
		a, err := findAxe(ctx, q, r, *s.AxeID)
		s.Axe = a.Titre
		return s, err
	}
	return s, nil
}

// insertRevision writes the next revision and makes it the text of the section, unless another was written meanwhile.
func insertRevision(ctx context.Context, tx pg.Tx, s SectionVue, texte, motif string, par droits.Compte) error {
	if err := changed(ctx, tx, `UPDATE contrat_section SET texte = $3, revision = revision + 1 WHERE id = $1 AND revision = $2`, s.ID, s.Revision, texte); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `INSERT INTO contrat_revision (section_id, version_id, numero, texte, motif, par) VALUES ($1, $2, $3, $4, $5, nullif($6, 0))`,
		s.ID, s.Version.ID, s.Revision+1, texte, motif, par.ID)
	return err
}

const revisions = `SELECT r.numero, r.motif, coalesce(c.nom, 'le portail') AS nom, r.le FROM contrat_revision r LEFT JOIN compte c ON c.id = r.par WHERE r.section_id = $1 `

func listRevisions(ctx context.Context, q pg.Q, section int64) ([]Revision, error) {
	return pg.List[Revision](ctx, q, revisions+`ORDER BY r.numero DESC`, section)
}

func findRevision(ctx context.Context, q pg.Q, section int64, numero int) (Revision, string, error) {
	rev, err := pg.One[Revision](ctx, q, revisions+`AND r.numero = $2`, section, numero)
	if err != nil {
		return rev, "", err
	}
	text, err := pg.One[struct{ Texte string }](ctx, q, `SELECT texte FROM contrat_revision WHERE section_id = $1 AND numero = $2`, section, numero)
	return rev, text.Texte, err
}
