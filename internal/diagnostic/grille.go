package diagnostic

import (
	"context"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"

	"portail/internal/droits"
	"portail/internal/fault"
	"portail/internal/journal"
	"portail/internal/pg"
	"portail/internal/secret"
)

// lieu is a row of the grid: a quarter, or a territory around the quarters.
type lieu struct {
	Cle    string // "q12" or "t34"
	Niveau string // qpv, or a code of lexique.Niveaux
	Code   string
	Nom    string
	Parent string // the nearest place of the grid that holds the whole of it; empty: none
}

// grille is a return with all its cells.
type grille struct {
	Remontee
	Indicateurs []Indicateur
	Lieux       []lieu
	Cellules    map[cle]cellule
	Avant       map[cle]float64 // the last published figure of a former vintage
}

// attendue says whether a cell must be filled in before the return is ready: those of the quarters.
func (g grille) attendue(i Indicateur, l lieu) bool { return l.Niveau == niveauQPV && i.DesQuartiers }

// tenue says whether the grid has such a cell.
func (g grille) tenue(i Indicateur, l lieu) bool { return l.Niveau != niveauQPV || i.DesQuartiers }

const niveauQPV = "qpv"

// reste are the cells that keep a return from being ready: empty ones, and jumps without a word.
func (g grille) reste() map[cle]string {
	told := map[cle]string{}
	for _, i := range g.Indicateurs {
		for _, l := range g.Lieux {
			k := cle{i.Code, l.Cle}
			c := g.Cellules[k]
			switch {
			case g.attendue(i, l) && !c.remplie():
				told[k] = "à remplir"
			case g.aConfirmer(i, k, c):
				told[k] = "variation à confirmer par un mot"
			}
		}
	}
	return told
}

func (g grille) aConfirmer(i Indicateur, k cle, c cellule) bool {
	avant, known := g.Avant[k]
	return known && c.Valeur != nil && i.saute(*c.Valeur, avant) && c.Confirmation == ""
}

// masquees are the cells that statistical secrecy hides from everybody but the producer: the small counts, the shares made of them, and
// as many others as it takes for no total or difference to give them away (R-F-2).
func (g grille) masquees() map[cle]bool {
	out := map[cle]bool{}
	for _, family := range g.familles() {
		table, places := g.tableau(family)
		for n, hidden := range table.Masquer() {
			if hidden && n < len(places) && places[n] != (cle{}) {
				out[places[n]] = true
			}
		}
	}
	return out
}

// familles are the indicators whose cells can tell of one another: parts of the same count go together.
func (g grille) familles() map[string][]Indicateur {
	all := map[string][]Indicateur{}
	for _, i := range g.Indicateurs {
		if i.Seuil == 0 || i.Nature != "effectif" && !i.Fraction {
			continue
		}
		root := i.Code
		if i.Total != "" {
			root = i.Total
		}
		all[root] = append(all[root], i)
	}
	return all
}

// tableau sets the counts of a family with the sums between them. places names the cell of each count.
func (g grille) tableau(family []Indicateur) (t secret.Tableau, places []cle) {
	at := map[string]int{}
	add := func(name string, v float64, total, never bool, k cle) int {
		t.Cellules = append(t.Cellules, secret.Cellule{Valeur: int64(v), Total: total, Jamais: never})
		places = append(places, k)
		at[name] = len(t.Cellules) - 1
		return at[name]
	}
	for _, i := range family {
		t.Seuil = max(t.Seuil, int64(i.Seuil))
		for _, l := range g.Lieux {
			c, k := g.Cellules[cle{i.Code, l.Cle}], cle{i.Code, l.Cle}
			switch {
			case c.Valeur == nil:
			case i.Fraction:
				add("n"+i.Code+l.Cle, *c.Numerateur, false, false, k)
				add("d"+i.Code+l.Cle, *c.Denominateur, true, false, k)
			default:
				add("v"+i.Code+l.Cle, *c.Valeur, i.Total == "", false, k)
			}
		}
	}
	value := func(name string) (float64, bool) {
		n, known := at[name]
		if !known {
			return 0, false
		}
		return float64(t.Cellules[n].Valeur), true
	}
	// sum says that a cell is made of others and of what is left, which is never published.
	sum := func(total string, parts []string) {
		whole, known := value(total)
		s := secret.Somme{Total: at[total]}
		for _, p := range parts {
			if v, there := value(p); there {
				whole -= v
				s.Parties = append(s.Parties, at[p])
			}
		}
		if !known || len(s.Parties) == 0 || whole < 0 {
			return
		}
		if whole > 0 {
			s.Parties = append(s.Parties, add("reste "+total+strings.Join(parts, " "), whole, false, true, cle{}))
		}
		t.Sommes = append(t.Sommes, s)
	}
	for _, i := range family {
		for _, prefix := range []string{"v", "n", "d"} {
			for _, l := range g.Lieux {
				sum(prefix+i.Code+l.Cle, g.enfants(prefix+i.Code, l))
			}
		}
	}
	for _, l := range g.Lieux {
		var parts []string
		for _, i := range family {
			if i.Fraction {
				sum("d"+i.Code+l.Cle, []string{"n" + i.Code + l.Cle})
			} else if i.Total != "" {
				parts = append(parts, "v"+i.Code+l.Cle)
			}
		}
		if len(parts) > 0 {
			for _, i := range family {
				if i.Total == "" {
					sum("v"+i.Code+l.Cle, parts)
				}
			}
		}
	}
	return t, places
}

// enfants are the cells of the places that a place holds.
func (g grille) enfants(prefix string, of lieu) []string {
	var all []string
	for _, l := range g.Lieux {
		if l.Parent == of.Cle {
			all = append(all, prefix+l.Cle)
		}
	}
	return all
}

// conflit is what somebody else saved meanwhile, by cell: nothing is written, and both are shown.
type conflit map[cle]cellule

func (conflit) Error() string { return "cells of the grid changed meanwhile" }

// Bilan is what saving a grid did.
type Bilan struct {
	Ecrites  int
	Reprises int      // cells that somebody else changed meanwhile and this form did not touch: kept
	Avis     []string // how texts were understood
}

// Enregistrer saves the cells that were typed, on the grid as it was at the saving base: cells are merged one by one, and a cell that two
// people changed is a conflit. Any fault refuses the whole, so that the form comes back as it was typed.
func (s *Service) Enregistrer(ctx context.Context, par droits.Compte, id int64, base int, typed map[cle]textes) (b Bilan, err error) {
	err = pg.As(ctx, s.db, par, func(tx pgx.Tx) error { return enregistrer(ctx, tx, par, id, base, typed, &b) })
	if err != nil {
		return b, fmt.Errorf("save the grid of remontee %d: %w", id, err)
	}
	return b, nil
}

// aJour says that cells come from what was just read, not from a form shown before.
const aJour = -1

// enregistrer is Enregistrer within a transaction.
func enregistrer(ctx context.Context, tx pgx.Tx, par droits.Compte, id int64, base int, typed map[cle]textes, b *Bilan) error {
	kept, err := lockRemontee(ctx, tx, id)
	if err != nil {
		return err
	}
	if base == aJour {
		base = kept.Saisie
	}
	switch {
	case kept.OrganismeID != par.Organisme || !par.Peut(droits.RemonteeSaisir):
		return fault.Forbidden
	case !kept.ouverte():
		return fault.Fields{"": "Cette remontée est dans l’état « " + kept.Etat.Texte() + " » : rouvrez la saisie avant de changer un chiffre."}
	case base < 0 || base > kept.Saisie:
		return fault.Malformed
	}
	g, err := readGrille(ctx, tx, kept)
	if err != nil {
		return err
	}
	former := map[cle]cellule{}
	if base < kept.Saisie {
		if former, err = readCellulesAu(ctx, tx, id, base); err != nil {
			return err
		}
	}
	changed, err := g.fusionner(base, former, typed, b)
	if err != nil || len(changed) == 0 {
		return err
	}
	b.Ecrites = len(changed)
	if err := writeCellules(ctx, tx, par, kept, changed); err != nil {
		return err
	}
	return journal.Note(ctx, tx, par, "chiffres saisis", objetRemontee, id, journal.Changement{"cellules": {nil, len(changed)}})
}

// fusionner finds the cells to write among those that were typed.
func (g grille) fusionner(base int, former map[cle]cellule, typed map[cle]textes, b *Bilan) (map[cle]cellule, error) {
	faults, both, changed := fault.Fields{}, conflit{}, map[cle]cellule{}
	for _, i := range g.Indicateurs {
		for _, l := range g.Lieux {
			k := cle{i.Code, l.Cle}
			t, sent := typed[k]
			now := g.Cellules[k]
			if !sent || !g.tenue(i, l) || memeSaisie(t, now.textes(i)) {
				continue
			}
			if now.Saisie > base {
				if memeSaisie(t, former[k].textes(i)) {
					b.Reprises++
					continue
				}
				both[k] = now
			}
			read := t.lire(i)
			for kind, told := range read.Fautes {
				faults.Add(k.champ(kind), told)
			}
			if read.Avis != "" {
				b.Avis = append(b.Avis, i.Libelle+", "+l.Nom+" : "+read.Avis)
			}
			changed[k] = read.cellule
		}
	}
	if len(faults) > 0 {
		return nil, faults
	}
	if len(both) > 0 {
		return nil, both
	}
	return changed, nil
}

func memeSaisie(a, b textes) bool {
	clean := func(s string) string { return strings.Join(strings.Fields(s), " ") }
	return clean(a.V) == clean(b.V) && clean(a.N) == clean(b.N) && clean(a.D) == clean(b.D) && clean(a.Mot) == clean(b.Mot)
}
