package intervention

import (
	"context"
	"fmt"
	"strconv"

	"github.com/jackc/pgx/v5"

	"portail/internal/droits"
	"portail/internal/fault"
	"portail/internal/journal"
	"portail/internal/lexique"
	"portail/internal/lien"
	"portail/internal/pg"
	"portail/internal/saisie"
	"portail/internal/tableur"
	"portail/web"
	"portail/web/typo"
)

// Import is the import of the actions of one's organisation from a spreadsheet. A row is recognised by where, when, for what and on which
// credits it is told; what a file can then correct are its means and their source.
func (s *Service) Import() tableur.Modele {
	choices := func(mots []lexique.Mot, synonymes map[string][]string) (all []tableur.Choix) {
		for _, m := range mots {
			all = append(all, tableur.Choix{Code: m.Code, Libelle: m.Libelle, Synonymes: synonymes[m.Code]})
		}
		return all
	}
	return tableur.Modele{
		Code: "interventions", Titre: "Importer les actions de mon organisme", Base: lien.InterventionsImport, Droit: droits.InterventionDeclarer, Feminin: true,
		Intro:  "Déclarez en une fois ce que votre organisme fait dans les quartiers, à partir d’un tableau que vous tenez déjà" + typo.NBSP + ": une ligne par action, par quartier et par année.",
		Retour: web.Lien{Texte: "Action des services", Href: lien.Interventions}, Objets: [2]string{"action", "actions"},
		Colonnes: []tableur.Colonne{
			{Code: "annee", Titre: "Année", Synonymes: []string{"exercice", "millésime"}, Genre: tableur.GenreEntier, Min: tableur.Borne(premiereAnnee), Plus: tableur.Borne(derniereAnnee), Obligatoire: true},
			{Code: "quartier", Titre: "Quartier", Synonymes: []string{"QPV", "code du quartier", "code_qp", "quartier prioritaire"}, Aide: "Nom ou code du quartier.", Genre: tableur.GenreRenvoi, Obligatoire: true},
			{Code: "thematique", Titre: "Thématique", Synonymes: []string{"thème", "domaine", "axe"}, Genre: tableur.GenreChoix, Choix: choices(lexique.Thematiques, thematiquesSynonymes), Obligatoire: true},
			{Code: "credits", Titre: "Crédits", Synonymes: []string{"financement", "type de crédits", "nature des crédits"}, Genre: tableur.GenreChoix,
				Choix: choices(lexique.Credits, map[string][]string{"specifiques": {"spécifiques", "P147", "programme 147", "politique de la ville"}}), Obligatoire: true},
			{Code: "description", Titre: "Description", Synonymes: []string{"action", "intitulé", "libellé", "ce que fait l’organisme"}, Max: maxDescription, Obligatoire: true},
			{Code: "montant", Titre: "Montant", Synonymes: []string{"montant de l’année", "euros", "budget", "coût"}, Aide: "Euros de l’année.", Genre: tableur.GenreDecimal, Decimales: 2, Min: tableur.Borne(0), Plus: tableur.Borne(maxMontant)},
			{Code: "etp", Titre: "ETP", Synonymes: []string{"équivalents temps plein", "temps plein"}, Genre: tableur.GenreDecimal, Decimales: 2, Min: tableur.Borne(0), Plus: tableur.Borne(maxEtp)},
			{Code: "places", Titre: "Places", Synonymes: []string{"nombre de places", "bénéficiaires"}, Genre: tableur.GenreEntier, Min: tableur.Borne(0), Plus: tableur.Borne(maxPlaces)},
			{Code: "source", Titre: "Source", Max: maxSource},
		},
		Cles: [][]string{{"annee", "quartier", "thematique", "credits", "description"}}, Libelle: []string{"description", "quartier", "annee"},
		Disparus: "Ces actions de votre organisme ne sont pas dans votre fichier. L’import les laisse telles quelles" + typo.NBSP + ": retirez dans leur page celles qui n’ont pas lieu.",
		Exemple:  [][]string{{"2025", "QN08801M", "Santé", "Droit commun", "Permanence hebdomadaire (exemple à effacer)", "12000", "0,5", "", "Budget 2025"}},
		Ouvrir:   s.ouvrirImport, Ecrire: s.ecrireImport,
	}
}

// maxMontant is the highest amount of a line, in euros: that of saisie.Centimes.
const maxMontant = 1_000_000_000

var thematiquesSynonymes = map[string][]string{
	"pauvrete_et_droits": {"pauvreté", "accès aux droits", "droits"}, "emploi": {"insertion", "développement économique"}, "logement": {"habitat"}, "education": {"scolarité", "jeunesse"},
	"securite": {"tranquillité publique", "prévention de la délinquance"}, "cadre_de_vie": {"renouvellement urbain", "urbanisme"}, "demographie": {"population"},
}

// valeursImport are a line in the words of the import.
func (i Intervention) valeursImport() map[string]string {
	v := map[string]string{"annee": strconv.Itoa(i.Annee), "quartier": i.QPV, "thematique": i.Thematique, "credits": i.Credits, "description": saisie.Ligne(i.Description)}
	if i.Montant != nil {
		v["montant"] = decimalImport(float64(*i.Montant) / 100)
	}
	if i.Etp != nil {
		v["etp"] = decimalImport(*i.Etp)
	}
	if i.Places != nil {
		v["places"] = strconv.FormatInt(*i.Places, 10)
	}
	if i.Source != "" {
		v["source"] = i.Source
	}
	return v
}

func decimalImport(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }

// ouvrirImport reads the lines of the organisation, and the quarters that it may declare in.
func (s *Service) ouvrirImport(ctx context.Context, tx pgx.Tx, par droits.Compte) (tableur.Source, error) {
	own, err := listSiennes(ctx, tx, par)
	if err != nil {
		return tableur.Source{}, err
	}
	var quartiers []choix
	var b pg.Batch
	addQuartiers(&b, &quartiers, s.cfg.Departement, par)
	if err := b.Run(ctx, tx); err != nil {
		return tableur.Source{}, err
	}
	codes, names := map[string]string{}, map[string]string{}
	for _, q := range quartiers {
		codes[tableur.Normaliser(q.Valeur)], codes[tableur.Normaliser(q.Nom)], names[q.Valeur] = q.Valeur, q.Valeur, q.Nom
	}
	src := tableur.Source{
		Lire: map[string]func(string) (string, string){"quartier": func(text string) (string, string) {
			if code := codes[tableur.Normaliser(text)]; code != "" {
				return code, ""
			}
			return "", "Ce quartier n’est pas de la liste en vigueur, ou pas de votre lettre de mission" + typo.NBSP + ": vérifiez son nom ou son code."
		}},
		Montre: map[string]func(string) string{"quartier": func(code string) string { return names[code] }},
		Juger:  jugerImport,
	}
	for _, i := range own {
		src.Lignes = append(src.Lignes, tableur.Ligne{ID: i.ID, Valeurs: i.valeursImport()})
	}
	return src, nil
}

// jugerImport keeps the case and the accents of a description that the portal knows: a file does not rename an action.
func jugerImport(after tableur.Ligne, before *tableur.Ligne) fault.Fields {
	if before != nil {
		after.Valeurs["description"] = before.Val("description")
	}
	return nil
}

// ecrireImport writes what the file adds and corrects, a journal line each.
func (s *Service) ecrireImport(ctx context.Context, tx pgx.Tx, par droits.Compte, changes []tableur.Ecart) error {
	ids, err := ecrireLignes(ctx, tx, par, s.cfg.Departement, changes)
	if err != nil {
		return fmt.Errorf("import interventions: %w", err)
	}
	lines := make([]journal.Entree, len(changes))
	for n, c := range changes {
		lines[n] = journal.Entree{Verbe: "action déclarée par import", ID: ids[n], Detail: journal.Changement{}}
		if c.Avant != nil {
			lines[n].Verbe = "action corrigée par import"
		}
		for _, f := range c.Champs {
			lines[n].Detail.Champ(f.Code, f.Avant, f.Apres)
		}
	}
	return journal.NoteAll(ctx, tx, par, objet, lines)
}
