package dispositif

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"portail/internal/droits"
	"portail/internal/fault"
	"portail/internal/journal"
	"portail/internal/lexique"
	"portail/internal/saisie"
	"portail/web/typo"
)

// Realisation is the record of a dispositif that has none of its own: who holds it, where, when.
type Realisation struct {
	ID                int64
	DispositifID      int64
	Dispositif        string
	Intitule          string
	PorteurID         int64
	Porteur           string
	Description       string // Markdown-lite
	Etat              string // code of lexique.EtatsRealisation
	Debut             time.Time
	Fin               *time.Time
	QPV               []int32
	QPVNoms, QPVCodes []string
	Centimes          int64 // of all years and funders
	Publie            bool
	Demonstration     bool
	Version           int
}

// SaisieRealisation is what is typed of a record.
type SaisieRealisation struct {
	Intitule    string
	Porteur     int64
	Description string
	Etat        string
	Debut, Fin  time.Time // Fin may be zero
	QPV         []int32
	Publie      bool
}

func (in SaisieRealisation) propre() SaisieRealisation {
	in.Intitule, in.Description = saisie.Ligne(in.Intitule), saisie.Paragraphes(in.Description)
	in.QPV = slices.Compact(slices.Sorted(slices.Values(in.QPV)))
	return in
}

func (in SaisieRealisation) check(f fault.Fields) error {
	if in.Intitule == "" {
		f.Add("intitule", "Indiquez l’intitulé.")
	}
	saisie.Longueur(f, "intitule", in.Intitule, maxNom)
	if in.Porteur == 0 {
		f.Add("porteur", "Choisissez le porteur dans la liste.")
	}
	if !lexique.Connu(lexique.EtatsRealisation, in.Etat) {
		f.Add("etat", "Choisissez l’état.")
	}
	if !in.Fin.IsZero() && in.Fin.Before(in.Debut) {
		f.Add("fin", "La fin vient avant le début.")
	}
	saisie.Longueur(f, "description", in.Description, maxTexte)
	return f.Err()
}

// champsRealisation are the labels of the fields of journal lines of a record.
var champsRealisation = map[string]string{
	"dispositif": "Dispositif", "intitule": "Intitulé", "porteur": "Porteur", "description": "Description", "etat": "État", "debut": "Début", "fin": "Fin", "quartiers": "Quartiers",
	"publie": "Publié", "annee": "Année", "montants": "Montants", "agregats": "Agrégats",
}

func differenceRealisation(before, after Realisation) journal.Changement {
	c := journal.Changement{}
	c.Champ("dispositif", before.Dispositif, after.Dispositif)
	c.Champ("intitule", before.Intitule, after.Intitule)
	c.Champ("porteur", before.Porteur, after.Porteur)
	c.Champ("description", before.Description, after.Description)
	c.Champ("etat", lexique.Libelle(lexique.EtatsRealisation, before.Etat), lexique.Libelle(lexique.EtatsRealisation, after.Etat))
	c.Champ("debut", typo.Date(before.Debut), typo.Date(after.Debut))
	c.Champ("fin", dateOuRien(before.Fin), dateOuRien(after.Fin))
	c.Champ("quartiers", typo.Liste(before.QPVNoms), typo.Liste(after.QPVNoms))
	c.Champ("publie", ouiNon(before.Publie), ouiNon(after.Publie))
	return c
}

var registreRealisation = registre[Realisation]{Objet: objetRealisation, Find: findRealisation, Lock: lockRealisation,
	VersionOf: func(r Realisation) int { return r.Version }, Difference: differenceRealisation}

// CreateRealisation adds a record to a dispositif, once for each key.
func (s *Service) CreateRealisation(ctx context.Context, par droits.Compte, dispositif int64, in SaisieRealisation, f fault.Fields, cle string) (int64, error) {
	in = in.propre()
	if err := in.check(f); err != nil {
		return 0, err
	}
	return registreRealisation.create(ctx, s.db, par, "fiche de dispositif créée", cle, func(tx pgx.Tx) (int64, error) {
		d, err := findDispositif(ctx, tx, dispositif)
		if err == nil {
			err = d.checkGenerique()
		}
		if err != nil {
			return 0, err
		}
		return insertRealisation(ctx, tx, dispositif, in, cle)
	})
}

// checkGenerique refuses a dispositif whose records are of a kind of their own.
func (d Dispositif) checkGenerique() error {
	if d.Nature != "generique" {
		return fmt.Errorf("dispositif %d has records of its own: %w", d.ID, fault.NotFound)
	}
	return nil
}

// UpdateRealisation corrects a record.
func (s *Service) UpdateRealisation(ctx context.Context, par droits.Compte, id int64, version int, in SaisieRealisation, f fault.Fields) error {
	in = in.propre()
	if err := in.check(f); err != nil {
		return err
	}
	return registreRealisation.correct(ctx, s.db, par, id, version, "fiche de dispositif modifiée", func(tx pgx.Tx, kept Realisation) error { return updateRealisation(ctx, tx, kept, in) })
}

// montantAnnuel is what a funder gives in a year, in cents.
type montantAnnuel struct {
	Annee     int16
	Financeur string // of a programme: code of lexique.FinanceursPRE
	Centimes  int64
}

// agregat is a count or a measure of a year.
type agregat struct {
	Annee     int16
	Libelle   string
	Valeur    float64
	Personnes bool // counts people: masked below the threshold outside the producer's own pages
}

// seuilSecret is the number of people below which a count is masked, by default (R-F-2).
const seuilSecret = 11

// masques are the years of which one count of people is below the threshold. All counts of people of such a year are masked: a single
// one could be worked out from a total and the others.
func masques(all []agregat) map[int16]bool {
	years := map[int16]bool{}
	for _, a := range all {
		if a.Personnes && a.Valeur > 0 && a.Valeur < seuilSecret {
			years[a.Annee] = true
		}
	}
	return years
}

// montre writes an aggregate; masked says that the counts of people of its year are.
func (a agregat) montre(masked bool) string {
	if a.Personnes && masked {
		return "n.c."
	}
	return typo.Auto(a.Valeur, 2)
}

// SetMontants replaces the amounts of a year.
func (s *Service) SetMontants(ctx context.Context, par droits.Compte, id int64, version int, year int64, all []montantAnnuel) error {
	return registreRealisation.change(ctx, s.db, par, id, version, "montants enregistrés", func(tx pgx.Tx, r Realisation) (journal.Changement, error) {
		var told []string
		for _, m := range all {
			told = append(told, m.Financeur+typo.NBSP+": "+typo.Euros(float64(m.Centimes)/100, 2))
		}
		if err := replaceMontants(ctx, tx, r, year, all); err != nil {
			return nil, err
		}
		return journal.Changement{"annee": {nil, anneeTexte(year)}, "montants": {nil, strings.Join(told, "\u00a0; ")}}, nil
	})
}

// SetAgregats replaces the aggregates of a year. Masked counts stay out of the journal, which others read.
func (s *Service) SetAgregats(ctx context.Context, par droits.Compte, id int64, version int, year int64, all []agregat) error {
	return registreRealisation.change(ctx, s.db, par, id, version, "agrégats enregistrés", func(tx pgx.Tx, r Realisation) (journal.Changement, error) {
		var told []string
		masked := masques(all)
		for _, a := range all {
			told = append(told, a.Libelle+typo.NBSP+": "+a.montre(masked[a.Annee]))
		}
		if err := replaceAgregats(ctx, tx, r, year, all); err != nil {
			return nil, err
		}
		return journal.Changement{"annee": {nil, anneeTexte(year)}, "agregats": {nil, strings.Join(told, "\u00a0; ")}}, nil
	})
}

// ligneLibre reads one line of a field where each line is "what: figure"; ok is false when it is not written so.
func ligneLibre(line string) (what, figure string, ok bool) {
	i := strings.LastIndexAny(line, ":\uff1a")
	if i < 0 {
		return "", "", false
	}
	what, figure = saisie.Ligne(line[:i]), strings.TrimSpace(strings.TrimLeft(line[i:], ":\uff1a"))
	return what, figure, what != "" && figure != ""
}

// lignesLibres reads such a field; what is badly written is told with its line.
func lignesLibres(f fault.Fields, champ, texte string, read func(what, figure string) error) {
	seen := map[string]bool{}
	for i, line := range strings.Split(saisie.Paragraphes(texte), "\n") {
		if strings.TrimSpace(line) == "" {
			continue
		}
		at := "Ligne" + typo.NBSP + typo.Nombre(int64(i+1)) + typo.NBSP + ": "
		what, figure, ok := ligneLibre(line)
		switch {
		case !ok:
			f.Add(champ, at+"écrivez ce dont il s’agit, deux points, puis le nombre.")
		case seen[strings.ToLower(what)]:
			f.Add(champ, at+typo.Guillemets(what)+" est déjà au-dessus.")
		default:
			seen[strings.ToLower(what)] = true
			if err := read(what, figure); err != nil {
				f.Add(champ, at+err.Error()+".")
			}
		}
	}
}
