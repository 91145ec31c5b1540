package cis

import (
	"net/http"

	"github.com/a-h/templ"

	"portail/internal/httpx"
)

// Routes declares the pages of the area, an object after the other.
func (s *Service) Routes(r *httpx.Router) {
	s.comiteRoutes(r)
	s.membreRoutes(r)
	s.seanceRoutes(r)
	s.pointRoutes(r)
	s.pieceRoutes(r)
	s.convocationRoutes(r)
	s.inviteRoutes(r)
	s.fluxRoutes(r)
	s.tenueRoutes(r)
	s.compteRenduRoutes(r)
	s.decisionRoutes(r)
}

// suite goes on to an address after a change, with a message.
func (s *Service) suite(w http.ResponseWriter, r *http.Request, message, vers string) error {
	s.annonce.Flash(r.Context(), message, "")
	return httpx.Redirect(w, r, http.StatusSeeOther, vers)
}

// answer follows a form that stands among other things of a page: on with a message, or the page again as it was typed, with its faults
// (422). done is what the change answered; an error that is no matter of the form comes back.
func (s *Service) answer(w http.ResponseWriter, r *http.Request, f httpx.Form, done error, message, vers string, page func() (templ.Component, error)) error {
	refused, other := f.Refuse(done)
	if other != nil {
		return other
	}
	if !refused {
		return s.suite(w, r, message, vers)
	}
	again, err := page()
	if err != nil {
		return err
	}
	return httpx.Render(w, r, http.StatusUnprocessableEntity, again)
}
