package organisme

import (
	"context"
	"fmt"
	"net/http"

	"github.com/jackc/pgx/v5"

	"portail/internal/droits"
	"portail/internal/formulaire"
	"portail/internal/httpx"
	"portail/internal/journal"
	"portail/internal/lien"
	"portail/internal/pg"
	"portail/web/typo"
)

// Routes declares the pages of the area, an object after the other.
func (s *Service) Routes(r *httpx.Router) {
	s.listeRoutes(r)
	r.Get(lien.OrganismeNouveau, droits.OrganismeModifier, formulaire.Nouveau(nowCreation, nil))
	r.Post(lien.OrganismeNouveau, droits.OrganismeModifier, s.createOrganisme)
	r.Get(un, droits.OrganismeVoir, s.showOrganisme)
	for acte, page := range map[string]func(Organisme) formulaire.Page{
		lien.ActeModifier: formCorrection, lien.ActeRenommer: formRenommage, lien.ActeFermer: formFermeture, lien.ActeRouvrir: formReouverture,
	} {
		r.Get(un+"/"+acte, droits.OrganismeModifier, s.editOrganisme(page))
	}
	r.Post(un+"/"+lien.ActeModifier, droits.OrganismeModifier, s.updateOrganisme)
	r.Post(un+"/"+lien.ActeRenommer, droits.OrganismeModifier, s.updateNom)
	r.Post(un+"/"+lien.ActeFermer, droits.OrganismeModifier, s.updateFermeture)
	r.Post(un+"/"+lien.ActeRouvrir, droits.OrganismeModifier, s.deleteFermeture)
	s.fusionRoutes(r)
	s.contactRoutes(r)
}

// un is the address of a record, as a pattern.
const un = lien.Organismes + "/{id}"

// answer follows a change of the record of that id.
func (s *Service) answer(w http.ResponseWriter, r *http.Request, id int64, f httpx.Form, done error, message string, page func(context.Context) (formulaire.Page, error)) error {
	return formulaire.Suite{Annonce: s.annonce, Message: message, Vers: lien.Organisme(id), Page: page,
		Dernier: func(ctx context.Context) (*journal.Ligne, error) { return s.dernier(ctx, id) }}.Answer(w, r, f, done)
}

// dernier is the last change of a record; nil when none is known.
func (s *Service) dernier(ctx context.Context, id int64) (last *journal.Ligne, err error) {
	err = s.read(ctx, func(tx pgx.Tx) error {
		lignes, err := journal.Historique(ctx, tx, objet, id)
		if len(lignes) > 0 {
			last = &lignes[0]
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("history of organisme %d: %w", id, err)
	}
	return last, nil
}

// read reads as whoever asks.
func (s *Service) read(ctx context.Context, do func(tx pgx.Tx) error) error {
	return pg.As(ctx, s.db, droits.Of(ctx), do)
}

// now makes the form of an organisation as it is now.
func (s *Service) now(id int64, page func(Organisme) formulaire.Page) func(context.Context) (formulaire.Page, error) {
	return func(ctx context.Context) (f formulaire.Page, err error) {
		err = s.read(ctx, func(tx pgx.Tx) error {
			o, err := find(ctx, tx, id)
			f = page(o)
			return err
		})
		if err != nil {
			return f, fmt.Errorf("read organisme %d: %w", id, err)
		}
		return f, nil
	}
}

func (s *Service) createOrganisme(w http.ResponseWriter, r *http.Request) error {
	f, cle, err := httpx.PostedNew(r)
	if err != nil {
		return err
	}
	id, err := s.Create(r.Context(), droits.Of(r.Context()), lireIdentite(f), cle)
	return s.answer(w, r, id, f, err, "L’organisme est enregistré.", nowCreation(f))
}

// nowCreation makes the form of a new organisation.
func nowCreation(f httpx.Form) func(context.Context) (formulaire.Page, error) {
	return func(context.Context) (formulaire.Page, error) { return formCreation(f), nil }
}

func (s *Service) showOrganisme(w http.ResponseWriter, r *http.Request) error {
	id, err := httpx.ID(r, "id")
	if err != nil {
		return err
	}
	v, err := readFiche(r.Context(), s.db, droits.Of(r.Context()), id)
	if err != nil {
		return fmt.Errorf("read organisme %d: %w", id, err)
	}
	return httpx.Render(w, r, http.StatusOK, fichePage(v))
}

func (s *Service) editOrganisme(page func(Organisme) formulaire.Page) httpx.Handler {
	return formulaire.Edition(func(id int64) func(context.Context) (formulaire.Page, error) { return s.now(id, page) })
}

func (s *Service) updateOrganisme(w http.ResponseWriter, r *http.Request) error {
	id, f, on, err := httpx.Posted(r)
	if err != nil {
		return err
	}
	err = s.Update(r.Context(), droits.Of(r.Context()), id, on, lireIdentite(f))
	return s.answer(w, r, id, f, err, "Les corrections sont enregistrées.", s.now(id, formCorrection))
}

func (s *Service) updateNom(w http.ResponseWriter, r *http.Request) error {
	id, f, on, err := httpx.Posted(r)
	if err != nil {
		return err
	}
	err = s.Rename(r.Context(), droits.Of(r.Context()), id, on, f.Texte("nom"), f.Texte("sigle"), f.Texte("le"))
	return s.answer(w, r, id, f, err, "L’organisme a changé de nom. L’ancien reste dans ses anciens noms.", s.now(id, formRenommage))
}

func (s *Service) updateFermeture(w http.ResponseWriter, r *http.Request) error {
	id, f, on, err := httpx.Posted(r)
	if err != nil {
		return err
	}
	err = s.Close(r.Context(), droits.Of(r.Context()), id, on, f.Texte("le"))
	return s.answer(w, r, id, f, err, "L’organisme est fermé.", s.now(id, formFermeture))
}

func (s *Service) deleteFermeture(w http.ResponseWriter, r *http.Request) error {
	id, f, on, err := httpx.Posted(r)
	if err != nil {
		return err
	}
	err = s.Reopen(r.Context(), droits.Of(r.Context()), id, on)
	return s.answer(w, r, id, f, err, "L’organisme est rouvert"+typo.NBSP+": vérifiez ses contacts et ses comités.", s.now(id, formReouverture))
}
