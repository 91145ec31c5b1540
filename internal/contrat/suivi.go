package contrat

import (
	"context"
	"fmt"
	"net/url"
	"time"

	"github.com/jackc/pgx/v5"

	"portail/internal/droits"
	"portail/internal/fault"
	"portail/internal/httpx"
	"portail/internal/journal"
	"portail/internal/lexique"
	"portail/internal/lien"
	"portail/internal/pg"
	"portail/internal/saisie"
	"portail/web"
	"portail/web/typo"
)

// Suivi is a dated note on how far an engagement is: who, when, what.
type Suivi struct {
	Avancement   string   // lexique.Avancements
	Valeur       *float64 // of the indicator of its target, measured…
	ValeurLe     *time.Time
	Note         string
	Nom          string // of who wrote it
	OrganismeNom string
	Le           time.Time
}

func (x Suivi) check(e Engagement) error {
	f := fault.Fields{}
	if !lexique.Connu(lexique.Avancements, x.Avancement) {
		f.Add("avancement", "Choisissez où en est l’engagement.")
	}
	if x.Note == "" {
		f.Add("note", "Écrivez ce qui a été fait, ou ce qui bloque.")
	}
	saisie.Longueur(f, "note", x.Note, maxCommentaire)
	switch {
	case (x.Valeur == nil) != (x.ValeurLe == nil):
		f.Add("valeur_le", "Une valeur mesurée se donne avec sa date.")
	case x.Valeur != nil && !e.Chiffre():
		f.Add("valeur", "Cet engagement n’a pas de cible chiffrée.")
	case x.ValeurLe != nil && x.ValeurLe.After(typo.Aujourdhui()):
		f.Add("valeur_le", "Cette date est à venir.")
	}
	return f.Err()
}

// engagementSuivi is an engagement in the text that counts today, with where it stands in it.
type engagementSuivi struct {
	Engagement
	ContratID     int64
	ContratTitre  string
	Numero        int
	EtatTexte     Etat
	ObjectifTitre string
	AxeTitre      string
	QpvNom        string
	Demonstration bool
	Total         int
}

// Suivre adds a note on an engagement of a signed contract: the party that took it does, or the préfecture. The same form sent twice adds one.
func (s *Service) Suivre(ctx context.Context, par droits.Compte, contrat, lignee int64, x Suivi, cle string) error {
	x.Note = saisie.Paragraphes(x.Note)
	err := pg.As(ctx, s.db, par, func(tx pgx.Tx) error {
		if err := lock(ctx, tx, contrat); err != nil {
			return err
		}
		e, err := findEngagement(ctx, tx, contrat, lignee)
		if err != nil {
			return err
		}
		if !par.Role.Prefecture() && e.OrganismeID != par.Organisme {
			return fault.Forbidden
		}
		if e.EtatTexte == Projet || e.EtatTexte == Negociation || e.EtatTexte == ASigner {
			return fault.Fields{"": "Le suivi commence quand le contrat est signé."}
		}
		if err := x.check(e.Engagement); err != nil {
			return err
		}
		fresh, err := insertSuivi(ctx, tx, par, contrat, lignee, x, cle)
		if err != nil || !fresh {
			return err
		}
		d := journal.Changement{"engagement": {couper(e.Texte, maxLigne), couper(e.Texte, maxLigne)}}
		d.Champ("avancement", libelleAvancement(e.Engagement), lexique.Libelle(lexique.Avancements, x.Avancement))
		if x.Valeur != nil {
			d["valeur"] = [2]any{nil, *x.Valeur}
		}
		return journal.Note(ctx, tx, par, "engagement suivi", objet, contrat, d)
	})
	if err != nil {
		return fmt.Errorf("follow engagement %d of contrat %d: %w", lignee, contrat, err)
	}
	return nil
}

// filtresEngagements are what the address asks of the list of engagements.
type filtresEngagements struct {
	Avancement string
	Retard     bool
	Page       int
}

const paramAvancement = "avancement"

func parseEngagements(v url.Values) (filtresEngagements, error) {
	q := httpx.ReadQuery(v)
	f := filtresEngagements{Avancement: q.Code(paramAvancement, lexique.Avancements), Retard: q.Yes(paramRetard), Page: q.Page()}
	return f, q.Err()
}

// engagements is the page of the engagements of one's organisation, those overdue first; of all parties for the préfecture.
type engagements struct {
	filtresEngagements
	Lignes     []engagementSuivi
	Tous       bool
	Maintenant time.Time
}

func (p engagements) titre() string {
	if p.Tous {
		return "Engagements des contrats de ville"
	}
	return "Nos engagements"
}

func (p engagements) total() int {
	if len(p.Lignes) == 0 {
		return 0
	}
	return p.Lignes[0].Total
}

func (p engagements) url() web.ListURL {
	v := url.Values{paramAvancement: {p.Avancement}}
	if p.Retard {
		v.Set(paramRetard, "oui")
	}
	return web.ListURL{Path: lien.ContratsEngagements, Values: v}
}

func (p engagements) table() web.TableProps {
	t := web.TableProps{ID: "engagements", Caption: p.titre(), CaptionHidden: true, Vide: "Aucun engagement.",
		Columns: []web.Column{{Titre: "Engagement"}, {Titre: "Contrat"}, {Titre: "Échéance"}, {Titre: "Avancement"}, {Titre: "Cible"}}}
	if p.Tous {
		t.Columns = append(t.Columns, web.Column{Titre: "Partie"})
	}
	for _, e := range p.Lignes {
		name := web.LinkCell(couper(e.Texte, 160), lien.ContratSuivi(e.ContratID, e.Lignee))
		name.Note = e.Moyens()
		contrat := web.LinkCell(e.ContratTitre, lien.ContratVersion(e.ContratID, e.Numero))
		contrat.Note = e.AxeTitre
		if e.Demonstration {
			contrat.Note += ", donnée de démonstration"
		}
		due := "sans date"
		if e.Du() != nil {
			due = typo.Date(*e.Du())
		}
		row := []web.Cell{name, contrat, web.TextCell(due), web.ComponentCell(avancementVue(e.Engagement, p.Maintenant)), web.TextCell(e.progression())}
		if p.Tous {
			row = append(row, web.TextCell(e.OrganismeNom))
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// progression is how far the target is, in words.
func (e Engagement) progression() string {
	if !e.Chiffre() {
		return "sans cible chiffrée"
	}
	part, ok := e.Progression()
	if !ok {
		return "rien de mesuré"
	}
	return typo.Pourcent(part*100, 0) + " du chemin (" + typo.Auto(*e.Valeur, 2) + " le " + typo.Date(*e.ValeurLe) + ")"
}
