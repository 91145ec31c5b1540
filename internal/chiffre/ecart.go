package chiffre

import "portail/web/typo"

// Ecart is how a figure of a quarter stands to that of a wider place, in words (R-F-3).
type Ecart struct {
	Comparable bool
	Texte      string // "+7,4 points", "5,6 % des habitants de la commune", or why both cannot be compared
	Jugement   string // "situation moins favorable que le département"; empty when the indicator is neutral
}

// Phrase is the whole gap: "+7,4 points, situation moins favorable que le département".
func (e Ecart) Phrase() string {
	if e.Jugement == "" {
		return e.Texte
	}
	return e.Texte + ", " + e.Jugement
}

// lieu is how a sentence names a wider place: "que le département", "des habitants du département".
type lieu struct{ article, de string }

var lieuxDits = map[string]lieu{
	"commune":     {"la commune", "de la commune"},
	"epci":        {"l’intercommunalité", "de l’intercommunalité"},
	"zone_emploi": {"la zone d’emploi", "de la zone d’emploi"},
	"departement": {"le département", "du département"},
	"region":      {"la région", "de la région"},
	"france":      {"la France", "de la France"},
}

// Article names a kind of wider place in a sentence: "la commune".
func Article(niveau string) string { return lieuxDits[niveau].article }

// comptes are the nouns of what counts are made of, by unit.
var comptes = map[string]string{"hab.": "des habitants"}

// compte names the whole that a count is a share of.
func compte(unite string) string {
	if nom, ok := comptes[unite]; ok {
		return nom
	}
	return "des " + unite
}

// Ecart sets a figure of a quarter against that of a wider place: a difference in points for a percentage, in percent for
// an average, a plain one for an index, and for a count its share of the place's total. Vintages that differ make two
// figures incomparable, except for a share of a total, which then tells both. partiel says that the quarter spreads over
// several places of this level: its count is then no part of the place's.
func (i Indicateur) Ecart(quartier, reference Valeur, niveau string, partiel bool) Ecart {
	switch {
	case !reference.Presente():
		return Ecart{Texte: typo.NonDisponible}
	case !quartier.Presente():
		return Ecart{Texte: "pas de valeur pour le quartier"}
	case quartier.Secret || reference.Secret:
		return Ecart{Texte: "écart non communiqué (secret statistique)"}
	case i.Nature == NatureEffectif:
		return i.part(quartier, reference, niveau, partiel)
	case !quartier.MemeMillesime(reference):
		return Ecart{Texte: "non comparable" + typo.NBSP + ": " + deuxMillesimes(quartier, reference, niveau)}
	}
	q, r := Arrondi(quartier.Nombre, i.Decimales), Arrondi(reference.Nombre, i.Decimales)
	e := Ecart{Comparable: true}
	if q == r {
		e.Texte = "même valeur que " + lieuxDits[niveau].article
		return e
	}
	switch {
	case i.Nature == NaturePart:
		e.Texte = typo.Points(q-r, i.Decimales)
	case i.Nature == NatureMoyenne && r == 0:
		return Ecart{Texte: "non comparable"}
	case i.Nature == NatureMoyenne:
		e.Texte = typo.DecimalSigne((q-r)/r*100, 1) + typo.NBSP + "%"
	default:
		e.Texte = typo.DecimalSigne(q-r, i.Decimales)
	}
	switch {
	case i.Sens == SensNeutre:
	case (q > r) == (i.Sens == SensFavorable):
		e.Jugement = "situation plus favorable que " + lieuxDits[niveau].article
	default:
		e.Jugement = "situation moins favorable que " + lieuxDits[niveau].article
	}
	return e
}

// part is a count as a share of the place's total.
func (i Indicateur) part(quartier, reference Valeur, niveau string, partiel bool) Ecart {
	if quartier.Millesime == 0 || reference.Millesime == 0 {
		return Ecart{Texte: "non comparable" + typo.NBSP + ": " + deuxMillesimes(quartier, reference, niveau)}
	}
	if reference.Nombre <= 0 {
		return Ecart{Texte: "non comparable"}
	}
	e := Ecart{Comparable: true}
	e.Texte = typo.Pourcent(quartier.Nombre/reference.Nombre*100, 1) + " " + compte(i.Unite) + " " + lieuxDits[niveau].de
	if partiel {
		e.Texte = "l’équivalent de " + e.Texte
	}
	if !quartier.MemeMillesime(reference) {
		e.Texte += " (" + quartier.periode() + " rapporté à " + reference.periode() + ")"
	}
	return e
}

// deuxMillesimes tells both vintages.
func deuxMillesimes(quartier, reference Valeur, niveau string) string {
	return quartier.MillesimeTexte() + " pour le quartier, " + reference.MillesimeTexte() + " pour " + lieuxDits[niveau].article
}
