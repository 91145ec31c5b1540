package dispositif

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/jackc/pgx/v5"

	"portail/internal/droits"
	"portail/internal/fault"
	"portail/internal/lien"
	"portail/internal/tableur"
	"portail/web"
	"portail/web/typo"
)

// ImportAgregats is the import of yearly counts: one row a programme and year, one column a count. Whatever looks like data about a
// person is refused.
func (s *Service) ImportAgregats() tableur.Modele {
	m := tableur.Modele{
		Code: "reussite-educative", Titre: "Importer des agrégats de réussite éducative", Base: lien.PREAgregatsImport, Droit: droits.PREAgregatSaisir,
		Intro:  "Une ligne par programme et par année, une colonne par effectif. Aucune donnée sur un enfant ne s’importe" + typo.NBSP + ": un fichier qui en contient est refusé.",
		Retour: web.Lien{Texte: "Réussite éducative", Href: lien.ReussiteEducative}, Objets: [2]string{"retour annuel", "retours annuels"},
		Colonnes: []tableur.Colonne{
			{Code: "programme", Titre: "Programme", Synonymes: []string{"PRE", "nom du programme", "dispositif"}, Aide: "Nom du programme dans le portail, ou de son porteur.", Genre: tableur.GenreRenvoi, Obligatoire: true},
			{Code: "annee", Titre: "Année", Synonymes: []string{"exercice", "année civile"}, Genre: tableur.GenreEntier, Min: tableur.Borne(premiereAnneePRE), Plus: tableur.Borne(float64(typo.Aujourdhui().Year())), Obligatoire: true},
		},
		Cles: [][]string{{"programme", "annee"}}, Libelle: []string{"programme", "annee"},
		Interdits: []string{"nom de l enfant", "noms", "prenom", "prenoms", "naissance", "enfant", "eleve", "famille", "parent", "parents", "adresse", "telephone"},
		Disparus:  "Ces retours ne sont pas dans votre fichier. L’import les laisse tels quels.",
		Ouvrir:    s.ouvrirImportAgregats, Ecrire: s.ecrireImportAgregats,
	}
	example := []string{"Nom du programme (exemple à effacer)", strconv.Itoa(typo.Aujourdhui().Year() - 1)}
	for _, f := range saisiesAgregat {
		c := tableur.Colonne{Code: f.Champ, Titre: f.Libelle, Aide: f.Groupe + ".", Lire: lireEffectif, Obligatoire: f.Rubrique.Sexe != ""}
		if f.Rubrique.Sexe == "" {
			c.Titre = f.Groupe + typo.NBSP + ": " + strings.ToLower(f.Libelle[:1]) + f.Libelle[1:]
			c.Aide = "Laissez vides toutes les colonnes de cette rubrique, ou aucune."
			c.Synonymes = []string{f.Libelle}
			if f.Rubrique.Duree == "autre" || f.Rubrique.Sortie == "autre" {
				c.Synonymes = []string{"autre sortie", "autre motif"}
			}
		}
		m.Colonnes = append(m.Colonnes, c)
		example = append(example, "0")
	}
	m.Exemple = [][]string{example}
	return m
}

// lireEffectif reads a count. Letters are no count: what is neither a number nor a word of spreadsheets is taken for somebody's name.
func lireEffectif(texte string) (string, string) {
	digits := strings.Map(func(c rune) rune {
		if unicode.IsSpace(c) {
			return -1
		}
		return c
	}, texte)
	if n, err := strconv.ParseInt(digits, 10, 64); err == nil && n >= 0 && n <= maxParcours && !strings.HasPrefix(digits, "+") {
		return strconv.FormatInt(n, 10), ""
	}
	letters := 0
	for _, c := range texte {
		if unicode.IsLetter(c) {
			letters++
		}
	}
	switch {
	case slices.Contains([]string{"nc", "n c", "nd", "neant", "inconnu"}, tableur.Normaliser(texte)):
		return "", "Ce n’est pas un effectif" + typo.NBSP + ": laissez la cellule vide quand il n’est pas connu."
	case letters >= 2:
		return "", "Ce texte ressemble à un nom de personne" + typo.NBSP + ": seuls des effectifs s’importent, jamais le nom d’un enfant."
	}
	return "", "Un effectif est un nombre entier entre 0 et " + typo.Nombre(maxParcours) + "."
}

// valeursAgregat are the counts of a return in the words of the import: those that are typed in.
func (e effectifs) valeursAgregat(pre int64, annee int16) map[string]string {
	v := map[string]string{"programme": strconv.FormatInt(pre, 10), "annee": strconv.Itoa(int(annee))}
	for _, f := range saisiesAgregat {
		if n, given := e[f.Rubrique]; given {
			v[f.Champ] = strconv.FormatInt(n, 10)
		}
	}
	return v
}

// effectifsDe are the counts of a row.
func effectifsDe(l tableur.Ligne) effectifs {
	e := effectifs{}
	for _, f := range saisiesAgregat {
		if n, err := strconv.ParseInt(l.Val(f.Champ), 10, 64); err == nil {
			e[f.Rubrique] = n
		}
	}
	return e
}

func (s *Service) ouvrirImportAgregats(ctx context.Context, tx pgx.Tx, par droits.Compte) (tableur.Source, error) {
	programmes, returns, err := readImportAgregats(ctx, tx, par)
	if err != nil {
		return tableur.Source{}, err
	}
	byID, byName := map[int64]programme{}, map[string][]int64{}
	for _, p := range programmes {
		byID[p.ID] = p
		for _, name := range []string{p.Nom, p.Porteur} {
			if key := tableur.Normaliser(name); !slices.Contains(byName[key], p.ID) {
				byName[key] = append(byName[key], p.ID)
			}
		}
	}
	source := tableur.Source{
		Lire: map[string]func(string) (string, string){"programme": func(texte string) (string, string) {
			switch ids := byName[tableur.Normaliser(texte)]; len(ids) {
			case 1:
				return strconv.FormatInt(ids[0], 10), ""
			case 0:
				return "", "Programme inconnu du portail, ou qui n’est pas le vôtre" + typo.NBSP + ": écrivez son nom comme sur sa fiche."
			}
			return "", "Plusieurs programmes portent ce nom" + typo.NBSP + ": écrivez celui de la fiche."
		}},
		Montre: map[string]func(string) string{
			"programme": func(text string) string {
				id, _ := strconv.ParseInt(text, 10, 64) // canonical
				return byID[id].Nom
			},
			"annee": func(text string) string { return text },
		},
		Juger: func(after tableur.Ligne, _ *tableur.Ligne) fault.Fields {
			f := fault.Fields{}
			id, _ := strconv.ParseInt(after.Val("programme"), 10, 64) // canonical
			if year, _ := strconv.Atoi(after.Val("annee")); !slices.Contains(byID[id].annees(), year) {
				f.Add("annee", "Le programme ne couvre pas cette année.")
			}
			_ = effectifsDe(after).check(f) // its faults are those of f
			return f
		},
	}
	for _, r := range returns {
		var rows []caseRow
		if err := json.Unmarshal(r.Effectifs, &rows); err != nil {
			return source, fmt.Errorf("counts of programme %d: %w", r.PreID, err)
		}
		e := effectifs{}
		for _, row := range rows {
			e[row.rubrique()] = *row.Effectif
		}
		source.Lignes = append(source.Lignes, tableur.Ligne{ID: r.PreID, Valeurs: e.valeursAgregat(r.PreID, r.Annee)})
	}
	return source, nil
}

// ecrireImportAgregats writes the returns of the file as the form does, one by one: there are as many as programmes and years.
func (s *Service) ecrireImportAgregats(ctx context.Context, tx pgx.Tx, par droits.Compte, changes []tableur.Ecart) error {
	for _, c := range changes {
		id, _ := strconv.ParseInt(c.Apres.Val("programme"), 10, 64) // canonical
		year, _ := strconv.ParseInt(c.Apres.Val("annee"), 10, 16)
		p, err := lockProgramme(ctx, tx, id)
		if err != nil {
			return err
		}
		kept, _, err := readRetour(ctx, tx, id, int(year))
		if err != nil {
			return err
		}
		next := kept
		next.Annee = int16(year)
		next.Publie = kept.Publie && par.Peut(droits.DispositifModifier)
		if err := ecrireRetour(ctx, tx, par, p, kept, next, effectifsDe(c.Apres).entier()); err != nil {
			return fmt.Errorf("counts of programme %d for %d: %w", id, year, err)
		}
	}
	return nil
}
