package contrat

import (
	"context"
	"fmt"
	"slices"
	"strconv"

	"github.com/jackc/pgx/v5"

	"portail/internal/droits"
	"portail/internal/fault"
	"portail/internal/journal"
	"portail/internal/lexique"
	"portail/internal/saisie"
	"portail/web/typo"
)

// Bounds of what an engagement may say.
const (
	maxMontant = 1e12 // €
	maxValeur  = 1e12
	cibleEgale = "La cible doit différer de la référence."
)

// naturesAxe are the kinds of branches of a generation (R-CV-2): piliers and transversal axes in 2015, priorités, projets de quartier and
// volets from 2024 on.
func naturesAxe(generation int) []lexique.Mot {
	return garder(lexique.NaturesAxe, func(m lexique.Mot) bool {
		if generation == 2015 {
			return m.Code == "pilier" || m.Code == "transversal" || m.Code == "volet"
		}
		return m.Code != "pilier"
	})
}

func (a Axe) propre() Axe {
	a.Titre = saisie.Ligne(a.Titre)
	return a
}

// check refuses an axe that the contract cannot have: a projet de quartier is that of one quarter, which the contract covers.
func (a Axe) check(v Version) error {
	f := fault.Fields{}
	if a.Titre == "" {
		f.Add("titre", "Indiquez le titre de l’axe.")
	}
	saisie.Longueur(f, "titre", a.Titre, maxTitre)
	switch {
	case !lexique.Connu(naturesAxe(v.Generation), a.Nature):
		f.Add("nature", "Choisissez ce qu’est cet axe.")
	case a.Nature == "projet_quartier" && a.QpvID == nil:
		f.Add("qpv", "Choisissez le quartier du projet.")
	case a.Nature == "projet_quartier" && !slices.Contains(v.QpvIDs, *a.QpvID):
		f.Add("qpv", "Ce quartier n’est pas couvert par le contrat.")
	case a.Nature != "projet_quartier" && a.QpvID != nil:
		f.Add("qpv", "Seul un projet de quartier se rattache à un quartier.")
	}
	return f.Err()
}

func (a Axe) difference(before Axe) journal.Changement {
	d := journal.Changement{}
	d.Champ("axe", before.Titre, a.Titre)
	d.Champ("nature", lexique.Libelle(lexique.NaturesAxe, before.Nature), lexique.Libelle(lexique.NaturesAxe, a.Nature))
	d.Champ("quartier", before.QpvNom, a.QpvNom)
	return d
}

// SaveAxe adds an axe to a text (ID of 0, once for each cle) or changes it, on the version of the axe that its form was written on.
func (s *Service) SaveAxe(ctx context.Context, par droits.Compte, r Ref, a Axe, cle string) error {
	a = a.propre()
	return s.rediger(ctx, par, r, func(tx pgx.Tx, v Version) (string, journal.Changement, error) {
		if err := a.check(v); err != nil {
			return "", nil, err
		}
		before := Axe{}
		verbe, fresh := "axe ajouté", true
		var err error
		if a.ID == 0 {
			a.ID, fresh, err = insertAxe(ctx, tx, v.ID, a, cle)
		} else if before, err = findAxe(ctx, tx, r, a.ID); err == nil {
			verbe, err = "axe modifié", updateAxe(ctx, tx, a)
		}
		if err != nil || !fresh {
			return "", nil, err
		}
		after, err := findAxe(ctx, tx, r, a.ID)
		d := after.difference(before)
		d["axe"] = [2]any{before.Titre, after.Titre}
		return verbe, d, err
	})
}

func (o Objectif) propre() Objectif {
	o.Titre, o.Texte = saisie.Ligne(o.Titre), saisie.Paragraphes(o.Texte)
	return o
}

func (o Objectif) check(c Contenu) error {
	f := fault.Fields{}
	if o.Titre == "" {
		f.Add("titre", "Indiquez le titre de l’objectif.")
	}
	saisie.Longueur(f, "titre", o.Titre, maxObjectif)
	saisie.Longueur(f, "texte", o.Texte, maxTexteCourt)
	if !slices.ContainsFunc(c.Axes, func(a Axe) bool { return a.ID == o.AxeID }) {
		f.Add("axe", "Choisissez un axe de ce contrat.")
	}
	return f.Err()
}

// SaveObjectif adds an objectif to an axe or changes it; another axe moves it there, at the end.
func (s *Service) SaveObjectif(ctx context.Context, par droits.Compte, r Ref, o Objectif, cle string) error {
	o = o.propre()
	return s.rediger(ctx, par, r, func(tx pgx.Tx, v Version) (string, journal.Changement, error) {
		c, err := readContenu(ctx, tx, r)
		if err != nil {
			return "", nil, err
		}
		if err := o.check(c); err != nil {
			return "", nil, err
		}
		before := Objectif{}
		if o.ID == 0 {
			_, fresh, err := insertObjectif(ctx, tx, v.ID, o, cle)
			if err != nil || !fresh {
				return "", nil, err
			}
		} else {
			i := slices.IndexFunc(c.Objectifs, func(x Objectif) bool { return x.ID == o.ID })
			if i < 0 {
				return "", nil, fault.NotFound
			}
			before = c.Objectifs[i]
			if err := updateObjectif(ctx, tx, o); err != nil {
				return "", nil, err
			}
		}
		d := journal.Changement{"objectif": {before.Titre, o.Titre}}
		d.Champ("texte", before.Texte, o.Texte)
		d.Champ("axe", c.titreAxe(before.AxeID), c.titreAxe(o.AxeID))
		return ajoute("objectif ajouté", "objectif modifié", before.ID == 0), d, nil
	})
}

// ajoute is the first verb when the thing is new, else the second.
func ajoute(nouveau, modifie string, fresh bool) string {
	if fresh {
		return nouveau
	}
	return modifie
}

func (c Contenu) titreAxe(id int64) string {
	for _, a := range c.Axes {
		if a.ID == id {
			return a.Titre
		}
	}
	return ""
}

func (e Engagement) propre() Engagement {
	e.Texte, e.Indicateur, e.CibleSource = saisie.Paragraphes(e.Texte), saisie.Ligne(e.Indicateur), saisie.Ligne(e.CibleSource)
	return e
}

// check is the rules of an engagement (R-CV-4, R-S-7): it says whose it is and where its means come from; a target is whole, goes from its
// reference to something else, and falls with its day within the contract.
func (e Engagement) check(c Contenu) error {
	f := fault.Fields{}
	if e.Texte == "" {
		f.Add("texte", "Décrivez l’engagement.")
	}
	saisie.Longueur(f, "texte", e.Texte, maxEngagement)
	if !slices.ContainsFunc(c.Objectifs, func(o Objectif) bool { return o.ID == e.ObjectifID }) {
		f.Add("objectif", "Choisissez un objectif de ce contrat.")
	}
	if !slices.ContainsFunc(c.Parties, func(p Partie) bool { return p.ID == e.PartieID }) {
		f.Add("partie", "Choisissez la partie qui s’engage.")
	}
	if !lexique.Connu(lexique.Credits, e.Credits) {
		f.Add("credits", "Dites si les moyens relèvent du droit commun ou de crédits spécifiques.")
	}
	if e.Montant != nil && (*e.Montant < 0 || *e.Montant > maxMontant) {
		f.Add("montant", "Indiquez un montant positif, de "+typo.Euros(maxMontant, 0)+" au plus.")
	}
	e.checkAnnees(f, c.Version)
	e.checkCible(f, c.Version)
	return f.Err()
}

func (e Engagement) checkAnnees(f fault.Fields, v Version) {
	for champ, year := range map[string]*int{"annee_debut": e.AnneeDebut, "annee_fin": e.AnneeFin} {
		if year != nil && (*year < v.Debut.Year() || *year > v.Fin.Year()) {
			f.Add(champ, fmt.Sprintf("L’année doit être une de celles du contrat, de %d à %d.", v.Debut.Year(), v.Fin.Year()))
		}
	}
	switch {
	case e.AnneeDebut == nil && e.AnneeFin != nil:
		f.Add("annee_debut", "Indiquez aussi la première année.")
	case e.AnneeFin != nil && *e.AnneeFin < *e.AnneeDebut:
		f.Add("annee_fin", "La dernière année doit suivre la première.")
	}
	if e.Echeance != nil && (e.Echeance.Before(v.Debut) || e.Echeance.After(v.Fin)) {
		f.Add("echeance", "L’échéance doit tomber pendant le contrat, entre le "+typo.Date(v.Debut)+" et le "+typo.Date(v.Fin)+".")
	}
}

func (e Engagement) checkCible(f fault.Fields, v Version) {
	saisie.Longueur(f, "indicateur", e.Indicateur, maxLigne)
	saisie.Longueur(f, "cible_source", e.CibleSource, maxLigne)
	if e.Indicateur == "" && e.CibleSource == "" && e.ReferenceValeur == nil && e.ReferenceLe == nil && e.CibleValeur == nil && e.CibleLe == nil {
		return
	}
	const entiere = "Une cible chiffrée est entière ou absente" + "\u00a0" + ": complétez ce champ, ou videz les autres."
	for champ, absent := range map[string]bool{"indicateur": e.Indicateur == "", "reference_valeur": e.ReferenceValeur == nil, "reference_le": e.ReferenceLe == nil,
		"cible_valeur": e.CibleValeur == nil, "cible_le": e.CibleLe == nil, "cible_source": e.CibleSource == ""} {
		if absent {
			f.Add(champ, entiere)
		}
	}
	if e.CibleValeur != nil && e.ReferenceValeur != nil && *e.CibleValeur == *e.ReferenceValeur {
		f.Add("cible_valeur", cibleEgale)
	}
	if e.CibleLe == nil {
		return
	}
	if e.CibleLe.Before(v.Debut) || e.CibleLe.After(v.Fin) {
		f.Add("cible_le", "L’échéance de la cible doit tomber pendant le contrat, entre le "+typo.Date(v.Debut)+" et le "+typo.Date(v.Fin)+".")
	}
	if e.ReferenceLe != nil && !e.ReferenceLe.Before(*e.CibleLe) {
		f.Add("reference_le", "La référence doit précéder la cible.")
	}
}

// SaveEngagement adds an engagement to an objectif or changes it; another objectif moves it there, at the end.
func (s *Service) SaveEngagement(ctx context.Context, par droits.Compte, r Ref, e Engagement, cle string) error {
	e = e.propre()
	return s.rediger(ctx, par, r, func(tx pgx.Tx, v Version) (string, journal.Changement, error) {
		c, err := readContenu(ctx, tx, r)
		if err != nil {
			return "", nil, err
		}
		if err := e.check(c); err != nil {
			return "", nil, err
		}
		before := Engagement{}
		if e.ID == 0 {
			_, fresh, err := insertEngagement(ctx, tx, v.ID, e, cle)
			if err != nil || !fresh {
				return "", nil, err
			}
		} else {
			i := slices.IndexFunc(c.Engagements, func(x Engagement) bool { return x.ID == e.ID })
			if i < 0 {
				return "", nil, fault.NotFound
			}
			before = c.Engagements[i]
			if err := updateEngagement(ctx, tx, e); err != nil {
				return "", nil, err
			}
		}
		return ajoute("engagement ajouté", "engagement modifié", before.ID == 0), e.difference(before, c), nil
	})
}

func (e Engagement) difference(before Engagement, c Contenu) journal.Changement {
	titre := func(id int64) string {
		for _, o := range c.Objectifs {
			if o.ID == id {
				return o.Titre
			}
		}
		return ""
	}
	partie := func(id int64) string {
		for _, p := range c.Parties {
			if p.ID == id {
				return p.OrganismeNom
			}
		}
		return ""
	}
	moyens := func(e Engagement) string {
		if e.Credits == "" {
			return ""
		}
		return e.Moyens()
	}
	d := journal.Changement{"engagement": {before.Texte, e.Texte}}
	d.Champ("objectif", titre(before.ObjectifID), titre(e.ObjectifID))
	d.Champ("partie", partie(before.PartieID), partie(e.PartieID))
	d.Champ("credits", moyens(before), moyens(e))
	d.Champ("echeance", jourISO(before.Echeance), jourISO(e.Echeance))
	d.Champ("cible", before.Cible(), e.Cible())
	return d
}

// branche is a kind of part of the tree: how the address names it, its table, the column of its parent, and its word.
type branche struct{ code, table, parent, mot string }

var (
	brancheAxe        = branche{"axes", "contrat_axe", "version_id", "axe"}
	brancheObjectif   = branche{"objectifs", "contrat_objectif", "axe_id", "objectif"}
	brancheEngagement = branche{"engagements", "contrat_engagement", "objectif_id", "engagement"}
)

// Deplacer moves a part of the tree one place up (sens -1) or down (+1) among those of its parent; at an end it stays.
func (s *Service) Deplacer(ctx context.Context, par droits.Compte, r Ref, b branche, id int64, sens int) error {
	return s.rediger(ctx, par, r, func(tx pgx.Tx, v Version) (string, journal.Changement, error) {
		siblings, err := freres(ctx, tx, b, v.ID, id)
		if err != nil {
			return "", nil, err
		}
		from := slices.IndexFunc(siblings, func(n noeud) bool { return n.ID == id })
		to := from + sens
		if from < 0 {
			return "", nil, fault.NotFound
		}
		if to < 0 || to >= len(siblings) {
			return "", nil, nil
		}
		siblings[from], siblings[to] = siblings[to], siblings[from]
		ids := make([]int64, len(siblings))
		for i, n := range siblings {
			ids[i] = n.ID
		}
		d := journal.Changement{b.mot: {siblings[to].Nom, siblings[to].Nom}, "place": {from + 1, to + 1}}
		return "ordre modifié", d, reorder(ctx, tx, b, v.ID, ids)
	})
}

// dessous is what hangs under a part of the tree, and goes with it.
type dessous struct {
	Nom                    string
	Objectifs, Engagements []string
}

// dessousDe is what would be deleted with a part of the tree; found is false when the text has none of that id.
func (c Contenu) dessousDe(b branche, id int64) (d dessous, found bool) {
	keep := map[int64]bool{}
	switch b {
	case brancheAxe:
		for _, a := range c.Axes {
			if a.ID == id {
				d.Nom, found = a.Titre, true
			}
		}
		for _, o := range c.ObjectifsDe(id) {
			d.Objectifs, keep[o.ID] = append(d.Objectifs, o.Titre), true
		}
	case brancheObjectif:
		for _, o := range c.Objectifs {
			if o.ID == id {
				d.Nom, found, keep[id] = o.Titre, true, true
			}
		}
	case brancheEngagement:
		for _, e := range c.Engagements {
			if e.ID == id {
				d.Nom, found = e.Texte, true
			}
		}
	}
	for _, e := range c.Engagements {
		if keep[e.ObjectifID] {
			d.Engagements = append(d.Engagements, e.Texte)
		}
	}
	return d, found
}

// total is what the form of a deletion counted: one that met something new since is stale.
func (d dessous) total() string { return strconv.Itoa(len(d.Objectifs) + len(d.Engagements)) }

// Supprimer deletes a part of the tree with what hangs under it; total is what its author was shown. One that is gone is no fault.
func (s *Service) Supprimer(ctx context.Context, par droits.Compte, r Ref, b branche, id int64, total string) error {
	return s.rediger(ctx, par, r, func(tx pgx.Tx, _ Version) (string, journal.Changement, error) {
		c, err := readContenu(ctx, tx, r)
		if err != nil {
			return "", nil, err
		}
		under, found := c.dessousDe(b, id)
		if !found {
			return "", nil, nil
		}
		if under.total() != total {
			return "", nil, fault.Stale
		}
		d := journal.Changement{b.mot: {under.Nom, nil}}
		if len(under.Objectifs) > 0 {
			d["objectifs"] = [2]any{under.Objectifs, nil}
		}
		if len(under.Engagements) > 0 {
			d["engagements"] = [2]any{under.Engagements, nil}
		}
		return b.mot + " supprimé", d, deleteNoeud(ctx, tx, b, id)
	})
}
