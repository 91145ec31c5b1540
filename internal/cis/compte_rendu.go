package cis

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"time"

	"portail/internal/droits"
	"portail/internal/fault"
	"portail/internal/lexique"
	"portail/internal/saisie"
	"portail/web/typo"
)

// objetCompteRendu is how the journal and the view echeance name minutes.
const objetCompteRendu = "compte_rendu"

// States of minutes (lexique.EtatsCompteRendu).
const (
	crBrouillon = "brouillon"
	crRelecture = "relecture"
	crValide    = "valide"
)

// CompteRendu are the minutes of a meeting, or a rectificatif to them. Once validated they never change: the schema itself refuses.
type CompteRendu struct {
	ID              int64
	SeanceID        int64
	RectifieID      *int64 // of a rectificatif: the minutes that it corrects
	RectifieNumero  string
	Numero          string // given when validated
	Etat            string
	RelectureDepuis *time.Time
	RelectureLe     *time.Time // last day for comments
	ValideLe        *time.Time
	ValideFonction  string // role and organisation of who validated
	Empreinte       []byte // SHA-256 of the validated text
	Demonstration   bool
	Version         int
}

// Valide says whether nothing changes any more.
func (c CompteRendu) Valide() bool { return c.Etat == crValide }

// Titre names the minutes.
func (c CompteRendu) Titre() string {
	switch {
	case c.RectifieID != nil && c.Numero != "":
		return "Rectificatif " + c.Numero
	case c.RectifieID != nil:
		return "Rectificatif au compte rendu " + c.RectifieNumero
	case c.Numero != "":
		return "Compte rendu " + c.Numero
	}
	return "Compte rendu"
}

// sha256 is the seal of the validated text, as people compare it.
func (c CompteRendu) sha256() string { return hex.EncodeToString(c.Empreinte) }

// relectureOuverte says whether comments are taken on a day, the last one included.
func (c CompteRendu) relectureOuverte(day time.Time) bool {
	return c.Etat == crRelecture && c.RelectureLe != nil && !day.After(*c.RelectureLe)
}

// refuseFige refuses what validated minutes do not take any more.
func (c CompteRendu) refuseFige() error {
	if c.Valide() {
		return fault.Fields{"": "Ce compte rendu est validé" + typo.NBSP + ": il ne change plus. Rédigez un rectificatif."}
	}
	return nil
}

// checkValidation says whether minutes may be validated on a day. Before the end of the review a written reason is asked for, which the
// journal keeps; comments must have their answer.
func (c CompteRendu) checkValidation(par droits.Compte, day time.Time, sansReponse int, motif string) error {
	if !par.Peut(droits.CisValider) {
		return fault.Forbidden
	}
	f := fault.Fields{}
	switch {
	case c.Valide():
		f.Add("", "Ce compte rendu est déjà validé.")
	case c.RectifieID == nil && c.Etat != crRelecture:
		f.Add("", "Ce compte rendu n’a pas été envoyé en relecture.")
	case sansReponse > 0:
		f.Add("", typo.NPluriel(int64(sansReponse), "commentaire attend", "commentaires attendent")+" encore une réponse.")
	case c.RectifieID == nil && c.relectureOuverte(day) && motif == "":
		f.Add("motif", "La relecture court jusqu’au "+typo.Date(*c.RelectureLe)+typo.NBSP+": indiquez pourquoi vous validez avant.")
	}
	saisie.Longueur(f, "motif", motif, maxMotif)
	return f.Err()
}

// texteFige is the whole text of minutes, as it is sealed: title, meeting, then each section.
func texteFige(titre string, s Seance, sections []Section) string {
	var b strings.Builder
	b.WriteString(titre + "\n" + s.ComiteNom + "\n" + s.Titre() + "\n")
	for _, p := range sections {
		b.WriteString("\n## " + p.Titre + "\n")
		if p.Restreint {
			b.WriteString("(réservé aux services de l’État)\n")
		}
		b.WriteString("\n" + p.Texte + "\n")
	}
	return b.String()
}

func sceller(texte string) []byte {
	sum := sha256.Sum256([]byte(texte))
	return sum[:]
}

// composer makes the sections of minutes from what was written down: attendance, then each point with its notes and decisions, then what
// is about the meeting as a whole. What is for the services of the State only is kept in sections of its own.
func composer(presences []Presence, points []pointTenu, notes []Note, decisions []decisionTenue) []Section {
	all := []Section{{Titre: "Présences", Texte: composerPresences(presences)}}
	add := func(titre string, point *int64, texte string, restreint bool) {
		all = append(all, Section{Titre: titre, PointID: point, Texte: texte, Restreint: restreint})
	}
	of := func(point int64, restreint, reserved bool) string {
		var parts []string
		for _, n := range notes {
			if (n.PointID == nil && point == 0 || n.PointID != nil && *n.PointID == point) && !restreint {
				parts = append(parts, n.Texte)
			}
		}
		var taken []string
		for _, d := range decisionsDe(decisions, point) {
			if d.Restreinte == restreint || reserved {
				taken = append(taken, "- "+titreDecision(d.Numero)+typo.NBSP+": "+strings.ReplaceAll(d.enMots(), "\n", " "))
			}
		}
		if len(taken) > 0 {
			parts = append(parts, "**Décisions**\n\n"+strings.Join(taken, "\n"))
		}
		return strings.Join(parts, "\n\n")
	}
	for _, p := range points {
		add(p.Titre, &p.ID, of(p.ID, false, p.Restreint), p.Restreint)
		if reserved := of(p.ID, true, false); reserved != "" && !p.Restreint {
			add(p.Titre+" (décisions réservées)", &p.ID, reserved, true)
		}
	}
	if text := of(0, false, false); text != "" {
		add("Questions diverses et suites", nil, text, false)
	}
	if text := of(0, true, false); text != "" {
		add("Suites réservées", nil, text, true)
	}
	for i := range all {
		all[i].Rang = i + 1
		all[i].Titre = couper(all[i].Titre, maxTitreSection)
		all[i].Texte = couper(all[i].Texte, maxTexteSection)
	}
	return all
}

// couper keeps the first characters of a text that would not fit.
func couper(s string, most int) string {
	if r := []rune(s); len(r) > most {
		return string(r[:most-1]) + "…"
	}
	return s
}

// composerPresences lists who came, by kind of attendance.
func composerPresences(presences []Presence) string {
	titles := map[string]string{present: "Présents", represente: "Représentés", excuse: "Excusés", absent: "Absents"}
	var parts []string
	for _, m := range lexique.Presences {
		var who []string
		for _, p := range presences {
			if p.Etat != m.Code {
				continue
			}
			line := "- " + p.titre()
			if p.Precision != "" {
				line += typo.NBSP + ": " + p.Precision
			}
			who = append(who, line)
		}
		if len(who) > 0 {
			parts = append(parts, "**"+titles[m.Code]+"**\n\n"+strings.Join(who, "\n"))
		}
	}
	if len(parts) == 0 {
		return "Présences non notées."
	}
	return strings.Join(parts, "\n\n")
}
