// Package intervention is what services do in the quarters: one matrix of the whole action, quarter × thématique × service, which is the
// second purpose of the CIS (R-CIS-2: consolidate a reading of the whole State action). Each organisation declares its own lines;
// engagements of contracts, adultes-relais and programmes de réussite éducative come in from where they are kept (view
// intervention_vue). Cells without an action are shown as such: they are the levers.
package intervention

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"portail/internal/config"
	"portail/internal/droits"
	"portail/internal/fault"
	"portail/internal/formulaire"
	"portail/internal/journal"
	"portail/internal/lexique"
	"portail/internal/pg"
	"portail/internal/saisie"
	"portail/web/typo"
)

// Service keeps the declared lines and shows the matrix.
type Service struct {
	db      *pgxpool.Pool
	cfg     config.Config
	annonce formulaire.Annonce
}

// New makes the area; messages of changes go through a.
func New(db *pgxpool.Pool, cfg config.Config, a formulaire.Annonce) *Service {
	return &Service{db: db, cfg: cfg, annonce: a}
}

// objet is the name of a declared line in the journal.
const objet = "intervention"

// Bounds of what is typed: those of the schema.
const (
	maxDescription = 2000
	maxSource      = 300
	maxEtp         = 100_000
	maxPlaces      = 10_000_000
	premiereAnnee  = 1990
	derniereAnnee  = 2100
)

// Declaration is what an organisation tells of an action: where, for what, when, on which credits, with which means. A mean that is nil is
// not told, which is no zero.
type Declaration struct {
	QPV         string // code of the quarter
	Thematique  string // code of lexique.Thematiques
	Annee       int
	Credits     string // code of lexique.Credits
	Description string
	Montant     *int64   // cents a year
	Etp         *float64 // full-time equivalents
	Places      *int64   // a year
	Source      string
}

// Intervention is a declared line as it is kept.
type Intervention struct {
	ID            int64
	OrganismeID   int64
	Organisme     string
	QPVID         int32
	QPV           string // code
	QPVNom        string
	Thematique    string
	Annee         int
	Credits       string
	Description   string
	Montant       *int64 // cents
	Etp           *float64
	Places        *int64
	Source        string
	CreeLe        time.Time
	RetireeLe     *time.Time
	Demonstration bool
	Version       int
}

// declaration is the line as it was told.
func (i Intervention) declaration() Declaration {
	return Declaration{i.QPV, i.Thematique, i.Annee, i.Credits, i.Description, i.Montant, i.Etp, i.Places, i.Source}
}

// peutModifier says whether whoever asks may change or withdraw it: its own organisation.
func (i Intervention) peutModifier(par droits.Compte) bool {
	return par.PeutSur(droits.InterventionDeclarer, i.QPVID) && par.Organisme == i.OrganismeID && i.RetireeLe == nil
}

// propre folds the white space of what was typed.
func (d Declaration) propre() Declaration {
	d.Description, d.Source = saisie.Paragraphes(d.Description), saisie.Ligne(d.Source)
	return d
}

// check refuses what the matrix may not hold. f holds the faults of what could not be read.
func (d Declaration) check(f fault.Fields) error {
	if d.QPV == "" {
		f.Add("qpv", "Choisissez le quartier.")
	}
	if !lexique.Connu(lexique.Thematiques, d.Thematique) {
		f.Add("thematique", "Choisissez la thématique dans la liste.")
	}
	if !lexique.Connu(lexique.Credits, d.Credits) {
		f.Add("credits", "Dites si l’action relève du droit commun ou des crédits spécifiques.")
	}
	if d.Annee < premiereAnnee || d.Annee > derniereAnnee {
		f.Add("annee", "Indiquez une année, par exemple "+fmt.Sprint(typo.Aujourdhui().Year())+".")
	}
	if d.Description == "" {
		f.Add("description", "Décrivez ce que fait votre organisme.")
	}
	saisie.Longueur(f, "description", d.Description, maxDescription)
	saisie.Longueur(f, "source", d.Source, maxSource)
	return f.Err()
}

// dejaDeclaree is what an organisation reads that tells the same action twice.
var dejaDeclaree = fault.Fields{"description": "Votre organisme a déjà déclaré cette action dans ce quartier, pour cette thématique, cette année et ces crédits" + typo.NBSP +
	": modifiez-la plutôt, ou décrivez ce qui distingue celle-ci."}

// horsPerimetre is what a délégué reads on a quarter that is not in their lettre de mission.
var horsPerimetre = fault.Fields{"qpv": "Ce quartier n’est pas dans votre lettre de mission."}

// Create adds a line under the name of the organisation of whoever declares, once for each key, and gives its id. f holds the faults of
// what could not be read.
func (s *Service) Create(ctx context.Context, par droits.Compte, d Declaration, f fault.Fields, cle string) (id int64, err error) {
	d = d.propre()
	if err := d.check(f); err != nil {
		return 0, err
	}
	err = pg.As(ctx, s.db, par, func(tx pgx.Tx) error {
		kept, done, err := pg.Once(ctx, tx, "intervention", cle)
		if err != nil || done {
			id = kept
			return err
		}
		if id, err = insert(ctx, tx, par, s.cfg.Departement, d, cle); err != nil {
			return err
		}
		now, err := find(ctx, tx, id)
		if err != nil {
			return err
		}
		return journal.Note(ctx, tx, par, "action déclarée", objet, id, difference(Intervention{}, now))
	})
	if err != nil {
		return 0, fmt.Errorf("declare intervention: %w", err)
	}
	return id, nil
}

// change locks a line, checks whose it is and the version that the form was written on, and writes and notes the change.
func (s *Service) change(ctx context.Context, par droits.Compte, id int64, on int, verbe string, do func(tx pgx.Tx, kept Intervention) error) error {
	err := pg.As(ctx, s.db, par, func(tx pgx.Tx) error {
		kept, err := lock(ctx, tx, id)
		if err != nil {
			return err
		}
		switch {
		case par.Organisme != kept.OrganismeID || !par.PeutSur(droits.InterventionDeclarer, kept.QPVID):
			return fault.Forbidden
		case kept.RetireeLe != nil || kept.Version != on:
			return fault.Stale
		}
		if err := do(tx, kept); err != nil {
			return err
		}
		now, err := find(ctx, tx, id)
		if err != nil {
			return err
		}
		return journal.Note(ctx, tx, par, verbe, objet, id, difference(kept, now))
	})
	if err != nil {
		return fmt.Errorf("%s %d: %w", verbe, id, err)
	}
	return nil
}

// Update writes over the version that the form was written on.
func (s *Service) Update(ctx context.Context, par droits.Compte, id int64, on int, d Declaration, f fault.Fields) error {
	d = d.propre()
	checked := d.check(f)
	return s.change(ctx, par, id, on, "action modifiée", func(tx pgx.Tx, kept Intervention) error {
		if checked != nil {
			return checked
		}
		return update(ctx, tx, s.cfg.Departement, kept, d)
	})
}

// Retire withdraws a line: it leaves the matrix and stays readable at its address.
func (s *Service) Retire(ctx context.Context, par droits.Compte, id int64, on int) error {
	return s.change(ctx, par, id, on, "action retirée", func(tx pgx.Tx, kept Intervention) error { return retire(ctx, tx, kept) })
}

// difference is what a change did, as people would read it.
func difference(before, after Intervention) journal.Changement {
	c := journal.Changement{}
	b, a := before.valeurs(), after.valeurs()
	for champ := range champs {
		c.Champ(champ, before.lu(champ, b.Get(champ)), after.lu(champ, a.Get(champ)))
	}
	c.Champ("retiree", before.RetireeLe != nil, after.RetireeLe != nil)
	return c
}

// champs are the labels of the fields, on pages and in the journal.
var champs = map[string]string{
	"qpv": "Quartier", "thematique": "Thématique", "annee": "Année", "credits": "Crédits", "description": "Description", "montant": "Montant de l’année, en euros",
	"etp": "Équivalents temps plein", "places": "Places dans l’année", "source": "Source", "retiree": "Retirée",
}
