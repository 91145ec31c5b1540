// Package internal_test keeps the walls of the house: who imports whom, who writes which table, where SQL and HTTP may be.
// TestWallsFall proves that each wall stops what it is there to stop.
package internal_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// Layers from the ground up: a package imports packages of lower layers only. Packages of one layer do not know each other.
var layers = [][]string{
	{"web/typo"},
	{"internal/fault", "internal/droits", "internal/lien", "internal/lexique", "internal/config", "internal/geo",
		"internal/export", "internal/adressage", "internal/secret", "internal/signature", "internal/pg/local", "internal/travail", "migrations"},
	{"web", "internal/pg", "internal/texte", "internal/saisie"}, // pg tells Postgres who asks: it knows droits
	{"internal/httpx", "internal/cartographie", "internal/chiffre"},
	{"internal/publication", "internal/importation", "internal/journal"},
	{"internal/courriel", "internal/formulaire", "internal/tableur"},
	{"internal/document", "internal/flux", "internal/relance"}, // below the areas, whose pages show the last reminder and the next
	// The areas: none imports another.
	{"internal/accueil", "internal/adresse", "internal/cis", "internal/compte", "internal/contrat", "internal/diagnostic", "internal/dispositif", "internal/donnees",
		"internal/echeance", "internal/intervention", "internal/organisme", "internal/qpv", "internal/seed"},
	{"internal/portail"},
	{"internal/portailtest", "cmd/portail"},
	{"internal", "internal/bench", "internal/e2e"},
}

// neverImports are walls inside a layer rule: leaves that know nothing of ours, not even of lower layers.
var neverImports = map[string][]string{
	"web":               {"internal/"}, // it shows, and knows nothing of the domain
	"internal/portail":  {"internal/seed", "internal/importation"},
	"internal/accueil":  {"internal/importation"},
	"internal/adresse":  {"internal/importation"},
	"internal/donnees":  {"internal/importation"},
	"internal/qpv":      {"internal/importation"},
	"internal/lexique":  {"web/", "internal/"},
	"internal/droits":   {"web/", "internal/"},
	"internal/lien":     {"web/", "internal/"},
	"internal/fault":    {"web/", "internal/"},
	"internal/config":   {"web/", "internal/"},
	"internal/pg/local": {"web/", "internal/"},
}

// writers are the tables and the one package that writes each. Reads may join any table.
var writers = map[string]string{
	"adresse": "internal/importation", "contrat_anct": "internal/importation", "importation": "internal/importation",
	"lieu": "internal/importation", "mise_a_jour": "internal/chiffre",
	"qpv": "internal/importation", "qpv_ancien": "internal/importation", "qpv_commune": "internal/importation",
	"qpv_epci": "internal/importation", "qpv_label": "internal/importation", "qpv_lieu": "internal/importation",
	"organisme": "internal/organisme", "organisme_ancien_nom": "internal/organisme", "organisme_contact": "internal/organisme",
	"compte": "internal/compte", "fonction": "internal/compte", "fonction_qpv": "internal/compte", "invitation": "internal/compte",
	"jeton": "internal/compte", "code_recours": "internal/compte", "session": "internal/compte", "tentative": "internal/compte",
	"tableur_brouillon": "internal/tableur", "tableur_ecart": "internal/tableur",
	"dispositif": "internal/dispositif", "dispositif_qpv": "internal/dispositif", "realisation": "internal/dispositif",
	"realisation_qpv": "internal/dispositif", "realisation_montant": "internal/dispositif", "realisation_agregat": "internal/dispositif",
	"adulte_relais": "internal/dispositif", "adulte_relais_qpv": "internal/dispositif", "adulte_relais_occupation": "internal/dispositif",
	"adulte_relais_derogation": "internal/dispositif", "adulte_relais_piece": "internal/dispositif", "adulte_relais_montant": "internal/dispositif",
	"adulte_relais_quota": "internal/dispositif", "adulte_relais_finance": "internal/importation",
	"pre": "internal/dispositif", "pre_commune": "internal/dispositif", "pre_qpv": "internal/dispositif", "pre_budget": "internal/dispositif",
	"pre_reunion": "internal/dispositif", "pre_annee": "internal/dispositif", "pre_agregat": "internal/dispositif", "pre_agregat_masque": "internal/dispositif",
	"pre_annee_version": "internal/dispositif",
	"preference":        "internal/compte", "journal": "internal/journal", "courriel": "internal/courriel", "document": "internal/document", "flux": "internal/echeance",
	"contrat": "internal/contrat", "contrat_version": "internal/contrat", "contrat_qpv": "internal/contrat", "contrat_territoire": "internal/contrat",
	"contrat_partie": "internal/contrat", "contrat_publication": "internal/contrat", "contrat_signataire": "internal/contrat",
	"contrat_signature": "internal/contrat", "contrat_document": "internal/contrat", "contrat_axe": "internal/contrat",
	"contrat_objectif": "internal/contrat", "contrat_engagement": "internal/contrat", "contrat_suivi": "internal/contrat",
	"contrat_section": "internal/contrat", "contrat_revision": "internal/contrat", "contrat_commentaire": "internal/contrat",
	"rappel": "internal/relance", "recapitulatif": "internal/relance",
	"comite": "internal/cis", "comite_membre": "internal/cis", "comite_membre_contact": "internal/cis",
	"seance": "internal/cis", "point": "internal/cis", "seance_document": "internal/cis", "convocation": "internal/cis",
	"convocation_envoi": "internal/cis", "presence": "internal/cis", "note": "internal/cis", "decision": "internal/cis",
	"decision_suivi": "internal/cis", "compte_rendu": "internal/cis", "compte_rendu_section": "internal/cis",
	"compte_rendu_version": "internal/cis", "compte_rendu_commentaire": "internal/cis", "extrait": "internal/cis", "extrait_section": "internal/cis",
	"indicateur": "internal/diagnostic", "remontee": "internal/diagnostic", "remontee_cellule": "internal/diagnostic", "remontee_etape": "internal/diagnostic",
	"constat": "internal/diagnostic", "constat_ancien": "internal/diagnostic", "constat_avis": "internal/diagnostic",
	"constat_commentaire": "internal/diagnostic", "intervention": "internal/intervention",
	"vue_enregistree": "internal/cis",
	"territoire":      "internal/importation", "valeur": "internal/chiffre", "voie": "internal/importation",
}

// figureReaders are the files that read the table of figures itself: what brings them in, what a producer compares with its own, and what
// counts them or names the files that they came by. All others read valeur_publiee or valeur_partagee, which mask what secrecy covers (R-F-2).
var figureReaders = []string{"internal/chiffre/chiffre_store.go", "internal/importation/indicateurs_store.go", "internal/importation/importation_store.go",
	"internal/diagnostic/grille_store.go", "internal/diagnostic/indicateur_store.go", "internal/donnees/donnees_store.go"}

// sqlPackages hold SQL text beside the *_store.go files: what they are for is the database itself.
var sqlPackages = []string{"internal/portailtest", "internal/bench", "migrations"}

// httpPackages may speak HTTP in any file.
var httpPackages = []string{"internal/httpx", "internal/portail", "internal/portailtest", "internal/bench", "internal/e2e", "cmd/portail"}

var (
	figures   = regexp.MustCompile(`(?i)\b(?:from|join)\s+(?:public\.)?valeur\b`)
	statement = regexp.MustCompile(`(?is)^\s*(select\s.+|insert\s+into\s|update\s+\w+\s+(as\s+)?\w*\s*set\s|delete\s+from\s|with\s+\w+.*\sas\s.*\(|copy\s+\w+\s*(\(.*\)\s*)?(from|to)\s|truncate\s|create\s+(temp|table|index|database|role)|alter\s|drop\s+(table|database|index)|listen\s+\w+\s*$|set\s+local\s|lock\s+table)`)
	write     = regexp.MustCompile(`(?is)\b(?:insert\s+into|update(?:\s+only)?|delete\s+from(?:\s+only)?|truncate(?:\s+table)?|copy)\s+(?:public\.)?"?([a-z_]+)"?`)
)

func TestWalls(t *testing.T) {
	root := ".."
	seen := 0
	for _, dir := range []string{"cmd", "internal", "migrations", "web"} {
		err := filepath.WalkDir(filepath.Join(root, dir), func(file string, d fs.DirEntry, err error) error {
			if err != nil {
				return err
			}
			if d.IsDir() && (d.Name() == "node_modules" || d.Name() == "testdata") {
				return filepath.SkipDir
			}
			if !strings.HasSuffix(file, ".go") {
				return nil
			}
			name, err := filepath.Rel(root, file)
			if err != nil {
				return err
			}
			faults, err := check(filepath.ToSlash(name), nil, file)
			for _, f := range faults {
				t.Error(f)
			}
			seen++
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if seen < 50 {
		t.Errorf("only %d files were looked at: the walls guard nothing", seen)
	}
}

func TestWallsFall(t *testing.T) {
	for name, c := range map[string]struct{ file, source, told string }{
		"an area imports another":     {"internal/qpv/x.go", `package qpv; import _ "portail/internal/adresse"`, "imports internal/adresse"},
		"a leaf imports upwards":      {"internal/lien/x.go", `package lien; import _ "portail/internal/httpx"`, "imports internal/httpx"},
		"web imports the inside":      {"web/x.go", `package web; import _ "portail/internal/lien"`, "imports internal/lien"},
		"the site imports the seed":   {"internal/portail/x.go", `package portail; import _ "portail/internal/seed"`, "imports internal/seed"},
		"an unknown package":          {"internal/util/x.go", `package util`, "no layer"},
		"stray SQL":                   {"internal/qpv/x.go", "package qpv; const q = `\n\tSELECT code FROM qpv`", "SQL outside"},
		"stray SQL in a handler":      {"internal/qpv/x_http.go", "package qpv; const q = `with a as (select 1) select * from a`", "SQL outside"},
		"stray net/http":              {"internal/qpv/x.go", `package qpv; import _ "net/http"`, "net/http outside"},
		"net/http in a store":         {"internal/qpv/x_store.go", `package qpv; import _ "net/http"`, "net/http outside"},
		"a foreign write":             {"internal/qpv/x_store.go", "package qpv; const q = `INSERT INTO valeur (id) VALUES (1)`", "writes valeur"},
		"figures read bare":           {"internal/qpv/x_store.go", "package qpv; const q = `SELECT 1 FROM qpv q JOIN valeur v ON v.qpv_id = q.id`", "a view that masks it"},
		"a foreign update":            {"internal/adresse/x_store.go", "package adresse; const q = `WITH x AS (UPDATE qpv SET nom = 'x' RETURNING 1) SELECT 1`", "writes qpv"},
		"a foreign delete":            {"internal/donnees/x_store.go", "package donnees; const q = `DELETE FROM qpv_label`", "writes qpv_label"},
		"a foreign copy":              {"internal/qpv/x_store.go", `package qpv; import "github.com/jackc/pgx/v5"; var q = pgx.Identifier{"voie"}`, "writes voie"},
		"the write of nobody's table": {"internal/importation/x_store.go", "package importation; const q = `UPDATE inconnue SET a = 1`", "writes inconnue"},
	} {
		faults, err := check(c.file, []byte(c.source), c.file)
		if err != nil {
			t.Errorf("%s: %v", name, err)
		} else if !slices.ContainsFunc(faults, func(f string) bool { return strings.Contains(f, c.told) }) {
			t.Errorf("%s is not stopped: %q", name, faults)
		}
	}
	allowed := "package importation; import _ \"portail/internal/pg\"; const q = `INSERT INTO voie (id) SELECT 1 FROM qpv`; const say = \"Select a file to update\""
	if faults, err := check("internal/importation/x_store.go", []byte(allowed), "x"); err != nil || len(faults) > 0 {
		t.Errorf("what the house allows is stopped: %q, %v", faults, err)
	}
}

// check says what a file does against the walls. name is its path in the repository; source is read from file when nil.
func check(name string, source []byte, file string) ([]string, error) {
	var src any
	if source != nil {
		src = source
	}
	tree, err := parser.ParseFile(token.NewFileSet(), file, src, parser.SkipObjectResolution)
	if err != nil {
		return nil, fmt.Errorf("parse %s: %w", name, err)
	}
	dir, base, test := path.Dir(name), path.Base(name), strings.HasSuffix(name, "_test.go")
	var faults []string
	tell := func(format string, args ...any) { faults = append(faults, name+": "+fmt.Sprintf(format, args...)) }

	own := layer(dir)
	if own < 0 {
		tell("package %s has no layer in archi_test.go", dir)
	}
	for _, spec := range tree.Imports {
		imported, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			return nil, err
		}
		if imported == "net/http" && !test && !strings.HasSuffix(base, "_http.go") && !slices.Contains(httpPackages, dir) {
			tell("net/http outside *_http.go")
		}
		ours, found := strings.CutPrefix(imported, "portail/")
		if !found || test && ours == "internal/portailtest" || test && ours == dir {
			continue
		}
		if !test && layer(ours) >= own {
			tell("imports %s, which stands no lower", ours)
		}
		for _, wall := range neverImports[dir] {
			if !test && strings.HasPrefix(ours+"/", strings.TrimSuffix(wall, "/")+"/") {
				tell("imports %s, which its wall forbids", ours)
			}
		}
	}
	if test || slices.Contains(sqlPackages, dir) {
		return faults, nil // tests arrange what they need
	}
	store := strings.HasSuffix(base, "_store.go")
	ast.Inspect(tree, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.BasicLit:
			if n.Kind != token.STRING {
				return true
			}
			text, err := strconv.Unquote(n.Value)
			if err == nil && figures.MatchString(text) && !slices.Contains(figureReaders, name) {
				tell("reads the table valeur, and not a view that masks it: %.40q", text)
			}
			if err != nil || !statement.MatchString(text) {
				return true
			}
			if !store {
				tell("SQL outside *_store.go: %.40q", text)
				return true
			}
			for _, m := range write.FindAllStringSubmatch(text, -1) {
				checkWrite(tell, dir, m[1])
			}
		case *ast.CompositeLit: // pgx.Identifier{"table"}: a COPY
			if sel, ok := n.Type.(*ast.SelectorExpr); ok && sel.Sel.Name == "Identifier" && len(n.Elts) > 0 {
				if lit, ok := n.Elts[len(n.Elts)-1].(*ast.BasicLit); ok {
					if table, err := strconv.Unquote(lit.Value); err == nil {
						checkWrite(tell, dir, table)
					}
				}
			}
		}
		return true
	})
	return faults, nil
}

// checkWrite tells of a table written by a package that is not its writer. Temporary tables, named tmp_…, belong to whoever
// makes them; "of" and "nothing" come from FOR UPDATE OF and ON CONFLICT DO UPDATE.
func checkWrite(tell func(string, ...any), dir, table string) {
	table = strings.ToLower(table)
	if table == "set" || table == "of" || table == "nowait" || table == "skip" || strings.HasPrefix(table, "tmp_") {
		return
	}
	if writers[table] != dir {
		tell("writes %s, which is the table of %q", table, writers[table])
	}
}

// layer is the height of a package, or -1.
func layer(dir string) int {
	return slices.IndexFunc(layers, func(packages []string) bool { return slices.Contains(packages, dir) })
}
