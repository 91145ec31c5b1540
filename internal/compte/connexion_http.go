package compte

import (
	"context"
	"net/http"
	"slices"
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

// maxSuite bounds the address to go on to: no page of the portal has a longer one.
const maxSuite = 8 << 10

// suite is where to go once signed in: a page of the portal, else the dashboard.
func suite(path string) string {
	if !httpx.LocalPath(path) || len(path) > maxSuite || strings.HasPrefix(path, lien.Connexion) && path != lien.Reprendre || path == lien.Deconnexion {
		return lien.TableauDeBord
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
	return connexionVue{Form: f, ProConnect: s.proconnectOffert(),
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
		return s.openSession(w, r, id, moyenMotDePasse, to)
	}
	return s.demanderCode(w, r, id, moyenMotDePasse, to)
}

// demanderCode opens half a session: it leads to the second factor and nowhere else.
func (s *Service) demanderCode(w http.ResponseWriter, r *http.Request, id identifiant, moyen, to string) error {
	if err := s.sessions.RenewToken(r.Context()); err != nil {
		return err
	}
	s.sessions.Remove(r.Context(), cleCompte)
	s.sessions.Remove(r.Context(), cleFonction)
	s.sessions.Remove(r.Context(), cleEnrolement)
	s.sessions.Put(r.Context(), cleAttente, attente{Compte: id.ID, Version: id.Version, Moyen: moyen, Suite: to, Expire: now().Add(attenteDuree).Unix()})
	return httpx.Redirect(w, r, http.StatusSeeOther, lien.ConnexionCode)
}

// openSession lets somebody in and sends them where they were going.
func (s *Service) openSession(w http.ResponseWriter, r *http.Request, id identifiant, moyen, to string) error {
	if err := s.beginSession(r, id, moyen); err != nil {
		return err
	}
	return httpx.Redirect(w, r, http.StatusSeeOther, s.apres(r, to))
}

// apres is where a session that has just begun leads: to the form that waits for its author, else where they were going.
func (s *Service) apres(r *http.Request, to string) string {
	if s.sessions.Exists(r.Context(), cleSaisie) {
		return lien.Reprendre
	}
	return to
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
	s.sessions.Remove(ctx, cleEnrolement)
	s.sessions.Put(ctx, cleCompte, id.ID)
	s.sessions.Put(ctx, cleFonction, id.FonctionID)
	s.sessions.Put(ctx, cleFort, s.exigeCode(id)) // where a second factor is due, nobody gets here without
	s.saisieDe(r, id.ID)
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
	away := s.quitterProConnect(w, r)
	if err := s.sessions.Destroy(r.Context()); err != nil {
		return err
	}
	if away != "" {
		return emmener(w, sansCompte(r, par), away, versSortie)
	}
	return httpx.Redirect(w, r, http.StatusSeeOther, lien.Accueil)
}

func (s *Service) updateFonctionActive(w http.ResponseWriter, r *http.Request) error {
	ctx, par := r.Context(), droits.Of(r.Context())
	id, err := httpx.ID(r, "id")
	if err != nil {
		return err
	}
	to := lien.MonCompte
	if neuve, is := fonctionDe(ctx, id); is {
		par := par
		par.Role = droits.Role(neuve.Role)
		to = s.pageQuittee(r, par)
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
	qui, err := s.readIdentifiant(ctx, par.ID)
	if err != nil {
		return err
	}
	if s.exigeCode(qui) && !s.sessions.GetBool(ctx, cleFort) {
		return s.demanderCode(w, r, qui, moyenSession, to) // the fonction came after sign-in, and asks for more
	}
	if err := s.renew(r); err != nil {
		return err
	}
	s.sessions.Put(ctx, cleFonction, id)
	return httpx.Redirect(w, r, http.StatusSeeOther, to)
}

// fonctionDe is the fonction of that number among those that the person of the request may act in.
func fonctionDe(ctx context.Context, id int64) (fonctionActive, bool) {
	v, asked := ctx.Value(visiteKey{}).(*visite)
	if !asked {
		return fonctionActive{}, false
	}
	i := slices.IndexFunc(v.fonctions, func(f fonctionActive) bool { return f.ID == id })
	if i < 0 {
		return fonctionActive{}, false
	}
	return v.fonctions[i], true
}
