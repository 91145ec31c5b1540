package compte

import (
	"context"
	"encoding/gob"
	"fmt"
	"net/http"
	"net/netip"
	"strings"

	"portail/internal/config"
	"portail/internal/droits"
	"portail/internal/fault"
	"portail/internal/httpx"
	"portail/internal/lexique"
	"portail/internal/lien"
	"portail/web"
)

// flash is a message for the next page.
type flash struct {
	Titre, Texte string
	Tone         web.Tone
}

func init() {
	gob.Register(saisie{})
	gob.Register(flash{})
	gob.Register(attente{})
}

// Gate lets through to h only those whom the right allows. Public pages do not even look at the session, so that they stay
// the same for all and live without the database.
func (s *Service) Gate(droit droits.Droit, h httpx.Handler) httpx.Handler {
	switch droit {
	case droits.Public, droits.Sonde, droits.Atelier:
		return h
	}
	return func(w http.ResponseWriter, r *http.Request) error {
		v := &visite{agent: strings.ToValidUTF8(r.UserAgent(), "?"), adresse: reseau(s.Adresse(r))}
		r = r.WithContext(context.WithValue(r.Context(), visiteKey{}, v))
		return s.withSession(w, r, func(w http.ResponseWriter, r *http.Request) { s.enter(w, r, v, droit, h) })
	}
}

// enter runs h as the person whose session was found, if their fonction carries the right.
func (s *Service) enter(w http.ResponseWriter, r *http.Request, v *visite, droit droits.Droit, h httpx.Handler) {
	frame := web.FrameOf(r.Context())
	v.compte.Requete, v.compte.Adresse = frame.RequestID, v.adresse
	frame.Compte = s.compteFrame(v)
	frame.Menu = append(frame.Menu[:len(frame.Menu):len(frame.Menu)], Menu(v.compte)...)
	if message, told := s.sessions.Pop(r.Context(), cleFlash).(flash); told {
		frame.Flash = &web.Flash{Tone: message.Tone, Titre: message.Titre, Texte: message.Texte}
	}
	r = r.WithContext(droits.With(web.WithFrame(r.Context(), frame), v.compte))
	if err := s.judge(w, r, v.compte, droit, h); err != nil {
		httpx.ServeError(w, r, err) // here and not further out: the error page keeps the header of who asks
	}
}

func (s *Service) judge(w http.ResponseWriter, r *http.Request, par droits.Compte, droit droits.Droit, h httpx.Handler) error {
	switch {
	case par.Peut(droit):
		s.saisieRenvoyee(r)
		return h(w, r)
	case par.Connecte():
		if err := s.noteRefus(r.Context(), par, droit, r.URL.Path); err != nil {
			return err
		}
		return fmt.Errorf("%s asked by %s: %w", droit, par.Role, fault.Forbidden)
	}
	return s.signInFirst(w, r)
}

// compteFrame is how the header of each page shows who is signed in.
func (s *Service) compteFrame(v *visite) *web.CompteFrame {
	if !v.compte.Connecte() {
		return nil
	}
	f := &web.CompteFrame{Nom: v.compte.Nom, Fonction: libelleFonction(string(v.compte.Role), v.compte.OrganismeNom), Profil: lien.MonCompte}
	for _, a := range v.fonctions {
		f.Fonctions = append(f.Fonctions, web.Fonction{Libelle: libelleFonction(a.Role, a.Organisme), Href: lien.Fonction(a.ID), Active: a.ID == v.compte.FonctionID})
	}
	return f
}

func libelleFonction(role, organisme string) string {
	return lexique.Libelle(lexique.Roles, role) + ", " + organisme
}

// Adresse is the visitor's address: the connection's, or what the one trusted proxy says.
func (s *Service) Adresse(r *http.Request) netip.Addr {
	conn, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return netip.Addr{}
	}
	addr := conn.Addr().Unmap()
	if !s.cfg.Proxy.IsValid() || !s.cfg.Proxy.Contains(addr) {
		return addr
	}
	hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	last, err := netip.ParseAddr(strings.TrimSpace(hops[len(hops)-1])) // the one the proxy itself added
	if err != nil {
		return addr
	}
	return last.Unmap()
}

// Bits of an address that are kept where it is written down: enough to see an attack, not a person (C19).
const (
	keptBits4 = 24
	keptBits6 = 48
)

// reseau cuts an address to its network.
func reseau(a netip.Addr) string {
	bits := keptBits6
	if a.Is4() {
		bits = keptBits4
	}
	p, err := a.Prefix(bits)
	if err != nil {
		return ""
	}
	return p.String()
}

// https says whether visitors reach the portal by HTTPS: cookies are then bound to it.
func https(cfg config.Config) bool { return strings.HasPrefix(cfg.URL, "https://") }
