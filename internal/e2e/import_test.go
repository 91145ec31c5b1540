package e2e_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"portail/internal/droits"
	"portail/internal/lien"
	"portail/internal/portailtest"
)

// TestImportJourney takes a spreadsheet in as an agent does: faults named by cell, the file corrected, what would change looked at, then
// applied; with the scripts of the site, and without. Each page is looked at.
func TestImportJourney(t *testing.T) {
	axe, err := os.ReadFile(filepath.Join(webDir, "node_modules", "axe-core", "axe.min.js"))
	if err != nil {
		t.Fatalf("axe-core is not installed: run `npm ci` in web/ (%v)", err)
	}
	for _, noScript := range []bool{false, true} {
		name := "with scripts"
		if noScript {
			name = "without scripts"
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			site := portailtest.Site(t, "PORTAIL_NOM="+siteName)
			tb := newTab(t, site.URL, look{theme: "light", width: 1280, noScript: noScript})
			look := func() {
				if !noScript {
					tb.accessible(string(axe))
				}
			}
			const courriel = "gestion@prefecture.test"
			site.Account(courriel, droits.Gestionnaire, "Préfecture des Vosges")
			if _, err := site.DB.Exec(t.Context(), `INSERT INTO organisme (nom, nature) VALUES ('Centre social d’essai', 'association')`); err != nil {
				t.Fatal(err)
			}
			tb.open(lien.Connexion)
			tb.fill("#courriel", courriel)
			tb.fill("#mot_de_passe", portailtest.MotDePasse)
			tb.follow("main form[action='/connexion'] button", lien.TableauDeBord)

			send := func(content string) {
				file := filepath.Join(t.TempDir(), "postes.csv")
				if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
					t.Fatal(err)
				}
				tb.do(chromedp.SetUploadFiles("#fichier", []string{file}))
				tb.follow("main form[enctype] button", lien.AdultesRelaisImport+"/")
				look()
				tb.follow("main form[action$='/colonnes'] button", lien.AdultesRelaisImport+"/")
				look()
			}
			const heads = "Suivi 2026;;;;;;\nN° convention;Structure;QPV;Mission;Début;Fin;Signature\n"
			tb.open(lien.AdultesRelais)
			tb.follow("main a[href='"+lien.AdultesRelaisImport+"']", lien.AdultesRelaisImport)
			look()
			send(heads + "AR-1;Centre social d’essai;QN08801M;Accueil;01/01/2026;31/12/2029;15/12/2025\nAR-2;Inconnu;QN08801M;Accueil;01/01/2026;31/12/2028;15/12/2025\n")
			tb.wantText("main .fr-alert--error", "2 erreurs à corriger")
			tb.wantText("#ecarts", "Une convention dure trois ans au plus")
			tb.wantText("#ecarts", "Organisme inconnu du portail")
			if text := tb.download(`a[href$="/erreurs.csv"]`); !strings.Contains(text, "4;B;Employeur;Inconnu") {
				t.Errorf("the faults as a file: %.300s", text)
			}
			send(heads + "AR-1;Centre social d’essai;QN08801M;Accueil;01/01/2026;31/12/2028;15/12/2025\nAR-2;CENTRE SOCIAL D'ESSAI;QN08801M;Accueil;01/01/2026;31/12/2028;15/12/2025\n")
			tb.wantText(".chiffres", "À ajouter")
			tb.wantText("#resultats", "2 lignes à ajouter")
			tb.follow("main form[action$='/appliquer'] button", lien.AdultesRelaisImport+"/")
			tb.wantText("main", "L’import est appliqué")
			look()
			tb.follow("main a.fr-btn[href='"+lien.AdultesRelais+"']", lien.AdultesRelais)
			tb.wantText("main table", "AR-1")
			tb.wantText("main table", "AR-2")
			tb.open(lien.AdultesRelaisImport)
			look()
		})
	}
}
