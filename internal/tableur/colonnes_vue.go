package tableur

import (
	"fmt"
	"net/url"
	"strconv"
	"strings"

	"portail/internal/fault"
	"portail/web"
	"portail/web/typo"
)

// proposer finds the columns to show: those just sent, those kept, else those that look right.
func (v *vue) proposer(query url.Values) (err error) {
	if v.apercu, err = v.b.apercu(); err != nil {
		return err
	}
	if v.k, err = v.b.correspondance(); err != nil {
		return err
	}
	kept := len(v.k.Colonnes) > 0
	if !kept {
		v.k = v.m.Proposer(v.apercu)
	}
	sheet, err := choix(query, champFeuille, v.k.Feuille, len(v.apercu.Feuilles))
	if err != nil {
		return err
	}
	head := v.k.Entete
	if sheet != v.k.Feuille {
		head = v.m.Proposer(Classeur{Feuilles: v.apercu.Feuilles[sheet : sheet+1]}).Entete
	}
	if head, err = choix(query, champEntete, head, len(v.apercu.Feuilles[sheet].Rangees)); err != nil {
		return err
	}
	if sheet != v.k.Feuille || head != v.k.Entete {
		v.k = v.m.ProposerDans(v.apercu, sheet, head)
	}
	if query.Has(champColonne(v.m.Colonnes[0].Code)) {
		if sent, err := v.m.lireColonnes(query); err == nil {
			v.k.Colonnes = sent.Colonnes
		}
	}
	return nil
}

// choix reads a number of a list out of the address.
func choix(query url.Values, name string, otherwise, n int) (int, error) {
	text := query.Get(name)
	if text == "" {
		return otherwise, nil
	}
	i, err := strconv.Atoi(text)
	if err != nil {
		return 0, fmt.Errorf("parameter %s: %w", name, fault.Malformed)
	}
	if i < 0 || i >= n {
		return 0, fmt.Errorf("parameter %s: %w", name, fault.NotFound)
	}
	return i, nil
}

// feuilles are the sheets to choose from.
func (v vue) feuilles() web.SelectProps {
	p := web.SelectProps{Control: web.Control{Name: champFeuille, Label: "Feuille du classeur"}}
	for i, f := range v.apercu.Feuilles {
		if len(f.Rangees) < 2 {
			continue // nothing under its headings, or emptied since another was chosen
		}
		p.Options = append(p.Options, web.Option{Value: strconv.Itoa(i), Label: f.Nom, Selected: i == v.k.Feuille})
	}
	return p
}

// entetes are the rows that may give the headings.
func (v vue) entetes() web.SelectProps {
	p := web.SelectProps{Control: web.Control{Name: champEntete, Label: "Ligne des intitulés de colonnes"}}
	for i, row := range v.apercu.Feuilles[v.k.Feuille].Rangees[:min(len(v.apercu.Feuilles[v.k.Feuille].Rangees), maxEntete)] {
		p.Options = append(p.Options, web.Option{Value: strconv.Itoa(i), Label: fmt.Sprintf("Ligne\u00a0%d\u00a0: %s", row.Numero, debut(row)), Selected: i == v.k.Entete})
	}
	return p
}

// debut is how a row begins.
func debut(row Rangee) string {
	var words []string
	for _, c := range row.Cellules {
		if c.Sorte != Vide && len(words) < 4 {
			words = append(words, court(c.Texte, 20))
		}
	}
	return strings.Join(words, ", ")
}

func court(s string, most int) string {
	s = replier(s)
	if r := []rune(s); len(r) > most {
		return string(r[:most]) + "…"
	}
	return s
}

// largeur is how many columns the sheet shown has.
func (v vue) largeur() (n int) {
	for _, row := range v.apercu.Feuilles[v.k.Feuille].Rangees {
		n = max(n, len(row.Cellules))
	}
	return n
}

// choixColonne is the list of the columns of the file for a column of the Modele.
func (v vue) choixColonne(c Colonne) web.SelectProps {
	name := champColonne(c.Code)
	p := web.SelectProps{Control: web.Control{Name: name, Label: c.Titre, Hint: c.Aide, Error: v.form.Fautes[name], Required: c.Obligatoire}, Vide: "Ne pas lire"}
	if c.Obligatoire {
		p.Vide = "Choisir une colonne"
	} else {
		p.Label += " (facultatif)"
	}
	place, read := v.k.Colonnes[c.Code]
	for i := range v.largeur() {
		p.Options = append(p.Options, web.Option{Value: strconv.Itoa(i), Label: v.nomColonne(i), Selected: read && i == place})
	}
	return p
}

// nomColonne tells a column of the file: its letter, its heading, and its first value.
func (v vue) nomColonne(i int) string {
	rows := v.apercu.Feuilles[v.k.Feuille].Rangees
	s := Lettre(i) + " – "
	if heading := court(rows[v.k.Entete].at(i).Texte, 60); heading != "" {
		s += heading
	} else {
		s += "sans intitulé"
	}
	for _, row := range rows[v.k.Entete+1:] {
		if c := row.at(i); c.Sorte != Vide {
			return s + " (ex." + typo.NBSP + ": " + court(enTexte(c.Sorte, c.Texte), 24) + ")"
		}
	}
	return s
}

// nonLues are the columns of the file that nothing reads, as proposed.
func (v vue) nonLues() string {
	read := map[int]bool{}
	for _, place := range v.k.Colonnes {
		read[place] = true
	}
	var left []string
	head := v.apercu.Feuilles[v.k.Feuille].Rangees[v.k.Entete]
	for i := range v.largeur() {
		if heading := court(head.at(i).Texte, 60); heading != "" && !read[i] {
			left = append(left, typo.Guillemets(heading))
		}
	}
	return typo.Liste(left)
}
