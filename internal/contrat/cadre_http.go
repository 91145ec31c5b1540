package contrat

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"portail/internal/droits"
	"portail/internal/fault"
	"portail/internal/formulaire"
	"portail/internal/httpx"
	"portail/internal/lexique"
	"portail/internal/lien"
	"portail/internal/saisie"
	"portail/web"
	"portail/web/typo"
)

func (s *Service) cadreRoutes(r *httpx.Router) {
	r.Get(lien.ContratNouveau, droits.ContratModifier, s.newContrat)
	r.Post(lien.ContratNouveau, droits.ContratModifier, s.createContrat)
	r.Get(une+"/"+lien.ActeContratCadre, droits.ContratModifier, s.show(s.formCadre))
	r.Post(une+"/"+lien.ActeContratCadre, droits.ContratModifier, s.updateCadre)
}

func (s *Service) newContrat(w http.ResponseWriter, r *http.Request) error {
	f := httpx.NewForm(url.Values{httpx.ChampCle: {httpx.NewCle()}, "generation": {"2024"}, "debut": {"2024-04-01"}, "fin": {"2030-03-31"}, "revoyure": {"2027-03-31"}})
	p, err := s.formContrat(f)(r.Context())
	if err != nil {
		return err
	}
	return p.Show(w, r, http.StatusOK)
}

// formContrat is the form of a new contract; its dates are proposed, those of the generation in progress (R-CV-3).
func (s *Service) formContrat(f httpx.Form) func(context.Context) (formulaire.Page, error) {
	return func(ctx context.Context) (formulaire.Page, error) {
		p := formulaire.Page{Titre: "Nouveau contrat de ville", Bouton: "Créer le contrat", Fil: fil, Retour: lien.ContratsAgents, Action: lien.ContratNouveau,
			Caches: []string{httpx.ChampCle}, Form: f}
		err := s.read(ctx, func(tx pgx.Tx) error {
			epci, err := listEPCI(ctx, tx)
			p.Champs = append(champsContrat(epci), formulaire.Champ{Nom: "reprise", Libelle: "Origine", Type: formulaire.Choix, Options: []web.Option{
				{Value: "non", Label: "Il sera rédigé, négocié et signé ici"},
				{Value: "oui", Label: "Il est déjà signé", Hint: "Reprise" + typo.NBSP + ": quelques champs et le scan suffisent, puis des avenants sont possibles."}}})
			return err
		})
		if !f.Valeurs.Has("reprise") {
			f.Valeurs.Set("reprise", "non")
		}
		return p, err
	}
}

func champsContrat(epci []lieu) []formulaire.Champ {
	jour := func(nom, libelle, aide string, facultatif bool) formulaire.Champ {
		return formulaire.Champ{Nom: nom, Libelle: libelle, Aide: aide, Type: "date", Facultatif: facultatif, Montre: formulaire.MontreJour}
	}
	return []formulaire.Champ{
		{Nom: "titre", Libelle: "Titre", Max: maxTitre, Aide: "Tel qu’il figure sur la couverture."},
		{Nom: "generation", Libelle: "Génération", Type: formulaire.Choix, Options: httpx.Options(lexique.GenerationsContrat)},
		{Nom: "epci", Libelle: "Intercommunalité", Options: options(epci), Vide: "Choisir une intercommunalité", Facultatif: true,
			Aide: "Le contrat couvre d’abord tous ses quartiers prioritaires" + typo.NBSP + ": vous pourrez en retirer."},
		jour("debut", "Début", "", false), jour("fin", "Fin", "", false),
		jour("revoyure", "Clause de revoyure", "Date à laquelle les parties reverront le contrat.", true),
	}
}

// options are places or organisations to choose from.
func options(all []lieu) []web.Option {
	list := make([]web.Option, len(all))
	for i, l := range all {
		list[i] = web.Option{Value: strconv.FormatInt(l.ID, 10), Label: l.Nom}
	}
	return list
}

// lireCadre reads the form of a contract or of an avenant; what cannot be read is told in f.
func lireCadre(f httpx.Form) (Cadre, error) {
	c := Cadre{Titre: f.Texte("titre"), Objet: f.Texte("objet"), Natures: f.Valeurs["natures"], Reprise: f.Texte("reprise") == "oui",
		Debut: saisie.Jour(f.Fautes, "debut", f.Texte("debut")), Fin: saisie.Jour(f.Fautes, "fin", f.Texte("fin")),
		Revoyure: lireJour(f, "revoyure"), EffetLe: lireJour(f, "effet_le"),
		Qva: strings.Split(f.Brut("qva"), "\n"), Poches: strings.Split(f.Brut("poches"), "\n")}
	c.Generation, _ = strconv.Atoi(f.Texte("generation")) // checked with the rest
	c.EpciID = choix(f, "epci")
	c.EvaluationOrganismeID = choix(f, "evaluation_organisme")
	for _, v := range f.Valeurs["qpv"] {
		id, err := strconv.ParseInt(v, 10, 32)
		if err != nil {
			f.Fautes.Add("qpv", "Choisissez les quartiers dans la liste.")
		}
		c.QpvIDs = append(c.QpvIDs, int32(id))
	}
	return c, joindre(f.Fautes, c.propre().check(len(c.Natures) > 0 || f.Valeurs.Has("objet")))
}

// choix is the number of what was chosen in a list; 0 for nothing. What no list offers is told on the field.
func choix(f httpx.Form, champ string) int64 {
	s := f.Texte(champ)
	if s == "" {
		return 0
	}
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil || n <= 0 {
		f.Fautes.Add(champ, "Choisissez dans la liste.")
		return 0
	}
	return n
}

func (s *Service) createContrat(w http.ResponseWriter, r *http.Request) error {
	f, cle, err := httpx.PostedNew(r)
	if err != nil {
		return err
	}
	in, err := lireCadre(f)
	var id int64
	if err == nil {
		id, err = s.Create(r.Context(), droits.Of(r.Context()), in, cle)
	}
	return formulaire.Suite{Annonce: s.annonce, Message: "Le contrat est créé" + typo.NBSP + ": complétez ses parties, ses axes et ses textes.",
		Vers: lien.ContratAgents(id), Page: s.formContrat(f)}.Answer(w, r, f, err)
}

// formCadre is the form of what a text says of itself.
func (s *Service) formCadre(ctx context.Context, r Ref) (p formulaire.Page, err error) {
	err = s.read(ctx, func(tx pgx.Tx) error {
		v, err := findVersion(ctx, tx, r)
		if err != nil {
			return err
		}
		epci, err := listEPCI(ctx, tx)
		if err != nil {
			return err
		}
		quartiers, err := listQuartiers(ctx, tx, v)
		if err != nil {
			return err
		}
		organismes, err := listOrganismes(ctx, tx)
		if err != nil {
			return err
		}
		p = formActe(v, lien.ActeContratCadre, "Modifier le cadre", "Enregistrer le cadre")
		p.Champs = champsContrat(epci)
		if v.Avenant > 0 {
			p.Champs = append([]formulaire.Champ{
				{Nom: "objet", Libelle: "Objet de l’avenant", Max: maxTitre},
				{Nom: "natures", Libelle: "Ce que l’avenant change", Type: formulaire.Cases, Options: httpx.Options(lexique.NaturesAvenant)},
			}, slices.DeleteFunc(p.Champs, func(c formulaire.Champ) bool { return c.Nom == "generation" || c.Nom == "epci" })...)
		}
		p.Champs = append(p.Champs, formulaire.Champ{Nom: "effet_le", Libelle: "Date d’effet", Type: "date", Facultatif: true, Montre: formulaire.MontreJour,
			Aide: "Laissez vide pour qu’il entre en vigueur le jour de la dernière signature."})
		if len(quartiers) > 0 {
			p.Champs = append(p.Champs, formulaire.Champ{Nom: "qpv", Libelle: "Quartiers prioritaires couverts", Type: formulaire.Cases, Options: options(quartiers), Facultatif: true})
		}
		p.Champs = append(p.Champs,
			formulaire.Champ{Nom: "qva", Libelle: "Quartiers de veille active", Type: "textarea", Lignes: 3, Aide: "Un par ligne.", Facultatif: true},
			formulaire.Champ{Nom: "poches", Libelle: "Poches de pauvreté", Type: "textarea", Lignes: 3, Aide: "Une par ligne. Elles n’ouvrent pas droit au programme" + typo.NBSP + "147.", Facultatif: true},
			formulaire.Champ{Nom: "evaluation_organisme", Libelle: "Responsable de l’évaluation", Options: options(organismes), Vide: "Personne pour l’instant", Facultatif: true})
		for champ, values := range v.cadre().valeurs() {
			p.Form.Valeurs[champ] = values
		}
		return nil
	})
	return p, err
}

// valeurs are the fields of the form, as kept.
func (c Cadre) valeurs() url.Values {
	v := url.Values{"titre": {c.Titre}, "generation": {strconv.Itoa(c.Generation)}, "debut": {typo.DateISO(c.Debut)}, "fin": {typo.DateISO(c.Fin)},
		"revoyure": {jourISO(c.Revoyure)}, "effet_le": {jourISO(c.EffetLe)}, "qva": {strings.Join(c.Qva, "\n")}, "poches": {strings.Join(c.Poches, "\n")},
		"objet": {c.Objet}, "natures": c.Natures, "epci": {numero(c.EpciID)}, "evaluation_organisme": {numero(c.EvaluationOrganismeID)}}
	for _, id := range c.QpvIDs {
		v.Add("qpv", strconv.Itoa(int(id)))
	}
	return v
}

func jourISO(t *time.Time) string {
	if t == nil {
		return ""
	}
	return typo.DateISO(*t)
}

// numero is an id as a list holds it; nothing for none.
func numero(id int64) string {
	if id == 0 {
		return ""
	}
	return strconv.FormatInt(id, 10)
}

func (s *Service) updateCadre(w http.ResponseWriter, r *http.Request) error {
	ref, f, on, err := posted(r)
	if err != nil {
		return err
	}
	in, err := lireCadre(f)
	if err == nil {
		err = s.UpdateCadre(r.Context(), droits.Of(r.Context()), ref, on, in)
	}
	return s.answer(w, r, ref, f, err, "Le cadre est enregistré.", "", s.form(ref, s.formCadre))
}

// joindre adds the faults of err to f; any other error comes back as it is.
func joindre(f fault.Fields, err error) error {
	_, other := httpx.Form{Fautes: f}.Refuse(err)
	if other != nil {
		return other
	}
	return f.Err()
}
