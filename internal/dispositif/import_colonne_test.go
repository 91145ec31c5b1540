package dispositif_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// ligneImport is a good row of the import of conventions with one cell changed; ok is false when the column is unknown.
func ligneImport(column, cell string) (heads, row string) {
	names := []string{"N° convention", "Structure", "Catégorie", "QPV", "Commune", "Mission", "Précisions", "ETP", "Date début convention", "Échéance", "Date de signature", "Embauche", "Conditions vérifiées le", "Départ", "N° ASP"}
	cells := []string{"AR-1", "CSE", "association", "QN08801M", "Épinal", "Accueil", "Au centre", "0,8", "01/01/2026", "31/12/2028", "15/12/2025", "01/02/2026", "20/01/2026", "30/06/2026", "ASP-1"}
	if at := slices.Index(names, column); at >= 0 {
		cells[at] = cell
	}
	return strings.Join(names, ";") + "\n", strings.Join(cells, ";") + "\n"
}

// Each column of the import of conventions, with what must be refused of it: the sentence names the cell, and stands whatever the
// others hold. An empty want is a cell that is taken.
func TestEachColumnOfTheImportOfConventions(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	employeurs(t, s.Visitor)
	type refusal struct{ column, cell, want string }
	all := []refusal{
		{"", "", ""}, // the row itself is good
		{"N° convention", "", "Cette cellule est vide alors qu’elle est obligatoire"}, {"N° convention", strings.Repeat("9", 41), "40 caractères au plus"}, {"N° convention", "=A1", "ressemble à une formule"},
		{"Structure", "", "obligatoire"}, {"Structure", "Inconnue", "Organisme inconnu"}, {"Structure", "DE", "ne peut pas employer d’adulte-relais (code du travail, art. L. 5134-101"},
		{"Catégorie", "hôpital", "ne va pas avec la nature de l’employeur"}, {"Catégorie", "licorne", "n’est pas dans la liste"}, {"Catégorie", "", ""},
		{"QPV", "QN99999Z", "Quartier inconnu"}, {"QPV", "=QN08801M", "ressemble à une formule"}, {"QPV", "", ""}, // the commune is enough
		{"Commune", "Atlantide", "Territoire inconnu"}, {"Commune", "", ""},
		{"Mission", "Jardinage", "Aucune mission n’est reconnue"}, {"Mission", "", "au moins une mission"},
		{"Précisions", strings.Repeat("é", 2001), "2 000 caractères au plus"}, {"Précisions", "@commande", "ressemble à une formule"}, {"Précisions", "Ã‰pinal", "abîmé par un changement d’encodage"},
		{"ETP", "300", "entre 50 % et 100 %"}, {"ETP", "300 %", "entre 50 % et 100 %"}, {"ETP", "3", "entre 50 % et 100 %"}, {"ETP", "49,99", "entre 50 % et 100 %"}, {"ETP", "100,01", "entre 50 % et 100 %"},
		{"ETP", "0,49", "entre 50 % et 100 %"}, {"ETP", "0", "entre 50 % et 100 %"}, {"ETP", "-80", "n’est pas un temps de travail"}, {"ETP", "NaN", "n’est pas un temps de travail"},
		{"ETP", "Inf", "n’est pas un temps de travail"}, {"ETP", "1e2", "n’est pas un temps de travail"}, {"ETP", "0x50", "n’est pas un temps de travail"}, {"ETP", "1 %", "entre 50 % et 100 %"}, {"ETP", "35 h", "n’est pas un temps de travail"},
		{"ETP", "", ""}, {"ETP", "57,14 %", ""}, {"ETP", "80\u00a0%", ""}, {"ETP", "80\u202f%", ""}, {"ETP", "0,5714", ""}, {"ETP", "1", ""}, {"ETP", "0.5 ETP", ""}, {"ETP", "Mi-temps", ""}, {"ETP", "50", ""},
		{"Date début convention", "", "obligatoire"}, {"Date début convention", "01/01/1926", "Vérifiez l’année de cette date : elle est entre 2000 et 2100"}, {"Date début convention", "01/13/2026", "le jour vient avant le mois"},
		{"Date début convention", "2026", "n’est pas une date"}, {"Date début convention", "01/01/0026", "Vérifiez l’année"},
		{"Échéance", "", "obligatoire"}, {"Échéance", "01/01/2029", "trois ans au plus"}, {"Échéance", "31/12/2128", "Vérifiez l’année de cette date : elle est entre 2000 et 2100"}, {"Échéance", "31/12/2025", "La fin vient avant le début"},
		{"Échéance", "31/02/2028", "ce mois n’a pas autant de jours"},
		{"Date de signature", "", "obligatoire"}, {"Date de signature", "15/12/1925", "Vérifiez l’année"}, {"Date de signature", "15/12/2099", "Cette date est à venir"}, {"Date de signature", "oui", "n’est pas une date"},
		{"Embauche", "01/12/2025", "L’embauche ne peut pas précéder la signature de la convention"}, {"Embauche", "01/01/2029", "en dehors de la convention"}, {"Embauche", "01/02/1926", "Vérifiez l’année"},
		{"Embauche", "", "Dites depuis quand le poste était occupé"}, {"Embauche", "bientôt", "n’est pas une date"},
		{"Conditions vérifiées le", "02/02/2026", "au plus tard le jour de l’embauche"}, {"Conditions vérifiées le", "20/01/1926", "Vérifiez l’année"}, {"Conditions vérifiées le", "oui", "n’est pas une date"}, {"Conditions vérifiées le", "", ""},
		{"Départ", "31/01/2026", "ne peut pas précéder l’embauche"}, {"Départ", "01/01/2029", "prend fin le 31 décembre 2028"}, {"Départ", "30/06/1926", "Vérifiez l’année"}, {"Départ", "", ""},
		{"N° ASP", strings.Repeat("9", 41), "40 caractères au plus"}, {"N° ASP", "+cmd|", "ressemble à une formule"}, {"N° ASP", "", ""},
	}
	var file strings.Builder
	for i, c := range all {
		heads, row := ligneImport(c.column, c.cell)
		if i == 0 {
			file.WriteString(heads)
		}
		if c.column != "N° convention" {
			row = strings.Replace(row, "AR-1;", fmt.Sprintf("AR-%d;", i+1), 1)
		}
		file.WriteString(row)
	}
	_, page := importer(t, s.Gestion, importAR, "postes.csv", file.String())
	told := map[int][]string{}
	for {
		for _, tr := range page.Find("#ecarts tbody tr").EachIter() {
			var row int
			if _, err := fmt.Sscanf(clean(tr.Find("th").Text()), "Ligne %d", &row); err == nil {
				told[row] = append(told[row], clean(tr.Text()))
			}
		}
		next, more := page.Find("a.fr-pagination__link--next[href]").Attr("href")
		if !more {
			break
		}
		page = s.Gestion.Get(next).Want(200)
	}
	for i, c := range all {
		got := strings.Join(told[i+2], " | ")
		switch {
		case c.want == "" && got != "":
			t.Errorf("%s = %q is refused: %s", c.column, c.cell, got)
		case !strings.Contains(got, c.want):
			t.Errorf("%s = %.60q: told %q, want %q", c.column, c.cell, got, c.want)
		case c.want != "" && !strings.Contains(got, "colonne "):
			t.Errorf("%s = %.60q: %q names no column", c.column, c.cell, got)
		}
	}
	if n := s.Value(`SELECT count(*) FROM adulte_relais`); n != "0" {
		t.Errorf("%s were written", n)
	}
}

// A cell out of bounds is told beside another that cannot be read, and beside what the law says of the row.
func TestFaultsOfARowAreToldTogether(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	employeurs(t, s.Visitor)
	heads, row := ligneImport("Date de signature", "hier")
	_, page := importer(t, s.Gestion, importAR, "postes.csv", heads+strings.Replace(strings.Replace(row, ";0,8;", ";300;", 1), "01/01/2026", "01/01/1926", 1))
	got := page.Fautes()
	for _, want := range []string{"2 Début de la convention colonne I 01/01/1926 Vérifiez l’année de cette date", "2 Signée le colonne K hier", "2 Temps de travail colonne H 300 Le poste est au moins à mi-temps : entre 50 % et 100 %"} {
		if !strings.Contains(got, want) {
			t.Errorf("the faults lack %q: %s", want, got)
		}
	}
	heads, row = ligneImport("Structure", "DE")
	_, page = importer(t, s.Gestion, importAR, "postes.csv", heads+strings.Replace(row, "31/12/2028", "31/12/2029", 1))
	got = page.Fautes()
	for _, want := range []string{"2 Employeur colonne B DE", "2 Fin de la convention colonne J 31/12/2029 Une convention dure trois ans au plus"} {
		if !strings.Contains(got, want) {
			t.Errorf("the faults lack %q: %s", want, got)
		}
	}
}

// Each column of the import of yearly counts.
func TestEachColumnOfTheImportOfCounts(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	programmeEssai(t, s.Visitor, "Programme d’essai", "CCAS d’essai")
	names := []string{"Programme", "Année", "Filles, 2 à 5 ans", "Filles, 6 à 10 ans", "Filles, 11 à 16 ans", "Garçons, 2 à 5 ans", "Garçons, 6 à 10 ans", "Garçons, 11 à 16 ans"}
	type refusal struct {
		at         int
		cell, want string
	}
	all := []refusal{{0, "", "obligatoire"}, {0, "Autre", "Programme inconnu"}, {1, "", "obligatoire"}, {1, "1999", "trop petit"}, {1, "2999", "trop grand"}, {1, "2019", "ne couvre pas cette année"}, {1, "2025,5", "nombre entier"}, {1, "l’an dernier", "n’est pas un nombre"}}
	for at := 2; at < len(names); at++ {
		all = append(all, refusal{at, "", "Cette cellule est vide"}, refusal{at, "-1", "entre 0 et"}, refusal{at, "1,5", "entre 0 et"}, refusal{at, "100001", "entre 0 et"}, refusal{at, "99999999999999999999", "entre 0 et"},
			refusal{at, "Léa", "ressemble à un nom de personne"}, refusal{at, "=1+1", "ressemble à une formule"}, refusal{at, "nc", "laissez la cellule vide"})
	}
	for _, c := range all {
		cells := []string{"Programme d’essai", fmt.Sprint(annee), "3", "20", "30", "12", "15", "40"}
		cells[c.at] = c.cell
		_, page := importer(t, s.Gestion, "/suivi/reussite-educative/import", "pre.csv", strings.Join(names, ";")+"\n"+strings.Join(cells, ";")+"\n")
		if got := page.Fautes(); !strings.HasPrefix(got, "2 "+names[c.at]) || !strings.Contains(got, c.want) {
			t.Errorf("%s = %q: told %q, want %q", names[c.at], c.cell, got, c.want)
		}
	}
	if n := s.Value(`SELECT count(*) FROM pre_annee`); n != "0" {
		t.Errorf("%s returns were written", n)
	}
}
