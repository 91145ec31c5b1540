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
	"portail/internal/lexique"
	"portail/internal/lien"
	"portail/internal/pg"
	"portail/internal/saisie"
	"portail/web"
	"portail/web/typo"
)

const unPRE = lien.ReussiteEducative + "/{id}"

func (s *Service) preRoutes(r *httpx.Router) {
	r.Get(lien.ReussiteEducative, droits.DispositifVoir, s.showListePRE)
	r.Get(lien.PRENouveau, droits.DispositifModifier, formulaire.Nouveau(s.formCreationPRE, nil))
	r.Post(lien.PRENouveau, droits.DispositifModifier, s.createPRE)
	r.Get(unPRE, droits.DispositifVoir, s.showPRE)
	r.Get(unPRE+"/"+lien.ActeModifier, droits.DispositifModifier, formulaire.Edition(s.formPRE))
	r.Get(unPRE+"/"+lien.ActeReunions, droits.DispositifModifier, formulaire.Edition(s.formReunion))
	r.Get(unPRE+"/"+lien.ActeBudget, droits.DispositifModifier, s.editBudget)
	r.Post(unPRE+"/"+lien.ActeModifier, droits.DispositifModifier, s.updatePRE)
	r.Post(unPRE+"/"+lien.ActeBudget, droits.DispositifModifier, s.updateBudget)
	r.Post(unPRE+"/"+lien.ActeReunions, droits.DispositifModifier, s.createReunion)
	r.Post(unPRE+"/"+lien.ActeReunions+"/retirer", droits.DispositifModifier, s.deleteReunion)
}

var filPRE = []web.Lien{{Texte: "Accueil", Href: lien.Accueil}, {Texte: "Réussite éducative", Href: lien.ReussiteEducative}}

func (s *Service) showListePRE(w http.ResponseWriter, r *http.Request) error {
	par := droits.Of(r.Context())
	l := listePRE{Modifier: par.Peut(droits.DispositifModifier)}
	var b pg.Batch
	addListePRE(&b, &l.Programmes)
	if err := b.RunAs(r.Context(), s.db, par); err != nil {
		return fmt.Errorf("list programmes: %w", err)
	}
	return httpx.Render(w, r, http.StatusOK, listePREPage(l))
}

func (s *Service) showPRE(w http.ResponseWriter, r *http.Request) error {
	id, err := httpx.ID(r, "id")
	if err != nil {
		return err
	}
	v := fichePRE{Par: droits.Of(r.Context())}
	var b pg.Batch
	addFichePRE(&b, &v, id)
	journal.AddHistorique(&b, &v.Historique, objetPRE, id)
	if err := b.RunAs(r.Context(), s.db, v.Par); err != nil {
		return fmt.Errorf("read programme %d: %w", id, err)
	}
	return httpx.Render(w, r, http.StatusOK, fichePREPage(v))
}

// champsProgramme are the fields of a programme.
func champsProgramme(porteurs, communes, qpv []choix) []formulaire.Champ {
	return []formulaire.Champ{
		{Nom: "nom", Libelle: "Nom du programme", Max: maxNom},
		{Nom: "porteur", Libelle: "Porteur", Options: optionsChoix(porteurs), Vide: "Choisir un organisme", Aide: "S’il manque, ajoutez-le d’abord aux organismes."},
		{Nom: "porteur_nature", Libelle: "Forme du porteur", Options: httpx.Options(lexique.PorteursPRE), Vide: "Choisir une forme"},
		{Nom: "communes", Libelle: "Communes", Type: formulaire.Cases, Options: optionsChoix(communes), Facultatif: true},
		{Nom: "qpv", Libelle: "Quartiers", Type: formulaire.Cases, Options: optionsChoix(qpv), Facultatif: true},
		{Nom: "domaines", Libelle: "Domaines", Type: formulaire.Cases, Options: httpx.Options(lexique.DomainesPRE)},
		{Nom: "debut", Libelle: "Début", Type: "date", Montre: formulaire.MontreJour},
		{Nom: "fin", Libelle: "Fin", Type: "date", Montre: formulaire.MontreJour, Facultatif: true},
		{Nom: "coordination_fonction", Libelle: "Fonction de la coordination", Max: maxFonction, Facultatif: true, Aide: "Un poste, jamais le nom d’une personne. Exemple" + typo.NBSP + ": coordination du programme"},
		{Nom: "contact_courriel", Libelle: "Courriel", Type: "email", Max: saisie.MaxCourriel, Facultatif: true, Aide: "De préférence une adresse de service."},
		{Nom: "contact_telephone", Libelle: "Téléphone", Type: "tel", Max: saisie.MaxTelephone, Facultatif: true},
		{Nom: "presentation", Libelle: "Présentation", Type: "textarea", Max: maxTexte, Facultatif: true, Aide: "Visible du public. N’écrivez le nom de personne."},
		{Nom: "publie", Libelle: "Publication", Type: formulaire.Cases, Options: []web.Option{{Value: "oui", Label: "Montrer ce programme sur le site public"}}, Facultatif: true},
	}
}

func lireProgramme(form httpx.Form) (Programme, fault.Fields) {
	f := fault.Fields{}
	p := Programme{Nom: form.Texte("nom"), Porteur: int64(numero(f, "porteur", form.Texte("porteur"))), PorteurNature: form.Texte("porteur_nature"), Domaines: form.Valeurs["domaines"],
		Debut: saisie.Jour(f, "debut", form.Texte("debut")), CoordinationFonction: form.Texte("coordination_fonction"), ContactCourriel: form.Texte("contact_courriel"),
		ContactTelephone: form.Texte("contact_telephone"), Presentation: form.Brut("presentation"), QPV: numeros(f, "qpv", form.Valeurs["qpv"]),
		Communes: numeros(f, "communes", form.Valeurs["communes"]), Publie: form.Texte("publie") == "oui"}
	if form.Texte("fin") != "" {
		p.Fin = saisie.Jour(f, "fin", form.Texte("fin"))
	}
	return p, f
}

func (p PRE) valeurs() url.Values {
	v := url.Values{"nom": {p.Nom}, "porteur": {strconv.FormatInt(p.PorteurID, 10)}, "porteur_nature": {p.PorteurNature}, "domaines": p.Domaines, "debut": {typo.DateISO(p.Debut)},
		"coordination_fonction": {p.CoordinationFonction}, "contact_courriel": {p.ContactCourriel}, "contact_telephone": {p.ContactTelephone}, "presentation": {p.Presentation},
		httpx.ChampVersion: {strconv.Itoa(p.Version)}}
	if p.Fin != nil {
		v.Set("fin", typo.DateISO(*p.Fin))
	}
	if p.Publie {
		v.Set("publie", "oui")
	}
	for _, id := range p.QPV {
		v.Add("qpv", strconv.Itoa(int(id)))
	}
	for _, id := range p.Communes {
		v.Add("communes", strconv.Itoa(int(id)))
	}
	return v
}

// champsPREDe reads the lists of the form of a programme.
func (s *Service) champsPREDe(ctx context.Context) ([]formulaire.Champ, error) {
	var porteurs, communes, qpv []choix
	var b pg.Batch
	addOrganismes(&b, &porteurs)
	addCommunes(&b, &communes, s.cfg.Departement)
	addQuartiers(&b, &qpv, s.cfg.Departement)
	err := b.RunAs(ctx, s.db, droits.Of(ctx))
	return champsProgramme(porteurs, communes, qpv), err
}

func (s *Service) formCreationPRE(form httpx.Form) func(context.Context) (formulaire.Page, error) {
	return func(ctx context.Context) (formulaire.Page, error) {
		champs, err := s.champsPREDe(ctx)
		return formulaire.Page{Titre: "Ajouter un programme", Bouton: "Enregistrer le programme", Fil: filPRE, Retour: lien.ReussiteEducative, Action: lien.PRENouveau,
			Champs: champs, Caches: []string{httpx.ChampCle}, Form: form}, err
	}
}

// pagePRE is the form of a change to a programme as it is now.
func (s *Service) pagePRE(ctx context.Context, id int64, acte, titre, bouton string) (formulaire.Page, PRE, error) {
	var p PRE
	err := pg.As(ctx, s.db, droits.Of(ctx), func(tx pgx.Tx) (err error) {
		p, err = findPRE(ctx, tx, id)
		return err
	})
	page := formulaire.Page{Titre: titre, Bouton: bouton, Objet: p.Nom, Fil: append(slices.Clone(filPRE), web.Lien{Texte: p.Nom, Href: lien.PRE(id)}), Retour: lien.PRE(id),
		Action: lien.PREActe(id, acte), Caches: []string{httpx.ChampVersion}, Form: httpx.NewForm(url.Values{httpx.ChampVersion: {strconv.Itoa(p.Version)}})}
	if err != nil {
		return page, p, fmt.Errorf("read programme %d: %w", id, err)
	}
	return page, p, nil
}

func (s *Service) formPRE(id int64) func(context.Context) (formulaire.Page, error) {
	return func(ctx context.Context) (formulaire.Page, error) {
		page, p, err := s.pagePRE(ctx, id, lien.ActeModifier, "Modifier", "Enregistrer le programme")
		if err != nil {
			return page, err
		}
		page.Champs, err = s.champsPREDe(ctx)
		page.Form = httpx.NewForm(p.valeurs())
		return page, err
	}
}

func (s *Service) createPRE(w http.ResponseWriter, r *http.Request) error {
	f, cle, err := httpx.PostedNew(r)
	if err != nil {
		return err
	}
	in, faults := lireProgramme(f)
	id, err := s.CreatePRE(r.Context(), droits.Of(r.Context()), in, faults, cle)
	return formulaire.Suite{Annonce: s.annonce, Message: "Le programme est enregistré.", Vers: lien.PRE(id), Page: s.formCreationPRE(f)}.Answer(w, r, f, err)
}

func (s *Service) updatePRE(w http.ResponseWriter, r *http.Request) error {
	id, f, on, err := httpx.Posted(r)
	if err != nil {
		return err
	}
	in, faults := lireProgramme(f)
	err = s.UpdatePRE(r.Context(), droits.Of(r.Context()), id, on, in, faults)
	return s.suite(objetPRE, id, "Le programme est modifié.", lien.PRE(id), s.formPRE(id)).Answer(w, r, f, err)
}

// formBudget is the form of the budget of a year; 0 is this year.
func (s *Service) formBudget(year int64) func(int64) func(context.Context) (formulaire.Page, error) {
	return func(id int64) func(context.Context) (formulaire.Page, error) {
		return func(ctx context.Context) (formulaire.Page, error) {
			page, _, err := s.pagePRE(ctx, id, lien.ActeBudget, "Budget d’une année", "Enregistrer le budget")
			if err != nil {
				return page, err
			}
			if year == 0 {
				year = int64(typo.Aujourdhui().Year())
			}
			page.Champs = []formulaire.Champ{{Nom: "annee", Libelle: "Année", Mode: "numeric", Max: 4}}
			page.Form.Valeurs.Set("annee", strconv.FormatInt(year, 10))
			for _, m := range lexique.FinanceursPRE {
				page.Champs = append(page.Champs, formulaire.Champ{Nom: "montant_" + m.Code, Libelle: m.Libelle + ", en euros", Mode: "decimal", Max: 20, Facultatif: true})
			}
			var kept []montantAnnuel
			var b pg.Batch
			pg.Add(&b, &kept, selectBudgets, id)
			err = b.RunAs(ctx, s.db, droits.Of(ctx))
			for _, k := range kept {
				if int64(k.Annee) == year {
					page.Form.Valeurs.Set("montant_"+k.Financeur, typo.Decimal(float64(k.Centimes)/100, 2))
				}
			}
			return page, err
		}
	}
}

func (s *Service) editBudget(w http.ResponseWriter, r *http.Request) error {
	year, err := parseAnnee(r.URL.Query())
	if err != nil {
		return err
	}
	return formulaire.Edition(s.formBudget(int64(year)))(w, r)
}

func (s *Service) updateBudget(w http.ResponseWriter, r *http.Request) error {
	id, f, on, err := httpx.Posted(r)
	if err != nil {
		return err
	}
	faults := fault.Fields{}
	year := saisie.Entier(faults, "annee", f.Texte("annee"), premiereAnnee, derniereAnnee)
	var all []montantAnnuel
	for _, m := range lexique.FinanceursPRE {
		if typed := f.Texte("montant_" + m.Code); typed != "" {
			all = append(all, montantAnnuel{Financeur: m.Code, Centimes: saisie.Centimes(faults, "montant_"+m.Code, typed)})
		}
	}
	if err = faults.Err(); err == nil {
		err = s.SetBudget(r.Context(), droits.Of(r.Context()), id, on, year, all)
	}
	return s.suite(objetPRE, id, "Le budget est enregistré.", lien.PRE(id), s.formBudget(year)(id)).Answer(w, r, f, err)
}

func (s *Service) formReunion(id int64) func(context.Context) (formulaire.Page, error) {
	return func(ctx context.Context) (formulaire.Page, error) {
		page, _, err := s.pagePRE(ctx, id, lien.ActeReunions, "Enregistrer une réunion", "Enregistrer la réunion")
		page.Champs = []formulaire.Champ{{Nom: "sorte", Libelle: "Instance", Type: formulaire.Choix, Options: httpx.Options(lexique.ReunionsPRE)}, jourChamp("le", "Date", "")}
		return page, err
	}
}

// lireReunion reads which meeting a form is about.
func lireReunion(f httpx.Form) (reunion, error) {
	faults := fault.Fields{}
	m := reunion{Sorte: f.Texte("sorte"), Le: saisie.JourPasse(faults, "le", f.Texte("le"))}
	if !lexique.Connu(lexique.ReunionsPRE, m.Sorte) {
		faults.Add("sorte", "Choisissez l’instance.")
	}
	return m, faults.Err()
}

func (s *Service) createReunion(w http.ResponseWriter, r *http.Request) error {
	id, f, on, err := httpx.Posted(r)
	if err != nil {
		return err
	}
	m, err := lireReunion(f)
	if err == nil {
		err = s.AddReunion(r.Context(), droits.Of(r.Context()), id, on, m.Sorte, m.Le)
	}
	return s.suite(objetPRE, id, "La réunion est enregistrée.", lien.PRE(id), s.formReunion(id)).Answer(w, r, f, err)
}

func (s *Service) deleteReunion(w http.ResponseWriter, r *http.Request) error {
	id, f, on, err := httpx.Posted(r)
	if err != nil {
		return err
	}
	m, err := lireReunion(f)
	if err == nil {
		err = s.RemoveReunion(r.Context(), droits.Of(r.Context()), id, on, m.Sorte, m.Le)
	}
	return s.suite(objetPRE, id, "La réunion est retirée.", lien.PRE(id), s.formReunion(id)).Answer(w, r, f, err)
}
