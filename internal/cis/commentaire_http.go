package cis

import (
	"fmt"
	"net/http"
	"strconv"

	"portail/internal/droits"
	"portail/internal/fault"
	"portail/internal/httpx"
	"portail/internal/lien"
)

func (s *Service) commentaireRoutes(r *httpx.Router) {
	r.Post(unCompteRendu+"/"+lien.ActeCommenter, droits.CisCommenter, s.createCommentaire)
	r.Post(unCompteRendu+"/"+lien.ActeCommenter+"/{commentaire}", droits.CisModifier, s.updateCommentaire)
}

func (s *Service) createCommentaire(w http.ResponseWriter, r *http.Request) error {
	id, f, cle, err := postedCle(r)
	if err != nil {
		return err
	}
	var section *int64
	if text := f.Texte("section"); text != "" {
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			return fmt.Errorf("field section: %w", fault.Malformed)
		}
		section = &n
	}
	err = s.Commenter(r.Context(), droits.Of(r.Context()), id, section, f.Texte("texte"), cle)
	return s.answerCompteRendu(w, r, id, f, err, "Votre commentaire est envoyé.")
}

func (s *Service) updateCommentaire(w http.ResponseWriter, r *http.Request) error {
	id, f, version, err := postedVersion(r)
	if err != nil {
		return err
	}
	commentaire, err := httpx.ID(r, "commentaire")
	if err != nil {
		return err
	}
	err = s.RepondreCommentaire(r.Context(), droits.Of(r.Context()), id, commentaire, version, f.Texte("suite"), f.Texte(champReponse(commentaire)))
	return s.answerCompteRendu(w, r, id, f, err, "La réponse est enregistrée.")
}
