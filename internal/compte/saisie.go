package compte

import (
	"slices"
	"strings"

	"portail/web"
)

// champs are the fields of a kept form in a steady order, each value with its name.
func champs(s saisie) [][2]string {
	names := make([]string, 0, len(s.Champs))
	for name := range s.Champs {
		names = append(names, name)
	}
	slices.Sort(names)
	var fields [][2]string
	for _, name := range names {
		for _, v := range s.Champs[name] {
			fields = append(fields, [2]string{name, v})
		}
	}
	return fields
}

// saisieLisible shows what somebody had typed: neither passwords nor what pages put there for themselves.
func saisieLisible(s saisie) []web.Description {
	var shown []web.Description
	for _, c := range champs(s) {
		if c[1] == "" || c[0] == "version" || c[0] == "cle" || strings.Contains(c[0], "mot_de_passe") || c[0] == "code" {
			continue
		}
		nom := strings.ReplaceAll(c[0], "_", " ")
		shown = append(shown, web.Description{Terme: strings.ToUpper(nom[:1]) + nom[1:], Cell: web.TextCell(c[1])})
	}
	return shown
}
