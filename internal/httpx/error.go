package httpx

import (
	"context"
	"errors"
	"log/slog"
	"net/http"

	"portail/internal/fault"
	"portail/internal/lien"
	"portail/internal/pg"
	"portail/web"
)

// retryAfter is how many seconds a program should wait before it asks again.
const retryAfter = "10"

var (
	errNoSuchPage = errors.Join(fault.NotFound, errors.New("no such page"))
	errMethod     = errors.New("method not allowed")
	errHost       = errors.New("unknown host")
)

// refusal is what a visitor reads.
type refusal struct{ titre, message string }

var refusals = map[int]refusal{
	http.StatusBadRequest:            {"Demande incomprise", "L’adresse ou le formulaire envoyé contient une valeur que le site ne sait pas lire. Vérifiez l’adresse, ou repartez de la page d’accueil."},
	http.StatusForbidden:             {"Accès refusé", "Votre fonction ne donne pas accès à cette page. Si vous pensez qu’il s’agit d’une erreur, contactez la préfecture."},
	http.StatusNotFound:              {"Page non trouvée", "La page demandée n’existe pas ou n’existe plus. Si vous avez saisi l’adresse, vérifiez qu’elle est exacte."},
	http.StatusMethodNotAllowed:      {"Action impossible ici", "Cette page ne reçoit pas ce type de demande. Revenez à la page précédente et utilisez ses boutons."},
	http.StatusConflict:              {"Version dépassée", "Cette fiche a été modifiée depuis que vous l’avez ouverte. Rouvrez-la pour voir sa dernière version."},
	http.StatusRequestEntityTooLarge: {"Envoi trop volumineux", "Ce que vous envoyez dépasse la taille acceptée. Réduisez le fichier ou envoyez-le en plusieurs fois."},
	http.StatusMisdirectedRequest:    {"Adresse inconnue", "Ce serveur ne répond pas pour l’adresse demandée."},
	http.StatusUnprocessableEntity:   {"Saisie à corriger", "Certaines valeurs ne peuvent pas être acceptées. Revenez au formulaire pour les corriger."},
	http.StatusTooManyRequests:       {"Trop de demandes", "Vous avez envoyé beaucoup de demandes en peu de temps. Patientez une minute avant de recommencer."},
	http.StatusInternalServerError:   {"Erreur du site", "Le site n’a pas pu traiter votre demande. L’incident est enregistré : en nous contactant, indiquez le numéro ci-dessous."},
	http.StatusServiceUnavailable:    {"Service momentanément indisponible", "Les données ne sont pas accessibles pour l’instant. Réessayez dans quelques minutes ; le site se rétablit de lui-même."},
}

// status is the one table from refusals to HTTP: unknown errors are ours, hence 500.
func status(err error) int {
	var fields fault.Fields
	switch err := pg.Kind(err); {
	case errors.Is(err, fault.Unavailable), errors.Is(err, context.DeadlineExceeded):
		return http.StatusServiceUnavailable
	case errors.Is(err, fault.NotFound):
		return http.StatusNotFound
	case errors.Is(err, fault.Forbidden):
		return http.StatusForbidden
	case errors.Is(err, fault.Stale):
		return http.StatusConflict
	case errors.Is(err, fault.TooLarge):
		return http.StatusRequestEntityTooLarge
	case errors.Is(err, fault.Malformed):
		return http.StatusBadRequest
	case errors.As(err, &fields):
		return http.StatusUnprocessableEntity
	case errors.Is(err, errMethod):
		return http.StatusMethodNotAllowed
	case errors.Is(err, fault.TooMany):
		return http.StatusTooManyRequests
	case errors.Is(err, errHost):
		return http.StatusMisdirectedRequest
	}
	return http.StatusInternalServerError
}

// Unavailable says whether err is the database being away or too slow, rather than a refusal.
func Unavailable(err error) bool { return status(err) == http.StatusServiceUnavailable }

// ServeError writes the page of an error. Only our own faults are logged as such, once, with the request id that the page
// shows; the text of the error itself is never shown.
func ServeError(w http.ResponseWriter, r *http.Request, err error) {
	if errors.Is(err, context.Canceled) && r.Context().Err() != nil {
		return // the visitor left
	}
	code := status(err)
	if code >= http.StatusInternalServerError {
		slog.ErrorContext(r.Context(), "request failed", "error", err, "status", code, "method", r.Method, "path", lien.SansSecret(r.URL.Path), "request_id", RequestID(r.Context()))
	}
	h := w.Header()
	for _, name := range []string{"Content-Disposition", "ETag", "Last-Modified", "Content-Encoding", "Content-Length"} {
		h.Del(name)
	}
	h.Set("Cache-Control", "no-store")
	if code == http.StatusServiceUnavailable || code == http.StatusTooManyRequests {
		h.Set("Retry-After", retryAfter)
	}
	// The error page must come out even when the request's own time is over.
	r = r.WithContext(context.WithoutCancel(r.Context()))
	told := refusals[code]
	if err := Render(w, r, code, errorPage(web.ErrorProps{Code: code, Titre: told.titre, Message: told.message, RequestID: RequestID(r.Context())})); err != nil {
		slog.ErrorContext(r.Context(), "error page failed", "error", err, "request_id", RequestID(r.Context()))
		http.Error(w, told.titre, code)
	}
}
