package diagnostic

import (
	"context"
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"portail/internal/droits"
	"portail/internal/fault"
	"portail/internal/journal"
	"portail/internal/lexique"
	"portail/internal/pg"
	"portail/internal/saisie"
	"portail/web/typo"
)

// Indicateur is a line of the catalogue, with all that its return is held to.
type Indicateur struct {
	Code, Libelle, Definition string
	Thematique                string // code of lexique.Thematiques
	Unite                     string
	Decimales                 int
	Nature                    string // code of lexique.NaturesIndicateur
	Sens                      string // code of lexique.SensIndicateur
	Producteur                string // as pages write it
	ProducteurID              *int64 // who returns it; nil: it comes by import
	Periodicite               string // code of lexique.PeriodicitesIndicateur
	Fraction                  bool   // returned as a numerator and a denominator
	Total                     string // code of the count that it is a part of; empty: none
	Minimum, Maximum          *float64
	Saut                      *int // %, beyond which a change needs a word
	Seuil                     int  // counts below it are secret
	Publique                  bool
	DesQuartiers              bool
	Source, Licence, Reserve  string
	RetireLe                  *time.Time
	Demonstration             bool
	Version                   int
}

// Libelles of what the journal and the pages call the fields.
var champsIndicateur = map[string]string{
	"libelle": "Libellé", "definition": "Définition", "thematique": "Thématique", "unite": "Unité", "decimales": "Décimales", "nature": "Nature",
	"sens": "Sens", "producteur": "Producteur affiché", "producteur_id": "Organisme qui remonte", "periodicite": "Périodicité",
	"fraction": "Numérateur et dénominateur", "total": "Partie de", "minimum": "Minimum", "maximum": "Maximum", "saut": "Saut à confirmer", "seuil": "Seuil de secret",
	"publique": "Public", "des_quartiers": "Mesuré dans les quartiers", "source": "Source", "licence": "Licence", "reserve": "Réserve", "retire": "Retiré",
}

var formeCode = regexp.MustCompile(`^[a-z][a-z0-9_]{1,59}$`)

// propre folds the white space of what was typed.
func (i Indicateur) propre() Indicateur {
	i.Code, i.Libelle, i.Unite = strings.TrimSpace(i.Code), saisie.Ligne(i.Libelle), saisie.Ligne(i.Unite)
	i.Definition, i.Reserve = saisie.Paragraphes(i.Definition), saisie.Paragraphes(i.Reserve)
	i.Producteur, i.Source, i.Licence = saisie.Ligne(i.Producteur), saisie.Ligne(i.Source), saisie.Ligne(i.Licence)
	return i
}

// check refuses what the catalogue may not hold; the returns and the schema rely on it.
func (i Indicateur) check() error {
	f := fault.Fields{}
	if !formeCode.MatchString(i.Code) {
		f.Add("code", "Écrivez un code en minuscules sans accent, par exemple allocataires_rsa.")
	}
	for champ, texte := range map[string]string{"libelle": i.Libelle, "definition": i.Definition, "unite": i.Unite, "producteur": i.Producteur, "licence": i.Licence} {
		if texte == "" {
			f.Add(champ, "Remplissez ce champ.")
		}
	}
	saisie.Longueur(f, "libelle", i.Libelle, maxLibelle)
	saisie.Longueur(f, "definition", i.Definition, maxDefinition)
	saisie.Longueur(f, "unite", i.Unite, maxUnite)
	saisie.Longueur(f, "reserve", i.Reserve, maxPhrase)
	for champ, texte := range map[string]string{"producteur": i.Producteur, "source": i.Source, "licence": i.Licence} {
		saisie.Longueur(f, champ, texte, maxLibelle)
	}
	for champ, v := range map[string]struct {
		mots []lexique.Mot
		code string
	}{"thematique": {lexique.Thematiques, i.Thematique}, "nature": {lexique.NaturesIndicateur, i.Nature}, "sens": {lexique.SensIndicateur, i.Sens},
		"periodicite": {lexique.PeriodicitesIndicateur, i.Periodicite}} {
		if !lexique.Connu(v.mots, v.code) {
			f.Add(champ, "Choisissez dans la liste.")
		}
	}
	i.checkRegles(f)
	return f.Err()
}

func (i Indicateur) checkRegles(f fault.Fields) {
	part := i.Nature == "part"
	if part && i.Unite != "%" {
		f.Add("unite", "L’unité d’une part est "+typo.Guillemets("%")+".")
	}
	if i.Fraction && !part {
		f.Add("fraction", "Seule une part a un numérateur et un dénominateur.")
	}
	if i.Total != "" && i.Nature != "effectif" {
		f.Add("total", "Seul un effectif est une partie d’un autre.")
	}
	if i.Total != "" && i.Total == i.Code {
		f.Add("total", "Un indicateur n’est pas une partie de lui-même.")
	}
	if i.Minimum != nil && i.Maximum != nil && *i.Minimum > *i.Maximum {
		f.Add("maximum", "Le maximum est plus petit que le minimum.")
	}
	if i.Nature == "effectif" && i.Decimales != 0 {
		f.Add("decimales", "Un effectif est un nombre entier"+typo.NBSP+": 0 décimale.")
	}
}

// CreateIndicateur adds an indicator to the catalogue. The same form sent twice adds one.
func (s *Service) CreateIndicateur(ctx context.Context, par droits.Compte, in Indicateur, cle string) error {
	in = in.propre()
	if err := in.check(); err != nil {
		return err
	}
	err := pg.As(ctx, s.db, par, func(tx pgx.Tx) error {
		fresh, err := insertIndicateur(ctx, tx, in, cle)
		if err != nil || !fresh {
			return err
		}
		return journal.NoteCode(ctx, tx, par, "indicateur créé", objetIndicateur, in.Code, changements(Indicateur{}, in))
	})
	if err != nil {
		return fmt.Errorf("create indicator %s: %w", in.Code, err)
	}
	return nil
}

// UpdateIndicateur writes over the version that the form was written on.
func (s *Service) UpdateIndicateur(ctx context.Context, par droits.Compte, on int, in Indicateur) error {
	in = in.propre()
	return s.changeIndicateur(ctx, par, in.Code, on, "indicateur modifié", func(kept Indicateur) (Indicateur, error) {
		in.RetireLe, in.Version = kept.RetireLe, kept.Version
		if kept.Nature != in.Nature && kept.Nature != "" {
			return in, fault.Fields{"nature": "La nature d’un indicateur ne change pas : ses chiffres n’auraient plus de sens. Retirez-le et créez-en un autre."}
		}
		return in, in.check()
	})
}

// RetireIndicateur takes an indicator out of the returns to come, or back; its figures stay.
func (s *Service) RetireIndicateur(ctx context.Context, par droits.Compte, code string, on int, retire bool) error {
	verbe := "indicateur remis au catalogue"
	if retire {
		verbe = "indicateur retiré"
	}
	return s.changeIndicateur(ctx, par, code, on, verbe, func(kept Indicateur) (Indicateur, error) {
		kept.RetireLe = nil
		if retire {
			today := typo.Aujourdhui()
			kept.RetireLe = &today
		}
		return kept, nil
	})
}

func (s *Service) changeIndicateur(ctx context.Context, par droits.Compte, code string, on int, verbe string, change func(Indicateur) (Indicateur, error)) error {
	err := pg.As(ctx, s.db, par, func(tx pgx.Tx) error {
		kept, err := lockIndicateur(ctx, tx, code)
		if err != nil {
			return err
		}
		if kept.Version != on {
			return fault.Stale
		}
		after, err := change(kept)
		if err != nil {
			return err
		}
		if err := updateIndicateur(ctx, tx, after); err != nil {
			return err
		}
		return journal.NoteCode(ctx, tx, par, verbe, objetIndicateur, code, changements(kept, after))
	})
	if err != nil {
		return fmt.Errorf("%s %s: %w", verbe, code, err)
	}
	return nil
}

// changements are the fields that differ, as people would read them.
func changements(avant, apres Indicateur) journal.Changement {
	c := journal.Changement{}
	a, b := avant.valeurs(), apres.valeurs()
	for champ := range b {
		c.Champ(champ, a.Get(champ), b.Get(champ))
	}
	c.Champ("retire", avant.RetireLe != nil, apres.RetireLe != nil)
	delete(c, "code")
	delete(c, "version")
	return c
}
