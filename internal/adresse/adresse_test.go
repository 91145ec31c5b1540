package adresse_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"

	"portail/internal/portailtest"
)

func TestPoints(t *testing.T) {
	v := siteWithAddresses(t)
	for name, c := range map[string]struct {
		path, heading, also string
	}{
		"in":                     {coordonnees(dedans[0], dedans[1]), "Oui, ce lieu est dans le quartier prioritaire " + nomCourt, quartier},
		"in, written with comma": {coordonnees("6,456111", "48,182764"), "Oui, ce lieu est dans le quartier prioritaire " + nomCourt, quartier},
		"near":                   {coordonnees(pres[0], pres[1]), "Attention, ce lieu est à 50 m du quartier prioritaire " + nomCourt, "à moins de 100 m"},
		"out":                    {coordonnees(hors[0], hors[1]), "Non, ce lieu n’est pas dans un quartier prioritaire", "est à 1,0 km"},
		"far out":                {coordonnees(loin[0], loin[1]), "Non, ce lieu n’est pas dans un quartier prioritaire", "à moins de 5,0 km"},
		"another département":    {coordonnees(ailleurs[0], ailleurs[1]), "Réponse indéterminée", "en dehors du territoire dont ce site connaît"},
	} {
		p := v.Get(c.path).Want(http.StatusOK)
		if got := p.Text("#reponse"); got != c.heading {
			t.Errorf("%s: %q, want %q", name, got, c.heading)
		}
		if got := p.Text("main"); !strings.Contains(got, c.also) {
			t.Errorf("%s: %q is not told in %q", name, c.also, got)
		}
		if p.Find("h1").Length() != 1 || p.Header.Get("Cache-Control") != "no-store" {
			t.Errorf("%s: %d h1, Cache-Control %q", name, p.Find("h1").Length(), p.Header.Get("Cache-Control"))
		}
	}
	p := v.Get(coordonnees(dedans[0], dedans[1]))
	if p.Find(`main a[href="/qpv/`+quartier+`"]`).Length() == 0 || p.Find("#carte-reponse .carte__svg .carte__couche--point path").Length() != 1 {
		t.Error("the answer shows no link to the fiche, or no map with the place")
	}
	if millesime == "" || !strings.Contains(p.Text("main dl"), millesime) {
		t.Errorf("the vintage of the contour %q is not told", millesime)
	}
}

func TestBadPointsAreToldBesideTheFields(t *testing.T) {
	v := siteWithAddresses(t)
	for name, c := range map[string]struct{ path, where, told string }{
		"swapped":   {coordonnees(dedans[1], dedans[0]), "#adresse-point", "semblent inversées"},
		"abroad":    {coordonnees(13.4, 52.5), "#adresse-point", "pas en France"},
		"metres":    {coordonnees(956000, 6790000), "#adresse-point", "Lambert 93"},
		"words":     {coordonnees("ici", "48.1"), "#adresse-lon-messages", "un nombre de degrés"},
		"one alone": {"/adresse?lon=6.4", "#adresse-lat-messages", "un nombre de degrés"},
		"NaN":       {coordonnees("NaN", "48.1"), "#adresse-lon-messages", "un nombre de degrés"},
		"exponent":  {coordonnees("6e0", "48.1"), "#adresse-lon-messages", "un nombre de degrés"},
		"endless":   {"/adresse?q=" + strings.Repeat("a", 201), "#adresse-q-messages", "trop longue"},
	} {
		p := v.Get(c.path).Want(http.StatusUnprocessableEntity)
		if got := p.Text(c.where); !strings.Contains(got, c.told) {
			t.Errorf("%s: %q not told in %q", name, c.told, got)
		}
		if p.Find("#reponse").Length() != 0 {
			t.Errorf("%s: an answer was given", name)
		}
	}
	exchange, _ := v.Get(coordonnees(dedans[1], dedans[0])).Find("#adresse-point a").Attr("href")
	if got := v.Get(exchange).Want(http.StatusOK).Text("#reponse"); !strings.HasPrefix(got, "Oui") {
		t.Errorf("exchanging the coordinates gives %q", got)
	}
	v.Get("/adresse?id=%3Cscript%3E").Want(http.StatusBadRequest)
	v.Get("/adresse?id=88160_inconnu").Want(http.StatusNotFound)
}

func TestLocalAddresses(t *testing.T) {
	v := siteWithAddresses(t)
	for q, want := range map[string]string{
		"4 rue de l'Essai 88000 Épinal":         "Oui, cette adresse est dans le quartier prioritaire " + nomCourt,
		"4, RUE DE L ESSAI, 88000 EPINAL CEDEX": "Oui, cette adresse",
		"4 bis r. de l’essai 88000 epinal":      "Attention, cette adresse est à 50 m",
		"4b rue de l'essai epinal":              "Attention, cette adresse est à 50 m",
		"4 rue de l'esssai 88000 epinal":        "Oui, cette adresse",
		"2 rue de l'Essai, Épinal":              "Non, cette adresse n’est pas dans un quartier prioritaire",
		"le bourg d'essai 88000 epinal":         "Oui, cette adresse",
		"le hameau d'essai 88000 epinal":        "Non, cette adresse",
		"4 rue de l'essai la voge les bains":    "Non, cette adresse",
		"6 rue de l'Essai 88000 Épinal":         "Réponse indéterminée : précisez l’adresse",
		"4 ter rue de l'Essai 88000 Épinal":     "Réponse indéterminée : précisez l’adresse",
		"rue de l'Essai 88000 Épinal":           "Réponse indéterminée : précisez l’adresse",
		"4 rue de l'Essai":                      "Réponse indéterminée : précisez l’adresse",
		"4 rue de l'Essai 88100 Épinal":         "Réponse indéterminée : précisez l’adresse",
		"4 impasse de l'essai 88000 épinal":     "Réponse indéterminée : précisez l’adresse",
		"1 impasse double essai 88000 épinal":   "Réponse indéterminée : précisez l’adresse",
		"12 cours Lafayette 69003 Lyon":         "Réponse indéterminée",
		"1 rue d'essai ailleurs 54000 nancy":    "Réponse indéterminée",
		"'; DROP TABLE voie; --":                "Réponse indéterminée",
		"???":                                   "Réponse indéterminée",
	} {
		p := v.Get(texte(q)).Want(http.StatusOK)
		if got := p.Text("#reponse"); !strings.HasPrefix(got, want) {
			t.Errorf("%q: %q, want %q", q, got, want)
		}
	}
}

func TestChoicesLeadToAnAnswer(t *testing.T) {
	v := siteWithAddresses(t)
	for _, q := range []string{"6 rue de l'Essai 88000 Épinal", "rue de l'Essai 88000 Épinal", "1 impasse double essai 88000 épinal", "4 rue de l'Essai"} {
		choices := v.Get(texte(q)).Want(http.StatusOK).Find(`ul[aria-labelledby="choix"] a`)
		if choices.Length() < 2 {
			t.Errorf("%q: %d choices", q, choices.Length())
		}
		for _, a := range choices.EachIter() {
			href, _ := a.Attr("href")
			p := v.Get(href).Want(http.StatusOK)
			if got := p.Text("#reponse"); strings.HasPrefix(got, "Réponse indéterminée") {
				t.Errorf("%q: the choice %q gives %q", q, a.Text(), got)
			}
			if !strings.Contains(p.Text("main"), "Adresse comprise : "+strings.Join(strings.Fields(a.Text()), " ")) {
				t.Errorf("%q: the choice %q is not the address understood", q, a.Text())
			}
		}
	}
	p := v.Get(texte("6 rue de l'Essai 88000 Épinal"))
	if got := p.Text("main"); !strings.Contains(got, "Le numéro 6 n’est pas enregistré dans cette voie") || !strings.Contains(got, "Cela ne veut pas dire") {
		t.Errorf("the reason is not told: %q", got)
	}
}

func TestWithoutAddressesCoordinatesAreOffered(t *testing.T) {
	v := portailtest.Site(t)
	p := v.Get("/adresse").Want(http.StatusOK)
	if !strings.Contains(p.Text("main"), "Aucune adresse n’est enregistrée dans ce site") || p.Find("#adresse-q").Length() != 0 || p.Find("#adresse-lon").Length() != 1 {
		t.Errorf("the page does not offer coordinates alone: %q", p.Text("main"))
	}
	if got := v.Get(texte("4 rue Foch Épinal")).Want(http.StatusOK).Text("#reponse"); got != "Réponse indéterminée" {
		t.Errorf("an address without any base: %q", got)
	}
}

func TestWithoutContoursNothingIsOutside(t *testing.T) {
	v := portailtest.SiteOn(t, portailtest.DB(t))
	p := v.Get(coordonnees(dedans[0], dedans[1])).Want(http.StatusOK)
	if got := p.Text("#reponse"); got != "Réponse indéterminée" {
		t.Errorf("%q", got)
	}
}

func TestAMissingContourMakesOutsideUncertain(t *testing.T) {
	v := siteWithAddresses(t)
	v.Get(coordonnees(hors[0], hors[1])).Want(http.StatusOK) // the contours are in memory
	_, err := v.DB.Exec(context.Background(), `UPDATE qpv SET contour = NULL, trace_carte = NULL, cadre_carte = NULL, trace_fiche = NULL, cadre_fiche = NULL
		WHERE code = (SELECT code FROM qpv WHERE code <> $1 ORDER BY code LIMIT 1)`, quartier)
	if err != nil {
		t.Fatal(err)
	}
	if got := v.Get(coordonnees(hors[0], hors[1])).Text("main"); !strings.Contains(got, "Le contour d’un quartier prioritaire de ce département manque") {
		t.Errorf("the publication was not seen: %q", got)
	}
	if got := v.Get(coordonnees(dedans[0], dedans[1])).Text("#reponse"); !strings.HasPrefix(got, "Oui") {
		t.Errorf("in the quarter: %q", got)
	}
}

// TestAPublicationThatCommitsLateIsSeen: two publications overlap, and the one that began first ends last.
func TestAPublicationThatCommitsLateIsSeen(t *testing.T) {
	v := siteWithAddresses(t)
	path := coordonnees(dedans[0], dedans[1])
	late, err := v.DB.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = late.Rollback(context.Background()) }()
	if _, err := late.Exec(t.Context(), `SELECT now()`); err != nil {
		t.Fatal(err)
	}
	if _, err := v.DB.Exec(t.Context(), `UPDATE qpv SET presentation = 'essai' WHERE code = $1`, quartier); err != nil {
		t.Fatal(err)
	}
	v.Get(path).Want(http.StatusOK)
	if _, err := late.Exec(t.Context(), `UPDATE qpv SET nom = 'Nom tardif' WHERE code = $1`, quartier); err != nil {
		t.Fatal(err)
	}
	if err := late.Commit(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := v.Get(path).Text("#reponse"); !strings.HasSuffix(got, "Nom tardif") {
		t.Errorf("the late publication is not seen: %q", got)
	}
}

func TestPointsAreAnsweredWithoutTheDatabase(t *testing.T) {
	config, err := pgxpool.ParseConfig(portailtest.SeededDSN(t))
	if err != nil {
		t.Fatal(err)
	}
	var lost atomic.Bool
	dial := config.ConnConfig.DialFunc
	config.ConnConfig.DialFunc = func(ctx context.Context, network, addr string) (net.Conn, error) {
		if lost.Load() {
			return nil, &net.OpError{Op: "dial", Net: network, Err: errors.New("the test cut the line")}
		}
		return dial(ctx, network, addr)
	}
	db, err := pgxpool.NewWithConfig(context.Background(), config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(db.Close)
	v := portailtest.SiteOn(t, db)
	path := coordonnees(dedans[0], dedans[1])
	v.Get(path).Want(http.StatusOK)
	lost.Store(true)
	v.Web.Reset()
	p := v.Get(path).Want(http.StatusOK)
	if got := p.Text("#reponse"); !strings.HasPrefix(got, "Oui") {
		t.Errorf("without the database: %q", got)
	}
	if !strings.Contains(p.Text("main"), "momentanément inaccessibles") {
		t.Error("the page does not say that the database is away")
	}
	v.Get(texte("4 rue Foch 88000 Épinal")).Want(http.StatusServiceUnavailable)
	lost.Store(false)
	v.Get(texte("4 rue Foch 88000 Épinal")).Want(http.StatusOK)
}

func TestAskingIsOneOrTwoRoundTrips(t *testing.T) {
	v := siteWithAddresses(t)
	v.Get(coordonnees(dedans[0], dedans[1]))
	for path, most := range map[string]int{coordonnees(dedans[0], dedans[1]): 1, texte("4 rue de l'Essai 88000 Épinal"): 2, "/adresse": 1} {
		c := portailtest.CountStatements(t, v.DB, func() { v.Get(path).Want(http.StatusOK) })
		if c.RoundTrips() > most || c.Statements() > 6 {
			t.Errorf("%s: %d round trips, %d statements:\n%s", path, c.RoundTrips(), c.Statements(), c)
		}
	}
}

func TestLogsDoNotTellWhatIsSearched(t *testing.T) {
	var logs bytes.Buffer
	before := slog.Default()
	slog.SetDefault(slog.New(slog.NewTextHandler(&logs, &slog.HandlerOptions{Level: slog.LevelDebug})))
	defer slog.SetDefault(before)
	v := siteWithAddresses(t, "PORTAIL_GEOCODAGE_URL=http://127.0.0.1:1")
	v.Get(texte("17 rue Tressecrete 88000 Confidenceville")).Want(http.StatusOK)
	v.Get(coordonnees("6.123456", "48.1")).Want(http.StatusOK)
	postLot(t, v, "adresse\n17 rue Tressecrete\n", "").Want(http.StatusOK)
	postLot(t, v, "autre\n17 rue Tressecrete\n", "").Want(http.StatusUnprocessableEntity)
	for _, word := range []string{"ressecrete", "onfidence", "6.123456"} {
		if strings.Contains(logs.String(), word) {
			t.Errorf("%q is in the logs: %s", word, logs.String())
		}
	}
	if !strings.Contains(logs.String(), "geocoding") {
		t.Error("the lost service is not in the logs")
	}
}
