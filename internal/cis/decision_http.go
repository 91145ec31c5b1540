package cis

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/a-h/templ"
	"github.com/jackc/pgx/v5"

	"portail/internal/droits"
	"portail/internal/fault"
	"portail/internal/formulaire"
	"portail/internal/httpx"
	"portail/internal/journal"
	"portail/internal/lien"
	"portail/internal/pg"
	"portail/internal/relance"
	"portail/internal/saisie"
)

// uneDecision is the address of a decision, as a pattern.
const uneDecision = lien.Decisions + "/{id}"

func (s *Service) decisionRoutes(r *httpx.Router) {
	s.registreRoutes(r)
	s.reponseRoutes(r)
	r.Get(uneDecision, droits.DecisionVoir, s.showDecision)
	r.Get(uneDecision+"/"+lien.ActeModifier, droits.CisModifier, formulaire.Edition(s.pageDecision))
	r.Post(uneDecision+"/"+lien.ActeModifier, droits.CisModifier, s.updateDecision)
	r.Post(uneDecision+"/"+lien.ActeSuivi, droits.DecisionSuivre, s.createSuivi)
	r.Post(uneDecision+"/"+lien.ActeRelances, droits.CisModifier, s.updateRelances)
}

// readDecision reads the page of a decision in one round trip.
func (s *Service) readDecision(ctx context.Context, par droits.Compte, id int64) (ficheDecision, error) {
	v := ficheDecision{Par: par}
	var b pg.Batch
	pg.AddOne(&b, &v.Decision, selectDecision+`WHERE d.id = $1`, id)
	addSuivis(&b, &v.Suivis, id)
	relance.AddEnvois(&b, &v.Envois, objetDecision, id)
	journal.AddHistorique(&b, &v.Historique, objetDecision, id)
	if err := b.RunAs(ctx, s.db, par); err != nil {
		return v, fmt.Errorf("read decision %d: %w", id, err)
	}
	return v, nil
}

func (s *Service) showDecision(w http.ResponseWriter, r *http.Request) error {
	id, err := httpx.ID(r, "id")
	if err != nil {
		return err
	}
	v, err := s.readDecision(r.Context(), droits.Of(r.Context()), id)
	if err != nil {
		return err
	}
	v.Form = httpx.NewForm(nil)
	v.Form.Valeurs.Set(httpx.ChampCle, httpx.NewCle())
	return httpx.Render(w, r, http.StatusOK, decisionPage(v))
}

// lireSuivi reads a follow-up from its form.
func lireSuivi(f httpx.Form) (Suivi, error) {
	cle, err := f.Cle()
	return Suivi{Etat: f.Texte("etat"), Texte: saisie.Paragraphes(f.Texte("texte")), Cle: cle}, err
}

func (s *Service) createSuivi(w http.ResponseWriter, r *http.Request) error {
	id, f, err := posted(r)
	if err != nil {
		return err
	}
	suivi, err := lireSuivi(f)
	if err != nil {
		return err
	}
	err = s.Suivre(r.Context(), droits.Of(r.Context()), id, suivi)
	return s.answer(w, r, f, err, "Le suivi est enregistré.", lien.Decision(id), func() (templ.Component, error) {
		v, err := s.readDecision(r.Context(), droits.Of(r.Context()), id)
		v.Form = f
		return decisionPage(v), err
	})
}

func (s *Service) updateRelances(w http.ResponseWriter, r *http.Request) error {
	id, f, err := posted(r)
	if err != nil {
		return err
	}
	arret := f.Texte("arret") == "oui"
	if err := s.ReglerRelances(r.Context(), droits.Of(r.Context()), id, arret); err != nil {
		return err
	}
	message := "Cette décision est de nouveau relancée."
	if arret {
		message = "Cette décision n’est plus relancée."
	}
	return s.suite(w, r, message, lien.Decision(id))
}

// pageDecision makes the form of a decision as it is now.
func (s *Service) pageDecision(id int64) func(context.Context) (formulaire.Page, error) {
	return func(ctx context.Context) (formulaire.Page, error) {
		var d Decision
		var choix []choixDecision
		var b pg.Batch
		pg.AddOne(&b, &d, selectDecision+`WHERE d.id = $1`, id)
		addChoixDecision(&b, &choix, s.cfg.Departement, true)
		if err := b.RunAs(ctx, s.db, droits.Of(ctx)); err != nil {
			return formulaire.Page{}, fmt.Errorf("read decision %d: %w", id, err)
		}
		return formDecision(d, choix), nil
	}
}

// lireCommande reads what is decided from its form, and what is no value of its fields.
func lireCommande(f httpx.Form) (c Commande, faults fault.Fields) {
	faults = fault.Fields{}
	c = Commande{Texte: saisie.Paragraphes(f.Texte("texte")), Responsable: saisie.Ligne(f.Texte("responsable")), Restreinte: f.Texte("restreinte") == "oui"}
	if t := f.Texte("organisme"); t != "" {
		var err error
		if c.OrganismeID, err = strconv.ParseInt(t, 10, 64); err != nil || c.OrganismeID < 1 {
			c.OrganismeID = 0
			faults.Add("organisme", "Choisissez l’organisme dans la liste.")
		}
	}
	if t := f.Texte("echeance"); t != "" {
		if day := saisie.Jour(faults, "echeance", t); !day.IsZero() {
			c.Echeance = &day
		}
	}
	if t := f.Texte("qpv"); t != "" {
		n, err := strconv.ParseInt(t, 10, 32)
		if err != nil || n < 1 {
			faults.Add("qpv", "Choisissez le quartier dans la liste.")
		}
		id := int32(n)
		c.QPVID = &id
	}
	c.ContratCite = lireContrat(faults, f.Texte("contrat"))
	return c, faults
}

// lireContrat reads what ContratCite.texte wrote.
func lireContrat(faults fault.Fields, text string) (c ContratCite) {
	if text == "" {
		return c
	}
	contrat, engagement, both := strings.Cut(text, "-")
	id, err := strconv.ParseInt(contrat, 10, 64)
	if err == nil && both {
		var lignee int64
		lignee, err = strconv.ParseInt(engagement, 10, 64)
		c.EngagementLignee = &lignee
	}
	if err != nil || id < 1 {
		faults.Add("contrat", "Choisissez le contrat ou l’engagement dans la liste.")
		return ContratCite{}
	}
	c.ContratID = &id
	return c
}

func (s *Service) updateDecision(w http.ResponseWriter, r *http.Request) error {
	id, f, version, err := postedVersion(r)
	if err != nil {
		return err
	}
	c, faults := lireCommande(f)
	done := faults.Err()
	if done == nil {
		done = s.UpdateDecision(r.Context(), droits.Of(r.Context()), id, version, c)
	}
	return formulaire.Suite{Annonce: s.annonce, Message: "Les corrections sont enregistrées.", Vers: lien.Decision(id), Page: s.pageDecision(id),
		Dernier: s.dernier(objetDecision, id)}.Answer(w, r, f, done)
}

// dernier reads the last change of an object.
func (s *Service) dernier(objet string, id int64) func(context.Context) (*journal.Ligne, error) {
	return func(ctx context.Context) (last *journal.Ligne, err error) {
		err = pg.As(ctx, s.db, droits.Of(ctx), func(tx pgx.Tx) error {
			lines, err := journal.Historique(ctx, tx, objet, id)
			if len(lines) > 0 {
				last = &lines[0]
			}
			return err
		})
		return last, err
	}
}
