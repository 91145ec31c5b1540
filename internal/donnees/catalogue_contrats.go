package donnees

import (
	"portail/internal/export"
	"portail/internal/lexique"
)

// contratPublie is the column that the sets of contracts share.
var contratPublie = Champ{Nom: "contrat", Titre: "Numéro du contrat", Description: "Celui du portail : il ne change jamais et termine l’adresse de sa page.", Type: export.Entier, Obligatoire: true}

const reserveDemonstration = "Une ligne dont « demonstration » est vrai est inventée : elle ne se réutilise pas."

// jeuxContrats are kept in the portal itself: what agents publish.
var jeuxContrats = []Jeu{
	{
		Code: "contrats-publies", Titre: "Contrats de ville publiés sur le portail",
		Description: "Les contrats de ville dont le texte est publié ici, dans leur version en vigueur : période, signature, quartiers, nombre d’engagements.",
		Producteur:  "la préfecture", MotsCles: []string{"contrat de ville", "politique de la ville", "avenant"}, Cle: []string{"contrat"},
		Reserves: []string{reserveDemonstration, "Les versions antérieures se lisent sur la page de chaque contrat."},
		Champs: []Champ{contratPublie,
			{Nom: "titre", Titre: "Titre", Obligatoire: true},
			{Nom: "generation", Titre: "Génération", Description: "2015 ou 2024.", Type: export.Annee, Obligatoire: true},
			{Nom: "siren_epci", Titre: "SIREN de l’intercommunalité", Motif: motifSiren},
			{Nom: "nom_epci", Titre: "Intercommunalité"},
			{Nom: "debut", Titre: "Début", Type: export.Date, Obligatoire: true},
			{Nom: "fin", Titre: "Fin", Type: export.Date, Obligatoire: true},
			{Nom: "signe_le", Titre: "Signé le", Description: "Jour de la dernière signature de la version en vigueur.", Type: export.Date},
			{Nom: "avenant", Titre: "Avenant", Description: "Numéro du dernier avenant en vigueur ; 0 : aucun.", Type: export.Entier, Obligatoire: true},
			{Nom: "etat", Titre: "État", Obligatoire: true, Valeurs: codes(lexique.EtatsContrat)},
			{Nom: "code_qp", Titre: "Quartiers", Description: "Codes des quartiers prioritaires ; plusieurs sont séparés par « | ».", Motif: plusieurs(motifQPV + "|" + motifQPV2015)},
			{Nom: "nb_engagements", Titre: "Engagements", Type: export.Entier, Obligatoire: true},
			{Nom: "nb_atteints", Titre: "Engagements atteints", Type: export.Entier, Obligatoire: true},
			demonstration},
	},
	{
		Code: "engagements", Titre: "Engagements des contrats de ville publiés",
		Description: "Les engagements de chaque partie dans les contrats de ville publiés, version en vigueur : moyens, échéance, cible chiffrée et avancement.",
		Producteur:  "la préfecture et les signataires", MotsCles: []string{"contrat de ville", "engagement", "avancement"}, Cle: []string{"engagement"},
		Reserves: []string{reserveDemonstration, "L’avancement est celui que la partie ou la préfecture a noté en dernier."},
		Champs: []Champ{
			{Nom: "engagement", Titre: "Numéro de l’engagement", Description: "Le même d’une version à l’autre.", Type: export.Entier, Obligatoire: true},
			contratPublie,
			{Nom: "axe", Titre: "Axe", Obligatoire: true}, {Nom: "objectif", Titre: "Objectif", Obligatoire: true}, {Nom: "texte", Titre: "Engagement", Obligatoire: true},
			{Nom: "partie", Titre: "Partie", Description: "Nom de l’organisme au jour de la signature.", Obligatoire: true},
			{Nom: "code_qp", Titre: "Quartier", Description: "Vide : tout le territoire du contrat.", Motif: motifQPV + "|" + motifQPV2015},
			{Nom: "credits", Titre: "Crédits", Obligatoire: true, Valeurs: codes(lexique.Credits)},
			{Nom: "montant", Titre: "Montant", Description: "Euros ; vide quand l’engagement n’en porte pas.", Type: export.Decimal, Decimales: 2},
			{Nom: "annee_debut", Titre: "Première année", Type: export.Annee}, {Nom: "annee_fin", Titre: "Dernière année", Type: export.Annee},
			{Nom: "echeance", Titre: "Échéance", Type: export.Date},
			{Nom: "indicateur", Titre: "Indicateur"}, {Nom: "reference_valeur", Titre: "Valeur de départ", Type: export.Decimal, Decimales: 2}, {Nom: "reference_le", Titre: "Date de départ", Type: export.Date},
			{Nom: "cible_valeur", Titre: "Cible", Type: export.Decimal, Decimales: 2}, {Nom: "cible_le", Titre: "Date de la cible", Type: export.Date}, {Nom: "cible_source", Titre: "Source"},
			{Nom: "avancement", Titre: "Avancement", Obligatoire: true, Valeurs: codes(lexique.Avancements)},
			{Nom: "valeur", Titre: "Valeur mesurée", Type: export.Decimal, Decimales: 2}, {Nom: "valeur_le", Titre: "Mesurée le", Type: export.Date},
			demonstration},
	},
}

// codes are those of an enumeration.
func codes(mots []lexique.Mot) []string {
	all := make([]string, len(mots))
	for i, m := range mots {
		all[i] = m.Code
	}
	return all
}
