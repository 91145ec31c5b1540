package adresse

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/paulmach/orb"

	"portail/internal/adressage"
	"portail/internal/fault"
	"portail/internal/lien"
	"portail/internal/pg"
)

// demande is what a visitor asks: an address in one line, a point, or an address of the local base that was proposed to them.
type demande struct{ Q, Lon, Lat, ID string }

// choix is an address that the visitor may choose; its page is the answer.
type choix struct{ Libelle, Href string }

// vue is what the page shows.
type vue struct {
	demande  demande
	fautes   fault.Fields // of the fields q, lon and lat
	inverser string       // the same question with longitude and latitude exchanged; empty unless that is the fault
	locales  bool         // addresses of the local base can be searched
	service  bool         // a geocoding service can be asked

	reponse *Reponse
	lieu    string // what the answer is about, as the site understood it
	point   orb.Point
	choix   []choix
	au      time.Time // set when the database is away: the moment at which the contours were published
}

// sansAdresses says that only coordinates can be answered.
func (v vue) sansAdresses() bool { return !v.locales && !v.service }

// lecture is what the first round trip to the database brings.
type lecture struct {
	publication publicationRow
	presence    presenceRow
	voies       []voie
	point       point
}

// repondre finds the place that is asked and says where it lies.
func (s *Service) repondre(ctx context.Context, d demande) (vue, error) {
	v := vue{demande: d, fautes: fault.Fields{}, service: s.geocodeur != nil}
	var (
		b     pg.Batch
		in    lecture
		ecrit = adressage.Lire(d.Q)
		point = d.Lon != "" || d.Lat != ""
	)
	addPublication(&b, &in.publication)
	addPresence(&b, &in.presence)
	switch {
	case point:
	case d.ID != "":
		addPoint(&b, d.ID, &in.point)
	case d.Q != "":
		addVoies(&b, ecrit.Texte(), &in.voies)
	}
	err := b.Run(ctx, s.db)
	if kept := s.contours.Load(); err != nil && point && kept != nil && errors.Is(pg.Kind(err), fault.Unavailable) {
		v.locales, v.au = true, kept.publieLe
		s.pourPoint(&v, kept)
		return v, nil
	}
	if err != nil {
		return v, err
	}
	v.locales = in.presence.Presentes
	if d == (demande{}) {
		return v, nil
	}
	contours, err := s.aJour(ctx, in.publication.Le)
	if err != nil {
		return v, err
	}
	switch {
	case point:
		s.pourPoint(&v, contours)
	case d.ID != "":
		v.trouve(contours, in.point.libelle(), in.point.lieu(), departementDe(in.point.Commune))
	default:
		err = s.pourTexte(ctx, &v, contours, ecrit, in.voies)
	}
	return v, err
}

// trouve answers for a place that is known.
func (v *vue) trouve(c *contours, lieu string, pt orb.Point, departement string) {
	r := c.repondre(pt, departement)
	v.reponse, v.lieu, v.point = &r, lieu, pt
}

// echoue says that there is no answer, with what the visitor may choose instead.
func (v *vue) echoue(pourquoi string, choix []choix) {
	r := indetermine(pourquoi)
	v.reponse, v.choix = &r, choix
}

func (s *Service) pourPoint(v *vue, c *contours) {
	pt, fauteLon, fauteLat, deux := lirePoint(v.demande.Lon, v.demande.Lat)
	for field, faute := range map[string]string{"lon": fauteLon, "lat": fauteLat, "point": deux} {
		if faute != "" {
			v.fautes.Add(field, faute)
		}
	}
	if deux != "" {
		v.fautes.Add("lon", aVerifier)
		v.fautes.Add("lat", aVerifier)
	}
	if deux == inversees {
		v.inverser = lien.AdressePoint(v.demande.Lat, v.demande.Lon)
	}
	if v.fautes.Err() == nil {
		v.trouve(c, "", pt, "")
	}
}

// pourTexte looks for an address in the local base, then asks the service if there is one.
func (s *Service) pourTexte(ctx context.Context, v *vue, c *contours, a adressage.Adresse, voies []voie) error {
	candidats, sures := classer(a, voies)
	switch {
	case len(sures) == 1:
		return s.dansVoie(ctx, v, c, a, sures[0])
	case len(sures) > 1:
		v.echoue("Plusieurs voies portent ce nom.", proposerVoies(a, sures))
		return nil
	case s.geocodeur != nil:
		s.parService(ctx, v, c)
		if len(v.choix) == 0 && v.reponse.Nature == Indetermine && v.lieu == "" {
			v.choix = proposerVoies(a, proposables(candidats))
		}
		return nil
	case !v.locales:
		v.echoue("Aucune adresse n’est enregistrée dans ce site\u00a0: donnez les coordonnées du lieu.", nil)
		return nil
	}
	pourquoi := "Cette adresse n’est pas dans celles que ce site connaît."
	if a.CodePostal == "" {
		pourquoi = "Cette adresse n’est pas reconnue. Indiquez le numéro, la voie, le code postal et la commune."
	}
	v.echoue(pourquoi, proposerVoies(a, proposables(candidats)))
	return nil
}

func (s *Service) dansVoie(ctx context.Context, v *vue, c *contours, a adressage.Adresse, voie candidat) error {
	points, err := listPoints(ctx, s.db, voie.voie)
	if err != nil {
		return err
	}
	found, near, pourquoi := choisirNumero(a, points)
	if found != nil {
		v.trouve(c, found.libelle(), found.lieu(), departementDe(found.Commune))
		return nil
	}
	var proposed []choix
	for _, p := range near {
		proposed = append(proposed, choix{p.libelle(), lien.AdresseConnue(p.ID)})
	}
	v.echoue(pourquoi, proposed)
	return nil
}

func proposerVoies(a adressage.Adresse, voies []candidat) []choix {
	var proposed []choix
	for _, c := range voies {
		libelle := c.libelle(a)
		proposed = append(proposed, choix{libelle, lien.AdresseTexte(libelle)})
	}
	return proposed
}

// parService answers from the geocoding service. What is searched is never logged.
func (s *Service) parService(ctx context.Context, v *vue, c *contours) {
	found, err := s.geocodeur.chercher(ctx, v.demande.Q)
	if err != nil {
		slog.WarnContext(ctx, "no answer from the geocoding service", "error", err)
		v.echoue("Le service de recherche d’adresses ne répond pas. Réessayez dans quelques minutes, ou donnez les coordonnées du lieu.", nil)
		return
	}
	if len(found) == 0 {
		v.echoue("Cette adresse n’est connue ni de ce site ni du service de recherche d’adresses.", nil)
		return
	}
	best := found[0]
	var proposed []choix
	equals := 0
	for _, p := range found {
		proposed = append(proposed, choix{p.Libelle, lien.AdressePoint(ecrireCoordonnee(p.Point[0]), ecrireCoordonnee(p.Point[1]))})
		if p.Score >= best.Score-ecart && (p.Libelle != best.Libelle || metresEntre(p.Point, best.Point) > memesLieux) {
			equals++
		}
	}
	switch {
	case best.Score < adressage.Seuil:
		v.echoue("Cette adresse n’est pas reconnue avec assez de certitude.", proposed)
	case equals > 0:
		v.echoue("Plusieurs adresses correspondent.", proposed)
	case !best.Precis:
		v.echoue("Seule la voie ou la commune est reconnue, et non le numéro\u00a0: une voie peut traverser la limite d’un quartier.", proposed)
	default:
		v.trouve(c, best.Libelle, best.Point, departementDe(best.Commune))
	}
}
