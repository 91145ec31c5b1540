package lexique

// SortePartie is a kind of things that an organisation is party to, with the words of their states.
type SortePartie struct {
	Code, Libelle string
	Etats         []Mot
}

// SortesPartie are the kinds of the view organisme_partie, in the order that the record of an organisation shows.
var SortesPartie = []SortePartie{
	{"contrat", "Contrats de ville dont il est partie", EtatsContrat},
	{"engagement", "Engagements pris dans les contrats en vigueur", nil},
	{"decision", "Décisions de comités qui lui reviennent", EtatsDecision},
	{"adulte_relais", "Postes d’adultes-relais", EtatsAdulteRelais},
	{"pre", "Programmes de réussite éducative", nil},
	{"realisation", "Autres dispositifs", EtatsRealisation},
}
