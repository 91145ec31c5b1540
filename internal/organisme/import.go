package organisme

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"portail/internal/droits"
	"portail/internal/fault"
	"portail/internal/journal"
	"portail/internal/lexique"
	"portail/internal/lien"
	"portail/internal/saisie"
	"portail/internal/tableur"
	"portail/web"
	"portail/web/typo"
)

// Import is the import of the list of organisations from a spreadsheet. A row is recognised by its SIRET, else by its name. A file
// corrects acronym, kind and SIRET; a change of name goes through Rename, which keeps the old one.
func (s *Service) Import() tableur.Modele {
	kinds := make([]tableur.Choix, len(lexique.NaturesOrganisme))
	for i, m := range lexique.NaturesOrganisme {
		kinds[i] = tableur.Choix{Code: m.Code, Libelle: m.Libelle, Synonymes: naturesSynonymes[m.Code]}
	}
	return tableur.Modele{
		Code: "organismes", Titre: "Importer des organismes", Base: lien.OrganismesImport, Droit: droits.OrganismeModifier,
		Intro:  "Ajoutez ou complétez en une fois la liste des organismes à partir d’un tableau que vous tenez déjà.",
		Retour: web.Lien{Texte: "Organismes", Href: lien.Organismes}, Objets: [2]string{"organisme", "organismes"},
		Colonnes: []tableur.Colonne{
			{Code: "nom", Titre: "Nom", Synonymes: []string{"organisme", "structure", "dénomination", "raison sociale", "nom de l’organisme", "nom de la structure", "libellé", "partenaire"}, Obligatoire: true, Max: maxNom},
			{Code: "sigle", Titre: "Sigle", Synonymes: []string{"acronyme", "abréviation", "sigle usuel"}, Max: maxSigle},
			{Code: "nature", Titre: "Nature", Synonymes: []string{"type", "catégorie", "statut", "type de structure", "nature juridique", "type d’organisme"}, Aide: "À donner pour un organisme nouveau.", Genre: tableur.GenreChoix, Choix: kinds},
			{Code: "siret", Titre: "SIRET", Synonymes: []string{"n° SIRET", "numéro SIRET", "siret de l’établissement"}, Aide: "14 chiffres, avec ou sans espaces.", Lire: lireSiret},
		},
		Cles: [][]string{{"siret"}, {"nom"}}, Libelle: []string{"nom"},
		Disparus: "Ces organismes ne sont pas dans votre fichier. L’import les laisse tels quels" + typo.NBSP + ": fermez dans leur fiche ceux qui n’existent plus.",
		Exemple:  [][]string{{"Association de quartier (exemple à effacer)", "ADQ", "Association", ""}},
		Ouvrir:   ouvrirImport, Ecrire: ecrireImport,
	}
}

// naturesSynonymes are what people write for a kind.
var naturesSynonymes = map[string][]string{
	"service_etat": {"État", "service État", "services de l’État"}, "operateur": {"opérateur"}, "collectivite": {"commune", "mairie", "collectivité territoriale", "ville", "département", "région"},
	"epci": {"EPCI", "communauté d’agglomération", "communauté de communes"}, "bailleur": {"bailleur", "HLM", "office HLM", "OPH"}, "association": {"asso", "association loi 1901"},
	"entreprise": {"société", "privé"}, "etablissement_scolaire": {"école", "collège", "lycée"}, "etablissement_sante": {"hôpital", "centre hospitalier"}, "autre": {"autres", "divers"},
}

func lireSiret(texte string) (string, string) {
	digits := saisie.Chiffres(texte)
	return digits, siretFaute(digits)
}

// valeurs are an identity in the words of the import.
func (i Identite) valeurs() map[string]string {
	v := map[string]string{"nom": i.Nom}
	for code, text := range map[string]string{"sigle": i.Sigle, "nature": i.Nature, "siret": i.Siret} {
		if text != "" {
			v[code] = text
		}
	}
	return v
}

func identiteDe(l tableur.Ligne) Identite {
	return Identite{l.Val("nom"), l.Val("sigle"), l.Val("nature"), l.Val("siret")}
}

// ouvrirImport reads the organisations that are open; those that are closed only keep their SIRET.
func ouvrirImport(ctx context.Context, tx pgx.Tx, _ droits.Compte) (tableur.Source, error) {
	all, err := listAll(ctx, tx)
	if err != nil {
		return tableur.Source{}, err
	}
	source := tableur.Source{Montre: map[string]func(string) string{"siret": siretGroupe}}
	closed := map[string]Organisme{}
	for _, o := range all {
		if o.Ferme() {
			if o.Siret != "" {
				closed[o.Siret] = o
			}
			continue
		}
		source.Lignes = append(source.Lignes, tableur.Ligne{ID: o.ID, Valeurs: o.identite().valeurs()})
	}
	source.Juger = func(after tableur.Ligne, before *tableur.Ligne) fault.Fields {
		return jugerImport(after, before, closed)
	}
	return source, nil
}

// jugerImport refuses what only the record of an organisation may do. Case, accents and punctuation of a name are those of the portal.
func jugerImport(after tableur.Ligne, before *tableur.Ligne, closed map[string]Organisme) fault.Fields {
	f := fault.Fields{}
	if o, taken := closed[after.Val("siret")]; taken {
		f.Add("siret", "Ce SIRET est celui de "+typo.Guillemets(o.Titre())+", fermé depuis le "+typo.Date(*o.FermeLe)+".")
	}
	switch {
	case before == nil && after.Val("nature") == "":
		f.Add("nature", "Dites de quelle nature est cet organisme, qui n’est pas encore dans le portail.")
	case before == nil:
	case tableur.Normaliser(after.Val("nom")) == tableur.Normaliser(before.Val("nom")):
		after.Valeurs["nom"] = before.Val("nom")
	default:
		f.Add("nom", "Le portail connaît cet organisme sous le nom "+typo.Guillemets(before.Val("nom"))+typo.NBSP+
			": renommez-le dans sa fiche, qui garde l’ancien nom, ou corrigez le fichier.")
	}
	return f
}

// ecrireImport writes what the file adds and corrects, a journal line each.
func ecrireImport(ctx context.Context, tx pgx.Tx, par droits.Compte, changes []tableur.Ecart) error {
	var added []tableur.Ecart
	var lines []journal.Entree
	for _, c := range changes {
		if c.Avant == nil {
			added = append(added, c)
			continue
		}
		lines = append(lines, journal.Entree{Verbe: "organisme corrigé", ID: c.Avant.ID, Detail: difference(identiteDe(*c.Avant), identiteDe(c.Apres))})
	}
	ids, err := insertMany(ctx, tx, added)
	if err != nil {
		return fmt.Errorf("import organismes: %w", err)
	}
	if err := updateMany(ctx, tx, changes); err != nil {
		return fmt.Errorf("import organismes: %w", err)
	}
	for i, c := range added {
		lines = append(lines, journal.Entree{Verbe: "organisme créé", ID: ids[i], Detail: difference(Identite{}, identiteDe(c.Apres))})
	}
	return journal.NoteAll(ctx, tx, par, objet, lines)
}
