package dispositif

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"portail/internal/droits"
)

// seedAgregats invents the counts of the years gone by of an invented programme, small ones among them.
func seedAgregats(ctx context.Context, tx pgx.Tx, id int64, rang int, today time.Time) error {
	p, err := lockProgramme(ctx, tx, id)
	if err != nil {
		return err
	}
	for _, year := range p.annees() {
		if year >= today.Year() || year == today.Year()-1 && rang == 1 { // one is late: its reminder shows
			continue
		}
		e, total := effectifs{}, int64(0)
		for i, f := range saisiesAgregat {
			if f.Rubrique.Sexe != "" {
				e[f.Rubrique] = int64((i*7+rang*5+year)%23) + 4
				total += e[f.Rubrique]
			}
		}
		split := func(groupe string, parts ...int64) {
			left := total
			var last rubrique
			for _, f := range saisiesAgregat {
				if f.Groupe != groupe {
					continue
				}
				last = f.Rubrique
				if len(parts) > 0 {
					e[last] = total * parts[0] / 100
					left -= e[last]
					parts = parts[1:]
				}
			}
			e[last] += left
		}
		split(groupeDuree, 22, 31, 35)
		split(groupeSortie, 52, 28, 8, 5, 4)
		if err := ecrireRetour(ctx, tx, droits.Tache, p, retour{}, retour{Annee: int16(year), Publie: true, Reserve: "Chiffres inventés pour la démonstration."}, e.entier()); err != nil {
			return err
		}
	}
	return nil
}
