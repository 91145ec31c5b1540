// Package seed holds the default data of the portal: the open data of the Vosges, copied as their producers publish them
// (PROVENANCE.md). The national files beside them are for tests at scale, and are not carried by the binary.
package seed

import (
	"bytes"
	"context"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/jackc/pgx/v5/pgxpool"

	"portail/internal/geo"
	"portail/internal/importation"
)

//go:embed vosges/vosges-adultes-relais.csv.gz vosges/vosges-chomage-zones-emploi.csv.gz vosges/vosges-communes.csv.gz vosges/vosges-communes.geojson.gz
//go:embed vosges/vosges-comparaisons.csv.gz vosges/vosges-contrats-ville.csv.gz vosges/vosges-departement.geojson.gz
//go:embed vosges/vosges-epci.csv.gz vosges/vosges-epci.geojson.gz vosges/vosges-france-services.csv.gz
//go:embed vosges/vosges-qpv2024.csv.gz vosges/vosges-qpv2024-contours.geojson.gz vosges/vosges-qpv2024-indicateurs.csv.gz
var files embed.FS

// set is a list of files of one kind, in the order in which they are taken in.
type set struct {
	kind  importation.Kind
	files []string
}

// The official lists come first: what others only mention then corrects nothing.
var vosges = []set{
	{importation.Territoires, []string{"vosges-departement.geojson", "vosges-communes.csv", "vosges-epci.csv", "vosges-communes.geojson", "vosges-epci.geojson"}},
	{importation.QPV, []string{"vosges-qpv2024.csv"}},
	{importation.Contours, []string{"vosges-qpv2024-contours.geojson"}},
	{importation.Contrats, []string{"vosges-contrats-ville.csv"}},
	{importation.Indicateurs, []string{"vosges-qpv2024-indicateurs.csv", "vosges-comparaisons.csv", "vosges-chomage-zones-emploi.csv"}},
	{importation.Lieux, []string{"vosges-france-services.csv"}},
	{importation.AdultesRelais, []string{"vosges-adultes-relais.csv"}},
}

var france = []set{
	{importation.Territoires, []string{"departements.csv", "epci-2025.csv"}},
	{importation.QPV, []string{"qpv2024-france.csv"}},
	{importation.Contours, []string{"qpv2024-france-contours.geojson"}},
	{importation.Contrats, []string{"contrats-ville-2024-2030.csv"}},
	{importation.Indicateurs, []string{"qpv2024-france-indicateurs.csv"}},
	{importation.Lieux, []string{"france-services-2024.csv"}},
}

// franceMillesimes are the vintages that the wide national file does not state and its provenance does.
var franceMillesimes = map[string]int{"population_municipale": 2020, "taux_pauvrete_60": 2021}

// Load takes in the data of the Vosges, all or nothing, waiting for another import if there is one. When these very files
// were taken in before, it does nothing: newer data that an agent has imported since are left alone.
func Load(ctx context.Context, db *pgxpool.Pool, progress func(done, total int64)) error {
	var jobs []importation.Job
	var sums []string
	for _, s := range vosges {
		job := importation.Job{Kind: s.kind}
		for _, name := range s.files {
			packed, err := files.ReadFile("vosges/" + name + ".gz")
			if err != nil {
				return fmt.Errorf("read default data: %w", err)
			}
			src := importation.Source{Name: name, Size: int64(len(packed)), Open: func() (io.ReadCloser, error) {
				return io.NopCloser(bytes.NewReader(packed)), nil
			}}
			sum, err := src.Sha256()
			if err != nil {
				return fmt.Errorf("read default data: %w", err)
			}
			job.Files, sums = append(job.Files, src), append(sums, sum)
		}
		jobs = append(jobs, job)
	}
	if seen, err := importation.CountSeen(ctx, db, sums); err != nil || seen == len(sums) {
		return err
	}
	_, err := importation.Load(ctx, db, jobs, importation.Options{Progress: progress, Wait: true})
	return err
}

// Empty tells whether the database has never taken in anything, these data or others.
func Empty(ctx context.Context, db *pgxpool.Pool) (bool, error) { return importation.Empty(ctx, db) }

// Hash names the default data as the import stores them: 16 hexadecimal digits. Test databases that hold them are keyed by it.
func Hash() string {
	sum := sha256.New()
	fmt.Fprintln(sum, geo.GrilleCarte, geo.GrilleFiche) // the import draws the contours on them
	for _, s := range vosges {
		for _, name := range s.files {
			packed, err := files.ReadFile("vosges/" + name + ".gz")
			if err != nil {
				panic(err) // embedded: it is there
			}
			fmt.Fprintf(sum, "%s %d\n", name, len(packed))
			sum.Write(packed)
		}
	}
	return hex.EncodeToString(sum.Sum(nil))[:16]
}

// National takes in all the quarters of France that are at hand, from the checkout: for tests at scale and for measures.
func National(ctx context.Context, db *pgxpool.Pool) error {
	root, err := moduleRoot()
	if err != nil {
		return err
	}
	var jobs []importation.Job
	for _, s := range france {
		job := importation.Job{Kind: s.kind}
		for _, name := range s.files {
			src, err := importation.File(filepath.Join(root, "internal", "seed", "france", name+".gz"))
			if err != nil {
				return err
			}
			src.Name = strings.TrimSuffix(src.Name, ".gz")
			job.Files = append(job.Files, src)
		}
		jobs = append(jobs, job)
	}
	_, err = importation.Load(ctx, db, jobs, importation.Options{Wait: true, Millesimes: franceMillesimes})
	return err
}

// moduleRoot is the directory of go.mod, above the working directory.
func moduleRoot() (string, error) {
	start, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for dir := start; ; dir = filepath.Dir(dir) {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir, nil
		}
		if dir == filepath.Dir(dir) {
			return "", fmt.Errorf("no go.mod above %s: the national files are only in the checkout", start)
		}
	}
}
