package compte

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base32"
	"errors"
	"strings"

	"github.com/jackc/pgx/v5/pgxpool"

	"portail/internal/config"
	"portail/internal/droits"
)

// compteDemo is an account of the demonstration: invented, and labelled as such on every page.
type compteDemo struct {
	courriel, nom string
	role          droits.Role
	organisme     string // acronym in the default set, or for want of one a part of the name
	nature        string // of the organisation
}

var comptesDemo = []compteDemo{
	{"administrateur@demo.test", "Camille Démo (administration)", droits.Administrateur, "Préfecture", "service_etat"},
	{"gestionnaire@demo.test", "Dominique Démo (chargée de mission)", droits.Gestionnaire, "DDETSPP", "service_etat"},
	{"delegue@demo.test", "Alix Démo (déléguée du préfet)", droits.Delegue, "Préfecture", "service_etat"},
	{"direction@demo.test", "Claude Démo (direction)", droits.Direction, "Préfecture", "service_etat"},
	{"referent.caf@demo.test", "Sacha Démo (référente CAF)", droits.Referent, "CAF", "operateur"},
	{"lecteur.caf@demo.test", "Lou Démo (lecteur CAF)", droits.Lecteur, "CAF", "operateur"},
	{"referent.ars@demo.test", "Maxime Démo (référent ARS)", droits.Referent, "ARS", "operateur"},
	{"referent.francetravail@demo.test", "Noa Démo (référente France Travail)", droits.Referent, "France Travail", "operateur"},
	{"referent.epinal@demo.test", "Charlie Démo (référent EPCI)", droits.Referent, "Épinal", "epci"},
}

func courrielsDemo() []string {
	all := make([]string, len(comptesDemo))
	for i, c := range comptesDemo {
		all[i] = c.courriel
	}
	return all
}

// errHorsDemo refuses demonstration accounts elsewhere.
var errHorsDemo = errors.New("demonstration accounts are made in demonstration mode only (PORTAIL_MODE=demonstration)")

// Demo is what whoever starts a demonstration is told: the addresses, and the password common to all.
type Demo struct {
	Courriels  []string
	MotDePasse string
}

// SeedDemo makes the demonstration accounts, in demonstration mode only, and gives them their common password again: the setting's,
// or one drawn with PORTAIL_CLE, so that it stays the same from one start to the next. db is the owner's; cfg.Acces.Cle must be set.
func SeedDemo(ctx context.Context, db *pgxpool.Pool, cfg config.Config) (Demo, error) {
	if !cfg.Demonstration {
		return Demo{}, errHorsDemo
	}
	d := Demo{courrielsDemo(), cfg.Acces.DemoMotDePasse}
	if d.MotDePasse == "" {
		d.MotDePasse = motDePasseDemo(cfg.Acces.Cle)
	}
	hash, err := hashMotDePasse(ctx, d.MotDePasse)
	if err != nil {
		return Demo{}, err
	}
	for _, c := range comptesDemo {
		if err := upsertDemo(ctx, db, c, hash, cfg.Acces.DemoTOTP); err != nil {
			return Demo{}, err
		}
	}
	return d, nil
}

// motDePasseDemo draws 80 bits from the key of the portal, which they do not give away.
func motDePasseDemo(cle []byte) string {
	mac := hmac.New(sha256.New, cle)
	mac.Write([]byte("mot de passe de démonstration"))
	return strings.ToLower(base32.StdEncoding.EncodeToString(mac.Sum(nil)[:10]))
}
