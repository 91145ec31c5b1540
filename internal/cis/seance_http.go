package cis

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/a-h/templ"
	"github.com/jackc/pgx/v5"

	"portail/internal/droits"
	"portail/internal/fault"
	"portail/internal/formulaire"
	"portail/internal/httpx"
	"portail/internal/journal"
	"portail/internal/lien"
	"portail/internal/pg"
	"portail/internal/saisie"
	"portail/web/typo"
)

// uneSeancePattern is the address of a meeting, as a pattern.
const uneSeancePattern = lien.Seances + "/{id}"

func (s *Service) seanceRoutes(r *httpx.Router) {
	r.Get(unComitePattern+"/"+lien.ActeNouvelleSeance, droits.CisModifier, s.newSeance)
	r.Post(unComitePattern+"/"+lien.ActeNouvelleSeance, droits.CisModifier, s.createSeance)
	r.Get(uneSeancePattern, droits.CisVoir, s.showSeance)
	for acte, page := range map[string]func(Seance) formulaire.Page{
		lien.ActeModifier: formSeance, lien.ActeReporter: formReport, lien.ActeAnnuler: formAnnulation, lien.ActeTenue: formTenue,
	} {
		r.Get(uneSeancePattern+"/"+acte, droits.CisModifier, s.editSeance(page))
	}
	r.Post(uneSeancePattern+"/"+lien.ActeModifier, droits.CisModifier, s.updateSeance)
	r.Post(uneSeancePattern+"/"+lien.ActeReporter, droits.CisModifier, s.retirerSeance(Reportee, formReport, "La séance est reportée."))
	r.Post(uneSeancePattern+"/"+lien.ActeAnnuler, droits.CisModifier, s.retirerSeance(Annulee, formAnnulation, "La séance est annulée."))
	r.Post(uneSeancePattern+"/"+lien.ActeTenue, droits.CisModifier, s.tenirSeance)
	s.impressionRoutes(r)
}

// champsPrevision are the fields of a meeting to come.
func champsPrevision() []formulaire.Champ {
	return []formulaire.Champ{
		{Nom: "jour", Libelle: "Jour", Type: "date", Facultatif: true, Montre: formulaire.MontreJour, Aide: "Peut attendre, jusqu’à la convocation."},
		{Nom: "de", Libelle: "Début", Type: "time", Facultatif: true}, {Nom: "a", Libelle: "Fin", Type: "time", Facultatif: true},
		{Nom: "intitule", Libelle: "Intitulé", Max: maxTitre, Facultatif: true, Aide: "Laissez vide pour nommer la séance par sa date."},
		{Nom: "lieu", Libelle: "Lieu", Max: maxLieu, Facultatif: true},
		{Nom: "visio", Libelle: "Adresse de la visioconférence", Type: "url", Max: maxVisio, Facultatif: true, Aide: "Elle commence par https://."},
		{Nom: "president", Libelle: "Présidence", Max: maxFonction, Facultatif: true, Aide: "Une fonction, jamais le nom d’une personne."},
		{Nom: "secretaire", Libelle: "Secrétariat", Max: maxFonction, Facultatif: true},
		{Nom: "propositions_le", Libelle: "Points proposés par les membres jusqu’au", Type: "date", Facultatif: true, Montre: formulaire.MontreJour,
			Aide: "Dernier jour. Sans date, les membres proposent jusqu’à la convocation."},
		{Nom: "objet", Libelle: "Mot d’ouverture de la convocation", Type: "textarea", Max: maxTexte, Lignes: 4, Facultatif: true},
	}
}

func valeursPrevision(p Prevision, version int) url.Values {
	v := url.Values{"intitule": {p.Intitule}, "lieu": {p.Lieu}, "visio": {p.Visio}, "president": {p.President}, "secretaire": {p.Secretaire}, "objet": {p.Objet},
		"jour": {""}, "de": {""}, "a": {""}, "propositions_le": {""}, httpx.ChampVersion: {strconv.Itoa(version)}}
	if p.Debut != nil {
		v.Set("jour", typo.DateISO(*p.Debut))
		v.Set("de", p.Debut.In(typo.Paris).Format("15:04"))
	}
	if p.Fin != nil {
		v.Set("a", p.Fin.In(typo.Paris).Format("15:04"))
	}
	if p.PropositionsLe != nil {
		v.Set("propositions_le", typo.DateISO(*p.PropositionsLe))
	}
	return v
}

func lirePrevision(form httpx.Form) (Prevision, error) {
	f := fault.Fields{}
	p := Prevision{Intitule: form.Texte("intitule"), Lieu: form.Texte("lieu"), Visio: form.Texte("visio"), President: form.Texte("president"),
		Secretaire: form.Texte("secretaire"), Objet: form.Texte("objet")}
	p.Debut, p.Fin = lireHoraire(f, form.Texte("jour"), form.Texte("de"), form.Texte("a"))
	if form.Texte("propositions_le") != "" {
		if day := saisie.Jour(f, "propositions_le", form.Texte("propositions_le")); !day.IsZero() {
			p.PropositionsLe = &day
		}
	}
	return p, f.Merge(p.propre().check())
}

// formActe is the form of a change of a meeting.
func formActe(v Seance, acte, titre, bouton string, champs ...formulaire.Champ) formulaire.Page {
	return formulaire.Page{Titre: titre, Bouton: bouton, Objet: v.Titre(), Fil: filSeance(v), Retour: lien.Seance(v.ID), Action: lien.SeanceActe(v.ID, acte),
		Champs: champs, Caches: []string{httpx.ChampVersion}, Form: httpx.NewForm(url.Values{httpx.ChampVersion: {strconv.Itoa(v.Version)}})}
}

func formSeance(v Seance) formulaire.Page {
	p := formActe(v, lien.ActeModifier, "Modifier la séance", "Enregistrer", champsPrevision()...)
	p.Form = httpx.NewForm(valeursPrevision(v.prevision(), v.Version))
	if v.Etat == Convoquee {
		p.Apercu = convoqueeApercu()
	}
	return p
}

var champMotif = formulaire.Champ{Nom: "motif", Libelle: "Motif", Type: "textarea", Max: maxMotif, Lignes: 3}

func formReport(v Seance) formulaire.Page {
	p := formActe(v, lien.ActeReporter, "Reporter la séance", "Reporter la séance", champMotif)
	p.Apercu = reportApercu(v)
	return p
}

func formAnnulation(v Seance) formulaire.Page {
	p := formActe(v, lien.ActeAnnuler, "Annuler la séance", "Annuler la séance", champMotif)
	p.Apercu = annulationApercu(v)
	return p
}

func formTenue(v Seance) formulaire.Page {
	p := formActe(v, lien.ActeTenue, "Ouvrir la séance", "Ouvrir la séance")
	p.Apercu = tenueApercu()
	if v.Etat == Planifiee {
		motif := champMotif
		motif.Libelle, motif.Aide = "Comment elle a été convoquée", "Le portail n’a pas convoqué cette séance."
		p.Champs = []formulaire.Champ{motif}
	}
	return p
}

// nowSeance makes the form of a meeting as it is now.
func (s *Service) nowSeance(id int64, page func(Seance) formulaire.Page) func(context.Context) (formulaire.Page, error) {
	return func(ctx context.Context) (p formulaire.Page, err error) {
		err = s.read(ctx, func(tx pgx.Tx) error {
			v, err := findSeance(ctx, tx, id)
			p = page(v)
			return err
		})
		if err != nil {
			return p, fmt.Errorf("read seance %d: %w", id, err)
		}
		return p, nil
	}
}

// suiteSeance is what follows the form of a change of a meeting.
func (s *Service) suiteSeance(id int64, message string, page func(context.Context) (formulaire.Page, error)) formulaire.Suite {
	return formulaire.Suite{Annonce: s.annonce, Message: message, Vers: lien.Seance(id), Page: page, Dernier: s.dernier(objetSeance, id)}
}

// formNouvelleSeance makes the form of a new meeting, with the committee's habits filled in. jour and de come from a date proposed.
func (s *Service) formNouvelleSeance(id int64, jour, de string) func(context.Context) (formulaire.Page, error) {
	return func(ctx context.Context) (p formulaire.Page, err error) {
		var c Comite
		err = s.read(ctx, func(tx pgx.Tx) error {
			c, err = findComite(ctx, tx, id)
			return err
		})
		if err != nil {
			return p, fmt.Errorf("form of a seance of comite %d: %w", id, err)
		}
		p = formComite(c, lien.ActeNouvelleSeance, "Planifier une séance", "Planifier la séance", champsPrevision()...)
		p.Caches = []string{httpx.ChampCle}
		in := Prevision{President: c.President, Secretaire: c.Secretaire, Lieu: c.Lieu}
		if start, _ := lireHoraire(fault.Fields{}, jour, de, ""); start != nil {
			end := start.Add(dureeDefaut)
			last := jourParis(*start).AddDate(0, 0, -c.PropositionsJours)
			in.Debut, in.Fin = start, &end
			if !last.Before(typo.Aujourdhui()) {
				in.PropositionsLe = &last
			}
		}
		p.Form = httpx.NewForm(valeursPrevision(in, c.Version))
		p.Form.Valeurs.Set(httpx.ChampCle, httpx.NewCle())
		return p, nil
	}
}

func (s *Service) newSeance(w http.ResponseWriter, r *http.Request) error {
	id, err := httpx.ID(r, "id")
	if err != nil {
		return err
	}
	q := r.URL.Query()
	return formulaire.Show(w, r, s.formNouvelleSeance(id, q.Get("jour"), q.Get("de")))
}

func (s *Service) createSeance(w http.ResponseWriter, r *http.Request) error {
	comite, f, cle, err := postedCle(r)
	if err != nil {
		return err
	}
	var id int64
	in, err := lirePrevision(f)
	if err == nil {
		id, err = s.CreateSeance(r.Context(), droits.Of(r.Context()), comite, in, cle)
	}
	return formulaire.Suite{Annonce: s.annonce, Message: "La séance est planifiée. Préparez son ordre du jour.", Vers: lien.Seance(id),
		Page: s.formNouvelleSeance(comite, "", "")}.Answer(w, r, f, err)
}

// postedCle reads what a form that creates something sent: of which record, what was typed, and its key.
func postedCle(r *http.Request) (id int64, f httpx.Form, cle string, err error) {
	if id, f, err = posted(r); err != nil {
		return id, f, "", err
	}
	cle, err = f.Cle()
	return id, f, cle, err
}

func (s *Service) editSeance(page func(Seance) formulaire.Page) httpx.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		id, err := httpx.ID(r, "id")
		if err != nil {
			return err
		}
		return formulaire.Show(w, r, s.nowSeance(id, page))
	}
}

func (s *Service) updateSeance(w http.ResponseWriter, r *http.Request) error {
	id, f, version, err := postedVersion(r)
	if err != nil {
		return err
	}
	in, err := lirePrevision(f)
	if err == nil {
		err = s.UpdateSeance(r.Context(), droits.Of(r.Context()), id, version, in)
	}
	return s.suiteSeance(id, "La séance est enregistrée.", s.nowSeance(id, formSeance)).Answer(w, r, f, err)
}

func (s *Service) retirerSeance(vers Etat, page func(Seance) formulaire.Page, message string) httpx.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		id, f, version, err := postedVersion(r)
		if err != nil {
			return err
		}
		err = s.Retirer(r.Context(), droits.Of(r.Context()), id, version, vers, f.Texte("motif"))
		return s.suiteSeance(id, message, s.nowSeance(id, page)).Answer(w, r, f, err)
	}
}

func (s *Service) tenirSeance(w http.ResponseWriter, r *http.Request) error {
	id, f, version, err := postedVersion(r)
	if err != nil {
		return err
	}
	err = s.Tenir(r.Context(), droits.Of(r.Context()), id, version, f.Texte("motif"))
	suite := s.suiteSeance(id, "La séance est ouverte.", s.nowSeance(id, formTenue))
	suite.Vers = lien.SeanceActe(id, lien.ActeEnSeance)
	return suite.Answer(w, r, f, err)
}

// readSeance reads all that the page of a meeting shows, in one round trip.
func (s *Service) readSeance(ctx context.Context, id int64) (ficheSeance, error) {
	v := ficheSeance{Par: droits.Of(ctx), Maintenant: time.Now()}
	var b pg.Batch
	addSeance(&b, &v.Seance, id)
	addPoints(&b, &v.Points, id)
	addConvocations(&b, &v.Convocations, id)
	addPieces(&b, &v.Pieces, id)
	if v.modifier() || v.Par.Role.Prefecture() {
		journal.AddHistorique(&b, &v.Historique, objetSeance, id)
	}
	if err := b.RunAs(ctx, s.db, v.Par); err != nil {
		return v, fmt.Errorf("read seance %d: %w", id, err)
	}
	return v, nil
}

// seancePage answers with one of the pages that show a meeting.
func (s *Service) seancePage(w http.ResponseWriter, r *http.Request, page func(ficheSeance) templ.Component) error {
	id, err := httpx.ID(r, "id")
	if err != nil {
		return err
	}
	v, err := s.readSeance(r.Context(), id)
	if err != nil {
		return err
	}
	return httpx.Render(w, r, http.StatusOK, page(v))
}

func (s *Service) showSeance(w http.ResponseWriter, r *http.Request) error {
	return s.seancePage(w, r, seancePage)
}
