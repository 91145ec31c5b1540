package diagnostic

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"portail/internal/export"
	"portail/internal/fault"
	"portail/internal/formulaire"
	"portail/internal/httpx"
	"portail/internal/lexique"
	"portail/internal/lien"
	"portail/internal/saisie"
	"portail/web"
	"portail/web/typo"
)

const oui = "oui"

func coche(b bool) string {
	if b {
		return oui
	}
	return ""
}

// nombreEcrit writes a bound as it is typed; empty for none.
func nombreEcrit(v *float64) string {
	if v == nil {
		return ""
	}
	return strings.ReplaceAll(strconv.FormatFloat(*v, 'f', -1, 64), ".", ",")
}

// valeurs are the fields of the form.
func (i Indicateur) valeurs() url.Values {
	v := url.Values{"code": {i.Code}, "libelle": {i.Libelle}, "definition": {i.Definition}, "thematique": {i.Thematique}, "unite": {i.Unite},
		"decimales": {strconv.Itoa(i.Decimales)}, "nature": {i.Nature}, "sens": {i.Sens}, "producteur": {i.Producteur}, "periodicite": {i.Periodicite},
		"fraction": {coche(i.Fraction)}, "total": {i.Total}, "minimum": {nombreEcrit(i.Minimum)}, "maximum": {nombreEcrit(i.Maximum)},
		"seuil": {strconv.Itoa(i.Seuil)}, "publique": {coche(i.Publique)}, "des_quartiers": {coche(i.DesQuartiers)}, "source": {i.Source},
		"licence": {i.Licence}, "reserve": {i.Reserve}, "producteur_id": {""}, "saut": {""}, httpx.ChampVersion: {strconv.Itoa(i.Version)}}
	if i.ProducteurID != nil {
		v.Set("producteur_id", strconv.FormatInt(*i.ProducteurID, 10))
	}
	if i.Saut != nil {
		v.Set("saut", strconv.Itoa(*i.Saut))
	}
	return v
}

// bornesMax are the widest bounds that a form takes.
const bornesMax = 1e12

// lireIndicateur reads what was typed; what is no number is a fault.
func lireIndicateur(f httpx.Form) (Indicateur, error) {
	faults := fault.Fields{}
	i := Indicateur{Code: f.Texte("code"), Libelle: f.Texte("libelle"), Definition: f.Texte("definition"), Thematique: f.Texte("thematique"), Unite: f.Texte("unite"),
		Nature: f.Texte("nature"), Sens: f.Texte("sens"), Producteur: f.Texte("producteur"), Periodicite: f.Texte("periodicite"), Fraction: f.Texte("fraction") == oui,
		Total: f.Texte("total"), Publique: f.Texte("publique") == oui, DesQuartiers: f.Texte("des_quartiers") == oui, Source: f.Texte("source"), Licence: f.Texte("licence"), Reserve: f.Texte("reserve")}
	i.Decimales = int(saisie.Entier(faults, "decimales", f.Texte("decimales"), 0, 6))
	i.Seuil = int(saisie.Entier(faults, "seuil", f.Texte("seuil"), 0, 1000))
	if t := f.Texte("saut"); t != "" {
		n := int(saisie.Entier(faults, "saut", t, 1, 1000))
		i.Saut = &n
	}
	if t := f.Texte("producteur_id"); t != "" {
		id, err := strconv.ParseInt(t, 10, 64)
		if err != nil {
			faults.Add("producteur_id", "Choisissez l’organisme dans la liste.")
		}
		i.ProducteurID = &id
	}
	for champ, into := range map[string]**float64{"minimum": &i.Minimum, "maximum": &i.Maximum} {
		if t := f.Texte(champ); t != "" {
			v, _, why := lireNombre(t, "")
			if why != "" || v < -bornesMax || v > bornesMax {
				faults.Add(champ, "Indiquez un nombre, par exemple 12,5.")
			}
			*into = &v
		}
	}
	return i, faults.Err()
}

func options(list []choix) []web.Option {
	all := make([]web.Option, len(list))
	for i, c := range list {
		all[i] = web.Option{Value: c.Valeur, Label: c.Libelle}
	}
	return all
}

// formIndicateur is the page of the form, for a new line (code empty) or for one that is there.
func formIndicateur(f httpx.Form, code, libelle string, organismes, totaux []choix) formulaire.Page {
	une := func(nom, label, aide string) formulaire.Champ {
		return formulaire.Champ{Nom: nom, Libelle: label, Aide: aide, Type: formulaire.Cases, Options: []web.Option{{Value: oui, Label: "Oui"}}, Facultatif: true}
	}
	p := formulaire.Page{Titre: "Ajouter un indicateur", Bouton: "Ajouter l’indicateur", Fil: filIndicateurs, Retour: lien.Indicateurs, Action: lien.IndicateurNouveau, Form: f,
		Caches: []string{httpx.ChampCle}}
	if code != "" {
		p = formulaire.Page{Titre: "Modifier l’indicateur", Objet: libelle, Bouton: "Enregistrer", Fil: append(slices.Clone(filIndicateurs), web.Lien{Texte: libelle, Href: lien.Indicateur(code)}),
			Retour: lien.Indicateur(code), Action: lien.IndicateurActe(code, lien.ActeModifier), Form: f, Caches: []string{"code", httpx.ChampVersion}}
	} else {
		p.Champs = append(p.Champs, formulaire.Champ{Nom: "code", Libelle: "Code", Aide: "Minuscules, chiffres et _. Il ne changera plus.", Max: 60})
	}
	p.Champs = append(p.Champs,
		formulaire.Champ{Nom: "libelle", Libelle: "Libellé", Max: maxLibelle},
		formulaire.Champ{Nom: "definition", Libelle: "Définition", Type: "textarea", Lignes: 4, Max: maxDefinition},
		formulaire.Champ{Nom: "thematique", Libelle: "Thématique", Options: httpx.Options(lexique.Thematiques), Vide: "Choisir"},
		formulaire.Champ{Nom: "nature", Libelle: "Ce que le chiffre mesure", Options: httpx.Options(lexique.NaturesIndicateur), Vide: "Choisir"},
		formulaire.Champ{Nom: "unite", Libelle: "Unité", Aide: "Par exemple foyers, %, €.", Max: maxUnite},
		formulaire.Champ{Nom: "decimales", Libelle: "Décimales affichées", Mode: "numeric", Max: 1},
		formulaire.Champ{Nom: "sens", Libelle: "Sens", Options: httpx.Options(lexique.SensIndicateur), Vide: "Choisir"},
		formulaire.Champ{Nom: "producteur", Libelle: "Producteur, tel que les pages le nomment", Max: maxLibelle},
		formulaire.Champ{Nom: "producteur_id", Libelle: "Organisme qui remonte ce chiffre", Aide: "À laisser vide pour les données ouvertes importées.", Options: options(organismes), Vide: "Aucun", Facultatif: true},
		formulaire.Champ{Nom: "periodicite", Libelle: "Périodicité", Options: httpx.Options(lexique.PeriodicitesIndicateur), Vide: "Choisir"},
		une("fraction", "Remonté par un numérateur et un dénominateur", "Pour une part : le portail la calcule."),
		formulaire.Champ{Nom: "total", Libelle: "Partie de", Aide: "L’effectif dont celui-ci est une partie : le secret de l’un protège l’autre.", Options: options(totaux), Vide: "Aucun", Facultatif: true},
		formulaire.Champ{Nom: "minimum", Libelle: "Minimum admis", Mode: "decimal", Facultatif: true, Max: 20},
		formulaire.Champ{Nom: "maximum", Libelle: "Maximum admis", Mode: "decimal", Facultatif: true, Max: 20},
		formulaire.Champ{Nom: "saut", Libelle: "Variation à confirmer, en %", Aide: "Au-delà, par rapport au millésime précédent, un mot d’explication est demandé.", Mode: "numeric", Facultatif: true, Max: 4},
		formulaire.Champ{Nom: "seuil", Libelle: "Seuil de secret statistique", Aide: "Les effectifs plus petits sont « n.c. » pour tous, sauf le producteur. 0 : aucun secret.", Mode: "numeric", Max: 4},
		une("publique", "Visible du public", "Sinon, seules les personnes qui ont un compte le voient."),
		une("des_quartiers", "Mesuré dans les quartiers", "Sinon, seulement dans les territoires autour."),
		formulaire.Champ{Nom: "source", Libelle: "Source", Aide: "Fichier ou enquête dont le chiffre est tiré.", Max: maxLibelle, Facultatif: true},
		formulaire.Champ{Nom: "licence", Libelle: "Licence", Max: maxLibelle},
		formulaire.Champ{Nom: "reserve", Libelle: "Réserve", Aide: "Montrée partout où le chiffre l’est.", Type: "textarea", Lignes: 2, Max: maxPhrase, Facultatif: true},
	)
	return p
}

var filIndicateurs = []web.Lien{{Texte: "Accueil", Href: lien.Accueil}, {Texte: "Indicateurs", Href: lien.Indicateurs}}

// Parameters of the list, and what they may ask.
const (
	paramQ          = "q"
	paramThematique = "thematique"
	paramEtat       = "etat"
	parPage         = 50
)

var etatsCatalogue = []lexique.Mot{{Code: "retires", Libelle: "Retirés"}, {Code: "tous", Libelle: "Tous"}}

// filtresCatalogue is what the address of the list asks for.
type filtresCatalogue struct {
	Q, Thematique, Etat string
	Page                int
}

func parseFiltresCatalogue(v url.Values) (filtresCatalogue, error) {
	q := httpx.ReadQuery(v)
	f := filtresCatalogue{Q: q.Text(paramQ, maxLibelle), Thematique: q.Code(paramThematique, lexique.Thematiques), Etat: q.Code(paramEtat, etatsCatalogue), Page: q.Page()}
	return f, q.Err()
}

func (f filtresCatalogue) filtres() url.Values {
	return web.Params(paramQ, f.Q, paramThematique, f.Thematique, paramEtat, f.Etat)
}

func (f filtresCatalogue) url() web.ListURL {
	return web.ListURL{Path: lien.Indicateurs, Values: f.filtres()}
}

// catalogueVue is what the page of the catalogue shows.
type catalogueVue struct {
	filtresCatalogue
	Lignes   []ligneCatalogue
	Modifier bool
}

func (c catalogueVue) total() int {
	if len(c.Lignes) == 0 {
		return 0
	}
	return c.Lignes[0].Lignes
}

func (c catalogueVue) tableau() web.TableProps {
	p := web.TableProps{ID: "indicateurs", Caption: "Indicateurs", CaptionHidden: true, Vide: "Aucun indicateur ne correspond.", Columns: []web.Column{
		{Titre: "Indicateur"}, {Titre: "Thématique"}, {Titre: "Producteur"}, {Titre: "Accès"}, {Titre: "Chiffres publiés", Numeric: true}}}
	for _, l := range c.Lignes {
		acces := "Public"
		if !l.Publique {
			acces = "Services seulement"
		}
		if l.RetireLe != nil {
			acces = "Retiré le " + typo.DateCourte(*l.RetireLe)
		}
		p.Rows = append(p.Rows, []web.Cell{{Texte: l.Libelle, Href: lien.Indicateur(l.Code), Note: l.unite()},
			web.TextCell(lexique.Libelle(lexique.Thematiques, l.Thematique)), {Texte: l.Producteur, Note: lexique.Libelle(lexique.PeriodicitesIndicateur, l.Periodicite)},
			web.TextCell(acces), web.TextCell(typo.Nombre(int64(l.Chiffres)))})
	}
	return p
}

func (i Indicateur) unite() string { return "en" + typo.NBSP + i.Unite }

func (c catalogueVue) telechargements() []web.Download {
	return httpx.Downloads(func(format string) string { return lien.IndicateursFichier(format, c.filtres()) })
}

func (c catalogueVue) fichier(base string, le time.Time) export.Table {
	t := export.Table{Nom: "indicateurs", Titre: "Catalogue des indicateurs", Colonnes: []export.Colonne{
		{Titre: "Code", Nom: "code", Largeur: 5}, {Titre: "Libellé", Nom: "libelle", Largeur: 7}, {Titre: "Définition", Nom: "definition", Largeur: 12},
		{Titre: "Thématique", Nom: "thematique", Largeur: 4}, {Titre: "Unité", Nom: "unite"}, {Titre: "Nature", Nom: "nature", Largeur: 4}, {Titre: "Sens", Nom: "sens", Largeur: 5},
		{Titre: "Producteur", Nom: "producteur", Largeur: 5}, {Titre: "Périodicité", Nom: "periodicite", Largeur: 4}, {Titre: "Seuil de secret", Nom: "seuil_secret", Type: export.Entier},
		{Titre: "Public", Nom: "public", Type: export.Booleen}, {Titre: "Source", Nom: "source", Largeur: 6}, {Titre: "Licence", Nom: "licence", Largeur: 6},
		{Titre: "Fiche", Nom: "fiche", Type: export.Lien, Largeur: 8},
	}, Apropos: export.Apropos{Source: "Portail, catalogue des indicateurs", Extrait: le, Permalien: base + c.url().Page(1)}}
	t.Lignes = export.Lignes(c.Lignes, func(l ligneCatalogue) []any {
		return []any{l.Code, l.Libelle, l.Definition, lexique.Libelle(lexique.Thematiques, l.Thematique), l.Unite, lexique.Libelle(lexique.NaturesIndicateur, l.Nature),
			lexique.Libelle(lexique.SensIndicateur, l.Sens), l.Producteur, lexique.Libelle(lexique.PeriodicitesIndicateur, l.Periodicite), l.Seuil, l.Publique, l.Source, l.Licence,
			base + lien.Indicateur(l.Code)}
	})
	return t
}

// description is the record of an indicator.
func (i Indicateur) description() []web.Description {
	d := func(terme, texte string) web.Description {
		return web.Description{Terme: terme, Cell: web.TextCell(texte)}
	}
	list := []web.Description{d("Code", i.Code), d("Définition", i.Definition), d("Thématique", lexique.Libelle(lexique.Thematiques, i.Thematique)),
		d("Mesure", lexique.Libelle(lexique.NaturesIndicateur, i.Nature)+", "+i.unite()), d("Sens", lexique.Libelle(lexique.SensIndicateur, i.Sens)), d("Producteur", i.Producteur),
		d("Périodicité", lexique.Libelle(lexique.PeriodicitesIndicateur, i.Periodicite))}
	if i.Minimum != nil || i.Maximum != nil {
		list = append(list, d("Bornes", i.bornes()))
	}
	if i.Saut != nil {
		list = append(list, d("Variation à confirmer", "au-delà de "+typo.Pourcent(float64(*i.Saut), 0)))
	}
	secret := "aucun"
	if i.Seuil > 0 {
		secret = "effectifs de moins de " + typo.Nombre(int64(i.Seuil))
	}
	acces := "public"
	if !i.Publique {
		acces = "services qui ont un compte"
	}
	list = append(list, d("Secret statistique", secret), d("Accès", acces))
	for terme, texte := range map[string]string{"Source": i.Source} {
		if texte != "" {
			list = append(list, d(terme, texte))
		}
	}
	list = append(list, d("Licence", i.Licence))
	if i.Reserve != "" {
		list = append(list, d("Réserve", i.Reserve))
	}
	return list
}

// bornes tells what a figure may be.
func (i Indicateur) bornes() string {
	switch {
	case i.Minimum == nil && i.Maximum == nil:
		return ""
	case i.Minimum == nil:
		return "au plus " + typo.Auto(*i.Maximum, 6)
	case i.Maximum == nil:
		return "au moins " + typo.Auto(*i.Minimum, 6)
	}
	return "de " + typo.Auto(*i.Minimum, 6) + " à " + typo.Auto(*i.Maximum, 6)
}
