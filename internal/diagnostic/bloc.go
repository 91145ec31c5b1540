package diagnostic

import (
	"strconv"
	"time"

	"portail/internal/droits"
	"portail/internal/lexique"
	"portail/internal/lien"
	"portail/internal/pg"
	"portail/web"
	"portail/web/typo"
)

// Bloc is the part of the dashboard on returns that are not published: a partner's own, or those of all for the préfecture.
func (s *Service) Bloc(b *pg.Batch, par droits.Compte) func() *web.Bloc {
	if !par.Peut(droits.RemonteeVoir) {
		return nil
	}
	var all []remonteeBloc
	addRemonteesBloc(b, &all)
	return func() *web.Bloc {
		title := "Chiffres à remonter"
		if par.Role.Prefecture() {
			title = "Chiffres attendus des producteurs"
			if len(all) == 0 {
				return nil
			}
		}
		return &web.Bloc{ID: "bloc-remontees", Titre: title, Contenu: web.DataTable(tableRemontees(all, par.Role.Prefecture())),
			Liens: []web.Lien{{Texte: "Toutes les remontées", Href: lien.Remontees}}}
	}
}

// remonteeBloc is a return on the dashboard.
type remonteeBloc struct {
	ID        int64
	Organisme string
	Millesime int
	Trimestre *int
	Etat      string
	Echeance  time.Time
	Motif     string
}

// periode is the period of the return, in words.
func (r remonteeBloc) periode() string {
	if r.Trimestre == nil {
		return strconv.Itoa(r.Millesime)
	}
	return typo.Rang(*r.Trimestre, typo.Masculin) + typo.NBSP + "trimestre " + strconv.Itoa(r.Millesime)
}

func tableRemontees(all []remonteeBloc, staff bool) web.TableProps {
	t := web.TableProps{ID: "table-bloc-remontees", Caption: "Remontées en cours", CaptionHidden: true, Vide: "Aucun chiffre n’est attendu de votre organisme.",
		Columns: []web.Column{{Titre: "Remontée"}, {Titre: "Échéance"}, {Titre: "État"}}}
	today := typo.Aujourdhui()
	for _, r := range all {
		name := web.LinkCell("Chiffres de "+r.periode(), lien.Remontee(r.ID))
		if staff {
			name.Note = r.Organisme
		}
		due := web.Cell{Texte: typo.Date(r.Echeance)}
		if r.Echeance.Before(today) && r.Etat != string(Certifiee) {
			due.Note = "en retard"
		}
		state := web.Cell{Texte: lexique.Libelle(lexique.EtatsRemontee, r.Etat)}
		if r.Motif != "" {
			state.Note = "Renvoyée" + typo.NBSP + ": " + r.Motif
		}
		if r.Etat == string(Certifiee) && staff {
			state.Note = "à publier"
		}
		t.Rows = append(t.Rows, []web.Cell{name, due, state})
	}
	return t
}
