package organisme

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strconv"

	"github.com/jackc/pgx/v5"

	"portail/internal/droits"
	"portail/internal/formulaire"
	"portail/internal/httpx"
	"portail/internal/lien"
	"portail/internal/saisie"
	"portail/web/typo"
)

func (s *Service) contactRoutes(r *httpx.Router) {
	r.Get(un+"/"+lien.ActeNouveauContact, droits.OrganismeModifier, s.editOrganisme(formContact))
	r.Post(un+"/"+lien.ActeNouveauContact, droits.OrganismeModifier, s.createContact)
	r.Get(un+"/contacts/{contact}", droits.OrganismeModifier, s.editContact)
	r.Post(un+"/contacts/{contact}", droits.OrganismeModifier, s.updateContact)
	r.Post(un+"/contacts/{contact}/retirer", droits.OrganismeModifier, s.deleteContact)
}

func formContact(o Organisme) formulaire.Page {
	f := formActe(o, lien.ActeNouveauContact, "Ajouter un contact", "Enregistrer le contact",
		formulaire.Champ{Nom: "fonction", Libelle: "Fonction", Aide: "Un poste ou un service, jamais le nom d’une personne.", Max: maxFonction},
		formulaire.Champ{Nom: "courriel", Libelle: "Courriel", Aide: "De préférence une adresse de service. Exemple" + typo.NBSP + ": accueil@exemple.fr", Type: "email", Max: saisie.MaxCourriel, Facultatif: true},
		formulaire.Champ{Nom: "telephone", Libelle: "Téléphone", Type: "tel", Max: maxSigle, Facultatif: true})
	f.Caches = nil
	return f
}

func lireContact(f httpx.Form, id int64) Contact {
	return Contact{ID: id, Fonction: f.Texte("fonction"), Courriel: f.Texte("courriel"), Telephone: f.Texte("telephone")}
}

// nowContact makes the form of a contact as it is now.
func (s *Service) nowContact(id, contact int64) func(context.Context) (formulaire.Page, error) {
	return func(ctx context.Context) (formulaire.Page, error) {
		var o Organisme
		var c Contact
		err := s.read(ctx, func(tx pgx.Tx) (err error) {
			if o, err = find(ctx, tx, id); err == nil {
				c, err = findContact(ctx, tx, id, contact)
			}
			return err
		})
		if err != nil {
			return formulaire.Page{}, fmt.Errorf("read contact %d of organisme %d: %w", contact, id, err)
		}
		f := formContact(o)
		f.Titre, f.Action, f.Caches = "Modifier un contact", lien.OrganismeContact(id, contact), []string{httpx.ChampVersion}
		f.Retrait = &formulaire.Retrait{Action: f.Action + "/retirer", Bouton: "Retirer ce contact"}
		f.Form = httpx.NewForm(url.Values{"fonction": {c.Fonction}, "courriel": {c.Courriel}, "telephone": {c.Telephone}, httpx.ChampVersion: {strconv.Itoa(o.Version)}})
		return f, nil
	}
}

func (s *Service) createContact(w http.ResponseWriter, r *http.Request) error {
	id, err := httpx.ID(r, "id")
	if err != nil {
		return err
	}
	f, err := httpx.ReadForm(r)
	if err != nil {
		return err
	}
	err = s.AddContact(r.Context(), droits.Of(r.Context()), id, lireContact(f, 0))
	return s.answer(w, r, id, f, err, "Le contact est ajouté.", s.now(id, formContact))
}

// contactParams are the organisation and the contact of the address.
func contactParams(r *http.Request) (id, contact int64, err error) {
	if id, err = httpx.ID(r, "id"); err != nil {
		return id, 0, err
	}
	contact, err = httpx.ID(r, "contact")
	return id, contact, err
}

func (s *Service) editContact(w http.ResponseWriter, r *http.Request) error {
	id, contact, err := contactParams(r)
	if err != nil {
		return err
	}
	p, err := s.nowContact(id, contact)(r.Context())
	if err != nil {
		return err
	}
	return p.Show(w, r, http.StatusOK)
}

func (s *Service) updateContact(w http.ResponseWriter, r *http.Request) error {
	id, contact, err := contactParams(r)
	if err != nil {
		return err
	}
	_, f, on, err := httpx.Posted(r)
	if err != nil {
		return err
	}
	err = s.UpdateContact(r.Context(), droits.Of(r.Context()), id, on, lireContact(f, contact))
	return s.answer(w, r, id, f, err, "Le contact est modifié.", s.nowContact(id, contact))
}

func (s *Service) deleteContact(w http.ResponseWriter, r *http.Request) error {
	id, contact, err := contactParams(r)
	if err != nil {
		return err
	}
	if err := s.RemoveContact(r.Context(), droits.Of(r.Context()), id, contact); err != nil {
		return err
	}
	s.annonce.Flash(r.Context(), "Le contact est retiré.", "")
	return httpx.Redirect(w, r, http.StatusSeeOther, lien.Organisme(id))
}
