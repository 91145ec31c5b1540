package cis

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"portail/internal/droits"
	"portail/internal/journal"
	"portail/web/typo"
)

// The CIS of the Vosges, as the préfecture published its installation on 29 November 2023: its purposes, its rhythm and who sits. A
// setting like any other committee's, which agents change.
const (
	nomCIS = "Comité inter-services et opérateurs de l’État"
	cleCIS = "c15c15c1-5c15-8c15-8c15-c15c15c15c15" // that of no form: tells that it was taken in already
)

var jourInstallation = time.Date(2023, 11, 29, 0, 0, 0, 0, time.UTC)

var reglagesCIS = Reglages{Nom: nomCIS, Sigle: "CIS", Nature: "cis", Periodicite: "trimestrielle", President: "Préfète, ou son représentant",
	PreavisJours: 15, PropositionsJours: 21, RelectureJours: 10, AlerteJours: 30,
	Objet: "Réuni par la préfète, le comité rassemble les services et les opérateurs de l’État qui agissent dans les quartiers prioritaires. Il sert à :\n\n" +
		"- partager entre eux les diagnostics et les enjeux de chaque territoire ;\n" +
		"- donner une lecture d’ensemble de l’action de l’État dans les quartiers ;\n" +
		"- mieux articuler et coordonner ce que chacun y fait.\n\n" +
		"Il traite d’éducation, d’emploi, de sécurité, de logement et de cadre de vie, avec une première priorité : mobiliser le droit commun au bénéfice des quartiers."}

// siegeDefaut is a seat of the default committee: an organisation of the default set, by its name, and the fonction that sits.
type siegeDefaut struct{ organisme, fonction string }

var siegesCIS = []siegeDefaut{
	{"Préfecture des Vosges", "Préfète"}, {"Préfecture des Vosges", "Sous-préfets d’arrondissement"},
	{"Agence régionale de santé Grand Est", ""}, {"Caisse d’allocations familiales des Vosges", ""}, {"France Travail", ""}, {"Missions locales des Vosges", ""},
	{"Direction départementale des finances publiques des Vosges", ""},
	{"Direction départementale de l’emploi, du travail, des solidarités et de la protection des populations des Vosges", ""},
	{"Direction départementale des territoires des Vosges", ""}, {"Direction des services départementaux de l’éducation nationale des Vosges", ""},
	{"Service départemental à la jeunesse, à l’engagement et aux sports des Vosges", ""},
	{"Délégation départementale aux droits des femmes et à l’égalité des Vosges", "Déléguée départementale"},
	{"Délégation du préfet à la politique de la ville", "Déléguée du préfet"},
}

// Seed takes in the CIS of the Vosges with its members, all or nothing, after the default organisations. What agents made of it since is
// left alone; one that only had a name and members, from the time of mere lists, is given its settings.
func Seed(ctx context.Context, db *pgxpool.Pool) error {
	err := pgx.BeginFunc(ctx, db, func(tx pgx.Tx) error {
		id, fresh, err := insertCIS(ctx, tx)
		if err != nil || id == 0 {
			return err
		}
		n := 0
		if fresh {
			if n, err = insertSiegesDefaut(ctx, tx, id); err != nil {
				return err
			}
		}
		d := Reglages{}.difference(reglagesCIS)
		d["membre"] = [2]any{nil, typo.NPluriel(int64(n), "siège", "sièges")}
		return journal.Note(ctx, tx, droits.Compte{}, "comité repris des données par défaut", objetComite, id, d)
	})
	if err != nil {
		return fmt.Errorf("take in default committee: %w", err)
	}
	return nil
}
