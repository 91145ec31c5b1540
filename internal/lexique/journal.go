package lexique

import (
	"strings"
	"unicode"
)

// champsJournal are the labels of the fields of journal lines whose name says too little, or cannot be written as French is.
var champsJournal = map[string]string{
	"siret": "SIRET", "depuis": "Nouveau nom depuis le", "ferme_le": "Fermé le", "successeur": "Repris par", "predecesseur": "Reprend",
	"telephone": "Téléphone", "comite": "Comité", "contacts": "Contacts transmis", "comites": "Comités transmis", "qpv": "Quartiers",
	"echeances": "Échéances qui approchent", "echeance": "Échéance", "etat": "État", "libelle": "Libellé", "annee": "Année", "thematique": "Thématique", "credits": "Crédits", "retiree": "Retirée", "intitule": "Intitulé",
}

// ChampJournal is the label of a field of a journal line: "signe_le" reads "Signe le" unless champsJournal knows better.
func ChampJournal(nom string) string {
	if label, known := champsJournal[nom]; known {
		return label
	}
	r := []rune(strings.ReplaceAll(nom, "_", " "))
	if len(r) > 0 {
		r[0] = unicode.ToUpper(r[0])
	}
	return string(r)
}
