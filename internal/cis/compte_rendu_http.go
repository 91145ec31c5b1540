package cis

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"

	"portail/internal/droits"
	"portail/internal/export"
	"portail/internal/fault"
	"portail/internal/formulaire"
	"portail/internal/httpx"
	"portail/internal/journal"
	"portail/internal/lien"
	"portail/internal/pg"
)

// unCompteRendu is the address of minutes, as a pattern.
const unCompteRendu = lien.ComptesRendus + "/{id}"

func (s *Service) compteRenduRoutes(r *httpx.Router) {
	r.Get(uneSeancePattern+"/"+lien.ActeCompteRendu, droits.CisVoir, s.findCompteRendu)
	r.Post(uneSeancePattern+"/"+lien.ActeCompteRendu, droits.CisModifier, s.createCompteRendu)
	r.Get(unCompteRendu, droits.CisVoir, s.showCompteRendu)
	r.Get(unCompteRendu+"/"+lien.ActeODT, droits.CisVoir, s.sendCompteRendu)
	r.Get(unCompteRendu+"/sections/{section}", droits.CisModifier, s.editSection)
	r.Post(unCompteRendu+"/sections/{section}", droits.CisModifier, s.updateSection)
	for acte, deed := range map[string]func(context.Context, droits.Compte, int64, int) error{
		lien.ActeRecomposer: s.Recomposer, lien.ActeRelire: s.Relire, lien.ActeRedaction: s.Reecrire,
	} {
		r.Post(unCompteRendu+"/"+acte, droits.CisModifier, s.acteCompteRendu(deed, messagesCompteRendu[acte]))
	}
	r.Post(unCompteRendu+"/"+lien.ActeValider, droits.CisValider, s.validerCompteRendu)
	r.Post(unCompteRendu+"/"+lien.ActeRectifier, droits.CisModifier, s.rectifierCompteRendu)
	r.Post(unCompteRendu+"/"+lien.ActeCommenter, droits.CisCommenter, s.createCommentaire)
	r.Post(unCompteRendu+"/"+lien.ActeCommenter+"/{commentaire}", droits.CisModifier, s.updateCommentaire)
	s.extraitRoutes(r)
}

// messagesCompteRendu follow the acts that need no form.
var messagesCompteRendu = map[string]string{
	lien.ActeRecomposer: "Le compte rendu est recomposé depuis la séance.", lien.ActeRelire: "Le compte rendu est envoyé en relecture.",
	lien.ActeRedaction: "Le compte rendu est de nouveau en rédaction.",
}

// findCompteRendu leads to the minutes of a meeting, or offers to compose them.
func (s *Service) findCompteRendu(w http.ResponseWriter, r *http.Request) error {
	id, err := httpx.ID(r, "id")
	if err != nil {
		return err
	}
	par := droits.Of(r.Context())
	var v aComposer
	var all []CompteRendu
	var b pg.Batch
	addSeance(&b, &v.Seance, id)
	addComptesRendus(&b, &all, id)
	if err := b.RunAs(r.Context(), s.db, par); err != nil {
		return fmt.Errorf("minutes of seance %d: %w", id, err)
	}
	if len(all) > 0 {
		return httpx.Redirect(w, r, http.StatusSeeOther, lien.CompteRendu(all[0].ID))
	}
	if !par.Peut(droits.CisModifier) {
		return fmt.Errorf("minutes of seance %d: %w", id, fault.NotFound)
	}
	return httpx.Render(w, r, http.StatusOK, composerPage(v))
}

func (s *Service) createCompteRendu(w http.ResponseWriter, r *http.Request) error {
	id, err := httpx.ID(r, "id")
	if err != nil {
		return err
	}
	made, err := s.Rediger(r.Context(), droits.Of(r.Context()), id)
	if err != nil {
		return err
	}
	s.annonce.Flash(r.Context(), "Le compte rendu est composé. Relisez chaque partie.", "")
	return httpx.Redirect(w, r, http.StatusSeeOther, lien.CompteRendu(made))
}

// readCompteRendu reads the page of minutes in one round trip.
func (s *Service) readCompteRendu(ctx context.Context, par droits.Compte, id int64) (compteRenduVue, error) {
	v := compteRenduVue{Par: par, Form: httpx.NewForm(nil)}
	var b pg.Batch
	addCompteRendu(&b, &v.CompteRendu, id)
	addSeanceDe(&b, &v.Seance, id)
	addSections(&b, &v.Sections, id)
	addCommentaires(&b, &v.Commentaires, id)
	addAutresComptesRendus(&b, &v.Autres, id)
	addExtraits(&b, &v.Extraits, id)
	journal.AddHistorique(&b, &v.Historique, objetCompteRendu, id)
	if err := b.RunAs(ctx, s.db, par); err != nil {
		return v, fmt.Errorf("read compte rendu %d: %w", id, err)
	}
	return v, nil
}

func (s *Service) showCompteRendu(w http.ResponseWriter, r *http.Request) error {
	id, err := httpx.ID(r, "id")
	if err != nil {
		return err
	}
	v, err := s.readCompteRendu(r.Context(), droits.Of(r.Context()), id)
	if err != nil {
		return err
	}
	v.Form.Valeurs.Set(httpx.ChampCle, httpx.NewCle())
	return httpx.Render(w, r, http.StatusOK, compteRenduPage(v))
}

// answerCompteRendu follows an act on minutes: on with a message, or the page again with what was refused.
func (s *Service) answerCompteRendu(w http.ResponseWriter, r *http.Request, id int64, f httpx.Form, err error, message string) error {
	refused, other := f.Refuse(err)
	if other != nil {
		return other
	}
	if !refused {
		s.annonce.Flash(r.Context(), message, "")
		return httpx.Redirect(w, r, http.StatusSeeOther, lien.CompteRendu(id))
	}
	v, err := s.readCompteRendu(r.Context(), droits.Of(r.Context()), id)
	if err != nil {
		return err
	}
	v.Form = f
	return httpx.Render(w, r, http.StatusUnprocessableEntity, compteRenduPage(v))
}

func (s *Service) acteCompteRendu(deed func(context.Context, droits.Compte, int64, int) error, message string) httpx.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		id, f, version, err := postedVersion(r)
		if err != nil {
			return err
		}
		return s.answerCompteRendu(w, r, id, f, deed(r.Context(), droits.Of(r.Context()), id, version), message)
	}
}

func (s *Service) validerCompteRendu(w http.ResponseWriter, r *http.Request) error {
	id, f, version, err := postedVersion(r)
	if err != nil {
		return err
	}
	err = s.Valider(r.Context(), droits.Of(r.Context()), id, version, f.Texte("motif"))
	return s.answerCompteRendu(w, r, id, f, err, "Le compte rendu est validé.")
}

func (s *Service) rectifierCompteRendu(w http.ResponseWriter, r *http.Request) error {
	id, err := httpx.ID(r, "id")
	if err != nil {
		return err
	}
	made, err := s.Rectifier(r.Context(), droits.Of(r.Context()), id)
	if err != nil {
		return err
	}
	s.annonce.Flash(r.Context(), "Le rectificatif est ouvert. Écrivez ce qui est corrigé.", "")
	return httpx.Redirect(w, r, http.StatusSeeOther, lien.CompteRendu(made))
}

func (s *Service) createCommentaire(w http.ResponseWriter, r *http.Request) error {
	id, f, err := posted(r)
	if err != nil {
		return err
	}
	cle, err := f.Cle()
	if err != nil {
		return err
	}
	var section *int64
	if text := f.Texte("section"); text != "" {
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			return fmt.Errorf("field section: %w", fault.Malformed)
		}
		section = &n
	}
	err = s.Commenter(r.Context(), droits.Of(r.Context()), id, section, f.Texte("texte"), cle)
	return s.answerCompteRendu(w, r, id, f, err, "Votre commentaire est envoyé.")
}

func (s *Service) updateCommentaire(w http.ResponseWriter, r *http.Request) error {
	id, f, version, err := postedVersion(r)
	if err != nil {
		return err
	}
	commentaire, err := httpx.ID(r, "commentaire")
	if err != nil {
		return err
	}
	err = s.RepondreCommentaire(r.Context(), droits.Of(r.Context()), id, commentaire, version, f.Texte("suite"), f.Texte(champReponse(commentaire)))
	return s.answerCompteRendu(w, r, id, f, err, "La réponse est enregistrée.")
}

// pageSection makes the form of a section as it is now.
func (s *Service) pageSection(id, section int64) func(context.Context) (formulaire.Page, error) {
	return func(ctx context.Context) (p formulaire.Page, err error) {
		err = s.read(ctx, func(tx pgx.Tx) error {
			c, err := findCompteRendu(ctx, tx, id)
			if err != nil {
				return err
			}
			if err := c.refuseFige(); err != nil {
				return fault.NotFound
			}
			kept, err := findSection(ctx, tx, id, section)
			p = formSection(c, kept)
			return err
		})
		if err != nil {
			return p, fmt.Errorf("read section %d of compte rendu %d: %w", section, id, err)
		}
		return p, nil
	}
}

func formSection(c CompteRendu, p Section) formulaire.Page {
	values := url.Values{"titre": {p.Titre}, "texte": {p.Texte}, httpx.ChampVersion: {strconv.Itoa(p.Version)}}
	return formulaire.Page{Titre: "Modifier", Bouton: "Enregistrer cette partie", Objet: p.Titre, Fil: filCompteRendu(c), Retour: lien.CompteRendu(c.ID),
		Action: lien.CompteRenduSection(c.ID, p.ID), Caches: []string{httpx.ChampVersion}, Form: httpx.NewForm(values), Champs: []formulaire.Champ{
			{Nom: "titre", Libelle: "Titre", Max: maxTitreSection},
			{Nom: "texte", Libelle: "Texte", Type: "textarea", Lignes: 16, Max: maxTexteSection, Facultatif: true,
				Aide: "Une ligne vide sépare les paragraphes, un tiret commence une ligne de liste, **deux étoiles** mettent en gras."},
		}}
}

func (s *Service) editSection(w http.ResponseWriter, r *http.Request) error {
	id, err := httpx.ID(r, "id")
	if err != nil {
		return err
	}
	section, err := httpx.ID(r, "section")
	if err != nil {
		return err
	}
	p, err := s.pageSection(id, section)(r.Context())
	if err != nil {
		return err
	}
	return p.Show(w, r, http.StatusOK)
}

func (s *Service) updateSection(w http.ResponseWriter, r *http.Request) error {
	id, f, version, err := postedVersion(r)
	if err != nil {
		return err
	}
	section, err := httpx.ID(r, "section")
	if err != nil {
		return err
	}
	err = s.UpdateSection(r.Context(), droits.Of(r.Context()), id, section, version, f.Texte("titre"), f.Texte("texte"))
	return formulaire.Suite{Annonce: s.annonce, Message: "Cette partie est enregistrée.", Vers: lien.CompteRendu(id), Page: s.pageSection(id, section),
		Dernier: s.dernier(objetCompteRendu, id)}.Answer(w, r, f, err)
}

// sendCompteRendu is the minutes as a text document, of the sections that whoever asks may read.
func (s *Service) sendCompteRendu(w http.ResponseWriter, r *http.Request) error {
	id, err := httpx.ID(r, "id")
	if err != nil {
		return err
	}
	par := droits.Of(r.Context())
	v, err := s.readCompteRendu(r.Context(), par, id)
	if err != nil {
		return err
	}
	err = pg.As(r.Context(), s.db, par, func(tx pgx.Tx) error {
		return journal.Note(r.Context(), tx, par, "compte rendu exporté", objetCompteRendu, id, journal.Changement{"format": {nil, "odt"}})
	})
	if err != nil {
		return err
	}
	now := time.Now()
	var body bytes.Buffer
	if err := export.ODT(&body, v.document(s.cfg.Nom, now)); err != nil {
		return err
	}
	return httpx.File(w, export.TypeODT, export.FileName(now, "odt", "compte-rendu"), body.Bytes())
}
