package journal

import (
	"net/url"
	"strconv"
	"strings"
	"time"

	"portail/internal/httpx"
	"portail/internal/lexique"
	"portail/internal/lien"
	"portail/web"
	"portail/web/typo"
)

// filtres is what the address of the journal asks for; zero fields ask for nothing.
type filtres struct {
	Du, Au time.Time // days, Paris
	Qui    string    // part of a name, an address or an organisation
	Compte int64     // number of an account
	Verbe  string    // exact
	Objet  string    // exact
	ID     string    // of the object, exact
	Texte  string    // part of the deed or of its detail
	// Keyset of the page: lines before (older than) or after (newer than) a number.
	Avant, Apres int64
}

// Names of the query parameters.
const (
	paramDu     = "du"
	paramAu     = "au"
	paramQui    = "qui"
	paramCompte = "compte"
	paramVerbe  = "verbe"
	paramObjet  = "objet"
	paramID     = "id"
	paramTexte  = "q"
	paramAvant  = "avant"
	paramApres  = "apres"
)

// maxTexte is the longest text that is looked for.
const maxTexte = 200

// parseFiltres reads the query. What no form of the page sends is malformed.
func parseFiltres(v url.Values) (filtres, error) {
	q := httpx.ReadQuery(v)
	f := filtres{Qui: q.Text(paramQui, maxTexte), Verbe: q.Text(paramVerbe, maxTexte), Objet: q.Text(paramObjet, maxTexte), ID: q.Text(paramID, maxTexte), Texte: q.Text(paramTexte, maxTexte),
		Du: q.Day(paramDu), Au: q.Day(paramAu), Compte: q.ID(paramCompte), Avant: q.ID(paramAvant), Apres: q.ID(paramApres)}
	if f.Avant > 0 && f.Apres > 0 {
		q.Refuse(paramAvant)
	}
	return f, q.Err()
}

// values writes the filters back, without the page.
func (f filtres) values() url.Values {
	return web.Params(paramDu, typo.DateISO(f.Du), paramAu, typo.DateISO(f.Au), paramQui, f.Qui, paramCompte, web.NumberParam(f.Compte, 0),
		paramVerbe, f.Verbe, paramObjet, f.Objet, paramID, f.ID, paramTexte, f.Texte)
}

func (f filtres) page(param string, id int64) string {
	v := f.values()
	v.Set(param, strconv.FormatInt(id, 10))
	return lien.JournalFiltre(v)
}

// mots say the filters in words, for tags and for the file.
func (f filtres) mots() []web.Lien {
	list := web.ListURL{Path: lien.Journal, Values: f.values()}
	var all []web.Lien
	add := func(param, words string) { all = append(all, web.Lien{Texte: words, Href: list.With(param, "")}) }
	if !f.Du.IsZero() {
		add(paramDu, "depuis le "+typo.Date(f.Du))
	}
	if !f.Au.IsZero() {
		add(paramAu, "jusqu’au "+typo.Date(f.Au))
	}
	if f.Qui != "" {
		add(paramQui, "par "+typo.Guillemets(f.Qui))
	}
	if f.Compte > 0 {
		add(paramCompte, "compte n°"+typo.NBSP+strconv.FormatInt(f.Compte, 10))
	}
	if f.Verbe != "" {
		add(paramVerbe, "action"+typo.NBSP+": "+f.Verbe)
	}
	if f.Objet != "" {
		add(paramObjet, "objet"+typo.NBSP+": "+f.Objet)
	}
	if f.ID != "" {
		add(paramID, "numéro "+f.ID)
	}
	if f.Texte != "" {
		add(paramTexte, "texte"+typo.NBSP+": "+typo.Guillemets(f.Texte))
	}
	return all
}

// LigneComplete is one line of the journal with all that it tells.
type LigneComplete struct {
	Ligne
	CompteID *int64
	Objet    string
	ObjetID  string
	Requete  string
	Adresse  string // truncated to its network
}

// href leads to the object, when it has a page.
func (l LigneComplete) href() string {
	id, err := strconv.ParseInt(l.ObjetID, 10, 64)
	if err != nil {
		return ""
	}
	switch l.Objet {
	case "compte":
		return lien.Compte(id)
	case "organisme":
		return lien.Organisme(id)
	}
	return ""
}

// qui is who did it: the person, and the fonction they acted in as it was then.
func (l LigneComplete) qui() (nom, fonction string) {
	role, organisme, _ := strings.Cut(l.Auteur, ", ")
	fonction = lexique.Libelle(lexique.Roles, role)
	if organisme != "" {
		fonction += ", " + organisme
	}
	switch {
	case l.Nom != "":
		return l.Nom, fonction
	case l.CompteID != nil:
		return "compte n°" + typo.NBSP + strconv.FormatInt(*l.CompteID, 10), fonction
	case l.Auteur == "" && l.Requete == "": // a command, or what the portal does by itself
		return "le portail", ""
	case l.Auteur == "":
		return "un visiteur", ""
	}
	return fonction, ""
}

// provenance is the request by which it came, and the network that it came from.
func (l LigneComplete) provenance() string {
	words := ""
	if l.Requete != "" {
		words += ", demande " + l.Requete
	}
	if l.Adresse != "" {
		words += ", réseau " + l.Adresse
	}
	return words
}

// objet is what it was done to, in words.
func (l LigneComplete) objet() string {
	if l.ObjetID == "" {
		return l.Objet
	}
	return l.Objet + " n°" + typo.NBSP + l.ObjetID
}

// details are the fields in words: "rôle : lecteur → référent".
func (l LigneComplete) details() string {
	var lines []string
	for _, c := range (HistoriqueProps{}).champs(l.Ligne) {
		lines = append(lines, c.phrase())
	}
	return strings.Join(lines, "\n")
}

func (c champ) phrase() string {
	switch {
	case c.Avant == "":
		return c.Libelle + typo.NBSP + ": " + c.Apres
	case c.Apres == "":
		return c.Libelle + typo.NBSP + ": " + c.Avant + " (retiré)"
	}
	return c.Libelle + typo.NBSP + ": " + c.Avant + " → " + c.Apres
}
