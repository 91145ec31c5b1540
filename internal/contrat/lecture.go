package contrat

import (
	"slices"
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
	Textes    map[string]templ.Component // rendered for the page: by code of section, cleAxe or cleObjectif
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
func (l lecture) axe(e Engagement) Axe {
	i := slices.IndexFunc(l.Objectifs, func(o Objectif) bool { return o.ID == e.ObjectifID })
	if i < 0 {
		return Axe{}
	}
	j := slices.IndexFunc(l.Axes, func(a Axe) bool { return a.ID == l.Objectifs[i].AxeID })
	if j < 0 {
		return Axe{}
	}
	return l.Axes[j]
}

// objectif is the title of the objective of an engagement.
func (l lecture) objectif(e Engagement) string {
	for _, o := range l.Objectifs {
		if o.ID == e.ObjectifID {
			return o.Titre
		}
	}
	return ""
}

// quartier is the code and the name of the quarter that an axe is for; empty for the whole territory.
func (a Axe) quartier() (code, nom string) {
	code, nom, _ = strings.Cut(a.QpvNom, " ")
	return code, nom
}

// periode is the days that the contract covers.
func (v Version) periode() string { return "du " + typo.Date(v.Debut) + " au " + typo.Date(v.Fin) }

// ordonner puts the engagements in the order of the tree.
func (l *lecture) ordonner() {
	rang := map[int64]int{}
	for _, a := range l.Axes {
		for _, o := range l.ObjectifsDe(a.ID) {
			rang[o.ID] = len(rang)
		}
	}
	slices.SortStableFunc(l.Engagements, func(a, b Engagement) int { return rang[a.ObjectifID] - rang[b.ObjectifID] })
}

func cleAxe(id int64) string      { return "axe-" + strconv.FormatInt(id, 10) }
func cleObjectif(id int64) string { return "objectif-" + strconv.FormatInt(id, 10) }
