package lexique

// Contrats de ville.
var (
	// GenerationsContrat are the two families of contracts, by the year they began (R-CV-2).
	GenerationsContrat = []Mot{{"2024", "2024-2030, Engagements Quartiers 2030"}, {"2015", "2015-2023, piliers"}}
	// EtatsContrat are the states of a contract and of its avenants (R-CV-5).
	EtatsContrat = []Mot{
		{"projet", "Projet"}, {"negociation", "En négociation"}, {"a_signer", "À signer"}, {"signe", "Signé"}, {"en_vigueur", "En vigueur"},
		{"remplace", "Remplacé"}, {"echu", "Échu"}, {"denonce", "Dénoncé"}, {"abandonne", "Abandonné"},
	}
	// NaturesAvenant are what an avenant changes.
	NaturesAvenant = []Mot{
		{"prolongation", "Prolongation"}, {"perimetre", "Périmètre"}, {"parties", "Parties"}, {"engagements", "Engagements"}, {"autre", "Autre"},
	}
	// NaturesTerritoire are the places that a contract covers beside its quarters (R-Z-3).
	NaturesTerritoire = []Mot{{"qva", "Quartier de veille active"}, {"poche", "Poche de pauvreté"}}
	// NaturesPartie are the kinds of parties of a contract (R-CV-1).
	NaturesPartie = []Mot{
		{"etat", "État"}, {"epci", "Intercommunalité"}, {"commune", "Commune"}, {"departement", "Département"}, {"region", "Région"},
		{"ars", "Agence régionale de santé"}, {"rectorat", "Rectorat"}, {"parquet", "Parquet"}, {"france_travail", "France Travail"},
		{"caisse_des_depots", "Caisse des dépôts"}, {"bailleur", "Bailleur social"}, {"protection_sociale", "Organisme de protection sociale"},
		{"chambre_consulaire", "Chambre consulaire"}, {"enseignement", "Établissement d’enseignement supérieur"},
		{"mobilite", "Autorité organisatrice de la mobilité"}, {"autre", "Autre"},
	}
	// Obligations say whether a party must sign.
	Obligations = []Mot{{"obligatoire", "Obligatoire"}, {"attendu", "Attendue"}, {"facultatif", "Facultative"}}
	// NaturesSignataire are the two hands of a party.
	NaturesSignataire = []Mot{{"elu", "Élu"}, {"administratif", "Administratif"}}
	// NaturesAxe are the branches of a contract: those of 2015 and those of 2024 (R-CV-2).
	NaturesAxe = []Mot{
		{"pilier", "Pilier"}, {"priorite", "Priorité"}, {"transversal", "Axe transversal"}, {"projet_quartier", "Projet de quartier"}, {"volet", "Volet"},
	}
	// Credits are where the means of an engagement come from.
	Credits = []Mot{{"droit_commun", "Droit commun"}, {"specifiques", "Crédits spécifiques"}}
	// Avancements are how far an engagement is.
	Avancements = []Mot{
		{"a_engager", "À engager"}, {"en_cours", "En cours"}, {"atteint", "Atteint"}, {"difficulte", "En difficulté"}, {"abandonne", "Abandonné"},
	}
	// SectionsContrat are the texts of a contract, in the order that it is read.
	SectionsContrat = []Mot{
		{"preambule", "Préambule"}, {"gouvernance", "Gouvernance"}, {"participation", "Participation des habitants"}, {"actions", "Nature des actions"},
		{"moyens", "Moyens humains et financiers"}, {"ingenierie", "Ingénierie"}, {"evaluation_questions", "Questions d’évaluation"},
		{"evaluation_indicateurs", "Indicateurs"}, {"evaluation_structure", "Structure locale d’évaluation"}, {"donnees", "Partage des données"},
	}
	// EcheancesContrat are what a contract has to be thought of.
	EcheancesContrat = []Mot{
		{"contrat_fin", "Fin d’un contrat de ville"}, {"contrat_revoyure", "Clause de revoyure"}, {"contrat_engagement", "Engagement à tenir"},
		{"contrat_signature", "Signature attendue depuis 30 jours"},
	}
)
