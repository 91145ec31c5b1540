package web

import "testing"

func TestTheNearestMenuEntryIsCurrent(t *testing.T) {
	menu := []MenuEntry{{Texte: "Accueil", Href: "/"}, {Texte: "Quartiers", Href: "/qpv"}, {Texte: "Comparer", Href: "/qpv/comparer"},
		{Texte: "Agents", Enfants: []MenuEntry{{Texte: "Mon compte", Href: "/mon-compte"}}}}
	for chemin, want := range map[string][]string{
		"/": {"page", "", ""}, "/qpv": {"", "page", ""}, "/qpv/QN08801M": {"", "true", ""}, "/qpv/comparer": {"", "", "page"},
		"/qpv/comparer/x": {"", "", "true"}, "/qpvx": {"", "", ""}, "/aide": {"", "", ""},
	} {
		f := Frame{Menu: menu, Chemin: chemin}
		for i, w := range want {
			if got := f.current(menu[i]); got != w {
				t.Errorf("%s: %s is %q, want %q", chemin, menu[i].Texte, got, w)
			}
		}
	}
	if f := (Frame{Menu: menu, Chemin: "/mon-compte/sessions"}); !f.open(menu[3]) {
		t.Error("the drop-down menu of the current page is not marked")
	}
}
