package tableur

import (
	"fmt"
	"net/url"
	"strconv"
	"strings"

	"portail/internal/fault"
	"portail/internal/httpx"
	"portail/internal/lien"
	"portail/web"
	"portail/web/typo"
)

// Names of the parameters and fields of a draft's page.
const (
	paramVoir    = "voir"  // which differences
	paramEtape   = "etape" // the step to go back to
	champFeuille = "feuille"
	champEntete  = "entete"
)

// depotVue is the page that takes a file.
type depotVue struct {
	m          Modele
	cle        string
	fautes     fault.Fields
	brouillons []Brouillon
}

func (v depotVue) titre() string {
	if len(v.fautes) > 0 {
		return "Erreur" + typo.NBSP + ": " + v.m.Titre
	}
	return v.m.Titre
}

func (v depotVue) resume() []web.Fault {
	return httpx.Form{Fautes: v.fautes}.Resume()
}

// limites are those of a file, told before it is chosen.
func limites() string {
	return "ODS, XLSX ou CSV" + typo.NBSP + "; " + typo.Octets(25_000_000) + " et " + typo.Nombre(maxLignes) + " lignes au plus."
}

// colonnes is the table of what may be in a file.
func (m Modele) colonnes() web.TableProps {
	t := web.TableProps{ID: "colonnes", Caption: "Colonnes reconnues", CaptionHidden: true, Columns: []web.Column{{Titre: "Colonne"}, {Titre: "Obligatoire"}, {Titre: "Ce qu’elle contient"}}}
	for _, c := range m.Colonnes {
		must := "non"
		if c.Obligatoire {
			must = "oui"
		}
		t.Rows = append(t.Rows, []web.Cell{web.TextCell(c.Titre), web.TextCell(must), web.TextCell(c.consigne())})
	}
	return t
}

// consigne says what to write in a column.
func (c Colonne) consigne() string {
	var parts []string
	if c.Aide != "" {
		parts = append(parts, c.Aide)
	}
	switch c.Genre {
	case GenreChoix:
		labels := make([]string, len(c.Choix))
		for i, choice := range c.Choix {
			labels[i] = choice.Libelle
		}
		parts = append(parts, "L’une de ces valeurs"+typo.NBSP+": "+strings.Join(labels, typo.NBSP+"; ")+".")
	case GenreOuiNon:
		parts = append(parts, "oui ou non.")
	case GenreDate:
		parts = append(parts, "Une date, comme 22/11/2026.")
	case GenreEntier:
		parts = append(parts, "Un nombre entier.")
	case GenreDecimal:
		parts = append(parts, "Un nombre.")
	case GenrePourcent:
		parts = append(parts, "Un pourcentage.")
	}
	if len(parts) == 0 {
		return "Un texte."
	}
	return strings.Join(parts, " ")
}

func (v depotVue) attente() web.TableProps {
	t := web.TableProps{ID: "attente", Caption: "Vos derniers fichiers", CaptionHidden: true, Columns: []web.Column{{Titre: "Fichier"}, {Titre: "Déposé le"}, {Titre: "Où il en est"}}}
	for _, b := range v.brouillons {
		t.Rows = append(t.Rows, []web.Cell{web.LinkCell(b.Fichier, lien.ImportBrouillon(v.m.Base, b.ID)), web.TextCell(typo.DateHeure(b.CreeLe)), web.TextCell(etats[b.Etat])})
	}
	return t
}

// etats are the states of a draft, in words.
var etats = map[string]string{
	EtatLecture: "Lecture en cours", EtatColonnes: "Colonnes à confirmer", EtatControle: "Contrôle en cours", EtatPret: "Contrôlé, pas encore appliqué",
	EtatPerime: "À contrôler de nouveau", EtatApplication: "Enregistrement en cours", EtatApplique: "Appliqué", EtatRefuse: "Refusé",
}

// vue is the page of a draft.
type vue struct {
	m       Modele
	b       Brouillon
	form    httpx.Form
	depasse bool // what was asked came too late
	choisir bool // shows the choice of columns
	apercu  Classeur
	k       Correspondance
	voir    string
	page    int
	fautes  []Faute
	ecarts  []ecartRow
}

// fichier says what the draft was read from, and when.
func (v vue) fichier() string {
	s := "Fichier " + typo.Guillemets(v.b.Fichier) + ", " + typo.Octets(v.b.Octets)
	if v.b.Format != "" {
		s += ", " + v.b.Format
	}
	return s + ", déposé le " + typo.DateHeure(v.b.CreeLe) + "."
}

// voir is the kind of differences to show: the one that is asked for, else the first that there is; none while there are none to show.
func (b Brouillon) voir(asked string) (string, error) {
	if b.Etat != EtatPret && b.Etat != EtatApplique {
		return "", nil
	}
	for _, s := range b.sortes() {
		if asked == "" && s.n > 0 || asked == s.code {
			return s.code, nil
		}
	}
	if asked != "" {
		return "", fmt.Errorf("differences %q: %w", asked, fault.NotFound)
	}
	return "", nil
}

// sorteVue is a kind of differences with their number.
type sorteVue struct {
	code, titre string
	n           int
}

func (b Brouillon) sortes() []sorteVue {
	return []sorteVue{{SorteFaute, "Erreurs", b.Fautes}, {SorteAjout, "Lignes ajoutées", b.Ajouts}, {SorteChangement, "Lignes modifiées", b.Changements},
		{SorteDisparu, "Absents du fichier", b.Disparus}}
}

// onglets lead to the kinds of differences that there are.
func (v vue) onglets() (all []web.Lien) {
	for _, s := range v.b.sortes() {
		if s.n == 0 || v.b.Fautes > 0 && s.code != SorteFaute {
			continue // faults come first: what the rest would do is not known yet
		}
		l := web.Lien{Texte: s.titre + typo.NBSP + "(" + typo.Nombre(int64(s.n)) + ")", Href: lien.ImportListe(v.m.Base, v.b.ID, s.code)}
		if s.code == v.voir {
			l.Href = ""
		}
		all = append(all, l)
	}
	return all
}

func (v vue) nombre() int {
	for _, s := range v.b.sortes() {
		if s.code == v.voir {
			return s.n
		}
	}
	return 0
}

// titreListe is the heading of the differences shown.
func (v vue) titreListe() string {
	n := int64(v.nombre())
	switch v.voir {
	case SorteFaute:
		return typo.NPluriel(n, "erreur à corriger dans le fichier", "erreurs à corriger dans le fichier")
	case SorteAjout:
		if v.b.Etat == EtatApplique {
			return typo.NPluriel(n, "ligne ajoutée", "lignes ajoutées")
		}
		return typo.NPluriel(n, "ligne à ajouter", "lignes à ajouter")
	case SorteChangement:
		if v.b.Etat == EtatApplique {
			return typo.NPluriel(n, "ligne modifiée", "lignes modifiées")
		}
		return typo.NPluriel(n, "ligne à modifier", "lignes à modifier")
	}
	return v.m.compte(n) + typo.Pluriel(n, " du portail n’est pas dans le fichier", " du portail ne sont pas dans le fichier")
}

// compte counts what the rows are about.
func (m Modele) compte(n int64) string { return typo.NPluriel(n, m.Objets[0], m.Objets[1]) }

// etape is the step that is shown, of four.
func (v vue) etape() web.StepperProps {
	steps := []string{"Choisir le fichier", "Confirmer les colonnes", "Contrôler", "Appliquer"}
	at := 3
	switch {
	case v.choisir:
		at = 2
	case v.b.Etat == EtatLecture, v.b.Etat == EtatRefuse:
		at = 1
	case v.b.Etat == EtatApplication, v.b.Etat == EtatApplique:
		at = 4
	}
	p := web.StepperProps{Etape: at, Total: len(steps), Titre: steps[at-1]}
	if at < len(steps) {
		p.Suivant = steps[at]
	}
	return p
}

// titre tells the page from those of other files and steps.
func (v vue) titre() string {
	s := etats[v.b.Etat]
	switch {
	case len(v.form.Fautes) > 0:
		s = "Erreur"
	case v.choisir:
		s = etats[EtatColonnes]
	case v.b.Etat == EtatPret && v.b.Fautes > 0:
		s = typo.NPluriel(int64(v.b.Fautes), "erreur à corriger", "erreurs à corriger")
	}
	return s + " – " + v.m.Titre + typo.NBSP + ": " + v.b.Fichier
}

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

// tableau is the page of differences.
func (v vue) tableau() web.TableProps {
	if v.voir == SorteFaute {
		t := web.TableProps{ID: "ecarts", Caption: "Erreurs du fichier", CaptionHidden: true, Columns: []web.Column{{Titre: "Où"}, {Titre: "Ce qui ne va pas"}}}
		for _, f := range v.fautes {
			t.Rows = append(t.Rows, []web.Cell{{Texte: "Ligne" + typo.NBSP + strconv.Itoa(f.Ligne), Note: f.ou()}, {Texte: f.Phrase, Note: f.contenu()}}) // two columns: they fit a telephone
		}
		return t
	}
	t := web.TableProps{ID: "ecarts", Caption: "Différences avec le portail", CaptionHidden: true}
	if v.voir == SorteDisparu {
		t.Columns = []web.Column{{Titre: "Dans le portail"}}
		for _, e := range v.ecarts {
			t.Rows = append(t.Rows, []web.Cell{web.TextCell(e.Libelle)})
		}
		return t
	}
	t.Columns = []web.Column{{Titre: "Désignation"}, {Titre: "Ligne", Numeric: true}, {Titre: "Valeurs"}}
	for _, e := range v.ecarts {
		t.Rows = append(t.Rows, []web.Cell{web.TextCell(e.Libelle), web.TextCell(typo.Nombre(int64(e.Ligne))), web.ComponentCell(champsListe(e.Champs))})
	}
	return t
}

// ou is the column of a fault.
func (f Faute) ou() string {
	switch {
	case f.Colonne != "":
		return "colonne" + typo.NBSP + f.Colonne + " – " + f.Titre
	case f.Titre != "":
		return f.Titre
	}
	return "toute la ligne"
}

// contenu is what the refused cell holds.
func (f Faute) contenu() string {
	if f.Trouve == "" {
		return ""
	}
	return "Contenu" + typo.NBSP + ": " + typo.Guillemets(f.Trouve)
}

// bilan are the counts of the dry run.
func (v vue) bilan() []web.Figure {
	count := func(n int, label string) web.Figure { return web.Figure{Valeur: typo.Nombre(int64(n)), Libelle: label} }
	if v.b.Fautes > 0 {
		return []web.Figure{count(v.b.Lignes, "Lignes du fichier"), count(v.b.Fautes, "Erreurs")}
	}
	return []web.Figure{count(v.b.Ajouts, "À ajouter"), count(v.b.Changements, "À modifier"), count(v.b.Identiques, "Sans changement"), count(v.b.Disparus, "Absents du fichier")}
}
