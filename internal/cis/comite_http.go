package cis

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"

	"portail/internal/droits"
	"portail/internal/fault"
	"portail/internal/formulaire"
	"portail/internal/httpx"
	"portail/internal/journal"
	"portail/internal/lexique"
	"portail/internal/lien"
	"portail/internal/pg"
	"portail/internal/saisie"
	"portail/web"
	"portail/web/typo"
)

// unComitePattern is the address of a committee, as a pattern.
const unComitePattern = lien.Comites + "/{id}"

func (s *Service) comiteRoutes(r *httpx.Router) {
	r.Get(lien.Comites, droits.CisVoir, s.listComites)
	r.Get(lien.ComiteNouveau, droits.CisModifier, s.newComite)
	r.Post(lien.ComiteNouveau, droits.CisModifier, s.createComite)
	r.Get(unComitePattern, droits.CisVoir, s.showComite)
	for acte, page := range map[string]func(Comite) formulaire.Page{lien.ActeModifier: formReglages, lien.ActeFermer: formFermeture, lien.ActeRouvrir: formReouverture} {
		r.Get(unComitePattern+"/"+acte, droits.CisModifier, s.editComite(page))
	}
	r.Post(unComitePattern+"/"+lien.ActeModifier, droits.CisModifier, s.updateComite)
	r.Post(unComitePattern+"/"+lien.ActeFermer, droits.CisModifier, s.closeComite)
	r.Post(unComitePattern+"/"+lien.ActeRouvrir, droits.CisModifier, s.reopenComite)
}

// fil is the way to the committees, filComite to one of them.
var fil = []web.Lien{{Texte: "Accueil", Href: lien.Accueil}, {Texte: "Comités", Href: lien.Comites}}

func filComite(c Comite) []web.Lien {
	return append(slices.Clone(fil), web.Lien{Texte: c.court(), Href: lien.Comite(c.ID)})
}

// court is the committee in few words.
func (c Comite) court() string {
	if c.Sigle != "" {
		return c.Sigle
	}
	return c.Nom
}

var champsReglages = []formulaire.Champ{
	{Nom: "nom", Libelle: "Nom du comité", Max: maxNom},
	{Nom: "sigle", Libelle: "Sigle", Max: maxSigle, Facultatif: true},
	{Nom: "nature", Libelle: "Nature", Options: httpx.Options(lexique.NaturesComite), Vide: "Choisir une nature"},
	{Nom: "objet", Libelle: "À quoi sert ce comité", Type: "textarea", Max: maxTexte, Lignes: 5, Facultatif: true,
		Aide: "Mise en forme simple\u00a0: lignes vides entre les paragraphes, «\u00a0-\u00a0» devant les éléments d’une liste."},
	{Nom: "periodicite", Libelle: "Rythme des séances", Options: httpx.Options(lexique.Periodicites), Vide: "Choisir un rythme"},
	{Nom: "president", Libelle: "Présidence", Max: maxFonction, Facultatif: true, Aide: "Une fonction, jamais le nom d’une personne. Exemple\u00a0: préfète, ou son représentant."},
	{Nom: "secretaire", Libelle: "Secrétariat", Max: maxFonction, Facultatif: true, Aide: "Une fonction ou un service."},
	{Nom: "lieu", Libelle: "Lieu habituel", Max: maxLieu, Facultatif: true},
	{Nom: "preavis_jours", Libelle: "Préavis de convocation, en jours", Mode: "numeric", Aide: "En deçà, la convocation demande un motif écrit."},
	{Nom: "propositions_jours", Libelle: "Points proposés par les membres, en jours avant la séance", Mode: "numeric"},
	{Nom: "relecture_jours", Libelle: "Délai de relecture du compte rendu, en jours", Mode: "numeric"},
	{Nom: "alerte_jours", Libelle: "Alerte en l’absence de séance, en jours avant la fin de la période", Mode: "numeric"},
}

func valeursReglages(r Reglages, version int) url.Values {
	return url.Values{"nom": {r.Nom}, "sigle": {r.Sigle}, "nature": {r.Nature}, "objet": {r.Objet}, "periodicite": {r.Periodicite}, "president": {r.President},
		"secretaire": {r.Secretaire}, "lieu": {r.Lieu}, "preavis_jours": {strconv.Itoa(r.PreavisJours)}, "propositions_jours": {strconv.Itoa(r.PropositionsJours)},
		"relecture_jours": {strconv.Itoa(r.RelectureJours)}, "alerte_jours": {strconv.Itoa(r.AlerteJours)}, httpx.ChampVersion: {strconv.Itoa(version)}}
}

// reglagesDefaut are those that a new committee is offered.
var reglagesDefaut = Reglages{Periodicite: "trimestrielle", PreavisJours: 15, PropositionsJours: 21, RelectureJours: 10, AlerteJours: 30}

func lireReglages(form httpx.Form) (Reglages, error) {
	f := fault.Fields{}
	n := func(champ string, least, most int64) int {
		return int(saisie.Entier(f, champ, form.Texte(champ), least, most))
	}
	r := Reglages{Nom: form.Texte("nom"), Sigle: form.Texte("sigle"), Nature: form.Texte("nature"), Objet: form.Texte("objet"), Periodicite: form.Texte("periodicite"),
		President: form.Texte("president"), Secretaire: form.Texte("secretaire"), Lieu: form.Texte("lieu"),
		PreavisJours: n("preavis_jours", 0, maxPreavis), PropositionsJours: n("propositions_jours", 0, maxPreavis),
		RelectureJours: n("relecture_jours", 1, maxRelecture), AlerteJours: n("alerte_jours", 1, maxPreavis)}
	return r, f.Merge(r.propre().check())
}

func formNouveau(f httpx.Form) formulaire.Page {
	return formulaire.Page{Titre: "Créer un comité", Bouton: "Créer le comité", Fil: fil, Retour: lien.Comites, Action: lien.ComiteNouveau,
		Champs: champsReglages, Caches: []string{httpx.ChampCle}, Form: f}
}

// formComite is the form of a change of a committee.
func formComite(c Comite, acte, titre, bouton string, champs ...formulaire.Champ) formulaire.Page {
	return formulaire.Page{Titre: titre, Bouton: bouton, Objet: c.court(), Fil: filComite(c), Retour: lien.Comite(c.ID), Action: lien.ComiteActe(c.ID, acte),
		Champs: champs, Caches: []string{httpx.ChampVersion}, Form: httpx.NewForm(valeursReglages(c.Reglages, c.Version))}
}

func formReglages(c Comite) formulaire.Page {
	return formComite(c, lien.ActeModifier, "Modifier le comité", "Enregistrer", champsReglages...)
}

func formFermeture(c Comite) formulaire.Page {
	f := formComite(c, lien.ActeFermer, "Fermer le comité", "Fermer le comité")
	f.Apercu = fermetureApercu()
	return f
}

func formReouverture(c Comite) formulaire.Page {
	return formComite(c, lien.ActeRouvrir, "Rouvrir le comité", "Rouvrir le comité")
}

// read reads as whoever asks.
func (s *Service) read(ctx context.Context, do func(tx pgx.Tx) error) error {
	return pg.As(ctx, s.db, droits.Of(ctx), do)
}

// nowComite makes the form of a committee as it is now.
func (s *Service) nowComite(id int64, page func(Comite) formulaire.Page) func(context.Context) (formulaire.Page, error) {
	return func(ctx context.Context) (p formulaire.Page, err error) {
		err = s.read(ctx, func(tx pgx.Tx) error {
			c, err := findComite(ctx, tx, id)
			p = page(c)
			return err
		})
		if err != nil {
			return p, fmt.Errorf("read comite %d: %w", id, err)
		}
		return p, nil
	}
}

// suiteComite is what follows the form of a change of a committee.
func (s *Service) suiteComite(id int64, message string, page func(context.Context) (formulaire.Page, error)) formulaire.Suite {
	return formulaire.Suite{Annonce: s.annonce, Message: message, Vers: lien.Comite(id), Page: page, Dernier: s.dernier(objetComite, id)}
}

func (s *Service) newComite(w http.ResponseWriter, r *http.Request) error {
	f := httpx.NewForm(valeursReglages(reglagesDefaut, 1))
	f.Valeurs.Set(httpx.ChampCle, httpx.NewCle())
	return formNouveau(f).Show(w, r, http.StatusOK)
}

func (s *Service) createComite(w http.ResponseWriter, r *http.Request) error {
	f, err := httpx.ReadForm(r)
	if err != nil {
		return err
	}
	cle, err := f.Cle()
	if err != nil {
		return err
	}
	var id int64
	in, err := lireReglages(f)
	if err == nil {
		id, err = s.CreateComite(r.Context(), droits.Of(r.Context()), in, cle)
	}
	page := func(context.Context) (formulaire.Page, error) { return formNouveau(f), nil }
	return formulaire.Suite{Annonce: s.annonce, Message: "Le comité est créé. Ajoutez ses membres.", Vers: lien.Comite(id), Page: page}.Answer(w, r, f, err)
}

func (s *Service) editComite(page func(Comite) formulaire.Page) httpx.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		id, err := httpx.ID(r, "id")
		if err != nil {
			return err
		}
		return formulaire.Show(w, r, s.nowComite(id, page))
	}
}

// postedVersion reads what the form of a change sent: of which record, what was typed, and on what version.
func postedVersion(r *http.Request) (id int64, f httpx.Form, version int, err error) {
	if id, f, err = posted(r); err != nil {
		return id, f, 0, err
	}
	version, err = f.Version()
	return id, f, version, err
}

func (s *Service) updateComite(w http.ResponseWriter, r *http.Request) error {
	id, f, version, err := postedVersion(r)
	if err != nil {
		return err
	}
	in, err := lireReglages(f)
	if err == nil {
		err = s.UpdateComite(r.Context(), droits.Of(r.Context()), id, version, in)
	}
	return s.suiteComite(id, "Le comité est enregistré.", s.nowComite(id, formReglages)).Answer(w, r, f, err)
}

func (s *Service) closeComite(w http.ResponseWriter, r *http.Request) error {
	id, f, _, err := postedVersion(r)
	if err != nil {
		return err
	}
	err = s.CloseComite(r.Context(), droits.Of(r.Context()), id)
	return s.suiteComite(id, "Le comité est fermé.", s.nowComite(id, formFermeture)).Answer(w, r, f, err)
}

func (s *Service) reopenComite(w http.ResponseWriter, r *http.Request) error {
	id, f, _, err := postedVersion(r)
	if err != nil {
		return err
	}
	err = s.ReopenComite(r.Context(), droits.Of(r.Context()), id)
	return s.suiteComite(id, "Le comité est rouvert.", s.nowComite(id, formReouverture)).Answer(w, r, f, err)
}

func (s *Service) listComites(w http.ResponseWriter, r *http.Request) error {
	v := listeComites{Par: droits.Of(r.Context()), Jour: typo.Aujourdhui()}
	var b pg.Batch
	addComites(&b, &v.Lignes)
	if err := b.RunAs(r.Context(), s.db, v.Par); err != nil {
		return fmt.Errorf("list comites: %w", err)
	}
	return httpx.Render(w, r, http.StatusOK, comitesPage(v))
}

// The years that a committee may be looked at.
const (
	premiereAnnee = 2000
	derniereAnnee = 2100
)

// anneeDemandee is the year that the address asks for; this one when it asks for none.
func anneeDemandee(r *http.Request) (int, error) {
	text := r.URL.Query().Get("annee")
	if text == "" {
		return typo.Aujourdhui().Year(), nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < premiereAnnee || n > derniereAnnee {
		return 0, fmt.Errorf("year %q: %w", text, fault.NotFound)
	}
	return n, nil
}

func (s *Service) showComite(w http.ResponseWriter, r *http.Request) error {
	id, err := httpx.ID(r, "id")
	if err != nil {
		return err
	}
	annee, err := anneeDemandee(r)
	if err != nil {
		return err
	}
	v := ficheComite{Par: droits.Of(r.Context()), Annee: annee, Jour: typo.Aujourdhui()}
	var seances []seanceAnnee
	var dernieres []seanceAnnee
	var b pg.Batch
	pg.AddOne(&b, &v.Comite, unComite, id)
	addSeancesAnnee(&b, &seances, id, annee)
	addDerniere(&b, &dernieres, id)
	addReperes(&b, &v.Reperes, id)
	addMembres(&b, &v.Membres, id)
	journal.AddHistorique(&b, &v.Historique, objetComite, id)
	if err := b.RunAs(r.Context(), s.db, v.Par); err != nil {
		return fmt.Errorf("read comite %d: %w", id, err)
	}
	if len(dernieres) > 0 {
		v.Derniere = &dernieres[0]
	}
	var depuis time.Time
	if v.Reperes.Premiere != nil {
		depuis = jourParis(*v.Reperes.Premiere)
	}
	v.Periodes, v.SansDate = v.Comite.periodes(annee, seances, depuis)
	return httpx.Render(w, r, http.StatusOK, comitePage(v))
}
