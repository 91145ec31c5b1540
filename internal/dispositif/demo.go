package dispositif

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"portail/internal/config"
	"portail/internal/droits"
	"portail/internal/journal"
	"portail/internal/pg"
	"portail/web/typo"
)

// errHorsDemo refuses invented records elsewhere.
var errHorsDemo = errors.New("demonstration records are made in demonstration mode only (PORTAIL_MODE=demonstration)")

// postesDemo is the number of posts that the préfecture counted in December 2022; who holds which, and when, is invented.
const postesDemo = 31

// cleDemo is a UUID (version 8) that stands for an invented record for good.
func cleDemo(what string, n int) string {
	b := sha256.Sum256(fmt.Appendf(nil, "démonstration %s %d", what, n))
	b[6], b[8] = b[6]&0x0f|0x80, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:16])
}

// SeedDemo invents the records of the demonstration, in demonstration mode only; those that it made before are left as visitors made
// them since. db is the owner's. The organisations must be there (organisme.SeedDemo).
func SeedDemo(ctx context.Context, db *pgxpool.Pool, cfg config.Config) error {
	if !cfg.Demonstration {
		return errHorsDemo
	}
	err := pgx.BeginFunc(ctx, db, func(tx pgx.Tx) error {
		employeurs, err := listEmployeursDemo(ctx, tx)
		if err != nil || len(employeurs) == 0 {
			return err
		}
		quartiers, err := listQuartiersDemo(ctx, tx, cfg.Departement)
		if err != nil || len(quartiers) == 0 {
			return err
		}
		today := typo.Aujourdhui()
		for i, p := range inventPostes(today, employeurs, quartiers) {
			p.Departement = cfg.Departement
			if err := p.seed(ctx, tx, i); err != nil {
				return err
			}
		}
		if err := seedQuota(ctx, tx, cfg.Departement, today.Year()); err != nil {
			return err
		}
		return seedProgrammes(ctx, tx, today)
	})
	if err != nil {
		return fmt.Errorf("invent dispositifs of the demonstration: %w", err)
	}
	return nil
}

// posteDemo is an invented post.
type posteDemo struct {
	AdulteRelais
	Occupations []Occupation
	Pieces      int // quarters at the end whose papers did not come; -1: none
}

// inventPostes makes the posts: thirty-one that are signed, and some before and after.
func inventPostes(today time.Time, employeurs []employeurDemo, quartiers []quartierDemo) []posteDemo {
	var all []posteDemo
	for i := range postesDemo {
		e, q := employeurs[i%len(employeurs)], quartiers[i%len(quartiers)]
		p := posteDemo{Pieces: -1, AdulteRelais: AdulteRelais{EmployeurID: e.ID, Categorie: e.categorie(), QPV: []int32{q.ID}, Quotite: 100, Etat: etatPourvue,
			Missions: [][]string{{"accueil", "demarches"}, {"conflits", "cadre_de_vie"}, {"parentalite"}, {"demarches", "vie_associative"}}[i%4]}}
		// Ends are spread over the three years to come, the first ones near.
		p.Fin = today.AddDate(0, 1+i, i%20)
		p.Debut = p.Fin.AddDate(-dureeMax, 0, 1)
		if p.Debut.Month() == time.February && p.Debut.Day() == 29 {
			p.Debut = p.Debut.AddDate(0, 0, 1) // to Postgres, three years from that day end on 27 February
		}
		signed := p.Debut.AddDate(0, 0, -10)
		p.SigneeLe, p.AccordeeLe, p.AvisLe = &signed, ptr(signed.AddDate(0, 0, -15)), ptr(signed.AddDate(0, 0, -40))
		p.Avis, p.Numero = ptr("favorable"), fmt.Sprintf("DEMO-%s-%03d", p.Debut.Format("06"), i+1)
		if i%9 == 4 {
			p.Quotite = []float64{50, 80}[i%2]
		}
		hired := p.Debut.AddDate(0, 0, 5*(i%4))
		if hired.After(today) {
			p.Etat, p.Occupations = etatSignee, nil
			all = append(all, p)
			continue
		}
		o := Occupation{Debut: hired, ConditionsLe: hired.AddDate(0, 0, -3)}
		switch {
		case i%8 == 3: // vacant, some for long
			o.Fin = ptr(later(hired, today.AddDate(0, -1-i%6, 0)))
			p.Etat = etatVacante
		case i%10 == 7: // papers late
			p.Pieces = 1 + i%2
		}
		p.Occupations = []Occupation{o}
		all = append(all, p)
	}
	for i, etat := range []string{etatDemande, etatAvis, etatAccordee, etatRefusee, etatResiliee, etatTerminee} {
		e, q := employeurs[(i*3+1)%len(employeurs)], quartiers[i%len(quartiers)]
		p := posteDemo{Pieces: -1, AdulteRelais: AdulteRelais{EmployeurID: e.ID, Categorie: e.categorie(), QPV: []int32{q.ID}, Quotite: 100, Etat: etat,
			Missions: []string{"accueil", "demarches"}, Debut: today.AddDate(0, 2, 0)}}
		if etat == etatResiliee || etat == etatTerminee {
			p.Debut = today.AddDate(-dureeMax, -2, 0)
			signed, hired := p.Debut.AddDate(0, 0, -8), p.Debut
			p.SigneeLe, p.Numero = &signed, fmt.Sprintf("DEMO-%s-%03d", p.Debut.Format("06"), postesDemo+i)
			p.Occupations = []Occupation{{Debut: hired, ConditionsLe: hired, Fin: ptr(finMax(hired))}}
		}
		p.Fin = finMax(p.Debut)
		if etat != etatDemande {
			p.Avis, p.AvisLe = ptr("favorable"), ptr(today.AddDate(0, 0, -12))
		}
		switch etat {
		case etatAccordee:
			p.AccordeeLe = ptr(today.AddDate(0, 0, -3))
		case etatRefusee:
			p.CloseLe, p.Motif = ptr(today.AddDate(0, 0, -2)), "Les missions proposées relèvent du service public de l’employeur (exemple inventé)."
		case etatResiliee:
			p.CloseLe, p.Motif = ptr(p.Debut.AddDate(1, 0, 0)), "Pièces non reçues deux trimestres de suite (exemple inventé)."
			p.Occupations[0].Fin = p.CloseLe
		case etatTerminee:
			p.CloseLe = ptr(p.Fin)
		}
		all = append(all, p)
	}
	return all
}

func ptr[T any](v T) *T { return &v }

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// seed writes an invented post with what hangs from it, once.
func (p posteDemo) seed(ctx context.Context, tx pgx.Tx, n int) error {
	_, done, err := pg.Once(ctx, tx, "adulte_relais", cleDemo("poste", n))
	if err != nil || done {
		return err
	}
	id, err := insertARDemo(ctx, tx, p.AdulteRelais, cleDemo("poste", n))
	if err != nil {
		return err
	}
	for _, o := range p.Occupations {
		if err := insertOccupation(ctx, tx, id, o, 0); err != nil {
			return err
		}
	}
	if err := insertPiecesDemo(ctx, tx, id, p.Pieces); err != nil {
		return err
	}
	return journal.Note(ctx, tx, droits.Compte{}, "convention inventée pour la démonstration", objetAdulteRelais, id, journal.Changement{"numero": {nil, p.Numero}})
}

// programmeDemo is an invented programme.
type programmeDemo struct {
	nom, porteur, nature, commune string
	domaines                      []string
}

var programmesDemo = []programmeDemo{
	{"Réussite éducative d’Épinal", "Caisse des écoles d’Épinal (démonstration)", "caisse_ecoles", "88160", []string{"sante", "scolarite", "parentalite"}},
	{"Réussite éducative de Saint-Dié-des-Vosges", "CCAS de Saint-Dié-des-Vosges (démonstration)", "ccas", "88413", []string{"scolarite", "parentalite", "culture", "sport"}},
	{"Réussite éducative de Remiremont", "CCAS de Remiremont (démonstration)", "ccas", "88383", []string{"sante", "scolarite"}},
}

// seedProgrammes invents the programmes of the département with their budgets and meetings.
func seedProgrammes(ctx context.Context, tx pgx.Tx, today time.Time) error {
	for i, d := range programmesDemo {
		_, done, err := pg.Once(ctx, tx, "pre", cleDemo("programme", i))
		if err != nil {
			return err
		}
		if done {
			continue
		}
		p := Programme{Nom: d.nom, PorteurNature: d.nature, Domaines: d.domaines, Debut: time.Date(today.Year()-3, 9, 1, 0, 0, 0, 0, time.UTC), Publie: true,
			CoordinationFonction: "Coordination de la réussite éducative", ContactCourriel: "reussite-educative@exemple.fr",
			Presentation: "Programme inventé pour la démonstration. Une équipe pluridisciplinaire accompagne les enfants et leurs parents."}
		id, err := insertPREDemo(ctx, tx, p, d.porteur, d.commune, cleDemo("programme", i))
		if err != nil {
			return err
		}
		if id == 0 {
			continue // its carrier or its commune is not loaded
		}
		if err := seedAgregats(ctx, tx, id, i, today); err != nil {
			return err
		}
		for y := today.Year() - 2; y <= today.Year(); y++ {
			if err := replaceBudget(ctx, tx, id, int64(y), []montantAnnuel{{Financeur: "etat", Centimes: int64(60-10*i) * 100_000}, {Financeur: "commune", Centimes: int64(25-5*i) * 100_000}, {Financeur: "caf", Centimes: 8 * 100_000}}); err != nil {
				return err
			}
			for _, m := range []time.Month{2, 5, 10} {
				if day := time.Date(y, m, 12+i, 0, 0, 0, 0, time.UTC); day.Before(today) {
					if err := insertReunion(ctx, tx, id, "equipe", day); err != nil {
						return err
					}
				}
			}
			if day := time.Date(y, 6, 20, 0, 0, 0, 0, time.UTC); day.Before(today) {
				if err := insertReunion(ctx, tx, id, "conseil", day); err != nil {
					return err
				}
			}
		}
		if err := journal.Note(ctx, tx, droits.Compte{}, "programme inventé pour la démonstration", objetPRE, id, journal.Changement{"nom": {nil, d.nom}}); err != nil {
			return err
		}
	}
	return nil
}
