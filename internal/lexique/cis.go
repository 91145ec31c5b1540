package lexique

// Committees and their meetings.
var (
	// NaturesComite are the kinds of committees.
	NaturesComite = []Mot{
		{"cis", "Comité inter-services et opérateurs de l’État"}, {"copil", "Comité de pilotage"}, {"technique", "Comité technique"}, {"autre", "Autre comité"},
	}
	// Periodicites are how often a committee meets.
	Periodicites = []Mot{
		{"mensuelle", "Une fois par mois"}, {"trimestrielle", "Une fois par trimestre"}, {"semestrielle", "Une fois par semestre"},
		{"annuelle", "Une fois par an"}, {"libre", "Sans rythme fixé"},
	}
	// EtatsSeance are the states of a meeting.
	EtatsSeance = []Mot{
		{"planifiee", "Planifiée"}, {"convoquee", "Convoquée"}, {"tenue", "Tenue"}, {"cr_en_relecture", "Compte rendu en relecture"},
		{"cr_valide", "Compte rendu validé"}, {"reportee", "Reportée"}, {"annulee", "Annulée"},
	}
	// NaturesPoint are the kinds of points of an agenda.
	NaturesPoint = []Mot{{"information", "Information"}, {"discussion", "Discussion"}, {"decision", "Décision"}}
	// EtatsPoint are what became of a point that was proposed.
	EtatsPoint = []Mot{{"propose", "Proposé"}, {"retenu", "À l’ordre du jour"}, {"ecarte", "Écarté"}}
	// OriginesPoint are where a point comes from.
	OriginesPoint = []Mot{
		{"agent", "Préfecture"}, {"membre", "Proposition d’un membre"}, {"decision", "Décision à suivre"}, {"echeance", "Échéance"}, {"chiffres", "Chiffres attendus"},
	}
	// ReponsesConvocation are the answers to a convocation.
	ReponsesConvocation = []Mot{{"present", "Présent"}, {"represente", "Représenté"}, {"excuse", "Excusé"}, {"", "Sans réponse"}}
	// SortesEnvoi are what a mail to the members of a committee tells them.
	SortesEnvoi = []Mot{{"convocation", "Convocation"}, {"modification", "Modification"}, {"report", "Report"}, {"annulation", "Annulation"}}
	// Presences are the attendance of an organisation.
	Presences = []Mot{{"present", "Présent"}, {"represente", "Représenté"}, {"excuse", "Excusé"}, {"absent", "Absent"}}
	// EtatsDecision are the states of a decision.
	EtatsDecision = []Mot{
		{"a_faire", "À faire"}, {"en_cours", "En cours"}, {"bloquee", "Bloquée"}, {"faite", "Faite"}, {"abandonnee", "Abandonnée"},
	}
	// EtatsCompteRendu are the states of minutes.
	EtatsCompteRendu = []Mot{{"brouillon", "En rédaction"}, {"relecture", "En relecture"}, {"valide", "Validé"}}
	// EcheancesCis are what the committees have to be thought of.
	EcheancesCis = []Mot{
		{"decision", "Décision d’un comité"}, {"convocation", "Convocation sans réponse"}, {"relecture", "Fin de la relecture d’un compte rendu"},
		{"sans_seance", "Période sans séance"},
	}
)
