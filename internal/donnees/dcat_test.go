package donnees_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"portail/internal/lien"
	"portail/internal/portailtest"
)

type graph struct {
	Context map[string]string `json:"@context"`
	Nodes   []map[string]any  `json:"@graph"`
}

func readCatalogue(t *testing.T, site *portailtest.Visitor) (g graph, byID map[string]map[string]any) {
	t.Helper()
	if err := json.Unmarshal(site.Get(lien.Catalogue).Want(http.StatusOK).Body, &g); err != nil {
		t.Fatal(err)
	}
	byID = map[string]map[string]any{}
	for _, n := range g.Nodes {
		byID[n["@id"].(string)] = n
	}
	return g, byID
}

// references calls each with every {"@id": …} of a value.
func references(v any, each func(string)) {
	switch v := v.(type) {
	case map[string]any:
		if id, ok := v["@id"].(string); ok {
			each(id)
		}
		for _, member := range v {
			references(member, each)
		}
	case []any:
		for _, item := range v {
			references(item, each)
		}
	}
}

func TestCatalogueIsWholeAndAbsolute(t *testing.T) {
	const base = "https://portail.example"
	site := portailtest.Site(t, "PORTAIL_URL="+base, "PORTAIL_CONTACT=ville@prefecture.example")
	site.Demo()
	dispositifs(t, site) // a set without a row is not announced
	g, byID := readCatalogue(t, site)
	if g.Context["dcat"] != "http://www.w3.org/ns/dcat#" || g.Context["dct"] != "http://purl.org/dc/terms/" || g.Context["foaf"] == "" {
		t.Errorf("context: %v", g.Context)
	}
	catalogue := byID[base+lien.Donnees]
	if catalogue == nil || catalogue["@type"] != "dcat:Catalog" {
		t.Fatalf("no catalogue among %d nodes", len(g.Nodes))
	}
	sets, _ := catalogue["dcat:dataset"].([]any)
	if len(sets) != len(lien.Jeux) {
		t.Errorf("%d data sets, want %d", len(sets), len(lien.Jeux))
	}
	for _, n := range g.Nodes {
		references(n, func(id string) {
			switch {
			case strings.HasPrefix(id, base):
				if path := strings.TrimPrefix(id, base); !strings.Contains(path, "#") {
					site.Get(path).Want(http.StatusOK)
				}
			case strings.HasPrefix(id, "http://") || strings.HasPrefix(id, "https://") || strings.HasPrefix(id, "mailto:"):
			default:
				t.Errorf("%q is not absolute", id)
			}
		})
	}
	for _, item := range sets {
		set := byID[item.(map[string]any)["@id"].(string)]
		if set == nil {
			t.Errorf("%v is not described", item)
			continue
		}
		for _, name := range []string{"dct:title", "dct:description", "dct:license", "dct:publisher", "dct:identifier", "dcat:keyword", "dcat:distribution", "dcat:contactPoint", "dcat:landingPage"} {
			if set[name] == nil {
				t.Errorf("%v has no %s", set["@id"], name)
			}
		}
		kept := map[any]bool{"catalogue-indicateurs": true, "adultes-relais": true, "reussite-educative": true} // in the portal itself: no file was taken in
		if !kept[set["dct:identifier"]] && set["dct:modified"] == nil {
			t.Errorf("%v has no date", set["@id"])
		}
		references(set["dcat:distribution"], func(id string) {
			file := byID[id]
			if file == nil || file["@type"] != "dcat:Distribution" || file["dcat:downloadURL"] == nil || file["dct:license"] == nil || file["dct:format"] == nil {
				t.Errorf("%s is not a whole distribution: %v", id, file)
			}
		})
	}
}

func TestCatalogueOfARequestIsNotKeptForOthers(t *testing.T) {
	site := portailtest.Site(t, "PORTAIL_CACHE_MO=8")
	if _, byID := readCatalogue(t, site); byID[site.URL+lien.Donnees] == nil {
		t.Error("the addresses are not those of the request")
	}
	if got := site.Get(lien.Catalogue).Header.Get("Cache-Control"); got != "no-store" {
		t.Errorf("Cache-Control: %q", got)
	}
}

func TestEmptySetsAreNotHarvested(t *testing.T) {
	site := portailtest.SiteOn(t, portailtest.DB(t))
	_, byID := readCatalogue(t, site)
	sets, _ := byID[site.URL+lien.Donnees]["dcat:dataset"].([]any)
	if len(sets) != 1 { // the catalogue of indicators comes with the schema
		t.Errorf("%d data sets without data", len(sets))
	}
}
