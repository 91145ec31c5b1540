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
	"portail/internal/pg"
	"portail/internal/saisie"
	"portail/internal/secret"
	"portail/web/typo"
)

// rubrique is what a count of pathways is of: a code in each dimension, "" for all of it. The zero value is the total.
type rubrique struct{ Sexe, Age, Duree, Sortie string }

// effectifs are the counts of a year (R-PRE-3).
type effectifs map[rubrique]int64

// saisieAgregat is a count that is typed in: the others are their sums.
type saisieAgregat struct {
	Champ    string // of the form, and column of the import
	Libelle  string
	Groupe   string
	Rubrique rubrique
}

// Groups of counts. Those of the first are always typed; the two others may be left out as a whole.
const (
	groupeDuree  = "Durée des parcours"
	groupeSortie = "Situation ou motif de sortie"
)

// saisiesAgregat are the counts of a year, in the order of the form.
var saisiesAgregat = func() (all []saisieAgregat) {
	for _, sexe := range lexique.SexesPRE {
		for _, age := range lexique.AgesPRE {
			all = append(all, saisieAgregat{sexe.Code + "-" + age.Code, sexe.Libelle + ", " + age.Libelle, sexe.Libelle, rubrique{Sexe: sexe.Code, Age: age.Code}})
		}
	}
	for _, d := range lexique.DureesPRE {
		all = append(all, saisieAgregat{"duree-" + d.Code, d.Libelle, groupeDuree, rubrique{Duree: d.Code}})
	}
	for _, s := range lexique.SortiesPRE {
		all = append(all, saisieAgregat{"sortie-" + s.Code, s.Libelle, groupeSortie, rubrique{Sortie: s.Code}})
	}
	return all
}()

// maxParcours is far more than any programme follows in a year.
const maxParcours = 100_000

// check refuses counts of which some are missing or that do not add up, by field of the form. e holds what was typed.
func (e effectifs) check(f fault.Fields) error {
	sums, typed, missing := map[string]int64{}, map[string]bool{}, map[string][]string{}
	var total int64
	for _, s := range saisiesAgregat {
		n, given := e[s.Rubrique]
		switch {
		case given:
			sums[s.Groupe] += n
			typed[s.Groupe] = true
		case f[s.Champ] == "":
			missing[s.Groupe] = append(missing[s.Groupe], s.Champ)
		}
		if given && s.Rubrique.Sexe != "" {
			total += n
		}
	}
	for _, s := range saisiesAgregat {
		optional := s.Groupe == groupeDuree || s.Groupe == groupeSortie
		if slices.Contains(missing[s.Groupe], s.Champ) && (!optional || typed[s.Groupe]) {
			f.Add(s.Champ, s.Libelle+typo.NBSP+": indiquez un nombre, 0 s’il n’y en a pas.")
		}
	}
	if len(f) > 0 {
		return f.Err()
	}
	for _, g := range []string{groupeDuree, groupeSortie} {
		if typed[g] && sums[g] != total {
			for _, s := range saisiesAgregat {
				if s.Groupe == g {
					f.Add(s.Champ, g+typo.NBSP+": la somme ("+typo.Nombre(sums[g])+") diffère du total par sexe et âge ("+typo.Nombre(total)+"). Chaque parcours est compté une fois.")
					break
				}
			}
		}
	}
	return f.Err()
}

// entier adds the sums to what was typed.
func (e effectifs) entier() effectifs {
	all := effectifs{}
	for _, s := range saisiesAgregat {
		n, given := e[s.Rubrique]
		if !given {
			continue
		}
		all[s.Rubrique] = n
		if s.Rubrique.Sexe != "" {
			all[rubrique{Sexe: s.Rubrique.Sexe}] += n
			all[rubrique{Age: s.Rubrique.Age}] += n
			all[rubrique{}] += n
		}
	}
	return all
}

// rubriques are those of which there is a count, always in the same order.
func (e effectifs) rubriques() []rubrique {
	all := make([]rubrique, 0, len(e))
	for r := range e {
		all = append(all, r)
	}
	slices.SortFunc(all, func(a, b rubrique) int { return strings.Compare(a.cle(), b.cle()) })
	return all
}

func (r rubrique) cle() string { return strings.Join([]string{r.Sexe, r.Age, r.Duree, r.Sortie}, "|") }

// masquer is what anybody may see of whole counts: nil is hidden. Every sum that is published with its parts is taken into account.
func (e effectifs) masquer(seuil int64) map[rubrique]*int64 {
	rows := e.rubriques()
	place := make(map[rubrique]int, len(rows))
	t := secret.Tableau{Seuil: seuil}
	for i, r := range rows {
		place[r] = i
		sums := r == rubrique{} || r.Duree == "" && r.Sortie == "" && (r.Sexe == "" || r.Age == "")
		t.Cellules = append(t.Cellules, secret.Cellule{Valeur: e[r], Total: sums})
	}
	sum := func(total rubrique, part func(r rubrique) bool) {
		s := secret.Somme{Total: place[total]}
		for i, r := range rows {
			if part(r) {
				s.Parties = append(s.Parties, i)
			}
		}
		if len(s.Parties) > 0 {
			t.Sommes = append(t.Sommes, s)
		}
	}
	for _, m := range lexique.SexesPRE {
		sum(rubrique{Sexe: m.Code}, func(r rubrique) bool { return r.Sexe == m.Code && r.Age != "" })
	}
	for _, m := range lexique.AgesPRE {
		sum(rubrique{Age: m.Code}, func(r rubrique) bool { return r.Age == m.Code && r.Sexe != "" })
	}
	sum(rubrique{}, func(r rubrique) bool { return r.Sexe != "" && r.Age == "" })
	sum(rubrique{}, func(r rubrique) bool { return r.Age != "" && r.Sexe == "" })
	sum(rubrique{}, func(r rubrique) bool { return r.Duree != "" })
	sum(rubrique{}, func(r rubrique) bool { return r.Sortie != "" })
	hidden := t.Masquer()
	shown := make(map[rubrique]*int64, len(rows))
	for i, r := range rows {
		shown[r] = nil
		if n := e[r]; !hidden[i] {
			shown[r] = &n
		}
	}
	return shown
}

// programme is what the pages of counts need of a programme.
type programme struct {
	ID            int64
	Nom           string
	PorteurID     int64
	Porteur       string
	SeuilSecret   int64
	Debut         time.Time
	Fin           *time.Time
	Publie        bool
	Demonstration bool
}

// producteur says whether par belongs to the carrier, whose figures these are: it alone sees them bare.
func (p programme) producteur(par droits.Compte) bool {
	return par.Connecte() && par.Organisme == p.PorteurID
}

// annees are the years that may be returned, the latest first: those of the programme that have begun.
func (p programme) annees() (all []int) {
	last := typo.Aujourdhui().Year()
	if p.Fin != nil && p.Fin.Year() < last {
		last = p.Fin.Year()
	}
	for y := last; y >= max(p.Debut.Year(), premiereAnneePRE); y-- {
		all = append(all, y)
	}
	return all
}

// premiereAnneePRE is the year of the law that made the programmes.
const premiereAnneePRE = 2005

// retour is a year's return as it is kept.
type retour struct {
	Annee   int16
	Reserve string
	Publie  bool
	SaisiLe time.Time
	Version int
}

// maxReserve is the longest reservation, in characters.
const maxReserve = 500

// SetAgregatsPRE writes the counts of a year; version is that of the return that the form showed, 0 when there was none. What a référent
// returns waits for the préfecture to publish it.
func (s *Service) SetAgregatsPRE(ctx context.Context, par droits.Compte, id int64, annee, version int, in effectifs, reserve string, publie bool, f fault.Fields) error {
	reserve = saisie.Ligne(reserve)
	saisie.Longueur(f, "reserve", reserve, maxReserve)
	if err := in.check(f); err != nil {
		return err
	}
	err := pg.As(ctx, s.db, par, func(tx pgx.Tx) error {
		p, err := lockProgramme(ctx, tx, id)
		if err != nil {
			return err
		}
		if !slices.Contains(p.annees(), annee) {
			return fault.NotFound
		}
		kept, now, err := readRetour(ctx, tx, id, annee)
		if err != nil {
			return err
		}
		next := retour{Annee: int16(annee), Reserve: reserve, Publie: publie && par.Peut(droits.DispositifModifier), Version: kept.Version}
		whole := in.entier()
		if kept.Version > 0 && memes(now, whole) && kept.Reserve == next.Reserve && kept.Publie == next.Publie {
			return nil // as after a double click
		}
		if kept.Version != version {
			return fault.Stale
		}
		return ecrireRetour(ctx, tx, par, p, kept, next, whole)
	})
	if err != nil {
		return fmt.Errorf("counts of programme %d for %d: %w", id, annee, err)
	}
	return nil
}

// ecrireRetour writes a return over the one that is kept: counts, what is shown of them, version and journal line. The journal holds no
// count: others than the producer read it.
func ecrireRetour(ctx context.Context, tx pgx.Tx, par droits.Compte, p programme, kept, next retour, whole effectifs) error {
	if err := upsertRetour(ctx, tx, par, p, next, whole); err != nil {
		return err
	}
	verbe := "agrégats annuels corrigés"
	if kept.Version == 0 {
		verbe = "agrégats annuels enregistrés"
	}
	detail := journal.Changement{"annee": {nil, anneeTexte(next.Annee)}}
	detail.Champ("reserve", kept.Reserve, next.Reserve)
	detail.Champ("publie", kept.Publie, next.Publie)
	return journal.Note(ctx, tx, par, verbe, objetPRE, p.ID, detail)
}

func memes(a, b effectifs) bool {
	if len(a) != len(b) {
		return false
	}
	for r, n := range a {
		if m, there := b[r]; !there || m != n {
			return false
		}
	}
	return true
}
