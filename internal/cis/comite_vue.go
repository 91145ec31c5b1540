package cis

import (
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"

	"portail/internal/droits"
	"portail/internal/journal"
	"portail/internal/lexique"
	"portail/internal/lien"
	"portail/internal/texte"
	"portail/web"
	"portail/web/typo"
)

// listeComites is what the page of the committees shows.
type listeComites struct {
	Lignes []ligneComite
	Par    droits.Compte
	Jour   time.Time
}

func (v listeComites) modifier() bool { return v.Par.Peut(droits.CisModifier) }

// alertes are the periods without a meeting that the préfecture must look at: the one under way, and the next when it is near.
func (v listeComites) alertes() []ligneComite {
	if !v.Par.Role.Prefecture() {
		return nil
	}
	return alertes(v.Lignes, v.Jour)
}

// alertes are the committees with a period under way that has no meeting.
func alertes(all []ligneComite, jour time.Time) []ligneComite {
	var late []ligneComite
	for _, l := range all {
		if l.VideDebut != nil && !l.VideDebut.After(jour) {
			late = append(late, l)
		}
	}
	return late
}

// presse says whether the period ends within the committee's own delay.
func (l ligneComite) presse(jour time.Time) bool {
	return l.VideFin != nil && int(l.VideFin.Sub(jour).Hours()/24) <= l.AlerteJours
}

// alerte says what is missing.
func (l ligneComite) alerte(jour time.Time) string {
	days := int64(l.VideFin.Sub(jour).Hours()/24) + 1
	text := "Aucune séance n’a de date pour la période du " + typo.Date(*l.VideDebut) + " au " + typo.Date(*l.VideFin)
	if l.presse(jour) {
		return text + typo.NBSP + ": il reste " + typo.NPluriel(days, "jour", "jours") + "."
	}
	return text + "."
}

func (l ligneComite) titre() string {
	return Comite{Reglages: Reglages{Nom: l.Nom, Sigle: l.Sigle}}.Titre()
}

func (v listeComites) tableau() web.TableProps {
	t := web.TableProps{ID: "comites", Caption: "Comités", CaptionHidden: true, Vide: "Aucun comité ne vous est ouvert.",
		Columns: []web.Column{{Titre: "Comité"}, {Titre: "Rythme"}, {Titre: "Membres", Numeric: true}, {Titre: "Prochaine séance"}}}
	for _, l := range v.Lignes {
		name := web.LinkCell(l.titre(), lien.Comite(l.ID))
		if l.FermeLe != nil {
			name.Note = "Fermé le " + typo.Date(*l.FermeLe)
		} else if nature := lexique.Libelle(lexique.NaturesComite, l.Nature); nature != l.Nom {
			name.Note = nature
		}
		next := web.TextCell("aucune date fixée")
		if l.SeanceID != nil {
			next = web.Cell{Texte: typo.DateHeure(*l.SeanceDebut), Href: lien.Seance(*l.SeanceID), Note: l.SeanceEtat.Libelle()}
		}
		t.Rows = append(t.Rows, []web.Cell{name, web.TextCell(lexique.Libelle(lexique.Periodicites, l.Periodicite)), web.TextCell(strconv.Itoa(l.Membres)), next})
	}
	return t
}

// ficheComite is what the page of a committee shows.
type ficheComite struct {
	Comite
	Membres    []Membre
	Periodes   []periode
	SansDate   []seanceAnnee
	Derniere   *seanceAnnee
	Reperes    reperes
	Historique []journal.Ligne
	Par        droits.Compte
	Annee      int
	Jour       time.Time
}

func (v ficheComite) modifier() bool { return v.Par.Peut(droits.CisModifier) }

func (v ficheComite) objet() templ.Component {
	c, err := texte.Render(v.Objet, 3)
	if err != nil {
		return templ.NopComponent
	}
	return c
}

func (v ficheComite) actes() []web.ButtonProps {
	if v.Ferme() {
		return []web.ButtonProps{{Texte: "Rouvrir le comité", Href: lien.ComiteActe(v.ID, lien.ActeRouvrir), Kind: web.ButtonSecondary}}
	}
	return []web.ButtonProps{
		{Texte: "Planifier une séance", Href: lien.ComiteActe(v.ID, lien.ActeNouvelleSeance), Icon: "fr-icon-add-line"},
		{Texte: "Modifier le comité", Href: lien.ComiteActe(v.ID, lien.ActeModifier), Kind: web.ButtonSecondary, Icon: "fr-icon-edit-line"},
		{Texte: "Fermer le comité", Href: lien.ComiteActe(v.ID, lien.ActeFermer), Kind: web.ButtonTertiary, Icon: "fr-icon-lock-line"},
	}
}

func (v ficheComite) proprietes() []web.Description {
	days := func(n int) string { return typo.NPluriel(int64(n), "jour", "jours") }
	all := []web.Description{
		{Terme: "Nature", Cell: web.TextCell(lexique.Libelle(lexique.NaturesComite, v.Nature))},
		{Terme: "Rythme", Cell: web.TextCell(lexique.Libelle(lexique.Periodicites, v.Periodicite))},
	}
	for _, pair := range [][2]string{{"Présidence", v.President}, {"Secrétariat", v.Secretaire}, {"Lieu habituel", v.Lieu}} {
		if pair[1] != "" {
			all = append(all, web.Description{Terme: pair[0], Cell: web.TextCell(pair[1])})
		}
	}
	return append(all, web.Description{Terme: "Convocation", Cell: web.TextCell(days(v.PreavisJours) + " avant la séance")},
		web.Description{Terme: "Points proposés", Cell: web.TextCell("jusqu’à " + days(v.PropositionsJours) + " avant la séance")},
		web.Description{Terme: "Relecture du compte rendu", Cell: web.TextCell(days(v.RelectureJours))})
}

// annees are the neighbouring years, and this one when another is shown.
func (v ficheComite) annees() []web.Lien {
	year := func(n int) web.Lien { return web.Lien{Texte: strconv.Itoa(n), Href: lien.ComiteAnnee(v.ID, n)} }
	var all []web.Lien
	for _, n := range []int{v.Annee - 1, v.Annee + 1} {
		if n >= premiereAnnee && n <= derniereAnnee {
			all = append(all, year(n))
		}
	}
	return all
}

// etatPeriode is how a period stands, in words and tone.
func (v ficheComite) etatPeriode(p periode) (string, web.Tone) {
	switch p.situation(v.Jour) {
	case tenueOK:
		return "Tenue", web.ToneSuccess
	case prevueOK:
		for _, s := range p.Seances {
			if s.Etat == Convoquee {
				return "Convoquée", web.ToneSuccess
			}
		}
		return "Planifiée", web.ToneInfo
	case manquante:
		return "Manquante", web.ToneError
	case sautee:
		return "Sans séance", web.ToneWarning
	}
	if p.Attendue && p.Debut.After(v.Jour) {
		return "À planifier", web.ToneNeutral
	}
	return "", web.ToneNeutral
}

// dates are the dates proposed for a period without a meeting, each leading to the form filled in.
func (v ficheComite) dates(p periode) []web.Lien {
	if !v.modifier() || v.Ferme() {
		return nil
	}
	if state := p.situation(v.Jour); state != manquante && (state != vide || !p.Attendue) {
		return nil
	}
	var all []web.Lien
	for _, d := range proposerDates(p, v.Derniere, v.PreavisJours, v.Jour) {
		all = append(all, web.Lien{Texte: typo.DateJour(d) + ", " + typo.Heure(d), Href: lien.SeanceNouvelle(v.ID, d.Format("2006-01-02"), d.Format("15:04"))})
	}
	return all
}

// membres is the table of those who sit, or of those who used to.
func (v ficheComite) membres(passes bool) web.TableProps {
	t := web.TableProps{ID: "membres", Caption: "Membres", CaptionHidden: true, Columns: []web.Column{{Titre: "Organisme"}, {Titre: "Siège pour lui"}, {Titre: "Depuis le"}}}
	if passes {
		t.ID, t.Caption = "anciens-membres", "Anciens membres"
		t.Columns = append(t.Columns, web.Column{Titre: "Jusqu’au"})
	}
	if v.modifier() {
		t.Columns = append(t.Columns, web.Column{Titre: "Destinataires", Numeric: true}, web.Column{Titre: "Modifier"})
	}
	for _, m := range v.Membres {
		if past := m.Fin != nil && m.Fin.Before(v.Jour); past != passes {
			continue
		}
		org := web.LinkCell(m.Organisme, lien.Organisme(m.OrganismeID))
		if m.Sigle != "" && !strings.EqualFold(m.Sigle, m.Organisme) {
			org.Note = m.Sigle
		}
		fonction := m.Fonction
		if fonction == "" {
			fonction = "non précisé"
		}
		row := []web.Cell{org, web.TextCell(fonction), web.TextCell(typo.Date(m.Depuis))}
		if passes {
			row = append(row, web.TextCell(typo.Date(*m.Fin)))
		}
		if v.modifier() {
			count := web.TextCell(strconv.Itoa(len(m.Comptes) + len(m.Courriels)))
			if len(m.Comptes)+len(m.Courriels) == 0 && !passes {
				count.Note = "personne à qui écrire"
			}
			row = append(row, count, web.LinkCell("Modifier "+typo.Guillemets(court(m.Organisme, m.Sigle)), lien.ComiteMembre(v.ID, m.ID)))
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

func court(nom, sigle string) string {
	if sigle != "" {
		return sigle
	}
	return nom
}

func (v ficheComite) historique() journal.HistoriqueProps {
	return journal.HistoriqueProps{ID: "historique", Level: 2, Lignes: v.Historique, Champs: champsJournal, Noms: v.Par.Role.Prefecture()}
}

// ton is the tone of the badge of a state.
func (e Etat) ton() web.Tone {
	switch e {
	case Convoquee, Tenue, CRValide:
		return web.ToneSuccess
	case Reportee:
		return web.ToneWarning
	case Annulee:
		return web.ToneError
	}
	return web.ToneInfo
}
