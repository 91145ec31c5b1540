package compte

import (
	"errors"
	"net/http"

	"portail/internal/fault"
	"portail/internal/httpx"
	"portail/internal/lien"
	"portail/web"
)

// What to do about a link that opens nothing: it was used, is over, was revoked or never was. Nothing tells which.
var (
	resetMort = web.ErrorProps{Code: http.StatusNotFound, Titre: "Ce lien n’est plus valable",
		Message: "Un lien pour choisir un mot de passe sert une seule fois, pendant une heure. S’il vient de servir, connectez-vous ; sinon, demandez-en un autre.",
		Liens:   []web.Lien{{Texte: "Demander un autre lien", Href: lien.MotDePasseOublie}, {Texte: "Se connecter", Href: lien.Connexion}}}
	invitationMorte = web.ErrorProps{Code: http.StatusNotFound, Titre: "Ce lien n’est plus valable",
		Message: "Une invitation sert une seule fois, pendant sept jours, et peut être retirée. Si vous l’avez déjà acceptée, connectez-vous ; sinon, demandez à la personne qui vous a invité·e d’en envoyer une autre.",
		Liens:   []web.Lien{{Texte: "Se connecter", Href: lien.Connexion}, {Texte: "Page d’accueil", Href: lien.Accueil}}}
)

// siMort shows the page of a dead link when err is fault.NotFound; other errors come back.
func siMort(w http.ResponseWriter, r *http.Request, err error, mort web.ErrorProps) error {
	if !errors.Is(err, fault.NotFound) {
		return err
	}
	return httpx.Render(w, r, mort.Code, lienMortPage(mort))
}
