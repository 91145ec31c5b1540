// Package lexique holds the enumerations of the database and the French words that pages show for them.
package lexique

// Mot is one value of an enumeration: its code in the database and its French label.
type Mot struct{ Code, Libelle string }

// Enumerations, in the order that pages show them.
var (
	// Thematiques sort the indicators.
	Thematiques = []Mot{
		{"demographie", "Démographie"}, {"pauvrete_et_droits", "Pauvreté et accès aux droits"}, {"emploi", "Emploi"}, {"logement", "Logement"},
		{"education", "Éducation"}, {"sante", "Santé"}, {"securite", "Sécurité"}, {"cadre_de_vie", "Cadre de vie"},
	}
	// Niveaux are the kinds of reference territories, from the nearest to the widest.
	Niveaux = []Mot{
		{"commune", "Commune"}, {"epci", "Intercommunalité"}, {"zone_emploi", "Zone d’emploi"}, {"departement", "Département"},
		{"region", "Région"}, {"france", "France"},
	}
	// Evolutions say how the contour of a quarter stands to the list of 2015 (R-Z-1).
	Evolutions = []Mot{{"nouveau", "Nouveau quartier"}, {"modifie", "Contour modifié"}, {"inchange", "Contour inchangé"}}
	// Labels are the other policies that may cover a quarter (R-Z-4, R-Z-5).
	Labels = []Mot{
		{"npnru", "NPNRU"}, {"cite_educative", "Cité éducative"}, {"rep", "REP"}, {"rep_plus", "REP+"},
		{"zfu_te", "ZFU-TE"}, {"france_services", "France services"},
	}
	// MisesAJour say what changed on a quarter.
	MisesAJour = []Mot{
		{"identite", "Identité du quartier"}, {"contour", "Contour"}, {"chiffres", "Chiffres"}, {"labels", "Labels"},
		{"lieux", "Lieux utiles"}, {"contrat", "Contrat de ville"}, {"presentation", "Présentation"},
	}
)

// Roles are what a fonction allows.
var Roles = []Mot{
	{"administrateur", "Administration"}, {"gestionnaire", "Chargé·e de mission"}, {"delegue", "Délégué·e du préfet"},
	{"direction", "Direction"}, {"referent", "Référent·e"}, {"lecteur", "Lecture"},
}

// NaturesOrganisme are the kinds of organisations.
var NaturesOrganisme = []Mot{
	{"service_etat", "Service de l’État"}, {"operateur", "Opérateur de l’État"}, {"collectivite", "Collectivité"}, {"epci", "Intercommunalité"},
	{"bailleur", "Bailleur social"}, {"association", "Association"}, {"entreprise", "Entreprise"},
	{"etablissement_scolaire", "Établissement scolaire"}, {"etablissement_sante", "Établissement de santé"}, {"autre", "Autre"},
}

// EtatsCourriel are the states of a mail.
var EtatsCourriel = []Mot{{"en_attente", "En attente"}, {"echec", "Échec"}, {"expedie", "Expédié"}}

// SortesCourriel are what mails are about.
var SortesCourriel = []Mot{
	{"invitation", "Invitation"}, {"mot_de_passe", "Mot de passe oublié"}, {"adresse", "Changement d’adresse"}, {"securite", "Sécurité du compte"},
	{"inactivite", "Compte inactif"}, {"transmission", "Poste transmis"}, {"convocation", "Convocation à une séance"}, {"rappel", "Rappel d’échéances"},
	{"relecture", "Compte rendu à relire"}, {"contrat", "Contrat de ville"}, {"adulte_relais", "Poste d’adulte-relais"},
}

// Notifications are the kinds that a person may set; what concerns the safety of their account is always sent at once.
var Notifications = []Mot{
	{"decisions", "Décisions à mener"}, {"echeances", "Autres échéances qui approchent"}, {"invitations", "Invitations acceptées ou expirées"}, {"publications", "Données et documents publiés"},
}

// Frequences are how often a kind of notification is sent.
var Frequences = []Mot{
	{"immediat", "Tout de suite"}, {"quotidien", "Une fois par jour"}, {"hebdomadaire", "Une fois par semaine"}, {"jamais", "Jamais"},
}

// FrequenceParDefaut is that of whoever has not chosen: one digest rather than many mails.
const FrequenceParDefaut = "hebdomadaire"

// Libelle is the French label of a code, or the code itself when the enumeration does not hold it.
func Libelle(mots []Mot, code string) string {
	for _, m := range mots {
		if m.Code == code {
			return m.Libelle
		}
	}
	return code
}

// Connu says whether the enumeration holds the code.
func Connu(mots []Mot, code string) bool {
	for _, m := range mots {
		if m.Code == code {
			return true
		}
	}
	return false
}
