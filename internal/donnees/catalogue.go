package donnees

import (
	"slices"

	"portail/internal/export"
	"portail/internal/lexique"
)

const (
	anct  = "Agence nationale de la cohésion des territoires (ANCT)"
	insee = "INSEE"
	// prefecture is the producer of what the portal itself keeps.
	prefecture = "la préfecture"
)

// reserveVerifier is said of every set that holds figures of the indicators.
const reserveVerifier = "Chaque indicateur a ses réserves, à lire avant tout usage dans le jeu « catalogue-indicateurs »."

// jeux are the public data sets, in the order of lien.Jeux.
var jeux = slices.Concat(jeuxOuverts, jeuxContrats)

// jeuxOuverts are those that come from files of producers.
var jeuxOuverts = []Jeu{
	{
		Code: "quartiers", Titre: "Liste des quartiers prioritaires",
		Description: "Les quartiers prioritaires de la politique de la ville de la liste de 2024 : code, nom, communes, intercommunalités, population, contrat de ville et quartier de 2015 dont ils sont issus.",
		Producteur:  anct + ", " + insee, MotsCles: []string{"politique de la ville", "quartier prioritaire", "QPV"},
		Cle: []string{"code_qp"}, Masque: "population_2020",
		Reserves: []string{
			"La liste fixée par décret fait seule foi.",
			"La population est celle du millésime 2020 ; une cellule vide est une valeur inconnue, jamais zéro.",
			"Le point et la surface sont calculés à partir du contour.",
		},
		Champs: []Champ{codeQP, nomQP, inseeDep,
			{Nom: "nom_dep", Titre: "Département"},
			{Nom: "insee_reg", Titre: "Code de la région", Description: "Code INSEE."},
			{Nom: "nom_reg", Titre: "Région"},
			inseeComs, nomComs, sirenEPCIs,
			{Nom: "nom_epci", Titre: "Intercommunalités", Description: "Nom des EPCI, dans l’ordre des SIREN."},
			{Nom: "evolution_2015", Titre: "Évolution depuis 2015", Description: "Ce qu’est devenu le contour depuis la liste de 2015 ; vide si la source ne le dit pas.", Valeurs: []string{"nouveau", "modifié", "inchangé"}},
			{Nom: "population_2020", Titre: "Population 2020", Description: "Population municipale, millésime 2020, habitants.", Type: export.Entier},
			required(longitude), required(latitude),
			{Nom: "surface_ha", Titre: "Surface", Description: "Hectares, calculés à partir du contour.", Type: export.Decimal, Decimales: 1},
			{Nom: "code_contrat", Titre: "Code du contrat de ville", Description: "Contrat de ville du quartier, génération 2024-2030.", Motif: motifContrat},
			{Nom: "code_qp_2015", Titre: "Code du quartier de 2015", Description: "Quartier de la liste de 2015 ; plusieurs sont séparés par « | ».", Motif: plusieurs(motifQPV2015)},
			{Nom: "nom_qp_2015", Titre: "Nom du quartier de 2015", Description: "Dans l’ordre des codes."},
		},
	},
	{
		Code: "contours", Titre: "Contours des quartiers prioritaires",
		Description: "Le contour de chaque quartier prioritaire de la liste de 2024. Le fichier GeoJSON porte les contours ; les autres, seulement leurs attributs.",
		Producteur:  anct, MotsCles: []string{"politique de la ville", "QPV", "contour", "périmètre"},
		Cle: []string{"code_qp"}, Geometrie: true,
		Reserves: []string{
			"Le contour annexé au décret fait seul foi : pour une adresse proche de la limite, il faut s’y reporter.",
			"La précision est celle du fichier importé ; les copies nationales sont souvent arrondies à quelques mètres.",
		},
		Champs: []Champ{codeQP, nomQP, inseeDep, inseeComs, nomComs, sirenEPCIs,
			{Nom: "contour_millesime", Titre: "Millésime du contour", Description: "Version du contour, telle que le producteur la nomme."}},
	},
	{
		Code: "indicateurs", Titre: "Chiffres des quartiers prioritaires",
		Description: "Les valeurs publiées des indicateurs pour chaque quartier, une par ligne, avec l’unité, le millésime et la source.",
		Producteur:  "INSEE, CNAF, SDES", MotsCles: []string{"politique de la ville", "QPV", "indicateurs", "pauvreté", "emploi", "logement"},
		Cle: []string{"code_qp", "indicateur", "millesime"}, Masque: "valeur", reserves: true,
		Reserves: []string{reserveVerifier, "« n.c. » : la valeur existe mais le secret statistique la masque. Une valeur absente n’est pas zéro."},
		Champs:   []Champ{codeQP, indicateur, valeur, unite, annee, source},
	},
	{
		Code: "comparaisons", Titre: "Chiffres des territoires de comparaison",
		Description: "Les valeurs publiées des indicateurs pour les communes, les intercommunalités, le département, la région et la France, une par ligne.",
		Producteur:  "INSEE, ministère du logement, calculs du portail", MotsCles: []string{"communes", "EPCI", "département", "indicateurs"},
		Cle: []string{"niveau", "code", "indicateur", "millesime"}, Masque: "valeur", reserves: true,
		Reserves: []string{reserveVerifier, "« n.c. » : la valeur existe mais le secret statistique la masque. Une valeur absente n’est pas zéro."},
		Champs: []Champ{
			{Nom: "niveau", Titre: "Niveau", Obligatoire: true, Valeurs: codes(lexique.Niveaux)},
			{Nom: "code", Titre: "Code du territoire", Description: "Code INSEE, SIREN de l’EPCI, ou FR.", Obligatoire: true},
			{Nom: "nom", Titre: "Territoire", Obligatoire: true},
			indicateur, valeur, unite, annee, source},
	},
	{
		Code: "chomage-zones-emploi", Titre: "Taux de chômage des zones d’emploi",
		Description: "Le taux de chômage localisé de chaque zone d’emploi, trimestre par trimestre, corrigé des variations saisonnières.",
		Producteur:  insee, MotsCles: []string{"chômage", "zone d’emploi", "trimestre"}, Cle: []string{"code_ze2020", "trimestre"}, Masque: "taux_chomage",
		Reserves: []string{"Ce taux ne se compare pas au taux de chômage au sens du recensement.", "Une zone d’emploi peut dépasser les limites du département."},
		Champs: []Champ{
			{Nom: "code_ze2020", Titre: "Code de la zone d’emploi", Description: "Zones de 2020.", Obligatoire: true, Motif: `[0-9]{4}`},
			{Nom: "nom_ze2020", Titre: "Zone d’emploi", Obligatoire: true},
			{Nom: "trimestre", Titre: "Trimestre", Description: "Sous la forme 2024-T1.", Obligatoire: true, Motif: `[0-9]{4}-T[1-4]`},
			{Nom: "taux_chomage", Titre: "Taux de chômage", Description: "En %.", Type: export.Decimal, Decimales: 1}},
	},
	{
		Code: "catalogue-indicateurs", Titre: "Catalogue des indicateurs",
		Description: "Ce que mesure chaque indicateur : définition, thème, unité, producteur, seuil de secret, licence et réserves.",
		Producteur:  "le portail, d’après les producteurs", MotsCles: []string{"indicateurs", "définitions", "métadonnées"}, Cle: []string{"indicateur"},
		Champs: []Champ{titled(indicateur, "Code", "Code de l’indicateur."),
			{Nom: "libelle", Titre: "Libellé", Obligatoire: true},
			{Nom: "definition", Titre: "Définition", Obligatoire: true},
			{Nom: "thematique", Titre: "Thème", Obligatoire: true},
			unite,
			{Nom: "nature", Titre: "Nature", Description: "Un effectif peut être masqué par le secret statistique.", Obligatoire: true, Valeurs: []string{"effectif", "part", "moyenne", "indice"}},
			{Nom: "sens", Titre: "Sens", Description: "Ce que veut dire une valeur plus grande.", Obligatoire: true, Valeurs: []string{"favorable", "defavorable", "neutre"}},
			{Nom: "producteur", Titre: "Producteur", Obligatoire: true},
			{Nom: "seuil_secret", Titre: "Seuil de secret", Description: "Un effectif inférieur est masqué ; 0 : jamais.", Type: export.Entier, Obligatoire: true},
			{Nom: "licence", Titre: "Licence", Obligatoire: true},
			{Nom: "reserve", Titre: "Réserve", Description: "À lire avant d’utiliser les valeurs."}},
	},
	{
		Code: "communes", Titre: "Communes",
		Description: "Les communes connues du portail : intercommunalité, zone d’emploi, code postal, centre et contour.",
		Producteur:  "INSEE, DGCL, IGN", MotsCles: []string{"communes", "contours", "code officiel géographique"},
		Cle: []string{"insee_com"}, Geometrie: true,
		Reserves: []string{"Les contours sont simplifiés : bons pour une carte, pas pour mesurer.", "Les populations sont dans le jeu « comparaisons », avec leur millésime."},
		Champs: []Champ{
			{Nom: "insee_com", Titre: "Code de la commune", Description: "Code INSEE.", Obligatoire: true, Motif: motifCommune},
			{Nom: "nom_com", Titre: "Commune", Obligatoire: true},
			{Nom: "insee_dep", Titre: "Code du département", Motif: motifDepartement},
			{Nom: "siren_epci", Titre: "SIREN de l’intercommunalité", Motif: motifSiren},
			{Nom: "nom_epci", Titre: "Intercommunalité"},
			{Nom: "code_postal", Titre: "Codes postaux", Description: "Plusieurs sont séparés par « | ».", Motif: plusieurs(`[0-9]{5}`)},
			{Nom: "superficie_km2", Titre: "Superficie", Description: "Kilomètres carrés.", Type: export.Decimal, Decimales: 2},
			longitude, latitude,
			{Nom: "code_ze2020", Titre: "Zone d’emploi", Description: "Code de la zone d’emploi de 2020."}},
	},
	{
		Code: "epci", Titre: "Intercommunalités",
		Description: "Les établissements publics de coopération intercommunale connus du portail, avec leur contour dans le département et le nombre de leurs quartiers prioritaires.",
		Producteur:  "DGCL, IGN", MotsCles: []string{"EPCI", "intercommunalités", "contours"},
		Cle: []string{"siren_epci"}, Geometrie: true,
		Reserves: []string{"Le contour peut se limiter à la partie de l’intercommunalité située dans le département.", "Le nombre de quartiers est compté par le portail."},
		Champs: []Champ{
			{Nom: "siren_epci", Titre: "SIREN", Obligatoire: true, Motif: motifSiren},
			{Nom: "nom_epci", Titre: "Intercommunalité", Obligatoire: true},
			{Nom: "nature", Titre: "Nature", Description: "CA, CC, CU, METRO…"},
			{Nom: "dep_siege", Titre: "Département du siège", Motif: motifDepartement},
			{Nom: "nb_communes_connues", Titre: "Communes connues", Description: "Communes de l’intercommunalité connues du portail ; compté.", Type: export.Entier, Obligatoire: true},
			{Nom: "nb_qpv", Titre: "Quartiers prioritaires", Description: "Compté.", Type: export.Entier, Obligatoire: true}},
	},
	{
		Code: "contrats", Titre: "Contrats de ville",
		Description: "Les contrats de ville connus du portail, avec le nombre de leurs quartiers et leurs habitants.",
		Producteur:  anct, MotsCles: []string{"contrat de ville", "politique de la ville"},
		Cle: []string{"code_contrat", "nom_contrat", "insee_dep", "siren_epci", "insee_com"},
		Reserves: []string{
			"Le code n’identifie pas tout à fait un contrat : la source en donne deux lignes pour quelques-uns.",
			"Le nombre de quartiers et leur population sont calculés par le portail ; un quartier qui ne nomme pas son contrat est compté avec celui de son intercommunalité, et un quartier à cheval sur deux l’est dans chacune. La population est vide si celle d’un quartier manque.",
		},
		Champs: []Champ{
			{Nom: "code_contrat", Titre: "Code du contrat", Obligatoire: true, Motif: motifContrat},
			{Nom: "nom_contrat", Titre: "Contrat", Obligatoire: true},
			inseeDep,
			{Nom: "siren_epci", Titre: "SIREN de l’intercommunalité", Motif: motifSiren},
			{Nom: "insee_com", Titre: "Code de la commune", Description: "Pour le contrat d’une seule commune.", Motif: motifCommune},
			{Nom: "nb_qpv", Titre: "Quartiers", Description: "Compté d’après la liste des quartiers ; vide pour un contrat dont le portail ne connaît aucun quartier.", Type: export.Entier},
			{Nom: "population_qpv_2020", Titre: "Habitants des quartiers 2020", Description: "Somme calculée des populations municipales, millésime 2020.", Type: export.Entier},
			longitude, latitude},
	},
	{
		Code: "france-services", Titre: "Lieux France services",
		Description: "Les lieux où l’on est aidé pour ses démarches, avec leur adresse et le quartier prioritaire où ils se trouvent.",
		Producteur:  anct, MotsCles: []string{"France services", "accueil", "démarches"}, Cle: []string{"id_fs"},
		Reserves: []string{"La liste change souvent : la date d’import est sur cette page.", "Ni téléphone, ni courriel, ni horaires : ils sont à jour sur france-services.gouv.fr.", "Le quartier est calculé : celui dont le contour contient le point."},
		Champs: []Champ{
			{Nom: "id_fs", Titre: "Identifiant", Description: "Celui du producteur.", Obligatoire: true},
			{Nom: "nom", Titre: "Nom", Obligatoire: true},
			{Nom: "adresse", Titre: "Adresse"}, {Nom: "complement", Titre: "Complément"},
			{Nom: "code_postal", Titre: "Code postal", Motif: `[0-9]{5}`},
			{Nom: "insee_com", Titre: "Code de la commune", Obligatoire: true, Motif: motifCommune},
			{Nom: "nom_com", Titre: "Commune", Obligatoire: true},
			inseeDep,
			{Nom: "format_fs", Titre: "Format"},
			{Nom: "labellisation", Titre: "Labellisé le", Type: export.Date},
			required(longitude), required(latitude),
			{Nom: "code_qp", Titre: "Quartier prioritaire", Description: "Vide hors d’un quartier prioritaire.", Motif: plusieurs(motifQPV)}},
	},
	{
		Code: "correspondance-2015-2024", Titre: "Correspondance des quartiers de 2015 et de 2024",
		Description: "Pour chaque quartier de 2024, le ou les quartiers de la liste de 2015 dont il est issu.",
		Producteur:  anct, MotsCles: []string{"QPV", "2015", "2024", "correspondance"}, Cle: []string{"code_qp_2015", "code_qp"},
		Reserves: []string{"Le contour a pu changer : un chiffre de 2015 ne se compare pas sans précaution à un chiffre de 2024."},
		Champs: []Champ{
			{Nom: "code_qp_2015", Titre: "Code de 2015", Obligatoire: true, Motif: motifQPV2015},
			{Nom: "nom_qp_2015", Titre: "Nom de 2015", Obligatoire: true},
			titled(codeQP, "Code de 2024", "Code officiel, liste de 2024."),
			titled(nomQP, "Nom de 2024", "Nom officiel, liste de 2024."),
			{Nom: "evolution_2015", Titre: "Évolution", Valeurs: []string{"nouveau", "modifié", "inchangé"}}},
	},
	{
		Code: "adultes-relais", Titre: "Postes d’adultes-relais",
		Description: "Les postes d’adultes-relais conventionnés, par employeur et par quartier : combien, combien sont pourvus, combien d’équivalents temps plein.",
		Producteur:  prefecture, MotsCles: []string{"adultes-relais", "médiation sociale", "politique de la ville"},
		Cle:      []string{"insee_dep", "employeur", "code_qp", "demonstration"},
		Reserves: []string{"Aucune donnée ne porte sur les personnes qui occupent les postes.", "Une ligne de démonstration est inventée."},
		Champs: []Champ{inseeDep,
			{Nom: "employeur", Titre: "Employeur", Obligatoire: true},
			{Nom: "siret", Titre: "SIRET de l’employeur", Motif: `[0-9]{14}`},
			{Nom: "code_qp", Titre: "Quartiers", Description: "Codes des quartiers d’intervention, séparés par « | » ; vide pour un autre territoire.", Motif: plusieurs(motifQPV)},
			{Nom: "postes", Titre: "Postes", Type: export.Entier, Obligatoire: true},
			{Nom: "postes_pourvus", Titre: "Postes pourvus", Type: export.Entier, Obligatoire: true},
			{Nom: "postes_vacants", Titre: "Postes vacants", Type: export.Entier, Obligatoire: true},
			{Nom: "etp", Titre: "Équivalents temps plein", Type: export.Decimal, Decimales: 2, Obligatoire: true},
			demonstration},
	},
	{
		Code: "reussite-educative", Titre: "Parcours de réussite éducative",
		Description: "Le nombre de parcours individuels de chaque programme de réussite éducative, par année, sexe, âge, durée et situation.",
		Producteur:  "porteurs des programmes, " + prefecture, MotsCles: []string{"réussite éducative", "PRE", "enfance", "politique de la ville"},
		Cle: []string{"programme", "annee", "sexe", "age", "duree", "sortie"}, Masque: "parcours",
		Reserves: []string{"« n.c. » : un effectif inférieur au seuil de secret, ou qui permettrait de le retrouver.", "« ensemble » : toutes les valeurs de la colonne.", "Une ligne de démonstration est inventée."},
		Champs: []Champ{
			{Nom: "programme", Titre: "Programme", Obligatoire: true},
			{Nom: "annee", Titre: "Année", Type: export.Annee, Obligatoire: true},
			{Nom: "sexe", Titre: "Sexe", Obligatoire: true, Valeurs: codesOuEnsemble(lexique.SexesPRE)},
			{Nom: "age", Titre: "Âge", Obligatoire: true, Valeurs: codesOuEnsemble(lexique.AgesPRE)},
			{Nom: "duree", Titre: "Durée", Obligatoire: true, Valeurs: codesOuEnsemble(lexique.DureesPRE)},
			{Nom: "sortie", Titre: "Situation ou motif de sortie", Obligatoire: true, Valeurs: codesOuEnsemble(lexique.SortiesPRE)},
			{Nom: "parcours", Titre: "Parcours", Description: "Nombre de parcours individuels.", Type: export.Entier},
			{Nom: "reserve", Titre: "Réserve", Description: "À lire avant d’utiliser les chiffres de l’année."},
			demonstration},
	},
}

// codesOuEnsemble are the values of a dimension, and that of all of it.
func codesOuEnsemble(mots []lexique.Mot) []string {
	codes := []string{"ensemble"}
	for _, m := range mots {
		codes = append(codes, m.Code)
	}
	return codes
}
