package importation_test

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"

	"portail/internal/importation"
)

// source is a file held in memory.
func source(name, content string) importation.Source {
	return importation.Source{Name: name, Size: int64(len(content)), Open: func() (io.ReadCloser, error) {
		return io.NopCloser(strings.NewReader(content)), nil
	}}
}

// take imports contents in one transaction.
func take(t testing.TB, db *pgxpool.Pool, kind importation.Kind, o importation.Options, contents ...string) (importation.Summary, error) {
	t.Helper()
	job := importation.Job{Kind: kind}
	for i, c := range contents {
		job.Files = append(job.Files, source("fichier"+string(rune('1'+i))+".csv", c))
	}
	return importation.Load(t.Context(), db, []importation.Job{job}, o)
}

// must imports contents that are without fault.
func must(t testing.TB, db *pgxpool.Pool, kind importation.Kind, contents ...string) importation.Summary {
	t.Helper()
	s, err := take(t, db, kind, importation.Options{}, contents...)
	if err != nil {
		t.Fatal(report(err))
	}
	return s
}

// report is the error with the whole report, if it is one.
func report(err error) string {
	var refusal *importation.Refusal
	if !errors.As(err, &refusal) {
		return err.Error()
	}
	var b bytes.Buffer
	if err := refusal.Print(&b); err != nil {
		return err.Error()
	}
	return b.String()
}

// refused imports contents that must be refused, and gives the faults.
func refused(t testing.TB, db *pgxpool.Pool, kind importation.Kind, contents ...string) []importation.Fault {
	t.Helper()
	before := rows(t, db)
	_, err := take(t, db, kind, importation.Options{}, contents...)
	var refusal *importation.Refusal
	if !errors.As(err, &refusal) {
		t.Fatalf("not refused: %v", err)
	}
	if after := rows(t, db); after != before {
		t.Errorf("refused, and yet the database went from %s to %s", before, after)
	}
	return refusal.Faults
}

// rows tells how many rows each table holds, and when something was last published.
func rows(t testing.TB, db *pgxpool.Pool) string {
	t.Helper()
	var s string
	err := db.QueryRow(t.Context(), `SELECT concat_ws(' ', (SELECT count(*) FROM territoire), (SELECT count(*) FROM qpv), (SELECT count(*) FROM qpv_commune),
		(SELECT count(*) FROM contrat_anct), (SELECT count(*) FROM valeur), (SELECT count(*) FROM lieu), (SELECT count(*) FROM qpv_lieu),
		(SELECT count(*) FROM adresse), (SELECT count(*) FROM voie), (SELECT count(*) FROM importation), (SELECT count(*) FROM mise_a_jour),
		(SELECT le FROM publication))`).Scan(&s)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// query gives the one value of a query, as text.
func query(t testing.TB, db *pgxpool.Pool, sql string) string {
	t.Helper()
	var s *string
	if err := db.QueryRow(t.Context(), `SELECT (`+sql+`)::text`).Scan(&s); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
	if s == nil {
		return "NULL"
	}
	return *s
}

// want fails unless the query gives the value.
func want(t testing.TB, db *pgxpool.Pool, sql, value string) {
	t.Helper()
	if got := query(t, db, sql); got != value {
		t.Errorf("%s: %s, want %s", sql, got, value)
	}
}

// seedFiles are the real files of the Vosges on disk, in the order in which they can be taken in.
func seedFiles(t testing.TB) (jobs []importation.Job) {
	t.Helper()
	for _, s := range []struct {
		kind  importation.Kind
		files []string
	}{
		{importation.Territoires, []string{"departement.geojson", "communes.csv", "epci.csv", "communes.geojson", "epci.geojson"}},
		{importation.QPV, []string{"qpv2024.csv"}},
		{importation.Contours, []string{"qpv2024-contours.geojson"}},
		{importation.Contrats, []string{"contrats-ville.csv"}},
		{importation.Indicateurs, []string{"qpv2024-indicateurs.csv", "comparaisons.csv", "chomage-zones-emploi.csv"}},
		{importation.Lieux, []string{"france-services.csv"}},
	} {
		job := importation.Job{Kind: s.kind}
		for _, name := range s.files {
			src, err := importation.File(filepath.Join("..", "seed", "vosges", "vosges-"+name+".gz"))
			if err != nil {
				t.Fatal(err)
			}
			job.Files = append(job.Files, src)
		}
		jobs = append(jobs, job)
	}
	return jobs
}

// write puts a content in a file.
func write(t testing.TB, name string, content []byte) string {
	t.Helper()
	name = filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(name, content, 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

// set replaces the cell of a one-line CSV under a heading.
func set(csv, heading, cell string) string {
	lines := strings.Split(strings.TrimSuffix(csv, "\n"), "\n")
	separator := ","
	if strings.Contains(lines[0], ";") {
		separator = ";"
	}
	i := slices.Index(strings.Split(lines[0], separator), heading)
	if i < 0 {
		panic("no heading " + heading)
	}
	for n := range lines[1:] {
		cells := strings.Split(lines[n+1], separator)
		cells[i] = cell
		lines[n+1] = strings.Join(cells, separator)
	}
	return strings.Join(lines, "\n") + "\n"
}

// Files of one line, without fault.
const (
	oneQPV = "code_qp,nom_qp,insee_dep,nom_dep,insee_reg,nom_reg,insee_com,nom_com,siren_epci,nom_epci,evolution_2015,population_2020,lon,lat,surface_ha,code_contrat,code_qp_2015,nom_qp_2015\n" +
		"QN08801M,Bitola-La Vierge,88,Vosges,44,Grand Est,88160,Épinal,200068757,CA d'Épinal,modifié,1800,6.45312,48.15894,40.7,CN08802I,QP088001,Bitola\n"
	oneLong       = "code_qp,indicateur,valeur,unite,millesime,source\nQN08801M,taux_emploi,38.4,%,2021,INSEE\n"
	oneWide       = "code_qp,nom_qp,insee_dep,nb_menages,taux_pauvrete_60_2021\nQN08801M,Bitola-La Vierge,88,812.5,45.5\n"
	oneComparison = "niveau,code,nom,indicateur,valeur,unite,millesime,source\ncommune,88160,Épinal,taux_chomage_15_64_rp,17.0,%,2021,INSEE\n"
	oneQuarter    = "code_ze2020,nom_ze2020,trimestre,taux_chomage,nb_communes_vosges\n4407,Épinal,2025-T4,8.1,200\n"
	oneCommune    = "insee_com,nom_com,siren_com,insee_arr,siren_epci,nom_epci,population_municipale_2022,code_postal,superficie_km2,lon,lat,code_ze2020\n" +
		"88160,Épinal,218801605,882,200068757,CA d'Epinal,32296,88000,59.24,6.48667,48.16371,4407\n"
	oneEPCI     = "siren_epci,nom_epci,nature,dep_siege,population_municipale_2022\n200068757,CA d'Epinal,CA,88,110099\n"
	oneDep      = "insee_dep,nom_dep,insee_reg,nom_reg,chef_lieu\n88,Vosges,44,Grand Est,88160\n"
	oneContract = "code_contrat,nom_contrat,insee_dep,siren_epci,insee_com,nb_qpv,lon,lat\nCN08802I,CA d'Épinal,88,200068757,,3,6.39139,48.16977\n"
	onePlace    = "id_fs,nom,adresse,complement,code_postal,insee_com,nom_com,insee_dep,type_fs,format_fs,labellisation,lon,lat,code_qp\n" +
		"516,France services Epinal,Place d'Avrinsart,Tour T2,88000,88160,Épinal,88,Principal,Fixe,Espace labellisé 15/01/2021,6.4515,48.1625,\n"
	oneAddress = "id;id_fantoir;numero;rep;nom_voie;code_postal;code_insee;nom_commune;lon;lat\n" +
		"88160_0010_00012_bis;88160_0010;12;bis;Av. du Gal de Gaulle;88000;88160;Épinal;6.45;48.17\n"
)

// contour is a GeoJSON of one feature.
func contour(properties, geometry string) string {
	return `{"type":"FeatureCollection","features":[` + "\n" + `{"type":"Feature","properties":{` + properties + `},"geometry":` + geometry + `}` + "\n]}\n"
}

const (
	bitola = `"code_qp":"QN08801M","nom_qp":"Bitola-La Vierge"`
	square = `{"type":"Polygon","coordinates":[[[6.45,48.16],[6.454,48.16],[6.454,48.164],[6.45,48.164],[6.45,48.16]]]}`
)
