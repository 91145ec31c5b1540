package compte

import (
	"net/url"
	"slices"
	"strings"
	"unicode"

	"portail/web"
)

// saisie is a form that arrived after its session had ended: it is kept until its author has signed in and sent it again.
type saisie struct {
	Chemin string // where it was sent, query included
	Champs url.Values
	Compte int64 // who typed it; 0: not known
	Joint  bool  // a file was sent with it, which is not kept
}

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

// saisieLisible shows what somebody had typed, not what pages put there for themselves.
func saisieLisible(s saisie) []web.Description {
	var shown []web.Description
	for _, c := range champs(s) {
		if c[0] == "" || c[1] == "" || c[0] == "version" || c[0] == "cle" {
			continue
		}
		nom := []rune(strings.ReplaceAll(c[0], "_", " "))
		nom[0] = unicode.ToUpper(nom[0])
		shown = append(shown, web.Description{Terme: string(nom), Cell: web.TextCell(c[1])})
	}
	return shown
}
