package qpv

import (
	"cmp"
	"slices"

	"portail/internal/chiffre"
	"portail/web/typo"
)

// Rang is the place of a quarter among those of its département that have a figure of the same vintage, the first being the
// one with the highest value. The zero Rang says there is none to tell.
type Rang struct {
	Place  int // from 1
	Egaux  int // how many others have the same value
	Nombre int // how many quarters are ranked
}

// Texte writes the rank: "2e sur 6", "1er ex æquo sur 6"; empty when there is none.
func (r Rang) Texte() string {
	if r.Place == 0 {
		return ""
	}
	return r.place() + " sur" + typo.NBSP + typo.Nombre(int64(r.Nombre))
}

// place writes the rank alone: "1er ex æquo"; empty when there is none.
func (r Rang) place() string {
	if r.Place == 0 {
		return ""
	}
	s := typo.Rang(r.Place, typo.Masculin)
	if r.Egaux > 0 {
		s += " ex" + typo.NBSP + "æquo"
	}
	return s
}

// rang ranks a figure among all those of the quarters of the département, its own included. Figures are compared as they
// are shown, and masked ones take no part: nobody must learn what they are by the rank of the others.
func rang(quartier Valeur, tous []Valeur) Rang {
	if !quartier.Connue {
		return Rang{}
	}
	r := Rang{Place: 1, Egaux: -1} // the quarter equals itself
	own := chiffre.Arrondi(quartier.Nombre, quartier.Decimales)
	for _, v := range tous {
		if !v.Connue || v.Millesime != quartier.Millesime || v.Trimestre != quartier.Trimestre {
			continue
		}
		r.Nombre++
		switch n := chiffre.Arrondi(v.Nombre, v.Decimales); {
		case n > own:
			r.Place++
		case n == own:
			r.Egaux++
		}
	}
	if r.Nombre < 2 {
		return Rang{}
	}
	return r
}

// duPlusEleve sorts bars from the highest value to the lowest, those without a number last, by name.
func duPlusEleve(a, b barre) int {
	switch {
	case a.Valeur.Connue != b.Valeur.Connue && a.Valeur.Connue:
		return -1
	case a.Valeur.Connue != b.Valeur.Connue:
		return 1
	case a.Valeur.Connue:
		return cmp.Or(cmp.Compare(b.Valeur.Nombre, a.Valeur.Nombre), cmp.Compare(a.Nom, b.Nom))
	}
	return cmp.Compare(a.Nom, b.Nom)
}

// fenetre keeps at most size of the sorted bars, around the quarter's own: a département may have a hundred quarters.
func fenetre(barres []barre, size int) []barre {
	if len(barres) <= size {
		return barres
	}
	own := slices.IndexFunc(barres, func(b barre) bool { return b.Principal })
	start := max(0, min(own-size/2, len(barres)-size))
	return barres[start : start+size]
}
