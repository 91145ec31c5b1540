package dispositif

import (
	"context"
	"net/url"
	"slices"
	"strconv"

	"github.com/jackc/pgx/v5"

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

// choixAR are the lists that the form of a convention offers.
type choixAR struct {
	Employeurs, Territoires, QPV []choix
	Seul                         *employeur // the only one that whoever asks may ask for: their own organisation; nil: any
}

// employeurs are the fields that say who employs: a partner asks for its own organisation, in the categories that its nature allows.
func (c choixAR) employeurs() []formulaire.Champ {
	categorie := formulaire.Champ{Nom: "categorie", Libelle: "Catégorie d’employeur", Options: httpx.Options(lexique.CategoriesEmployeur), Vide: "Choisir une catégorie",
		Aide: "Celles du code du travail, " + article("L. 5134-101") + "."}
	if c.Seul != nil {
		categorie.Options = slices.DeleteFunc(categorie.Options, func(o web.Option) bool { return !slices.Contains(categoriesParNature[c.Seul.Nature], o.Value) })
		return []formulaire.Champ{categorie}
	}
	return []formulaire.Champ{{Nom: "employeur", Libelle: "Employeur", Options: optionsChoix(c.Employeurs), Vide: "Choisir un organisme", Aide: "S’il manque, ajoutez-le d’abord aux organismes."}, categorie}
}

// choix is an entry of a list of the database.
type choix struct {
	ID  int64
	Nom string
}

// optionsChoix are the entries as a form offers them.
func optionsChoix(all []choix) []web.Option {
	options := make([]web.Option, len(all))
	for i, c := range all {
		options[i] = web.Option{Value: strconv.FormatInt(c.ID, 10), Label: c.Nom}
	}
	return options
}

var filAR = []web.Lien{{Texte: "Accueil", Href: lien.Accueil}, {Texte: "Adultes-relais", Href: lien.AdultesRelais}}

// champsConvention are the fields of a request.
func champsConvention(c choixAR) []formulaire.Champ {
	return append(c.employeurs(), []formulaire.Champ{
		{Nom: "qpv", Libelle: "Quartiers d’intervention", Type: formulaire.Cases, Options: optionsChoix(c.QPV), Facultatif: true},
		{Nom: "territoire", Libelle: "Autre territoire d’intervention", Options: optionsChoix(c.Territoires), Vide: "Aucun", Facultatif: true, Aide: "Commune ou intercommunalité, si le poste ne se limite pas aux quartiers."},
		{Nom: "missions", Libelle: "Missions", Type: formulaire.Cases, Options: httpx.Options(lexique.MissionsAdulteRelais), Aide: "Celles du décret relatif aux adultes-relais."},
		champMissionsTexte,
		{Nom: "quotite", Libelle: "Temps de travail, en pourcentage d’un temps plein", Mode: "decimal", Max: 10, Aide: "100 pour un temps plein, 50 au moins. Exemple" + typo.NBSP + ": 80 ou 57,14"},
		{Nom: "debut", Libelle: "Début de la convention", Type: "date", Montre: formulaire.MontreJour},
		{Nom: "fin", Libelle: "Fin de la convention", Type: "date", Montre: formulaire.MontreJour, Aide: "Trois ans au plus."},
	}...)
}

var champMissionsTexte = formulaire.Champ{Nom: "missions_texte", Libelle: "Précisions sur les missions", Type: "textarea", Max: maxMotif, Lignes: 3, Facultatif: true,
	Aide: "Visible du public. N’écrivez le nom de personne."}

func valeursConvention(c Convention) url.Values {
	v := url.Values{"employeur": {strconv.FormatInt(c.Employeur, 10)}, "categorie": {c.Categorie}, "missions": c.Missions, "missions_texte": {c.MissionsTexte},
		"quotite": {typo.Decimal(float64(c.Quotite)/100, decimales(float64(c.Quotite)/100))}, "debut": {typo.DateISO(c.Debut)}, "fin": {typo.DateISO(c.Fin)}}
	if c.Territoire != 0 {
		v.Set("territoire", strconv.Itoa(int(c.Territoire)))
	}
	for _, id := range c.QPV {
		v.Add("qpv", strconv.Itoa(int(id)))
	}
	return v
}

// numeros reads the ids that check boxes or a list sent; what is no id is a fault.
func numeros(f fault.Fields, champ string, values []string) []int32 {
	var all []int32
	for _, s := range values {
		if s == "" {
			continue
		}
		n, err := strconv.ParseInt(s, 10, 32)
		if err != nil || n <= 0 {
			f.Add(champ, "Choisissez dans la liste.")
			return nil
		}
		all = append(all, int32(n))
	}
	return all
}

// numero reads the id that a list sent; 0 when nothing was chosen.
func numero(f fault.Fields, champ, value string) int32 {
	if all := numeros(f, champ, []string{value}); len(all) == 1 {
		return all[0]
	}
	return 0
}

// pourcentage reads a working time in hundredths of a per cent.
func pourcentage(f fault.Fields, champ, texte string) int64 {
	told := fault.Fields{}
	n := saisie.Centimes(told, champ, trimPourcent(texte))
	if len(told) > 0 {
		f.Add(champ, "Indiquez un pourcentage, par exemple 100 ou 57,14.")
	}
	return n
}

func trimPourcent(s string) string {
	for len(s) > 0 && (s[len(s)-1] == '%' || s[len(s)-1] == ' ') {
		s = s[:len(s)-1]
	}
	return s
}

// lireConvention reads a request; what cannot be read is in the faults.
func (s *Service) lireConvention(form httpx.Form) (Convention, fault.Fields) {
	f := fault.Fields{}
	return Convention{
		Employeur: int64(numero(f, "employeur", form.Texte("employeur"))), Categorie: form.Texte("categorie"), Departement: s.cfg.Departement,
		Territoire: numero(f, "territoire", form.Texte("territoire")), QPV: numeros(f, "qpv", form.Valeurs["qpv"]), Missions: form.Valeurs["missions"],
		MissionsTexte: form.Brut("missions_texte"), Quotite: pourcentage(f, "quotite", form.Texte("quotite")),
		Debut: saisie.Jour(f, "debut", form.Texte("debut")), Fin: saisie.Jour(f, "fin", form.Texte("fin")),
	}, f
}

// formCreationAR is the form of a request.
func (s *Service) formCreationAR(form httpx.Form) func(context.Context) (formulaire.Page, error) {
	return func(ctx context.Context) (formulaire.Page, error) {
		c, err := s.readChoixAR(ctx)
		p := formulaire.Page{Titre: "Enregistrer une demande de poste", Bouton: "Enregistrer la demande", Fil: filAR, Retour: lien.AdultesRelais,
			Action: lien.AdulteRelaisNouveau, Champs: champsConvention(c), Caches: []string{httpx.ChampCle}, Form: form}
		if c.Seul != nil {
			p.Titre, p.Bouton, p.Apercu = "Demander un poste d’adulte-relais", "Envoyer la demande à la préfecture", demandeApercu(c.Seul.Nom)
			if allowed := categoriesParNature[c.Seul.Nature]; len(allowed) == 1 && !form.Valeurs.Has("categorie") {
				form.Valeurs.Set("categorie", allowed[0])
			}
		}
		return p, err
	}
}

// formAR makes the form of an act on a convention as it is now.
func (s *Service) formAR(acte string, id int64) func(context.Context) (formulaire.Page, error) {
	return func(ctx context.Context) (p formulaire.Page, err error) {
		v, err := s.readFicheAR(ctx, droits.Of(ctx), id)
		if err != nil {
			return p, err
		}
		p = formulaire.Page{Titre: transitionOf(acte).Libelle, Bouton: transitionOf(acte).Libelle, Objet: v.titre(), Fil: append(slices.Clone(filAR), web.Lien{Texte: v.titre(), Href: lien.AdulteRelais(id)}),
			Retour: lien.AdulteRelais(id), Action: lien.AdulteRelaisActe(id, acte), Caches: []string{httpx.ChampVersion}, Apercu: rappelAR(v, acte), Form: httpx.NewForm(nil)}
		if acte == lien.ActeModifier {
			c, err := s.readChoixAR(ctx)
			if err != nil {
				return p, err
			}
			p.Champs, p.Form = champsConvention(c), httpx.NewForm(valeursConvention(v.convention()))
		} else {
			p.Champs = champsActe(v, acte)
			valeursActe(v, acte, p.Form.Valeurs)
		}
		p.Form.Valeurs.Set(httpx.ChampVersion, strconv.Itoa(v.Version))
		return p, nil
	}
}

// jourChamp is the field of a day of an act.
func jourChamp(nom, libelle, aide string) formulaire.Champ {
	return formulaire.Champ{Nom: nom, Libelle: libelle, Aide: aide, Type: "date", Montre: formulaire.MontreJour}
}

func motifChamp(libelle string) formulaire.Champ {
	return formulaire.Champ{Nom: "motif", Libelle: libelle, Type: "textarea", Max: maxMotif, Lignes: 3, Aide: "N’écrivez le nom de personne."}
}

// champsActe are the fields of an act.
func champsActe(v ficheAR, acte string) []formulaire.Champ {
	asp := formulaire.Champ{Nom: "asp", Libelle: "Référence de paiement (ASP)", Max: maxReference, Facultatif: true}
	switch acte {
	case lien.ActeAviser:
		return []formulaire.Champ{{Nom: "avis", Libelle: "Avis", Type: formulaire.Choix, Options: httpx.Options(lexique.AvisDelegue)},
			{Nom: "avis_texte", Libelle: "Motif", Type: "textarea", Max: maxMotif, Lignes: 4, Facultatif: true, Aide: "Obligatoire si l’avis n’est pas favorable."}}
	case lien.ActeAccorder:
		return []formulaire.Champ{jourChamp("le", "Date de l’accord", "")}
	case lien.ActeRefuser:
		return []formulaire.Champ{jourChamp("le", "Date du refus", ""), motifChamp("Motif du refus")}
	case lien.ActeSigner:
		return []formulaire.Champ{{Nom: "numero", Libelle: "Numéro de la convention", Max: maxReference, Aide: "Exemple" + typo.NBSP + ": 088" + typo.NBSP + "24" + typo.NBSP + "R" + typo.NBSP + "0012" + typo.NBSP + "00"},
			jourChamp("le", "Date de signature", ""), asp}
	case lien.ActePourvoir:
		return []formulaire.Champ{
			jourChamp("debut", "Date d’embauche", "Pas avant la signature de la convention."),
			{Nom: "conditions", Libelle: "Conditions vérifiées", Type: formulaire.Cases, Options: []web.Option{
				{Value: "oui", Label: "La personne a au moins 26" + typo.NBSP + "ans et est sans emploi ou en fin de contrat aidé"}}},
			{Nom: "residence", Libelle: "Résidence à la date de signature du contrat", Type: formulaire.Choix, Options: []web.Option{
				{Value: residenceQPV, Label: "En quartier prioritaire ou autre territoire prioritaire"}, {Value: residenceAilleurs, Label: "Ailleurs, par dérogation du préfet"}}},
			jourChamp("conditions_le", "Conditions vérifiées le", "Le portail ne garde ni le nom, ni la date de naissance, ni l’adresse de la personne."),
		}
	case lien.ActeDepart:
		return []formulaire.Champ{jourChamp("fin", "Dernier jour d’occupation du poste", "")}
	case lien.ActeDeroger:
		return []formulaire.Champ{{Nom: "regle", Libelle: "Règle", Type: formulaire.Choix, Options: httpx.Options(lexique.ReglesDerogation)}, motifChamp("Motif de la dérogation")}
	case lien.ActeResilier:
		return []formulaire.Champ{jourChamp("le", "Date de résiliation", ""), motifChamp("Motif de la résiliation")}
	case lien.ActeRenouveler:
		return []formulaire.Champ{jourChamp("debut", "Début de la nouvelle convention", ""), jourChamp("fin", "Fin de la nouvelle convention", "Trois ans au plus.")}
	case lien.ActeReference:
		return []formulaire.Champ{asp, champMissionsTexte}
	case lien.ActePieces:
		var options []web.Option
		for _, t := range v.Trimestres {
			options = append(options, web.Option{Value: typo.DateISO(t.Trimestre), Label: t.nom(), Hint: t.etat()})
		}
		return []formulaire.Champ{{Nom: "pieces", Libelle: "Trimestres dont les pièces sont reçues", Type: formulaire.Cases, Options: options, Facultatif: true}}
	}
	return nil
}

// valeursActe are what the fields of an act hold at first.
func valeursActe(v ficheAR, acte string, into url.Values) {
	today := typo.DateISO(typo.Aujourdhui())
	switch acte {
	case lien.ActeAviser:
		if v.Avis != nil {
			into.Set("avis", *v.Avis)
			into.Set("avis_texte", v.AvisTexte)
		}
	case lien.ActeAccorder, lien.ActeRefuser, lien.ActeResilier, lien.ActeSigner:
		into.Set("le", today)
		into.Set("asp", v.Asp)
	case lien.ActeRenouveler:
		debut := v.Fin.AddDate(0, 0, 1)
		into.Set("debut", typo.DateISO(debut))
		into.Set("fin", typo.DateISO(finMax(debut)))
	case lien.ActeReference:
		into.Set("asp", v.Asp)
		into.Set("missions_texte", v.MissionsTexte)
	case lien.ActePieces:
		for _, t := range v.Trimestres {
			if t.RecueLe != nil {
				into.Add("pieces", typo.DateISO(t.Trimestre))
			}
		}
	}
}

// readChoixAR reads the lists of the form; fault.Forbidden for a partner that the law lets employ nobody.
func (s *Service) readChoixAR(ctx context.Context) (c choixAR, err error) {
	par := droits.Of(ctx)
	err = pg.As(ctx, s.db, par, func(tx pgx.Tx) error {
		if !par.Role.Prefecture() {
			own, err := findEmployeur(ctx, tx, par.Organisme)
			if err != nil {
				return err
			}
			if !own.eligible() {
				return fault.Forbidden
			}
			c.Seul = &own
		}
		var b pg.Batch
		addOrganismes(&b, &c.Employeurs)
		addTerritoires(&b, &c.Territoires, s.cfg.Departement)
		addQuartiers(&b, &c.QPV, s.cfg.Departement)
		return b.Run(ctx, tx)
	})
	return c, err
}
