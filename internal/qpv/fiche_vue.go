package qpv

import (
	"fmt"
	"strings"
	"time"

	"github.com/a-h/templ"

	"portail/internal/chiffre"
	"portail/internal/lexique"
	"portail/internal/lien"
	"portail/internal/texte"
	"portail/web"
	"portail/web/typo"
)

// ficheVue is the fiche as the page shows it.
type ficheVue struct {
	fiche
	Chiffres     chiffresVue
	Evolutions   []evolution
	Presentation templ.Component
	Projet       templ.Component // text of the projet de quartier; nil without one
	Contour      *web.MapProps   // nil when no contour is loaded
	Situation    *web.MapProps
	AncienCode   string // the code of 2015 that brought the visitor here, empty otherwise
	AncienNom    string
}

// ficheVue prepares the page; ancien is what the address says of the code that the visitor had, believed only when true.
func (s *Service) ficheVue(f fiche, ancien string) (ficheVue, error) {
	v := ficheVue{fiche: f, Chiffres: f.chiffresVue()}
	v.Evolutions = f.evolutions(&v.Chiffres.Reserves)
	if nom, known := f.ancienDe(ancien); known {
		v.AncienCode, v.AncienNom = ancien, nom
	}
	var err error
	if v.Presentation, err = texte.Render(f.Presentation, 3); err != nil {
		return v, fmt.Errorf("show presentation of %s: %w", f.Code, err)
	}
	if err := v.rendreProjet(); err != nil {
		return v, err
	}
	if m, ok := f.carteContour(s.cfg.FondCarte, s.cfg.FondCarteMention); ok {
		v.Contour = &m
	}
	if m, ok := f.carteSituation(); ok {
		v.Situation = &m
	}
	return v, nil
}

// page describes the fiche to the layout.
func (v ficheVue) page() web.PageProps {
	desc := "Quartier prioritaire de la politique de la ville " + v.lieuDit() + typo.NBSP + ": "
	if p := v.population(); p.Connue {
		desc += p.Texte() + " (" + p.MillesimeTexte() + "), "
	}
	return web.PageProps{
		Titre:       v.lieuDit() + ", " + v.Code,
		Description: desc + "contour, chiffres comparés, contrat de ville et fichiers à télécharger.",
		FilAriane:   []web.Lien{{Texte: "Accueil", Href: lien.Accueil}, {Texte: "Quartiers", Href: lien.QPV}, {Texte: v.Nom}},
	}
}

func (v ficheVue) population() Valeur {
	return v.chiffres.Derniere("population_municipale", chiffre.NiveauQPV, v.Code)
}

// identite are the properties of the quarter.
func (v ficheVue) identite() []web.Description {
	var list []web.Description
	add := func(terme, texte, note string) {
		if texte == "" {
			texte = typo.NonDisponible
		}
		list = append(list, web.Description{Terme: terme, Cell: web.Cell{Texte: texte, Note: note}})
	}
	add("Code", v.Code, generationTexte(v.Generation)+precision(lettreTexte(v.Code)))
	list = append(list, web.Description{Terme: typo.Pluriel(len(v.Communes), "Commune", "Communes"), Cell: web.ComponentCell(liens(v.Communes, v.CommunesNoms, lien.QPVParCommune))},
		web.Description{Terme: typo.Pluriel(len(v.EPCI), "Intercommunalité", "Intercommunalités"), Cell: web.ComponentCell(liens(v.EPCI, v.EPCINoms, lien.QPVParEPCI))})
	add("Département", v.nomDepartement(v.Departement), "")
	if v.SurfaceHa != nil {
		add("Superficie", typo.Unite(*v.SurfaceHa, 1, "ha"), "Calculée d’après le contour")
	} else {
		add("Superficie", "", "")
	}
	add("Population", v.population().Texte(), v.population().MillesimeTexte())
	add("Depuis 2015", v.evolutionTexte(), v.anciensTexte())
	if v.aContrat() {
		list = append(list, web.Description{Terme: "Contrat de ville", Cell: web.LinkCell(*v.PublieTitre, lien.ContratPublic(*v.PublieID))})
	} else if v.ContratNom != nil {
		add("Contrat de ville", *v.ContratNom, "Code "+*v.ContratCode+", "+typo.NPluriel(int64(v.ContratQuartiers), "quartier", "quartiers"))
	} else {
		add("Contrat de ville", "", "")
	}
	if v.DelegueFonction != "" {
		add("Délégué du préfet", v.DelegueFonction, "")
	}
	return list
}

// anciensTexte names the quarters of 2015 that this one follows.
func (v ficheVue) anciensTexte() string {
	var list []string
	for i, code := range v.Anciens {
		list = append(list, typo.Guillemets(v.AnciensNoms[i])+", code "+code)
	}
	if len(list) == 0 {
		return ""
	}
	return typo.Pluriel(len(list), "Quartier de 2015", "Quartiers de 2015") + typo.NBSP + ": " + strings.Join(list, typo.NBSP+"; ")
}

// avisContour warns that figures of before 2024 were measured on another boundary (R-Z-1); empty when they were not.
func (v ficheVue) avisContour() string {
	if v.Generation != generationA || len(v.Anciens) == 0 || !v.ruptureDeContour() {
		return ""
	}
	return "Le contour a été modifié en 2024" + typo.NBSP + ": les chiffres publiés sous l’ancien code (" + strings.Join(v.Anciens, ", ") +
		") portent sur un autre périmètre et ne se comparent pas à ceux de cette fiche."
}

func precision(s string) string {
	if s == "" {
		return ""
	}
	return typo.NBSP + "; " + s
}

// badges are what is seen at first sight beside the name.
func (v ficheVue) badges() []templ.Component {
	list := []templ.Component{web.Badge("Quartier prioritaire "+fmt.Sprint(v.Generation), web.ToneInfo)}
	if v.Evolution != nil {
		list = append(list, web.Badge(v.evolutionTexte(), web.ToneNeutral))
	}
	for _, l := range v.labels() {
		list = append(list, web.Badge(l.Nom, web.ToneNeutral))
	}
	return list
}

// sommaire lists the parts of the page.
func (v ficheVue) sommaire() []web.Lien {
	list := []web.Lien{{Texte: "Identité et contour", Href: "#identite"}}
	if v.aPresentation() {
		list = append(list, web.Lien{Texte: "Présentation", Href: "#presentation"})
	}
	list = append(list, web.Lien{Texte: "Les chiffres du quartier", Href: "#chiffres"})
	if len(v.Evolutions) > 0 {
		list = append(list, web.Lien{Texte: "Évolution", Href: "#evolution"})
	}
	if v.aContrat() {
		list = append(list, web.Lien{Texte: "Contrat de ville", Href: "#contrat"})
	}
	return append(list, web.Lien{Texte: "Autour du quartier", Href: "#autour"}, web.Lien{Texte: "Ce qui a changé", Href: "#mises-a-jour"},
		web.Lien{Texte: "Télécharger et comparer", Href: "#telecharger"})
}

func (v ficheVue) aPresentation() bool { return strings.TrimSpace(v.fiche.Presentation) != "" }

// actions lead on from the fiche.
func (v ficheVue) actions() []web.ButtonProps {
	list := []web.ButtonProps{{Texte: "Mon adresse est-elle dans un quartier" + typo.NBSP + "?", Href: lien.Adresse, Kind: web.ButtonSecondary}}
	if codes := v.aComparer(); len(codes) > 1 {
		list = append([]web.ButtonProps{{Texte: "Comparer avec les quartiers voisins", Href: lien.Comparaison(codes, nil)}}, list...)
	}
	return list
}

// panneaux are the charts of a thématique, each with its table.
func (v ficheVue) panneaux(b bloc) []web.Panel {
	var list []web.Panel
	for _, l := range b.Lignes {
		if l.aGraphique() {
			list = append(list, web.Panel{ID: "comparer-" + l.Code, Titre: l.Libelle + typo.NBSP + ": graphique et tableau", Contenu: comparaisonIndicateur(v.graphique(l), l)})
		}
	}
	return list
}

// telechargements are the files of the quarter.
func (v ficheVue) telechargements() []web.Download {
	noms := map[string]string{formatCSV: "CSV", formatCSVTableur: "CSV pour tableur", formatODS: "ODS", formatGeoJSON: "GeoJSON (contour)", formatJSON: "JSON"}
	var list []web.Download
	for _, format := range formatsFiche {
		list = append(list, web.Download{Href: lien.FicheFichier(v.Code, format), Format: noms[format]})
	}
	return list
}

// jourMaj are the changes of a day.
type jourMaj struct {
	Le   time.Time
	Quoi []string
}

// joursMaj gathers the changes by day, the latest first.
func (v ficheVue) joursMaj() []jourMaj {
	var list []jourMaj
	for _, m := range v.misesAJour {
		quoi := lexique.Libelle(lexique.MisesAJour, m.Quoi)
		if m.Detail != "" {
			quoi += " (" + m.Detail + ")"
		}
		if n := len(list); n == 0 || typo.DateISO(list[n-1].Le) != typo.DateISO(m.FaiteLe) {
			list = append(list, jourMaj{Le: m.FaiteLe})
		}
		last := &list[len(list)-1]
		last.Quoi = append(last.Quoi, quoi)
	}
	return list
}
