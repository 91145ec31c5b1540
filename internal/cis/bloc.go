package cis

import (
	"time"

	"portail/internal/droits"
	"portail/internal/lexique"
	"portail/internal/lien"
	"portail/internal/pg"
	"portail/web"
	"portail/web/typo"
)

// Bloc is the part of the dashboard on committees: for the préfecture the next meeting of each and the periods that have none, for a
// partner the meetings to come and what it answered.
func (s *Service) Bloc(b *pg.Batch, par droits.Compte) func() *web.Bloc {
	if !par.Peut(droits.CisVoir) {
		return nil
	}
	if !par.Role.Prefecture() {
		var reunions []reunionBloc
		addReunionsBloc(b, &reunions)
		return func() *web.Bloc {
			return &web.Bloc{ID: "bloc-comites", Titre: "Réunions à venir", Contenu: web.DataTable(tableReunions(reunions)), Liens: []web.Lien{{Texte: "Mes comités", Href: lien.Comites}}}
		}
	}
	v := listeComites{Par: par, Jour: typo.Aujourdhui()}
	addComites(b, &v.Lignes)
	return func() *web.Bloc {
		if len(v.Lignes) == 0 {
			return nil
		}
		return &web.Bloc{ID: "bloc-comites", Titre: "Comités", Contenu: blocComites(v), Liens: []web.Lien{{Texte: "Tous les comités", Href: lien.Comites}}}
	}
}

// reunionBloc is a meeting to come of a committee that one's organisation sits in.
type reunionBloc struct {
	ID      int64
	Comite  string
	Debut   time.Time
	Lieu    string
	Etat    Etat
	Reponse *string // of the organisation; nil: it was not called yet
}

func tableReunions(all []reunionBloc) web.TableProps {
	t := web.TableProps{ID: "table-reunions", Caption: "Réunions à venir", CaptionHidden: true, Vide: "Aucune réunion n’a encore de date.",
		Columns: []web.Column{{Titre: "Séance"}, {Titre: "Lieu"}, {Titre: "Votre réponse"}}}
	for _, r := range all {
		answer := web.TextCell("pas encore convoquée")
		switch {
		case r.Reponse != nil && *r.Reponse == "":
			answer = web.ComponentCell(web.Badge("À donner", web.ToneWarning))
		case r.Reponse != nil:
			answer = web.TextCell(lexique.Libelle(lexique.ReponsesConvocation, *r.Reponse))
		}
		t.Rows = append(t.Rows, []web.Cell{{Texte: r.Comite + ", " + typo.DateHeure(r.Debut), Href: lien.Seance(r.ID), Note: r.Etat.Libelle()}, web.TextCell(r.Lieu), answer})
	}
	return t
}

// BlocDecisions is the part of the dashboard on decisions: for the préfecture what each organisation has to do, by age; for a partner
// those that it answers for. Nil for whoever sees none that is open.
func (s *Service) BlocDecisions(b *pg.Batch, par droits.Compte) func() *web.Bloc {
	if !par.Peut(droits.DecisionVoir) {
		return nil
	}
	links := []web.Lien{{Texte: "Registre des décisions", Href: lien.Decisions}}
	if !par.Role.Prefecture() {
		var own []decisionBloc
		addDecisionsDe(b, &own, par.Organisme)
		return func() *web.Bloc {
			return &web.Bloc{ID: "bloc-decisions", Titre: "Décisions que votre organisme mène", Contenu: web.DataTable(tableDecisions(own)), Liens: links}
		}
	}
	var charge []chargeDecisions
	addCharge(b, &charge)
	return func() *web.Bloc {
		if len(charge) == 0 {
			return nil
		}
		return &web.Bloc{ID: "bloc-decisions", Titre: "Décisions des comités", Contenu: web.DataTable(tableauCharge("bloc-charge", charge)), Liens: links}
	}
}

// decisionBloc is a decision that an organisation has to carry out.
type decisionBloc struct {
	ID          int64
	Numero      int
	Texte       string
	Echeance    *time.Time
	Etat        string
	SansReponse bool // it never said anything of it
}

func tableDecisions(all []decisionBloc) web.TableProps {
	t := web.TableProps{ID: "table-decisions", Caption: "Décisions ouvertes", CaptionHidden: true, Vide: "Aucune décision ouverte n’attend votre organisme.",
		Columns: []web.Column{{Titre: "Décision"}, {Titre: "Échéance"}, {Titre: "Où en est-elle"}}}
	for _, d := range all {
		date, late := delai(d.Etat, d.Echeance)
		state := web.TextCell(etatDecision(d.Etat))
		if d.SansReponse {
			state = web.ComponentCell(web.Badge("À dire", web.ToneWarning))
		}
		t.Rows = append(t.Rows, []web.Cell{{Texte: couper(d.Texte, 140), Href: lien.Decision(d.ID), Note: "n°" + typo.NBSP + typo.Nombre(int64(d.Numero))}, {Texte: date, Note: late}, state})
	}
	return t
}
