package lexique

// OriginesIntervention are where a line of the action of services comes from.
var OriginesIntervention = []Mot{
	{"declaree", "Déclarée par le service"},
	{"contrat", "Engagement d’un contrat de ville"},
	{"adulte_relais", "Poste d’adulte-relais"},
	{"pre", "Programme de réussite éducative"},
}
