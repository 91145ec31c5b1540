package cis

import (
	"bytes"
	"context"
	"fmt"
	"net/mail"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"
	"github.com/jackc/pgx/v5"

	"portail/internal/courriel"
	"portail/internal/export"
	"portail/internal/httpx"
	"portail/internal/lexique"
	"portail/internal/lien"
	"portail/internal/signature"
	"portail/internal/texte"
	"portail/web"
	"portail/web/typo"
)

// lettre is a mail to somebody called to a meeting.
type lettre struct {
	Seance   Seance
	Sorte    string // code of lexique.SortesEnvoi
	Points   []Point
	Emetteur string // who writes: the site
	Autorite string // who calls: the préfecture
	Membre   string // in whose name they are called
	Href     string // the meeting in the portal
	Jeton    string // of the personal link
	Absolu   func(string) string
}

// usageReponse is what the personal links of convocations serve for.
const usageReponse = "convocation"

// jetonApercu stands for the personal link in a preview, whose answers lead nowhere.
const jetonApercu = "apercu"

// jeton is the personal link by which somebody answers for a meeting, until it begins.
func (s *Service) jeton(v Seance, convocation int64) string {
	return signature.Signer(s.cfg.Acces.Cle, usageReponse, *v.Debut, convocation)
}

// lettreA makes the letter to one of those called. Points for the services of the State are written to them only.
func (s *Service) lettreA(v Seance, points []Point, to destinataire, jeton, sorte string) lettre {
	l := lettre{Seance: v, Sorte: sorte, Emetteur: s.cfg.Nom, Autorite: s.cfg.Prefecture, Membre: Membre{Organisme: to.Organisme, Fonction: to.Fonction}.Nom(),
		Href: s.cfg.Absolu(lien.Seance(v.ID)), Jeton: jeton, Absolu: s.cfg.Absolu}
	for _, p := range points {
		if p.Etat == pointRetenu && (!p.Restreint || to.serviceEtat()) {
			l.Points = append(l.Points, p)
		}
	}
	return l
}

// Sujet is the subject of the mail.
func (l lettre) Sujet() string {
	subject := l.Seance.Comite() + typo.NBSP + ": "
	switch l.Sorte {
	case envoiModification:
		subject += "changement pour la séance"
	case envoiReport:
		return subject + "séance du " + typo.Date(*l.Seance.Debut) + " reportée"
	case envoiAnnulation:
		return subject + "séance du " + typo.Date(*l.Seance.Debut) + " annulée"
	default:
		subject += "convocation à la séance"
	}
	return subject + " du " + typo.Date(*l.Seance.Debut)
}

// Annule says whether the meeting does not take place on its day.
func (l lettre) Annule() bool { return l.Sorte == envoiReport || l.Sorte == envoiAnnulation }

// Phrase opens the letter.
func (l lettre) Phrase() string {
	switch l.Sorte {
	case envoiModification:
		return "La séance suivante, à laquelle vous êtes convoqué·e, a changé" + typo.NBSP + ": " + l.Seance.ComiteNom + ". Voici ce qui fait foi désormais."
	case envoiReport:
		return "La séance suivante est reportée" + typo.NBSP + ": " + l.Seance.ComiteNom + ", " + typo.DateHeure(*l.Seance.Debut) + ". Une nouvelle convocation vous parviendra avec sa date."
	case envoiAnnulation:
		return "La séance suivante est annulée" + typo.NBSP + ": " + l.Seance.ComiteNom + ", " + typo.DateHeure(*l.Seance.Debut) + "."
	}
	return "Vous êtes convoqué·e à la séance suivante" + typo.NBSP + ": " + l.Seance.ComiteNom + "."
}

// Quand is the day and the hours.
func (l lettre) Quand() string { return l.Seance.quand() }

// quand is the day and the hours of a meeting, in words.
func (s Seance) quand() string {
	if s.Debut == nil {
		return "date à fixer"
	}
	text := typo.DateJour(*s.Debut) + ", "
	if start := s.Debut.In(typo.Paris); s.Fin == nil && start.Hour() == 0 && start.Minute() == 0 {
		return typo.DateJour(*s.Debut) // taken over from before the portal: only the day is known
	}
	if s.Fin == nil {
		return text + "à " + typo.Heure(*s.Debut)
	}
	return text + "de " + typo.Heure(*s.Debut) + " à " + typo.Heure(*s.Fin)
}

// Motif is why the mail is written to its addressee.
func (l lettre) Motif() string {
	return "Vous recevez ce courriel parce que votre organisme, " + l.Membre + ", est membre de ce comité."
}

// reponseLien is one of the answers that the mail offers.
type reponseLien struct{ Texte, Href string }

// Reponses are the answers that the mail offers: each leads to a page that asks to confirm it.
func (l lettre) Reponses() []reponseLien {
	var all []reponseLien
	for _, m := range lexique.ReponsesConvocation {
		if m.Code != "" {
			all = append(all, reponseLien{motsReponse[m.Code], l.Absolu(lien.Convocation(l.Jeton, m.Code))})
		}
	}
	return all
}

// motsReponse are the answers as somebody says them of themselves.
var motsReponse = map[string]string{"present": "Je serai présent·e", "represente": "Je serai représenté·e", "excuse": "Je suis excusé·e"}

// detail is what is told of a point beside its title.
func (p Point) detail() string {
	text := lexique.Libelle(lexique.NaturesPoint, p.Nature) + ", " + p.presente()
	if p.DureeMin > 0 {
		text += ", " + dureeTexte(p.DureeMin)
	}
	return text
}

// Texte is the letter in plain text, complete by itself.
func (l lettre) Texte() string {
	var b strings.Builder
	line := func(parts ...string) { b.WriteString(strings.Join(parts, "") + "\n") }
	line("Bonjour,\n\n", l.Phrase(), "\n")
	if l.Annule() {
		line("Motif\u00a0: ", l.Seance.Motif, "\n\nLa séance dans le portail\u00a0:\n", l.Href)
		return b.String()
	}
	line("Quand\u00a0: ", l.Quand())
	for _, pair := range [][2]string{{"Où\u00a0: ", l.Seance.Lieu}, {"Visioconférence\u00a0: ", l.Seance.Visio}, {"Présidence\u00a0: ", l.Seance.President}} {
		if pair[1] != "" {
			line(pair[0], pair[1])
		}
	}
	if l.Seance.Objet != "" {
		line("\n", l.Seance.Objet)
	}
	line("\nOrdre du jour")
	for i, p := range l.Points {
		line(strconv.Itoa(i+1), ". ", p.Titre, "\n   ", p.detail())
	}
	line("\nVotre réponse, sans connexion\u00a0:")
	for _, r := range l.Reponses() {
		line("- ", r.Texte, " : ", r.Href)
	}
	line("Ces liens vous sont personnels\u00a0: ils répondent pour ", l.Membre, ". Ne transférez pas ce courriel.\n\nLes documents sont dans le portail\u00a0:\n", l.Href)
	return b.String()
}

// objet is the purpose of the meeting as HTML.
func (l lettre) objet() templ.Component {
	c, err := texte.Render(l.Seance.Objet, 2)
	if err != nil {
		return templ.NopComponent
	}
	return c
}

// html is the letter in HTML.
func (l lettre) html(ctx context.Context) (string, error) {
	var b bytes.Buffer
	if err := lettreHTML(l).Render(ctx, &b); err != nil {
		return "", fmt.Errorf("write letter: %w", err)
	}
	return b.String(), nil
}

// evenement is a meeting for a calendar.
func (s *Service) evenement(v Seance) export.Evenement {
	from := s.expediteur()
	_, domain, _ := strings.Cut(from.Courriel, "@")
	e := export.Evenement{UID: v.UID + "@" + domain, Sequence: v.Sequence, Titre: v.Comite() + typo.NBSP + ": " + v.Titre(), Lieu: v.Lieu, ModifieLe: time.Now(),
		URL: s.cfg.Absolu(lien.Seance(v.ID)), Annule: v.Etat == Annulee || v.Etat == Reportee}
	if v.Intitule == "" {
		e.Titre = v.Comite()
	}
	if v.Debut != nil {
		e.Debut = *v.Debut
	}
	if v.Fin != nil {
		e.Fin = *v.Fin
	}
	e.Description = v.ComiteNom
	if v.Visio != "" {
		e.Description += "\nVisioconférence\u00a0: " + v.Visio
	}
	return e
}

// expediteur is who writes the mails.
func (s *Service) expediteur() export.Personne {
	a, err := mail.ParseAddress(s.cfg.Acces.CourrielDe)
	if err != nil { // refused when settings are read
		return export.Personne{Courriel: s.cfg.Acces.CourrielDe}
	}
	return export.Personne{Nom: s.cfg.Prefecture, Courriel: a.Address}
}

// agenda is the event that goes with a letter.
func (s *Service) agenda(v Seance, l lettre, to destinataire) (text, method string, err error) {
	e := s.evenement(v)
	e.Organisateur, e.Invite = s.expediteur(), &export.Personne{Nom: l.Membre, Courriel: to.Courriel}
	method = export.MethodeInviter
	if l.Annule() {
		method = export.MethodeDecliner
	}
	for i, p := range l.Points {
		if i == 0 {
			e.Description += "\n\nOrdre du jour"
		}
		e.Description += "\n" + strconv.Itoa(i+1) + ". " + p.Titre
	}
	var b bytes.Buffer
	if err := export.ICS(&b, export.Agenda{Methode: method, Evenements: []export.Evenement{e}}); err != nil {
		return "", "", err
	}
	return b.String(), method, nil
}

// ecrire writes one letter within the transaction of the change that it tells, and the line that agents follow it by.
func (s *Service) ecrire(ctx context.Context, tx pgx.Tx, v Seance, points []Point, c Convocation, sorte string) error {
	l := s.lettreA(v, points, c.destinataire, s.jeton(v, c.ID), sorte)
	html, err := l.html(ctx)
	if err != nil {
		return err
	}
	event, method, err := s.agenda(v, l, c.destinataire)
	if err != nil {
		return err
	}
	m := courriel.Message{ID: httpx.NewCle(), A: c.Courriel, Sujet: l.Sujet(), Texte: l.Texte(), HTML: html, Sorte: "convocation", Secret: true, Agenda: event, AgendaMethode: method}
	if c.CompteID != nil {
		m.Compte = *c.CompteID
	}
	if err := insertEnvoi(ctx, tx, c.ID, sorte, v.Sequence, m.ID); err != nil {
		return err
	}
	return courriel.Send(ctx, tx, m)
}

// tonEnvoi is the tone of the badge of what became of a mail.
func tonEnvoi(etat string) web.Tone {
	switch etat {
	case courriel.Expedie:
		return web.ToneSuccess
	case courriel.Echec:
		return web.ToneError
	}
	return web.ToneInfo
}
