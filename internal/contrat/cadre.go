package contrat

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"portail/internal/droits"
	"portail/internal/fault"
	"portail/internal/journal"
	"portail/internal/lexique"
	"portail/internal/pg"
	"portail/internal/saisie"
	"portail/web/typo"
)

// Longest texts, in characters: those of the schema.
const (
	maxTitre       = 200
	maxObjectif    = 300
	maxEngagement  = 2000
	maxCommentaire = 4000
	maxMotif       = 2000
	maxLigne       = 200
	maxNom         = 120
	maxTexte       = 200_000
	maxTexteCourt  = 20_000
	maxLieux       = 50 // of one kind
)

// champsJournal are the labels of the fields of journal lines.
var champsJournal = map[string]string{
	"avenant": "Avenant n°", "titre": "Titre", "generation": "Génération", "epci": "Intercommunalité", "debut": "Début", "fin": "Fin", "revoyure": "Clause de revoyure",
	"effet_le": "Date d’effet", "qpv": "Quartiers prioritaires", "qva": "Quartiers de veille active", "poches": "Poches de pauvreté",
	"evaluation_organisme": "Responsable de l’évaluation", "objet": "Objet", "natures": "Nature des changements", "reprise": "Reprise", "etat": "État",
	"axe": "Axe", "objectif": "Objectif", "engagement": "Engagement", "partie": "Partie", "nature": "Nature", "quartier": "Quartier", "texte": "Texte",
	"credits": "Crédits", "montant": "Montant", "annees": "Années", "echeance": "Échéance", "cible": "Cible", "place": "Place", "section": "Section",
	"revision": "Révision", "motif": "Motif", "obligation": "Signature", "signataire": "Signataire", "signe_le": "Signé le", "document": "Scan",
	"empreinte": "Empreinte (SHA-256)", "signatures": "Signatures annulées", "avancement": "Avancement", "valeur": "Valeur mesurée", "denonce_le": "Dénoncé le",
	"objectifs": "Objectifs supprimés", "engagements": "Engagements supprimés", "fichier": "Fichier", "public": "Public",
	"lignes": "Lignes", "filtres": "Filtres",
}

// Cadre is what a contract or an avenant says of itself: title, dates, places.
type Cadre struct {
	Generation            int   // of the contract; an avenant leaves it
	EpciID                int64 // 0: not chosen
	Titre                 string
	Debut, Fin            time.Time
	Revoyure, EffetLe     *time.Time
	QpvIDs                []int32
	Qva, Poches           []string
	EvaluationOrganismeID int64  // 0: nobody yet
	Objet                 string // of an avenant
	Natures               []string
	Reprise               bool
}

// cadre is what the text says of itself now.
func (v Version) cadre() Cadre {
	c := Cadre{Generation: v.Generation, Titre: v.Titre, Debut: v.Debut, Fin: v.Fin, Revoyure: v.Revoyure, EffetLe: v.EffetLe, QpvIDs: v.QpvIDs,
		Qva: v.Qva, Poches: v.Poches, Objet: v.Objet, Natures: v.Natures, Reprise: v.Reprise}
	if v.EpciID != nil {
		c.EpciID = *v.EpciID
	}
	if v.EvaluationOrganismeID != nil {
		c.EvaluationOrganismeID = *v.EvaluationOrganismeID
	}
	return c
}

func (c Cadre) propre() Cadre {
	c.Titre, c.Objet = saisie.Ligne(c.Titre), saisie.Ligne(c.Objet)
	lines := func(all []string) []string {
		kept := []string{}
		for _, s := range all {
			if s = saisie.Ligne(s); s != "" && !slices.Contains(kept, s) {
				kept = append(kept, s)
			}
		}
		return kept
	}
	c.Qva, c.Poches = lines(c.Qva), lines(c.Poches)
	c.QpvIDs = slices.Compact(slices.Sorted(slices.Values(c.QpvIDs)))
	if c.QpvIDs == nil {
		c.QpvIDs = []int32{}
	}
	if c.Natures == nil {
		c.Natures = []string{}
	}
	return c
}

// check is the rules of a contract's dates and names; avenant says that it is those of an avenant.
func (c Cadre) check(avenant bool) error {
	f := fault.Fields{}
	if c.Titre == "" {
		f.Add("titre", "Indiquez le titre du contrat.")
	}
	saisie.Longueur(f, "titre", c.Titre, maxTitre)
	if !avenant && c.Generation != 2015 && c.Generation != 2024 { // an avenant leaves that of its contract
		f.Add("generation", "Choisissez la génération du contrat.")
	}
	if !c.Debut.IsZero() && !c.Fin.IsZero() && !c.Fin.After(c.Debut) {
		f.Add("fin", "La fin doit suivre le début.")
	}
	dedans := func(champ string, day *time.Time, quoi string) {
		if day != nil && !c.Fin.IsZero() && (day.Before(c.Debut) || day.After(c.Fin)) {
			f.Add(champ, quoi+" doit tomber pendant le contrat, entre le "+typo.Date(c.Debut)+" et le "+typo.Date(c.Fin)+".")
		}
	}
	dedans("revoyure", c.Revoyure, "La revoyure")
	dedans("effet_le", c.EffetLe, "La date d’effet")
	for champ, all := range map[string][]string{"qva": c.Qva, "poches": c.Poches} {
		if len(all) > maxLieux {
			f.Add(champ, "Indiquez "+typo.Nombre(maxLieux)+" lieux au plus, un par ligne.")
		}
		for _, nom := range all {
			saisie.Longueur(f, champ, nom, maxLigne)
		}
	}
	if avenant {
		if c.Objet == "" {
			f.Add("objet", "Indiquez l’objet de l’avenant.")
		}
		saisie.Longueur(f, "objet", c.Objet, maxTitre)
		if len(c.Natures) == 0 || slices.ContainsFunc(c.Natures, func(n string) bool { return !lexique.Connu(lexique.NaturesAvenant, n) }) {
			f.Add("natures", "Cochez ce que l’avenant change.")
		}
	}
	return f.Err()
}

// difference is what the journal says of two states of a text; the names of places come with the version read again.
func difference(before, after Version) journal.Changement {
	d := journal.Changement{}
	jour := func(t *time.Time) string {
		if t == nil {
			return ""
		}
		return typo.Date(*t)
	}
	d.Champ("titre", before.Titre, after.Titre)
	d.Champ("objet", before.Objet, after.Objet)
	d.Champ("natures", libelles(lexique.NaturesAvenant, before.Natures), libelles(lexique.NaturesAvenant, after.Natures))
	d.Champ("generation", before.Generation, after.Generation)
	d.Champ("epci", before.EpciNom, after.EpciNom)
	d.Champ("debut", jour(&before.Debut), jour(&after.Debut))
	d.Champ("fin", jour(&before.Fin), jour(&after.Fin))
	d.Champ("revoyure", jour(before.Revoyure), jour(after.Revoyure))
	d.Champ("effet_le", jour(before.EffetLe), jour(after.EffetLe))
	d.Champ("qpv", strings.Join(before.QpvNoms, ", "), strings.Join(after.QpvNoms, ", "))
	d.Champ("qva", strings.Join(before.Qva, ", "), strings.Join(after.Qva, ", "))
	d.Champ("poches", strings.Join(before.Poches, ", "), strings.Join(after.Poches, ", "))
	d.Champ("evaluation_organisme", before.EvaluationOrganismeNom, after.EvaluationOrganismeNom)
	return d
}

func libelles(mots []lexique.Mot, codes []string) string {
	all := make([]string, len(codes))
	for i, c := range codes {
		all[i] = lexique.Libelle(mots, c)
	}
	return strings.Join(all, ", ")
}

// Create starts a contract, with the quarters of its intercommunalité, and gives its id. cle is a UUID made with the form: the same form
// sent twice creates one.
func (s *Service) Create(ctx context.Context, par droits.Compte, in Cadre, cle string) (id int64, err error) {
	in = in.propre()
	if err := in.check(false); err != nil {
		return 0, err
	}
	err = pg.As(ctx, s.db, par, func(tx pgx.Tx) error {
		var fresh bool
		if id, fresh, err = insertContrat(ctx, tx, in, cle); err != nil || !fresh {
			return err
		}
		version, err := insertVersion(ctx, tx, id, 1, in)
		if err != nil {
			return err
		}
		if in.QpvIDs, err = quartiersDe(ctx, tx, in); err != nil {
			return err
		}
		if err := replaceLieux(ctx, tx, version, in); err != nil {
			return err
		}
		if err := insertSections(ctx, tx, version); err != nil {
			return err
		}
		v, err := findVersion(ctx, tx, Ref{id, 1})
		if err != nil {
			return err
		}
		detail := difference(Version{Debut: v.Debut, Fin: v.Fin}, v)
		detail.Champ("reprise", false, v.Reprise)
		return journal.Note(ctx, tx, par, "contrat créé", objet, id, detail)
	})
	if err != nil {
		return 0, fmt.Errorf("create contrat: %w", err)
	}
	return id, nil
}

// UpdateCadre changes what a text says of itself, on the version that its form was written on. The generation and the intercommunalité are
// those of the contract: an avenant leaves them.
func (s *Service) UpdateCadre(ctx context.Context, par droits.Compte, r Ref, version int, in Cadre) error {
	in = in.propre()
	return s.rediger(ctx, par, r, func(tx pgx.Tx, v Version) (string, journal.Changement, error) {
		if v.Avenant > 0 {
			in.Generation, in.EpciID = v.Generation, v.cadre().EpciID
		} else {
			in.Objet, in.Natures = "", []string{}
		}
		if err := in.check(v.Avenant > 0); err != nil {
			return "", nil, err
		}
		if v.Version != version {
			return "", nil, fault.Stale
		}
		if err := updateVersion(ctx, tx, v, in); err != nil {
			return "", nil, err
		}
		if now := v.cadre(); now.Generation != in.Generation || now.EpciID != in.EpciID {
			if err := updateContrat(ctx, tx, v, in); err != nil {
				return "", nil, err
			}
		}
		if err := replaceLieux(ctx, tx, v.ID, in); err != nil {
			return "", nil, err
		}
		after, err := findVersion(ctx, tx, r)
		if err != nil {
			return "", nil, err
		}
		return "cadre du contrat modifié", difference(v, after), nil
	})
}
