package organisme

import (
	"bytes"
	"context"
	"crypto/sha256"
	_ "embed"
	"encoding/csv"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"portail/internal/droits"
	"portail/internal/journal"
	"portail/internal/lexique"
	"portail/web/typo"
)

// defaut is the State services and operators that sit in the CIS of the Vosges, and the local authorities of its contracts. A line without a
// name takes that of the EPCI of its contract. No SIRET: none was at hand, and none is invented.
//
//go:embed defaut.csv
var defaut []byte

// demonstration is the real employers of adultes-relais of the Vosges in 2022, as the ANCT's list names them, and invented carriers of
// programmes, labelled as such in their very name.
//
//go:embed demonstration.csv
var demonstration []byte

// ligneDefaut is a line of the default organisations.
type ligneDefaut struct {
	cle                string // UUID that tells that the line was taken in already
	nom, sigle, nature string
	contrat            string
	ancienNom          string
	ancienJusquAu      time.Time
	siret              string
}

// readDefaut reads the default organisations.
func readDefaut(data []byte) ([]ligneDefaut, error) {
	records, err := csv.NewReader(bytes.NewReader(data)).ReadAll()
	if err != nil {
		return nil, fmt.Errorf("read default organisations: %w", err)
	}
	var all []ligneDefaut
	for n, r := range records[1:] {
		l := ligneDefaut{cle: cleDefaut(r[0]), nom: r[1], sigle: r[2], nature: r[3], contrat: r[4], ancienNom: r[5], siret: r[7]}
		if !lexique.Connu(lexique.NaturesOrganisme, l.nature) {
			return nil, fmt.Errorf("read default organisations: line %d: unknown nature %q", n+2, l.nature)
		}
		if l.ancienNom != "" {
			if l.ancienJusquAu, err = time.Parse(time.DateOnly, r[6]); err != nil {
				return nil, fmt.Errorf("read default organisations: line %d: %w", n+2, err)
			}
		}
		all = append(all, l)
	}
	return all, nil
}

// cleDefaut is a UUID (version 8) that stands for a line for good, whatever the organisation is called later.
func cleDefaut(code string) string {
	b := sha256.Sum256([]byte("organisme par défaut " + code))
	b[6], b[8] = b[6]&0x0f|0x80, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:16])
}

// Seed takes in the default organisations, all or nothing. Those that it took in before are left as agents made them since, and so
// is an organisation that somebody entered under the same name.
func Seed(ctx context.Context, db *pgxpool.Pool) error { return seedAll(ctx, db, defaut) }

// SeedDemo takes in what the demonstration adds to them.
func SeedDemo(ctx context.Context, db *pgxpool.Pool) error { return seedAll(ctx, db, demonstration) }

func seedAll(ctx context.Context, db *pgxpool.Pool, data []byte) error {
	all, err := readDefaut(data)
	if err != nil {
		return err
	}
	err = pgx.BeginFunc(ctx, db, func(tx pgx.Tx) error {
		for _, l := range all {
			if err := seedOne(ctx, tx, l); err != nil {
				return fmt.Errorf("%s%s: %w", l.nom, l.contrat, err)
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("take in default organisations: %w", err)
	}
	return nil
}

func seedOne(ctx context.Context, tx pgx.Tx, l ligneDefaut) error {
	o, fresh, err := insertDefaut(ctx, tx, l)
	if err != nil || !fresh {
		return err
	}
	detail := difference(Identite{}, Identite{Nom: o.Nom, Sigle: l.sigle, Nature: l.nature})
	if l.ancienNom != "" {
		if err := insertAncienNom(ctx, tx, o.ID, ancienNom{Nom: l.ancienNom, JusquAu: l.ancienJusquAu}); err != nil {
			return err
		}
		detail["depuis"] = [2]any{nil, typo.Date(l.ancienJusquAu.AddDate(0, 0, 1))}
	}
	return journal.Note(ctx, tx, droits.Compte{}, "organisme repris des données par défaut", objet, o.ID, detail)
}
