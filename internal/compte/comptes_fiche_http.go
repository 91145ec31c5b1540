package compte

import (
	"context"
	"errors"
	"net/http"
	"strconv"

	"portail/internal/droits"
	"portail/internal/fault"
	"portail/internal/httpx"
	"portail/internal/journal"
	"portail/internal/lien"
)

// vueCompte is what the record of an account shows. Forms holds the one that was refused, by its deed.
type vueCompte struct {
	Compte     ficheCompte
	Fonctions  []saFonction
	Historique []journal.Ligne
	Organismes []choixOrganisme
	Quartiers  []choixQPV
	Par        droits.Compte
	Forms      map[string]httpx.Form
	Perimee    bool // the form was written on a version that somebody replaced since
}

// form is the form of a deed: as typed if it was refused, empty otherwise.
func (v vueCompte) form(deed string) httpx.Form {
	if f, refused := v.Forms[deed]; refused {
		return f
	}
	return httpx.NewForm(nil)
}

func (s *Service) showCompte(w http.ResponseWriter, r *http.Request) error {
	id, err := httpx.ID(r, "id")
	if err != nil {
		return err
	}
	return s.renderCompte(w, r, http.StatusOK, id, nil, false)
}

func (s *Service) renderCompte(w http.ResponseWriter, r *http.Request, status int, id int64, forms map[string]httpx.Form, stale bool) error {
	v, err := s.readFiche(r.Context(), droits.Of(r.Context()), id)
	if err != nil {
		return err
	}
	v.Forms, v.Perimee = forms, stale
	return httpx.Render(w, r, status, comptePage(v))
}

// change does a deed on an account and chooses the page: back to the record, or the record with the form as it was typed.
func (s *Service) change(w http.ResponseWriter, r *http.Request, deed, done string, do func(ctx context.Context, par droits.Compte, id int64, version int, f httpx.Form) error) error {
	id, err := httpx.ID(r, "id")
	if err != nil {
		return err
	}
	f, err := httpx.ReadForm(r)
	if err != nil {
		return err
	}
	version, err := f.Version()
	if err != nil {
		return err
	}
	err = do(r.Context(), droits.Of(r.Context()), id, version, f)
	if errors.Is(err, fault.Stale) {
		return s.renderCompte(w, r, http.StatusConflict, id, map[string]httpx.Form{deed: f}, true)
	}
	if refused, err := f.Refuse(err); err != nil {
		return err
	} else if refused {
		return s.renderCompte(w, r, http.StatusUnprocessableEntity, id, map[string]httpx.Form{deed: f}, false)
	}
	s.Flash(r.Context(), done, "")
	return httpx.Redirect(w, r, http.StatusSeeOther, lien.Compte(id))
}

// Deeds of the record: the last part of their address.
const (
	deedFonction   = "fonctions"
	deedRetirer    = "retirer"
	deedDesactiver = "desactiver"
	deedReactiver  = "reactiver"
	deedTOTP       = "second-facteur"
	deedSessions   = "sessions"
)

func (s *Service) createFonction(w http.ResponseWriter, r *http.Request) error {
	return s.change(w, r, deedFonction, "La fonction est ajoutée", func(ctx context.Context, par droits.Compte, id int64, version int, f httpx.Form) error {
		return s.AjouterFonction(ctx, par, id, version, readFonction(f))
	})
}

// readFonction reads what was typed of a fonction. A number that is none is an unknown one, which the rule refuses.
func readFonction(f httpx.Form) saisieFonction {
	in := saisieFonction{Role: f.Texte(champRole), Intitule: f.Texte(champIntitule)}
	in.Organisme, _ = strconv.ParseInt(f.Texte(champOrganisme), 10, 64)
	for _, text := range f.Valeurs[champQPV] {
		if id, err := strconv.ParseInt(text, 10, 32); err == nil && len(in.QPV) < maxQPV {
			in.QPV = append(in.QPV, int32(id))
		}
	}
	return in
}

// maxQPV bounds the scope of a délégué: more than any département has.
const maxQPV = 200

func (s *Service) deleteFonction(w http.ResponseWriter, r *http.Request) error {
	fonction, err := httpx.ID(r, champFonction)
	if err != nil {
		return err
	}
	return s.change(w, r, deedRetirer, "La fonction est retirée", func(ctx context.Context, par droits.Compte, id int64, version int, _ httpx.Form) error {
		return s.RetirerFonction(ctx, par, id, fonction, version)
	})
}

func (s *Service) updateDesactive(w http.ResponseWriter, r *http.Request) error {
	return s.change(w, r, deedDesactiver, "Le compte est désactivé, ses sessions sont fermées", func(ctx context.Context, par droits.Compte, id int64, version int, f httpx.Form) error {
		return s.Desactiver(ctx, par, id, version, f.Texte(champMotif))
	})
}

func (s *Service) updateReactive(w http.ResponseWriter, r *http.Request) error {
	return s.change(w, r, deedReactiver, "Le compte est réactivé", func(ctx context.Context, par droits.Compte, id int64, version int, _ httpx.Form) error {
		return s.Reactiver(ctx, par, id, version)
	})
}

func (s *Service) deleteSecondFacteur(w http.ResponseWriter, r *http.Request) error {
	return s.change(w, r, deedTOTP, "Le second facteur est réinitialisé", func(ctx context.Context, par droits.Compte, id int64, version int, f httpx.Form) error {
		return s.ReinitialiserTOTP(ctx, par, id, version, f.Texte(champMotif))
	})
}

func (s *Service) deleteSesSessions(w http.ResponseWriter, r *http.Request) error {
	return s.change(w, r, deedSessions, "Les sessions de ce compte sont fermées", func(ctx context.Context, par droits.Compte, id int64, _ int, _ httpx.Form) error {
		return s.FermerSessions(ctx, par, id)
	})
}
