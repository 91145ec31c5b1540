package adresse_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/paulmach/orb"

	"portail/internal/portailtest"
)

// service is a foreign geocoding service, which answers as each test wants.
type service struct {
	*httptest.Server
	answer atomic.Pointer[http.HandlerFunc]
	asked  atomic.Int64
}

func newService(t *testing.T) *service {
	t.Helper()
	s := &service{}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.asked.Add(1)
		if r.URL.Path != "/base/search/" || r.URL.Query().Get("limit") != "5" {
			t.Errorf("the service was asked %s", r.URL)
		}
		(*s.answer.Load())(w, r)
	}))
	t.Cleanup(s.Close)
	return s
}

func (s *service) says(h http.HandlerFunc) { s.answer.Store(&h) }

// feature is one address of a service, as the API of the Base Adresse Nationale writes it.
func feature(label, kind, citycode string, score float64, at orb.Point) string {
	return fmt.Sprintf(`{"type":"Feature","geometry":{"type":"Point","coordinates":[%f,%f]},"properties":{"label":%q,"score":%f,"type":%q,"citycode":%q}}`,
		at[0], at[1], label, score, kind, citycode)
}

func collection(features ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json; charset=utf-8")
		fmt.Fprintf(w, `{"type":"FeatureCollection","features":[%s]}`, strings.Join(features, ","))
	}
}

func TestTheServiceAnswersWhatIsNotKnownHere(t *testing.T) {
	s := newService(t)
	v := siteWithAddresses(t, "PORTAIL_GEOCODAGE_URL="+s.URL+"/base/")
	s.says(collection())
	v.Get(texte("4 rue de l'Essai 88000 Épinal")).Want(http.StatusOK)
	if s.asked.Load() != 0 {
		t.Error("the service was asked for an address that is known here")
	}
	const q = "12 place d'ailleurs 88000 Épinal"
	for name, c := range map[string]struct {
		answer  http.HandlerFunc
		heading string
		choices int
	}{
		"sure":                     {collection(feature("12 Place d’Ailleurs 88000 Épinal", "housenumber", "88160", 0.97, dedans), feature("1 Place Autre 88000 Épinal", "housenumber", "88160", 0.4, hors)), "Oui, cette adresse est dans", 0},
		"outside":                  {collection(feature("12 Place d’Ailleurs 88000 Épinal", "housenumber", "88160", 0.97, hors)), "Non, cette adresse", 0},
		"where nothing is known":   {collection(feature("12 Place d’Ailleurs 54000 Nancy", "housenumber", "54395", 0.97, ailleurs)), "Réponse indéterminée", 0},
		"weak":                     {collection(feature("12 Place d’Ailleurs 88000 Épinal", "housenumber", "88160", 0.79, hors)), "Réponse indéterminée : précisez l’adresse", 1},
		"weak, the best not first": {collection(feature("1 Place Autre 88000 Épinal", "housenumber", "88160", 0.3, hors), feature("12 Place d’Ailleurs 88000 Épinal", "housenumber", "88160", 0.9, dedans)), "Oui, cette adresse est dans", 0},
		"equal":                    {collection(feature("12 Place d’Ailleurs 88000 Épinal", "housenumber", "88160", 0.9, dedans), feature("12 Place d’Ailleurs 88190 Golbey", "housenumber", "88209", 0.88, hors)), "Réponse indéterminée : précisez l’adresse", 2},
		"only the street":          {collection(feature("Place d’Ailleurs 88000 Épinal", "street", "88160", 0.95, hors)), "Réponse indéterminée : précisez l’adresse", 1},
		"none":                     {collection(), "Réponse indéterminée", 0},
		"abroad":                   {collection(feature("12 Platz", "housenumber", "", 0.95, orb.Point{13.4, 52.5})), "Réponse indéterminée", 0},
	} {
		s.says(c.answer)
		p := v.Get(texte(q)).Want(http.StatusOK)
		if got := p.Text("#reponse"); !strings.HasPrefix(got, c.heading) || c.heading == "Réponse indéterminée" && got != c.heading {
			t.Errorf("%s: %q, want %q", name, got, c.heading)
		}
		choices := p.Find(`ul[aria-labelledby="choix"] a`)
		if choices.Length() != c.choices {
			t.Errorf("%s: %d choices, want %d", name, choices.Length(), c.choices)
		}
		for _, a := range choices.EachIter() {
			href, _ := a.Attr("href")
			if got := v.Get(href).Want(http.StatusOK).Text("#reponse"); strings.HasPrefix(got, "Réponse indéterminée") {
				t.Errorf("%s: the choice %q gives %q", name, a.Text(), got)
			}
		}
	}
}

func TestAFailingServiceIsNeverOutside(t *testing.T) {
	s := newService(t)
	elsewhere := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("a redirect was followed") }))
	defer elsewhere.Close()
	v := portailtest.Site(t, "PORTAIL_GEOCODAGE_URL="+s.URL+"/base")
	good := feature("12 Place d’Ailleurs 88000 Épinal", "housenumber", "88160", 0.97, loin)
	body := func(kind, text string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", kind)
			fmt.Fprint(w, text)
		}
	}
	for name, answer := range map[string]http.HandlerFunc{
		"error 500":    func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusInternalServerError) },
		"no content":   func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) },
		"redirect":     func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, elsewhere.URL, http.StatusFound) },
		"cut":          func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) },
		"not JSON":     body("text/html", "<p>"),
		"broken JSON":  body("application/json", `{"type":"FeatureCollection","features":[`),
		"another type": body("application/json", `{"type":"Feature"}`),
		"null":         body("application/json", `null`),
		"no score":     body("application/json", `{"type":"FeatureCollection","features":[{"geometry":{"type":"Point","coordinates":[6.8,48]},"properties":{"label":"x"}}]}`),
		"odd score":    body("application/json", `{"type":"FeatureCollection","features":[{"geometry":{"type":"Point","coordinates":[6.8,48]},"properties":{"label":"x","score":12}}]}`),
		"no place":     body("application/json", `{"type":"FeatureCollection","features":[{"geometry":{"type":"Point","coordinates":[]},"properties":{"label":"x","score":1}}]}`),
		"no label":     body("application/json", `{"type":"FeatureCollection","features":[{"geometry":{"type":"Point","coordinates":[6.8,48]},"properties":{"score":1}}]}`),
		"strings":      body("application/json", `{"type":"FeatureCollection","features":[{"geometry":{"type":"Point","coordinates":["6","48"]},"properties":{"label":"x","score":1}}]}`),
		"endless":      body("application/json", `{"type":"FeatureCollection","features":[`+good+strings.Repeat(" ", 300<<10)+`]}`),
		"slow":         func(w http.ResponseWriter, r *http.Request) { wait(r, time.Minute); collection(good)(w, r) },
		"slow to speak": func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			w.(http.Flusher).Flush()
			wait(r, time.Minute)
		},
	} {
		s.says(answer)
		start := time.Now()
		p := v.Get(texte("12 place d'ailleurs 88000 Épinal")).Want(http.StatusOK)
		if got := p.Text("#reponse"); got != "Réponse indéterminée" {
			t.Errorf("%s: %q", name, got)
		}
		if took := time.Since(start); took > 20*time.Second { // a third of what the slow ones take
			t.Errorf("%s: took %v", name, took)
		}
		if got := p.Text("main"); !strings.Contains(got, "Cela ne veut pas dire que ce lieu est en dehors") {
			t.Errorf("%s: %q", name, got)
		}
	}
}

// wait lets the time pass until the portal hangs up.
func wait(r *http.Request, d time.Duration) {
	select {
	case <-r.Context().Done():
	case <-time.After(d):
	}
}

func TestTheServiceIsNotFlooded(t *testing.T) {
	s := newService(t)
	s.says(collection())
	v := portailtest.Site(t, "PORTAIL_GEOCODAGE_URL="+s.URL+"/base")
	start := time.Now()
	done := make(chan struct{})
	for range 40 {
		go func() { v.Get(texte("12 place d'ailleurs 88000 Épinal")); done <- struct{}{} }()
	}
	for range 40 {
		<-done
	}
	if most := 10 + int64(time.Since(start).Seconds()*10) + 1; s.asked.Load() > most || s.asked.Load() < 10 {
		t.Errorf("the service was asked %d times in %v, at most %d wanted", s.asked.Load(), time.Since(start), most)
	}
}
