package dispositif

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"portail/internal/droits"
	"portail/internal/fault"
	"portail/internal/journal"
	"portail/internal/lexique"
	"portail/internal/lien"
	"portail/internal/tableur"
	"portail/web"
	"portail/web/typo"
)

// ImportAdultesRelais is the import of signed conventions from the spreadsheet in which they were kept: one row, one post, known by the
// number of its convention. What is not signed yet goes through the forms, which ask for the opinion and the agreement. No column takes
// anything of whoever occupies the post but dates.
func (s *Service) ImportAdultesRelais() tableur.Modele {
	categories := make([]tableur.Choix, len(lexique.CategoriesEmployeur))
	for i, m := range lexique.CategoriesEmployeur {
		categories[i] = tableur.Choix{Code: m.Code, Libelle: m.Libelle, Synonymes: categoriesSynonymes[m.Code]}
	}
	return tableur.Modele{
		Code: "adultes-relais", Titre: "Importer des conventions d’adultes-relais", Base: lien.AdultesRelaisImport, Droit: droits.DispositifModifier,
		Intro: "Reprenez ou mettez à jour les conventions signées à partir du tableau que vous tenez. Aucune donnée sur la personne n’est lue" + typo.NBSP +
			": ni nom, ni naissance, ni adresse.",
		Retour: web.Lien{Texte: "Adultes-relais", Href: lien.AdultesRelais}, Objets: [2]string{"convention", "conventions"},
		Colonnes: []tableur.Colonne{
			{Code: "numero", Titre: "Numéro de convention", Synonymes: []string{"numéro", "n°", "n° convention", "n° de la convention", "convention", "référence convention"}, Obligatoire: true, Max: maxReference},
			{Code: "employeur", Titre: "Employeur", Synonymes: []string{"structure", "organisme", "association", "nom de l’employeur", "structure employeuse", "porteur", "SIRET"},
				Aide: "Nom, sigle ou SIRET d’un organisme du portail.", Genre: tableur.GenreRenvoi, Obligatoire: true},
			{Code: "categorie", Titre: "Catégorie d’employeur", Synonymes: []string{"catégorie", "type d’employeur", "statut", "nature"}, Aide: "À défaut, d’après la nature de l’organisme.", Genre: tableur.GenreChoix, Choix: categories},
			{Code: "qpv", Titre: "Quartiers", Synonymes: []string{"quartier", "QPV", "quartier d’intervention", "quartiers d’intervention", "secteur", "lieu d’intervention"},
				Aide: "Codes ou noms, séparés par des points-virgules.", Genre: tableur.GenreRenvoi},
			{Code: "territoire", Titre: "Autre territoire", Synonymes: []string{"commune", "territoire", "intercommunalité", "EPCI", "ville"}, Aide: "Commune ou intercommunalité, si le poste ne se limite pas aux quartiers.", Genre: tableur.GenreRenvoi},
			{Code: "missions", Titre: "Missions", Synonymes: []string{"mission", "activités", "mission principale", "thématique"}, Aide: "Une ou plusieurs" + typo.NBSP + ": " + missionsEnMots() + ".", Max: maxMotif, Lire: lireMissions},
			{Code: "missions_texte", Titre: "Précisions sur les missions", Synonymes: []string{"précisions", "détail des missions"}, Aide: "Visible du public" + typo.NBSP + ": n’écrivez le nom de personne.", Max: maxMotif},
			{Code: "quotite", Titre: "Temps de travail", Synonymes: []string{"quotité", "ETP", "quotité de travail", "temps de travail en %", "temps"}, Aide: "En pourcentage, ou en équivalent temps plein (0,8). À défaut, un temps plein.", Lire: lireQuotite},
			{Code: "debut", Titre: "Début de la convention", Synonymes: []string{"début", "date de début", "date début convention", "date d’effet", "du"}, Genre: tableur.GenreDate, Annees: anneesAR, Obligatoire: true},
			{Code: "fin", Titre: "Fin de la convention", Synonymes: []string{"fin", "date de fin", "échéance", "date fin convention", "terme", "au"}, Genre: tableur.GenreDate, Annees: anneesAR, Obligatoire: true},
			{Code: "signee_le", Titre: "Signée le", Synonymes: []string{"date de signature", "signature", "date signature", "signé le"}, Genre: tableur.GenreDate, Annees: anneesAR, Obligatoire: true},
			{Code: "occupe_depuis", Titre: "Poste occupé depuis le", Synonymes: []string{"date d’embauche", "embauche", "pourvu le", "poste pourvu le", "occupé depuis", "date de recrutement", "prise de poste"}, Genre: tableur.GenreDate, Annees: anneesAR},
			{Code: "conditions_le", Titre: "Conditions vérifiées le", Synonymes: []string{"vérification des conditions", "conditions vérifiées"}, Aide: "À défaut, le jour de l’embauche.", Genre: tableur.GenreDate, Annees: anneesAR},
			{Code: "occupe_jusque", Titre: "Poste quitté le", Synonymes: []string{"date de départ", "départ", "vacant depuis", "fin d’occupation", "poste vacant depuis"}, Genre: tableur.GenreDate, Annees: anneesAR},
			{Code: "asp", Titre: "Référence ASP", Synonymes: []string{"ASP", "n° ASP", "dossier ASP", "numéro ASP"}, Max: maxReference},
		},
		Cles: [][]string{{"numero"}}, Libelle: []string{"numero", "employeur"},
		Disparus: "Ces conventions ne sont pas dans votre fichier. L’import les laisse telles quelles" + typo.NBSP + ": résiliez ou terminez dans leur fiche celles qui n’ont plus cours.",
		Exemple:  [][]string{{"AR-88-EXEMPLE", "Mission locale (exemple à effacer)", "", "QN08801M", "", "Accueil, écoute et lien social", "", "100", "01/01/2026", "31/12/2028", "15/12/2025", "01/02/2026", "20/01/2026", "", ""}},
		Ouvrir:   s.ouvrirImportAR, Ecrire: s.ecrireImportAR,
	}
}

// anneesAR are the years that a date of a convention may fall in.
var anneesAR = [2]int{premiereAnnee, derniereAnnee}

// importAR is what the import of conventions refers to.
type importAR struct {
	employeurs map[int64]employeur
	etats      map[int64]string // of the conventions that the portal holds
	auj        time.Time
}

// ouvrirImportAR reads the conventions that have a number, and what they may refer to.
func (s *Service) ouvrirImportAR(ctx context.Context, tx pgx.Tx, _ droits.Compte) (tableur.Source, error) {
	kept, err := listImportAR(ctx, tx)
	if err != nil {
		return tableur.Source{}, err
	}
	refs, err := readRenvois(ctx, tx, s.cfg.Departement)
	if err != nil {
		return tableur.Source{}, err
	}
	im := importAR{employeurs: refs.employeurs, etats: map[int64]string{}, auj: typo.Aujourdhui()}
	source := tableur.Source{Lire: refs.lire(), Montre: refs.montre(), Juger: im.juger}
	for _, r := range kept {
		im.etats[r.ID] = r.Etat
		source.Lignes = append(source.Lignes, tableur.Ligne{ID: r.ID, Valeurs: r.valeurs()})
	}
	return source, nil
}

// juger holds a row against the law, as the form of a convention does, and against what the portal knows of the post.
func (im importAR) juger(after tableur.Ligne, before *tableur.Ligne) fault.Fields {
	f := fault.Fields{}
	if before != nil {
		im.jugerAvant(f, after, before)
	}
	id, _ := strconv.ParseInt(after.Val("employeur"), 10, 64)
	e := im.employeurs[id]
	if after.Val("categorie") == "" {
		if allowed := categoriesParNature[e.Nature]; len(allowed) == 1 {
			after.Valeurs["categorie"] = allowed[0]
		}
	}
	if after.Val("quotite") == "" {
		after.Valeurs["quotite"] = "100"
	}
	c := conventionDe(after)
	if e.ID != 0 && (c.Categorie != "" || len(categoriesParNature[e.Nature]) == 0) {
		_ = f.Merge(e.check(c.Categorie)) // faults of fields only
	}
	_ = c.check(f) // its faults are those of f
	if f["employeur"] != "" {
		delete(f, "categorie") // no category makes an employer of it
	}
	im.jugerDates(f, after, c)
	return f
}

// jugerAvant refuses what an import may not change of a convention that the portal holds.
func (im importAR) jugerAvant(f fault.Fields, after tableur.Ligne, before *tableur.Ligne) {
	changed := false
	for code, text := range after.Valeurs {
		changed = changed || before.Val(code) != text
	}
	switch etat := im.etats[before.ID]; {
	case !changed:
	case etat == "terminee" || etat == "resiliee" || etat == "refusee":
		f.Add("", "Cette convention est close dans le portail ("+strings.ToLower(lexique.Libelle(lexique.EtatsAdulteRelais, etat))+")"+typo.NBSP+": elle ne change plus.")
	case after.Val("employeur") != before.Val("employeur"):
		f.Add("employeur", "Cette convention est celle d’un autre employeur dans le portail"+typo.NBSP+": une convention n’en change pas.")
	}
	was, left, now := before.Val("occupe_depuis"), before.Val("occupe_jusque"), after.Val("occupe_depuis")
	switch {
	case was == "" || now == was:
	case left == "":
		f.Add("occupe_depuis", "Le poste est occupé depuis le "+jourCourt(was)+" dans le portail"+typo.NBSP+": notez d’abord le départ dans la fiche.")
	case now <= left:
		f.Add("occupe_depuis", "Le poste était occupé jusqu’au "+jourCourt(left)+typo.NBSP+": la nouvelle occupation vient après.")
	case after.Val("occupe_jusque") == left:
		delete(after.Valeurs, "occupe_jusque") // that of the former occupation
	}
	if now != was && after.Val("conditions_le") == before.Val("conditions_le") {
		delete(after.Valeurs, "conditions_le")
	}
}

// jugerDates holds the dates of the signature and of the occupation against each other (R-AR-5).
func (im importAR) jugerDates(f fault.Fields, after tableur.Ligne, c Convention) {
	signed := jourDe(after.Val("signee_le"))
	if signed.After(im.auj) {
		f.Add("signee_le", "Cette date est à venir"+typo.NBSP+": seules les conventions signées s’importent.")
	}
	if signed.After(c.Fin) {
		f.Add("signee_le", "La signature ne peut pas suivre la fin de la convention.")
	}
	if after.Val("occupe_depuis") == "" {
		if after.Val("occupe_jusque") != "" {
			f.Add("occupe_depuis", "Dites depuis quand le poste était occupé.")
		}
		return
	}
	since, until := jourDe(after.Val("occupe_depuis")), jourDe(after.Val("occupe_jusque"))
	if after.Val("conditions_le") == "" {
		after.Valeurs["conditions_le"] = after.Val("occupe_depuis")
	}
	a := AdulteRelais{SigneeLe: &signed, Debut: c.Debut, Fin: c.Fin}
	read := fault.Fields{}
	_ = read.Merge(a.checkEmbauche(embauche{Debut: since, ConditionsLe: jourDe(after.Val("conditions_le")), Conditions: true, Residence: residenceQPV}, nil)) // faults of fields only
	_ = read.Merge(a.checkDepart(Occupation{Debut: since}, until))
	for field, code := range map[string]string{"debut": "occupe_depuis", "conditions_le": "conditions_le", "fin": "occupe_jusque"} {
		if read[field] != "" {
			f.Add(code, read[field])
		}
	}
	if since.After(im.auj) {
		f.Add("occupe_depuis", "Cette date est à venir.")
	}
	if until.After(im.auj) {
		f.Add("occupe_jusque", "Cette date est à venir.")
	}
}

// etatImporte is the state of a convention that comes in by its dates.
func (im importAR) etatImporte(l tableur.Ligne) (etat string, close *time.Time) {
	fin := jourDe(l.Val("fin"))
	switch {
	case fin.Before(im.auj):
		return "terminee", &fin
	case l.Val("occupe_depuis") == "":
		return "signee", nil
	case l.Val("occupe_jusque") != "":
		return "vacante", nil
	}
	return "pourvue", nil
}

// ecrireImportAR writes the conventions that the file adds and changes, a journal line each.
func (s *Service) ecrireImportAR(ctx context.Context, tx pgx.Tx, par droits.Compte, changes []tableur.Ecart) error {
	im := importAR{auj: typo.Aujourdhui()}
	lines := make([]journal.Entree, len(changes))
	ids, err := writeImportAR(ctx, tx, im, s.cfg.Departement, changes)
	if err != nil {
		return fmt.Errorf("import adultes-relais: %w", err)
	}
	for i, c := range changes {
		lines[i] = journal.Entree{Verbe: "convention importée", ID: ids[i], Detail: journal.Changement{}}
		if c.Avant != nil {
			lines[i].Verbe = "convention corrigée par import"
		}
		for _, field := range c.Champs {
			lines[i].Detail.Champ(field.Titre, field.Avant, field.Apres)
		}
	}
	return journal.NoteAll(ctx, tx, par, objetAdulteRelais, lines)
}
