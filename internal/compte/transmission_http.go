package compte

import (
	"errors"
	"net/http"

	"github.com/jackc/pgx/v5"

	"portail/internal/droits"
	"portail/internal/fault"
	"portail/internal/httpx"
	"portail/internal/lien"
	"portail/internal/pg"
	"portail/web/typo"
)

// vueTransmission is what the page of a hand-over shows: first who takes over, then the preview.
type vueTransmission struct {
	apercu
	Form    httpx.Form
	Perimee bool // what is open changed since the preview
}

// champEmpreinte holds the preview that is agreed to.
const champEmpreinte = "apercu"

func (s *Service) newTransmission(w http.ResponseWriter, r *http.Request) error {
	id, err := httpx.ID(r, "id")
	if err != nil {
		return err
	}
	return s.renderTransmission(w, r, http.StatusOK, id, httpx.NewForm(nil), false)
}

// renderTransmission shows the preview, or what is refused of it.
func (s *Service) renderTransmission(w http.ResponseWriter, r *http.Request, status int, id int64, f httpx.Form, stale bool) error {
	v := vueTransmission{Form: f, Perimee: stale}
	ctx := r.Context()
	err := pg.As(ctx, s.db, droits.Of(ctx), func(tx pgx.Tx) (err error) {
		v.apercu, err = s.previewTransmission(ctx, tx, id, f.Texte(champA))
		return err
	})
	if refused, err := f.Refuse(err); err != nil {
		return err
	} else if refused && status == http.StatusOK {
		status = http.StatusUnprocessableEntity
	}
	return httpx.Render(w, r, status, transmissionPage(v))
}

func (s *Service) createTransmission(w http.ResponseWriter, r *http.Request) error {
	id, err := httpx.ID(r, "id")
	if err != nil {
		return err
	}
	f, err := httpx.ReadForm(r)
	if err != nil {
		return err
	}
	if f.Texte(champEmpreinte) == "" { // the preview: posted too, since an address has no place in a URL
		if f.Texte(champA) == "" {
			f.Fautes.Add(champA, "Indiquez l’adresse de la personne qui reprend le poste.")
			return s.renderTransmission(w, r, http.StatusUnprocessableEntity, id, f, false)
		}
		return s.renderTransmission(w, r, http.StatusOK, id, f, false)
	}
	n, err := s.Transmettre(r.Context(), droits.Of(r.Context()), id, f.Texte(champA), f.Texte(champEmpreinte))
	if errors.Is(err, fault.Stale) {
		return s.renderTransmission(w, r, http.StatusConflict, id, f, true)
	}
	if refused, err := f.Refuse(err); err != nil {
		return err
	} else if refused {
		return s.renderTransmission(w, r, http.StatusUnprocessableEntity, id, f, false)
	}
	s.Flash(r.Context(), "Le poste est transmis", typo.NPluriel(int64(n), "élément a changé", "éléments ont changé")+" de mains.")
	return httpx.Redirect(w, r, http.StatusSeeOther, lien.Compte(id))
}
