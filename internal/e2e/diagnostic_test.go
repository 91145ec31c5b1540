package e2e_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"portail/internal/droits"
	"portail/internal/lien"
	"portail/internal/portailtest"
)

// TestDiagnosticJourney takes figures from the spreadsheet of their producer to the public page, and a finding to the shared diagnostic,
// each in the browser of whoever does it; axe-core looks at every page on the way.
func TestDiagnosticJourney(t *testing.T) {
	t.Parallel()
	axe, err := os.ReadFile(filepath.Join(webDir, "node_modules", "axe-core", "axe.min.js"))
	if err != nil {
		t.Fatalf("axe-core is not installed: run `npm ci` in web/ (%v)", err)
	}
	site := portailtest.Site(t, "PORTAIL_NOM="+siteName)
	site.Demo()
	if _, err := site.DB.Exec(t.Context(), `INSERT INTO indicateur (code, libelle, definition, thematique, unite, decimales, nature, sens, producteur, producteur_id, seuil_secret, saut)
		SELECT 'parcours_part', 'Part du parcours', 'Définition.', 'pauvrete_et_droits', '%', 1, 'part', 'defavorable', 'CAF', id, 11, 30 FROM organisme WHERE sigle = 'CAF' AND ferme_le IS NULL`); err != nil {
		t.Fatal(err)
	}
	var remontee int64
	if err := site.DB.QueryRow(t.Context(), `SELECT id FROM remontee WHERE etat = 'en_cours'`).Scan(&remontee); err != nil {
		t.Fatal(err)
	}
	enter := func(courriel string, role droits.Role, organisme string) *tab {
		site.Account(courriel, role, organisme)
		tb := newTab(t, site.URL, look{theme: "light", width: 1280})
		tb.open(lien.Connexion)
		tb.fill("#courriel", courriel)
		tb.fill("#mot_de_passe", portailtest.MotDePasse)
		tb.follow("main form[action='/connexion'] button", lien.TableauDeBord)
		return tb
	}
	see := func(tb *tab, paths ...string) {
		for _, path := range paths {
			tb.open(path)
			tb.accessible(string(axe))
		}
	}
	page := lien.Remontee(remontee)
	press := func(tb *tab, acte, want string) {
		tb.open(page)
		tb.follow(fmt.Sprintf("main form[action=%q] button", page+"/"+acte), page)
		tb.wantText("main", want)
		tb.accessible(string(axe))
	}

	caf := enter("chiffres@caf.test", droits.Referent, "CAF")
	see(caf, lien.Remontees, lien.RemonteesImport, lien.Indicateurs, page)
	paste := func(block, path string) {
		caf.open(page)
		run[bool](caf, `(s => { s.value = [...s.options].find(o => o.text.includes('Part du parcours')).value; return true })(document.querySelector('select[name=colonne]'))`)
		run[bool](caf, fmt.Sprintf(`(e => { e.value = %q; return true })(document.querySelector('textarea[name=bloc]'))`, block))
		caf.follow(fmt.Sprintf("main form[action=%q] button", page+"/coller"), path)
	}
	// A block copied from a spreadsheet is pasted in a cell of the grid, as it is written there: the script lays it over the cells below.
	caf.open(page)
	cell := func(n int) string {
		return fmt.Sprintf(`document.querySelectorAll('input[name^="v.parcours_part."]')[%d]`, n)
	}
	clip := func(n int, block string) {
		run[bool](caf, fmt.Sprintf(`(e => { e.focus(); const d = new DataTransfer(); d.setData('text/plain', %q);
			e.dispatchEvent(new ClipboardEvent('paste', {clipboardData: d, bubbles: true, cancelable: true})); return true })(%s)`, block, cell(n)))
	}
	holds := func(n int, want string) {
		if got := run[string](caf, cell(n)+".value"); got != want {
			t.Errorf("cell %d holds %q, want %q", n, got, want)
		}
	}
	clip(0, strings.Repeat("1\t", 30)+"\n2")
	caf.wantText("[data-grille-avis]", "dépasse la grille")
	holds(0, "")
	clip(0, "31,5\u00a0%\r\n1\u202f032,5\r\n 33 % \r\nenviron\r\n")
	caf.wantText("[data-grille-avis]", "4 cellules collées")
	holds(1, "1\u202f032,5")
	caf.follow("form[data-grille] > button", page)
	caf.wantText("main", "Une part est comprise entre 0 et 100")
	caf.wantText("main", "Ce n’est pas un nombre")
	holds(1, "1\u202f032,5") // as it was typed
	caf.accessible(string(axe))
	clip(1, "32,5 %\n33\n34")
	caf.follow("form[data-grille] > button", page)
	caf.open(page)
	holds(0, "31,5")
	holds(1, "32,5")
	paste("beaucoup\n31", page+"/coller")
	caf.wantText("main", "Part du parcours")
	caf.accessible(string(axe)) // the grid with its faults
	paste("31,5\n32\n33\n34\n35\n36", page)
	// What is left: the other cells, and the places around the quarters.
	caf.open(page)
	run[bool](caf, `(all => { for (const e of all) if (e.value === '') e.value = e.name.startsWith('v.parcours_part.') ? '20' : 'nd'; return true })(document.querySelectorAll('form[data-grille] input[type=text]'))`)
	caf.follow("form[data-grille] > button", page)
	press(caf, "terminer", "prête à certifier")
	press(caf, "certifier", "certifiés")

	staff := enter("mission@prefecture.test", droits.Gestionnaire, "Préfecture des Vosges")
	see(staff, lien.Remontees, lien.RemonteeNouvelle, lien.Indicateurs, lien.IndicateurNouveau, lien.Indicateur("parcours_part"))
	press(staff, "publier", "publiés")

	ars := enter("constats@ars.test", droits.Referent, "ARS")
	see(ars, lien.Diagnostics, lien.Diagnostic(quarter), lien.ConstatNouveau(quarter, "sante", "constat"))
	ars.fill("#texte", "Les habitants attendent longtemps un rendez-vous.")
	ars.follow("main form[method=post] button[type=submit]", lien.Diagnostics)
	ars.open(lien.Diagnostic(quarter))
	ars.wantText("main", "attendent longtemps un rendez-vous")
	ars.wantText("main", "Part du parcours")
	ars.accessible(string(axe))
	onASheet(ars, lien.Diagnostic(quarter))
	comparison := lien.ComparaisonPartagee([]string{"QN08801M", "QN08802M", "QN08803M", "QN08804M", "QN08805M", "QN08806M"}) + "&indicateurs=parcours_part,demo_places_accueil"
	see(ars, comparison, comparison+"&vue=evolution", lien.DiagnosticHistorique(quarter))
	ars.look(look{theme: "light", width: 360})
	for _, path := range []string{comparison, comparison + "&vue=evolution", lien.Diagnostic(quarter), lien.DiagnosticHistorique(quarter)} {
		ars.open(path)
		ars.await(`document.documentElement.scrollWidth <= innerWidth`)
	}

	public := newTab(t, site.URL, look{theme: "light", width: 1280})
	see(public, lien.FicheHistorique(quarter), lien.Fiche(quarter))
	public.await(`document.querySelector('main').textContent.includes('Part du parcours')`)
	for _, tb := range []*tab{staff, ars, public} { // the browser itself tells the refused block of the CAF: a status 422
		tb.quiet()
	}
}
