package cis

import (
	"context"
	"net/http"
	"net/url"
	"strconv"

	"portail/internal/droits"
	"portail/internal/formulaire"
	"portail/internal/httpx"
	"portail/internal/lien"
)

func (s *Service) nowProposition(id int64) func(context.Context) (formulaire.Page, error) {
	return func(ctx context.Context) (formulaire.Page, error) {
		v, err := s.readContexte(ctx, id, 0)
		if err != nil {
			return formulaire.Page{}, err
		}
		champ := func(nom string) formulaire.Champ {
			for _, c := range champsPoint(v.choixPoint) {
				if c.Nom == nom {
					return c
				}
			}
			panic("cis: no field " + nom)
		}
		p := formActe(v.Seance, lien.ActeProposer, "Proposer un point", "Proposer le point", champTitrePoint, champNaturePoint, champ("qpv"), champ("description"))
		p.Apercu = propositionApercu(v.Seance)
		p.Caches = []string{httpx.ChampCle}
		p.Form = httpx.NewForm(url.Values{"nature": {"discussion"}, httpx.ChampCle: {httpx.NewCle()}})
		return p, nil
	}
}

func (s *Service) createProposition(w http.ResponseWriter, r *http.Request) error {
	id, f, cle, err := postedCle(r)
	if err != nil {
		return err
	}
	f.Valeurs.Set("duree_min", strconv.Itoa(dureePoint)) // the préfecture's to say
	in, err := lirePoint(f)
	if err == nil {
		err = s.Proposer(r.Context(), droits.Of(r.Context()), id, in, cle)
	}
	return s.suiteSeance(id, "Votre proposition est transmise à la préfecture.", s.nowProposition(id)).Answer(w, r, f, err)
}
