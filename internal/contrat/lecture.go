package contrat

import (
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"

	"portail/internal/lexique"
	"portail/internal/lien"
	"portail/web"
	"portail/web/typo"
)

// lecture is a text of a contract as it is read: by everybody once published, in a file by its parties and the préfecture before.
type lecture struct {
	Contenu
	EnVigueur bool // it is the published text that counts today
	ParNumero bool // asked for by its number: the same text may have another address, which search engines take
	Annexes   []annexe
	Filtres   filtresLecture
	Trouves   []Engagement               // what the filters keep, in the order of the tree: the page needs all of them to tell how far the contract is, and they are few
	Textes    map[string]templ.Component // rendered for the page: by code of section, cleAxe or cleObjectif
	places    map[int64]place            // of the objectifs, by number
}

// place is where an objectif stands in the tree.
type place struct {
	axe      Axe
	objectif string // its title
}

// versionLue is the head of a published text.
type versionLue struct {
	Version
	EnVigueur bool
}

// Kinds of what a contract is tied to.
const (
	annexeQPV         = "qpv"         // Code, Nom
	annexeSignataire  = "signataire"  // ID: of its party, Nom: its capacity
	annexeVersion     = "version"     // Numero, Code: number of the avenant, Nom: object, Detail: kinds, Le: in force from
	annexePublication = "publication" // Numero, Code: the act, Nom: reason, Detail: number of the avenant, Le
	annexeDocument    = "document"    // ID, Nom: title, Code: kind of file, Numero: bytes, Detail: SHA-256, Le
)

// annexe is one thing that a contract is tied to; what its fields hold depends on Sorte.
type annexe struct {
	Sorte, Code, Nom, Detail string
	ID                       int64
	Numero                   int64
	Le                       *time.Time
}

func (l lecture) of(sorte string) []annexe {
	return garder(l.Annexes, func(a annexe) bool { return a.Sorte == sorte })
}

// nomVersion is what a text is called among those of its contract.
func nomVersion(avenant int) string {
	if avenant == 0 {
		return "Contrat initial"
	}
	return Version{Avenant: avenant}.Nom()
}

// titreComplet tells the texts of one contract from each other.
func (l lecture) titreComplet() string {
	if l.EnVigueur || l.Avenant == 0 && l.Etat != Remplace {
		return l.Titre
	}
	return l.Titre + " – " + nomVersion(l.Avenant)
}

// titrePage tells the page of a numbered text from the contract's own, where the text in force has both.
func (l lecture) titrePage() string {
	if l.EnVigueur && l.ParNumero {
		return l.Titre + " – " + nomVersion(l.Avenant)
	}
	return l.titreComplet()
}

// href is the public page of this text.
func (l lecture) href() string {
	if l.EnVigueur {
		return lien.ContratPublic(l.ContratID)
	}
	return lien.ContratPublicVersion(l.ContratID, l.Numero)
}

// toneEtat is the colour of a state, which its word doubles.
func toneEtat(e Etat) web.Tone {
	switch e {
	case EnVigueur, Signe:
		return web.ToneSuccess
	case Denonce, Echu, Remplace, Abandonne:
		return web.ToneNeutral
	case ASigner:
		return web.ToneInfo
	}
	return web.ToneNew
}

// toneAvancement is the colour of a progress, which its word doubles.
func toneAvancement(code string) web.Tone {
	switch code {
	case "atteint":
		return web.ToneSuccess
	case "en_cours":
		return web.ToneInfo
	case "difficulte":
		return web.ToneWarning
	}
	return web.ToneNeutral
}

// etape is how far an engagement is: its last follow-up, or that it is still to be started.
func (e Engagement) etape() string {
	if e.Avancement == "" {
		return lexique.Avancements[0].Code
	}
	return e.Avancement
}

// badges say at a glance what the text is worth.
func (l lecture) badges() []templ.Component {
	all := []templ.Component{web.Badge(l.etat(), toneEtat(l.Etat))}
	if l.Avenant > 0 {
		all = append(all, web.Badge(nomVersion(l.Avenant), web.ToneNeutral))
	}
	if l.Demonstration {
		all = append(all, web.Badge("Donnée de démonstration", web.ToneWarning))
	}
	return all
}

// axe is the branch of an engagement.
func (l lecture) axe(e Engagement) Axe { return l.places[e.ObjectifID].axe }

// objectif is the title of the objective of an engagement.
func (l lecture) objectif(e Engagement) string { return l.places[e.ObjectifID].objectif }

// quartier is the code and the name of the quarter that an axe is for; empty for the whole territory.
func (a Axe) quartier() (code, nom string) {
	code, nom, _ = strings.Cut(a.QpvNom, " ")
	return code, nom
}

// periode is the days that the contract covers.
func (v Version) periode() string { return "du " + typo.Date(v.Debut) + " au " + typo.Date(v.Fin) }

// situer puts the engagements in the order of the tree, and finds those that the filters keep.
func (l *lecture) situer() {
	parObjectif := map[int64][]Engagement{}
	for _, e := range l.Engagements {
		parObjectif[e.ObjectifID] = append(parObjectif[e.ObjectifID], e)
	}
	l.Engagements, l.places = make([]Engagement, 0, len(l.Engagements)), make(map[int64]place, len(l.Objectifs))
	for _, a := range l.Axes {
		for _, o := range l.ObjectifsDe(a.ID) {
			l.places[o.ID] = place{a, o.Titre}
			l.Engagements = append(l.Engagements, parObjectif[o.ID]...)
		}
	}
	l.Trouves = garder(l.Engagements, l.garde)
}

func cleAxe(id int64) string      { return "axe-" + strconv.FormatInt(id, 10) }
func cleObjectif(id int64) string { return "objectif-" + strconv.FormatInt(id, 10) }
