package web

import (
	"context"
	"slices"
	"strings"
)

// Addresses that the frame of every page links to. They are part of the site's contract with its visitors.
const (
	hrefAccueil           = "/"
	hrefRecherche         = "/qpv"
	hrefConnexion         = "/connexion"
	hrefDeconnexion       = "/deconnexion"
	hrefAccessibilite     = "/accessibilite"
	hrefMentions          = "/mentions-legales"
	hrefDonneesPersonnels = "/donnees-personnelles"
	hrefPlan              = "/plan-du-site"
	hrefEcoconception     = "/ecoconception"
)

// MarqueEtat is the value of Site.Marque that shows the bloc-marque and loads the Marianne font: reserved to bodies
// authorised to use the State's mark. Any other value is the neutral look.
const MarqueEtat = "etat"

// Lien is a link: what is read and where it leads. An empty Href shows plain text.
type Lien struct {
	Texte, Href string
}

// MenuEntry is an entry of the main navigation; with Enfants it is a drop-down menu and Href is not used as a link.
type MenuEntry struct {
	Texte, Href string
	Enfants     []MenuEntry
}

// Site is what the settings say of the whole site.
type Site struct {
	Nom        string   // name of the service, second part of every <title>
	Baseline   string   // one line under the name
	URL        string   // public base address without trailing slash, e.g. "https://portail.example"; may be empty
	Marque     string   // MarqueEtat or neutral
	BlocMarque []string // lines of the bloc-marque, e.g. "Préfète", "des Vosges"; used in State mode
	Prefecture string   // name of the publishing body, shown in the footer

	Demonstration        bool   // invented data: every page says so
	EspaceAgents         bool   // show the sign-in link
	MentionAccessibilite string // "non conforme", "partiellement conforme" or "totalement conforme"; empty reads "non conforme"
	LiensPied            []Lien // further links of the footer, after the legal ones
}

// Fonction is a post that the signed-in person may act in.
type Fonction struct {
	Libelle string
	Href    string // address that switches to it (a form is posted there)
	Active  bool
}

// CompteFrame is the signed-in person as the header shows them.
type CompteFrame struct {
	Nom       string
	Fonction  string
	Fonctions []Fonction // all posts of the person; a switch is shown from two on
	Profil    string     // address of the person's own page
}

// Flash is the message that follows a change, shown once at the top of the content.
type Flash struct {
	Tone  Tone
	Titre string
	Texte string
}

// Frame is what a page's surroundings need to know of the request. It travels in the context.
type Frame struct {
	Site      Site
	Chemin    string // path of the request: active menu entry and canonical address
	Compte    *CompteFrame
	Flash     *Flash
	RequestID string
	Menu      []MenuEntry
}

type frameKey struct{}

// WithFrame returns a context whose pages are drawn in this frame.
func WithFrame(ctx context.Context, f Frame) context.Context {
	return context.WithValue(ctx, frameKey{}, f)
}

// FrameOf returns the frame of the context, or a neutral one: a page drawn without a frame (an error before routing) still
// has its header and footer.
func FrameOf(ctx context.Context) Frame {
	f, ok := ctx.Value(frameKey{}).(Frame)
	if !ok {
		f = Frame{}
	}
	if f.Site.Nom == "" {
		f.Site.Nom = "Portail de la politique de la ville"
	}
	if f.Site.MentionAccessibilite == "" {
		f.Site.MentionAccessibilite = "non conforme"
	}
	return f
}

// etat tells whether the State's mark may be shown.
func (s Site) etat() bool { return s.Marque == MarqueEtat && len(s.BlocMarque) > 0 }

// absolute returns the public address of a path, or "" when the site does not know its own base address.
func (s Site) absolute(path string) string {
	if s.URL == "" {
		return ""
	}
	if strings.HasPrefix(path, "https://") || strings.HasPrefix(path, "http://") {
		return path
	}
	return strings.TrimSuffix(s.URL, "/") + path
}

// current returns the aria-current value of an entry for the path shown: "page" on the very page, "true" on a page below it unless
// another entry of the menu is nearer, "" elsewhere. The home page is an ancestor of everything, so it is only ever "page".
func (f Frame) current(e MenuEntry) string {
	switch {
	case e.Href == f.Chemin:
		return "page"
	case e.above(f.Chemin) && !slices.ContainsFunc(f.Menu, func(other MenuEntry) bool { return len(other.Href) > len(e.Href) && other.above(f.Chemin+"/") }):
		return "true"
	}
	return ""
}

// above tells whether the path is one of a page below the entry's.
func (e MenuEntry) above(chemin string) bool {
	return e.Href != "" && e.Href != "/" && strings.HasPrefix(chemin, strings.TrimSuffix(e.Href, "/")+"/")
}

// open tells whether one of the entries of a drop-down menu is the current one.
func (f Frame) open(e MenuEntry) bool {
	return slices.ContainsFunc(e.Enfants, func(c MenuEntry) bool { return f.current(c) != "" })
}
