package cis

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"portail/internal/droits"
	"portail/internal/fault"
	"portail/internal/httpx"
	"portail/internal/lien"
	"portail/internal/pg"
	"portail/internal/saisie"
	"portail/web/typo"
)

func (s *Service) tenueRoutes(r *httpx.Router) {
	at := lien.Seances + "/{id}/" + lien.ActeEnSeance
	r.Get(at, droits.CisModifier, s.showTenue)
	r.Post(at+"/"+lien.PartiePresences, droits.CisModifier, s.updatePresences)
	r.Post(at+"/"+lien.PartieInvites, droits.CisModifier, s.createInvite)
	r.Post(at+"/points/{point}", droits.CisModifier, s.updatePointTenu)
}

// readTenue reads the page of a meeting being held in one round trip.
func (s *Service) readTenue(ctx context.Context, id int64) (tenueVue, error) {
	v := tenueVue{Form: httpx.NewForm(nil)}
	var b pg.Batch
	addSeance(&b, &v.Seance, id)
	addPointsTenus(&b, &v.Points, id)
	addPresences(&b, &v.Presences, id)
	addNotes(&b, &v.Notes, id)
	addDecisionsTenues(&b, &v.Decisions, id)
	addChoixDecision(&b, &v.Choix, s.cfg.Departement, false)
	if err := b.RunAs(ctx, s.db, droits.Of(ctx)); err != nil {
		return v, fmt.Errorf("read seance %d: %w", id, err)
	}
	return v, nil
}

func (s *Service) showTenue(w http.ResponseWriter, r *http.Request) error {
	id, err := httpx.ID(r, "id")
	if err != nil {
		return err
	}
	v, err := s.readTenue(r.Context(), id)
	if err != nil {
		return err
	}
	return httpx.Render(w, r, http.StatusOK, tenuePage(v))
}

// prefixes of the fields of a line; its key follows.
const (
	champNote      = "note_"
	champEtat      = "etat_"
	champPrecision = "precision_"
	champVersionDe = "version_"
	champEmpreinte = "empreinte_"
)

// lireLignes reads the lines of a form whose own field begins with prefix.
func lireLignes(f httpx.Form, prefix string) ([]Ligne, error) {
	var all []Ligne
	for name := range f.Valeurs {
		cle, found := strings.CutPrefix(name, prefix)
		if !found {
			continue
		}
		version, err := strconv.Atoi(f.Texte(champVersionDe + cle))
		if err != nil || version < 0 {
			return nil, fmt.Errorf("field %s%s: %w", champVersionDe, cle, fault.Malformed)
		}
		l := Ligne{Cle: cle, Version: version, Empreinte: f.Texte(champEmpreinte + cle), Precision: saisie.Ligne(f.Texte(champPrecision + cle))}
		if prefix == champNote {
			l.Texte = saisie.Paragraphes(f.Texte(name))
		} else {
			l.Etat = f.Texte(name)
		}
		all = append(all, l)
	}
	return all, nil
}

func (s *Service) updatePresences(w http.ResponseWriter, r *http.Request) error {
	id, f, err := posted(r)
	if err != nil {
		return err
	}
	// The version of every line comes back, its attendance only when one is ticked.
	for name := range f.Valeurs {
		if cle, found := strings.CutPrefix(name, champVersionDe); found && !f.Valeurs.Has(champEtat+cle) {
			f.Valeurs.Set(champEtat+cle, "")
		}
	}
	lignes, err := lireLignes(f, champEtat)
	if err != nil {
		return err
	}
	done, err := s.NoterPresences(r.Context(), droits.Of(r.Context()), id, lignes)
	return s.answerTenue(w, r, id, f, partiePresences, done, err)
}

func (s *Service) createInvite(w http.ResponseWriter, r *http.Request) error {
	id, f, err := posted(r)
	if err != nil {
		return err
	}
	organisme, err := strconv.ParseInt(f.Texte("organisme"), 10, 64)
	if err != nil {
		organisme = 0 // told on its field
	}
	err = s.Inviter(r.Context(), droits.Of(r.Context()), id, organisme, saisie.Ligne(f.Texte("precision")))
	return s.answerTenue(w, r, id, f, partieInvites, newSaisies(), err)
}

func (s *Service) updatePointTenu(w http.ResponseWriter, r *http.Request) error {
	id, f, err := posted(r)
	if err != nil {
		return err
	}
	n, err := strconv.ParseInt(httpx.Param(r, "point"), 10, 64)
	if err != nil || n < 0 {
		return fmt.Errorf("point in the address: %w", fault.NotFound)
	}
	var point *int64
	if n > 0 {
		point = &n
	}
	lignes, err := lireLignes(f, champNote)
	if err != nil {
		return err
	}
	cle, err := f.Cle()
	if err != nil {
		return err
	}
	done := newSaisies()
	decision, faults := s.lireDecisionTenue(r, f)
	if err = faults.Err(); err == nil {
		nouvelle := Nouvelle{Texte: saisie.Paragraphes(f.Texte("note")), Cle: cle}
		done, err = s.NoterPoint(r.Context(), droits.Of(r.Context()), id, point, lignes, nouvelle, decision, f.Texte(champCleDecision))
	}
	return s.answerTenue(w, r, id, f, partiePoint(n), done, err)
}

// champCleDecision is the key of a decision, sent with the notes of its point.
const champCleDecision = "cle_decision"

// lireDecisionTenue reads the decision of a point's form: none when nothing of it is typed, or when the form saved itself while its
// author was typing.
func (s *Service) lireDecisionTenue(r *http.Request, f httpx.Form) (*Commande, fault.Fields) {
	if pourScript(r) && f.Texte("acte") != "decider" || f.Texte("texte")+f.Texte("organisme")+f.Texte("responsable")+f.Texte("echeance") == "" {
		return nil, fault.Fields{}
	}
	c, faults := lireCommande(f)
	key := httpx.NewForm(nil)
	key.Valeurs.Set(httpx.ChampCle, f.Texte(champCleDecision))
	if _, err := key.Cle(); err != nil {
		faults.Add("", "Rechargez la page avant de prendre cette décision.")
	}
	return &c, faults
}

// posted reads what a form of a record sent.
func posted(r *http.Request) (id int64, f httpx.Form, err error) {
	if id, err = httpx.ID(r, "id"); err != nil {
		return id, f, err
	}
	f, err = httpx.ReadForm(r)
	return id, f, err
}

// pourScript says whether the script of the page asks, which wants to know of each line, rather than a browser that shows a page.
func pourScript(r *http.Request) bool { return r.Header.Get("Accept") == "application/json" }

// answerTenue follows a form of the meeting: back to where it was, or the page again as it was typed, with what was refused (422) or
// changed by another secretary (409). To the script it tells the same, line by line.
func (s *Service) answerTenue(w http.ResponseWriter, r *http.Request, id int64, f httpx.Form, part string, done Saisies, err error) error {
	refused, other := f.Refuse(err)
	if other != nil && !errors.Is(other, fault.NotFound) || other != nil && !pourScript(r) {
		return other
	}
	status := http.StatusOK
	switch {
	case other != nil:
		status = http.StatusNotFound
	case refused:
		status = http.StatusUnprocessableEntity
	case len(done.Conflits) > 0:
		status = http.StatusConflict
	}
	if pourScript(r) {
		return ecrireJSON(w, status, repondreScript(f, done))
	}
	if status == http.StatusOK {
		s.annonce.Flash(r.Context(), "C’est enregistré.", "")
		return httpx.Redirect(w, r, http.StatusSeeOther, lien.SeanceActe(id, lien.ActeEnSeance)+"#"+part)
	}
	v, err := s.readTenue(r.Context(), id)
	if err != nil {
		return err
	}
	v.Form, v.Partie, v.Conflits = f, part, done.Conflits
	return httpx.Render(w, r, status, tenuePage(v))
}

// ligneScript is what the script is told of a line.
type ligneScript struct {
	Version   int    `json:"version"`
	Empreinte string `json:"empreinte"`
	Tien      string `json:"tien,omitempty"`    // of a conflict: what is kept
	Message   string `json:"message,omitempty"` // of a conflict
}

// reponseScript is what the script is told of a form.
type reponseScript struct {
	Lignes    map[string]ligneScript `json:"lignes"`
	Conflits  map[string]ligneScript `json:"conflits"`
	Supprimes []string               `json:"supprimes"`
	Nouvelle  string                 `json:"nouvelle,omitempty"` // key of the line that was added
	Cle       string                 `json:"cle"`                // of the next line
	Fautes    []string               `json:"fautes"`
	Heure     string                 `json:"heure"`
}

func repondreScript(f httpx.Form, done Saisies) reponseScript {
	a := reponseScript{Lignes: map[string]ligneScript{}, Conflits: map[string]ligneScript{}, Supprimes: done.Supprimes, Cle: httpx.NewCle(),
		Heure: typo.Heure(time.Now())}
	for cle, version := range done.Versions {
		shown := empreinte(saisie.Paragraphes(f.Texte(champNote + cle)))
		if f.Valeurs.Has(champEtat + cle) {
			shown = empreinte(f.Texte(champEtat+cle), saisie.Ligne(f.Texte(champPrecision+cle)))
		}
		a.Lignes[cle] = ligneScript{Version: version, Empreinte: shown}
	}
	for cle, c := range done.Conflits {
		a.Conflits[cle] = ligneScript{Version: c.Version, Empreinte: c.Empreinte, Tien: c.Tien, Message: c.message()}
	}
	if n := done.Nouvelle; n != nil {
		a.Nouvelle = strconv.FormatInt(n.ID, 10)
		a.Lignes[a.Nouvelle] = ligneScript{Version: n.Version, Empreinte: empreinte(n.Texte)}
	}
	for _, champ := range f.Fautes.Names() {
		a.Fautes = append(a.Fautes, f.Fautes[champ])
	}
	return a
}

// ecrireJSON answers the script of a page.
func ecrireJSON(w http.ResponseWriter, status int, v any) error {
	body, err := json.Marshal(v)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write(body) // whoever asked may be gone
	return nil
}
