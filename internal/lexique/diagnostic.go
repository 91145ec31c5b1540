package lexique

// Words of the returns of figures, of what services write about a quarter, and of what they do there.
var (
	// EcheancesDiagnostic are the kinds of dates of returns.
	EcheancesDiagnostic = []Mot{
		{"remontee", "Chiffres à remonter"},
		{"remontee_publier", "Chiffres certifiés à publier"},
	}
	// NaturesIndicateur are what an indicator measures.
	NaturesIndicateur = []Mot{
		{"effectif", "Effectif (un nombre)"},
		{"part", "Part (un pourcentage)"},
		{"moyenne", "Moyenne ou médiane"},
		{"indice", "Indice"},
	}
	// SensIndicateur is what a higher figure means for the inhabitants.
	SensIndicateur = []Mot{
		{"favorable", "Une hausse est favorable"},
		{"defavorable", "Une hausse est défavorable"},
		{"neutre", "Ni l’un ni l’autre"},
	}
	// PeriodicitesIndicateur are how often figures are returned.
	PeriodicitesIndicateur = []Mot{
		{"annee", "Chaque année"},
		{"trimestre", "Chaque trimestre"},
	}
	// EtatsRemontee are the states of a return, in the order in which they follow one another.
	EtatsRemontee = []Mot{
		{"a_faire", "Pas commencée"},
		{"en_cours", "En cours de saisie"},
		{"prete", "Prête à certifier"},
		{"certifiee", "Certifiée"},
		{"publiee", "Publiée"},
	}
	// SortesConstat are what services write about a quarter.
	SortesConstat = []Mot{
		{"constat", "Constat"},
		{"enjeu", "Enjeu"},
		{"levier", "Levier"},
	}
	// AvisConstat are what another organisation answers to it.
	AvisConstat = []Mot{
		{"accord", "D’accord"},
		{"reserve", "Réserve"},
	}
)
