package dispositif

import (
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"portail/internal/lexique"
	"portail/internal/saisie"
	"portail/internal/tableur"
	"portail/web/typo"
)

var categoriesSynonymes = map[string][]string{
	"collectivite": {"collectivité", "commune", "mairie", "EPCI", "CCAS", "collectivité territoriale"}, "eple": {"EPLE", "collège", "lycée"}, "sante": {"hôpital", "établissement de santé"},
	"hlm": {"bailleur", "HLM", "OPH", "bailleur social", "office public de l’habitat"}, "association": {"association", "asso"}, "service_public": {"service public", "entreprise"},
}

// missionsCles are the words by which a free text names a mission.
var missionsCles = map[string][]string{
	"accueil": {"accueil", "ecoute", "lien social"}, "demarches": {"demarche", "acces aux droits", "accompagnement administratif"}, "cadre_de_vie": {"cadre de vie"},
	"conflits": {"conflit", "tranquillite"}, "parentalite": {"parentalite", "generation"}, "vie_associative": {"associati", "initiative"},
}

func missionsEnMots() string {
	labels := make([]string, len(lexique.MissionsAdulteRelais))
	for i, m := range lexique.MissionsAdulteRelais {
		labels[i] = strings.ToLower(m.Libelle[:1]) + m.Libelle[1:]
	}
	return strings.Join(labels, typo.NBSP+"; ")
}

// lireMissions finds the missions that a text names, in the order of the décret.
func lireMissions(texte string) (string, string) {
	folded := tableur.Normaliser(texte)
	var found []string
	for _, m := range lexique.MissionsAdulteRelais {
		if slices.ContainsFunc(append([]string{tableur.Normaliser(m.Code)}, missionsCles[m.Code]...), func(word string) bool { return strings.Contains(folded, word) }) {
			found = append(found, m.Code)
		}
	}
	if len(found) == 0 {
		return "", "Aucune mission n’est reconnue. Écrivez-en une ou plusieurs" + typo.NBSP + ": " + missionsEnMots() + "."
	}
	return strings.Join(found, "|"), ""
}

// tempsDeTravail matches a working time in figures: a part of full time (0,8 or 0,8 ETP) or a percentage (80 or 80 %).
var tempsDeTravail = regexp.MustCompile(`^(\d{1,3}(?:[.,]\d{1,10})?)\s*(%|(?i:etp))?$`)

// lireQuotite reads a working time: 80, 80 %, 0,8 or "temps plein". It is kept in per cent, and the law bounds it (R-AR-4).
func lireQuotite(texte string) (string, string) {
	switch tableur.Normaliser(texte) {
	case "temps plein", "tp", "temps complet":
		return "100", ""
	case "mi temps":
		return "50", ""
	}
	m := tempsDeTravail.FindStringSubmatch(saisie.Ligne(texte)) // a no-break space before the sign is a space
	if m == nil {
		return "", "Ce n’est pas un temps de travail" + typo.NBSP + ": écrivez 80" + typo.NBSP + "%, 0,8 ou temps plein."
	}
	v, _ := strconv.ParseFloat(strings.ReplaceAll(m[1], ",", "."), 64) // a number, as the expression says
	if v <= 1 && m[2] != "%" {
		v *= 100
	}
	cents := int64(math.Round(v * 100))
	if why := quotiteFaute(cents); why != "" {
		return "", why
	}
	return strconv.FormatFloat(float64(cents)/100, 'f', -1, 64), ""
}

func jourDe(iso string) time.Time {
	day, err := time.Parse(time.DateOnly, iso)
	if err != nil {
		return time.Time{}
	}
	return day
}

func jourCourt(iso string) string { return typo.DateCourte(jourDe(iso)) }

// conventionDe is the convention of a row, as the rules take it.
func conventionDe(l tableur.Ligne) Convention {
	c := Convention{Categorie: l.Val("categorie"), MissionsTexte: l.Val("missions_texte"), Debut: jourDe(l.Val("debut")), Fin: jourDe(l.Val("fin"))}
	c.Employeur, _ = strconv.ParseInt(l.Val("employeur"), 10, 64) // none is 0, which check refuses
	if n, err := strconv.ParseInt(l.Val("territoire"), 10, 32); err == nil {
		c.Territoire = int32(n)
	}
	for _, id := range partager(l.Val("qpv")) {
		if n, err := strconv.ParseInt(id, 10, 32); err == nil {
			c.QPV = append(c.QPV, int32(n))
		}
	}
	c.Missions = partager(l.Val("missions"))
	if v, err := strconv.ParseFloat(l.Val("quotite"), 64); err == nil {
		c.Quotite = int64(v*100 + 0.5)
	}
	return c.propre()
}

// partager cuts a canonical list.
func partager(s string) []string {
	if s == "" {
		return nil
	}
	return strings.Split(s, "|")
}
