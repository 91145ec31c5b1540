package diagnostic

import (
	"cmp"
	"maps"
	"slices"
	"strconv"

	"portail/internal/chiffre"
	"portail/internal/httpx"
	"portail/internal/lexique"
	"portail/web"
	"portail/web/typo"
)

// resume lists the faults above the grid, in its order; each leads to its cell.
func (v remonteeVue) resume() []web.Fault {
	names, order := map[string]string{}, map[string]int{}
	for _, l := range v.Lieux {
		for _, i := range v.Indicateurs {
			for _, kind := range []string{"v", "n", "d", "m"} {
				champ := cle{i.Code, l.Cle}.champ(kind)
				names[champ], order[champ] = i.Libelle+", "+l.Nom, len(order)
			}
		}
	}
	all := v.Form.Resume()
	slices.SortStableFunc(all, func(a, b web.Fault) int { return cmp.Compare(order[a.ID], order[b.ID]) })
	for n, told := range all {
		if name, known := names[told.ID]; known {
			all[n].Texte = name + typo.NBSP + ": " + told.Texte
		} else if told.ID != champBloc && told.ID != "motif" {
			all[n].ID = ""
		}
	}
	return all
}

// champCellule is an input of a cell.
type champCellule struct {
	Nom, Label, Valeur, Faute string
	Court                     string // what stands above it: numerator, denominator
}

// celluleVue is a cell as the page shows it.
type celluleVue struct {
	Champs    []champCellule
	Mot       *champCellule // word on a jump
	Signale   string        // empty, or to be confirmed
	Autre     string        // what somebody else saved meanwhile
	Texte     string        // what is kept, when nobody types
	Part      string        // computed from a numerator and a denominator
	Precedent string        // last published figure, beside a jump
}

// ecrit writes a figure for people.
func (i Indicateur) ecrit(c cellule) string {
	switch {
	case c.Absente:
		return typo.NonDisponible
	case c.Valeur == nil:
		return "vide"
	}
	s := typo.Unite(*c.Valeur, i.Decimales, chiffre.UniteEcrite(i.Unite))
	if c.Numerateur != nil && c.Denominateur != nil {
		s += " (" + typo.Auto(*c.Numerateur, 2) + " sur" + typo.NBSP + typo.Auto(*c.Denominateur, 2) + ")"
	}
	return s
}

func (v remonteeVue) cellule(i Indicateur, l lieu) celluleVue {
	k := cle{i.Code, l.Cle}
	c := v.Cellules[k]
	out := celluleVue{Texte: i.ecrit(c), Signale: v.Reste[k]}
	if v.Masquees[k] {
		out.Texte = chiffre.NonCommunique
		return out
	}
	if other, both := v.Conflits[k]; both {
		out.Autre = i.ecrit(other)
	}
	avant, known := v.Avant[k]
	if known {
		out.Precedent = typo.Unite(avant, i.Decimales, chiffre.UniteEcrite(i.Unite))
	}
	if !v.saisir() {
		if c.Confirmation != "" {
			out.Signale = "variation confirmée" + typo.NBSP + ": " + c.Confirmation
		}
		return out
	}
	t := c.textes(i)
	if typed, back := v.Tapees[k]; back {
		t = typed
	}
	field := func(kind, label, court, value string) champCellule {
		return champCellule{Nom: k.champ(kind), Label: label, Valeur: value, Faute: v.Form.Fautes[k.champ(kind)], Court: court}
	}
	name := i.Libelle + ", " + l.Nom
	if i.Fraction {
		out.Champs = []champCellule{field("n", name+", numérateur", "Numérateur", t.N), field("d", name+", dénominateur", "Dénominateur", t.D)}
		if c.Valeur != nil {
			out.Part = typo.Unite(*c.Valeur, i.Decimales, "%")
		}
	} else {
		out.Champs = []champCellule{field("v", name, "", t.V)}
	}
	if known && c.Valeur != nil && i.saute(*c.Valeur, avant) || v.Form.Fautes[k.champ("m")] != "" {
		mot := field("m", name+", mot sur la variation", "Pourquoi cette variation"+typo.NBSP+"?", t.Mot)
		out.Mot = &mot
	}
	return out
}

// tableaux are the grid, a thématique after the other: one wide table would not be read.
func (v remonteeVue) tableaux() []web.TableProps {
	var all []web.TableProps
	for _, t := range lexique.Thematiques {
		p := web.TableProps{ID: "grille-" + t.Code, Caption: t.Libelle + ", " + v.Periode(), Small: true, Columns: []web.Column{{Titre: "Lieu"}}}
		var own []Indicateur
		for _, i := range v.Indicateurs {
			if i.Thematique == t.Code {
				own = append(own, i)
				p.Columns = append(p.Columns, web.Column{Titre: i.Libelle + " (" + i.Unite + ")"})
			}
		}
		if len(own) == 0 {
			continue
		}
		for _, l := range v.Lieux {
			row := []web.Cell{{Texte: l.Nom, Note: l.niveau()}}
			for _, i := range own {
				if !v.tenue(i, l) {
					row = append(row, web.TextCell("sans objet"))
					continue
				}
				row = append(row, web.ComponentCell(celluleGrille(v.cellule(i, l))))
			}
			p.Rows = append(p.Rows, row)
		}
		all = append(all, p)
	}
	return all
}

// niveau is the kind of a place, in words.
func (l lieu) niveau() string {
	if l.Niveau == niveauQPV {
		return "Quartier, " + l.Code
	}
	return lexique.Libelle(lexique.Niveaux, l.Niveau)
}

// lire gathers the fields of the grid that a form sent.
func (g grille) lire(f httpx.Form) map[cle]textes {
	typed := map[cle]textes{}
	for _, i := range g.Indicateurs {
		for _, l := range g.Lieux {
			k := cle{i.Code, l.Cle}
			sent := false
			for _, kind := range []string{"v", "n", "d"} {
				sent = sent || f.Valeurs.Has(k.champ(kind))
			}
			if !sent {
				continue
			}
			t := textes{V: f.Brut(k.champ("v")), N: f.Brut(k.champ("n")), D: f.Brut(k.champ("d")), Mot: g.Cellules[k].Confirmation}
			if f.Valeurs.Has(k.champ("m")) {
				t.Mot = f.Brut(k.champ("m"))
			}
			typed[k] = t
		}
	}
	return typed
}

// resteTexte sums up what keeps the return from being ready.
func (v remonteeVue) resteTexte() string {
	n := len(v.Reste)
	if n == 0 {
		return "Toutes les cellules attendues sont remplies."
	}
	return typo.NPluriel(int64(n), "cellule reste", "cellules restent") + " à remplir ou à confirmer."
}

// base is the saving that the form is written on.
func (v remonteeVue) base() string { return strconv.Itoa(v.Saisie) }

// filtrer keeps from whoever is not the producer what secrecy hides from them.
func (v *remonteeVue) filtrer() {
	v.Masquees = map[cle]bool{}
	if v.Par.Organisme != v.OrganismeID {
		maps.Copy(v.Masquees, v.masquees())
	}
}
