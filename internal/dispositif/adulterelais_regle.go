package dispositif

import (
	"slices"
	"strings"
	"time"

	"portail/internal/fault"
	"portail/internal/lexique"
	"portail/internal/saisie"
	"portail/web/typo"
)

// categoriesParNature are the categories of employers that an organisation of each nature may sign as (L5134-101, R-AR-1). A service of
// the State is none; the nature "autre" says nothing, and any category is taken.
var categoriesParNature = map[string][]string{
	"collectivite": {"collectivite"}, "epci": {"collectivite"}, "bailleur": {"hlm"}, "association": {"association"},
	"etablissement_scolaire": {"eple"}, "etablissement_sante": {"sante"}, "entreprise": {"service_public"},
	"operateur": {"service_public", "collectivite"}, "service_etat": {},
	"autre": {"collectivite", "eple", "sante", "hlm", "association", "service_public"},
}

// employeur is what the rules ask of the organisation that employs.
type employeur struct {
	ID     int64
	Nom    string
	Nature string // code of lexique.NaturesOrganisme
	Ferme  bool
}

// eligible says whether the organisation may employ an adulte-relais, in whichever category.
func (e employeur) eligible() bool { return !e.Ferme && len(categoriesParNature[e.Nature]) > 0 }

// check refuses an organisation that may not employ an adulte-relais in that category.
func (e employeur) check(categorie string) error {
	f := fault.Fields{}
	allowed := categoriesParNature[e.Nature]
	switch {
	case e.Ferme:
		f.Add("employeur", typo.Guillemets(e.Nom)+" est fermé"+typo.NBSP+": choisissez l’organisme qui lui succède.")
	case len(allowed) == 0:
		f.Add("employeur", "Un organisme de cette nature ("+lexique.Libelle(lexique.NaturesOrganisme, e.Nature)+") ne peut pas employer d’adulte-relais"+loi("L. 5134-101"))
	case !slices.Contains(allowed, categorie):
		f.Add("categorie", "Cette catégorie ne va pas avec la nature de l’employeur ("+lexique.Libelle(lexique.NaturesOrganisme, e.Nature)+")"+loi("L. 5134-101"))
	}
	return f.Err()
}

// checkAvis refuses an opinion without its reason when it is not plainly favourable.
func checkAvis(avis, texte string) error {
	f := fault.Fields{}
	if !lexique.Connu(lexique.AvisDelegue, avis) {
		f.Add("avis", "Choisissez un avis.")
	}
	if avis != "favorable" && texte == "" {
		f.Add("avis_texte", "Motivez les réserves ou l’avis défavorable.")
	}
	saisie.Longueur(f, "avis_texte", texte, maxMotif)
	return f.Err()
}

// checkAccord refuses a post against the délégué's opinion or beyond the quota, unless the préfet waives the rule.
func (a AdulteRelais) checkAccord(q quota, waived []Derogation) error {
	f := fault.Fields{}
	if a.Avis != nil && *a.Avis == "defavorable" && !derogation(waived, "avis") {
		f.Add("", "L’avis du délégué du préfet est défavorable"+typo.NBSP+": la direction peut passer outre par une dérogation motivée.")
	}
	if q.Quota != nil && q.Occupes >= *q.Quota && !derogation(waived, "quota") {
		f.Add("", "Les "+typo.NPluriel(*q.Quota, "poste", "postes")+" du département pour "+typo.DateISO(a.Debut)[:4]+" sont tous pris au "+typo.Date(a.Debut)+
			typo.NBSP+": libérez-en un, ou demandez une dérogation à la direction.")
	}
	return f.Err()
}

// checkSignature refuses a signature that comes before the agreement or after the end.
func (a AdulteRelais) checkSignature(numero, asp string, le time.Time) error {
	f := fault.Fields{}
	if numero == "" {
		f.Add("numero", "Indiquez le numéro de la convention.")
	}
	saisie.Longueur(f, "numero", numero, maxReference)
	saisie.Longueur(f, "asp", asp, maxReference)
	if !le.IsZero() && a.AccordeeLe != nil && le.Before(*a.AccordeeLe) {
		f.Add("le", "La signature ne peut pas précéder l’accord du "+typo.Date(*a.AccordeeLe)+".")
	}
	if le.After(a.Fin) {
		f.Add("le", "La convention prend fin le "+typo.Date(a.Fin)+typo.NBSP+": elle ne peut pas être signée après.")
	}
	return f.Err()
}

// embauche is what an agent notes of a hiring: dates and what was verified, nothing of the person.
type embauche struct {
	Debut        time.Time
	ConditionsLe time.Time
	Conditions   bool   // 26 years, without work
	Residence    string // residenceQPV or residenceAilleurs
}

// Answers to the condition of residence.
const (
	residenceQPV      = "qpv"
	residenceAilleurs = "ailleurs"
)

// checkEmbauche refuses a hiring before the signature (R-AR-5), outside the convention, or of somebody who does not meet the conditions
// (R-AR-2). Only that of residence may be waived.
func (a AdulteRelais) checkEmbauche(e embauche, waived []Derogation) error {
	f := fault.Fields{}
	switch {
	case e.Debut.IsZero(): // told when it was read
	case a.SigneeLe == nil || e.Debut.Before(*a.SigneeLe):
		f.Add("debut", "L’embauche ne peut pas précéder la signature de la convention"+a.signature()+loi("D. 5134-152"))
	case e.Debut.Before(a.Debut) || e.Debut.After(a.Fin):
		f.Add("debut", "L’embauche tombe en dehors de la convention, qui court du "+typo.Date(a.Debut)+" au "+typo.Date(a.Fin)+".")
	}
	if !e.Conditions {
		f.Add("conditions", "La personne a au moins 26"+typo.NBSP+"ans et est sans emploi ou en fin de contrat aidé"+typo.NBSP+": vérifiez-le avant l’embauche"+loi("L. 5134-102"))
	}
	if !e.ConditionsLe.IsZero() && e.ConditionsLe.After(e.Debut) && !e.Debut.IsZero() {
		f.Add("conditions_le", "Les conditions se vérifient au plus tard le jour de l’embauche"+loi("L. 5134-102"))
	}
	switch {
	case e.Residence == residenceQPV:
	case e.Residence != residenceAilleurs:
		f.Add("residence", "Dites si la personne réside en quartier prioritaire.")
	case !derogation(waived, "residence"):
		f.Add("residence", "La personne réside en quartier prioritaire, sauf dérogation du préfet inscrite dans la convention"+typo.NBSP+": demandez-la à la direction"+loi("L. 5134-102"))
	}
	return f.Err()
}

func (a AdulteRelais) signature() string {
	if a.SigneeLe == nil {
		return ""
	}
	return ", signée le " + typo.Date(*a.SigneeLe)
}

// checkDepart refuses a departure before the hiring, or after the convention.
func (a AdulteRelais) checkDepart(o Occupation, fin time.Time) error {
	f := fault.Fields{}
	if !fin.IsZero() && fin.Before(o.Debut) {
		f.Add("fin", "Le départ ne peut pas précéder l’embauche du "+typo.Date(o.Debut)+".")
	}
	if fin.After(a.Fin) {
		f.Add("fin", "La convention prend fin le "+typo.Date(a.Fin)+typo.NBSP+": le départ est ce jour-là au plus tard.")
	}
	return f.Err()
}

// checkMotif refuses an end without its reason.
func checkMotif(f fault.Fields, motif string) {
	if motif == "" {
		f.Add("motif", "Indiquez le motif"+typo.NBSP+": il reste sur la fiche et dans le journal.")
	}
	saisie.Longueur(f, "motif", motif, maxMotif)
}

// checkResiliation refuses a termination outside the life of the convention.
func (a AdulteRelais) checkResiliation(le time.Time, motif string, under []Occupation) error {
	f := fault.Fields{}
	checkMotif(f, motif)
	if le.IsZero() {
		return f.Err()
	}
	if a.SigneeLe != nil && le.Before(*a.SigneeLe) {
		f.Add("le", "La résiliation ne peut pas précéder la signature du "+typo.Date(*a.SigneeLe)+".")
	}
	if le.After(a.Fin) {
		f.Add("le", "La convention prend fin d’elle-même le "+typo.Date(a.Fin)+".")
	}
	for _, o := range under {
		if o.Fin == nil && le.Before(o.Debut) {
			f.Add("le", "Le poste est occupé depuis le "+typo.Date(o.Debut)+typo.NBSP+": la résiliation ne peut pas précéder l’embauche.")
		}
	}
	return f.Err()
}

// manquants are the quarters that are over and whose papers did not come.
func manquants(all []trimestre) []trimestre {
	return slices.DeleteFunc(slices.Clone(all), func(t trimestre) bool { return t.RecueLe != nil || !t.Ecoule })
}

// alertePieces says what missing papers lead to: a warning after the first quarter, termination by law after two in a row (D5134-154,
// R-AR-6).
func alertePieces(all []trimestre) string {
	missing := manquants(all)
	if len(missing) == 0 {
		return ""
	}
	var names []string
	twice := false
	for i, t := range missing {
		names = append(names, t.nom())
		twice = twice || i > 0 && missing[i-1].Trimestre.AddDate(0, 3, 0).Equal(t.Trimestre)
	}
	said := "Pièces justificatives non reçues" + typo.NBSP + ": " + typo.Liste(names) + ". "
	if twice {
		return said + "Deux trimestres de suite" + typo.NBSP + ": la convention est résiliée de plein droit" + loi("D. 5134-154")
	}
	return said + "Un second trimestre de suite entraînerait la résiliation de plein droit" + loi("D. 5134-154")
}

// nom writes a quarter: "2e trimestre 2026".
func (t trimestre) nom() string {
	return typo.Rang((int(t.Trimestre.Month())+2)/3, typo.Masculin) + " trimestre " + strings.TrimSpace(t.Trimestre.Format("2006"))
}
