package contrat

import (
	"net/url"
	"slices"
	"strconv"

	"portail/internal/export"
	"portail/internal/httpx"
	"portail/internal/lexique"
	"portail/internal/lien"
	"portail/web"
)

// Files of a contract, as their addresses end.
const (
	fichierTexte       = "contrat.odt"
	fichierEngagements = "engagements"
)

var formatsEngagements = append(slices.Clone(httpx.Formats), lexique.Mot{Code: export.FormatJSON, Libelle: "JSON"})

// nomFichier ends the address of the engagements in a format.
func nomFichier(format string) string {
	if format == export.FormatCSVTableur {
		return fichierEngagements + "-tableur.csv"
	}
	return fichierEngagements + "." + format
}

// telechargements are the files of exactly the engagements that are filtered.
func (l lecture) telechargements() []web.Download {
	v := l.Filtres.valeurs()
	if !l.EnVigueur {
		v.Set(paramVersion, strconv.Itoa(l.Numero))
	}
	var all []web.Download
	for _, f := range formatsEngagements {
		all = append(all, web.Download{Format: f.Libelle, Href: lien.ContratPublicFichier(l.ContratID, nomFichier(f.Code), v)})
	}
	return all
}

// telechargement is the whole text as a file.
func (l lecture) telechargement() web.Download {
	v := url.Values{}
	if !l.EnVigueur {
		v.Set(paramVersion, strconv.Itoa(l.Numero))
	}
	return web.Download{Texte: "Texte entier", Format: "ODT", Href: lien.ContratPublicFichier(l.ContratID, fichierTexte, v)}
}
