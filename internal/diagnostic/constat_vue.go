package diagnostic

import (
	"net/url"
	"strconv"

	"portail/internal/droits"
	"portail/internal/formulaire"
	"portail/internal/httpx"
	"portail/internal/lexique"
	"portail/internal/lien"
	"portail/web"
	"portail/web/typo"
)

// constatVue is what the page of a text shows.
type constatVue struct {
	Constat
	Par     droits.Compte
	Avis    []avisRow
	Fil     []commentaireRow
	Anciens []ancienRow
	Form    httpx.Form // of what was refused
}

func (c Constat) titre() string {
	return lexique.Libelle(lexique.SortesConstat, c.Sorte) + ", " + c.QPVNom
}

func (v constatVue) fil() []web.Lien {
	return append(filDiagnostic(v.QPVCode, v.QPVNom), web.Lien{Texte: lexique.Libelle(lexique.SortesConstat, v.Sorte)})
}

func filDiagnostic(code, nom string) []web.Lien {
	return []web.Lien{{Texte: "Accueil", Href: lien.Accueil}, {Texte: "Diagnostics partagés", Href: lien.Diagnostics}, {Texte: nom, Href: lien.Diagnostic(code)}}
}

func (v constatVue) tableAvis() web.TableProps {
	p := web.TableProps{ID: "avis", Caption: "Avis des autres services", CaptionHidden: true, Small: true, Vide: "Aucun autre service n’a donné d’avis.",
		Columns: []web.Column{{Titre: "Service"}, {Titre: "Avis"}, {Titre: "Motif"}}}
	for _, a := range v.Avis {
		note := typo.DateCourte(a.Le)
		if a.SurVersion < v.Version {
			note += ", sur une version antérieure du texte"
		}
		p.Rows = append(p.Rows, []web.Cell{web.TextCell(a.Organisme), {Texte: lexique.Libelle(lexique.AvisConstat, a.Avis), Note: note}, web.TextCell(a.Motif)})
	}
	return p
}

// avisOptions are the answers, the one already given being chosen.
func (v constatVue) avisOptions() []web.Option {
	chosen := v.Form.Brut("avis")
	for _, a := range v.Avis {
		if chosen == "" && a.OrganismeID == v.Par.Organisme {
			chosen = a.Avis
		}
	}
	return httpx.Options(lexique.AvisConstat, chosen)
}

// formConstat is the page that adds a text.
func formConstat(f httpx.Form, code, nom string) formulaire.Page {
	return formulaire.Page{Titre: "Contribuer au diagnostic", Objet: nom, Bouton: "Publier dans le diagnostic", Fil: filDiagnostic(code, nom), Retour: lien.Diagnostic(code),
		Action: lien.ConstatNouveau(code, "", ""), Form: f, Caches: []string{httpx.ChampCle}, Champs: []formulaire.Champ{
			{Nom: "sorte", Libelle: "Nature", Type: formulaire.Choix, Options: httpx.Options(lexique.SortesConstat)},
			{Nom: "thematique", Libelle: "Thématique", Options: httpx.Options(lexique.Thematiques), Vide: "Choisir"},
			{Nom: "texte", Libelle: "Texte", Aide: "Signé du nom de votre organisme. N’écrivez le nom d’aucune personne.", Type: "textarea", Lignes: 8, Max: maxConstat},
		}}
}

// formTexte is the page that replaces a text.
func formTexte(c Constat) formulaire.Page {
	return formulaire.Page{Titre: "Modifier le texte", Objet: c.titre(), Bouton: "Enregistrer", Fil: append(filDiagnostic(c.QPVCode, c.QPVNom), web.Lien{Texte: c.titre(), Href: lien.Constat(c.ID)}),
		Retour: lien.Constat(c.ID), Action: lien.ConstatActe(c.ID, lien.ActeModifier), Caches: []string{httpx.ChampVersion},
		Form:   httpx.NewForm(url.Values{"texte": {c.Texte}, httpx.ChampVersion: {strconv.Itoa(c.Version)}}),
		Champs: []formulaire.Champ{{Nom: "texte", Libelle: "Texte", Type: "textarea", Lignes: 8, Max: maxConstat}}}
}

// modifie tells when the text last changed, if it did.
func (v constatVue) modifie() string {
	if len(v.Anciens) == 0 {
		return ""
	}
	return ", modifié le " + typo.Date(v.ModifieLe)
}

func (v constatVue) facultatif(champ, label, aide string) web.Control {
	c := v.Form.Control(champ, label)
	c.Required, c.Hint = false, aide
	return c
}

// peutCommenter says whether whoever asks may add to the thread; a délégué on the quarters of their lettre de mission.
func (v constatVue) peutCommenter() bool { return contribue(v.Par, v.QPVID) }

// contribue says whether an account may write about a quarter.
func contribue(par droits.Compte, qpv int32) bool {
	return par.PeutSur(droits.DiagnosticContribuer, qpv)
}

// cle is that of the comment being typed.
func (v constatVue) cle() string {
	if k := v.Form.Brut(httpx.ChampCle); k != "" {
		return k
	}
	return httpx.NewCle()
}
