package tableur

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"portail/internal/fault"
	"portail/web/typo"
)

// Essai is what an import would do.
type Essai struct {
	Lignes     int // of the file that hold something, headings aside
	Fautes     []Faute
	Ecarts     []Ecart // added, changed, then vanished
	Identiques int
}

// Compte counts the differences of a kind.
func (e Essai) Compte(sorte string) (n int) {
	for _, d := range e.Ecarts {
		if d.Sorte == sorte {
			n++
		}
	}
	return n
}

// Changements are the differences that are written: what vanished from the file is left alone.
func (e Essai) Changements() []Ecart {
	return slices.DeleteFunc(slices.Clone(e.Ecarts), func(d Ecart) bool { return d.Sorte == SorteDisparu })
}

// Empreinte is the same for two dry runs of the same outcome: applying one when the other was shown is refused.
func (e Essai) Empreinte() ([]byte, error) {
	h := sha256.New()
	if err := json.NewEncoder(h).Encode([]any{e.Fautes, e.Ecarts, e.Identiques}); err != nil {
		return nil, fmt.Errorf("seal of a dry run: %w", err)
	}
	return h.Sum(nil), nil
}

// pas is how many rows go by between two signs of progress.
const pas = 500

// Essayer reads the rows of a file and compares them with what the portal holds. It writes nothing. progres is told how many rows
// were read; may be nil.
func (m Modele) Essayer(c Classeur, k Correspondance, s Source, progres func(int)) Essai {
	t := &essai{m: m, k: k, s: s, known: make([]map[string]int, len(m.Cles)), met: map[string]int{}, seen: make([]bool, len(s.Lignes))}
	for i := range m.Cles {
		t.known[i] = map[string]int{}
		for j, l := range s.Lignes {
			if key := cle(l, m.Cles[i]); key != "" {
				t.known[i][key] = j
			}
		}
	}
	for i, row := range c.Feuilles[k.Feuille].Rangees[k.Entete+1:] {
		if progres != nil && i%pas == 0 {
			progres(i)
		}
		t.ligne(row)
	}
	for i, l := range s.Lignes {
		if !t.seen[i] {
			t.vanished = append(t.vanished, Ecart{Sorte: SorteDisparu, Libelle: m.libelle(l, s), Avant: &s.Lignes[i], Apres: l})
		}
	}
	t.out.Ecarts = slices.Concat(t.added, t.changed, t.vanished)
	return t.out
}

type essai struct {
	m                        Modele
	k                        Correspondance
	s                        Source
	known                    []map[string]int // per key: what the portal holds, by its folded text
	met                      map[string]int   // keys of the file → row
	seen                     []bool
	out                      Essai
	added, changed, vanished []Ecart
}

// ligne reads one row of the file.
func (t *essai) ligne(row Rangee) {
	l, faults, empty := t.lire(row)
	if empty {
		return
	}
	t.out.Lignes++
	if len(faults) == 0 {
		faults = t.comparer(l, row)
	}
	t.out.Fautes = append(t.out.Fautes, faults...)
}

// lire reads the cells of a row. A row of which no cell is read holds nothing.
func (t *essai) lire(row Rangee) (l Ligne, faults []Faute, empty bool) {
	l, empty = Ligne{Numero: row.Numero, Valeurs: map[string]string{}}, true
	for _, c := range t.m.Colonnes {
		place, read := t.k.Colonnes[c.Code]
		if !read {
			continue
		}
		cell := row.at(place)
		if cell.Sorte != Vide {
			empty = false
		}
		text, why := c.lire(cell, t.s.Lire[c.Code])
		switch {
		case why != "":
			faults = append(faults, t.faute(row, c, why))
		case text != "":
			l.Valeurs[c.Code] = text
		case c.Obligatoire:
			faults = append(faults, t.faute(row, c, "Cette cellule est vide alors qu’elle est obligatoire."))
		}
	}
	return l, faults, empty
}

// comparer finds the row of the portal that a row of the file is about, and what it would change.
func (t *essai) comparer(l Ligne, row Rangee) []Faute {
	found, faults := t.chercher(l, row)
	if len(faults) > 0 {
		return faults
	}
	after := Ligne{Numero: l.Numero, Valeurs: map[string]string{}}
	var before *Ligne
	if found >= 0 {
		before = &t.s.Lignes[found]
		t.seen[found] = true
		after.ID = before.ID
		maps.Copy(after.Valeurs, before.Valeurs)
	}
	maps.Copy(after.Valeurs, l.Valeurs) // an empty cell leaves what the portal holds
	if t.s.Juger != nil {
		if fields := t.s.Juger(after, before); len(fields) > 0 {
			return t.fautes(row, fields)
		}
	}
	e := Ecart{Sorte: SorteAjout, Libelle: t.m.libelle(after, t.s), Avant: before, Apres: after}
	for _, c := range t.m.Colonnes {
		was := ""
		if before != nil {
			was = before.Val(c.Code)
		}
		if now := after.Val(c.Code); now != was {
			e.Champs = append(e.Champs, Champ{c.Code, c.Titre, t.s.montre(c, was), t.s.montre(c, now)})
		}
	}
	switch {
	case before == nil:
		t.added = append(t.added, e)
	case len(e.Champs) > 0:
		e.Sorte = SorteChangement
		t.changed = append(t.changed, e)
	default:
		t.out.Identiques++
	}
	return nil
}

// chercher is the place of the row of the portal that a row of the file names; -1 for none.
func (t *essai) chercher(l Ligne, row Rangee) (int, []Faute) {
	found, by, named := -1, 0, false
	for i, key := range t.m.Cles {
		text := cle(l, key)
		if text == "" {
			continue
		}
		named = true
		if other, twice := t.met[strconv.Itoa(i)+" "+text]; twice {
			return -1, t.fautesCle(row, key, "Cette ligne est déjà dans le fichier, à la ligne"+typo.NBSP+strconv.Itoa(other)+".")
		}
		t.met[strconv.Itoa(i)+" "+text] = row.Numero
		at, there := t.known[i][text]
		switch {
		case !there:
		case found < 0:
			found, by = at, i
		case found != at:
			return -1, t.fautesCle(row, key, "Cette cellule désigne "+typo.Guillemets(t.m.libelle(t.s.Lignes[at], t.s))+" alors que "+t.m.titres(t.m.Cles[by])+
				" désigne "+typo.Guillemets(t.m.libelle(t.s.Lignes[found], t.s))+".")
		}
	}
	if !named {
		return -1, []Faute{{Ligne: row.Numero, Phrase: "Il manque de quoi reconnaître cette ligne" + typo.NBSP + ": " + t.m.clesEnMots() + "."}}
	}
	if found >= 0 && t.seen[found] {
		return -1, t.fautesCle(row, t.m.Cles[by], "Une autre ligne du fichier désigne déjà "+typo.Guillemets(t.m.libelle(t.s.Lignes[found], t.s))+".")
	}
	return found, nil
}

// cle is what a row is found by, folded; empty unless every column of the key is filled in.
func cle(l Ligne, key []string) string {
	parts := make([]string, len(key))
	for i, code := range key {
		if parts[i] = Normaliser(l.Val(code)); parts[i] == "" {
			return ""
		}
	}
	return strings.Join(parts, "|")
}

// titres are the titles of columns, in words.
func (m Modele) titres(codes []string) string {
	names := make([]string, len(codes))
	for i, code := range codes {
		c, _ := m.colonne(code)
		names[i] = typo.Guillemets(c.Titre)
	}
	return typo.Liste(names)
}

// libelle tells a row to people.
func (m Modele) libelle(l Ligne, s Source) string {
	var words []string
	for _, code := range m.Libelle {
		c, _ := m.colonne(code)
		if text := s.montre(c, l.Val(code)); text != "" {
			words = append(words, text)
		}
	}
	if len(words) == 0 {
		return "sans nom"
	}
	return strings.Join(words, " – ")
}

// montre writes a canonical text for people.
func (s Source) montre(c Colonne, canonique string) string {
	if own := s.Montre[c.Code]; own != nil && canonique != "" {
		return own(canonique)
	}
	return c.montre(canonique)
}

// maxTrouve is how much of a refused cell is repeated.
const maxTrouve = 60

func (t *essai) faute(row Rangee, c Colonne, why string) Faute {
	f := Faute{Ligne: row.Numero, Titre: c.Titre, Phrase: why}
	if place, read := t.k.Colonnes[c.Code]; read {
		f.Colonne, f.Trouve = Lettre(place), extrait(row.at(place).Texte)
	}
	return f
}

func (t *essai) fautesCle(row Rangee, key []string, why string) []Faute {
	c, _ := t.m.colonne(key[0])
	return []Faute{t.faute(row, c, why)}
}

// fautes are what a rule of the area refuses in a row.
func (t *essai) fautes(row Rangee, fields fault.Fields) (all []Faute) {
	for _, code := range fields.Names() {
		c, known := t.m.colonne(code)
		if !known {
			all = append(all, Faute{Ligne: row.Numero, Phrase: fields[code]})
			continue
		}
		all = append(all, t.faute(row, c, fields[code]))
	}
	return all
}

// extrait is a cell as a report repeats it.
func extrait(s string) string {
	s = replier(s)
	if utf8.RuneCountInString(s) > maxTrouve {
		return string([]rune(s)[:maxTrouve]) + "…"
	}
	return s
}
