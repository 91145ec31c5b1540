package adresse_test

import (
	"context"
	"fmt"
	"net/url"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geojson"

	"portail/internal/adressage"
	"portail/internal/portailtest"
)

// The quarter that the tests look at, and a place in it that is real: France services Epinal.
const quartier = "QN08802M"

var (
	dedans    = orb.Point{6.456111, 48.182764}
	loin      = orb.Point{6.877, 48.07}  // in the département, more than 5 km from any quarter
	ailleurs  = orb.Point{6.184, 48.692} // in another département, whose quarters are not loaded
	pres      orb.Point                  // 50 m outside the quarter
	hors      orb.Point                  // 1 km outside
	nomCourt  string                     // of the quarter
	millesime string
)

// essai is a made-up address: no real row of the Base Adresse Nationale is at hand. Every street says so in its name.
type essai struct {
	id, rep, voie, cp, commune, nom string
	numero                          any
	at                              orb.Point
}

// withAddresses adds made-up addresses of Épinal and around to the default data.
func withAddresses(t testing.TB, db *pgxpool.Pool) {
	t.Helper()
	findPlaces(t, db)
	epinal := func(id string, numero any, rep, voie string, at orb.Point) essai {
		return essai{"88160_" + id, rep, voie, "88000", "88160", "Épinal", numero, at}
	}
	addAddresses(t, db, []essai{
		epinal("essai_00002", 2, "", "Rue de l’Essai", hors), epinal("essai_00004", 4, "", "Rue de l’Essai", dedans),
		epinal("essai_00004_bis", 4, "bis", "Rue de l’Essai", pres), epinal("essai_00008", 8, "", "Rue de l’Essai", dedans),
		epinal("essai_00010", 10, "", "Rue de l’Essai", loin),
		epinal("double_1", 1, "", "Impasse Double-Essai", dedans), epinal("double_1_b", 1, "", "Impasse Double-Essai", hors),
		epinal("hameau", nil, "", "Le Hameau d’Essai", hors), epinal("bourg", 99999, "", "Le Bourg d’Essai", dedans),
		{"88029_essai_00004", "", "Rue de l’Essai", "88240", "88029", "La Vôge-les-Bains", 4, hors},
		{"54395_essai_00001", "", "Rue d’Essai-Ailleurs", "54000", "54395", "Nancy", 1, ailleurs},
	})
}

func addAddresses(t testing.TB, db *pgxpool.Pool, rows []essai) {
	t.Helper()
	var b pgx.Batch
	for _, e := range rows {
		b.Queue(`INSERT INTO adresse (id, numero, rep, voie, code_postal, commune, nom_commune, lon, lat) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
			e.id, e.numero, e.rep, e.voie, e.cp, e.commune, e.nom, e.at[0], e.at[1])
		b.Queue(`INSERT INTO voie (nom, code_postal, commune, nom_commune, recherche) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING`,
			e.voie, e.cp, e.commune, e.nom, adressage.Normaliser(e.voie+" "+e.cp+" "+e.nom))
	}
	if err := db.SendBatch(context.Background(), &b).Close(); err != nil {
		t.Fatal(err)
	}
}

// findPlaces sets pres and hors from the contour: due north of its northernmost vertex.
func findPlaces(t testing.TB, db *pgxpool.Pool) {
	t.Helper()
	var contour string
	err := db.QueryRow(context.Background(), `SELECT nom, contour_millesime, contour::text FROM qpv WHERE code = $1`, quartier).Scan(&nomCourt, &millesime, &contour)
	if err != nil {
		t.Fatal(err)
	}
	geom, err := geojson.UnmarshalGeometry([]byte(contour))
	if err != nil {
		t.Fatal(err)
	}
	north := orb.Point{0, -90}
	var visit func(g orb.Geometry)
	visit = func(g orb.Geometry) {
		switch g := g.(type) {
		case orb.MultiPolygon:
			for _, p := range g {
				visit(p)
			}
		case orb.Polygon:
			for _, pt := range g[0] {
				if pt[1] > north[1] {
					north = pt
				}
			}
		}
	}
	visit(geom.Geometry())
	const metre = 1 / 111_200.0
	pres, hors = orb.Point{north[0], north[1] + 50*metre}, orb.Point{north[0], north[1] + 1000*metre}
}

func texte(q string) string { return "/adresse?" + url.Values{"q": {q}}.Encode() }

func coordonnees(lon, lat any) string {
	return "/adresse?" + url.Values{"lon": {fmt.Sprint(lon)}, "lat": {fmt.Sprint(lat)}}.Encode()
}

func siteWithAddresses(t *testing.T, env ...string) *portailtest.Visitor {
	t.Helper()
	v := portailtest.Site(t, env...)
	withAddresses(t, v.DB)
	return v
}
