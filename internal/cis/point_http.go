package cis

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
	"portail/internal/lexique"
	"portail/internal/lien"
	"portail/internal/pg"
	"portail/internal/saisie"
	"portail/web"
)

// unPointPattern is the address of a point, as a pattern.
const unPointPattern = uneSeancePattern + "/" + lien.ActePoints + "/{point}"

func (s *Service) pointRoutes(r *httpx.Router) {
	r.Get(uneSeancePattern+"/"+lien.ActeOrdreDuJour, droits.CisModifier, s.showOrdre)
	r.Post(uneSeancePattern+"/"+lien.ActeSuggestion, droits.CisModifier, s.suggerer)
	r.Get(uneSeancePattern+"/"+lien.ActeNouveauPoint, droits.CisModifier, formulaire.Edition(s.nowNouveauPoint))
	r.Post(uneSeancePattern+"/"+lien.ActeNouveauPoint, droits.CisModifier, s.createPoint)
	r.Get(unPointPattern, droits.CisModifier, s.editPoint(formPoint))
	r.Post(unPointPattern, droits.CisModifier, s.updatePoint)
	r.Post(unPointPattern+"/monter", droits.CisModifier, s.onePoint(func(ctx context.Context, par droits.Compte, id, point int64) error {
		return s.MovePoint(ctx, par, id, point, -1)
	}))
	r.Post(unPointPattern+"/descendre", droits.CisModifier, s.onePoint(func(ctx context.Context, par droits.Compte, id, point int64) error {
		return s.MovePoint(ctx, par, id, point, 1)
	}))
	r.Post(unPointPattern+"/retenir", droits.CisModifier, s.onePoint(s.KeepPoint))
	r.Get(unPointPattern+"/ecarter", droits.CisModifier, s.editPoint(formEcart))
	r.Post(unPointPattern+"/ecarter", droits.CisModifier, s.dropPoint)
	r.Get(uneSeancePattern+"/"+lien.ActeProposer, droits.CisProposer, formulaire.Edition(s.nowProposition))
	r.Post(uneSeancePattern+"/"+lien.ActeProposer, droits.CisProposer, s.createProposition)
}

// pointParams are the meeting and the point of the address.
func pointParams(r *http.Request) (id, point int64, err error) {
	if id, err = httpx.ID(r, "id"); err != nil {
		return id, 0, err
	}
	point, err = httpx.ID(r, "point")
	return id, point, err
}

// choixPoint is what the form of a point offers to choose from.
type choixPoint struct {
	Organismes  []choixOrganisme
	Quartiers   []choixQPV
	Contrats    []choixLien
	Dispositifs []choixLien
}

func optionsLiens(all []choixLien) []web.Option {
	options := make([]web.Option, len(all))
	for i, c := range all {
		options[i] = web.Option{Value: strconv.FormatInt(c.ID, 10), Label: c.Nom}
	}
	return options
}

// contexte is a meeting and, when it is being changed, one of its points, with what its form offers.
type contexte struct {
	Seance Seance
	Point  Point
	choixPoint
}

func (s *Service) readContexte(ctx context.Context, id, point int64) (contexte, error) {
	var v contexte
	var b pg.Batch
	addSeance(&b, &v.Seance, id)
	if point != 0 {
		pg.AddOne(&b, &v.Point, unPoint, id, point)
	}
	addOrganismes(&b, &v.Organismes)
	addQPV(&b, &v.Quartiers, s.cfg.Departement)
	addContrats(&b, &v.Contrats, point)
	addDispositifs(&b, &v.Dispositifs, point)
	if err := b.RunAs(ctx, s.db, droits.Of(ctx)); err != nil {
		return v, fmt.Errorf("read point %d of seance %d: %w", point, id, err)
	}
	return v, nil
}

func (c choixPoint) quartiers() []web.Option {
	all := make([]web.Option, len(c.Quartiers))
	for i, q := range c.Quartiers {
		all[i] = web.Option{Value: strconv.FormatInt(int64(q.ID), 10), Label: q.Nom + " (" + q.Code + ")"}
	}
	return all
}

var (
	champTitrePoint  = formulaire.Champ{Nom: "titre", Libelle: "Objet du point", Max: maxTitre}
	champNaturePoint = formulaire.Champ{Nom: "nature", Libelle: "Nature", Type: formulaire.Choix, Options: httpx.Options(lexique.NaturesPoint)}
)

// champsPoint are the fields of a point that staff fill in.
func champsPoint(c choixPoint) []formulaire.Champ {
	return []formulaire.Champ{
		champTitrePoint, champNaturePoint,
		{Nom: "duree_min", Libelle: "Durée, en minutes", Mode: "numeric"},
		{Nom: "organisme", Libelle: "Présenté par", Options: optionsOrganismes(c.Organismes), Vide: "Préfecture", Facultatif: true},
		{Nom: "qpv", Libelle: "Quartier concerné", Options: c.quartiers(), Vide: "Aucun en particulier", Facultatif: true},
		{Nom: "contrat", Libelle: "Contrat de ville concerné", Options: optionsLiens(c.Contrats), Vide: "Aucun", Facultatif: true},
		{Nom: "dispositif", Libelle: "Dispositif concerné", Options: optionsLiens(c.Dispositifs), Vide: "Aucun", Facultatif: true},
		{Nom: "description", Libelle: "Précisions", Type: "textarea", Max: maxTexte, Lignes: 4, Facultatif: true},
		{Nom: "restreint", Libelle: "Diffusion", Type: formulaire.Cases, Facultatif: true,
			Options: []web.Option{{Value: "oui", Label: "Réservé aux services de l’État", Hint: "Les autres membres ne voient ni le point, ni ses documents."}}},
	}
}

func valeursPoint(p Saisie, version int) url.Values {
	v := url.Values{"titre": {p.Titre}, "nature": {p.Nature}, "duree_min": {strconv.Itoa(p.DureeMin)}, "description": {p.Description},
		"organisme": {texteChoix(p.OrganismeID)}, "qpv": {texteChoix(p.QPVID)},
		"contrat": {texteChoix(p.ContratID)}, "dispositif": {texteChoix(p.DispositifID)}, "restreint": nil, httpx.ChampVersion: {strconv.Itoa(version)}}
	if p.Restreint {
		v.Set("restreint", "oui")
	}
	return v
}

// texteChoix is a number of a list as a form holds it.
func texteChoix[N int32 | int64](n *N) string {
	if n == nil {
		return ""
	}
	return strconv.FormatInt(int64(*n), 10)
}

// lireID reads a choice of a list that may be left empty; what is no number of the list is told on the field.
func lireID[N int32 | int64](f fault.Fields, form httpx.Form, champ, faute string) *N {
	text := form.Texte(champ)
	if text == "" {
		return nil
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n <= 0 || int64(N(n)) != n {
		f.Add(champ, faute)
		return nil
	}
	id := N(n)
	return &id
}

func lirePoint(form httpx.Form) (Saisie, error) {
	f := fault.Fields{}
	p := Saisie{Titre: form.Texte("titre"), Nature: form.Texte("nature"), Description: form.Texte("description"), Restreint: form.Texte("restreint") == "oui",
		DureeMin:    int(saisie.Entier(f, "duree_min", form.Texte("duree_min"), 1, maxDuree)),
		OrganismeID: lireID[int64](f, form, "organisme", "Choisissez un organisme dans la liste."), QPVID: lireID[int32](f, form, "qpv", "Choisissez un quartier dans la liste."),
		ContratID:    lireID[int64](f, form, "contrat", "Choisissez un contrat dans la liste."),
		DispositifID: lireID[int64](f, form, "dispositif", "Choisissez un dispositif dans la liste.")}
	return p, f.Merge(p.propre().check())
}

func formPoint(v contexte) formulaire.Page {
	p := formOrdre(v.Seance, "", "Modifier un point", "Enregistrer le point", champsPoint(v.choixPoint)...)
	p.Objet, p.Action = v.Point.Titre, lien.SeancePoint(v.Seance.ID, v.Point.ID)
	p.Form = httpx.NewForm(valeursPoint(v.Point.Saisie, v.Point.Version))
	return p
}

func formEcart(v contexte) formulaire.Page {
	c := formulaire.Champ{Nom: "reponse", Libelle: "Pourquoi", Type: "textarea", Max: maxMotif, Lignes: 3, Facultatif: v.Point.ProposePar == nil}
	if v.Point.ProposeParNom != nil {
		c.Aide = "Proposé par " + *v.Point.ProposeParNom + ", qui lira votre réponse."
	}
	p := formOrdre(v.Seance, "", "Écarter un point", "Écarter le point", c)
	p.Objet, p.Action, p.Caches = v.Point.Titre, lien.SeancePointActe(v.Seance.ID, v.Point.ID, "ecarter"), nil
	p.Form.Valeurs.Set("reponse", v.Point.Reponse)
	return p
}

func (s *Service) nowNouveauPoint(id int64) func(context.Context) (formulaire.Page, error) {
	return func(ctx context.Context) (formulaire.Page, error) {
		v, err := s.readContexte(ctx, id, 0)
		if err != nil {
			return formulaire.Page{}, err
		}
		p := formOrdre(v.Seance, lien.ActeNouveauPoint, "Ajouter un point", "Ajouter le point", champsPoint(v.choixPoint)...)
		p.Form = httpx.NewForm(valeursPoint(Saisie{Nature: "discussion", DureeMin: dureePoint}, 1))
		p.Caches = []string{httpx.ChampCle}
		p.Form.Valeurs.Set(httpx.ChampCle, httpx.NewCle())
		return p, nil
	}
}

func (s *Service) createPoint(w http.ResponseWriter, r *http.Request) error {
	id, f, cle, err := postedCle(r)
	if err != nil {
		return err
	}
	in, err := lirePoint(f)
	if err == nil {
		_, err = s.AddPoint(r.Context(), droits.Of(r.Context()), id, in, cle)
	}
	return s.suiteOrdre(id, "Le point est ajouté.", s.nowNouveauPoint(id)).Answer(w, r, f, err)
}

// nowPoint makes a form of a point as it is now.
func (s *Service) nowPoint(id, point int64, page func(contexte) formulaire.Page) func(context.Context) (formulaire.Page, error) {
	return func(ctx context.Context) (formulaire.Page, error) {
		v, err := s.readContexte(ctx, id, point)
		if err != nil {
			return formulaire.Page{}, err
		}
		return page(v), nil
	}
}

func (s *Service) editPoint(page func(contexte) formulaire.Page) httpx.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		id, point, err := pointParams(r)
		if err != nil {
			return err
		}
		return formulaire.Show(w, r, s.nowPoint(id, point, page))
	}
}

func (s *Service) updatePoint(w http.ResponseWriter, r *http.Request) error {
	_, point, err := pointParams(r)
	if err != nil {
		return err
	}
	id, f, version, err := postedVersion(r)
	if err != nil {
		return err
	}
	in, err := lirePoint(f)
	if err == nil {
		err = s.UpdatePoint(r.Context(), droits.Of(r.Context()), id, point, version, in)
	}
	return s.suiteOrdre(id, "Le point est enregistré.", s.nowPoint(id, point, formPoint)).Answer(w, r, f, err)
}

func (s *Service) dropPoint(w http.ResponseWriter, r *http.Request) error {
	id, point, err := pointParams(r)
	if err != nil {
		return err
	}
	f, err := httpx.ReadForm(r)
	if err != nil {
		return err
	}
	err = s.DropPoint(r.Context(), droits.Of(r.Context()), id, point, f.Texte("reponse"))
	return s.suiteOrdre(id, "Le point est écarté.", s.nowPoint(id, point, formEcart)).Answer(w, r, f, err)
}
