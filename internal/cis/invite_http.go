package cis

import (
	"context"
	"fmt"
	"net/http"
	"net/url"

	"github.com/jackc/pgx/v5"

	"portail/internal/droits"
	"portail/internal/fault"
	"portail/internal/formulaire"
	"portail/internal/httpx"
	"portail/internal/lexique"
	"portail/internal/lien"
	"portail/internal/pg"
	"portail/web"
)

func (s *Service) inviteRoutes(r *httpx.Router) {
	r.Get(uneSeancePattern+"/convocations/{convocation}/"+lien.ActeReponse, droits.CisRepondre, s.editInvite)
	r.Post(uneSeancePattern+"/convocations/{convocation}/"+lien.ActeReponse, droits.CisRepondre, s.updateInvite)
	r.Get(lien.ConvocationPattern, droits.Visiteur, s.showLien)
	r.Post(lien.ConvocationPattern, droits.Visiteur, s.updateLien)
}

// champsInvite are the fields of an answer.
func champsInvite() []formulaire.Champ {
	var options []web.Option
	for _, m := range lexique.ReponsesConvocation {
		if m.Code != "" {
			options = append(options, web.Option{Value: m.Code, Label: m.Libelle})
		}
	}
	return []formulaire.Champ{
		{Nom: "reponse", Libelle: "Réponse", Type: formulaire.Choix, Options: options},
		{Nom: "represente_par", Libelle: "Représenté par", Max: maxFonction, Facultatif: true, Aide: "Seulement si vous êtes représenté. Une fonction suffit."},
		{Nom: "mot", Libelle: "Un mot pour la préfecture", Type: "textarea", Max: maxMot, Lignes: 2, Facultatif: true},
	}
}

func valeursInvite(r Reponse) url.Values {
	return url.Values{"reponse": {r.Reponse}, "represente_par": {r.RepresentePar}, "mot": {r.Mot}}
}

func lireInvite(f httpx.Form) Reponse {
	return Reponse{Reponse: f.Texte("reponse"), RepresentePar: f.Texte("represente_par"), Mot: f.Texte("mot")}
}

// reponseParams are the meeting and the convocation of the address.
func reponseParams(r *http.Request) (id, convocation int64, err error) {
	if id, err = httpx.ID(r, "id"); err != nil {
		return id, 0, err
	}
	convocation, err = httpx.ID(r, "convocation")
	return id, convocation, err
}

// nowInvite makes the form of an answer as it is now. Only a convocation that whoever asks may answer has one.
func (s *Service) nowInvite(id, convocation int64) func(context.Context) (formulaire.Page, error) {
	return func(ctx context.Context) (p formulaire.Page, err error) {
		err = s.read(ctx, func(tx pgx.Tx) error {
			v, err := findSeance(ctx, tx, id)
			if err != nil {
				return err
			}
			c, err := lockConvocation(ctx, tx, convocation)
			if err != nil {
				return err
			}
			if c.SeanceID != id {
				return fault.NotFound
			}
			p = formulaire.Page{Titre: "Répondre", Objet: c.Membre, Bouton: "Enregistrer la réponse", Fil: filSeance(v), Retour: lien.Seance(id),
				Action: lien.SeanceConvocation(id, convocation, lien.ActeReponse), Champs: champsInvite(), Form: httpx.NewForm(valeursInvite(c.Reponse)), Apercu: reponseApercu(v)}
			return nil
		})
		if err != nil {
			return p, fmt.Errorf("read convocation %d of seance %d: %w", convocation, id, err)
		}
		return p, nil
	}
}

func (s *Service) editInvite(w http.ResponseWriter, r *http.Request) error {
	id, convocation, err := reponseParams(r)
	if err != nil {
		return err
	}
	return formulaire.Show(w, r, s.nowInvite(id, convocation))
}

func (s *Service) updateInvite(w http.ResponseWriter, r *http.Request) error {
	id, convocation, err := reponseParams(r)
	if err != nil {
		return err
	}
	f, err := httpx.ReadForm(r)
	if err != nil {
		return err
	}
	err = s.Repondre(r.Context(), droits.Of(r.Context()), id, convocation, lireInvite(f))
	return s.suiteSeance(id, "La réponse est enregistrée.", s.nowInvite(id, convocation)).Answer(w, r, f, err)
}

// vueLien is the page of a personal link: the meeting, and the answer to it. It leads nowhere else.
type vueLien struct {
	Seance Seance
	Invite invite
	Form   httpx.Form
	Jeton  string
	Fini   string // why no answer is taken; empty while one is
	Merci  bool   // an answer was just kept
}

func (v vueLien) titre() string {
	if len(v.Form.Fautes) > 0 {
		return "Erreur\u00a0: répondre à la convocation"
	}
	return "Répondre à la convocation"
}

// readLien reads what a personal link opens: one convocation, nothing else.
func (s *Service) readLien(ctx context.Context, jeton string) (vueLien, error) {
	v := vueLien{Jeton: jeton}
	id, err := s.lireJeton(jeton)
	if err != nil {
		return v, err
	}
	err = pg.As(ctx, s.db, droits.Tache, func(tx pgx.Tx) error {
		if v.Invite, err = findInvite(ctx, tx, id); err != nil {
			return err
		}
		v.Seance, err = findSeance(ctx, tx, v.Invite.SeanceID)
		return err
	})
	if err != nil {
		return v, fmt.Errorf("read convocation %d by its link: %w", id, err)
	}
	v.Form = httpx.NewForm(valeursInvite(v.Invite.Reponse))
	v.Fini = v.Seance.fini()
	return v, nil
}

// refusLien says plainly that a link opens nothing, without saying what it would have opened.
func refusLien(w http.ResponseWriter, r *http.Request, err error) error {
	if !perdu(err) {
		return err
	}
	return httpx.Render(w, r, http.StatusNotFound, lienPerduPage())
}

func (s *Service) showLien(w http.ResponseWriter, r *http.Request) error {
	v, err := s.readLien(r.Context(), httpx.Param(r, "jeton"))
	if err != nil {
		return refusLien(w, r, err)
	}
	chosen := r.URL.Query().Get("reponse")
	switch {
	case chosen == "merci":
		v.Merci = v.Invite.Reponse.Reponse != ""
	case chosen != "" && lexique.Connu(lexique.ReponsesConvocation, chosen):
		v.Form.Valeurs.Set("reponse", chosen)
	}
	return httpx.Render(w, r, http.StatusOK, lienPage(v))
}

func (s *Service) updateLien(w http.ResponseWriter, r *http.Request) error {
	jeton := httpx.Param(r, "jeton")
	f, err := httpx.ReadForm(r)
	if err != nil {
		return err
	}
	done := s.ParLien(r.Context(), jeton, lireInvite(f))
	if done == nil {
		return httpx.Redirect(w, r, http.StatusSeeOther, lien.Convocation(jeton, "merci"))
	}
	if refused, other := f.Refuse(done); !refused {
		return refusLien(w, r, other)
	}
	v, err := s.readLien(r.Context(), jeton)
	if err != nil {
		return refusLien(w, r, err)
	}
	v.Form = f
	return httpx.Render(w, r, http.StatusUnprocessableEntity, lienPage(v))
}
