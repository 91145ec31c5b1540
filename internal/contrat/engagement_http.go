package contrat

import (
	"context"
	"net/url"
	"slices"
	"strconv"
	"time"

	"portail/internal/droits"
	"portail/internal/fault"
	"portail/internal/formulaire"
	"portail/internal/httpx"
	"portail/internal/lexique"
	"portail/internal/lien"
	"portail/internal/saisie"
	"portail/web/typo"
)

func formEngagement(c Contenu, id, sous int64) (formulaire.Page, error) {
	e := Engagement{ObjectifID: sous}
	if id != 0 {
		i := slices.IndexFunc(c.Engagements, func(e Engagement) bool { return e.ID == id })
		if i < 0 {
			return formulaire.Page{}, fault.NotFound
		}
		e = c.Engagements[i]
	}
	p := formBranche(c, brancheEngagement, lien.ActeNouvelEngagement, "Modifier un engagement", id, e.Version, e.valeurs())
	objectifs := make([]lieu, len(c.Objectifs))
	for i, o := range c.Objectifs {
		objectifs[i] = lieu{o.ID, c.titreAxe(o.AxeID) + typo.NBSP + ": " + o.Titre}
	}
	parties := make([]lieu, len(c.Parties))
	for i, x := range c.Parties {
		parties[i] = lieu{x.ID, x.OrganismeNom}
	}
	annees := fmtAnnees(c.Version)
	jour := func(nom, libelle string) formulaire.Champ {
		return formulaire.Champ{Nom: nom, Libelle: libelle, Type: "date", Facultatif: true, Montre: formulaire.MontreJour}
	}
	nombre := func(nom, libelle, aide string) formulaire.Champ {
		return formulaire.Champ{Nom: nom, Libelle: libelle, Aide: aide, Mode: "decimal", Facultatif: true}
	}
	p.Champs = []formulaire.Champ{
		{Nom: "objectif", Libelle: "Objectif", Options: options(objectifs), Vide: "Choisir un objectif"},
		{Nom: "partie", Libelle: "Partie qui s’engage", Options: options(parties), Vide: "Choisir une partie"},
		{Nom: "texte", Libelle: "Engagement", Type: "textarea", Lignes: 4, Max: maxEngagement},
		{Nom: "credits", Libelle: "Moyens", Type: formulaire.Choix, Options: httpx.Options(lexique.Credits)},
		nombre("montant", "Montant en euros", "Par exemple"+typo.NBSP+": 12"+typo.NBSP+"500"),
		{Nom: "annee_debut", Libelle: "Première année", Aide: annees, Mode: "numeric", Facultatif: true},
		{Nom: "annee_fin", Libelle: "Dernière année", Mode: "numeric", Facultatif: true},
		jour("echeance", "Échéance de l’engagement"),
		{Nom: "indicateur", Libelle: "Cible chiffrée" + typo.NBSP + ": indicateur", Max: maxLigne, Facultatif: true,
			Aide: "Une cible se remplit en entier" + typo.NBSP + ": indicateur, référence, cible, dates et source."},
		nombre("reference_valeur", "Valeur de référence", ""), jour("reference_le", "Date de la référence"),
		nombre("cible_valeur", "Valeur visée", ""), jour("cible_le", "Échéance de la cible"),
		{Nom: "cible_source", Libelle: "Source de la mesure", Max: maxLigne, Facultatif: true},
	}
	return p, nil
}

func fmtAnnees(v Version) string {
	return "De " + strconv.Itoa(v.Debut.Year()) + " à " + strconv.Itoa(v.Fin.Year()) + "."
}

// valeurs are the fields of the form, as kept.
func (e Engagement) valeurs() url.Values {
	number := func(v *float64, digits int) string {
		if v == nil {
			return ""
		}
		return typo.Auto(*v, digits)
	}
	year := func(y *int) string {
		if y == nil {
			return ""
		}
		return strconv.Itoa(*y)
	}
	return url.Values{"objectif": {numero(e.ObjectifID)}, "partie": {numero(e.PartieID)}, "texte": {e.Texte}, "credits": {e.Credits}, "montant": {number(e.Montant, 2)},
		"annee_debut": {year(e.AnneeDebut)}, "annee_fin": {year(e.AnneeFin)}, "echeance": {jourISO(e.Echeance)}, "indicateur": {e.Indicateur},
		"reference_valeur": {number(e.ReferenceValeur, 6)}, "reference_le": {jourISO(e.ReferenceLe)}, "cible_valeur": {number(e.CibleValeur, 6)},
		"cible_le": {jourISO(e.CibleLe)}, "cible_source": {e.CibleSource}}
}

func (s *Service) saveEngagement(ctx context.Context, v Ref, id int64, f httpx.Form) error {
	e := Engagement{ID: id, ObjectifID: choix(f, "objectif"), PartieID: choix(f, "partie"), Texte: f.Brut("texte"), Credits: f.Texte("credits"),
		Montant: lireDecimal(f, "montant", 0), AnneeDebut: lireAnnee(f, "annee_debut"), AnneeFin: lireAnnee(f, "annee_fin"), Echeance: lireJour(f, "echeance"),
		Indicateur: f.Texte("indicateur"), ReferenceValeur: lireDecimal(f, "reference_valeur", -maxValeur), ReferenceLe: lireJour(f, "reference_le"),
		CibleValeur: lireDecimal(f, "cible_valeur", -maxValeur), CibleLe: lireJour(f, "cible_le"), CibleSource: f.Texte("cible_source")}
	cle, err := cleOuVersion(f, id, &e.Version)
	if err != nil {
		return err
	}
	return s.SaveEngagement(ctx, droits.Of(ctx), v, e, f.Fautes, cle)
}

// What follows reads fields that may be empty: nil then, and with a fault.

func lireJour(f httpx.Form, champ string) *time.Time {
	if f.Texte(champ) == "" {
		return nil
	}
	if day := saisie.Jour(f.Fautes, champ, f.Texte(champ)); !day.IsZero() {
		return &day
	}
	return nil
}

func lireDecimal(f httpx.Form, champ string, least float64) *float64 {
	if f.Texte(champ) == "" {
		return nil
	}
	v := saisie.Decimal(f.Fautes, champ, f.Texte(champ), least, maxValeur)
	return &v
}

func lireAnnee(f httpx.Form, champ string) *int {
	if f.Texte(champ) == "" {
		return nil
	}
	n := int(saisie.Entier(f.Fautes, champ, f.Texte(champ), 2000, 2100))
	return &n
}
