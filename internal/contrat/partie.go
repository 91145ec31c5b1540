package contrat

import (
	"context"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"portail/internal/droits"
	"portail/internal/fault"
	"portail/internal/journal"
	"portail/internal/lexique"
	"portail/internal/saisie"
	"portail/web/typo"
)

// Partie is an organisation that a text binds, and where its signature stands.
type Partie struct {
	ID, Lignee    int64
	OrganismeID   int64
	OrganismeNom  string // as it was named when the text was signed
	Nature        string // lexique.NaturesPartie
	Obligation    string // lexique.Obligations
	DispenseMotif string // why it will not sign; empty: it is awaited
	DispenseLe    *time.Time
	Ordre         int
	Version       int
	// Signatories, signatures told, confirmed, and with a scan.
	Signataires, Declarees, Confirmees, Scans int
	SigneLe                                   *time.Time // the last of its signatures
	Signee                                    bool       // all its signatories have signed, confirmed
	ASignerLe                                 *time.Time
}

// Obligations of parties.
const (
	obligatoire = "obligatoire"
	attendu     = "attendu"
	facultatif  = "facultatif"
)

// obligationDe is what R-CV-1 asks of a kind of party at least: the State, the intercommunalité and the communes are bound; the signature of
// the département and of the région is systematically sought; others may sign (loi 2014-173, art. 6, II).
func obligationDe(nature string) string {
	switch nature {
	case "etat", "epci", "commune":
		return obligatoire
	case "departement", "region":
		return attendu
	}
	return facultatif
}

// Dispensee says whether it will not sign, for a written reason.
func (p Partie) Dispensee() bool { return p.DispenseLe != nil }

// delaiSignature is how long a party has to sign before it is late.
const delaiSignature = 30 * 24 * time.Hour

// Attendue says whether the text waits for its signature: that of a party which may sign or not keeps nobody waiting.
func (p Partie) Attendue() bool {
	return !p.Signee && !p.Dispensee() && p.Obligation != facultatif
}

// EnRetard says whether it is awaited for more than thirty days.
func (p Partie) EnRetard(now time.Time) bool {
	return p.Attendue() && p.ASignerLe != nil && now.Sub(*p.ASignerLe) > delaiSignature
}

func (p Partie) check() error {
	f := fault.Fields{}
	if p.OrganismeID == 0 {
		f.Add("organisme", "Choisissez l’organisme.")
	}
	if !lexique.Connu(lexique.NaturesPartie, p.Nature) {
		f.Add("nature", "Choisissez à quel titre il est partie.")
		return f.Err()
	}
	order := []string{facultatif, attendu, obligatoire}
	least := obligationDe(p.Nature)
	switch {
	case !lexique.Connu(lexique.Obligations, p.Obligation):
		f.Add("obligation", "Choisissez si sa signature est obligatoire.")
	case slices.Index(order, p.Obligation) < slices.Index(order, least):
		f.Add("obligation", "Pour cette partie, la signature est au moins "+typo.Guillemets(lexique.Libelle(lexique.Obligations, least))+" (loi 2014-173, art."+typo.NBSP+"6).")
	}
	return f.Err()
}

// AddPartie binds an organisation to a text. An empty obligation is the one that its kind owes.
func (s *Service) AddPartie(ctx context.Context, par droits.Compte, r Ref, p Partie, cle string) error {
	if p.Obligation == "" {
		p.Obligation = obligationDe(p.Nature)
	}
	if err := p.check(); err != nil {
		return err
	}
	return s.rediger(ctx, par, r, func(tx pgx.Tx, v Version) (string, journal.Changement, error) {
		id, fresh, err := insertPartie(ctx, tx, v.ID, p, cle)
		if err != nil || !fresh {
			return "", nil, err
		}
		if p, err = findPartie(ctx, tx, r, id); err != nil {
			return "", nil, err
		}
		return "partie ajoutée", p.difference(Partie{}), nil
	})
}

// difference is what the journal says of a party, compared with what it was.
func (p Partie) difference(before Partie) journal.Changement {
	d := journal.Changement{}
	d.Champ("partie", before.OrganismeNom, p.OrganismeNom)
	d.Champ("nature", lexique.Libelle(lexique.NaturesPartie, before.Nature), lexique.Libelle(lexique.NaturesPartie, p.Nature))
	d.Champ("obligation", lexique.Libelle(lexique.Obligations, before.Obligation), lexique.Libelle(lexique.Obligations, p.Obligation))
	return d
}

// UpdatePartie changes the kind or the obligation of a party, on the version that its form was written on.
func (s *Service) UpdatePartie(ctx context.Context, par droits.Compte, r Ref, id int64, version int, in Partie) error {
	return s.rediger(ctx, par, r, func(tx pgx.Tx, _ Version) (string, journal.Changement, error) {
		p, err := findPartie(ctx, tx, r, id)
		if err != nil {
			return "", nil, err
		}
		after := p
		after.Nature, after.Obligation = in.Nature, in.Obligation
		if err := after.check(); err != nil {
			return "", nil, err
		}
		if p.Version != version {
			return "", nil, fault.Stale
		}
		d := after.difference(p)
		d["partie"] = [2]any{p.OrganismeNom, p.OrganismeNom}
		return "partie modifiée", d, updatePartie(ctx, tx, after)
	})
}

// RemovePartie takes an organisation out of a text, unless it still has engagements there. One that is gone already is no fault.
func (s *Service) RemovePartie(ctx context.Context, par droits.Compte, r Ref, id int64) error {
	return s.rediger(ctx, par, r, func(tx pgx.Tx, _ Version) (string, journal.Changement, error) {
		all, err := readContenu(ctx, tx, r)
		if err != nil {
			return "", nil, err
		}
		i := slices.IndexFunc(all.Parties, func(p Partie) bool { return p.ID == id })
		if i < 0 {
			return "", nil, nil
		}
		if n := len(garder(all.Engagements, func(e Engagement) bool { return e.PartieID == id })); n > 0 {
			return "", nil, fault.Fields{"": "Cette partie a encore " + typo.NPluriel(int64(n), "engagement", "engagements") +
				typo.NBSP + ": supprimez-les, ou confiez-les à une autre, avant de la retirer."}
		}
		return "partie retirée", Partie{}.difference(all.Parties[i]), deletePartie(ctx, tx, id)
	})
}

// Dispenser notes that a party will not sign, and why; an empty reason takes it back. The State, the intercommunalité and the last
// commune cannot be dispensed: without them there is no contrat de ville (loi 2014-173, art. 6, II).
func (s *Service) Dispenser(ctx context.Context, par droits.Compte, r Ref, id int64, version int, motif string) error {
	motif = saisie.Paragraphes(motif)
	f := fault.Fields{}
	saisie.Longueur(f, "motif", motif, maxMotif)
	if err := f.Err(); err != nil {
		return err
	}
	return s.onContrat(ctx, par, r, func(tx pgx.Tx, v Version) (string, journal.Changement, error) {
		all, err := readContenu(ctx, tx, r)
		if err != nil {
			return "", nil, err
		}
		i := slices.IndexFunc(all.Parties, func(p Partie) bool { return p.ID == id })
		if i < 0 {
			return "", nil, fault.NotFound
		}
		p := all.Parties[i]
		switch {
		case !v.Etat.Ouvert():
			return "", nil, fault.Fields{"": "Ce texte n’attend plus de signature."}
		case p.DispenseMotif == motif:
			return "", nil, nil
		case p.Version != version:
			return "", nil, fault.Stale
		case motif != "" && !p.dispensable(all.Parties):
			return "", nil, fault.Fields{"motif": "La signature de cette partie ne peut pas manquer (loi 2014-173, art." + typo.NBSP + "6)."}
		}
		verbe := "partie dispensée de signer"
		if motif == "" {
			verbe = "dispense de signer levée"
		}
		return verbe, journal.Changement{"partie": {p.OrganismeNom, p.OrganismeNom}, "motif": {p.DispenseMotif, motif}}, updateDispense(ctx, tx, p, motif, par)
	})
}

// dispensable says whether the contract may do without the signature of the party.
func (p Partie) dispensable(all []Partie) bool {
	switch p.Nature {
	case "etat", "epci":
		return false
	case "commune":
		return slices.ContainsFunc(all, func(o Partie) bool { return o.Nature == "commune" && o.ID != p.ID && !o.Dispensee() })
	}
	return true
}
