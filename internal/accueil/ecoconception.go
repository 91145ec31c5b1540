package accueil

import (
	"io/fs"
	"net/url"
	"strings"

	"portail/web"
)

// fichierServi is a file that every page loads, with the bytes that really travel.
type fichierServi struct {
	Role   string
	Octets int64
}

// communs are the files that the layout of every page loads.
var communs = []struct{ asset, role string }{
	{"app.css", "Feuille de style"}, {"app.js", "Programme (menus, accordéons, onglets)"}, {"theme.js", "Choix du thème"}, {"favicon.svg", "Icône de l’onglet"},
}

// mesurer weighs the common files in their compressed form. Nothing is told when one is missing: a partial sum would be
// a wrong figure.
func mesurer() []fichierServi {
	static := web.Static()
	var files []fichierServi
	for _, c := range communs {
		name := strings.TrimPrefix(web.Asset(c.asset), "/static/")
		info, err := fs.Stat(static, name+".br")
		if err != nil {
			return nil
		}
		files = append(files, fichierServi{c.role, info.Size()})
	}
	return files
}

// hote is the host of an address of the settings, which are checked at start.
func hote(address string) string {
	u, err := url.Parse(strings.NewReplacer("{", "", "}", "").Replace(address))
	if err != nil {
		return address
	}
	return u.Host
}
