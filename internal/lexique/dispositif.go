package lexique

// NaturesDispositif say which records a dispositif has.
var NaturesDispositif = []Mot{{"adultes_relais", "Postes d’adultes-relais"}, {"pre", "Programmes de réussite éducative"}, {"generique", "Fiches simples"}}

// EtatsRealisation are the states of the record of a dispositif that has none of its own.
var EtatsRealisation = []Mot{{"prevue", "Prévue"}, {"en_cours", "En cours"}, {"terminee", "Terminée"}, {"abandonnee", "Abandonnée"}}

// Adultes-relais (code du travail L5134-100 onwards).
var (
	// CategoriesEmployeur are the employers that may sign a convention (L5134-101, R-AR-1).
	CategoriesEmployeur = []Mot{
		{"collectivite", "Collectivité, intercommunalité ou leur établissement public"}, {"eple", "Établissement public local d’enseignement"},
		{"sante", "Établissement public de santé"}, {"hlm", "Office public de l’habitat ou organisme HLM"},
		{"association", "Organisme privé à but non lucratif"}, {"service_public", "Organisme privé chargé d’un service public"},
	}
	// EtatsAdulteRelais are the states of a convention, in the order that it goes through them.
	EtatsAdulteRelais = []Mot{
		{"demande", "Demande"}, {"avis", "Avis rendu"}, {"accordee", "Accordée"}, {"signee", "Signée"}, {"pourvue", "Pourvue"},
		{"vacante", "Vacante"}, {"terminee", "Terminée"}, {"resiliee", "Résiliée"}, {"refusee", "Refusée"},
	}
	// MissionsAdulteRelais are the activities that the décret lists.
	MissionsAdulteRelais = []Mot{
		{"accueil", "Accueil, écoute et lien social"}, {"demarches", "Information et accompagnement dans les démarches"},
		{"cadre_de_vie", "Amélioration du cadre de vie"}, {"conflits", "Prévention et résolution des petits conflits"},
		{"parentalite", "Dialogue entre générations et soutien à la parentalité"}, {"vie_associative", "Vie associative et initiatives des habitants"},
	}
	// AvisDelegue are what the délégué du préfet thinks of a request.
	AvisDelegue = []Mot{{"favorable", "Favorable"}, {"reserve", "Favorable avec réserves"}, {"defavorable", "Défavorable"}}
	// ReglesDerogation are what the préfet may waive.
	ReglesDerogation = []Mot{
		{"residence", "Condition de résidence en quartier prioritaire"}, {"quota", "Nombre de postes du département"}, {"avis", "Avis défavorable du délégué du préfet"},
	}
)

// Programmes de réussite éducative.
var (
	// PorteursPRE are the kinds of bodies that may carry a programme (R-PRE-2).
	PorteursPRE = []Mot{{"caisse_ecoles", "Caisse des écoles"}, {"ccas", "Centre communal d’action sociale"}, {"gip", "Groupement d’intérêt public"}, {"autre", "Autre établissement public local"}}
	// DomainesPRE are what pathways are about (R-PRE-1).
	DomainesPRE = []Mot{{"sante", "Santé"}, {"scolarite", "Scolarité"}, {"parentalite", "Parentalité"}, {"culture", "Culture"}, {"sport", "Sport"}, {"autre", "Autre"}}
	// FinanceursPRE are who pays for a programme.
	FinanceursPRE = []Mot{
		{"etat", "État"}, {"commune", "Commune"}, {"epci", "Intercommunalité"}, {"departement", "Département"}, {"region", "Région"}, {"caf", "CAF"}, {"autre", "Autre"},
	}
	// ReunionsPRE are the meetings that are counted.
	ReunionsPRE = []Mot{{"equipe", "Équipe pluridisciplinaire de soutien"}, {"conseil", "Conseil consultatif de réussite éducative"}}
	// SexesPRE, AgesPRE, DureesPRE and SortiesPRE are the dimensions of the yearly counts of pathways.
	SexesPRE   = []Mot{{"filles", "Filles"}, {"garcons", "Garçons"}}
	AgesPRE    = []Mot{{"2-5", "2 à 5 ans"}, {"6-10", "6 à 10 ans"}, {"11-16", "11 à 16 ans"}}
	DureesPRE  = []Mot{{"moins_6_mois", "Moins de 6 mois"}, {"6_12_mois", "6 à 12 mois"}, {"12_24_mois", "1 à 2 ans"}, {"plus_24_mois", "Plus de 2 ans"}}
	SortiesPRE = []Mot{
		{"en_cours", "Parcours en cours"}, {"objectifs_atteints", "Objectifs atteints"}, {"relais", "Relais pris par un autre dispositif"},
		{"demenagement", "Déménagement"}, {"refus", "Arrêt voulu par la famille"}, {"autre", "Autre"},
	}
)

// EcheancesDispositif are the kinds of dates of the dispositifs that somebody must not miss.
var EcheancesDispositif = []Mot{
	{"adulte_relais_fin", "Fin de convention d’adulte-relais"}, {"adulte_relais_fin_6_mois", "Fin de convention d’adulte-relais dans moins de 6 mois"},
	{"adulte_relais_fin_3_mois", "Fin de convention d’adulte-relais dans moins de 3 mois"}, {"adulte_relais_fin_1_mois", "Fin de convention d’adulte-relais dans moins d’un mois"},
	{"adulte_relais_piece", "Pièces trimestrielles manquantes"}, {"adulte_relais_vacance", "Poste d’adulte-relais vacant"},
	{"pre_agregats", "Agrégats annuels de réussite éducative"},
}
