package adresse

import (
	"context"

	"portail/internal/adressage"
)

// choisirVoie finds the street of an address: the same name, or else the one that looks like it and no other.
func (t *traitement) choisirVoie(ctx context.Context, l *ligne) {
	key := l.adresse
	key.Numero, key.Rep = 0, ""
	c, seen := t.choisies[key]
	if !seen {
		if ctx.Err() != nil {
			l.reponse = indetermine(tropLong)
			return
		}
		c = meilleure(l.adresse, l.communes)
		t.choisies[key] = c
	}
	if l.voie = c.voie; c.voie == nil {
		l.reponse = indetermine(c.pourquoi)
	}
}

func meilleure(a adressage.Adresse, communes []*communeConnue) choixVoie {
	var exact []*voieConnue
	for _, k := range communes {
		if v := k.voies[a.Voie]; v != nil {
			exact = append(exact, v)
		}
	}
	if len(exact) == 1 {
		return choixVoie{voie: exact[0]}
	}
	var best, second float64
	var found *voieConnue
	written := adressage.NouveauNom(a.Voie)
	for _, k := range communes {
		sure := 1.0
		if a.Commune != "" {
			sure = adressage.RessemblanceCommune(a.Commune, k.nom)
		}
		for _, v := range k.voies {
			score := min(sure, written.Ressemblance(v.nom))
			switch {
			case score > best:
				best, second, found = score, best, v
			case score > second:
				second = score
			}
		}
	}
	switch {
	case found == nil || best < adressage.Seuil:
		return choixVoie{pourquoi: voieInconnue}
	case second >= best-ecart && (best < 1 || second == 1):
		return choixVoie{pourquoi: voiesPlusieurs}
	}
	return choixVoie{voie: found}
}
