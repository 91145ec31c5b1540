package adresse

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"unicode/utf8"

	"portail/internal/droits"
	"portail/internal/fault"
	"portail/internal/httpx"
	"portail/internal/lien"
)

// Routes declares the pages of the area. None is kept: what people search may be where they live.
func (s *Service) Routes(r *httpx.Router) {
	r.Get(lien.Adresse, droits.Public, s.showReponse)
	r.Get(lien.AdresseLot, droits.Public, s.newLot)
	r.PostFile(lien.AdresseLot, droits.Public, lotOctets+lotEnveloppe, s.createLot)
}

// maxTexte is the longest address that is read, in characters.
const maxTexte = 200

// banID is how the identifiers of the Base Adresse Nationale begin: the INSEE code of the commune.
var banID = regexp.MustCompile(`^[0-9][0-9AB][0-9]{3}_.{1,80}$`)

// parseDemande reads the question; an identifier that no page of the site writes is fault.Malformed.
func parseDemande(v url.Values) (demande, error) {
	d := demande{Q: strings.TrimSpace(v.Get("q")), Lon: strings.TrimSpace(v.Get("lon")), Lat: strings.TrimSpace(v.Get("lat")), ID: v.Get("id")}
	if d.ID != "" && !banID.MatchString(d.ID) {
		return demande{}, fmt.Errorf("identifier of an address: %w", fault.Malformed)
	}
	return d, nil
}

func (s *Service) showReponse(w http.ResponseWriter, r *http.Request) error {
	d, err := parseDemande(r.URL.Query())
	if err != nil {
		return err
	}
	asked, tooLong := d, utf8.RuneCountInString(d.Q) > maxTexte
	if tooLong {
		asked.Q = ""
	}
	v, err := s.repondre(r.Context(), asked)
	if err != nil {
		return err
	}
	v.demande = d
	if tooLong {
		v.fautes.Add("q", "L’adresse est trop longue\u00a0: 200\u00a0caractères au plus.")
	}
	status := http.StatusOK
	if v.fautes.Err() != nil {
		status = http.StatusUnprocessableEntity
	}
	return httpx.Render(w, r, status, adressePage(v))
}
