package contrat

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"portail/internal/config"
	"portail/internal/document"
	"portail/internal/droits"
	"portail/internal/export"
	"portail/internal/fault"
	"portail/internal/journal"
	"portail/internal/lexique"
	"portail/internal/pg"
	"portail/web/typo"
)

// errHorsDemo refuses invented contracts elsewhere.
var errHorsDemo = errors.New("demonstration contracts are made in demonstration mode only (PORTAIL_MODE=demonstration)")

// SeedDemo makes the invented contracts, in demonstration mode only: one signed and amended, one whose avenant is being signed, one being
// negotiated. Those that it made before are left as visitors changed them. db is the owner's; the default organisations must be there. A
// contract whose EPCI is not loaded, in another département, is left out.
func SeedDemo(ctx context.Context, db *pgxpool.Pool, cfg config.Config) error {
	if !cfg.Demonstration {
		return errHorsDemo
	}
	par := droits.Compte{Role: droits.Gestionnaire} // so that what reads on behalf of somebody sees them
	for _, d := range contratsDemo {
		err := pg.As(ctx, db, par, func(tx pgx.Tx) error { return seedContrat(ctx, tx, par, cfg, d) })
		if err != nil && !errors.Is(err, fault.NotFound) {
			return fmt.Errorf("make demonstration contract %s: %w", d.cle, err)
		}
	}
	return nil
}

// cleDemo is a UUID (version 8) that stands for an invented contract for good.
func cleDemo(code string) string {
	b := sha256.Sum256([]byte("contrat de démonstration " + code))
	b[6], b[8] = b[6]&0x0f|0x80, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:16])
}

// jourDemo reads a day of the data, which are part of the program.
func jourDemo(s string) time.Time {
	day, err := time.Parse(time.DateOnly, s)
	if err != nil {
		panic("contrat: demonstration data: " + err.Error())
	}
	return day
}

func seedContrat(ctx context.Context, tx pgx.Tx, par droits.Compte, cfg config.Config, d contratDemo) error {
	id, version, fresh, err := insertDemo(ctx, tx, d)
	if err != nil || !fresh {
		return err
	}
	if err := seedContenu(ctx, tx, id, version, d); err != nil {
		return err
	}
	if err := journal.Note(ctx, tx, droits.Compte{}, "contrat de démonstration créé", objet, id, nil); err != nil {
		return err
	}
	if d.signe == "" {
		return nil
	}
	if err := seedSignature(ctx, tx, Ref{id, 1}, jourDemo(d.signe), nil); err != nil {
		return err
	}
	if err := seedDocument(ctx, tx, par, cfg, id); err != nil || d.avenant == nil {
		return err
	}
	return seedAvenant(ctx, tx, id, *d.avenant)
}

// seedContenu writes the parties, the texts and the tree.
func seedContenu(ctx context.Context, tx pgx.Tx, id, version int64, d contratDemo) error {
	for i, p := range d.parties {
		if err := insertPartieDemo(ctx, tx, version, i+1, p); err != nil {
			return fmt.Errorf("party %s: %w", p.organisme, err)
		}
	}
	if err := insertSections(ctx, tx, version); err != nil {
		return err
	}
	for _, m := range lexique.SectionsContrat {
		if text := d.sections[m.Code]; text != "" {
			if err := writeDemo(ctx, tx, version, m.Code, nil, text); err != nil {
				return err
			}
		}
	}
	for i, a := range d.axes {
		axe, err := insertAxeDemo(ctx, tx, version, i+1, a)
		if err != nil {
			return fmt.Errorf("axe %s: %w", a.titre, err)
		}
		if err := writeDemo(ctx, tx, version, "axe", &axe, a.texte); err != nil {
			return err
		}
		for j, o := range a.objectifs {
			if err := seedObjectif(ctx, tx, id, version, axe, j+1, o); err != nil {
				return fmt.Errorf("objectif %s: %w", o.titre, err)
			}
		}
	}
	return nil
}

func seedObjectif(ctx context.Context, tx pgx.Tx, id, version, axe int64, ordre int, o objectifDemo) error {
	objectif, err := insertObjectifDemo(ctx, tx, version, axe, ordre, o)
	if err != nil {
		return err
	}
	today := typo.Aujourdhui()
	for i, e := range o.engagements {
		if err := insertEngagementDemo(ctx, tx, id, version, objectif, i+1, e, today); err != nil {
			return fmt.Errorf("engagement of %s: %w", e.par, err)
		}
	}
	return nil
}

// seedSignature freezes a text as the portal does, and has it signed: by all, then published; or by some, since so many days.
func seedSignature(ctx context.Context, tx pgx.Tx, r Ref, le time.Time, some []string) error {
	c, err := readContenu(ctx, tx, r)
	if err != nil {
		return err
	}
	text := c.Texte()
	if err := updateFige(ctx, tx, c.Version, text); err != nil {
		return err
	}
	if err := signDemo(ctx, tx, c.ID, empreinte(text), le, some); err != nil {
		return err
	}
	if some != nil {
		return nil
	}
	v, err := findVersion(ctx, tx, r)
	if err != nil {
		return err
	}
	if err := updateSigne(ctx, tx, v, le); err != nil {
		return err
	}
	return publishDemo(ctx, tx, v.ID)
}

// seedAvenant amends a signed contract.
func seedAvenant(ctx context.Context, tx pgx.Tx, id int64, a avenantDemo) error {
	v, err := findVersion(ctx, tx, Ref{id, 1})
	if err != nil {
		return err
	}
	numero, err := cloner(ctx, tx, v, Cadre{Objet: a.objet, Natures: a.natures}, cleDemo(fmt.Sprint("avenant ", id)))
	if err != nil {
		return err
	}
	r := Ref{id, numero}
	c, err := readContenu(ctx, tx, r)
	if err != nil {
		return err
	}
	if err := updateEtat(ctx, tx, c.Version, Negociation); err != nil {
		return err
	}
	if err := seedObjectif(ctx, tx, id, c.ID, c.Axes[0].ID, len(c.Objectifs)+1, a.ajoute); err != nil {
		return err
	}
	if a.signe != "" {
		return seedSignature(ctx, tx, r, jourDemo(a.signe), nil)
	}
	if err := seedSignature(ctx, tx, r, typo.Aujourdhui().AddDate(0, 0, 7-a.depuis), a.signent); err != nil {
		return err
	}
	return dateDemo(ctx, tx, c.ID, a.depuis)
}

// seedDocument attaches the signed text as a public document.
func seedDocument(ctx context.Context, tx pgx.Tx, par droits.Compte, cfg config.Config, id int64) error {
	l := lecture{Filtres: filtresLecture{Page: 1}}
	var b pg.Batch
	pg.AddOne(&b, &l.Version, uneVersion, id, 1)
	addLecture(&b, &l, Ref{id, 1})
	if err := b.Run(ctx, tx); err != nil {
		return err
	}
	var text bytes.Buffer
	if err := export.ODT(&text, l.document(cfg.URL, time.Now())); err != nil {
		return err
	}
	f, err := document.New(cfg).Examiner(ctx, "fichier", "Texte signé (démonstration).odt", text.Bytes())
	if err != nil {
		return err
	}
	d, err := document.Deposer(ctx, tx, par, f)
	if err != nil {
		return err
	}
	return insertPiece(ctx, tx, id, d.ID, "Texte signé (démonstration)", true)
}
