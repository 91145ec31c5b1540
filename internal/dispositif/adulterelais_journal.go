package dispositif

import (
	"portail/internal/journal"
	"portail/internal/lexique"
	"portail/web/typo"
)

// champsAR are the labels of the fields of journal lines of a convention.
var champsAR = map[string]string{
	"numero": "Numéro", "employeur": "Employeur", "categorie": "Catégorie", "territoire": "Territoire", "quartiers": "Quartiers", "missions": "Missions",
	"missions_texte": "Précisions", "quotite": "Temps de travail", "debut": "Début", "fin": "Fin", "etat": "État", "avis": "Avis", "avis_texte": "Motif de l’avis",
	"signee_le": "Signée le", "asp": "Référence ASP", "close_le": "Close le", "motif": "Motif", "occupation": "Occupé depuis le", "depart": "Occupé jusqu’au",
	"conditions": "Conditions vérifiées le", "residence": "Résidence", "derogation": "Dérogation", "pieces": "Pièces reçues", "convention": "Convention",
	"format": "Format", "lignes": "Lignes", "filtres": "Filtres",
}

// registreAR is how conventions change.
var registreAR = registre[AdulteRelais]{Objet: objetAdulteRelais, Find: findAR, Lock: lockAR, VersionOf: func(a AdulteRelais) int { return a.Version }, Difference: differenceAR}

// differenceAR is what the journal says of two versions of a convention.
func differenceAR(before, after AdulteRelais) journal.Changement {
	c := journal.Changement{}
	c.Champ("employeur", before.Employeur, after.Employeur)
	c.Champ("categorie", lexique.Libelle(lexique.CategoriesEmployeur, before.Categorie), lexique.Libelle(lexique.CategoriesEmployeur, after.Categorie))
	c.Champ("territoire", before.Territoire, after.Territoire)
	c.Champ("quartiers", typo.Liste(before.QPVNoms), typo.Liste(after.QPVNoms))
	c.Champ("missions", typo.Liste(before.missions()), typo.Liste(after.missions()))
	c.Champ("missions_texte", before.MissionsTexte, after.MissionsTexte)
	c.Champ("quotite", before.quotite(), after.quotite())
	c.Champ("debut", typo.Date(before.Debut), typo.Date(after.Debut))
	c.Champ("fin", typo.Date(before.Fin), typo.Date(after.Fin))
	c.Champ("etat", lexique.Libelle(lexique.EtatsAdulteRelais, before.Etat), lexique.Libelle(lexique.EtatsAdulteRelais, after.Etat))
	c.Champ("numero", before.Numero, after.Numero)
	c.Champ("asp", before.Asp, after.Asp)
	c.Champ("motif", before.Motif, after.Motif)
	return c
}

func (a AdulteRelais) missions() []string {
	var all []string
	for _, m := range a.Missions {
		all = append(all, lexique.Libelle(lexique.MissionsAdulteRelais, m))
	}
	return all
}

// quotite is the working time in words.
func (a AdulteRelais) quotite() string {
	switch a.Quotite {
	case 0:
		return ""
	case 100:
		return "temps plein"
	case 50:
		return "mi-temps"
	}
	return typo.Pourcent(a.Quotite, decimales(a.Quotite))
}

// decimales is how many decimals a percentage needs.
func decimales(v float64) int {
	if v == float64(int64(v)) {
		return 0
	}
	return 2
}
