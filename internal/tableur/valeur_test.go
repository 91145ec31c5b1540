package tableur_test

import (
	"fmt"
	"strings"
	"testing"

	"portail/internal/fault"
	"portail/internal/tableur"
)

// modele is an import of tests: a name, then a column of each kind.
func modele() tableur.Modele {
	return tableur.Modele{
		Code: "essai", Titre: "Essai", Objets: [2]string{"chose", "choses"}, Cles: [][]string{{"nom"}}, Libelle: []string{"nom"},
		Colonnes: []tableur.Colonne{
			{Code: "nom", Titre: "Nom", Synonymes: []string{"Désignation", "Nom de la structure"}, Obligatoire: true, Max: 20},
			{Code: "entier", Titre: "Effectif", Genre: tableur.GenreEntier, Min: tableur.Borne(0), Plus: tableur.Borne(1_000_000)},
			{Code: "montant", Titre: "Montant", Synonymes: []string{"Coût"}, Genre: tableur.GenreDecimal, Decimales: 2},
			{Code: "part", Titre: "Part", Genre: tableur.GenrePourcent, Decimales: 2, Plus: tableur.Borne(100)},
			{Code: "le", Titre: "Date", Genre: tableur.GenreDate},
			{Code: "actif", Titre: "Actif", Genre: tableur.GenreOuiNon},
			{Code: "ouverture", Titre: "Ouverture", Genre: tableur.GenreDate, Annees: [2]int{2000, 2100}},
			{Code: "remarque", Titre: "Remarque"},
			{Code: "sorte", Titre: "Sorte", Genre: tableur.GenreChoix, Choix: []tableur.Choix{{Code: "a", Libelle: "Première", Synonymes: []string{"n°1"}}, {Code: "b", Libelle: "Deuxième"}}},
		},
	}
}

// essayer makes the dry run of one column, written below its heading.
func essayer(t *testing.T, heading string, cell tableur.Cellule) tableur.Essai {
	t.Helper()
	c := tableur.Classeur{Feuilles: []tableur.Feuille{{Rangees: []tableur.Rangee{
		{Numero: 1, Cellules: []tableur.Cellule{{Sorte: tableur.Texte, Texte: "Nom"}, {Sorte: tableur.Texte, Texte: heading}}},
		{Numero: 2, Cellules: []tableur.Cellule{{Sorte: tableur.Texte, Texte: "Une chose"}, cell}},
	}}}}
	m := modele()
	return m.Essayer(c, m.Proposer(c), tableur.Source{}, nil)
}

func TestCellsAreReadAsPeopleWriteThem(t *testing.T) {
	texte := func(s string) tableur.Cellule { return tableur.Cellule{Sorte: tableur.Texte, Texte: s} }
	for _, c := range []struct {
		heading string
		cell    tableur.Cellule
		want    string // canonical, or the beginning of why not
	}{
		{"Montant", texte("1 234,5"), "1234.5"}, {"Montant", texte("1\u00a0234,50"), "1234.5"}, {"Montant", texte("22\u202f810,61 €"), "22810.61"}, {"Montant", texte("−12,00"), "-12"},
		{"Montant", texte("1234.5"), "1234.5"}, {"Montant", texte("+5"), "5"}, {"Montant", texte("-0"), "0"}, {"Montant", texte("007"), "7"},
		{"Montant", tableur.Cellule{Sorte: tableur.Nombre, Texte: "22810.610000000001"}, "22810.61"},
		{"Montant", texte("1,234,5"), "!Ce nombre est ambigu"}, {"Montant", texte("1.234,5"), "!Ce nombre est ambigu"}, {"Montant", texte("12 34"), "!Ce n’est pas un nombre"},
		{"Montant", texte("1,234"), "!Ce nombre a trop de décimales : 2 au plus"}, {"Montant", texte("n.c."), "!Ce n’est pas un nombre : laissez la cellule vide"},
		{"Montant", texte("-"), "!Ce n’est pas un nombre : laissez"}, {"Montant", texte("12 %"), "!Ce n’est pas un nombre"}, {"Montant", texte("1e3"), "!Ce n’est pas un nombre"},
		{"Montant", texte("NaN"), "!Ce n’est pas un nombre"}, {"Montant", texte("99999999999999999999"), "!Ce n’est pas un nombre"},
		{"Montant", tableur.Cellule{Sorte: tableur.Jour, Texte: "2026-01-01"}, "!Ce n’est pas un nombre : la cellule contient une date"},
		{"Montant", tableur.Cellule{Sorte: tableur.Formule, Texte: "=A1*2"}, "!Cette cellule contient une formule : remplacez-la par sa valeur"},
		{"Montant", tableur.Cellule{Sorte: tableur.Erreur, Texte: "#N/A"}, "!Cette cellule contient une erreur du tableur"},
		{"Effectif", texte("12,5"), "!Un nombre entier est attendu"}, {"Effectif", texte("-3"), "!Ce nombre ne peut pas être négatif"}, {"Effectif", texte("2 000 000"), "!Ce nombre est trop grand : 1 000 000 au plus"},
		{"Effectif", texte("12,0"), "12"}, {"Effectif", texte("1 000"), "1000"},
		{"Part", texte("38,4 %"), "38.4"}, {"Part", texte("38,4"), "38.4"}, {"Part", tableur.Cellule{Sorte: tableur.Fraction, Texte: "0.384"}, "38.4"}, {"Part", tableur.Cellule{Sorte: tableur.Fraction, Texte: "0.29"}, "29"},
		{"Part", texte("120 %"), "!Ce nombre est trop grand"},
		{"Effectif", tableur.Cellule{Sorte: tableur.Fraction, Texte: "0.5"}, "!Cette cellule contient un pourcentage"},
		{"Date", texte("22/11/2026"), "2026-11-22"}, {"Date", texte("1/2/24"), "2024-02-01"}, {"Date", texte("22-11-2026"), "2026-11-22"}, {"Date", texte("22.11.2026"), "2026-11-22"},
		{"Date", texte("2026-11-22"), "2026-11-22"}, {"Date", texte("2026-11-22T00:00:00"), "2026-11-22"}, {"Date", texte("1er août 2026"), "2026-08-01"}, {"Date", texte("22 NOVEMBRE 2026"), "2026-11-22"},
		{"Date", texte("3 févr. 2026"), "2026-02-03"}, {"Date", tableur.Cellule{Sorte: tableur.Nombre, Texte: "45292"}, "2024-01-01"}, {"Date", texte("45292"), "2024-01-01"},
		{"Date", tableur.Cellule{Sorte: tableur.Jour, Texte: "2026-11-22"}, "2026-11-22"},
		{"Date", texte("11/22/2026"), "!Cette date n’existe pas : le jour vient avant le mois"}, {"Date", texte("31/02/2026"), "!Cette date n’existe pas : ce mois"}, {"Date", texte("3 jui 2026"), "!Cette date n’existe pas"},
		{"Date", texte("22/11/1026"), "!Vérifiez l’année"}, {"Date", texte("2026"), "!Ce n’est pas une date"}, {"Date", texte("bientôt"), "!Ce n’est pas une date"},
		{"Actif", texte("Oui"), "oui"}, {"Actif", texte("x"), "oui"}, {"Actif", texte("FAUX"), "non"}, {"Actif", tableur.Cellule{Sorte: tableur.Logique, Texte: "true"}, "oui"}, {"Actif", texte("peut-être"), "!Écrivez oui ou non"},
		{"Remarque", tableur.Cellule{Sorte: tableur.Fraction, Texte: "0.5714"}, "57,14 %"}, {"Remarque", tableur.Cellule{Sorte: tableur.Fraction, Texte: "0.29"}, "29 %"}, {"Remarque", tableur.Cellule{Sorte: tableur.Jour, Texte: "2026-11-22"}, "22/11/2026"},
		{"Ouverture", texte("31/12/1999"), "!Vérifiez l’année de cette date : elle est entre 2000 et 2100"}, {"Ouverture", texte("01/01/2101"), "!Vérifiez l’année"}, {"Ouverture", texte("1/1/2000"), "2000-01-01"},
		{"Sorte", texte("DEUXIEME"), "b"}, {"Sorte", texte("N° 1"), "a"}, {"Sorte", texte("troisième"), "!Cette valeur n’est pas dans la liste : Première, Deuxième"},
	} {
		e := essayer(t, c.heading, c.cell)
		got := ""
		switch {
		case len(e.Fautes) == 1 && len(e.Ecarts) == 0:
			got = "!" + e.Fautes[0].Phrase
			if e.Fautes[0].Ligne != 2 || e.Fautes[0].Colonne != "B" {
				t.Errorf("%s %q: the fault is at line %d, column %s", c.heading, c.cell.Texte, e.Fautes[0].Ligne, e.Fautes[0].Colonne)
			}
		case len(e.Ecarts) == 1:
			for code, text := range e.Ecarts[0].Apres.Valeurs {
				if code != "nom" {
					got = text
				}
			}
		}
		got = strings.ReplaceAll(got, "\u00a0", " ")
		if strings.HasPrefix(c.want, "!") && !strings.HasPrefix(got, c.want) || !strings.HasPrefix(c.want, "!") && got != c.want {
			t.Errorf("%s %q is read %q, want %q", c.heading, c.cell.Texte, got, c.want)
		}
	}
}

func TestHeadingsAreRecognisedWhateverTheirOrder(t *testing.T) {
	for heads, want := range map[string]string{
		"NOM;EFFECTIF":         "nom=0 entier=1",
		"effectif;désignation": "nom=1 entier=0",
		"Coût total (€);Nom de la structure porteuse": "nom=1 montant=0",
		"Colonne 1;Colonne 2":                         "",
		"Nom;Nom de la structure":                     "nom=0",
		"Date;Date de fin":                            "le=0",
		"n°;  DATE  ;Part des femmes;Nom":             "nom=3 part=2 le=1",
	} {
		row := tableur.Rangee{Numero: 3}
		for _, h := range strings.Split(heads, ";") {
			row.Cellules = append(row.Cellules, tableur.Cellule{Sorte: tableur.Texte, Texte: h})
		}
		title := tableur.Rangee{Numero: 1, Cellules: []tableur.Cellule{{Sorte: tableur.Texte, Texte: "Tableau de suivi"}}}
		m := modele()
		k := m.Proposer(tableur.Classeur{Feuilles: []tableur.Feuille{{Rangees: []tableur.Rangee{title, row}}}})
		var got []string
		for _, c := range m.Colonnes {
			if place, read := k.Colonnes[c.Code]; read {
				got = append(got, fmt.Sprintf("%s=%d", c.Code, place))
			}
		}
		if strings.Join(got, " ") != want || want != "" && k.Entete != 1 {
			t.Errorf("%q: %v on row %d, want %s", heads, got, k.Entete, want)
		}
	}
}

func TestTheSheetThatLooksRightIsProposed(t *testing.T) {
	row := func(cells ...string) tableur.Rangee {
		r := tableur.Rangee{Numero: 1}
		for _, c := range cells {
			r.Cellules = append(r.Cellules, tableur.Cellule{Sorte: tableur.Texte, Texte: c})
		}
		return r
	}
	c := tableur.Classeur{Feuilles: []tableur.Feuille{{Nom: "Notice", Rangees: []tableur.Rangee{row("À lire")}}, {Nom: "Données", Rangees: []tableur.Rangee{row("Nom", "Date")}}}}
	if k := modele().Proposer(c); k.Feuille != 1 || len(k.Colonnes) != 2 {
		t.Errorf("%+v", k)
	}
}

func TestADryRunTellsWhatWouldBecomeOfEachRow(t *testing.T) {
	texte := func(cells ...string) (r tableur.Rangee) {
		for _, c := range cells {
			cell := tableur.Cellule{}
			if c != "" {
				cell = tableur.Cellule{Sorte: tableur.Texte, Texte: c}
			}
			r.Cellules = append(r.Cellules, cell)
		}
		return r
	}
	rows := []tableur.Rangee{texte("Nom", "Effectif"), texte("ALPHA", "5"), texte("Bêta", ""), texte("gamma", "8"), texte("", "")}
	for i := range rows {
		rows[i].Numero = i + 1
	}
	c := tableur.Classeur{Feuilles: []tableur.Feuille{{Rangees: rows}}}
	source := tableur.Source{Lignes: []tableur.Ligne{
		{ID: 1, Valeurs: map[string]string{"nom": "ALPHA", "entier": "4", "montant": "7"}}, {ID: 2, Valeurs: map[string]string{"nom": "Bêta", "entier": "3"}}, {ID: 3, Valeurs: map[string]string{"nom": "Delta"}},
	}, Juger: func(after tableur.Ligne, before *tableur.Ligne) fault.Fields {
		if before == nil && after.Val("entier") == "8" {
			return fault.Fields{"": "Ligne refusée."}
		}
		return nil
	}}
	m := modele()
	e := m.Essayer(c, m.Proposer(c), source, nil)
	if e.Lignes != 3 || e.Identiques != 1 || e.Compte(tableur.SorteChangement) != 1 || e.Compte(tableur.SorteDisparu) != 1 || e.Compte(tableur.SorteAjout) != 0 || len(e.Fautes) != 1 {
		t.Fatalf("%+v", e)
	}
	change := e.Changements()[0]
	if change.Apres.ID != 1 || change.Apres.Val("entier") != "5" || change.Apres.Val("montant") != "7" || len(change.Champs) != 1 || change.Champs[0] != (tableur.Champ{Code: "entier", Titre: "Effectif", Avant: "4", Apres: "5"}) {
		t.Errorf("an empty or absent cell must leave what is there: %+v", change)
	}
	if f := e.Fautes[0]; f.Ligne != 4 || f.Phrase != "Ligne refusée." || f.Colonne != "" {
		t.Errorf("fault of a row: %+v", f)
	}
	first, err := e.Empreinte()
	if err != nil {
		t.Fatal(err)
	}
	source.Lignes[1].Valeurs["entier"] = "2" // another value, still left alone by the file
	if again, _ := m.Essayer(c, m.Proposer(c), source, nil).Empreinte(); string(again) != string(first) {
		t.Error("what the file does not touch makes it stale")
	}
	source.Lignes[0].Valeurs["entier"] = "6"
	if again, _ := m.Essayer(c, m.Proposer(c), source, nil).Empreinte(); string(again) == string(first) {
		t.Error("another change has the same seal")
	}
}

func FuzzEssayer(f *testing.F) {
	f.Add("1 234,5", byte('t'))
	f.Add("22/11/2026", byte('t'))
	f.Add("45292", byte('n'))
	f.Add("=1+1", byte('f'))
	f.Fuzz(func(t *testing.T, text string, kind byte) {
		m := modele()
		for _, c := range m.Colonnes[1:] {
			e := essayer(t, c.Titre, tableur.Cellule{Sorte: tableur.Sorte(kind), Texte: text})
			for _, fault := range e.Fautes {
				if fault.Phrase == "" {
					t.Fatalf("refused without a word: %+v", fault)
				}
			}
		}
	})
}
