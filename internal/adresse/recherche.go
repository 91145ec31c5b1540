package adresse

import (
	"cmp"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/paulmach/orb"

	"portail/internal/adressage"
)

// voie is a street of the local Base Adresse Nationale.
type voie struct{ Nom, CodePostal, Commune, NomCommune string }

// point is a numbered place of a street, or the place of a hamlet without numbers (Numero 0).
type point struct {
	ID       string
	Numero   int
	Rep      string
	Lon, Lat float64
	voie
}

func (p point) lieu() orb.Point { return orb.Point{p.Lon, p.Lat} }

// libelle writes an address as on an envelope.
func (p point) libelle() string {
	s := p.Nom
	if p.Numero > 0 {
		s = strings.TrimSpace(strconv.Itoa(p.Numero)+" "+p.Rep) + " " + s
	}
	return s + ", " + strings.TrimSpace(p.CodePostal+" "+p.NomCommune)
}

// note is how much a street looks like the one that was written, commune and post code included, from 0 to 1; below
// adressage.Seuil it may be proposed but not believed.
func note(a adressage.Adresse, v voie) float64 {
	nom, commune := adressage.Normaliser(v.Nom), adressage.Normaliser(v.NomCommune)
	score := adressage.Ressemblance(a.Voie, nom)
	switch {
	case a.CodePostal != "" && a.CodePostal != v.CodePostal:
		score = min(score, adressage.Doute)
		fallthrough
	case a.CodePostal != "" || a.Commune != "":
		if a.Commune != "" {
			score = min(score, adressage.RessemblanceCommune(a.Commune, commune))
		}
		return score
	}
	// No post code: the commune may be the last words, else it is unknown and the street may be anywhere.
	score = min(score, adressage.Doute)
	for _, cut := range a.Coupes() {
		if c := adressage.RessemblanceCommune(cut.Commune, commune); c > score {
			score = max(score, min(c, adressage.Ressemblance(cut.Voie, nom)))
		}
	}
	return score
}

// candidat is a street with its likeness.
type candidat struct {
	voie
	note float64
}

// ecart is the difference of likeness under which two streets are both possible.
const ecart = 0.05

// classer sorts streets by likeness, the best first. sures are those that may be meant, when the best can be believed: one
// when nothing else comes near.
func classer(a adressage.Adresse, voies []voie) (candidats, sures []candidat) {
	for _, v := range voies {
		candidats = append(candidats, candidat{v, note(a, v)})
	}
	slices.SortStableFunc(candidats, func(x, y candidat) int {
		return cmp.Or(cmp.Compare(y.note, x.note), cmp.Compare(x.NomCommune, y.NomCommune), cmp.Compare(x.Nom, y.Nom))
	})
	for _, c := range candidats {
		if c.note >= adressage.Seuil && c.note >= candidats[0].note-ecart && (candidats[0].note < 1 || c.note == 1) {
			sures = append(sures, c)
		}
	}
	return candidats, sures
}

// proposables are the streets worth proposing when none can be believed.
func proposables(candidats []candidat) []candidat {
	const assez, auPlus = 0.65, 8
	n := 0
	for n < len(candidats) && n < auPlus && candidats[n].note >= assez {
		n++
	}
	return candidats[:n]
}

// memesLieux is the distance in metres under which two places of one number give the same answer for practical purposes.
const memesLieux = 10

// choisirNumero finds the number that was written among the places of a street; otherwise it tells why not, with the nearest
// places to choose from.
func choisirNumero(a adressage.Adresse, points []point) (trouve *point, voisins []point, pourquoi string) {
	matches := slices.DeleteFunc(slices.Clone(points), func(p point) bool { return p.Numero != a.Numero || !memeRep(a.Rep, p.Rep) })
	if len(matches) > 1 && a.Rep != "" { // "12 b" is "12 bis" only where there is no "12 b"
		if exact := slices.DeleteFunc(slices.Clone(matches), func(p point) bool { return !strings.EqualFold(p.Rep, a.Rep) }); len(exact) > 0 {
			matches = exact
		}
	}
	switch {
	case len(matches) == 1 && (a.Numero > 0 || len(points) == 1):
		return &matches[0], nil, ""
	case len(matches) > 1 && proches(matches):
		return &matches[0], nil, ""
	case len(matches) > 1:
		return nil, matches, "Plusieurs lieux portent cette adresse."
	case a.Numero == 0 && len(points) == 0:
		return nil, nil, "Aucune adresse n’est enregistrée dans cette voie."
	case a.Numero == 0:
		return nil, repartis(points), "Le numéro dans la voie manque\u00a0: une voie peut traverser la limite d’un quartier."
	}
	return nil, plusProches(a.Numero, points), "Le numéro " + strings.TrimSpace(strconv.Itoa(a.Numero)+" "+a.Rep) + " n’est pas enregistré dans cette voie."
}

// memeRep compares the index after a number: people write "b" for "bis".
func memeRep(ecrit, vrai string) bool {
	vrai = adressage.Normaliser(vrai)
	return ecrit == vrai || len(ecrit) == 1 && (vrai == "bis" || vrai == "ter" || vrai == "quater") && vrai[0] == ecrit[0]
}

func proches(points []point) bool {
	for _, p := range points[1:] {
		if metresEntre(points[0].lieu(), p.lieu()) > memesLieux {
			return false
		}
	}
	return true
}

// propositions is how many numbers of a street are proposed.
const propositions = 8

// plusProches are the places with the nearest numbers, the same side of the street first among equals.
func plusProches(numero int, points []point) []point {
	near := slices.Clone(points)
	slices.SortStableFunc(near, func(x, y point) int {
		return cmp.Or(cmp.Compare(ecartNumero(numero, x.Numero), ecartNumero(numero, y.Numero)), cmp.Compare((x.Numero+numero)%2, (y.Numero+numero)%2))
	})
	near = near[:min(propositions, len(near))]
	slices.SortStableFunc(near, func(x, y point) int { return cmp.Or(cmp.Compare(x.Numero, y.Numero), cmp.Compare(x.Rep, y.Rep)) })
	return near
}

func ecartNumero(a, b int) float64 {
	if b == 0 {
		return math.Inf(1)
	}
	return math.Abs(float64(a - b))
}

// repartis are places from one end of the street to the other.
func repartis(points []point) []point {
	if len(points) <= propositions {
		return points
	}
	some := make([]point, 0, propositions)
	for i := range propositions {
		some = append(some, points[i*(len(points)-1)/(propositions-1)])
	}
	return some
}

// metresEntre is the distance between two near places, on a sphere: enough to tell the same door from another.
func metresEntre(a, b orb.Point) float64 {
	const degre = 111_195
	return degre * math.Hypot((a[0]-b[0])*math.Cos(a[1]*math.Pi/180), a[1]-b[1])
}

// minuscule writes a sentence as the end of another.
func minuscule(s string) string {
	first, size := utf8.DecodeRuneInString(s)
	return string(unicode.ToLower(first)) + strings.TrimSuffix(s[size:], ".")
}

// libelle is the address that was written, in this street.
func (c candidat) libelle(a adressage.Adresse) string {
	return point{Numero: a.Numero, Rep: a.Rep, voie: c.voie}.libelle()
}
