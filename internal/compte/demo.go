package compte

import (
	"context"
	"crypto/rand"
	"fmt"

	"github.com/jackc/pgx/v5/pgxpool"

	"portail/internal/config"
	"portail/internal/droits"
)

// compteDemo is an account of the demonstration: invented, and labelled as such on every page.
type compteDemo struct {
	courriel, nom string
	role          droits.Role
	organisme     string // acronym in the default set
}

var comptesDemo = []compteDemo{
	{"administrateur@demo.test", "Camille Démo (administration)", droits.Administrateur, "Préfecture"},
	{"gestionnaire@demo.test", "Dominique Démo (chargée de mission)", droits.Gestionnaire, "DDETSPP"},
	{"delegue@demo.test", "Alix Démo (déléguée du préfet)", droits.Delegue, "Préfecture"},
	{"direction@demo.test", "Claude Démo (direction)", droits.Direction, "Préfecture"},
	{"referent.caf@demo.test", "Sacha Démo (référente CAF)", droits.Referent, "CAF"},
	{"lecteur.caf@demo.test", "Lou Démo (lecteur CAF)", droits.Lecteur, "CAF"},
	{"referent.ars@demo.test", "Maxime Démo (référent ARS)", droits.Referent, "ARS"},
	{"referent.francetravail@demo.test", "Noa Démo (référente France Travail)", droits.Referent, "France Travail"},
	{"referent.epinal@demo.test", "Charlie Démo (référent EPCI)", droits.Referent, "CA Épinal"},
}

func courrielsDemo() []string {
	all := make([]string, len(comptesDemo))
	for i, c := range comptesDemo {
		all[i] = c.courriel
	}
	return all
}

// SeedDemo makes the demonstration accounts, in demonstration mode only, and returns their common password: the setting's, or one
// drawn now. It is changed at each start, so that what is printed is true. db is the owner's.
func SeedDemo(ctx context.Context, db *pgxpool.Pool, cfg config.Config) (motDePasse string, err error) {
	if !cfg.Demonstration {
		return "", fmt.Errorf("demonstration accounts are made in demonstration mode only")
	}
	if motDePasse = cfg.Acces.DemoMotDePasse; motDePasse == "" {
		motDePasse = rand.Text()[:16]
	}
	hash, err := hashMotDePasse(ctx, motDePasse)
	if err != nil {
		return "", err
	}
	for _, c := range comptesDemo {
		if err := upsertDemo(ctx, db, c, hash); err != nil {
			return "", err
		}
	}
	return motDePasse, nil
}
