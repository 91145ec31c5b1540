package contrat

// contratDemo is an invented contract: of what is public only its EPCI, its quarters, its years and, for Saint-Dié-des-Vosges, its
// themes and the month of its signature (press, 2024) are true.
type contratDemo struct {
	cle, titre, epci string // EPCI by its SIREN
	debut, fin       string
	revoyure         string
	qpv              []string
	parties          []partieDemo
	sections         map[string]string // by code
	axes             []axeDemo
	signe            string       // day of the last signature; empty: being negotiated
	avenant          *avenantDemo // after it
}

// partieDemo is a party, found among the organisations by its name.
type partieDemo struct {
	organisme          string
	nature, obligation string
	qualite            string // of its signatory
}

// axeDemo is a branch: its text, its objectives.
type axeDemo struct {
	nature, titre, texte, qpv string
	objectifs                 []objectifDemo
}

type objectifDemo struct {
	titre, texte string
	engagements  []engagementDemo
}

// engagementDemo is an engagement of a party, with its last follow-up.
type engagementDemo struct {
	par, texte, credits string // par: part of the name of the party
	montant             float64
	echeance            int // days from today
	cible               *cibleDemo
	avancement, note    string
	valeur              float64 // measured; with a target only
}

type cibleDemo struct {
	indicateur string
	de, a      float64
}

// avenantDemo is an amendment: in force, or waiting for signatures.
type avenantDemo struct {
	objet   string
	natures []string
	signe   string   // empty: being signed for that many days…
	depuis  int      // …
	signent []string // …by those parties already, as parts of their names
	ajoute  objectifDemo
}

const (
	parEtat        = "Préfecture"
	parCAF         = "familiales"
	parARS         = "santé"
	parFT          = "France Travail"
	parDSDEN       = "éducation nationale"
	parDepartement = "Département des Vosges"
	parRegion      = "Région Grand Est"
	parSaintDie    = "Ville de Saint-Dié-des-Vosges"
	parEpinal      = "Ville d’Épinal"
	parGolbey      = "Ville de Golbey"
	parRemiremont  = "Ville de Remiremont"
)

// partiesDemo are those of each contract, beside its communes and its EPCI.
func partiesDemo(epci string, communes ...string) []partieDemo {
	all := []partieDemo{{parEtat, "etat", "obligatoire", "Préfète des Vosges"}, {epci, "epci", "obligatoire", "Président·e"}}
	for _, c := range communes {
		all = append(all, partieDemo{c, "commune", "obligatoire", "Maire"})
	}
	return append(all, partieDemo{parDepartement, "departement", "attendu", "Président·e du conseil départemental"}, partieDemo{parRegion, "region", "attendu", "Président·e du conseil régional"},
		partieDemo{parCAF, "protection_sociale", "facultatif", "Directrice ou directeur"}, partieDemo{parARS, "ars", "facultatif", "Déléguée ou délégué territorial"},
		partieDemo{parFT, "france_travail", "facultatif", "Directrice ou directeur territorial"}, partieDemo{parDSDEN, "rectorat", "facultatif", "Directrice ou directeur académique"})
}

// sectionsDemo are the texts of each contract; they fill in the checklist of R-CV-4.
func sectionsDemo(lieu string) map[string]string {
	return map[string]string{
		"preambule":              "Le contrat de ville **" + lieu + "** réunit l’État, les collectivités et leurs partenaires autour des habitants des quartiers prioritaires.\n\nIl part de trois constats partagés :\n\n- des ressources plus faibles qu’alentour ;\n- un accès aux droits et aux soins plus difficile ;\n- des associations nombreuses et des habitants engagés.",
		"gouvernance":            "Le **comité de pilotage** se réunit deux fois par an. Un **comité technique** prépare ses décisions. Le conseil citoyen siège dans les deux.",
		"participation":          "Chaque projet de quartier est écrit avec les habitants, au cours d’ateliers ouverts. Une réunion publique par an rend compte de ce qui a été fait.",
		"actions":                "Les actions relèvent de l’emploi, de l’éducation, de la santé, de la tranquillité et du cadre de vie. L’appel à projets annuel les soutient.",
		"moyens":                 "Les partenaires mobilisent d’abord leurs moyens de **droit commun**. Les crédits spécifiques de la politique de la ville viennent en complément.",
		"ingenierie":             "Une équipe de projet, portée par l’intercommunalité, suit le contrat et accompagne les associations.",
		"evaluation_questions":   "1. Les habitants accèdent-ils mieux à leurs droits ?\n2. Les écarts d’emploi se réduisent-ils ?\n3. Le droit commun est-il plus présent dans les quartiers ?",
		"evaluation_indicateurs": "Chaque engagement chiffré porte un indicateur, une valeur de départ, une cible et une source. Ils sont relevés une fois par an.",
		"evaluation_structure":   "L’intercommunalité anime l’évaluation avec la préfecture ; le rapport annuel est présenté au conseil citoyen.",
		"donnees":                "Les signataires partagent leurs données agrégées par quartier, dans le respect du secret statistique.",
	}
}

var emploiDemo = axeDemo{nature: "priorite", titre: "Emploi et développement économique", texte: "Rapprocher les habitants de l’emploi, de la formation et de la création d’activité.", objectifs: []objectifDemo{
	{"Accompagner les demandeurs d’emploi des quartiers", "Aller vers les personnes qui ne se déplacent pas dans les agences.", []engagementDemo{
		{parFT, "Tenir une permanence hebdomadaire dans chaque quartier prioritaire.", "droit_commun", 0, 40, &cibleDemo{"Permanences tenues dans l’année", 12, 48}, "en_cours", "Les permanences ont commencé dans deux lieux.", 30},
		{parEtat, "Proposer un parcours d’accompagnement aux jeunes sans emploi ni formation.", "specifiques", 45000, -15, nil, "difficulte", "Le recrutement de l’accompagnateur a pris du retard.", 0},
	}},
	{"Soutenir la création d’activité", "", []engagementDemo{
		{parRegion, "Financer un accompagnement à la création d’entreprise dans les quartiers.", "droit_commun", 30000, 200, nil, "a_engager", "", 0},
	}},
}}

var educationDemo = axeDemo{nature: "priorite", titre: "Éducation et parentalité", texte: "Donner à chaque enfant les mêmes chances, avec les familles.", objectifs: []objectifDemo{
	{"Prévenir le décrochage scolaire", "", []engagementDemo{
		{parDSDEN, "Ouvrir un dispositif d’accueil des moins de trois ans par quartier.", "droit_commun", 0, 75, nil, "en_cours", "Une ouverture est programmée à la rentrée.", 0},
		{parCAF, "Développer les lieux d’accueil enfants-parents.", "droit_commun", 60000, 120, &cibleDemo{"Familles accueillies dans l’année", 80, 160}, "en_cours", "Un second lieu est ouvert depuis le printemps.", 115},
	}},
}}

var santeDemo = axeDemo{nature: "transversal", titre: "Santé et accès aux droits", texte: "Agir sur le renoncement aux soins et le non-recours.", objectifs: []objectifDemo{
	{"Rapprocher les soins des habitants", "", []engagementDemo{
		{parARS, "Installer une médiatrice ou un médiateur en santé.", "specifiques", 38000, 25, nil, "en_cours", "Le poste est pourvu.", 0},
		{parARS, "Organiser deux journées de dépistage par an et par quartier.", "droit_commun", 0, -40, &cibleDemo{"Journées tenues dans l’année", 1, 4}, "atteint", "Quatre journées ont été tenues.", 4},
	}},
	{"Lutter contre le non-recours", "", []engagementDemo{
		{parCAF, "Tenir des rendez-vous des droits dans les quartiers.", "droit_commun", 0, 10, &cibleDemo{"Rendez-vous dans l’année", 150, 400}, "en_cours", "Le rythme s’accélère.", 290},
	}},
}}

func projetDemo(quartier, code, commune string) axeDemo {
	return axeDemo{nature: "projet_quartier", titre: "Projet du quartier " + quartier, qpv: code, texte: "Ce que les habitants et les partenaires veulent changer d’ici 2030 à " + quartier + ".", objectifs: []objectifDemo{
		{"Améliorer le cadre de vie", "Espaces publics, propreté, tranquillité.", []engagementDemo{
			{commune, "Réaménager un espace public choisi par les habitants.", "droit_commun", 120000, 300, nil, "en_cours", "Le choix du lieu est fait.", 0},
			{parEtat, "Renforcer la présence d’adultes-relais.", "specifiques", 22000, 60, nil, "a_engager", "", 0},
		}},
	}}
}

// contratsDemo are the three contracts of the Vosges.
var contratsDemo = []contratDemo{
	{
		cle: "saint-die", titre: "Contrat de ville de Saint-Dié-des-Vosges 2024-2030", epci: "200071066", debut: "2024-01-01", fin: "2030-12-31", revoyure: "2027-06-30",
		qpv: []string{"QN08805M", "QN08806M"}, parties: partiesDemo("Saint-Dié", parSaintDie), sections: sectionsDemo("de Saint-Dié-des-Vosges"), signe: "2024-09-30",
		axes: []axeDemo{emploiDemo,
			{nature: "priorite", titre: "Lien social, sport et culture", texte: "Faire du sport et de la culture des occasions de se rencontrer.", objectifs: []objectifDemo{
				{"Ouvrir les équipements à tous", "", []engagementDemo{{parSaintDie, "Ouvrir les gymnases le soir et pendant les vacances.", "droit_commun", 18000, 45, nil, "atteint", "Trois gymnases sont ouverts.", 0}}}}},
			{nature: "priorite", titre: "Pouvoir d’achat, alimentation et besoins fondamentaux", texte: "", objectifs: []objectifDemo{
				{"Faciliter l’accès à une alimentation saine", "", []engagementDemo{{parDepartement, "Soutenir une épicerie solidaire dans chaque quartier.", "droit_commun", 25000, 90, nil, "en_cours", "La première est ouverte.", 0}}}}},
			educationDemo, santeDemo, projetDemo("Saint-Roch – L’Orme", "QN08805M", parSaintDie), projetDemo("Kellermann-Foucharupt", "QN08806M", parSaintDie)},
		avenant: &avenantDemo{objet: "Ajout d’un objectif de tranquillité publique", natures: []string{"engagements"}, signe: "2025-11-14",
			ajoute: objectifDemo{"Renforcer la tranquillité publique", "", []engagementDemo{{parEtat, "Réunir chaque trimestre un groupe de partenariat opérationnel par quartier.", "droit_commun", 0, 30, nil, "en_cours", "Les groupes se réunissent.", 0}}}},
	},
	{
		cle: "epinal", titre: "Contrat de ville d’Épinal 2024-2030", epci: "200068757", debut: "2024-01-01", fin: "2030-12-31", revoyure: "2027-06-30",
		qpv: []string{"QN08801M", "QN08802M", "QN08803M"}, parties: partiesDemo("Épinal", parEpinal, parGolbey), sections: sectionsDemo("d’Épinal"), signe: "2024-10-15",
		axes: []axeDemo{emploiDemo, educationDemo, santeDemo, projetDemo("Bitola-La Vierge", "QN08801M", parEpinal), projetDemo("Justice-Saut le Cerf", "QN08802M", parEpinal), projetDemo("Le Haut du Gras", "QN08803M", parGolbey)},
		avenant: &avenantDemo{objet: "Engagements de la programmation 2027", natures: []string{"engagements"}, depuis: 38, signent: []string{parEtat, "Épinal", parCAF},
			ajoute: objectifDemo{"Préparer la programmation 2027", "", []engagementDemo{{parEtat, "Publier l’appel à projets avant la fin de l’année.", "specifiques", 210000, 80, nil, "a_engager", "", 0}}}},
	},
	{
		cle: "remiremont", titre: "Contrat de ville de Remiremont 2024-2030", epci: "200068377", debut: "2024-01-01", fin: "2030-12-31", revoyure: "2027-06-30",
		qpv: []string{"QN08804M"}, parties: partiesDemo("Porte des Vosges", parRemiremont), sections: map[string]string{"preambule": sectionsDemo("de Remiremont")["preambule"], "gouvernance": sectionsDemo("")["gouvernance"]},
		axes: []axeDemo{emploiDemo, projetDemo("Le Rhumont", "QN08804M", parRemiremont)},
	},
}
