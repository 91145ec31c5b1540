package dispositif

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

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

const (
	uneRealisation  = lien.SuiviRealisations + "/{id}"
	nouvelleRealise = "fiches/nouvelle" // under a dispositif
)

func (s *Service) realisationRoutes(r *httpx.Router) {
	r.Get(unDispositif+"/"+nouvelleRealise, droits.DispositifModifier, s.newRealisation)
	r.Post(unDispositif+"/"+nouvelleRealise, droits.DispositifModifier, s.createRealisation)
	r.Get(uneRealisation, droits.DispositifVoir, s.showRealisation)
	r.Get(uneRealisation+"/"+lien.ActeModifier, droits.DispositifModifier, formulaire.Edition(s.formRealisation))
	r.Post(uneRealisation+"/"+lien.ActeModifier, droits.DispositifModifier, s.updateRealisation)
	for _, acte := range []string{lien.ActeMontants, lien.ActeAgregats} {
		r.Get(uneRealisation+"/"+acte, droits.DispositifModifier, s.editAnnee(acte))
		r.Post(uneRealisation+"/"+acte, droits.DispositifModifier, s.updateAnnee(acte))
	}
}

func (s *Service) showRealisation(w http.ResponseWriter, r *http.Request) error {
	id, err := httpx.ID(r, "id")
	if err != nil {
		return err
	}
	v, err := s.readRealisation(r.Context(), id)
	if err != nil {
		return err
	}
	return httpx.Render(w, r, http.StatusOK, ficheRealisationPage(v))
}

// readRealisation reads a record in one round trip, as whoever asks.
func (s *Service) readRealisation(ctx context.Context, id int64) (ficheRealisation, error) {
	v := ficheRealisation{Par: droits.Of(ctx)}
	var b pg.Batch
	addFicheRealisation(&b, &v, id)
	journal.AddHistorique(&b, &v.Historique, objetRealisation, id)
	if err := b.RunAs(ctx, s.db, v.Par); err != nil {
		return v, fmt.Errorf("read realisation %d: %w", id, err)
	}
	return v, nil
}

func champsSaisieRealisation(organismes, qpv []choix) []formulaire.Champ {
	return []formulaire.Champ{
		{Nom: "intitule", Libelle: "Intitulé", Max: maxNom},
		{Nom: "porteur", Libelle: "Porteur", Options: optionsChoix(organismes), Vide: "Choisir un organisme", Aide: "S’il manque, ajoutez-le d’abord aux organismes."},
		{Nom: "qpv", Libelle: "Quartiers", Type: formulaire.Cases, Options: optionsChoix(qpv), Facultatif: true},
		{Nom: "debut", Libelle: "Début", Type: "date", Montre: formulaire.MontreJour},
		{Nom: "fin", Libelle: "Fin", Type: "date", Montre: formulaire.MontreJour, Facultatif: true},
		{Nom: "etat", Libelle: "État", Options: httpx.Options(lexique.EtatsRealisation), Vide: "Choisir un état"},
		{Nom: "description", Libelle: "Description", Type: "textarea", Max: maxTexte, Facultatif: true, Aide: "N’écrivez le nom de personne."},
		{Nom: "publie", Libelle: "Publication", Type: formulaire.Cases, Options: []web.Option{{Value: "oui", Label: "Montrer cette fiche sur le site public, sans ses montants ni ses agrégats"}}, Facultatif: true},
	}
}

func lireSaisieRealisation(form httpx.Form) (SaisieRealisation, fault.Fields) {
	f := fault.Fields{}
	in := SaisieRealisation{Intitule: form.Texte("intitule"), Porteur: int64(numero(f, "porteur", form.Texte("porteur"))), Description: form.Brut("description"), Etat: form.Texte("etat"),
		Debut: saisie.Jour(f, "debut", form.Texte("debut")), QPV: numeros(f, "qpv", form.Valeurs["qpv"]), Publie: form.Texte("publie") == "oui"}
	if form.Texte("fin") != "" {
		in.Fin = saisie.Jour(f, "fin", form.Texte("fin"))
	}
	return in, f
}

// formCreationRealisation is the form of a new record of a dispositif.
func (s *Service) formCreationRealisation(dispositif int64, form httpx.Form) func(context.Context) (formulaire.Page, error) {
	return func(ctx context.Context) (formulaire.Page, error) {
		d, err := s.readDispositif(ctx, dispositif)
		if err != nil {
			return formulaire.Page{}, err
		}
		if err := d.checkGenerique(); err != nil {
			return formulaire.Page{}, err
		}
		organismes, qpv, err := s.readListes(ctx)
		return formulaire.Page{Titre: "Ajouter une fiche", Bouton: "Enregistrer la fiche", Objet: d.Nom, Fil: filDispositif(d), Retour: lien.SuiviDispositif(dispositif),
			Action: lien.DispositifActe(dispositif, nouvelleRealise), Champs: champsSaisieRealisation(organismes, qpv), Caches: []string{httpx.ChampCle}, Form: form}, err
	}
}

func (s *Service) newRealisation(w http.ResponseWriter, r *http.Request) error {
	return formulaire.Edition(func(id int64) func(context.Context) (formulaire.Page, error) {
		return s.formCreationRealisation(id, httpx.NewForm(url.Values{httpx.ChampCle: {httpx.NewCle()}, "etat": {"en_cours"}}))
	})(w, r)
}

func (s *Service) createRealisation(w http.ResponseWriter, r *http.Request) error {
	dispositif, err := httpx.ID(r, "id")
	if err != nil {
		return err
	}
	f, cle, err := httpx.PostedNew(r)
	if err != nil {
		return err
	}
	in, faults := lireSaisieRealisation(f)
	id, err := s.CreateRealisation(r.Context(), droits.Of(r.Context()), dispositif, in, faults, cle)
	return formulaire.Suite{Annonce: s.annonce, Message: "La fiche est enregistrée.", Vers: lien.Realisation(id), Page: s.formCreationRealisation(dispositif, f)}.Answer(w, r, f, err)
}

// pageRealisation is the form of a change to a record as it is now.
func (s *Service) pageRealisation(ctx context.Context, id int64, acte, titre, bouton string) (formulaire.Page, ficheRealisation, error) {
	v, err := s.readRealisation(ctx, id)
	fil := append(filDispositif(Dispositif{ID: v.DispositifID, Nom: v.Dispositif}), web.Lien{Texte: v.Intitule, Href: lien.Realisation(id)})
	return formulaire.Page{Titre: titre, Bouton: bouton, Objet: v.Intitule, Fil: fil, Retour: lien.Realisation(id), Action: lien.RealisationActe(id, acte), Caches: []string{httpx.ChampVersion},
		Form: httpx.NewForm(url.Values{httpx.ChampVersion: {strconv.Itoa(v.Version)}})}, v, err
}

func (s *Service) formRealisation(id int64) func(context.Context) (formulaire.Page, error) {
	return func(ctx context.Context) (formulaire.Page, error) {
		page, v, err := s.pageRealisation(ctx, id, lien.ActeModifier, "Modifier", "Enregistrer la fiche")
		if err != nil {
			return page, err
		}
		organismes, qpv, err := s.readListes(ctx)
		page.Champs = champsSaisieRealisation(organismes, qpv)
		values := page.Form.Valeurs
		for name, value := range map[string]string{"intitule": v.Intitule, "porteur": strconv.FormatInt(v.PorteurID, 10), "debut": typo.DateISO(v.Debut), "etat": v.Etat, "description": v.Description} {
			values.Set(name, value)
		}
		if v.Fin != nil {
			values.Set("fin", typo.DateISO(*v.Fin))
		}
		if v.Publie {
			values.Set("publie", "oui")
		}
		for _, q := range v.QPV {
			values.Add("qpv", strconv.Itoa(int(q)))
		}
		return page, err
	}
}

func (s *Service) updateRealisation(w http.ResponseWriter, r *http.Request) error {
	id, f, on, err := httpx.Posted(r)
	if err != nil {
		return err
	}
	in, faults := lireSaisieRealisation(f)
	err = s.UpdateRealisation(r.Context(), droits.Of(r.Context()), id, on, in, faults)
	return s.suite(objetRealisation, id, "La fiche est modifiée.", lien.Realisation(id), s.formRealisation(id)).Answer(w, r, f, err)
}

// formAnnee is the form of the amounts or of the aggregates of a year, one a line.
func (s *Service) formAnnee(acte string, id, year int64) func(context.Context) (formulaire.Page, error) {
	return func(ctx context.Context) (formulaire.Page, error) {
		titre, example := "Montants d’une année", "Un financeur par ligne, deux points, puis le montant en euros. Exemple"+typo.NBSP+": État (P147)"+typo.NBSP+": 12"+typo.NBSP+"000"
		if acte == lien.ActeAgregats {
			titre, example = "Agrégats d’une année", "Un agrégat par ligne, deux points, puis le nombre. Exemple"+typo.NBSP+": Séances"+typo.NBSP+": 24"
		}
		page, v, err := s.pageRealisation(ctx, id, acte, titre, "Enregistrer")
		var personnes, others []string
		for _, m := range v.Montants {
			if acte == lien.ActeMontants && int64(m.Annee) == year {
				others = append(others, m.Financeur+typo.NBSP+": "+typo.Decimal(float64(m.Centimes)/100, 2))
			}
		}
		for _, a := range v.Agregats {
			if line := a.Libelle + typo.NBSP + ": " + typo.Auto(a.Valeur, 2); acte == lien.ActeAgregats && int64(a.Annee) == year {
				if a.Personnes {
					personnes = append(personnes, line)
				} else {
					others = append(others, line)
				}
			}
		}
		page.Champs = []formulaire.Champ{{Nom: "annee", Libelle: "Année", Mode: "numeric", Max: 4}}
		if acte == lien.ActeAgregats {
			page.Champs = append(page.Champs, formulaire.Champ{Nom: "personnes", Libelle: "Nombres de personnes", Aide: "Exemple" + typo.NBSP + ": Participants" + typo.NBSP + ": 48. Sous " +
				typo.Nombre(seuilSecret) + typo.NBSP + "personnes, le nombre n’est montré qu’au porteur.", Type: "textarea", Lignes: 5, Max: maxTexte, Facultatif: true})
		}
		page.Champs = append(page.Champs, formulaire.Champ{Nom: "lignes", Libelle: titre, Aide: example, Type: "textarea", Lignes: 6, Max: maxTexte, Facultatif: true})
		page.Form.Valeurs.Set("annee", strconv.FormatInt(year, 10))
		page.Form.Valeurs.Set("lignes", strings.Join(others, "\n"))
		page.Form.Valeurs.Set("personnes", strings.Join(personnes, "\n"))
		return page, err
	}
}

func (s *Service) editAnnee(acte string) httpx.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		year, err := parseAnnee(r.URL.Query())
		if err != nil {
			return err
		}
		return formulaire.Edition(func(id int64) func(context.Context) (formulaire.Page, error) {
			return s.formAnnee(acte, id, int64(year))
		})(w, r)
	}
}

// errNombre is said of a line whose figure cannot be read.
var errNombre = errors.New("le nombre ne se lit pas")

func (s *Service) updateAnnee(acte string) httpx.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		id, f, on, err := httpx.Posted(r)
		if err != nil {
			return err
		}
		faults := fault.Fields{}
		year := saisie.Entier(faults, "annee", f.Texte("annee"), premiereAnnee, derniereAnnee)
		par, message := droits.Of(r.Context()), "Les montants sont enregistrés."
		if acte == lien.ActeMontants {
			all := lireMontants(faults, f.Brut("lignes"))
			if err = faults.Err(); err == nil {
				err = s.SetMontants(r.Context(), par, id, on, year, all)
			}
		} else {
			message = "Les agrégats sont enregistrés."
			people, all := lireAgregats(faults, "personnes", f.Brut("personnes"), true), lireAgregats(faults, "lignes", f.Brut("lignes"), false)
			for _, a := range all {
				if slices.ContainsFunc(people, func(p agregat) bool { return strings.EqualFold(p.Libelle, a.Libelle) }) {
					faults.Add("lignes", typo.Guillemets(a.Libelle)+" est déjà parmi les nombres de personnes.")
				}
			}
			all = append(people, all...)
			if err = faults.Err(); err == nil {
				err = s.SetAgregats(r.Context(), par, id, on, year, all)
			}
		}
		return s.suite(objetRealisation, id, message, lien.Realisation(id), s.formAnnee(acte, id, year)).Answer(w, r, f, err)
	}
}

func lireMontants(f fault.Fields, texte string) (all []montantAnnuel) {
	lignesLibres(f, "lignes", texte, func(what, figure string) error {
		told := fault.Fields{}
		m := montantAnnuel{Financeur: what, Centimes: saisie.Centimes(told, "lignes", figure)}
		saisie.Longueur(told, "lignes", what, maxNom)
		if len(told) > 0 {
			return errNombre
		}
		all = append(all, m)
		return nil
	})
	return all
}

// maxAgregat is the highest aggregate that a form takes.
const maxAgregat = 1_000_000_000

func lireAgregats(f fault.Fields, champ, texte string, personnes bool) (all []agregat) {
	lignesLibres(f, champ, texte, func(what, figure string) error {
		told := fault.Fields{}
		n := float64(saisie.Centimes(told, champ, figure)) / 100
		if personnes {
			n = float64(saisie.Entier(told, champ, figure, 0, maxAgregat))
		}
		saisie.Longueur(told, champ, what, maxFonction)
		if len(told) > 0 {
			return errNombre
		}
		all = append(all, agregat{Libelle: what, Valeur: n, Personnes: personnes})
		return nil
	})
	return all
}
