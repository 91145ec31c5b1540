package intervention

import (
	"net/url"
	"strconv"

	"portail/internal/droits"
	"portail/internal/lien"
	"portail/internal/pg"
	"portail/web"
	"portail/web/typo"
)

// Bloc is the part of the dashboard on what one's organisation declared for the year, or all of them for the préfecture.
func (s *Service) Bloc(b *pg.Batch, par droits.Compte) func() *web.Bloc {
	if !par.Peut(droits.InterventionVoir) {
		return nil
	}
	var row resume
	addResume(b, &row, par)
	return func() *web.Bloc {
		year := strconv.Itoa(typo.Aujourdhui().Year())
		links := []web.Lien{{Texte: "L’action des services dans les quartiers", Href: lien.Interventions}}
		if par.Peut(droits.InterventionDeclarer) && !par.Role.Prefecture() {
			links = append(links, web.Lien{Texte: "Déclarer une action", Href: lien.InterventionNouvelle})
			if row.Actions == 0 && row.Avant > 0 {
				links = append(links, web.Lien{Texte: "Reprendre celles de l’an dernier (" + typo.Nombre(int64(row.Avant)) + ")", Href: lien.InterventionsReprendre + "?" + url.Values{paramAnnee: {year}}.Encode()})
			}
		}
		label := "Actions de votre organisme déclarées pour " + year
		if par.Role.Prefecture() {
			label = "Actions déclarées par les services pour " + year
		}
		return &web.Bloc{ID: "bloc-interventions", Titre: "Action des services", Liens: links, Contenu: web.KeyFigures(
			web.Figure{Libelle: label, Valeur: typo.Nombre(int64(row.Actions)), Note: typo.Nombre(int64(row.Avant)) + " l’année précédente"},
			web.Figure{Libelle: "Quartiers concernés", Valeur: typo.Nombre(int64(row.Quartiers))})}
	}
}

// resume is what was declared, at a glance.
type resume struct{ Actions, Avant, Quartiers int }
