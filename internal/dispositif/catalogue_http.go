package dispositif

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"github.com/jackc/pgx/v5"

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

const unDispositif = lien.SuiviDispositifs + "/{id}"

func (s *Service) catalogueRoutes(r *httpx.Router) {
	r.Get(lien.SuiviDispositifs, droits.DispositifVoir, s.showCatalogue)
	r.Get(lien.DispositifNouveau, droits.DispositifModifier, formulaire.Nouveau(s.formCreationDispositif, nil))
	r.Post(lien.DispositifNouveau, droits.DispositifModifier, s.createDispositif)
	r.Get(unDispositif, droits.DispositifVoir, s.showDispositif)
	r.Get(unDispositif+"/"+lien.ActeModifier, droits.DispositifModifier, formulaire.Edition(s.formDispositif))
	r.Post(unDispositif+"/"+lien.ActeModifier, droits.DispositifModifier, s.updateDispositif)
}

var filDispositifs = []web.Lien{{Texte: "Accueil", Href: lien.Accueil}, {Texte: "Suivi des dispositifs", Href: lien.SuiviDispositifs}}

// catalogue is the page of all dispositifs.
type catalogue struct {
	Dispositifs []Dispositif
	Modifier    bool
}

func (s *Service) showCatalogue(w http.ResponseWriter, r *http.Request) error {
	par := droits.Of(r.Context())
	v := catalogue{Modifier: par.Peut(droits.DispositifModifier)}
	var b pg.Batch
	addCatalogue(&b, &v.Dispositifs)
	if err := b.RunAs(r.Context(), s.db, par); err != nil {
		return fmt.Errorf("list dispositifs: %w", err)
	}
	return httpx.Render(w, r, http.StatusOK, cataloguePage(v))
}

// ficheDispositif is the record of a dispositif with what hangs from it.
type ficheDispositif struct {
	Dispositif
	Realisations []Realisation
	Historique   []journal.Ligne
	Par          droits.Compte
}

func (s *Service) showDispositif(w http.ResponseWriter, r *http.Request) error {
	id, err := httpx.ID(r, "id")
	if err != nil {
		return err
	}
	v := ficheDispositif{Par: droits.Of(r.Context())}
	var b pg.Batch
	addDispositif(&b, &v.Dispositif, id)
	addRealisations(&b, &v.Realisations, id)
	journal.AddHistorique(&b, &v.Historique, objetDispositif, id)
	if err := b.RunAs(r.Context(), s.db, v.Par); err != nil {
		return fmt.Errorf("read dispositif %d: %w", id, err)
	}
	return httpx.Render(w, r, http.StatusOK, ficheDispositifPage(v))
}

// champsSaisie are the fields of a dispositif.
func champsSaisie(organismes, qpv []choix) []formulaire.Champ {
	return []formulaire.Champ{
		{Nom: "nom", Libelle: "Nom", Max: maxNom}, {Nom: "sigle", Libelle: "Sigle", Max: maxSigle, Facultatif: true},
		{Nom: "code", Libelle: "Adresse de la page publique", Max: maxCode, Aide: "Ce qui suit /dispositifs/ dans l’adresse. Exemple" + typo.NBSP + ": cite-educative"},
		{Nom: "objet", Libelle: "À quoi il sert", Type: "textarea", Max: maxTexte, Facultatif: true},
		{Nom: "public_vise", Libelle: "Pour qui", Type: "textarea", Lignes: 3, Max: maxPhrase, Facultatif: true},
		{Nom: "base_legale", Libelle: "Base légale", Max: maxPhrase, Facultatif: true, Aide: "Laissez vide plutôt que d’écrire un texte dont vous n’êtes pas sûr."},
		{Nom: "contact_organisme", Libelle: "Organisme à contacter", Options: optionsChoix(organismes), Vide: "Aucun", Facultatif: true},
		{Nom: "contact_fonction", Libelle: "Fonction à contacter", Max: maxFonction, Facultatif: true, Aide: "Un poste, jamais le nom d’une personne."},
		{Nom: "contact_courriel", Libelle: "Courriel", Type: "email", Max: saisie.MaxCourriel, Facultatif: true},
		{Nom: "contact_telephone", Libelle: "Téléphone", Type: "tel", Max: saisie.MaxTelephone, Facultatif: true},
		{Nom: "qpv", Libelle: "Quartiers concernés", Type: formulaire.Cases, Options: optionsChoix(qpv), Facultatif: true, Aide: "En plus de ceux de ses fiches."},
		{Nom: "ferme_le", Libelle: "N’est plus en vigueur depuis le", Type: "date", Montre: formulaire.MontreJour, Facultatif: true},
		{Nom: "publie", Libelle: "Publication", Type: formulaire.Cases, Options: []web.Option{{Value: "oui", Label: "Montrer ce dispositif sur le site public"}}, Facultatif: true},
	}
}

func lireSaisie(form httpx.Form) (Saisie, fault.Fields) {
	f := fault.Fields{}
	d := Saisie{Code: form.Texte("code"), Nom: form.Texte("nom"), Sigle: form.Texte("sigle"), Objet: form.Brut("objet"), PublicVise: form.Brut("public_vise"), BaseLegale: form.Brut("base_legale"),
		ContactOrganisme: int64(numero(f, "contact_organisme", form.Texte("contact_organisme"))), ContactFonction: form.Texte("contact_fonction"),
		ContactCourriel: form.Texte("contact_courriel"), ContactTelephone: form.Texte("contact_telephone"), QPV: numeros(f, "qpv", form.Valeurs["qpv"]), Publie: form.Texte("publie") == "oui"}
	if form.Texte("ferme_le") != "" {
		d.FermeLe = saisie.Jour(f, "ferme_le", form.Texte("ferme_le"))
	}
	return d, f
}

func (d Dispositif) valeurs() url.Values {
	v := url.Values{"nom": {d.Nom}, "sigle": {d.Sigle}, "code": {d.Code}, "objet": {d.Objet}, "public_vise": {d.PublicVise}, "base_legale": {d.BaseLegale},
		"contact_fonction": {d.ContactFonction}, "contact_courriel": {d.ContactCourriel}, "contact_telephone": {d.ContactTelephone}, httpx.ChampVersion: {strconv.Itoa(d.Version)}}
	if d.ContactOrganismeID != nil {
		v.Set("contact_organisme", strconv.FormatInt(*d.ContactOrganismeID, 10))
	}
	if d.FermeLe != nil {
		v.Set("ferme_le", typo.DateISO(*d.FermeLe))
	}
	if d.Publie {
		v.Set("publie", "oui")
	}
	for _, id := range d.QPV {
		v.Add("qpv", strconv.Itoa(int(id)))
	}
	return v
}

// readListes reads the organisations and the quarters that a form offers.
func (s *Service) readListes(ctx context.Context) (organismes, qpv []choix, err error) {
	var b pg.Batch
	addOrganismes(&b, &organismes)
	addQuartiers(&b, &qpv, s.cfg.Departement)
	err = b.RunAs(ctx, s.db, droits.Of(ctx))
	return organismes, qpv, err
}

func (s *Service) formCreationDispositif(form httpx.Form) func(context.Context) (formulaire.Page, error) {
	return func(ctx context.Context) (formulaire.Page, error) {
		organismes, qpv, err := s.readListes(ctx)
		return formulaire.Page{Titre: "Ajouter un dispositif", Bouton: "Enregistrer le dispositif", Fil: filDispositifs, Retour: lien.SuiviDispositifs, Action: lien.DispositifNouveau,
			Champs: champsSaisie(organismes, qpv), Caches: []string{httpx.ChampCle}, Form: form}, err
	}
}

// readDispositif reads a dispositif as whoever asks.
func (s *Service) readDispositif(ctx context.Context, id int64) (d Dispositif, err error) {
	err = pg.As(ctx, s.db, droits.Of(ctx), func(tx pgx.Tx) (err error) {
		d, err = findDispositif(ctx, tx, id)
		return err
	})
	if err != nil {
		return d, fmt.Errorf("read dispositif %d: %w", id, err)
	}
	return d, nil
}

// filDispositif is the way to a dispositif.
func filDispositif(d Dispositif) []web.Lien {
	return append(slices.Clone(filDispositifs), web.Lien{Texte: d.Nom, Href: lien.SuiviDispositif(d.ID)})
}

func (s *Service) formDispositif(id int64) func(context.Context) (formulaire.Page, error) {
	return func(ctx context.Context) (formulaire.Page, error) {
		d, err := s.readDispositif(ctx, id)
		if err != nil {
			return formulaire.Page{}, err
		}
		organismes, qpv, err := s.readListes(ctx)
		return formulaire.Page{Titre: "Modifier", Bouton: "Enregistrer le dispositif", Objet: d.Nom, Fil: filDispositif(d), Retour: lien.SuiviDispositif(id), Action: lien.DispositifActe(id, lien.ActeModifier),
			Champs: champsSaisie(organismes, qpv), Caches: []string{httpx.ChampVersion}, Form: httpx.NewForm(d.valeurs())}, err
	}
}

func (s *Service) createDispositif(w http.ResponseWriter, r *http.Request) error {
	f, cle, err := httpx.PostedNew(r)
	if err != nil {
		return err
	}
	in, faults := lireSaisie(f)
	id, err := s.CreateDispositif(r.Context(), droits.Of(r.Context()), in, faults, cle)
	return formulaire.Suite{Annonce: s.annonce, Message: "Le dispositif est enregistré.", Vers: lien.SuiviDispositif(id), Page: s.formCreationDispositif(f)}.Answer(w, r, f, err)
}

func (s *Service) updateDispositif(w http.ResponseWriter, r *http.Request) error {
	id, f, on, err := httpx.Posted(r)
	if err != nil {
		return err
	}
	in, faults := lireSaisie(f)
	err = s.UpdateDispositif(r.Context(), droits.Of(r.Context()), id, on, in, faults)
	return s.suite(objetDispositif, id, "Le dispositif est modifié.", lien.SuiviDispositif(id), s.formDispositif(id)).Answer(w, r, f, err)
}
