package cis

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"portail/internal/droits"
	"portail/internal/fault"
	"portail/internal/formulaire"
	"portail/internal/httpx"
	"portail/internal/lien"
	"portail/internal/pg"
	"portail/web"
	"portail/web/typo"
)

func (s *Service) convocationRoutes(r *httpx.Router) {
	r.Get(uneSeancePattern+"/"+lien.ActeConvoquer, droits.CisModifier, s.showEnvoi(envoiConvocation))
	r.Post(uneSeancePattern+"/"+lien.ActeConvoquer, droits.CisModifier, s.convoquer)
	r.Get(uneSeancePattern+"/"+lien.ActePrevenir, droits.CisModifier, s.showEnvoi(envoiModification))
	r.Post(uneSeancePattern+"/"+lien.ActePrevenir, droits.CisModifier, s.prevenir)
	r.Post(uneSeancePattern+"/"+lien.ActeRelancer, droits.CisModifier, s.relancer)
	r.Post(uneSeancePattern+"/convocations/{convocation}/renvoyer", droits.CisModifier, s.renvoyer)
}

// vueEnvoi is the preview of a mail to the members, before it leaves.
type vueEnvoi struct {
	Seance        Seance
	Sorte         string
	Points        []Point
	Destinataires []destinataire
	Membres       []Membre
	Form          httpx.Form
	Lettre        lettre
	Stale         bool // somebody changed the meeting meanwhile: to be looked at again
}

// acte is the address that the form is sent to, bouton what its button says.
func (v vueEnvoi) acte() string {
	if v.Sorte == envoiModification {
		return lien.SeanceActe(v.Seance.ID, lien.ActePrevenir)
	}
	return lien.SeanceActe(v.Seance.ID, lien.ActeConvoquer)
}

func (v vueEnvoi) bouton() string {
	n := typo.NPluriel(int64(len(v.Destinataires)), "destinataire", "destinataires")
	if v.Sorte == envoiModification {
		return "Prévenir " + n
	}
	return "Convoquer " + n
}

func (v vueEnvoi) titre() string {
	if v.Sorte == envoiModification {
		return "Prévenir les membres"
	}
	return "Convoquer les membres"
}

// titrePage is the title of the window: it says at once that something was refused.
func (v vueEnvoi) titrePage() string {
	t := v.titre() + typo.NBSP + ": " + v.Seance.titreComplet()
	if len(v.Form.Fautes) > 0 {
		return "Erreur" + typo.NBSP + ": " + t
	}
	return t
}

// muets are the members to whom nobody can be written.
func (v vueEnvoi) muets() []Membre {
	written := map[int64]bool{}
	for _, d := range v.Destinataires {
		written[d.MembreID] = true
	}
	day := v.Seance.Jour()
	if day.IsZero() {
		day = typo.Aujourdhui()
	}
	var all []Membre
	for _, m := range v.Membres {
		if m.siege(day) && !written[m.ID] {
			all = append(all, m)
		}
	}
	return all
}

// resume lists the faults; those that are not of a field lead where they can be mended.
func (v vueEnvoi) resume() []web.Fault {
	var all []web.Fault
	for _, champ := range v.Form.Fautes.Names() {
		f := web.Fault{Texte: v.Form.Fautes[champ]}
		if champ == "preavis_motif" {
			f.ID = champ
		}
		all = append(all, f)
	}
	return all
}

// motif is the field of a notice that is too short.
func (v vueEnvoi) motif() (formulaire.Champ, bool) {
	left := v.Seance.preavisCourt(typo.Aujourdhui())
	if v.Sorte != envoiConvocation || left < 0 {
		return formulaire.Champ{}, false
	}
	return formulaire.Champ{Nom: "preavis_motif", Libelle: "Pourquoi le préavis est réduit", Type: "textarea", Max: maxMotif, Lignes: 3,
		Aide: "Il reste " + typo.NPluriel(int64(left), "jour", "jours") + " avant la séance, pour un préavis de " + typo.NPluriel(int64(v.Seance.PreavisJours), "jour", "jours") +
			". Le motif est inscrit au journal."}, true
}

func (v vueEnvoi) destinataires() web.TableProps {
	t := web.TableProps{ID: "destinataires", Caption: "Destinataires", CaptionHidden: true, Vide: "Personne à qui écrire.", Columns: []web.Column{{Titre: "Membre"}, {Titre: "Adresse"}}}
	for _, d := range v.Destinataires {
		t.Rows = append(t.Rows, []web.Cell{{Texte: d.Organisme, Note: d.Fonction}, web.TextCell(d.Courriel)})
	}
	return t
}

func (s *Service) readEnvoi(ctx context.Context, id int64, sorte string) (vueEnvoi, error) {
	v := vueEnvoi{Sorte: sorte}
	var b pg.Batch
	addSeance(&b, &v.Seance, id)
	addPoints(&b, &v.Points, id)
	addDestinataires(&b, &v.Destinataires, id)
	addMembresSeance(&b, &v.Membres, id)
	if err := b.RunAs(ctx, s.db, droits.Of(ctx)); err != nil {
		return v, fmt.Errorf("preview mails of seance %d: %w", id, err)
	}
	v.Form = httpx.NewForm(url.Values{httpx.ChampVersion: {strconv.Itoa(v.Seance.Version)}, httpx.ChampCle: {httpx.NewCle()}, "preavis_motif": {""}})
	if v.Seance.Debut == nil {
		return v, nil
	}
	to := destinataire{Organisme: "votre organisme", Nature: "service_etat"}
	if len(v.Destinataires) > 0 {
		to = v.Destinataires[0]
	}
	v.Lettre = s.lettreA(v.Seance, v.Points, to, "apercu", sorte)
	return v, nil
}

func (s *Service) showEnvoi(sorte string) httpx.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		id, err := httpx.ID(r, "id")
		if err != nil {
			return err
		}
		v, err := s.readEnvoi(r.Context(), id, sorte)
		if err != nil {
			return err
		}
		if sorte == envoiConvocation { // what is missing is said before anything is sent
			for champ, told := range v.Seance.manque(v.Points, v.Destinataires, time.Now()) {
				v.Form.Fautes.Add(champ, told)
			}
		}
		return httpx.Render(w, r, http.StatusOK, envoiPage(v))
	}
}

// answerEnvoi follows a mail to all: back to the meeting, or the preview again with what was refused.
func (s *Service) answerEnvoi(w http.ResponseWriter, r *http.Request, id int64, f httpx.Form, sorte, message string, done error) error {
	if done == nil {
		s.annonce.Flash(r.Context(), message, "")
		return httpx.Redirect(w, r, http.StatusSeeOther, lien.Seance(id))
	}
	status := http.StatusUnprocessableEntity
	stale := errors.Is(done, fault.Stale)
	if refused, other := f.Refuse(done); !refused && !stale {
		return other
	}
	v, err := s.readEnvoi(r.Context(), id, sorte)
	if err != nil {
		return err
	}
	f.Valeurs.Set(httpx.ChampVersion, strconv.Itoa(v.Seance.Version))
	v.Form, v.Stale = f, stale
	if stale {
		status = http.StatusConflict
	}
	return httpx.Render(w, r, status, envoiPage(v))
}

// postedEnvoi reads a form that writes to all: its version and its key.
func postedEnvoi(r *http.Request) (id int64, f httpx.Form, version int, cle string, err error) {
	if id, f, version, err = postedVersion(r); err != nil {
		return id, f, version, "", err
	}
	cle, err = f.Cle()
	return id, f, version, cle, err
}

func (s *Service) convoquer(w http.ResponseWriter, r *http.Request) error {
	id, f, version, cle, err := postedEnvoi(r)
	if err != nil {
		return err
	}
	err = s.Convoquer(r.Context(), droits.Of(r.Context()), id, version, cle, f.Texte("preavis_motif"))
	return s.answerEnvoi(w, r, id, f, envoiConvocation, "Les convocations partent.", err)
}

func (s *Service) prevenir(w http.ResponseWriter, r *http.Request) error {
	id, f, version, cle, err := postedEnvoi(r)
	if err != nil {
		return err
	}
	err = s.Prevenir(r.Context(), droits.Of(r.Context()), id, version, cle)
	return s.answerEnvoi(w, r, id, f, envoiModification, "Les membres sont prévenus.", err)
}

// answerSeance goes back to the meeting after a deed on it, with what came of it.
func (s *Service) answerSeance(w http.ResponseWriter, r *http.Request, id int64, message string, done error) error {
	f := httpx.NewForm(nil)
	title, text := message, ""
	if done != nil {
		refused, other := f.Refuse(done)
		if !refused {
			return other
		}
		title, text = "Rien n’a changé", f.Fautes[""]
	}
	s.annonce.Flash(r.Context(), title, text)
	return httpx.Redirect(w, r, http.StatusSeeOther, lien.Seance(id))
}

func (s *Service) relancer(w http.ResponseWriter, r *http.Request) error {
	id, _, cle, err := postedCle(r)
	if err != nil {
		return err
	}
	return s.answerSeance(w, r, id, "Ceux qui n’ont pas répondu sont relancés.", s.Relancer(r.Context(), droits.Of(r.Context()), id, cle))
}

func (s *Service) renvoyer(w http.ResponseWriter, r *http.Request) error {
	id, _, cle, err := postedCle(r)
	if err != nil {
		return err
	}
	convocation, err := httpx.ID(r, "convocation")
	if err != nil {
		return err
	}
	return s.answerSeance(w, r, id, "La convocation est renvoyée.", s.Renvoyer(r.Context(), droits.Of(r.Context()), id, convocation, cle))
}
