package relance

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"time"

	"portail/internal/courriel"
	"portail/internal/lien"
	"portail/internal/signature"
	"portail/web/typo"
)

// maxLignes bounds a mail: whoever is so late reads the rest in the portal.
const maxLignes = 40

// usageReponse is what the links by which a decision is answered serve for.
const usageReponse = "réponse à une décision"

// dureeReponse is how long such a link may be used: longer than a due date is recalled in advance and its delay lasts.
const dureeReponse = 90 * 24 * time.Hour

// JetonReponse is the signed part of the link by which an account answers for a decision without signing in.
func JetonReponse(cle []byte, decision, compte int64, now time.Time) string {
	return signature.Signer(cle, usageReponse, now.Add(dureeReponse), decision, compte)
}

// LireReponse reads such a link back: signature.ErrFausse or signature.ErrExpiree when it is none, or over.
func LireReponse(cle []byte, jeton string, now time.Time) (decision, compte int64, err error) {
	ids, err := signature.Lire(cle, usageReponse, jeton, now, 2)
	if err != nil {
		return 0, 0, err
	}
	return ids[0], ids[1], nil
}

// ligne is one thing recalled, as a mail shows it.
type ligne struct {
	Texte    string
	Quand    string // when it was or is due, in words
	Href     string // its page
	Reponses []reponse
	EnRetard bool
}

// reponse is an answer that one click in the mail prepares.
type reponse struct{ Texte, Href string }

// rappelMail is a mail of reminders.
type rappelMail struct {
	Sujet             string
	Emetteur, Motif   string
	Reglages          string // page where the frequency is set
	Decisions, Autres []ligne
	Reste             int    // lines left out
	HrefReste         string // where they are
}

// message writes the mail of a letter, in text and in HTML. It holds links that answer on behalf of its reader: it is secret.
func (s *Service) message(ctx context.Context, l lettre, now time.Time) (courriel.Message, error) {
	m := s.mail(l, now)
	var html bytes.Buffer
	if err := rappelHTML(m).Render(ctx, &html); err != nil {
		return courriel.Message{}, fmt.Errorf("write reminder: %w", err)
	}
	return courriel.Message{A: l.Courriel, Compte: l.CompteID, Sorte: "rappel", Secret: true, Sujet: m.Sujet, Texte: m.texte(), HTML: html.String()}, nil
}

func (s *Service) mail(l lettre, now time.Time) rappelMail {
	m := rappelMail{Emetteur: s.cfg.Nom, Reglages: s.cfg.Absolu(lien.MesNotifications),
		Motif: "Vous recevez ce courriel parce que votre fonction en est chargée\u00a0; sa fréquence se règle dans le portail, page Notifications de votre compte."}
	decisions, others, fresh := 0, 0, 0
	for _, r := range l.Rappels {
		into := &m.Autres
		if r.Objet == objetDecision {
			into = &m.Decisions
			decisions++
			if r.Regle == regleConfiee {
				fresh++
			}
		} else {
			others++
		}
		if len(m.Decisions)+len(m.Autres) < maxLignes {
			*into = append(*into, s.ligne(r, now))
		} else {
			m.Reste++
		}
	}
	m.HrefReste = s.cfg.Absolu(lien.Decisions)
	if others > 0 {
		m.HrefReste = s.cfg.Absolu(lien.Echeances) // it holds decisions too
	}
	m.Sujet = sujet(decisions, others, fresh)
	return m
}

// sujet says how much there is to do; of the decisions, fresh ones are told of for the first time.
func sujet(decisions, others, fresh int) string {
	var parts []string
	if fresh == decisions && others == 0 {
		return typo.NPluriel(int64(fresh), "nouvelle décision à mener", "nouvelles décisions à mener")
	}
	if decisions > 0 {
		parts = append(parts, typo.NPluriel(int64(decisions), "décision à mener", "décisions à mener"))
	}
	switch {
	case others > 0 && decisions > 0:
		parts = append(parts, typo.NPluriel(int64(others), "autre échéance", "autres échéances"))
	case others > 0:
		parts = append(parts, typo.NPluriel(int64(others), "échéance", "échéances"))
	}
	return "Rappel" + typo.NBSP + ": " + strings.Join(parts, " et ")
}

func (s *Service) ligne(r rappel, now time.Time) ligne {
	l := ligne{Texte: r.Libelle, Quand: r.quand(jourDe(now)), Href: s.cfg.Absolu(lien.Objet(r.Objet, r.ObjetID)), EnRetard: r.Regle == regleApres}
	if r.Objet == objetDecision {
		jeton := JetonReponse(s.cfg.Acces.Cle, r.ObjetID, r.CompteID, now)
		for _, answer := range []reponse{{"C’est fait", "faite"}, {"C’est en cours", "en_cours"}, {"C’est bloqué", "bloquee"}} {
			l.Reponses = append(l.Reponses, reponse{answer.Texte, s.cfg.Absolu(lien.DecisionReponse(jeton, answer.Href))})
		}
	}
	return l
}

// quand says when it is due, and of a decision that is told of when it was given, as seen from a day.
func (r rappel) quand(day time.Time) string {
	switch {
	case r.ConfieeLe == nil:
		return quand(r.Le, day)
	case r.Echeance == nil:
		return "confiée le " + typo.Date(r.Le) + ", sans échéance"
	}
	return "confiée le " + typo.Date(r.Le) + ", " + quand(*r.Echeance, day)
}

// quand says a due date as seen from a day.
func quand(le, day time.Time) string {
	date := "échéance le " + typo.Date(le)
	switch days := int(le.Sub(day).Hours() / 24); {
	case days == 0:
		return date + ", aujourd’hui"
	case days == 1:
		return date + ", demain"
	case days > 1:
		return date + ", dans " + typo.NPluriel(int64(days), "jour", "jours")
	case days == -1:
		return date + ", dépassée depuis hier"
	default:
		return date + ", dépassée depuis " + typo.NPluriel(int64(-days), "jour", "jours")
	}
}

// texte is the mail in plain text, complete by itself.
func (m rappelMail) texte() string {
	var b strings.Builder
	b.WriteString("Bonjour,\n")
	part := func(title string, lines []ligne) {
		if len(lines) == 0 {
			return
		}
		b.WriteString("\n" + title + "\n")
		for _, l := range lines {
			b.WriteString("\n- " + l.Texte + "\n  " + l.Quand + "\n  " + l.Href + "\n")
			for _, r := range l.Reponses {
				b.WriteString("  " + r.Texte + typo.NBSP + ": " + r.Href + "\n")
			}
		}
	}
	part("DÉCISIONS À MENER", m.Decisions)
	part("AUTRES ÉCHÉANCES", m.Autres)
	if m.Reste > 0 {
		b.WriteString("\nEt " + typo.NPluriel(int64(m.Reste), "autre", "autres") + ", à lire dans le portail" + typo.NBSP + ":\n" + m.HrefReste + "\n")
	}
	if len(m.Decisions) > 0 {
		b.WriteString("\nLes liens de réponse vous sont personnels" + typo.NBSP + ": ils répondent en votre nom, sans connexion. Ne transférez pas ce courriel.\n")
	}
	b.WriteString("\n-- \n" + m.Emetteur + ". " + m.Motif + "\n" + m.Reglages + "\n")
	return b.String()
}
