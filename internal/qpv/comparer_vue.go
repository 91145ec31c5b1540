package qpv

import (
	"maps"
	"slices"
	"strings"

	"portail/internal/chiffre"
	"portail/internal/lexique"
	"portail/internal/lien"
	"portail/web"
	"portail/web/typo"
)

// comparaison is what the page of the comparison shows.
type comparaison struct {
	Comparaison
	lectorat
	catalogue    []Indicateur
	quartiersLus []colonneRow
	valeurs      []chiffre.LigneValeur
	candidats    []ligneListe
	references   []territoireRow
	publie       publieLe // when the data last changed; read for files

	colonnes    []colonne // the quarters, then the territories
	indicateurs []Indicateur
	lignes      []ligneComparee // those of the indicators, in the order of the catalogue
	chiffres    Chiffres
}

// colonne is a place of the comparison.
type colonne struct {
	Niveau, Code, Nom string
	Precision         string // communes of a quarter, level of a territory
	Generation        int    // of the list of quarters; 0 for a territory
	Anciens           []string
	Rompu             bool // its contour is not that of the quarter of 2015 that it follows (R-Z-1)
}

func (col colonne) titre() string {
	if col.Precision == "" {
		return col.Nom
	}
	return col.Nom + " (" + col.Precision + ")"
}

// ligneComparee is an indicator with the figure and the rank of each place.
type ligneComparee struct {
	Indicateur
	Valeurs []Valeur // as many as places
	Rangs   []Rang   // of the quarters; the zero Rang: not ranked
	Classes int      // quarters that are ranked
	Divers  bool     // the figures are not all of the same stated vintage
}

// dresse sets quarters, territories and figures side by side, and tells of every code that means nothing.
func (c *comparaison) dresse() {
	for _, code := range c.Codes {
		if !slices.ContainsFunc(c.quartiersLus, func(l colonneRow) bool { return l.Demande == code }) {
			c.refuse(paramCodes, code)
		}
	}
	c.Codes = nil
	for _, l := range c.quartiersLus {
		if l.Code != l.Demande { // told, not replaced: the figures of a quarter are not those of the one it followed
			c.tell(paramCodes, l.Demande+" est un code de la liste de 2015"+typo.NBSP+": le quartier qui lui succède est "+l.Nom+" ("+l.Code+").")
			continue
		}
		c.Codes = append(c.Codes, l.Code)
		c.colonnes = append(c.colonnes, colonne{Niveau: chiffre.NiveauQPV, Code: l.Code, Nom: l.Nom, Precision: typo.Liste(l.Communes), Generation: l.Generation,
			Anciens: l.Anciens, Rompu: l.Evolution == nil || *l.Evolution != "inchange"})
	}
	c.dresseTerritoires()
	c.dresseIndicateurs()
	c.chiffres = chiffre.Indexer(c.valeurs, c.catalogue)
	if c.Millesime != "" && len(c.Codes) > 0 && !slices.ContainsFunc(c.millesimes(), func(o web.Option) bool { return o.Value == c.Millesime }) {
		c.refuse(paramMillesime, c.Millesime)
		c.Millesime = ""
	}
	for _, i := range c.indicateurs {
		c.lignes = append(c.lignes, c.ligne(i))
	}
	c.judge()
}

// choisis are the codes of the indicators asked for, or the default ones.
func (c Comparaison) choisis() []string {
	if len(c.Indicateurs) == 0 {
		return indicateursParDefaut
	}
	return c.Indicateurs
}

func (c *comparaison) dresseTerritoires() {
	known := c.Territoires[:0:0]
	for _, t := range c.Territoires {
		i := slices.IndexFunc(c.references, func(r territoireRow) bool { return r.Niveau == t.Niveau && r.Code == t.Code })
		if i < 0 {
			c.refuse(paramTerritoires, t.String())
			continue
		}
		known = append(known, t)
		c.colonnes = append(c.colonnes, colonne{Niveau: t.Niveau, Code: t.Code, Nom: c.references[i].Nom, Precision: lexique.Libelle(lexique.Niveaux, t.Niveau)})
	}
	c.Territoires = known
}

func (c *comparaison) dresseIndicateurs() {
	for _, code := range c.Indicateurs {
		if !slices.ContainsFunc(c.catalogue, func(i Indicateur) bool { return i.Code == code }) {
			c.refuse(paramIndicateurs, code)
		}
	}
	c.Indicateurs = slices.DeleteFunc(c.Indicateurs, func(code string) bool { return slices.Contains(c.refuses[paramIndicateurs], code) })
	chosen := c.choisis()
	for _, i := range c.catalogue {
		if slices.Contains(chosen, i.Code) {
			c.indicateurs = append(c.indicateurs, i)
		}
	}
}

// quartiers is the number of quarters compared.
func (c comparaison) quartiers() int { return len(c.Codes) }

// deuxListes says that quarters of 2015 stand beside quarters of 2024: their contours are not the same (R-Z-1).
func (c comparaison) deuxListes() bool {
	generations := map[int]bool{}
	for _, col := range c.colonnes {
		if col.Generation > 0 {
			generations[col.Generation] = true
		}
	}
	return len(generations) > 1
}

// valeur is a figure of the chosen vintage. When none is chosen it is the latest; of a territory, the one of the same vintage as the first
// quarter's if there is one.
func (c comparaison) valeur(i Indicateur, col colonne) Valeur {
	switch {
	case c.Millesime != "":
		for _, v := range c.chiffres.Serie(i.Code, col.Niveau, col.Code) {
			if v.PeriodeISO() == c.Millesime {
				return v
			}
		}
		return Valeur{}
	case col.Niveau == chiffre.NiveauQPV || len(c.Codes) == 0:
		return c.chiffres.Derniere(i.Code, col.Niveau, col.Code)
	}
	return c.chiffres.EnRegard(i.Code, col.Niveau, col.Code, c.chiffres.Derniere(i.Code, chiffre.NiveauQPV, c.Codes[0]))
}

// ligne sets the figures of an indicator side by side, and ranks the quarters.
func (c comparaison) ligne(i Indicateur) ligneComparee {
	l := ligneComparee{Indicateur: i, Rangs: make([]Rang, len(c.colonnes))}
	first := Valeur{}
	for _, col := range c.colonnes {
		v := c.valeur(i, col)
		l.Valeurs = append(l.Valeurs, v)
		switch {
		case !v.Presente():
		case !first.Presente():
			first = v
		case v.Millesime != first.Millesime || v.Trimestre != first.Trimestre:
			l.Divers = true
		}
	}
	if c.quartiers() < minClasses {
		return l
	}
	quarters := l.Valeurs[:c.quartiers()]
	of := vintageClasse(quarters)
	for n, v := range quarters {
		if v.Connue && v.PeriodeISO() == of {
			l.Rangs[n] = rang(v, quarters)
			l.Classes = max(l.Classes, l.Rangs[n].Nombre)
		}
	}
	if l.Classes < minClasses {
		l.Rangs, l.Classes = make([]Rang, len(c.colonnes)), 0
	}
	return l
}

// minClasses is how many quarters make a ranking: of two, one sees which is higher.
const minClasses = 3

// vintageClasse is the vintage that quarters are ranked on: the one that most have a figure of, the latest when several are even.
func vintageClasse(quarters []Valeur) string {
	count, best := map[string]int{}, ""
	for _, v := range quarters {
		if v.Connue {
			count[v.PeriodeISO()]++
		}
	}
	for period, n := range count {
		if n > count[best] || n == count[best] && period > best {
			best = period
		}
	}
	return best
}

// millesimes are the vintages that the compared figures have, the latest first.
func (c comparaison) millesimes() []web.Option {
	seen := map[string]string{} // ISO → as written
	for _, i := range c.indicateurs {
		for _, col := range c.colonnes {
			for _, v := range c.chiffres.Serie(i.Code, col.Niveau, col.Code) {
				if p := v.PeriodeISO(); p != "" {
					seen[p] = v.MillesimeTexte()
				}
			}
		}
	}
	var all []web.Option
	for _, p := range slices.Backward(slices.Sorted(maps.Keys(seen))) {
		all = append(all, web.Option{Value: p, Label: seen[p], Selected: p == c.Millesime})
	}
	return all
}

// any says whether a figure of the comparison is such.
func (c comparaison) any(such func(Valeur) bool) bool {
	return slices.ContainsFunc(c.lignes, func(l ligneComparee) bool { return slices.ContainsFunc(l.Valeurs, such) })
}

// secret says whether a figure of the comparison is masked.
func (c comparaison) secret() bool { return c.any(func(v Valeur) bool { return v.Secret }) }

// reservee says whether a figure is shown to whoever asks alone.
func (c comparaison) reservee() bool { return c.any(func(v Valeur) bool { return v.Reservee }) }

// fautesListe are the refusals, each leading to its field.
func (c comparaison) fautesListe() []web.Fault {
	var all []web.Fault
	for _, name := range c.fautes.Names() {
		all = append(all, web.Fault{ID: name, Texte: c.fautes[name]})
	}
	return all
}

// url is the address of this comparison, from which those of its neighbours are made.
func (c comparaison) url() web.ListURL {
	return web.ListURL{Path: c.page, Values: c.Comparaison.valeurs()}
}

// adresse is the one address of this comparison.
func (c comparaison) adresse() string { return c.url().With("", "") }

// vues are the ways to look at the comparison.
func (c comparaison) vues() []vueListe {
	return []vueListe{{"", "Comparer les lieux", c.url().With(paramVue, "")}, {vueEvolution, "Suivre l’évolution", c.url().With(paramVue, vueEvolution)}}
}

// tous leads to the comparison of all the quarters of the département; empty when they are shown, or too many.
func (c comparaison) tous() string {
	if c.Recherche != "" || len(c.candidats) > maxQuartiers || len(c.candidats) <= c.quartiers() {
		return ""
	}
	var codes []string
	for _, q := range c.candidats {
		codes = append(codes, q.Code)
	}
	return c.url().With(paramCodes, strings.Join(codes, ","))
}

func (c comparaison) titre() string {
	if c.services {
		return "Comparer les chiffres partagés des quartiers"
	}
	return "Comparer des quartiers prioritaires"
}

// fil leads back from the page.
func (c comparaison) fil() []web.Lien {
	parent := web.Lien{Texte: "Quartiers", Href: lien.QPV}
	if c.services {
		parent = web.Lien{Texte: "Diagnostics partagés", Href: lien.Diagnostics}
	}
	return []web.Lien{{Texte: "Accueil", Href: lien.Accueil}, parent, {Texte: "Comparer"}}
}
