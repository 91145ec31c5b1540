package compte

import (
	"net/http"
	"strings"

	"github.com/jackc/pgx/v5"

	"portail/internal/droits"
	"portail/internal/fault"
	"portail/internal/httpx"
	"portail/internal/journal"
	"portail/internal/lien"
	"portail/internal/pg"
)

func (s *Service) connexionRoutes(r *httpx.Router) {
	r.Get(lien.Connexion, droits.Visiteur, s.newConnexion)
	r.Post(lien.Connexion, droits.Visiteur, s.createConnexion)
	r.Post(lien.Deconnexion, droits.Visiteur, s.deleteConnexion)
	r.Get(lien.Reprendre, droits.Connecte, s.showSaisie)
	r.Post("/fonction/{id}", droits.Connecte, s.updateFonctionActive)
}

// suite is where to go once signed in: a page of the portal, else the person's own.
func suite(path string) string {
	if !httpx.LocalPath(path) || strings.HasPrefix(path, lien.Connexion) && path != lien.Reprendre || path == lien.Deconnexion {
		return lien.MonCompte
	}
	return path
}

func (s *Service) newConnexion(w http.ResponseWriter, r *http.Request) error {
	to := suite(r.URL.Query().Get("suite"))
	if droits.Of(r.Context()).Connecte() {
		return httpx.Redirect(w, r, http.StatusSeeOther, to)
	}
	f := httpx.NewForm(nil)
	f.Valeurs.Set("suite", to)
	return httpx.Render(w, r, http.StatusOK, connexionPage(s.connexionVue(r, f)))
}

// connexionVue is what the sign-in page shows.
type connexionVue struct {
	Form       httpx.Form
	ProConnect bool
	Expiree    bool // a form waits for its author
	Demo       bool
}

func (s *Service) connexionVue(r *http.Request, f httpx.Form) connexionVue {
	return connexionVue{Form: f, ProConnect: s.cfg.Acces.ProConnectEmetteur != "",
		Expiree: s.sessions.Exists(r.Context(), cleSaisie), Demo: s.cfg.Demonstration}
}

func (s *Service) createConnexion(w http.ResponseWriter, r *http.Request) error {
	f, err := httpx.ReadForm(r)
	if err != nil {
		return err
	}
	visiteur := droits.Of(r.Context())
	id, err := s.authentifie(r.Context(), f.Texte("courriel"), f.Brut("mot_de_passe"), s.Adresse(r), droits.Compte{Requete: visiteur.Requete, Adresse: visiteur.Adresse})
	if refused, err := f.Refuse(err); err != nil {
		return err
	} else if refused {
		f.Valeurs.Del("mot_de_passe")
		return httpx.Render(w, r, http.StatusUnprocessableEntity, connexionPage(s.connexionVue(r, f)))
	}
	to := suite(f.Texte("suite"))
	if !s.exigeCode(id) {
		return s.openSession(w, r, id, "mot de passe", to)
	}
	return s.demanderCode(w, r, id, to)
}

// demanderCode opens half a session: it leads to the second factor and nowhere else.
func (s *Service) demanderCode(w http.ResponseWriter, r *http.Request, id identifiant, to string) error {
	if err := s.sessions.RenewToken(r.Context()); err != nil {
		return err
	}
	s.sessions.Remove(r.Context(), cleCompte)
	s.sessions.Put(r.Context(), cleAttente, attente{Compte: id.ID, Suite: to, Expire: now().Add(attenteDuree).Unix()})
	return httpx.Redirect(w, r, http.StatusSeeOther, lien.ConnexionCode)
}

// openSession lets somebody in and sends them where they were going.
func (s *Service) openSession(w http.ResponseWriter, r *http.Request, id identifiant, moyen, to string) error {
	if err := s.beginSession(r, id, moyen); err != nil {
		return err
	}
	if s.sessions.Exists(r.Context(), cleSaisie) {
		to = lien.Reprendre
	}
	return httpx.Redirect(w, r, http.StatusSeeOther, to)
}

// beginSession makes the session that of the account. Its token is new, so that nobody who knew the former one comes in too.
func (s *Service) beginSession(r *http.Request, id identifiant, moyen string) error {
	ctx := r.Context()
	if err := s.noteConnexion(ctx, id, droits.Of(ctx), moyen); err != nil {
		return err
	}
	if err := s.sessions.RenewToken(ctx); err != nil {
		return err
	}
	s.sessions.Remove(ctx, cleAttente)
	s.sessions.Put(ctx, cleCompte, id.ID)
	s.sessions.Put(ctx, cleFonction, id.FonctionID)
	s.sessions.Put(ctx, cleVerifie, now().Unix())
	return nil
}

// deleteConnexion ends the session here first, then at ProConnect if that is where the person came from (C11).
func (s *Service) deleteConnexion(w http.ResponseWriter, r *http.Request) error {
	par := droits.Of(r.Context())
	if par.Connecte() {
		err := pg.As(r.Context(), s.db, par, func(tx pgx.Tx) error {
			return journal.Note(r.Context(), tx, par, "déconnexion", "compte", par.ID, nil)
		})
		if err != nil {
			return err
		}
	}
	away, err := s.quitterProConnect(r)
	if err != nil {
		return err
	}
	if err := s.sessions.Destroy(r.Context()); err != nil {
		return err
	}
	if away != "" {
		http.Redirect(w, r, away, http.StatusSeeOther) // the end-session address of the configured issuer
		return nil
	}
	return httpx.Redirect(w, r, http.StatusSeeOther, lien.Accueil)
}

// showSaisie gives back the form that was sent after the session had expired: its author looks at it and sends it again.
func (s *Service) showSaisie(w http.ResponseWriter, r *http.Request) error {
	kept, waiting := s.sessions.Get(r.Context(), cleSaisie).(saisie)
	if !waiting || !httpx.LocalPath(kept.Chemin) {
		return httpx.Redirect(w, r, http.StatusSeeOther, lien.MonCompte)
	}
	s.sessions.Remove(r.Context(), cleSaisie)
	return httpx.Render(w, r, http.StatusOK, reprendrePage(kept))
}

func (s *Service) updateFonctionActive(w http.ResponseWriter, r *http.Request) error {
	ctx, par := r.Context(), droits.Of(r.Context())
	id, err := idParam(r)
	if err != nil {
		return err
	}
	err = pg.As(ctx, s.db, par, func(tx pgx.Tx) error {
		theirs, err := chooseFonction(ctx, tx, par.ID, id)
		if err != nil {
			return err
		}
		if !theirs {
			return fault.NotFound
		}
		return journal.Note(ctx, tx, par, "fonction choisie", "fonction", id, nil)
	})
	if err != nil {
		return err
	}
	if err := s.sessions.RenewToken(ctx); err != nil {
		return err
	}
	s.sessions.Put(ctx, cleFonction, id)
	return httpx.Redirect(w, r, http.StatusSeeOther, lien.MonCompte)
}
