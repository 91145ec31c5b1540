package document

import (
	"archive/zip"
	"path"
	"strings"

	"portail/web/typo"
)

// chiffre is the flag of an entry protected by a password.
const chiffre = 1

// dossiersMacros are where office documents keep programs.
var dossiersMacros = []string{"Basic/", "Scripts/"}

// entree says what is wrong with an entry of an office document, given those before it.
func entree(f *zip.File, before map[string]bool) string {
	switch {
	case f.Flags&chiffre != 0:
		return "Ce fichier est protégé par un mot de passe" + typo.NBSP + ": enregistrez-le sans protection."
	case macro(f.Name):
		return "Ce fichier contient des macros" + typo.NBSP + ": enregistrez-le sans elles, ou en PDF."
	case before[f.Name], strings.HasPrefix(f.Name, "/"), strings.Contains(f.Name, `\`), path.Clean("/"+f.Name) != "/"+strings.TrimSuffix(f.Name, "/"):
		return double
	}
	return ""
}

func macro(name string) bool {
	for _, folder := range dossiersMacros {
		if strings.HasPrefix(name, folder) {
			return true
		}
	}
	base := strings.ToLower(path.Base(name))
	return strings.HasPrefix(base, "vbaproject") || strings.HasPrefix(base, "vbadata") || strings.Contains(strings.ToLower(name), "/activex/")
}
