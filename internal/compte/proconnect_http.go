package compte

import (
	"context"
	"crypto/subtle"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"

	"golang.org/x/oauth2"

	"portail/internal/droits"
	"portail/internal/fault"
	"portail/internal/httpx"
	"portail/internal/lien"
	"portail/web"
)

func (s *Service) proconnectRoutes(r *httpx.Router) {
	r.Post(lien.ProConnect, droits.Visiteur, s.proconnectOnly(s.createDepart))
	r.Get(lien.ProConnectRetour, droits.Visiteur, s.proconnectOnly(s.showRetour))
	r.Get(lien.ProConnectSortie, droits.Visiteur, s.proconnectOnly(s.showSortie))
	r.Get(lien.ProConnectRattacher, droits.Connecte, s.proconnectOnly(s.newRattachement))
	r.Post(lien.ProConnectRattacher, droits.Connecte, s.proconnectOnly(s.createRattachement))
}

// proconnectOnly is no page where the portal is not declared to ProConnect.
func (s *Service) proconnectOnly(h httpx.Handler) httpx.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		if !s.proconnectOffert() {
			return fault.NotFound
		}
		return h(w, r)
	}
}

func (s *Service) proconnectOffert() bool { return s.cfg.Acces.ProConnectEmetteur != "" }

func (s *Service) proconnectRetour(r *http.Request) string {
	return httpx.Base(r, s.cfg.URL) + lien.ProConnectRetour
}

// emmener sends the browser to another site after a form. A 303 there would make form-action list every host that ProConnect may
// send on to, identity providers included, since browsers hold the whole chain against it; the Refresh header starts a navigation
// of its own instead, with or without JavaScript, and the page shows the same link.
func emmener(w http.ResponseWriter, r *http.Request, address string, page ailleurs) error {
	page.Href = address
	w.Header().Set("Refresh", "0; url="+address)
	return httpx.Render(w, r, http.StatusOK, ailleursPage(page))
}

// createDepart leaves for ProConnect, with what the return will be recognised by kept in the session.
func (s *Service) createDepart(w http.ResponseWriter, r *http.Request) error {
	f, err := httpx.ReadForm(r)
	if err != nil {
		return err
	}
	ctx, dep := r.Context(), depart{Suite: suite(f.Texte("suite")), Verifier: oauth2.GenerateVerifier(), Expire: now().Add(departDuree).Unix()}
	dep.State, _ = newJeton()
	dep.Nonce, _ = newJeton()
	if texte := f.Texte("invitation"); texte != "" {
		if _, err := s.readInvitation(ctx, empreinteJeton(texte)); err != nil {
			return siMort(w, r, err, invitationMorte)
		}
		dep.Invitation, dep.Suite = texte, lien.Invitation(texte)
	}
	address, err := s.proconnect.partir(dep, s.proconnectRetour(r))
	if err != nil {
		return s.refusProConnect(w, r, identite{}, err)
	}
	s.sessions.Put(ctx, cleDepart, dep)
	return emmener(w, r, address, versProConnect)
}

// showRetour receives whoever comes back from ProConnect. Nothing is done before everything is verified.
func (s *Service) showRetour(w http.ResponseWriter, r *http.Request) error {
	ctx, q := r.Context(), r.URL.Query()
	dep, known := s.sessions.Get(ctx, cleDepart).(depart)
	if !known || subtle.ConstantTimeCompare([]byte(dep.State), []byte(q.Get("state"))) != 1 {
		return s.refusProConnect(w, r, identite{}, refuser(refusDemande, "état inconnu ou déjà utilisé"))
	}
	s.sessions.Remove(ctx, cleDepart)
	switch iss := q.Get("iss"); {
	case now().Unix() > dep.Expire:
		return s.refusProConnect(w, r, identite{}, refuser(refusDemande, "retour trop tardif"))
	case iss != "" && iss != s.cfg.Acces.ProConnectEmetteur:
		return s.refusProConnect(w, r, identite{}, refuser(refusDemande, "retour d’un autre émetteur"))
	case q.Get("error") != "":
		return s.refusProConnect(w, r, identite{}, refuser(refusAnnule, "refus de ProConnect : "+nettoyer(q.Get("error"), 64)))
	case q.Get("code") == "":
		return s.refusProConnect(w, r, identite{}, refuser(refusDemande, "retour sans code"))
	}
	qui, idToken, err := s.proconnect.identifier(ctx, dep, q.Get("code"), s.proconnectRetour(r))
	if err != nil {
		return s.refusProConnect(w, r, identite{}, err)
	}
	// From here on ProConnect holds a session for this browser: signing out here ends it there too, even after a refusal.
	s.sessions.Put(ctx, cleIDToken, idToken)
	return s.recevoir(w, r, dep, qui)
}

// recevoir lets a verified identity in, or says what is missing.
func (s *Service) recevoir(w http.ResponseWriter, r *http.Request, dep depart, qui identite) error {
	ctx := r.Context()
	var inv *invitationEnCours
	if dep.Invitation != "" {
		switch found, err := s.readInvitation(ctx, empreinteJeton(dep.Invitation)); {
		case err == nil:
			inv = &found
		case !errors.Is(err, fault.NotFound): // spent or revoked meanwhile: what follows does without it
			return err
		}
	}
	comptes, err := s.listComptesConnus(ctx, qui.Sub, qui.Courriel)
	if err != nil {
		return err
	}
	issue, compte, refus := reconcilier(qui, comptes, inv)
	if refus != nil {
		return s.refusProConnect(w, r, qui, refus)
	}
	switch issue {
	case issueRattacher:
		if err := s.renew(r); err != nil {
			return err
		}
		s.sessions.Put(ctx, cleLiaison, liaison{Qui: qui, Suite: dep.Suite, Expire: now().Add(liaisonDuree).Unix()})
		if par := droits.Of(ctx); par.Connecte() && strings.EqualFold(par.Courriel, qui.Courriel) {
			return httpx.Redirect(w, r, http.StatusSeeOther, lien.ProConnectRattacher)
		}
		return httpx.Render(w, r, http.StatusOK, prouverPage(qui))
	case issueAccepter:
		id, err := s.accepterProConnect(ctx, dep.Invitation, qui, droits.Of(ctx))
		if err != nil {
			return s.refusProConnect(w, r, qui, err)
		}
		return s.admettre(w, r, id, qui, lien.MonCompte)
	}
	id, err := s.readIdentifiant(ctx, compte)
	if err != nil {
		return err
	}
	if id.FonctionID == 0 {
		return s.refusProConnect(w, r, qui, &refusProConnect{cas: refusDesactive, raison: "compte désactivé", compte: compte}) // meanwhile
	}
	return s.admettre(w, r, id, qui, dep.Suite)
}

// admettre opens the session, by way of the portal's own second factor where one is due and ProConnect used none.
func (s *Service) admettre(w http.ResponseWriter, r *http.Request, id identifiant, qui identite, to string) error {
	if s.exigeCode(id) && !qui.Fort {
		return s.demanderCode(w, r, id, moyenProConnect, to)
	}
	return s.openSession(w, r, id, moyenProConnect, to)
}

// liaisonEnCours is the identity that waits to be tied to an account; false when there is none or it took too long.
func (s *Service) liaisonEnCours(ctx context.Context) (liaison, bool) {
	l, waiting := s.sessions.Get(ctx, cleLiaison).(liaison)
	return l, waiting && now().Unix() <= l.Expire
}

// newRattachement asks whoever has proven both whether to tie them.
func (s *Service) newRattachement(w http.ResponseWriter, r *http.Request) error {
	l, waiting := s.liaisonEnCours(r.Context())
	if !waiting {
		return httpx.Redirect(w, r, http.StatusSeeOther, lien.MonCompte)
	}
	par := droits.Of(r.Context())
	if !strings.EqualFold(par.Courriel, l.Qui.Courriel) {
		return s.refusProConnect(w, r, l.Qui, &refusProConnect{cas: refusAutreCompte, raison: "identité d’une autre adresse", compte: par.ID})
	}
	return httpx.Render(w, r, http.StatusOK, rattacherPage(l, suite(l.Suite)))
}

func (s *Service) createRattachement(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	l, waiting := s.liaisonEnCours(ctx)
	if !waiting {
		return httpx.Redirect(w, r, http.StatusSeeOther, lien.MonCompte)
	}
	if err := s.rattacher(ctx, droits.Of(ctx), l.Qui); err != nil {
		return s.refusProConnect(w, r, l.Qui, err)
	}
	s.sessions.Remove(ctx, cleLiaison)
	if err := s.renew(r); err != nil {
		return err
	}
	s.Flash(ctx, "ProConnect rattaché", "Vous pouvez désormais vous connecter avec ProConnect.")
	return httpx.Redirect(w, r, http.StatusSeeOther, suite(l.Suite))
}

// Statuses of the refusals.
var statutsRefus = map[casRefus]int{
	refusDemande: http.StatusBadRequest, refusReponse: http.StatusBadGateway, refusAbsent: http.StatusServiceUnavailable,
}

// refusProConnect writes a refusal down and tells it; other errors come back.
func (s *Service) refusProConnect(w http.ResponseWriter, r *http.Request, qui identite, err error) error {
	refus, is := asRefus(err)
	if !is {
		return err
	}
	if err := s.noterRefusProConnect(r.Context(), droits.Of(r.Context()), reseau(s.Adresse(r)), qui, refus); err != nil {
		return err
	}
	status, known := statutsRefus[refus.cas]
	if !known {
		status = http.StatusForbidden
	}
	if status == http.StatusServiceUnavailable {
		w.Header().Set("Retry-After", "10")
	}
	v := refusVue(refus.cas, qui)
	v.Quitter = s.sessions.Exists(r.Context(), cleIDToken)
	return httpx.Render(w, r, status, refusProConnectPage(v))
}

// cookieSortie remembers, while the browser is at ProConnect to sign out, what it must bring back: the session is gone by then.
const (
	cookieSortie      = "portail_sortie"
	cookieSortieDuree = 600 // seconds
)

func (s *Service) sortieCookie(value string, age int) *http.Cookie {
	c := &http.Cookie{Name: cookieSortie, Value: value, Path: "/", MaxAge: age, HttpOnly: true, SameSite: http.SameSiteLaxMode}
	if https(s.cfg) {
		c.Name, c.Secure = "__Host-"+cookieSortie, true
	}
	return c
}

// quitterProConnect is the address that also ends the session at ProConnect; empty for whoever did not come from there. ProConnect
// being away must not keep anybody signed in here: it is then left out.
func (s *Service) quitterProConnect(w http.ResponseWriter, r *http.Request) string {
	ctx := r.Context()
	idToken := s.sessions.GetString(ctx, cleIDToken)
	if idToken == "" || !s.proconnectOffert() {
		return ""
	}
	state, _ := newJeton()
	address, err := s.proconnect.quitter(idToken, state, httpx.Base(r, s.cfg.URL)+lien.ProConnectSortie)
	if err != nil {
		slog.ErrorContext(ctx, "proconnect sign-out left out", "error", fmt.Errorf("sign out: %w", err), "request_id", httpx.RequestID(ctx))
		return ""
	}
	if address != "" {
		http.SetCookie(w, s.sortieCookie(state, cookieSortieDuree))
	}
	return address
}

// showSortie says goodbye to whoever comes back from signing out at ProConnect.
func (s *Service) showSortie(w http.ResponseWriter, r *http.Request) error {
	kept, err := r.Cookie(s.sortieCookie("", 0).Name)
	if err != nil || kept.Value == "" || subtle.ConstantTimeCompare([]byte(kept.Value), []byte(r.URL.Query().Get("state"))) != 1 {
		return s.refusProConnect(w, r, identite{}, refuser(refusDemande, "retour de déconnexion inattendu"))
	}
	http.SetCookie(w, s.sortieCookie("", -1))
	return httpx.Render(w, r, http.StatusOK, sortiePage())
}

// sansCompte is the request with the frame of a visitor: the session has ended under way.
func sansCompte(r *http.Request, par droits.Compte) *http.Request {
	frame := web.FrameOf(r.Context())
	frame.Compte = nil
	frame.Menu = frame.Menu[:len(frame.Menu)-len(Menu(par))]
	return r.WithContext(web.WithFrame(r.Context(), frame))
}
