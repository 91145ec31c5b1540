package contrat

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"portail/internal/droits"
	"portail/internal/fault"
	"portail/internal/journal"
	"portail/internal/saisie"
	"portail/web/typo"
)

// aideTexte says how texts are written.
const aideTexte = "## titre, **gras**, *italique*, - liste, [lien](https://…), tableau avec des |."

// Revision is one save of a section: its text is kept for ever.
type Revision struct {
	Numero int
	Motif  string // why, in a line; may be empty
	Nom    string // of who saved it
	Le     time.Time
}

// SectionVue is a section with the text that it belongs to.
type SectionVue struct {
	Section
	Version Version
	Axe     string // title of its axe
}

// Nom is its title.
func (v SectionVue) Nom() string { return v.Titre(v.Axe) }

// SaveSection writes a section anew, on the revision that its author had before them: somebody else's save in between is fault.Stale, and
// nothing is written. The same text again is no revision.
func (s *Service) SaveSection(ctx context.Context, par droits.Compte, r Ref, id int64, revision int, texte, motif string) error {
	texte, motif = saisie.Paragraphes(texte), saisie.Ligne(motif)
	f := fault.Fields{}
	saisie.Longueur(f, "texte", texte, maxTexte)
	saisie.Longueur(f, "motif", motif, maxLigne)
	if err := f.Err(); err != nil {
		return err
	}
	return s.rediger(ctx, par, r, func(tx pgx.Tx, _ Version) (string, journal.Changement, error) {
		kept, err := findSection(ctx, tx, r, id)
		if err != nil {
			return "", nil, err
		}
		if kept.Texte == texte {
			return "", nil, nil
		}
		if kept.Revision != revision {
			return "", nil, fault.Stale
		}
		if err := insertRevision(ctx, tx, kept, texte, motif, par); err != nil {
			return "", nil, err
		}
		d := journal.Changement{"section": {kept.Nom(), kept.Nom()}, "revision": {kept.Revision, kept.Revision + 1}}
		d.Champ("motif", "", motif)
		return "section enregistrée", d, nil
	})
}

// point is one line of the completeness checklist (R-CV-1, R-CV-4).
type point struct {
	Libelle string
	Source  string // the article that asks for it
	Fait    bool
	Ancre   string // where on the page it is completed
}

const (
	article6     = "loi 2014-173, art." + typo.NBSP + "6"
	article6IV   = article6 + ", IV"
	irev         = "cadre d’évaluation"
	ancreArbre   = "arbre"
	ancreParties = "parties"
	ancreTextes  = "textes"
)

// controle is the completeness checklist of a text: what it must hold before it is signed. A contract taken up from elsewhere owes none of
// it, nor its avenants: only that somebody signs them.
func (c Contenu) controle() []point {
	has := func(nature string) bool {
		return len(garder(c.Parties, func(p Partie) bool { return p.Nature == nature })) > 0
	}
	if c.ContratRepris {
		return []point{{"Une partie au moins est enregistrée", article6, len(c.Parties) > 0, ancreParties}}
	}
	written := func(code string) bool { return c.Section(code, 0).Texte != "" }
	chiffre, commun := false, false
	engaged := map[int64]bool{}
	for _, e := range c.Engagements {
		chiffre, commun = chiffre || e.Chiffre(), commun || e.Credits == "droit_commun"
		engaged[e.ObjectifID] = true
	}
	all := len(c.Objectifs) > 0
	for _, o := range c.Objectifs {
		all = all && engaged[o.ID]
	}
	return []point{
		{"L’État, l’intercommunalité et au moins une commune sont parties", article6, has("etat") && has("epci") && has("commune"), ancreParties},
		{"Le département et la région figurent parmi les parties (avec une dispense motivée s’ils ne signent pas)", article6, has("departement") && has("region"), ancreParties},
		{"Chaque objectif porte au moins un engagement", article6IV, all, ancreArbre},
		{"Un engagement au moins a une cible chiffrée", article6IV, chiffre, ancreArbre},
		{"La nature des actions est décrite", article6IV, written("actions"), ancreTextes},
		{"Les moyens sont décrits et un engagement au moins relève du droit commun", article6IV, written("moyens") && commun, ancreTextes},
		{"L’ingénierie est décrite", article6IV, written("ingenierie"), ancreTextes},
		{"Les indicateurs sont définis", article6IV, written("evaluation_indicateurs"), ancreTextes},
		{"La structure locale d’évaluation est décrite", article6IV, written("evaluation_structure"), ancreTextes},
		{"La clause de partage des données est écrite", article6IV, written("donnees"), ancreTextes},
		{"Les questions d’évaluation sont posées", irev, written("evaluation_questions"), ancreTextes},
		{"L’évaluation a un responsable", irev, c.EvaluationOrganismeID != nil, "cadre"},
	}
}

// manques are the points of the checklist that are not met.
func (c Contenu) manques() []point {
	return garder(c.controle(), func(p point) bool { return !p.Fait })
}
