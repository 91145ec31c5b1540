package compte

import (
	"errors"
	"net/http"
	"net/url"
	"strings"

	"portail/internal/droits"
	"portail/internal/httpx"
	"portail/internal/lien"
	"portail/web"
)

// Bounds of what is kept for people whose session has expired: the size of a form, and how many a network may leave before it has
// to wait, since whoever sends one has not said who they are.
const (
	maxSaisie    = 512 << 10
	permisSaisie = 60
)

// signInFirst sends a visitor to sign in, and back to where they were going; what they had typed waits for them.
func (s *Service) signInFirst(w http.ResponseWriter, r *http.Request) error {
	if r.Method != http.MethodPost {
		return httpx.Redirect(w, r, http.StatusSeeOther, lien.ConnexionPuis(r.URL.RequestURI()))
	}
	kept, err := s.garder(r)
	if err != nil {
		return err
	}
	if kept {
		return httpx.Redirect(w, r, http.StatusSeeOther, lien.ConnexionPuis(lien.Reprendre))
	}
	s.sessions.Put(r.Context(), cleFlash, flash{"Votre session avait expiré", "Rien n’a été enregistré, et ce formulaire n’a pas pu être conservé : reconnectez-vous, puis remplissez-le de nouveau.", web.ToneWarning})
	return httpx.Redirect(w, r, http.StatusSeeOther, lien.ConnexionPuis(s.pageQuittee(r, droits.Compte{})))
}

// garder keeps a form for whoever sent it. Files, passwords and codes are not kept, nor what is too long or has nothing typed in it.
func (s *Service) garder(r *http.Request) (bool, error) {
	if r.URL.Path == lien.MonMotDePasse || r.URL.Path == lien.MonSecondFacteur {
		return false, nil
	}
	f, joint, err := httpx.ReadTextes(r, maxSaisie)
	if errors.Is(err, httpx.ErrTexteLong) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	kept := saisie{Chemin: r.URL.RequestURI(), Champs: f.Valeurs, Joint: joint}
	if len(f.Valeurs) == 0 || joint && len(saisieLisible(kept)) == 0 {
		return false, nil
	}
	ctx := r.Context()
	wait, err := s.prendre(ctx, []frein{{s.cleFrein("saisie", reseau(s.Adresse(r))), permisSaisie, premierDelai, plafondReseau}})
	if err != nil || wait > 0 {
		return false, err
	}
	// Two people may share a browser: the form is only shown to the one who typed it, as far as the ended session tells.
	if kept.Compte, err = s.table.proprietaire(ctx, hashSession(s.cookie(r))); err != nil {
		return false, err
	}
	s.sessions.Put(ctx, cleSaisie, kept)
	return true, nil
}

// saisieRenvoyee forgets a kept form once it is sent again.
func (s *Service) saisieRenvoyee(r *http.Request) {
	if r.Method != http.MethodPost {
		return
	}
	if kept, waiting := s.sessions.Get(r.Context(), cleSaisie).(saisie); waiting && kept.Chemin == r.URL.RequestURI() {
		s.sessions.Remove(r.Context(), cleSaisie)
	}
}

// saisieDe forgets a kept form that somebody else typed, and says whether one waits for the account.
func (s *Service) saisieDe(r *http.Request, compte int64) bool {
	kept, waiting := s.sessions.Get(r.Context(), cleSaisie).(saisie)
	if !waiting {
		return false
	}
	if kept.Compte != 0 && kept.Compte != compte {
		s.sessions.Remove(r.Context(), cleSaisie)
		return false
	}
	kept.Compte = compte
	s.sessions.Put(r.Context(), cleSaisie, kept)
	return true
}

// showSaisie gives back the form that was sent after the session had expired: its author looks at it and sends it again.
func (s *Service) showSaisie(w http.ResponseWriter, r *http.Request) error {
	kept, waiting := s.sessions.Get(r.Context(), cleSaisie).(saisie)
	if !waiting || !httpx.LocalPath(kept.Chemin) || kept.Compte != droits.Of(r.Context()).ID {
		return httpx.Redirect(w, r, http.StatusSeeOther, lien.MonCompte)
	}
	return httpx.Render(w, r, http.StatusOK, reprendrePage(kept))
}

// pageQuittee is the page that a form was sent from, if par may open it again; else the person's own page. A page whose address
// names a record is not judged here: it may lie outside the perimeter of par.
func (s *Service) pageQuittee(r *http.Request, par droits.Compte) string {
	from, err := url.Parse(r.Referer())
	if err != nil || from.Host != r.Host || !httpx.LocalPath(from.Path) || len(from.RequestURI()) > maxSuite {
		return lien.MonCompte
	}
	pattern, droit, found := s.router.Page(from.Path)
	switch {
	case !found, droit == droits.Visiteur, droit == droits.Sonde:
		return lien.MonCompte
	case droit != droits.Public && par.Connecte() && (!par.Peut(droit) || strings.Contains(pattern, "{")):
		return lien.MonCompte
	}
	return from.RequestURI()
}
