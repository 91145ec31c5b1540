package contrat

import (
	"portail/internal/lexique"
	"portail/web"
	"portail/web/typo"
)

func libelleAvancement(e Engagement) string {
	if e.Avancement == "" {
		return "Pas encore suivi"
	}
	return lexique.Libelle(lexique.Avancements, e.Avancement)
}

func actionAjout(texte, href, nom string) web.ButtonProps {
	return web.ButtonProps{Texte: texte, Href: href, Titre: texte + " à : " + nom}
}

func modifierNoeud(f fiche, b branche, id int64, nom string) []web.ButtonProps {
	return []web.ButtonProps{
		{Texte: "Modifier", Href: f.hrefObjet(b.code, id, ""), Titre: "Modifier : " + nom},
		{Texte: "Supprimer", Href: f.hrefObjet(b.code, id, "supprimer"), Titre: "Supprimer : " + nom},
	}
}

// du is its day, after its means.
func (e Engagement) du() string {
	if e.Du() == nil {
		return ""
	}
	return ", échéance le " + typo.Date(*e.Du())
}

// nature is what the axe is, with its quarter.
func (a Axe) nature() string {
	s := lexique.Libelle(lexique.NaturesAxe, a.Nature)
	if a.QpvNom != "" {
		s += ", " + a.QpvNom
	}
	return s
}
