package compte

import "strings"

// What the browsers and systems that people use say of themselves; the first that matches is right, since each also names those
// that it is like.
var (
	navigateurs = [][2]string{{"Edg", "Edge"}, {"OPR/", "Opera"}, {"SamsungBrowser/", "Samsung Internet"}, {"Firefox/", "Firefox"}, {"FxiOS/", "Firefox"},
		{"CriOS/", "Chrome"}, {"Chrome/", "Chrome"}, {"Safari/", "Safari"}}
	systemes = [][2]string{{"Android", "Android"}, {"iPhone", "iPhone"}, {"iPad", "iPad"}, {"Windows", "Windows"}, {"Mac OS X", "macOS"}, {"CrOS", "ChromeOS"}, {"Linux", "Linux"}}
)

// agentMax bounds what is shown of a browser that is not known.
const agentMax = 80

// navigateur names a browser as its user would, so that they recognise a session as theirs.
func navigateur(agent string) string {
	find := func(in [][2]string) string {
		for _, n := range in {
			if strings.Contains(agent, n[0]) {
				return n[1]
			}
		}
		return ""
	}
	nom, systeme := find(navigateurs), find(systemes)
	switch {
	case nom != "" && systeme != "":
		return nom + " sur " + systeme
	case nom != "":
		return nom
	case agent == "":
		return "Navigateur inconnu"
	}
	if r := []rune(agent); len(r) > agentMax {
		return string(r[:agentMax]) + "…"
	}
	return agent
}
