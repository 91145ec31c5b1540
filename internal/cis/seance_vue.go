package cis

import (
	"net/url"
	"slices"
	"strconv"
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

// ficheSeance is what the page of a meeting shows.
type ficheSeance struct {
	Seance
	Points       []Point
	Convocations []Convocation
	Pieces       []piece
	Historique   []journal.Ligne
	Par          droits.Compte
	Maintenant   time.Time
	Cle          string // of the forms that write again
}

func (v ficheSeance) modifier() bool { return v.Par.Peut(droits.CisModifier) }

// filPage is the way to this very page.
func (v Seance) filPage(titre string) []web.Lien {
	return filSeance(v, web.Lien{Texte: titre})
}

func (v ficheSeance) fil() []web.Lien {
	all := filSeance(v.Seance)
	all[len(all)-1].Href = ""
	return all
}

// titreComplet tells the meeting from those of other committees.
func (v Seance) titreComplet() string { return v.Comite() + typo.NBSP + "– " + v.Titre() }

// ordre are the points of the agenda, in order.
func ordre(points []Point) []Point {
	return slices.DeleteFunc(slices.Clone(points), func(p Point) bool { return p.Etat != pointRetenu })
}

// duree is how long the agenda takes, in minutes.
func duree(points []Point) int {
	n := 0
	for _, p := range ordre(points) {
		n += p.DureeMin
	}
	return n
}

// dureeTexte writes minutes as people say them.
func dureeTexte(minutes int) string {
	hours, rest := minutes/60, minutes%60
	switch {
	case hours == 0:
		return strconv.Itoa(rest) + typo.NBSP + "min"
	case rest == 0:
		return strconv.Itoa(hours) + typo.NBSP + "h"
	}
	return strconv.Itoa(hours) + typo.NBSP + "h" + typo.NBSP + strconv.Itoa(rest)
}

// debordement says by how much the agenda is longer than the meeting; empty when it holds, or when the meeting has no end.
func (v Seance) debordement(points []Point) string {
	if v.Debut == nil || v.Fin == nil {
		return ""
	}
	over := duree(points) - int(v.Fin.Sub(*v.Debut).Minutes())
	if over <= 0 {
		return ""
	}
	return "L’ordre du jour dépasse la durée de la séance de " + dureeTexte(over) + "."
}

// etape is a point with the hours that it takes.
type etape struct {
	Point
	Debut, Fin string
}

// deroule is the timed run of the meeting; without a date it counts from zero.
func (v ficheSeance) deroule() []etape {
	var all []etape
	passed := 0
	hour := func() string {
		if v.Debut == nil {
			return dureeTexte(passed)
		}
		return typo.Heure(v.Debut.Add(time.Duration(passed) * time.Minute))
	}
	for _, p := range ordre(v.Points) {
		e := etape{Point: p, Debut: hour()}
		passed += p.DureeMin
		e.Fin = hour()
		all = append(all, e)
	}
	return all
}

func (v ficheSeance) tableauDeroule() web.TableProps {
	t := web.TableProps{ID: "deroule", Caption: "Déroulé", CaptionHidden: true, NoRowHeader: true, Vide: "L’ordre du jour est vide.",
		Columns: []web.Column{{Titre: "Heure"}, {Titre: "Point"}, {Titre: "Nature"}, {Titre: "Présenté par"}, {Titre: "Durée", Numeric: true}}}
	for i, e := range v.deroule() {
		title := web.Cell{Texte: strconv.Itoa(i+1) + ". " + e.Titre}
		if e.Restreint {
			title.Note = "Réservé aux services de l’État"
		}
		t.Rows = append(t.Rows, []web.Cell{web.TextCell(e.Debut + " à " + e.Fin), title, web.TextCell(lexique.Libelle(lexique.NaturesPoint, e.Nature)),
			web.TextCell(e.presente()), web.TextCell(dureeTexte(e.DureeMin))})
	}
	return t
}

// piecesDe are the papers of a point; of the meeting as a whole when it is 0.
func (v ficheSeance) piecesDe(point int64) []piece {
	return slices.DeleteFunc(slices.Clone(v.Pieces), func(p piece) bool {
		of := int64(0)
		if p.PointID != nil {
			of = *p.PointID
		}
		return of != point
	})
}

// propositions are the points that the organisation of whoever asks proposed, kept or not.
func (v ficheSeance) propositions() []Point {
	return slices.DeleteFunc(slices.Clone(v.Points), func(p Point) bool { return p.ProposePar == nil || *p.ProposePar != v.Par.Organisme })
}

// miennes are the convocations that whoever asks may answer: their own, or all those of the organisation that they answer for.
func (v ficheSeance) miennes() []Convocation {
	return slices.DeleteFunc(slices.Clone(v.Convocations), func(c Convocation) bool {
		own := c.CompteID != nil && *c.CompteID == v.Par.ID
		return !own && (v.Par.Role != droits.Referent || c.OrganismeID != v.Par.Organisme)
	})
}

// proposer says whether whoever asks may propose a point now.
func (v ficheSeance) proposer() bool {
	return v.Par.Peut(droits.CisProposer) && v.ouverteAuxPropositions(jourParis(v.Maintenant))
}

// repondable says whether answers are still taken.
func (v ficheSeance) repondable() bool { return v.refuseReponse(v.Maintenant) == nil }

// actes are what staff may do with the meeting now, the next step first.
func (v ficheSeance) actes() []web.ButtonProps {
	if !v.modifier() {
		return nil
	}
	var all []web.ButtonProps
	add := func(texte, acte, icon string) {
		kind := web.ButtonSecondary
		if len(all) == 0 {
			kind = web.ButtonPrimary
		}
		all = append(all, web.ButtonProps{Texte: texte, Href: lien.SeanceActe(v.ID, acte), Icon: icon, Kind: kind})
	}
	passee := v.Debut != nil && v.Debut.Before(v.Maintenant)
	if v.aAnnoncer() {
		add("Prévenir les membres", lien.ActePrevenir, "fr-icon-mail-line")
	}
	if v.Etat == Tenue {
		add("Présences, notes et décisions", lien.ActeEnSeance, "fr-icon-edit-line")
		add("Compte rendu", lien.ActeCompteRendu, "fr-icon-file-text-line")
	}
	if v.jourVenu() && peutPasser(v.Par, v.Etat, Tenue) {
		add("Ouvrir la séance", lien.ActeTenue, "fr-icon-check-line")
	}
	if peutPasser(v.Par, v.Etat, Convoquee) && !passee && len(ordre(v.Points)) > 0 && v.Debut != nil {
		add("Convoquer", lien.ActeConvoquer, "fr-icon-mail-line")
	}
	if v.Etat == Reportee {
		add("Fixer une nouvelle date", lien.ActeModifier, "fr-icon-calendar-line")
	}
	if v.Etat.Ouverte() {
		add("Ordre du jour", lien.ActeOrdreDuJour, "fr-icon-file-text-line")
		if v.Etat != Reportee {
			add("Modifier la séance", lien.ActeModifier, "fr-icon-edit-line")
		}
	}
	if v.Etat == Convoquee && !v.aAnnoncer() && !passee {
		add("Prévenir d’un changement", lien.ActePrevenir, "fr-icon-mail-line")
	}
	if peutPasser(v.Par, v.Etat, Reportee) {
		add("Reporter", lien.ActeReporter, "fr-icon-time-line")
	}
	if peutPasser(v.Par, v.Etat, Annulee) {
		add("Annuler", lien.ActeAnnuler, "fr-icon-delete-bin-line")
	}
	return all
}

// jourVenu says whether the day of the meeting has come.
func (v ficheSeance) jourVenu() bool {
	return v.Debut != nil && !v.Jour().After(jourParis(v.Maintenant))
}

// proprietes are the meeting in a few lines.
func (v ficheSeance) proprietes() []web.Description {
	all := []web.Description{
		{Terme: "Comité", Cell: web.LinkCell(v.ComiteNom, lien.Comite(v.ComiteID))},
		{Terme: "Quand", Cell: web.TextCell(v.quand())},
	}
	for _, pair := range [][2]string{{"Lieu", v.Lieu}, {"Présidence", v.President}, {"Secrétariat", v.Secretaire}} {
		if pair[1] != "" {
			all = append(all, web.Description{Terme: pair[0], Cell: web.TextCell(pair[1])})
		}
	}
	if v.Visio != "" {
		all = append(all, web.Description{Terme: "Visioconférence", Cell: web.LinkCell("Rejoindre la visioconférence", v.Visio)})
	}
	if v.PropositionsLe != nil && v.Etat.ATenir() {
		all = append(all, web.Description{Terme: "Points proposés", Cell: web.TextCell("jusqu’au " + typo.Date(*v.PropositionsLe))})
	}
	if v.PreavisMotif != "" && v.modifier() {
		all = append(all, web.Description{Terme: "Préavis réduit", Cell: web.TextCell(v.PreavisMotif)})
	}
	if v.Etat == CREnRelecture || v.Etat == CRValide {
		all = append(all, web.Description{Terme: "Compte rendu", Cell: web.LinkCell(v.Etat.Libelle(), lien.SeanceActe(v.ID, lien.ActeCompteRendu))})
	}
	if v.Etat.aEuLieu() {
		of := url.Values{paramSeance: {numeroTexte(v.ID)}, paramEtat: {decisionsToutes}}
		all = append(all, web.Description{Terme: "Décisions", Cell: web.LinkCell("Décisions prises à cette séance", lien.DecisionsListe(of))})
	}
	return all
}

func (v ficheSeance) historique() journal.HistoriqueProps {
	return journal.HistoriqueProps{ID: "historique", Level: 2, Lignes: v.Historique, Champs: champsJournal, Noms: true}
}

// rendu is a text of agents as HTML, its headings below level.
func rendu(source string, level int) templ.Component {
	c, err := texte.Render(source, level)
	if err != nil {
		return templ.NopComponent
	}
	return c
}
