package organisme

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"github.com/jackc/pgx/v5"

	"portail/internal/droits"
	"portail/internal/fault"
	"portail/internal/httpx"
	"portail/internal/journal"
	"portail/internal/lien"
	"portail/internal/pg"
	"portail/web/typo"
)

// Routes declares the pages of the area, an object after the other.
func (s *Service) Routes(r *httpx.Router) {
	s.listeRoutes(r)
	r.Get(lien.OrganismeNouveau, droits.OrganismeModifier, s.newOrganisme)
	r.Post(lien.OrganismeNouveau, droits.OrganismeModifier, s.createOrganisme)
	r.Get(un, droits.OrganismeVoir, s.showOrganisme)
	for acte, page := range map[string]func(Organisme) formulaire{
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

// posted reads what a form of a record sent: which record, what was typed, and on what version.
func posted(r *http.Request) (id int64, f httpx.Form, on int, err error) {
	if id, err = httpx.ID(r, "id"); err != nil {
		return id, f, 0, err
	}
	if f, err = httpx.ReadForm(r); err != nil {
		return id, f, 0, err
	}
	on, err = f.Version()
	return id, f, on, err
}

// answer follows a change: on to the record with a message; or the form again as it was typed, with its faults (422), or beside what
// somebody else wrote meanwhile (409). page makes the form of what is kept now.
func (s *Service) answer(w http.ResponseWriter, r *http.Request, id int64, f httpx.Form, done error, message string, page func(context.Context) (formulaire, error)) error {
	if done == nil {
		s.annonce.Flash(r.Context(), message, "")
		return httpx.Redirect(w, r, http.StatusSeeOther, lien.Organisme(id))
	}
	stale := errors.Is(done, fault.Stale)
	if refused, other := f.Refuse(done); !refused && !stale {
		return other
	}
	p, err := page(r.Context())
	if err != nil {
		return err
	}
	kept := p.Form.Valeurs
	p.Form = f
	if !stale {
		return httpx.Render(w, r, http.StatusUnprocessableEntity, formulairePage(p))
	}
	p.Conflit = &conflit{Valeurs: kept}
	if err := s.read(r.Context(), func(tx pgx.Tx) error {
		lignes, err := journal.Historique(r.Context(), tx, objet, id)
		if len(lignes) > 0 {
			p.Conflit.Dernier = &lignes[0]
		}
		return err
	}); err != nil {
		return fmt.Errorf("history of organisme %d: %w", id, err)
	}
	f.Valeurs.Set(httpx.ChampVersion, kept.Get(httpx.ChampVersion)) // both versions are before their author now
	return httpx.Render(w, r, http.StatusConflict, formulairePage(p))
}

// read reads as whoever asks.
func (s *Service) read(ctx context.Context, do func(tx pgx.Tx) error) error {
	return pg.As(ctx, s.db, droits.Of(ctx), do)
}

// now makes the form of an organisation as it is now.
func (s *Service) now(id int64, page func(Organisme) formulaire) func(context.Context) (formulaire, error) {
	return func(ctx context.Context) (f formulaire, err error) {
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

func (s *Service) newOrganisme(w http.ResponseWriter, r *http.Request) error {
	f := httpx.NewForm(nil)
	f.Valeurs.Set(httpx.ChampCle, httpx.NewCle())
	return httpx.Render(w, r, http.StatusOK, formulairePage(formCreation(f)))
}

func (s *Service) createOrganisme(w http.ResponseWriter, r *http.Request) error {
	f, err := httpx.ReadForm(r)
	if err != nil {
		return err
	}
	cle, err := f.Cle()
	if err != nil {
		return err
	}
	id, err := s.Create(r.Context(), droits.Of(r.Context()), lireIdentite(f), cle)
	return s.answer(w, r, id, f, err, "L’organisme est enregistré.", func(context.Context) (formulaire, error) { return formCreation(f), nil })
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

func (s *Service) editOrganisme(page func(Organisme) formulaire) httpx.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		id, err := httpx.ID(r, "id")
		if err != nil {
			return err
		}
		p, err := s.now(id, page)(r.Context())
		if err != nil {
			return err
		}
		return httpx.Render(w, r, http.StatusOK, formulairePage(p))
	}
}

func (s *Service) updateOrganisme(w http.ResponseWriter, r *http.Request) error {
	id, f, on, err := posted(r)
	if err != nil {
		return err
	}
	err = s.Update(r.Context(), droits.Of(r.Context()), id, on, lireIdentite(f))
	return s.answer(w, r, id, f, err, "Les corrections sont enregistrées.", s.now(id, formCorrection))
}

func (s *Service) updateNom(w http.ResponseWriter, r *http.Request) error {
	id, f, on, err := posted(r)
	if err != nil {
		return err
	}
	err = s.Rename(r.Context(), droits.Of(r.Context()), id, on, f.Texte("nom"), f.Texte("sigle"), f.Texte("le"))
	return s.answer(w, r, id, f, err, "L’organisme a changé de nom. L’ancien reste dans ses anciens noms.", s.now(id, formRenommage))
}

func (s *Service) updateFermeture(w http.ResponseWriter, r *http.Request) error {
	id, f, on, err := posted(r)
	if err != nil {
		return err
	}
	err = s.Close(r.Context(), droits.Of(r.Context()), id, on, f.Texte("le"))
	return s.answer(w, r, id, f, err, "L’organisme est fermé.", s.now(id, formFermeture))
}

func (s *Service) deleteFermeture(w http.ResponseWriter, r *http.Request) error {
	id, f, on, err := posted(r)
	if err != nil {
		return err
	}
	err = s.Reopen(r.Context(), droits.Of(r.Context()), id, on)
	return s.answer(w, r, id, f, err, "L’organisme est rouvert"+typo.NBSP+": vérifiez ses contacts et ses comités.", s.now(id, formReouverture))
}
