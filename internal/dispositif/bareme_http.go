package dispositif

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strconv"

	"portail/internal/droits"
	"portail/internal/fault"
	"portail/internal/formulaire"
	"portail/internal/httpx"
	"portail/internal/journal"
	"portail/internal/lien"
	"portail/internal/pg"
	"portail/internal/saisie"
	"portail/web"
	"portail/web/typo"
)

// Pages under the scale.
const (
	baremeMontant = lien.AdultesRelaisBareme + "/montant"
	baremeQuota   = lien.AdultesRelaisBareme + "/postes"
)

func (s *Service) baremeRoutes(r *httpx.Router) {
	r.Get(lien.AdultesRelaisBareme, droits.BaremeVoir, s.showBareme)
	r.Get(baremeMontant, droits.DispositifModifier, s.editMontant)
	r.Post(baremeMontant, droits.DispositifModifier, s.updateMontant)
	r.Get(baremeQuota, droits.DispositifModifier, s.editQuota)
	r.Post(baremeQuota, droits.DispositifModifier, s.updateQuota)
}

// vueBareme is the page of the scale.
type vueBareme struct {
	Montants    []montantBareme
	Quotas      []quotaAnnuel
	Historique  []journal.Ligne
	Departement string
	Par         droits.Compte
}

func (v vueBareme) modifier() bool { return v.Par.Peut(droits.DispositifModifier) }

func (v vueBareme) montants() web.TableProps {
	t := web.TableProps{ID: "montants", Caption: "Montant annuel d’un temps plein", CaptionHidden: true, Vide: "Aucun montant enregistré.",
		Columns: []web.Column{{Titre: "À partir du"}, {Titre: "Montant annuel", Numeric: true}, {Titre: "Source"}}}
	if v.modifier() {
		t.Columns = append(t.Columns, web.Column{Titre: "Corriger"})
	}
	for _, m := range v.Montants {
		row := []web.Cell{web.TextCell(typo.Date(m.APartirDu)), web.TextCell(typo.Euros(float64(m.Centimes)/100, 2)), web.TextCell(m.Source)}
		if v.modifier() {
			row = append(row, web.LinkCell("Corriger le montant du "+typo.DateCourte(m.APartirDu), baremeMontant+"?le="+typo.DateISO(m.APartirDu)))
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

func (v vueBareme) quotas() web.TableProps {
	t := web.TableProps{ID: "postes", Caption: "Nombre de postes par année", CaptionHidden: true, Vide: "Aucun nombre de postes enregistré : rien n’est refusé pour cette raison.",
		Columns: []web.Column{{Titre: "Année"}, {Titre: "Postes", Numeric: true}, {Titre: "Pris", Numeric: true}, {Titre: "Libres", Numeric: true}, {Titre: "Source"}}}
	if v.modifier() {
		t.Columns = append(t.Columns, web.Column{Titre: "Corriger"})
	}
	for _, q := range v.Quotas {
		row := []web.Cell{web.TextCell(anneeTexte(q.Annee)), web.TextCell(typo.Nombre(q.Postes)), web.TextCell(typo.Nombre(q.Occupes)), web.TextCell(typo.Nombre(q.libres())), web.TextCell(q.Source)}
		if v.modifier() {
			row = append(row, web.LinkCell("Corriger "+anneeTexte(q.Annee), baremeQuota+"?annee="+anneeTexte(q.Annee)))
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

func (s *Service) showBareme(w http.ResponseWriter, r *http.Request) error {
	v := vueBareme{Par: droits.Of(r.Context()), Departement: s.cfg.Departement}
	var b pg.Batch
	addBareme(&b, &v, s.cfg.Departement)
	journal.AddHistorique(&b, &v.Historique, objetBareme, 0)
	if err := b.RunAs(r.Context(), s.db, v.Par); err != nil {
		return fmt.Errorf("read scale of adultes-relais: %w", err)
	}
	return httpx.Render(w, r, http.StatusOK, baremePage(v))
}

// readBareme reads the amount of a day and the number of posts of a year, those that a form corrects.
func (s *Service) readBareme(ctx context.Context) (v vueBareme, err error) {
	var b pg.Batch
	addBareme(&b, &v, s.cfg.Departement)
	err = b.RunAs(ctx, s.db, droits.Of(ctx))
	return v, err
}

// pageBareme is a form of the scale.
func pageBareme(titre, action string, champs ...formulaire.Champ) formulaire.Page {
	return formulaire.Page{Titre: titre, Bouton: "Enregistrer", Fil: filVueAR("Barème")[:2], Retour: lien.AdultesRelaisBareme, Action: action, Champs: champs,
		Caches: []string{httpx.ChampVersion}, Form: httpx.NewForm(url.Values{httpx.ChampVersion: {"0"}})}
}

// formMontant is the form of the amount of a day; empty for a new one.
func (s *Service) formMontant(day string) func(context.Context) (formulaire.Page, error) {
	return func(ctx context.Context) (formulaire.Page, error) {
		p := pageBareme("Montant annuel d’un temps plein", baremeMontant,
			formulaire.Champ{Nom: "a_partir_du", Libelle: "En vigueur à partir du", Type: "date", Aide: "Jusqu’au montant suivant.", Montre: formulaire.MontreJour},
			formulaire.Champ{Nom: "montant", Libelle: "Montant annuel, en euros", Mode: "decimal", Max: 20}, formulaire.Champ{Nom: "source", Libelle: "Source", Max: maxSource})
		v, err := s.readBareme(ctx)
		for _, m := range v.Montants {
			if typo.DateISO(m.APartirDu) == day {
				for name, value := range map[string]string{"a_partir_du": day, "montant": typo.Decimal(float64(m.Centimes)/100, 2), "source": m.Source, httpx.ChampVersion: strconv.Itoa(m.Version)} {
					p.Form.Valeurs.Set(name, value)
				}
			}
		}
		return p, err
	}
}

// formQuota is the form of the number of posts of a year.
func (s *Service) formQuota(year int64) func(context.Context) (formulaire.Page, error) {
	return func(ctx context.Context) (formulaire.Page, error) {
		p := pageBareme("Nombre de postes du département", baremeQuota, formulaire.Champ{Nom: "annee", Libelle: "Année", Mode: "numeric", Max: 4},
			formulaire.Champ{Nom: "postes", Libelle: "Postes", Mode: "numeric", Max: 6}, formulaire.Champ{Nom: "source", Libelle: "Source", Max: maxSource, Facultatif: true})
		p.Form.Valeurs.Set("annee", strconv.FormatInt(year, 10))
		v, err := s.readBareme(ctx)
		for _, q := range v.Quotas {
			if int64(q.Annee) == year {
				for name, value := range map[string]string{"postes": strconv.FormatInt(q.Postes, 10), "source": q.Source, httpx.ChampVersion: strconv.Itoa(q.Version)} {
					p.Form.Valeurs.Set(name, value)
				}
			}
		}
		return p, err
	}
}

func (s *Service) editMontant(w http.ResponseWriter, r *http.Request) error {
	p, err := s.formMontant(r.URL.Query().Get("le"))(r.Context())
	if err != nil {
		return err
	}
	return p.Show(w, r, http.StatusOK)
}

func (s *Service) editQuota(w http.ResponseWriter, r *http.Request) error {
	year, err := parseAnnee(r.URL.Query())
	if err != nil {
		return err
	}
	p, err := s.formQuota(int64(year))(r.Context())
	if err != nil {
		return err
	}
	return p.Show(w, r, http.StatusOK)
}

// versionOuZero is the version that a form of the scale was written on; 0 when it creates.
func versionOuZero(f httpx.Form) (int, error) {
	if f.Texte(httpx.ChampVersion) == "0" {
		return 0, nil
	}
	return f.Version()
}

func (s *Service) updateMontant(w http.ResponseWriter, r *http.Request) error {
	f, err := httpx.ReadForm(r)
	if err != nil {
		return err
	}
	on, err := versionOuZero(f)
	if err != nil {
		return err
	}
	faults := fault.Fields{}
	m := montantBareme{APartirDu: saisie.Jour(faults, "a_partir_du", f.Texte("a_partir_du")), Centimes: saisie.Centimes(faults, "montant", f.Texte("montant")), Source: f.Texte("source"), Version: on}
	err = s.SetMontant(r.Context(), droits.Of(r.Context()), m, faults)
	return s.suite(objetBareme, 0, "Le montant est enregistré"+typo.NBSP+": les aides sont recalculées.", lien.AdultesRelaisBareme, s.formMontant(typo.DateISO(m.APartirDu))).Answer(w, r, f, err)
}

func (s *Service) updateQuota(w http.ResponseWriter, r *http.Request) error {
	f, err := httpx.ReadForm(r)
	if err != nil {
		return err
	}
	on, err := versionOuZero(f)
	if err != nil {
		return err
	}
	faults := fault.Fields{}
	const mostPosts = 10_000
	q := quotaAnnuel{Annee: int16(saisie.Entier(faults, "annee", f.Texte("annee"), premiereAnnee, derniereAnnee)), Postes: saisie.Entier(faults, "postes", f.Texte("postes"), 0, mostPosts), Source: f.Texte("source"), Version: on}
	err = s.SetQuota(r.Context(), droits.Of(r.Context()), q, faults)
	return s.suite(objetBareme, 0, "Le nombre de postes est enregistré.", lien.AdultesRelaisBareme, s.formQuota(int64(q.Annee))).Answer(w, r, f, err)
}
