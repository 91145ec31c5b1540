package tableur

import (
	"fmt"
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
