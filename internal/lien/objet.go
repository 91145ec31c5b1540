package lien

// Objet is the page of a thing that is named by its kind and number, as the lines of échéances and of the journal are; empty when its
// kind has no page.
func Objet(objet string, id int64) string {
	switch objet {
	case "comite":
		return Comite(id)
	case "compte_rendu":
		return CompteRendu(id)
	case "decision":
		return Decision(id)
	case "organisme":
		return Organisme(id)
	case "seance":
		return Seance(id)
	}
	return ""
}
