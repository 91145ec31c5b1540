package cis

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"portail/internal/droits"
	"portail/internal/fault"
	"portail/internal/formulaire"
	"portail/internal/httpx"
	"portail/internal/lexique"
	"portail/internal/lien"
	"portail/internal/pg"
	"portail/internal/saisie"
	"portail/web"
	"portail/web/typo"
)

func (s *Service) membreRoutes(r *httpx.Router) {
	r.Get(unComitePattern+"/"+lien.ActeNouveauMembre, droits.CisModifier, formulaire.Edition(s.formMembre))
	r.Post(unComitePattern+"/"+lien.ActeNouveauMembre, droits.CisModifier, s.createMembre)
	r.Get(unComitePattern+"/membres/{membre}", droits.CisModifier, s.editMembre)
	r.Post(unComitePattern+"/membres/{membre}", droits.CisModifier, s.updateMembre)
}

var (
	champFonction = formulaire.Champ{Nom: "fonction", Libelle: "Qui siège", Max: maxFonction, Facultatif: true,
		Aide: "Une fonction, jamais le nom d’une personne. Exemple\u00a0: directrice départementale, ou son représentant."}
	champDepuis    = formulaire.Champ{Nom: "depuis", Libelle: "Membre depuis le", Type: "date", Montre: formulaire.MontreJour}
	champFin       = formulaire.Champ{Nom: "fin", Libelle: "Jusqu’au", Type: "date", Montre: formulaire.MontreJour, Facultatif: true, Aide: "Dernier jour. Laissez vide tant que l’organisme siège."}
	champCourriels = formulaire.Champ{Nom: "courriels", Libelle: "Autres adresses à qui écrire", Type: "textarea", Lignes: 3, Facultatif: true,
		Aide: "Une par ligne, pour qui n’a pas de compte. De préférence des adresses de service."}
)

// lireSiege reads the form of a seat.
func lireSiege(form httpx.Form) (Siege, error) {
	f := fault.Fields{}
	g := Siege{Fonction: form.Texte("fonction"), Depuis: saisie.Jour(f, "depuis", form.Texte("depuis")), Courriels: adresses(f, "courriels", form.Brut("courriels"))}
	if form.Texte("fin") != "" {
		if day := saisie.Jour(f, "fin", form.Texte("fin")); !day.IsZero() {
			g.Fin = &day
		}
	}
	for _, text := range form.Valeurs["comptes"] {
		id, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			return g, fmt.Errorf("account %q: %w", text, fault.Malformed)
		}
		g.Comptes = append(g.Comptes, id)
	}
	if err := f.Err(); err != nil {
		return g, err
	}
	return g, nil
}

// optionsOrganismes are the organisations as choices of a list.
func optionsOrganismes(all []choixOrganisme) []web.Option {
	options := make([]web.Option, len(all))
	for i, o := range all {
		options[i] = web.Option{Value: strconv.FormatInt(o.ID, 10), Label: Comite{Reglages: Reglages{Nom: o.Nom, Sigle: o.Sigle}}.Titre()}
	}
	return options
}

// formMembre makes the form of a new member.
func (s *Service) formMembre(id int64) func(context.Context) (formulaire.Page, error) {
	return func(ctx context.Context) (formulaire.Page, error) {
		var c Comite
		var all []choixOrganisme
		var b pg.Batch
		pg.AddOne(&b, &c, unComite, id)
		addOrganismes(&b, &all)
		if err := b.RunAs(ctx, s.db, droits.Of(ctx)); err != nil {
			return formulaire.Page{}, fmt.Errorf("form of a member of comite %d: %w", id, err)
		}
		p := formComite(c, lien.ActeNouveauMembre, "Ajouter un membre", "Ajouter le membre",
			formulaire.Champ{Nom: "organisme", Libelle: "Organisme", Options: optionsOrganismes(all), Vide: "Choisir un organisme"},
			champFonction, champDepuis, champCourriels)
		p.Caches = nil
		p.Form.Valeurs.Set("depuis", typo.DateISO(typo.Aujourdhui()))
		return p, nil
	}
}

func (s *Service) createMembre(w http.ResponseWriter, r *http.Request) error {
	id, f, err := posted(r)
	if err != nil {
		return err
	}
	in, err := lireSiege(f)
	var membre int64
	if err == nil {
		organisme, bad := strconv.ParseInt(f.Texte("organisme"), 10, 64)
		if bad != nil {
			organisme = 0
		}
		membre, err = s.AddMembre(r.Context(), droits.Of(r.Context()), id, organisme, in)
	}
	suite := s.suiteComite(id, "Le membre est ajouté. Vérifiez à qui écrire pour lui.", s.formMembre(id))
	suite.Vers = lien.ComiteMembre(id, membre)
	return suite.Answer(w, r, f, err)
}

// nowMembre makes the form of a member as it is now.
func (s *Service) nowMembre(id, membre int64) func(context.Context) (formulaire.Page, error) {
	return func(ctx context.Context) (formulaire.Page, error) {
		var c Comite
		var m Membre
		var people []personne
		var b pg.Batch
		pg.AddOne(&b, &c, unComite, id)
		pg.AddOne(&b, &m, unMembre, id, membre)
		addPersonnes(&b, &people, membre)
		if err := b.RunAs(ctx, s.db, droits.Of(ctx)); err != nil {
			return formulaire.Page{}, fmt.Errorf("read member %d of comite %d: %w", membre, id, err)
		}
		p := formComite(c, "", "Modifier le membre", "Enregistrer", champFonction, champDepuis, champFin)
		p.Objet, p.Action = m.titre(), lien.ComiteMembre(id, membre)
		if len(people) > 0 {
			p.Champs = append(p.Champs, formulaire.Champ{Nom: "comptes", Libelle: "Comptes à qui écrire", Type: formulaire.Cases, Options: optionsPersonnes(people), Facultatif: true})
		}
		p.Champs = append(p.Champs, champCourriels)
		p.Form = httpx.NewForm(url.Values{"fonction": {m.Fonction}, "depuis": {typo.DateISO(m.Depuis)}, "courriels": {strings.Join(m.Courriels, "\n")},
			httpx.ChampVersion: {strconv.Itoa(m.Version)}})
		if m.Fin != nil {
			p.Form.Valeurs.Set("fin", typo.DateISO(*m.Fin))
		}
		for _, account := range m.Comptes {
			p.Form.Valeurs.Add("comptes", strconv.FormatInt(account, 10))
		}
		return p, nil
	}
}

func optionsPersonnes(people []personne) []web.Option {
	all := make([]web.Option, len(people))
	for i, q := range people {
		all[i] = web.Option{Value: strconv.FormatInt(q.ID, 10), Label: q.Nom, Hint: q.Courriel + ", " + lexique.Libelle(lexique.Roles, q.Role)}
	}
	return all
}

// membreParams are the committee and the member of the address.
func membreParams(r *http.Request) (id, membre int64, err error) {
	if id, err = httpx.ID(r, "id"); err != nil {
		return id, 0, err
	}
	membre, err = httpx.ID(r, "membre")
	return id, membre, err
}

func (s *Service) editMembre(w http.ResponseWriter, r *http.Request) error {
	id, membre, err := membreParams(r)
	if err != nil {
		return err
	}
	return formulaire.Show(w, r, s.nowMembre(id, membre))
}

func (s *Service) updateMembre(w http.ResponseWriter, r *http.Request) error {
	_, membre, err := membreParams(r)
	if err != nil {
		return err
	}
	id, f, version, err := postedVersion(r)
	if err != nil {
		return err
	}
	in, err := lireSiege(f)
	if err == nil {
		err = s.UpdateMembre(r.Context(), droits.Of(r.Context()), id, membre, version, in)
	}
	return s.suiteComite(id, "Le membre est enregistré.", s.nowMembre(id, membre)).Answer(w, r, f, err)
}
