package qpv

import (
	"slices"
	"strconv"
	"strings"

	"portail/internal/chiffre"
	"portail/internal/lexique"
	"portail/web/typo"
)

// fiche is all that is published of a quarter and of the places it is set against.
type fiche struct {
	ficheRow
	catalogue  []Indicateur
	endroits   []endroitRow
	lignes     []chiffre.LigneValeur
	lieux      []lieuRow
	misesAJour []majRow
	chiffres   Chiffres
}

// reference is a wider place that the quarter is set against (R-F-3).
type reference struct {
	Niveau, Code, Nom string
	Partiel           bool // the quarter spreads over several places of this level
}

// titre is the heading of the reference's column: the level, and the name where it does not go without saying.
func (r reference) titre() string { return lexique.Libelle(lexique.Niveaux, r.Niveau) }

// references are the wider places, from the nearest to the widest, whether or not a figure is known for them.
func (f fiche) references() []reference {
	var refs []reference
	for i, code := range f.Communes {
		refs = append(refs, reference{"commune", code, f.CommunesNoms[i], len(f.Communes) > 1})
	}
	for i, code := range f.EPCI {
		refs = append(refs, reference{"epci", code, f.EPCINoms[i], len(f.EPCI) > 1})
	}
	refs = append(refs, reference{Niveau: "departement", Code: f.Departement, Nom: f.nomDepartement(f.Departement)})
	for _, niveau := range []string{"region", "france"} {
		r := reference{Niveau: niveau, Nom: chiffre.Article(niveau)}
		if i := slices.IndexFunc(f.endroits, func(e endroitRow) bool { return e.Niveau == niveau }); i >= 0 {
			r.Code, r.Nom = f.endroits[i].Code, f.endroits[i].Nom
		}
		refs = append(refs, r)
	}
	return refs
}

// nomDepartement is the name of a département, or its code when it is not loaded.
func (f fiche) nomDepartement(code string) string {
	for _, e := range f.endroits {
		if e.Niveau == "departement" && e.Code == code {
			return e.Nom
		}
	}
	return code
}

// voisins are the other quarters of the same list in the département, those of the same EPCI first.
func (f fiche) voisins() []endroitRow {
	var near, far []endroitRow
	for _, e := range f.endroits {
		switch {
		case e.Niveau != chiffre.NiveauQPV || e.Code == f.Code:
		case slices.Contains(f.EPCI, e.EPCI):
			near = append(near, e)
		default:
			far = append(far, e)
		}
	}
	return append(near, far...)
}

// maxComparaison is how many quarters the link to the comparison proposes: more do not fit side by side.
const maxComparaison = 6

// aComparer are the quarter and its nearest neighbours.
func (f fiche) aComparer() []string {
	codes := []string{f.Code}
	for _, v := range f.voisins() {
		codes = append(codes, v.Code)
	}
	return codes[:min(len(codes), maxComparaison)]
}

// ancienDe is the former code that brought the visitor here, when it truly is one that this quarter follows.
func (f fiche) ancienDe(code string) (nom string, known bool) {
	if i := slices.Index(f.Anciens, code); i >= 0 {
		return f.AnciensNoms[i], true
	}
	return "", false
}

// ruptureDeContour says whether the figures of the 2015 quarter were measured on another boundary (R-Z-1).
func (f fiche) ruptureDeContour() bool { return f.Evolution == nil || *f.Evolution != "inchange" }

// lieuDit names the quarter with its communes: "Bitola-La Vierge (Épinal)".
func (f fiche) lieuDit() string {
	if len(f.CommunesNoms) == 0 {
		return f.Nom
	}
	return f.Nom + " (" + typo.Liste(f.CommunesNoms) + ")"
}

// evolutionTexte says how the contour stands to the list of 2015.
func (f fiche) evolutionTexte() string {
	if f.Evolution == nil {
		return typo.NonDisponible
	}
	return lexique.Libelle(lexique.Evolutions, *f.Evolution)
}

// generationTexte reads the generation from the code (R-Z-1).
func generationTexte(generation int) string {
	if generation == generationA {
		return "Liste en vigueur depuis 2024"
	}
	return "Liste de 2015, remplacée en 2024"
}

// lettreTexte tells what the last letter of a code of 2024 says of the contour; empty for another code.
func lettreTexte(code string) string {
	if !strings.HasPrefix(code, "QN") {
		return ""
	}
	switch code[len(code)-1] {
	case 'N':
		return "la lettre N marque un nouveau quartier"
	case 'M':
		return "la lettre M marque un contour modifié depuis 2015"
	case 'I':
		return "la lettre I marque un contour identique à celui de 2015"
	}
	return ""
}

// texte is the address of a useful place on one line.
func (l lieuRow) adresse() string {
	var parts []string
	for _, p := range []string{l.Adresse, l.Complement, strings.TrimSpace(l.CodePostal + " " + l.Commune)} {
		if p != "" {
			parts = append(parts, p)
		}
	}
	return strings.Join(parts, ", ")
}

// eloignement tells how far a useful place is.
func (l lieuRow) eloignement() string {
	if l.Distance == 0 {
		return "dans le quartier"
	}
	return "à " + typo.Distance(float64(l.Distance)) + " du quartier, à vol d’oiseau"
}

// label is another policy that covers the quarter, with its dates (R-Z-5).
type label struct{ Nom, Detail, Dates, Source string }

// texte is the detail, if any, and the dates.
func (l label) texte() string {
	if l.Detail == "" {
		return l.Dates
	}
	return l.Detail + ", " + l.Dates
}

func (f fiche) labels() []label {
	var list []label
	for i, code := range f.Labels {
		l := label{Nom: lexique.Libelle(lexique.Labels, code), Detail: f.LabelsDetails[i], Source: f.LabelsSources[i]}
		du, au := f.LabelsDu[i], f.LabelsAu[i]
		switch {
		case du != nil && au != nil:
			l.Dates = "du " + typo.Date(*du) + " au " + typo.Date(*au)
		case du != nil:
			l.Dates = "depuis le " + typo.Date(*du)
		case au != nil:
			l.Dates = "jusqu’au " + typo.Date(*au)
		default:
			l.Dates = "date non précisée"
		}
		list = append(list, l)
	}
	return list
}

// reserves are the distinct reserves of the indicators shown, in the order met: pages number them from 1.
type reserves []string

// numero is the number of a reserve, adding it when it is new; 0 when there is none.
func (r *reserves) numero(texte string) int {
	if texte == "" {
		return 0
	}
	if i := slices.Index(*r, texte); i >= 0 {
		return i + 1
	}
	*r = append(*r, texte)
	return len(*r)
}

func ancreReserve(n int) string { return "reserve-" + strconv.Itoa(n) }
