package qpv

import (
	"slices"
	"strconv"

	"portail/internal/chiffre"
	"portail/internal/lexique"
	"portail/internal/lien"
	"portail/web"
	"portail/web/typo"
)

// comparaison is what the page of the comparison shows.
type comparaison struct {
	Comparaison
	catalogue  []Indicateur
	lignes     []colonneRow
	valeurs    []chiffre.LigneValeur
	candidats  []ligneListe
	references []territoireRow
	publie     publieLe // when the data last changed; read for files

	colonnes    []colonne    // the quarters, then the territories
	indicateurs []Indicateur // those compared, in the order of the catalogue
	chiffres    Chiffres
}

// colonne is a place of the comparison.
type colonne struct {
	Niveau, Code, Nom string
	Precision         string // communes of a quarter, level of a territory
	Generation        int    // of the list of quarters; 0 for a territory
}

// dresse sets quarters, territories and figures side by side, and tells of every code that means nothing.
func (c *comparaison) dresse() {
	for _, code := range c.Codes {
		if !slices.ContainsFunc(c.lignes, func(l colonneRow) bool { return l.Demande == code }) {
			c.refuse(paramCodes, code)
		}
	}
	c.Codes = nil
	for _, l := range c.lignes {
		if l.Code != l.Demande { // told, not replaced: the figures of a quarter are not those of the one it followed
			c.tell(paramCodes, l.Demande+" est un code de la liste de 2015"+typo.NBSP+": le quartier qui lui succède est "+l.Nom+" ("+l.Code+").")
			continue
		}
		c.Codes = append(c.Codes, l.Code)
		c.colonnes = append(c.colonnes, colonne{chiffre.NiveauQPV, l.Code, l.Nom, typo.Liste(l.Communes), l.Generation})
	}
	c.dresseTerritoires()
	c.dresseIndicateurs()
	c.chiffres = chiffre.Indexer(c.valeurs, c.catalogue)
	c.judge()
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
	chosen := c.Indicateurs
	if len(chosen) == 0 {
		chosen = indicateursParDefaut
	}
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

// valeur is the latest figure of a quarter; of a territory, the one of the same vintage as the first quarter's if there is one.
func (c comparaison) valeur(i Indicateur, col colonne) Valeur {
	if col.Niveau == chiffre.NiveauQPV || len(c.Codes) == 0 {
		return c.chiffres.Derniere(i.Code, col.Niveau, col.Code)
	}
	return c.chiffres.EnRegard(i.Code, col.Niveau, col.Code, c.chiffres.Derniere(i.Code, chiffre.NiveauQPV, c.Codes[0]))
}

// millesimesDifferents says that the figures of a line are not of the same stated vintage.
func (c comparaison) millesimesDifferents(i Indicateur) bool {
	first := Valeur{}
	for _, col := range c.colonnes {
		v := c.valeur(i, col)
		switch {
		case !v.Presente():
		case !first.Presente():
			first = v
		case v.Millesime != first.Millesime || v.Trimestre != first.Trimestre:
			return true
		}
	}
	return false
}

// secret says whether a figure of the comparison is masked.
func (c comparaison) secret() bool {
	for _, i := range c.indicateurs {
		for _, col := range c.colonnes {
			if c.valeur(i, col).Secret {
				return true
			}
		}
	}
	return false
}

// note is a reserve and the number by which the table refers to it.
type note struct {
	Numero int
	Texte  string
}

// notes are the reserves of the indicators, each once.
func (c comparaison) notes() []note {
	var all []note
	for _, i := range c.indicateurs {
		if i.Reserve != "" && !slices.ContainsFunc(all, func(n note) bool { return n.Texte == i.Reserve }) {
			all = append(all, note{len(all) + 1, i.Reserve})
		}
	}
	return all
}

// renvoi is what stands under the name of an indicator: its unit, then the number of its reserve.
func (c comparaison) renvoi(i Indicateur) string {
	s := ""
	for _, n := range c.notes() {
		if n.Texte == i.Reserve {
			s = "Réserve" + typo.NBSP + strconv.Itoa(n.Numero)
		}
	}
	if c.millesimesDifferents(i) {
		if s != "" {
			s += " – "
		}
		s += "Millésimes différents"
	}
	return s
}

// tableau has the indicators in lines and the places in columns.
func (c comparaison) tableau() web.TableProps {
	p := web.TableProps{ID: "comparaison", Caption: "Chiffres côte à côte", Columns: []web.Column{{Titre: "Indicateur"}}}
	where := []web.Cell{web.TextCell("Commune ou niveau")}
	for _, col := range c.colonnes {
		p.Columns = append(p.Columns, web.Column{Titre: col.Nom, Numeric: true})
		where = append(where, web.TextCell(col.Precision))
	}
	p.Rows = append(p.Rows, where)
	for _, i := range c.indicateurs {
		row := []web.Cell{{Texte: i.Libelle, Note: c.renvoi(i)}}
		for _, col := range c.colonnes {
			v := c.valeur(i, col)
			row = append(row, web.Cell{Texte: v.Texte(), Note: v.MillesimeTexte()})
		}
		p.Rows = append(p.Rows, row)
	}
	return p
}

func (col colonne) titre() string {
	if col.Precision == "" {
		return col.Nom
	}
	return col.Nom + " (" + col.Precision + ")"
}

// graphique is the small chart of an indicator. Counts of a territory are left to the table: beside them the bars of the
// quarters would all be dots.
func (c comparaison) graphique(i Indicateur) web.BarChartProps {
	p := web.BarChartProps{
		ID: "graphique-" + i.Code, Titre: i.Libelle, Unit: chiffre.UniteEcrite(i.Unite), Digits: i.Decimales,
		Desc: "Diagramme en barres" + typo.NBSP + ": " + i.Libelle + " des lieux comparés. Les mêmes chiffres sont dans le tableau.",
	}
	for _, col := range c.colonnes {
		if i.Nature == chiffre.NatureEffectif && col.Niveau != chiffre.NiveauQPV {
			continue
		}
		v := c.valeur(i, col)
		text := v.Texte()
		if m := v.MillesimeTexte(); m != "" && c.millesimesDifferents(i) {
			text += " (" + m + ")"
		}
		p.Bars = append(p.Bars, web.Bar{Label: col.titre(), Value: v.Nombre, Texte: text, Absent: !v.Connue, Emphasis: col.Niveau == chiffre.NiveauQPV})
	}
	return p
}

// vide says that no place has a figure of the indicator.
func (c comparaison) vide(i Indicateur) bool {
	return !slices.ContainsFunc(c.colonnes, func(col colonne) bool { return c.valeur(i, col).Presente() })
}

// fautesListe are the refusals, each leading to its field.
func (c comparaison) fautesListe() []web.Fault {
	var all []web.Fault
	for _, name := range c.fautes.Names() {
		all = append(all, web.Fault{ID: name, Texte: c.fautes[name]})
	}
	return all
}

// adresse is the one address of this comparison.
func (c comparaison) adresse() string {
	return web.ListURL{Path: lien.Comparer, Values: c.Comparaison.valeurs()}.With("", "")
}
