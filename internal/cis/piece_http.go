package cis

import (
	"context"
	"fmt"
	"net/http"
	"strconv"

	"portail/internal/document"
	"portail/internal/droits"
	"portail/internal/formulaire"
	"portail/internal/httpx"
	"portail/internal/lien"
	"portail/internal/pg"
	"portail/web"
)

func (s *Service) pieceRoutes(r *httpx.Router) {
	at := uneSeancePattern + "/" + lien.ActeDocuments
	r.Get(at+"/nouveau", droits.CisModifier, formulaire.Edition(s.formPiece))
	r.PostFile(at+"/nouveau", droits.CisModifier, s.documents.MaxCorps(), s.documents.Recevoir(document.ChampFichier, s.createPiece))
	r.Get(at+"/{document}", droits.CisVoir, document.Envoi(s.db, pieceDe))
	r.Post(at+"/{document}/retirer", droits.CisModifier, s.deletePiece)
}

// formPiece makes the form that attaches a paper.
func (s *Service) formPiece(id int64) func(context.Context) (formulaire.Page, error) {
	return func(ctx context.Context) (formulaire.Page, error) {
		var v Seance
		var points []Point
		var b pg.Batch
		addSeance(&b, &v, id)
		addPoints(&b, &points, id)
		if err := b.RunAs(ctx, s.db, droits.Of(ctx)); err != nil {
			return formulaire.Page{}, fmt.Errorf("form of a paper of seance %d: %w", id, err)
		}
		var options []web.Option
		for _, p := range ordre(points) {
			options = append(options, web.Option{Value: strconv.FormatInt(p.ID, 10), Label: p.Titre})
		}
		p := formActe(v, lien.ActeDocuments+"/nouveau", "Joindre un document", "Joindre le document", s.documents.Champ())
		if len(options) > 0 {
			p.Champs = append(p.Champs, formulaire.Champ{Nom: "point", Libelle: "Point concerné", Options: options, Vide: "La séance entière", Facultatif: true,
				Aide: "Un document joint à un point réservé n’est lu que des services de l’État."})
		}
		return p, nil
	}
}

func (s *Service) createPiece(w http.ResponseWriter, r *http.Request, f httpx.Form, files []document.Fichier) error {
	id, err := httpx.ID(r, "id")
	if err != nil {
		return err
	}
	point := lireID[int64](f.Fautes, f, "point", "Choisissez un point dans la liste.")
	if err = f.Fautes.Err(); err == nil {
		err = s.Joindre(r.Context(), droits.Of(r.Context()), id, point, document.Un(files))
	}
	return s.suiteSeance(id, "Le document est joint.", s.formPiece(id)).Answer(w, r, f, err)
}

func (s *Service) deletePiece(w http.ResponseWriter, r *http.Request) error {
	id, doc, err := document.Params(r)
	if err != nil {
		return err
	}
	return s.answerSeance(w, r, id, "Le document est retiré.", s.Detacher(r.Context(), droits.Of(r.Context()), id, doc))
}
