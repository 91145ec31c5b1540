package qpv

import (
	"strconv"

	"portail/internal/cartographie"
	"portail/internal/lien"
	"portail/web"
	"portail/web/typo"
)

// carte is the page of the map of the département.
type carte struct {
	cartographie.Donnees
	Departement string // INSEE code
	noms        []nomTerritoire
	FondURL     string // basemap of the interactive map
	FondNom     string
}

// nom is the name of the département, or its code when it is not loaded.
func (c carte) nom() string {
	if len(c.noms) == 0 {
		return c.Departement
	}
	return c.noms[0].Nom
}

// compte says in words what the map shows.
func (c carte) compte() string {
	communes := map[string]bool{}
	for _, q := range c.Quartiers {
		for _, name := range q.Communes {
			communes[name] = true
		}
	}
	n := len(c.Quartiers)
	if n == 0 {
		return "Aucun quartier prioritaire n’est enregistré pour ce département."
	}
	return typo.NPluriel(int64(n), "quartier prioritaire", "quartiers prioritaires") + " dans " +
		typo.NPluriel(int64(len(communes)), "commune", "communes") + "."
}

func (c carte) departement() web.MapProps {
	return c.Carte(cartographie.Options{
		ID: "carte-departement", Departement: c.nom(), GeoJSON: lien.ContourQuartiers, Fond: c.FondURL, Source: c.FondNom,
	})
}

// tableau repeats the quarters of the map, in the order of their numbers.
func (c carte) tableau() web.TableProps {
	heading, each := millesimeCommun("Population", c.Quartiers, habitants)
	p := web.TableProps{ID: "quartiers", Caption: "Quartiers prioritaires de la carte", Columns: []web.Column{
		{Titre: "Numéro et quartier"}, {Titre: "Commune"}, {Titre: "Intercommunalité"}, {Titre: heading, Numeric: true},
	}, Vide: "Aucun quartier prioritaire."}
	for i, q := range c.Quartiers {
		epci := web.TextCell(typo.NonDisponible)
		if q.EPCI != "" {
			epci = web.LinkCell(q.EPCINom, lien.QPVParEPCI(q.EPCI))
		}
		p.Rows = append(p.Rows, []web.Cell{
			web.LinkCell(strconv.Itoa(i+1)+". "+q.Nom, lien.Fiche(q.Code)), web.TextCell(nomsOuInconnu(q.Communes)), epci,
			cellule(habitants(q), each),
		})
	}
	return p
}

func habitants(q cartographie.Quartier) Valeur {
	return lueValeur(q.Population, q.PopulationA, q.Secret, "hab.", 0)
}

// secret says whether a population of the table is masked.
func (c carte) secret() bool {
	for _, q := range c.Quartiers {
		if q.Secret {
			return true
		}
	}
	return false
}
