package cis

import (
	"maps"
	"slices"
	"strconv"
	"time"

	"github.com/a-h/templ"

	"portail/internal/httpx"
	"portail/internal/lexique"
	"portail/internal/lien"
	"portail/web"
	"portail/web/typo"
)

// Parts of the page of a meeting being held: ids of its sections.
const (
	partiePresences = "presences"
	partieInvites   = "invites"
)

// partiePoint is the section of a point; 0: the meeting as a whole.
func partiePoint(id int64) string { return "point-" + strconv.FormatInt(id, 10) }

// tenueVue is what the page of a meeting being held shows.
type tenueVue struct {
	Seance
	Points    []pointTenu
	Presences []Presence
	Notes     []Note
	Decisions []decisionTenue
	Choix     []choixDecision
	Form      httpx.Form         // of the part that was refused
	Partie    string             // which part that is; empty for none
	Conflits  map[string]Conflit // of its lines
}

// ouverte says whether the meeting is written down now.
func (v tenueVue) ouverte() bool { return v.Etat == Tenue }

// sousTitre is the committee, and when it meets.
func (v tenueVue) sousTitre() string {
	if v.Debut == nil {
		return v.ComiteNom
	}
	return v.ComiteNom + ", " + typo.DateHeure(*v.Debut)
}

// sommaire leads to each point.
func (v tenueVue) sommaire() []web.Lien {
	all := []web.Lien{{Texte: "Présences", Href: "#" + partiePresences}}
	for _, p := range v.Points {
		all = append(all, web.Lien{Texte: p.Titre, Href: "#" + partiePoint(p.ID)})
	}
	return append(all, web.Lien{Texte: "Notes générales", Href: "#" + partiePoint(0)})
}

// horaire is when a point should begin, if the meeting has a time; and how long it may take.
func (v tenueVue) horaire(point pointTenu) string {
	words := typo.NPluriel(int64(point.DureeMin), "minute", "minutes")
	if v.Debut == nil {
		return words
	}
	at := *v.Debut
	for _, p := range v.Points {
		if p.ID == point.ID {
			break
		}
		at = at.Add(time.Duration(p.DureeMin) * time.Minute)
	}
	return "prévu à " + typo.Heure(at) + ", " + words
}

// detail is the small line under the title of a point.
func (v tenueVue) detail(p pointTenu) string {
	s := lexique.Libelle(lexique.NaturesPoint, p.Nature) + ", " + v.horaire(p)
	if p.OrganismeNom != "" {
		s += ", présenté par " + p.OrganismeNom
	}
	if p.QPVNom != "" {
		s += ", " + p.QPVNom
	}
	return s
}

// form is what was typed in a part that was refused; an empty one for the others.
func (v tenueVue) form(part string) httpx.Form {
	if v.Partie == part {
		return v.Form
	}
	return httpx.NewForm(nil)
}

// resume lists the faults above the page, each leading to its field; lines in conflict too.
func (v tenueVue) resume() []web.Fault {
	faults := v.Form.Resume()
	for i, f := range faults {
		if f.ID != "" {
			faults[i].ID = v.Partie + "-" + f.ID
		}
	}
	for _, cle := range slices.Sorted(maps.Keys(v.Conflits)) {
		prefix := champNote
		if v.Partie == partiePresences {
			prefix = champEtat
		}
		faults = append(faults, web.Fault{ID: v.Partie + "-" + prefix + cle, Texte: v.Conflits[cle].message()})
	}
	return faults
}

// message says what happened to a line that somebody else changed.
func (c Conflit) message() string {
	switch {
	case c.Version == 0 && c.Tien == "":
		return "Cette note a été effacée par quelqu’un d’autre. Enregistrez de nouveau pour la remettre."
	case c.Auteur != "":
		return "Cette ligne a été modifiée par " + c.Auteur + " à " + typo.Heure(c.Le) + "\u00a0: «\u00a0" + c.Tien + "\u00a0». Votre texte est gardé ci-dessus\u00a0; enregistrez de nouveau pour le mettre à la place."
	}
	return "Cette ligne a été modifiée par quelqu’un d’autre\u00a0: " + c.Tien + ". Votre saisie est gardée\u00a0; enregistrez de nouveau pour la mettre à la place."
}

// notesDe are the lines of a point; nil: of the meeting as a whole.
func (v tenueVue) notesDe(point int64) []Note {
	var all []Note
	for _, n := range v.Notes {
		if n.PointID == nil && point == 0 || n.PointID != nil && *n.PointID == point {
			all = append(all, n)
		}
	}
	return all
}

func (v tenueVue) decisionsDe(point int64) []decisionTenue { return decisionsDe(v.Decisions, point) }

func decisionsDe(all []decisionTenue, point int64) []decisionTenue {
	var of []decisionTenue
	for _, d := range all {
		if d.PointID == nil && point == 0 || d.PointID != nil && *d.PointID == point {
			of = append(of, d)
		}
	}
	return of
}

// enMots is a decision in a sentence.
func (d decisionTenue) enMots() string {
	s := d.Texte
	who := d.OrganismeNom
	if d.Responsable != "" {
		who += ", " + d.Responsable
	}
	s += " (" + who
	if d.Echeance != nil {
		s += ", avant le " + typo.Date(*d.Echeance)
	}
	return s + ")"
}

// decide says whether the fields of a decision are open: on a point that asks for one, and where one was refused.
func (v tenueVue) decide(point int64) bool {
	if v.Partie == partiePoint(point) && v.Form.Brut("texte")+v.Form.Texte("organisme") != "" {
		return true
	}
	return slices.ContainsFunc(v.Points, func(p pointTenu) bool { return p.ID == point && p.Nature == "decision" })
}

// titre names the line of an attendance.
func (p Presence) titre() string {
	s := p.OrganismeNom
	if p.Fonction != "" {
		s += ", " + p.Fonction
	}
	if p.MembreID == nil {
		s += " (invité)"
	}
	return s
}

// comptePresences sums the attendance up.
func (v tenueVue) comptePresences() string {
	n := map[string]int64{}
	for _, p := range v.Presences {
		n[p.Etat]++
	}
	s := typo.NPluriel(n[present], "présent", "présents") + ", " + typo.NPluriel(n[represente], "représenté", "représentés") + ", " +
		typo.NPluriel(n[excuse], "excusé", "excusés") + ", " + typo.NPluriel(n[absent], "absent", "absents")
	if n[""] > 0 {
		s += ", " + typo.NPluriel(n[""], "à noter", "à noter")
	}
	return s + "."
}

// control is a field of a part; its id is unique in the page.
func (v tenueVue) control(part, champ, label string) web.Control {
	c := v.form(part).Control(champ, label)
	c.ID, c.Required = part+"-"+champ, false
	return c
}

// choix are the options of a list of the decision of a point.
func (v tenueVue) choix(part, kind string) []web.Option {
	all := optionsChoix(v.Choix, kind, "", "")
	chosen := v.form(part).Texte(kind)
	if kind == "contrat" && v.Partie != part {
		chosen = v.contratDe(part)
	}
	for i, o := range all {
		all[i].Selected = o.Value == chosen
	}
	return all
}

// contratDe is the contract that the point of a part is about: its decisions most likely are too.
func (v tenueVue) contratDe(part string) string {
	for _, p := range v.Points {
		if partiePoint(p.ID) == part {
			return texteChoix(p.ContratID)
		}
	}
	return ""
}

// cle is the key of a part's form: the one sent, when it was refused.
func (v tenueVue) cle(part, champ string) string {
	if cle := v.form(part).Texte(champ); cle != "" {
		return cle
	}
	return httpx.NewCle()
}

// nouvelle is the note being added to a point: what was typed of it, or of a note that somebody else removed.
func (v tenueVue) nouvelle(part string) string {
	if v.Partie != part {
		return ""
	}
	typed := v.Form.Brut("note")
	for cle, c := range v.Conflits {
		if c.Version == 0 && c.Tien == "" {
			typed += v.Form.Brut(champNote + cle)
		}
	}
	return typed
}

// badgesSeance are the state of a meeting, and that it is invented.
func badgesSeance(s Seance) []templ.Component {
	all := []templ.Component{web.Badge(s.Etat.Libelle(), s.Etat.ton())}
	if s.Demonstration {
		all = append(all, web.Badge("Donnée de démonstration", web.ToneNew))
	}
	return all
}
func filSeance(s Seance, suite ...web.Lien) []web.Lien {
	return append([]web.Lien{{Texte: "Accueil", Href: lien.Accueil}, {Texte: "Comités", Href: lien.Comites}, {Texte: s.Comite(), Href: lien.Comite(s.ComiteID)},
		{Texte: s.Titre(), Href: lien.Seance(s.ID)}}, suite...)
}
