package diagnostic

import (
	"math"
	"regexp"
	"strconv"
	"strings"
	"unicode"

	"portail/web/typo"
)

// absent is what a producer types where a figure does not exist.
const absent = "nd"

// cle names a cell of the grid: an indicator and a place ("q12" a quarter, "t34" a territory).
type cle struct{ indicateur, lieu string }

// champ is the name of one of its fields: v the value, n the numerator, d the denominator, m the word on a jump.
func (c cle) champ(sorte string) string { return sorte + "." + c.indicateur + "." + c.lieu }

// cellule is what a cell of the grid holds; the zero one is empty.
type cellule struct {
	Valeur, Numerateur, Denominateur *float64
	Absente                          bool // the producer says that there is no such figure
	Confirmation                     string
	Saisie                           int // which saving of the grid it came by
}

func (c cellule) remplie() bool { return c.Valeur != nil || c.Absente }

// textes are the fields of a cell as they are typed.
type textes struct{ V, N, D, Mot string }

// textes are what the grid shows of a cell. A share below 1 bears its sign: 0,4 alone would be read as 40 %.
func (c cellule) textes(i Indicateur) textes {
	t := textes{Mot: c.Confirmation}
	switch {
	case c.Absente:
		t.V = absent
		if i.Fraction {
			t.V, t.N = "", absent
		}
	case i.Fraction:
		t.N, t.D = nombreEcrit(c.Numerateur), nombreEcrit(c.Denominateur)
	default:
		t.V = nombreEcrit(c.Valeur)
		if i.Nature == "part" && c.Valeur != nil && *c.Valeur != 0 && math.Abs(*c.Valeur) <= 1 {
			t.V += typo.NBSP + "%"
		}
	}
	return t
}

// lue is a cell that was read, with what the reader must be told of how.
type lue struct {
	cellule
	Avis   string            // how a text was understood, when it was not plain
	Fautes map[string]string // by kind of field (v, n, d)
}

// lire reads what was typed in a cell of an indicator.
func (t textes) lire(i Indicateur) lue {
	l := lue{Fautes: map[string]string{}}
	l.Confirmation = strings.TrimSpace(t.Mot)
	if len([]rune(l.Confirmation)) > maxWord {
		l.Fautes["m"] = "Ce texte est trop long" + typo.NBSP + ": " + typo.NPluriel(maxWord, "caractère", "caractères") + " au plus."
	}
	if i.Fraction {
		t.lireFraction(i, &l)
		return l
	}
	if estAbsent(t.V) {
		l.Absente = true
		return l
	}
	if strings.TrimSpace(t.V) == "" {
		return l
	}
	v, avis, faute := lireNombre(t.V, i.Unite)
	if faute == "" && i.Nature == "part" && avis != avisPourcent && v > 0 && v < 1 {
		v, avis = v*100, typo.Guillemets(strings.TrimSpace(t.V))+" lu comme "+typo.Unite(v*100, i.Decimales, "%")
	}
	if faute == "" {
		faute = i.refuse(v)
	}
	if faute != "" {
		l.Fautes["v"] = faute
		return l
	}
	if avis == avisPourcent {
		avis = ""
	}
	l.Valeur, l.Avis = &v, avis
	return l
}

func estAbsent(s string) bool {
	switch strings.ToLower(strings.TrimSpace(s)) {
	case absent, "n.d.", "n.d", "n/d", "non disponible":
		return true
	}
	return false
}

// lireFraction reads a share by its numerator and its denominator, and computes it.
func (t textes) lireFraction(i Indicateur, l *lue) {
	if estAbsent(t.N) || estAbsent(t.D) {
		l.Absente = true
		return
	}
	n, d := strings.TrimSpace(t.N), strings.TrimSpace(t.D)
	if n == "" && d == "" {
		return
	}
	whole := Indicateur{Nature: "effectif"}
	read := func(kind, s string) *float64 {
		if s == "" {
			l.Fautes[kind] = "Remplissez le numérateur et le dénominateur."
			return nil
		}
		v, avis, faute := lireNombre(s, "")
		if faute == "" {
			faute = whole.refuse(v)
		}
		if faute != "" {
			l.Fautes[kind] = faute
			return nil
		}
		if avis != "" {
			l.Avis = avis
		}
		return &v
	}
	l.Numerateur, l.Denominateur = read("n", n), read("d", d)
	if l.Numerateur == nil || l.Denominateur == nil {
		return
	}
	switch {
	case *l.Denominateur == 0:
		l.Fautes["d"] = "Le dénominateur est zéro : la part n’existe pas. Tapez « " + absent + " »."
	case *l.Numerateur > *l.Denominateur:
		l.Fautes["n"] = "Le numérateur dépasse le dénominateur."
	default:
		v := *l.Numerateur / *l.Denominateur * 100
		if faute := i.refuse(v); faute != "" {
			l.Fautes["n"] = faute
			return
		}
		l.Valeur = &v
	}
}

// refuse says why a number cannot be a figure of the indicator; empty when it can.
func (i Indicateur) refuse(v float64) string {
	switch {
	case i.Nature == "effectif" && v != math.Trunc(v):
		return "Un effectif est un nombre entier."
	case i.Nature == "effectif" && v < 0:
		return "Un effectif n’est pas négatif."
	case math.Abs(v) > bornesMax:
		return "Ce nombre est trop grand."
	case i.Nature == "part" && (v < 0 || v > 100):
		return "Une part est comprise entre 0 et 100" + typo.NBSP + "%."
	case i.Minimum != nil && v < *i.Minimum, i.Maximum != nil && v > *i.Maximum:
		return "Ce chiffre sort des bornes de l’indicateur : " + i.bornes() + "."
	}
	return ""
}

// saute says whether a figure is too far from the former vintage to go without a word.
func (i Indicateur) saute(v, avant float64) bool {
	if i.Saut == nil || v == avant {
		return false
	}
	return avant == 0 || math.Abs(v-avant)/math.Abs(avant)*100 > float64(*i.Saut)
}

// avisPourcent marks a number that bore its sign: it needs no comment.
const avisPourcent = "%"

var (
	milliersPoints   = regexp.MustCompile(`^-?[0-9]{1,3}(\.[0-9]{3})+(,[0-9]+)?$`)
	milliersVirgules = regexp.MustCompile(`^-?[0-9]{1,3}(,[0-9]{3})+\.[0-9]+$`)
	simple           = regexp.MustCompile(`^-?[0-9]+([.,][0-9]+)?$`)
)

// lireNombre reads a number as people and spreadsheets write it: spaces between thousands, decimal comma or point, its unit after it.
// avis tells how a text that could be read in two ways was understood.
func lireNombre(texte, unite string) (v float64, avis, faute string) {
	typed := strings.TrimSpace(texte)
	s := strings.Map(func(c rune) rune {
		switch {
		case unicode.IsSpace(c) || c == '\'' || c == '’':
			return -1
		case c == '−' || c == '–':
			return '-'
		}
		return c
	}, typed)
	if bare, signed := strings.CutSuffix(s, "%"); signed {
		if unite != "%" {
			return 0, "", "Ce chiffre n’est pas un pourcentage."
		}
		s, avis = bare, avisPourcent
	} else if unite != "" && unite != "%" {
		if n := len(s) - len(strings.ReplaceAll(unite, " ", "")); n > 0 && strings.EqualFold(s[n:], strings.ReplaceAll(unite, " ", "")) {
			s = s[:n]
		}
	}
	switch {
	case milliersPoints.MatchString(s):
		s = strings.ReplaceAll(strings.ReplaceAll(s, ".", ""), ",", ".")
	case milliersVirgules.MatchString(s):
		s = strings.ReplaceAll(s, ",", "")
	case simple.MatchString(s):
		v, err := strconv.ParseFloat(strings.Replace(s, ",", ".", 1), 64)
		if err != nil {
			return 0, "", "Ce nombre est trop grand."
		}
		return v, avis, ""
	default:
		return 0, "", "Ce n’est pas un nombre. Tapez par exemple 1" + typo.NBSP + "250,5, ou " + typo.Guillemets(absent) + " si le chiffre n’existe pas."
	}
	v, err := strconv.ParseFloat(s, 64)
	if err != nil {
		return 0, "", "Ce nombre est trop grand."
	}
	return v, typo.Guillemets(typed) + " lu comme " + typo.Auto(v, 6), ""
}
