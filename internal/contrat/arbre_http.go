package contrat

import (
	"context"
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
	"portail/internal/lexique"
	"portail/internal/lien"
	"portail/internal/saisie"
	"portail/web"
	"portail/web/typo"
)

func (s *Service) arbreRoutes(r *httpx.Router) {
	for _, n := range []struct {
		branche
		nouveau string
		form    func(c Contenu, id, sous int64) (formulaire.Page, error)
		save    func(ctx context.Context, v Ref, id int64, f httpx.Form) error
	}{
		{brancheAxe, lien.ActeNouvelAxe, formAxe, s.saveAxe},
		{brancheObjectif, lien.ActeNouvelObjectif, formObjectif, s.saveObjectif},
		{brancheEngagement, lien.ActeNouvelEngagement, formEngagement, s.saveEngagement},
	} {
		one := une + "/" + n.code + "/{objet}"
		r.Get(une+"/"+n.nouveau, droits.ContratModifier, s.showNoeud(n.form))
		r.Post(une+"/"+n.nouveau, droits.ContratModifier, s.postNoeud(n.branche, n.form, n.save))
		r.Get(one, droits.ContratModifier, s.showNoeud(n.form))
		r.Post(one, droits.ContratModifier, s.postNoeud(n.branche, n.form, n.save))
		r.Post(one+"/ordre", droits.ContratModifier, s.moveNoeud(n.branche))
		r.Get(one+"/supprimer", droits.ContratModifier, s.showSuppression(n.branche))
		r.Post(one+"/supprimer", droits.ContratModifier, s.deleteNoeud(n.branche))
	}
}

// noeudVise is what the address of a form of the tree names: the part (0: a new one) and, for a new one, its parent.
func noeudVise(r *http.Request) (v Ref, id, sous int64, err error) {
	if httpx.Param(r, "objet") != "" {
		v, id, err = refObjet(r)
		return v, id, 0, err
	}
	sous, _ = strconv.ParseInt(r.URL.Query().Get("sous"), 10, 64) // a parent that does not exist is chosen anew
	v, err = ref(r)
	return v, 0, sous, err
}

// formNoeud reads the text and makes the form.
func (s *Service) formNoeud(v Ref, id, sous int64, form func(Contenu, int64, int64) (formulaire.Page, error)) func(context.Context) (formulaire.Page, error) {
	return func(ctx context.Context) (p formulaire.Page, err error) {
		err = s.read(ctx, func(tx pgx.Tx) error {
			c, err := readContenu(ctx, tx, v)
			if err == nil {
				p, err = form(c, id, sous)
			}
			return err
		})
		return p, err
	}
}

func (s *Service) showNoeud(form func(Contenu, int64, int64) (formulaire.Page, error)) httpx.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		v, id, sous, err := noeudVise(r)
		if err != nil {
			return err
		}
		p, err := s.formNoeud(v, id, sous, form)(r.Context())
		if err != nil {
			return err
		}
		return p.Show(w, r, http.StatusOK)
	}
}

func (s *Service) postNoeud(b branche, form func(Contenu, int64, int64) (formulaire.Page, error), save func(context.Context, Ref, int64, httpx.Form) error) httpx.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		v, id, sous, err := noeudVise(r)
		if err != nil {
			return err
		}
		f, err := httpx.ReadForm(r)
		if err != nil {
			return err
		}
		ancre := "arbre"
		if id != 0 {
			ancre = b.code + "-" + strconv.FormatInt(id, 10)
		}
		return s.answer(w, r, v, f, save(r.Context(), v, id, f), "Enregistré"+typo.NBSP+": "+b.mot+".", ancre, s.formNoeud(v, id, sous, form))
	}
}

// formBranche is the form of a part of the tree: with its values when it is there, with those given when it is new.
func formBranche(c Contenu, b branche, nouveau, titre string, id int64, version int, values url.Values) formulaire.Page {
	if id == 0 {
		p := formNouveau(c.Version, nouveau, "Ajouter un "+b.mot, "Enregistrer")
		if b != brancheAxe {
			p.Action = lien.ContratActe(c.ContratID, c.Numero, nouveau)
		}
		for k, v := range values {
			p.Form.Valeurs[k] = v
		}
		return p
	}
	p := formActe(c.Version, "", titre, "Enregistrer")
	p.Action = lien.ContratObjet(c.ContratID, c.Numero, b.code, id, "")
	values.Set(httpx.ChampVersion, strconv.Itoa(version))
	p.Form = httpx.NewForm(values)
	return p
}

func formAxe(c Contenu, id, _ int64) (formulaire.Page, error) {
	a := Axe{Nature: naturesAxe(c.Generation)[0].Code}
	if id != 0 {
		i := slices.IndexFunc(c.Axes, func(a Axe) bool { return a.ID == id })
		if i < 0 {
			return formulaire.Page{}, fault.NotFound
		}
		a = c.Axes[i]
	}
	quartier := ""
	if a.QpvID != nil {
		quartier = strconv.Itoa(int(*a.QpvID))
	}
	p := formBranche(c, brancheAxe, lien.ActeNouvelAxe, "Modifier un axe", id, a.Version, url.Values{"nature": {a.Nature}, "titre": {a.Titre}, "qpv": {quartier}})
	var quartiers []web.Option
	for i, q := range c.QpvIDs {
		quartiers = append(quartiers, web.Option{Value: strconv.Itoa(int(q)), Label: c.QpvNoms[i]})
	}
	p.Champs = []formulaire.Champ{
		{Nom: "nature", Libelle: "Nature", Type: formulaire.Choix, Options: httpx.Options(naturesAxe(c.Generation))},
		{Nom: "titre", Libelle: "Titre", Max: maxTitre},
	}
	if c.Generation != 2015 && len(quartiers) > 0 {
		p.Champs = append(p.Champs, formulaire.Champ{Nom: "qpv", Libelle: "Quartier", Options: quartiers, Vide: "Aucun", Facultatif: true, Aide: "Pour un projet de quartier seulement."})
	}
	return p, nil
}

func (s *Service) saveAxe(ctx context.Context, v Ref, id int64, f httpx.Form) error {
	a := Axe{ID: id, Nature: f.Texte("nature"), Titre: f.Texte("titre")}
	if q := choix(f, "qpv"); q != 0 {
		n := int32(min(q, 1<<31-1))
		a.QpvID = &n
	}
	cle, err := cleOuVersion(f, id, &a.Version)
	if err != nil {
		return err
	}
	if err := f.Fautes.Err(); err != nil {
		return err
	}
	return s.SaveAxe(ctx, droits.Of(ctx), v, a, cle)
}

// cleOuVersion reads what a form carries: the key of a new thing, or the version of one that is there.
func cleOuVersion(f httpx.Form, id int64, version *int) (cle string, err error) {
	if id == 0 {
		return f.Cle()
	}
	*version, err = f.Version()
	return "", err
}

func formObjectif(c Contenu, id, sous int64) (formulaire.Page, error) {
	o := Objectif{AxeID: sous}
	if id != 0 {
		i := slices.IndexFunc(c.Objectifs, func(o Objectif) bool { return o.ID == id })
		if i < 0 {
			return formulaire.Page{}, fault.NotFound
		}
		o = c.Objectifs[i]
	}
	p := formBranche(c, brancheObjectif, lien.ActeNouvelObjectif, "Modifier un objectif", id, o.Version,
		url.Values{"axe": {numero(o.AxeID)}, "titre": {o.Titre}, "texte": {o.Texte}})
	axes := make([]lieu, len(c.Axes))
	for i, a := range c.Axes {
		axes[i] = lieu{a.ID, a.Titre}
	}
	p.Champs = []formulaire.Champ{
		{Nom: "axe", Libelle: "Axe", Options: options(axes), Vide: "Choisir un axe"},
		{Nom: "titre", Libelle: "Titre", Max: maxObjectif},
		{Nom: "texte", Libelle: "Texte", Type: "textarea", Lignes: 6, Max: maxTexteCourt, Facultatif: true, Aide: aideTexte},
	}
	return p, nil
}

func (s *Service) saveObjectif(ctx context.Context, v Ref, id int64, f httpx.Form) error {
	o := Objectif{ID: id, AxeID: choix(f, "axe"), Titre: f.Texte("titre"), Texte: f.Brut("texte")}
	cle, err := cleOuVersion(f, id, &o.Version)
	if err != nil {
		return err
	}
	return s.SaveObjectif(ctx, droits.Of(ctx), v, o, cle)
}

func formEngagement(c Contenu, id, sous int64) (formulaire.Page, error) {
	e := Engagement{ObjectifID: sous}
	if id != 0 {
		i := slices.IndexFunc(c.Engagements, func(e Engagement) bool { return e.ID == id })
		if i < 0 {
			return formulaire.Page{}, fault.NotFound
		}
		e = c.Engagements[i]
	}
	p := formBranche(c, brancheEngagement, lien.ActeNouvelEngagement, "Modifier un engagement", id, e.Version, e.valeurs())
	objectifs := make([]lieu, len(c.Objectifs))
	for i, o := range c.Objectifs {
		objectifs[i] = lieu{o.ID, c.titreAxe(o.AxeID) + typo.NBSP + ": " + o.Titre}
	}
	parties := make([]lieu, len(c.Parties))
	for i, x := range c.Parties {
		parties[i] = lieu{x.ID, x.OrganismeNom}
	}
	annees := fmtAnnees(c.Version)
	jour := func(nom, libelle string) formulaire.Champ {
		return formulaire.Champ{Nom: nom, Libelle: libelle, Type: "date", Facultatif: true, Montre: formulaire.MontreJour}
	}
	nombre := func(nom, libelle, aide string) formulaire.Champ {
		return formulaire.Champ{Nom: nom, Libelle: libelle, Aide: aide, Mode: "decimal", Facultatif: true}
	}
	p.Champs = []formulaire.Champ{
		{Nom: "objectif", Libelle: "Objectif", Options: options(objectifs), Vide: "Choisir un objectif"},
		{Nom: "partie", Libelle: "Partie qui s’engage", Options: options(parties), Vide: "Choisir une partie"},
		{Nom: "texte", Libelle: "Engagement", Type: "textarea", Lignes: 4, Max: maxEngagement},
		{Nom: "credits", Libelle: "Moyens", Type: formulaire.Choix, Options: httpx.Options(lexique.Credits)},
		nombre("montant", "Montant en euros", "Par exemple"+typo.NBSP+": 12"+typo.NBSP+"500"),
		{Nom: "annee_debut", Libelle: "Première année", Aide: annees, Mode: "numeric", Facultatif: true},
		{Nom: "annee_fin", Libelle: "Dernière année", Mode: "numeric", Facultatif: true},
		jour("echeance", "Échéance de l’engagement"),
		{Nom: "indicateur", Libelle: "Cible chiffrée" + typo.NBSP + ": indicateur", Max: maxLigne, Facultatif: true,
			Aide: "Une cible se remplit en entier" + typo.NBSP + ": indicateur, référence, cible, dates et source."},
		nombre("reference_valeur", "Valeur de référence", ""), jour("reference_le", "Date de la référence"),
		nombre("cible_valeur", "Valeur visée", ""), jour("cible_le", "Échéance de la cible"),
		{Nom: "cible_source", Libelle: "Source de la mesure", Max: maxLigne, Facultatif: true},
	}
	return p, nil
}

func fmtAnnees(v Version) string {
	return "De " + strconv.Itoa(v.Debut.Year()) + " à " + strconv.Itoa(v.Fin.Year()) + "."
}

// valeurs are the fields of the form, as kept.
func (e Engagement) valeurs() url.Values {
	number := func(v *float64, digits int) string {
		if v == nil {
			return ""
		}
		return typo.Auto(*v, digits)
	}
	year := func(y *int) string {
		if y == nil {
			return ""
		}
		return strconv.Itoa(*y)
	}
	return url.Values{"objectif": {numero(e.ObjectifID)}, "partie": {numero(e.PartieID)}, "texte": {e.Texte}, "credits": {e.Credits}, "montant": {number(e.Montant, 2)},
		"annee_debut": {year(e.AnneeDebut)}, "annee_fin": {year(e.AnneeFin)}, "echeance": {jourISO(e.Echeance)}, "indicateur": {e.Indicateur},
		"reference_valeur": {number(e.ReferenceValeur, 6)}, "reference_le": {jourISO(e.ReferenceLe)}, "cible_valeur": {number(e.CibleValeur, 6)},
		"cible_le": {jourISO(e.CibleLe)}, "cible_source": {e.CibleSource}}
}

func (s *Service) saveEngagement(ctx context.Context, v Ref, id int64, f httpx.Form) error {
	e := Engagement{ID: id, ObjectifID: choix(f, "objectif"), PartieID: choix(f, "partie"), Texte: f.Brut("texte"), Credits: f.Texte("credits"),
		Montant: lireDecimal(f, "montant", 0), AnneeDebut: lireAnnee(f, "annee_debut"), AnneeFin: lireAnnee(f, "annee_fin"), Echeance: lireJour(f, "echeance"),
		Indicateur: f.Texte("indicateur"), ReferenceValeur: lireDecimal(f, "reference_valeur", -maxValeur), ReferenceLe: lireJour(f, "reference_le"),
		CibleValeur: lireDecimal(f, "cible_valeur", -maxValeur), CibleLe: lireJour(f, "cible_le"), CibleSource: f.Texte("cible_source")}
	cle, err := cleOuVersion(f, id, &e.Version)
	if err != nil {
		return err
	}
	if err := f.Fautes.Err(); err != nil {
		return err
	}
	return s.SaveEngagement(ctx, droits.Of(ctx), v, e, cle)
}

// What follows reads fields that may be empty: nil then, and with a fault.

func lireJour(f httpx.Form, champ string) *time.Time {
	if f.Texte(champ) == "" {
		return nil
	}
	if day := saisie.Jour(f.Fautes, champ, f.Texte(champ)); !day.IsZero() {
		return &day
	}
	return nil
}

func lireDecimal(f httpx.Form, champ string, least float64) *float64 {
	if f.Texte(champ) == "" {
		return nil
	}
	v := saisie.Decimal(f.Fautes, champ, f.Texte(champ), least, maxValeur)
	return &v
}

func lireAnnee(f httpx.Form, champ string) *int {
	if f.Texte(champ) == "" {
		return nil
	}
	n := int(saisie.Entier(f.Fautes, champ, f.Texte(champ), 2000, 2100))
	return &n
}

func (s *Service) moveNoeud(b branche) httpx.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		v, id, err := refObjet(r)
		if err != nil {
			return err
		}
		f, err := httpx.ReadForm(r)
		if err != nil {
			return err
		}
		sens, known := map[string]int{"monter": -1, "descendre": 1}[f.Texte("sens")]
		if !known {
			return fault.Malformed
		}
		err = s.Deplacer(r.Context(), droits.Of(r.Context()), v, b, id, sens)
		return s.follow(w, r, v, err, "L’ordre est enregistré.", b.code+"-"+strconv.FormatInt(id, 10))
	}
}

// formSuppression shows what would go, before it goes.
func (s *Service) formSuppression(v Ref, b branche, id int64) func(context.Context) (formulaire.Page, error) {
	return s.formNoeud(v, id, 0, func(c Contenu, id, _ int64) (formulaire.Page, error) {
		under, found := c.dessousDe(b, id)
		if !found {
			return formulaire.Page{}, fault.NotFound
		}
		p := formActe(c.Version, "", "Supprimer un "+b.mot, "Supprimer")
		p.Action = lien.ContratObjet(c.ContratID, c.Numero, b.code, id, "supprimer")
		p.Apercu = suppressionApercu(b, under)
		p.Caches, p.Form = []string{champDessous}, httpx.NewForm(url.Values{champDessous: {under.total()}})
		return p, nil
	})
}

// champDessous counts what a deletion was shown to take away.
const champDessous = "dessous"

func (s *Service) showSuppression(b branche) httpx.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		v, id, err := refObjet(r)
		if err != nil {
			return err
		}
		p, err := s.formSuppression(v, b, id)(r.Context())
		if err != nil {
			return err
		}
		return p.Show(w, r, http.StatusOK)
	}
}

func (s *Service) deleteNoeud(b branche) httpx.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		v, id, err := refObjet(r)
		if err != nil {
			return err
		}
		f, err := httpx.ReadForm(r)
		if err != nil {
			return err
		}
		err = s.Supprimer(r.Context(), droits.Of(r.Context()), v, b, id, f.Texte(champDessous))
		return s.answer(w, r, v, f, err, "Supprimé"+typo.NBSP+": "+b.mot+".", "arbre", func(ctx context.Context) (formulaire.Page, error) {
			p, err := s.formSuppression(v, b, id)(ctx)
			if err == nil {
				f.Valeurs.Set(champDessous, p.Form.Brut(champDessous)) // what is there now is before its author
			}
			return p, err
		})
	}
}
