package diagnostic

import (
	"context"
	"errors"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"

	"portail/internal/droits"
	"portail/internal/fault"
	"portail/internal/lien"
	"portail/internal/tableur"
	"portail/web"
	"portail/web/typo"
)

// Import is the import of figures from a spreadsheet: one row, one figure of a place. It fills the open returns of the organisation of
// whoever sends the file, by the same rules as the grid.
func (s *Service) Import() tableur.Modele {
	return tableur.Modele{
		Code: "remontees", Titre: "Importer des chiffres", Base: lien.RemonteesImport, Droit: droits.RemonteeSaisir,
		Intro:  "Remplissez vos remontées ouvertes à partir d’un tableau" + typo.NBSP + ": une ligne par chiffre. Rien n’est certifié ni publié par l’import.",
		Retour: web.Lien{Texte: "Remontées de chiffres", Href: lien.Remontees}, Objets: [2]string{"chiffre", "chiffres"},
		Colonnes: []tableur.Colonne{
			{Code: "periode", Titre: "Période", Synonymes: []string{"millésime", "année", "annee", "trimestre"}, Aide: "2025, ou 2025-T3.", Genre: tableur.GenreRenvoi, Obligatoire: true},
			{Code: "lieu", Titre: "Lieu", Synonymes: []string{"quartier", "QPV", "code", "territoire", "code_qp", "commune"}, Aide: "Code ou nom du quartier ou du territoire.", Genre: tableur.GenreRenvoi, Obligatoire: true},
			{Code: "indicateur", Titre: "Indicateur", Aide: "Code ou libellé du catalogue.", Genre: tableur.GenreRenvoi, Obligatoire: true},
			{Code: "valeur", Titre: "Valeur", Synonymes: []string{"chiffre", "nombre"}, Aide: "Tapez nd où le chiffre n’existe pas.", Lire: lireCase},
			{Code: "numerateur", Titre: "Numérateur", Aide: "Pour une part remontée par ses deux termes.", Lire: lireCase},
			{Code: "denominateur", Titre: "Dénominateur", Lire: lireCase},
			{Code: "mot", Titre: "Mot sur la variation", Synonymes: []string{"commentaire", "explication"}, Max: maxWord},
		},
		Cles: [][]string{{"periode", "lieu", "indicateur"}}, Libelle: []string{"indicateur", "lieu", "periode"},
		Disparus: "Ces chiffres sont déjà dans vos remontées et ne sont pas dans votre fichier. L’import les laisse tels quels.",
		Exemple:  [][]string{{"2025", "QN08801M", "exemple_a_effacer", "120", "", "", ""}},
		Ouvrir:   s.ouvrirImport, Ecrire: s.ecrireImport,
	}
}

// lireCase writes a number as the grid does, so that a file and what is kept compare; the grid's own rules judge it with its indicator.
func lireCase(texte string) (string, string) {
	if simple.MatchString(texte) {
		if v, err := strconv.ParseFloat(strings.Replace(texte, ",", ".", 1), 64); err == nil {
			return nombreEcrit(&v), ""
		}
	}
	return texte, ""
}

// grilles are the open returns of an organisation, by their number as text.
type grilles map[string]grille

func readGrilles(ctx context.Context, tx pgx.Tx, par droits.Compte) (grilles, error) {
	open, err := listOuvertes(ctx, tx, par)
	if err != nil {
		return nil, err
	}
	all := grilles{}
	for _, r := range open {
		if all[strconv.FormatInt(r.ID, 10)], err = readGrille(ctx, tx, r); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// code is the period as files write it: 2025, 2025-T3.
func (r Remontee) code() string {
	if r.Trimestre == nil {
		return strconv.Itoa(r.Millesime)
	}
	return strconv.Itoa(r.Millesime) + "-T" + strconv.Itoa(*r.Trimestre)
}

func (s *Service) ouvrirImport(ctx context.Context, tx pgx.Tx, par droits.Compte) (tableur.Source, error) {
	all, err := readGrilles(ctx, tx, par)
	if err != nil {
		return tableur.Source{}, err
	}
	names := map[string]map[string]string{"periode": {}, "lieu": {}, "indicateur": {}} // folded text → canonical one
	shown := map[string]map[string]string{"periode": {}, "lieu": {}, "indicateur": {}}
	know := func(column, canonical, label string, texts ...string) {
		shown[column][canonical] = label
		for _, t := range append(texts, label) {
			if folded := tableur.Normaliser(t); names[column][folded] == "" {
				names[column][folded] = canonical
			}
		}
	}
	var src tableur.Source
	for id, g := range all {
		know("periode", id, g.Periode(), g.code())
		for _, l := range g.Lieux {
			know("lieu", l.Cle, l.Nom, l.Code)
		}
		for _, i := range g.Indicateurs {
			know("indicateur", i.Code, i.Libelle, i.Code)
			for _, l := range g.Lieux {
				if c, kept := g.Cellules[cle{i.Code, l.Cle}]; kept && c.remplie() {
					t := c.textes(i)
					src.Lignes = append(src.Lignes, tableur.Ligne{ID: int64(len(src.Lignes) + 1), Valeurs: plein(map[string]string{"periode": id, "lieu": l.Cle, "indicateur": i.Code,
						"valeur": t.V, "numerateur": t.N, "denominateur": t.D, "mot": t.Mot})})
				}
			}
		}
	}
	src.Lire, src.Montre = map[string]func(string) (string, string){}, map[string]func(string) string{}
	unknown := map[string]string{"periode": "Aucune de vos remontées ouvertes n’est de cette période.", "lieu": "Ce lieu n’est pas dans la grille : vérifiez son code, et que le quartier est de la liste en vigueur.",
		"indicateur": "Cet indicateur n’est pas demandé à votre organisme."}
	for column := range names {
		src.Lire[column] = func(t string) (string, string) {
			if canonical := names[column][tableur.Normaliser(t)]; canonical != "" {
				return canonical, ""
			}
			return "", unknown[column]
		}
		src.Montre[column] = func(canonical string) string { return shown[column][canonical] }
	}
	src.Juger = func(after tableur.Ligne, _ *tableur.Ligne) fault.Fields { return all.juger(after) }
	return src, nil
}

// plein leaves out the empty texts.
func plein(m map[string]string) map[string]string {
	for k, v := range m {
		if v == "" {
			delete(m, k)
		}
	}
	return m
}

// colonnesImport are the columns of the kinds of fields of a cell.
var colonnesImport = map[string]string{"v": "valeur", "n": "numerateur", "d": "denominateur", "m": "mot"}

// juger holds a row of a file against the rules of its cell.
func (all grilles) juger(row tableur.Ligne) fault.Fields {
	f := fault.Fields{}
	g := all[row.Val("periode")]
	for _, i := range g.Indicateurs {
		if i.Code != row.Val("indicateur") {
			continue
		}
		for _, l := range g.Lieux {
			if l.Cle == row.Val("lieu") && !g.tenue(i, l) {
				f.Add("lieu", "Cet indicateur ne se mesure pas dans un quartier.")
			}
		}
		if i.Fraction && row.Val("valeur") != "" {
			f.Add("valeur", "Cette part se remonte par son numérateur et son dénominateur.")
		}
		if !i.Fraction && row.Val("numerateur")+row.Val("denominateur") != "" {
			f.Add("numerateur", "Cet indicateur se remonte par sa valeur seule.")
		}
		for kind, told := range saisieDe(row).lire(i).Fautes {
			f.Add(colonnesImport[kind], told)
		}
		return f
	}
	f.Add("indicateur", "Cet indicateur n’est pas demandé pour cette période.")
	return f
}

func saisieDe(row tableur.Ligne) textes {
	return textes{V: row.Val("valeur"), N: row.Val("numerateur"), D: row.Val("denominateur"), Mot: row.Val("mot")}
}

// ecrireImport saves the cells, a return after the other; the returns are locked since they were compared.
func (s *Service) ecrireImport(ctx context.Context, tx pgx.Tx, par droits.Compte, changes []tableur.Ecart) error {
	typed, rows := map[int64]map[cle]textes{}, map[int64]int{}
	for _, e := range changes {
		id, err := strconv.ParseInt(e.Apres.Val("periode"), 10, 64)
		if err != nil {
			return fault.Malformed
		}
		if typed[id] == nil {
			typed[id], rows[id] = map[cle]textes{}, e.Apres.Numero
		}
		typed[id][cle{e.Apres.Val("indicateur"), e.Apres.Val("lieu")}] = saisieDe(e.Apres)
	}
	for id, cells := range typed {
		var b Bilan
		err := enregistrer(ctx, tx, par, id, aJour, cells, &b)
		var refused fault.Fields
		if errors.As(err, &refused) { // the dry run told cell by cell: only the state of the return can have changed since
			return tableur.Fautes{rows[id]: "Cette remontée n’est plus ouverte à la saisie."}
		}
		if err != nil {
			return err
		}
	}
	return nil
}
