package dispositif

import (
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"

	"portail/internal/droits"
	"portail/internal/fault"
	"portail/internal/httpx"
	"portail/internal/journal"
	"portail/internal/lexique"
	"portail/internal/lien"
	"portail/internal/saisie"
	"portail/web"
	"portail/web/typo"
)

// ficheAR is what the record of a convention shows.
type ficheAR struct {
	AdulteRelais
	Occupations []Occupation // latest first
	Derogations []Derogation
	Trimestres  []trimestre
	Aides       []aide
	Historique  []journal.Ligne
	Par         droits.Compte
}

func (v ficheAR) boutons() []web.ButtonProps {
	var all []web.ButtonProps
	for i, t := range v.actes(v.Par, typo.Aujourdhui()) {
		kind := web.ButtonSecondary
		switch {
		case t.Acte == lien.ActeResilier, t.Acte == lien.ActeRefuser, t.Acte == lien.ActeDeroger, t.Acte == lien.ActeReference, t.Acte == lien.ActePieces, t.Acte == lien.ActeModifier:
			kind = web.ButtonTertiary
		case i == 0:
			kind = web.ButtonPrimary
		}
		all = append(all, web.ButtonProps{Texte: t.Libelle, Href: lien.AdulteRelaisActe(v.ID, t.Acte), Kind: kind})
	}
	return all
}

// tonEtat is the tone of the badge of a state.
func tonEtat(etat string) web.Tone {
	switch etat {
	case etatPourvue:
		return web.ToneSuccess
	case etatVacante, etatSignee:
		return web.ToneWarning
	case etatDemande, etatAvis, etatAccordee:
		return web.ToneInfo
	case etatResiliee, etatRefusee:
		return web.ToneError
	}
	return web.ToneNeutral
}

// badgesAR are the state, and that the post is invented.
func badgesAR(etat string, demonstration bool) []templ.Component {
	all := []templ.Component{web.Badge(etatAR(etat), tonEtat(etat))}
	if demonstration {
		all = append(all, web.Badge("Donnée de démonstration", web.ToneNew))
	}
	return all
}

// alertes are what somebody must do about the convention.
func (v ficheAR) alertes() []web.AlertProps {
	var all []web.AlertProps
	today := typo.Aujourdhui()
	add := func(tone web.Tone, texte string) {
		all = append(all, web.AlertProps{Tone: tone, Texte: texte, Small: true})
	}
	if said := alertePieces(v.Trimestres); said != "" && v.Etat != etatResiliee {
		add(web.ToneWarning, said)
	}
	if v.vivante() {
		switch left := v.Fin.Sub(today) / (24 * time.Hour); {
		case left < 0:
			add(web.ToneWarning, "La convention a pris fin le "+typo.Date(v.Fin)+typo.NBSP+": renouvelez-la ou clôturez-la.")
		case today.AddDate(0, 6, 0).After(v.Fin) && v.SuivanteID == nil:
			add(web.ToneInfo, "La convention prend fin dans "+typo.NPluriel(int64(left)+1, "jour", "jours")+", le "+typo.Date(v.Fin)+". Son renouvellement n’est pas demandé.")
		}
	}
	if v.Etat == etatRefusee || v.Etat == etatResiliee {
		add(web.ToneInfo, etatAR(v.Etat)+" le "+typo.Date(*v.CloseLe)+". Motif"+typo.NBSP+": "+v.Motif)
	}
	return all
}

// vivante says whether the convention is signed and not over.
func (a AdulteRelais) vivante() bool {
	return a.Etat == etatSignee || a.Etat == etatPourvue || a.Etat == etatVacante
}

func (v ficheAR) proprietes() []web.Description {
	text := func(terme, texte string) web.Description {
		if texte == "" {
			texte = "non renseigné"
		}
		return web.Description{Terme: terme, Cell: web.TextCell(texte)}
	}
	all := []web.Description{
		{Terme: "Employeur", Cell: web.LinkCell(v.Employeur, lien.Organisme(v.EmployeurID))},
		text("Catégorie", lexique.Libelle(lexique.CategoriesEmployeur, v.Categorie)),
		{Terme: "Quartiers", Cell: web.ComponentCell(quartiersLiens(v.QPVCodes, v.QPVNoms))},
	}
	if v.Territoire != "" {
		all = append(all, text("Autre territoire", v.Territoire))
	}
	all = append(all,
		text("Missions", strings.Join(v.missions(), "\u00a0; ")), text("Précisions", v.MissionsTexte), text("Temps de travail", v.quotite()),
		text("Convention", "du "+typo.Date(v.Debut)+" au "+typo.Date(v.Fin)))
	if v.Numero != "" {
		all = append(all, text("Numéro", v.Numero))
	}
	if v.Avis != nil {
		avis := lexique.Libelle(lexique.AvisDelegue, *v.Avis) + ", le " + typo.Date(*v.AvisLe)
		if v.AvisTexte != "" {
			avis += typo.NBSP + ": " + v.AvisTexte
		}
		all = append(all, text("Avis du délégué du préfet", avis))
	}
	if v.AccordeeLe != nil {
		all = append(all, text("Accordée le", typo.Date(*v.AccordeeLe)))
	}
	if v.SigneeLe != nil {
		all = append(all, text("Signée le", typo.Date(*v.SigneeLe)), text("Référence de paiement (ASP)", v.Asp))
	}
	if v.PrecedenteID != nil {
		all = append(all, web.Description{Terme: "Renouvelle", Cell: web.LinkCell("Convention "+v.PrecedenteNumero, lien.AdulteRelais(*v.PrecedenteID))})
	}
	if v.SuivanteID != nil {
		all = append(all, web.Description{Terme: "Renouvelée par", Cell: web.LinkCell("La convention suivante", lien.AdulteRelais(*v.SuivanteID))})
	}
	return all
}

func (v ficheAR) occupations() web.TableProps {
	t := web.TableProps{ID: "occupations", Caption: "Occupation du poste", CaptionHidden: true, Vide: "Le poste n’a pas encore été occupé.",
		Columns: []web.Column{{Titre: "Du"}, {Titre: "Au"}, {Titre: "Conditions vérifiées le"}, {Titre: "Par"}}}
	for _, o := range v.Occupations {
		until, by := "en cours", "avant le portail"
		if o.Fin != nil {
			until = typo.Date(*o.Fin)
		}
		if o.ConditionsPar != nil {
			by = lexique.Libelle(lexique.Roles, *o.ConditionsPar)
		}
		t.Rows = append(t.Rows, []web.Cell{web.TextCell(typo.Date(o.Debut)), web.TextCell(until), web.TextCell(typo.Date(o.ConditionsLe)), web.TextCell(by)})
	}
	return t
}

func (v ficheAR) derogations() web.TableProps {
	t := web.TableProps{ID: "derogations", Caption: "Dérogations du préfet", CaptionHidden: true, Columns: []web.Column{{Titre: "Règle"}, {Titre: "Motif"}, {Titre: "Accordée le"}, {Titre: "Par"}}}
	for _, d := range v.Derogations {
		by := "avant le portail"
		if d.Par != nil {
			by = lexique.Libelle(lexique.Roles, *d.Par)
		}
		t.Rows = append(t.Rows, []web.Cell{web.TextCell(lexique.Libelle(lexique.ReglesDerogation, d.Regle)), web.TextCell(d.Motif), web.TextCell(typo.Date(d.Le)), web.TextCell(by)})
	}
	return t
}

// etat says whether the papers of a quarter came.
func (t trimestre) etat() string {
	switch {
	case t.RecueLe != nil:
		return "Reçues le " + typo.Date(*t.RecueLe)
	case t.Ecoule:
		return "Manquantes"
	}
	return "Trimestre en cours"
}

func (v ficheAR) pieces() web.TableProps {
	t := web.TableProps{ID: "pieces", Caption: "Pièces justificatives par trimestre", CaptionHidden: true, Columns: []web.Column{{Titre: "Trimestre"}, {Titre: "Pièces"}}}
	for _, q := range v.Trimestres {
		t.Rows = append(t.Rows, []web.Cell{web.TextCell(q.nom()), web.TextCell(q.etat())})
	}
	return t
}

// montant writes an amount, or that it is not known.
func montant(euros *float64, unknown bool) web.Cell {
	switch {
	case unknown:
		return web.Cell{Texte: typo.NonDisponible, Note: "barème non renseigné pour une partie de l’année"}
	case euros == nil:
		return web.TextCell("–")
	}
	return web.TextCell(typo.Euros(*euros, 2))
}

func (v ficheAR) aides() web.TableProps {
	t := web.TableProps{ID: "aides", Caption: "Aide de l’État", CaptionHidden: true,
		Columns: []web.Column{{Titre: "Année"}, {Titre: "Jours occupés", Numeric: true}, {Titre: "Aide due à ce jour", Numeric: true}, {Titre: "Aide si le poste est toujours occupé", Numeric: true}}}
	for _, a := range v.Aides {
		t.Rows = append(t.Rows, []web.Cell{web.TextCell(anneeTexte(a.Annee)), web.TextCell(typo.Nombre(a.Jours)), montant(a.Euros, a.JoursSansMontant > 0), montant(a.Prevue, a.JoursSansMontant > 0)})
	}
	return t
}

// anneeTexte writes a year: without the space of thousands.
func anneeTexte[N int | int16 | int64](y N) string { return strconv.FormatInt(int64(y), 10) }

func (v ficheAR) historique() journal.HistoriqueProps {
	return journal.HistoriqueProps{ID: "historique", Level: 2, Lignes: v.Historique, Champs: champsAR, Noms: v.Par.Role.Prefecture()}
}

// lireDates reads the dates of a renewal.
func lireDates(f fault.Fields, form httpx.Form) (debut, fin time.Time) {
	return saisie.Jour(f, "debut", form.Texte("debut")), saisie.Jour(f, "fin", form.Texte("fin"))
}
