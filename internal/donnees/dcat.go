package donnees

import (
	"encoding/json"
	"fmt"
	"strings"

	"portail/internal/config"
	"portail/internal/lien"
	"portail/web/typo"
)

// catalogueDCAT is the catalogue as data.gouv.fr harvests it: DCAT 2 in JSON-LD (C30-C32), every address absolute. A set
// without rows is left out: there is nothing to harvest yet.
func catalogueDCAT(base string, cfg config.Config, states map[string]etat) ([]byte, error) {
	publisher := base + "/#editeur"
	agent := node{"@id": publisher, "@type": "foaf:Organization", "foaf:name": cfg.Prefecture, "foaf:homepage": id(base + lien.Accueil)}
	catalogue := node{
		"@id": base + lien.Donnees, "@type": "dcat:Catalog", "dct:title": french("Données ouvertes – " + cfg.Nom),
		"dct:description": french("Les jeux de données publics du portail " + cfg.Nom + "."), "dct:publisher": id(publisher),
		"dct:language": id("http://publications.europa.eu/resource/authority/language/FRA"), "dct:license": id(licenceURI),
		"foaf:homepage": id(base + lien.Donnees),
	}
	graph := []node{catalogue, agent}
	sets := []node{}
	for _, j := range jeux {
		state := states[j.Code]
		if state.Lignes == 0 {
			continue
		}
		set, files := j.dcat(base, publisher, cfg, state)
		sets = append(sets, id(set["@id"].(string)))
		graph = append(append(graph, set), files...)
	}
	catalogue["dcat:dataset"] = sets
	text, err := json.MarshalIndent(node{"@context": dcatContext, "@graph": graph}, "", " ")
	if err != nil {
		return nil, fmt.Errorf("write catalogue: %w", err)
	}
	return append(text, '\n'), nil
}

// node is an object of JSON-LD; encoding/json writes its members in alphabetical order, so the same data is the same bytes.
type node map[string]any

var dcatContext = node{
	"dcat": "http://www.w3.org/ns/dcat#", "dct": "http://purl.org/dc/terms/", "foaf": "http://xmlns.com/foaf/0.1/",
	"rdfs": "http://www.w3.org/2000/01/rdf-schema#", "vcard": "http://www.w3.org/2006/vcard/ns#", "xsd": "http://www.w3.org/2001/XMLSchema#",
}

func id(address string) node { return node{"@id": address} }

func french(text string) node { return node{"@value": text, "@language": "fr"} }

// dcat is the entry of a set and of its files.
func (j Jeu) dcat(base, publisher string, cfg config.Config, state etat) (set node, files []node) {
	page := base + lien.JeuDeDonnees(j.Code)
	keywords := make([]node, len(j.MotsCles))
	for i, k := range j.MotsCles {
		keywords[i] = french(k)
	}
	set = node{
		"@id": page, "@type": "dcat:Dataset", "dct:identifier": j.Code, "dct:title": french(j.Titre), "dct:description": french(j.Description),
		"dcat:keyword": keywords, "dct:publisher": id(publisher), "dct:license": id(licenceURI), "dcat:landingPage": id(page),
		"dct:provenance": node{"@type": "dct:ProvenanceStatement", "rdfs:label": french(strings.Join(append([]string{"Producteur : " + j.Producteur + "."}, j.Reserves...), " "))},
	}
	if state.MajLe != nil {
		set["dct:modified"] = node{"@value": typo.HorodatageISO(*state.MajLe), "@type": "xsd:dateTime"}
	}
	if cfg.Contact != "" {
		set["dcat:contactPoint"] = node{"@type": "vcard:Organization", "vcard:fn": cfg.Prefecture, "vcard:hasEmail": id("mailto:" + cfg.Contact)}
	}
	var distributions []node
	for _, f := range j.formats() {
		if f.Code == formatSchema {
			continue // it describes the CSV, which names it
		}
		mediaType, _, _ := strings.Cut(f.Type, ";")
		file := node{
			"@id": base + j.href(f), "@type": "dcat:Distribution", "dct:title": french(j.Titre + " (" + f.Nom + ")"), "dcat:accessURL": id(base + j.href(f)),
			"dcat:downloadURL": id(base + j.href(f)), "dct:format": f.Nom, "dcat:mediaType": id("http://www.iana.org/assignments/media-types/" + mediaType),
			"dct:license": id(licenceURI),
		}
		if f.Code == formatCSV {
			file["dct:conformsTo"] = id(base + lien.JeuFichier(j.Code, formatSchema))
		}
		distributions = append(distributions, id(base+j.href(f)))
		files = append(files, file)
	}
	set["dcat:distribution"] = distributions
	return set, files
}
