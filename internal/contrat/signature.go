package contrat

import (
	"context"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"portail/internal/document"
	"portail/internal/droits"
	"portail/internal/fault"
	"portail/internal/journal"
	"portail/internal/lexique"
	"portail/internal/pg"
	"portail/internal/saisie"
	"portail/web/typo"
)

// Signataire is somebody who signs for a party (R-CV-6), and their signature when there is one.
type Signataire struct {
	ID, PartieID int64
	Nature       string // lexique.NaturesSignataire
	Nom, Qualite string
	Version      int

	SignatureID      *int64
	SigneLe          *time.Time
	DocumentID       *int64 // scan
	DocumentNom      string
	DeposeCote       string // who told it: cotePrefecture or cotePartie
	DeposePar        *int64
	ConfirmeLe       *time.Time
	AttestationMotif string // confirmed by the side that told it, and why
}

// The two sides of a signature: one tells it, the other confirms.
const (
	cotePrefecture = "prefecture"
	cotePartie     = "partie"
)

// ASigne says whether a signature is told, confirmed or not.
func (s Signataire) ASigne() bool { return s.SignatureID != nil }

func (s Signataire) propre() Signataire {
	s.Nom, s.Qualite = saisie.Ligne(s.Nom), saisie.Ligne(s.Qualite)
	return s
}

func (s Signataire) check() error {
	f := fault.Fields{}
	if s.Nom == "" {
		f.Add("nom", "Indiquez le nom du signataire.")
	}
	if s.Qualite == "" {
		f.Add("qualite", "Indiquez sa qualité, par exemple"+typo.NBSP+": maire, président, préfète.")
	}
	saisie.Longueur(f, "nom", s.Nom, maxNom)
	saisie.Longueur(f, "qualite", s.Qualite, maxLigne)
	if !lexique.Connu(lexique.NaturesSignataire, s.Nature) {
		f.Add("nature", "Choisissez s’il est élu ou non.")
	}
	return f.Err()
}

// cote is the side that somebody stands on for a party; fault.Forbidden when on neither.
func (p Partie) cote(par droits.Compte) (string, error) {
	switch {
	case par.Role.Prefecture():
		return cotePrefecture, nil
	case par.Organisme == p.OrganismeID:
		return cotePartie, nil
	}
	return "", fault.Forbidden
}

// signable says whether the text takes signatures: while it is to be signed; later too, since a party that may sign may do so afterwards; and
// while a contract born elsewhere is being taken up.
func (v Version) signable() error {
	if v.Etat == ASigner || v.Etat == Signe || v.Etat == EnVigueur || v.Reprise && v.Etat == Projet {
		return nil
	}
	return fault.Fields{"": "Ce texte n’est pas à la signature."}
}

// onSignataire changes a signatory or their signature: the text is locked, and the party is one that par may act for.
func (s *Service) onSignataire(ctx context.Context, par droits.Compte, r Ref, id int64, do func(tx pgx.Tx, v Version, p Partie, g Signataire) (string, journal.Changement, error)) error {
	return s.onContrat(ctx, par, r, func(tx pgx.Tx, v Version) (string, journal.Changement, error) {
		all, err := listSignataires(ctx, tx, r)
		if err != nil {
			return "", nil, err
		}
		i := slices.IndexFunc(all, func(g Signataire) bool { return g.ID == id })
		if i < 0 {
			return "", nil, fault.NotFound
		}
		p, err := findPartie(ctx, tx, r, all[i].PartieID)
		if err != nil {
			return "", nil, err
		}
		if _, err := p.cote(par); err != nil {
			return "", nil, err
		}
		verbe, d, err := do(tx, v, p, all[i])
		if verbe != "" && d != nil {
			d["partie"] = [2]any{p.OrganismeNom, p.OrganismeNom}
		}
		return verbe, d, err
	})
}

// AddSignataire adds somebody who will sign for a party.
func (s *Service) AddSignataire(ctx context.Context, par droits.Compte, r Ref, partie int64, in Signataire, cle string) error {
	in = in.propre()
	if err := in.check(); err != nil {
		return err
	}
	return s.onContrat(ctx, par, r, func(tx pgx.Tx, v Version) (string, journal.Changement, error) {
		p, err := findPartie(ctx, tx, r, partie)
		if err != nil {
			return "", nil, err
		}
		if _, err := p.cote(par); err != nil {
			return "", nil, err
		}
		if !v.Etat.Ouvert() && v.signable() != nil {
			return "", nil, v.signable()
		}
		_, fresh, err := insertSignataire(ctx, tx, v.ID, partie, in, cle)
		if err != nil || !fresh {
			return "", nil, err
		}
		return "signataire ajouté", journal.Changement{"signataire": {nil, in.Nom + ", " + in.Qualite}, "partie": {p.OrganismeNom, p.OrganismeNom}}, nil
	})
}

const dejaSigne = "Cette personne a signé" + typo.NBSP + ": annulez d’abord sa signature si elle a été notée par erreur."

// UpdateSignataire corrects a signatory who has not signed yet.
func (s *Service) UpdateSignataire(ctx context.Context, par droits.Compte, r Ref, id int64, version int, in Signataire) error {
	in = in.propre()
	if err := in.check(); err != nil {
		return err
	}
	return s.onSignataire(ctx, par, r, id, func(tx pgx.Tx, _ Version, _ Partie, g Signataire) (string, journal.Changement, error) {
		if g.ASigne() {
			return "", nil, fault.Fields{"": dejaSigne}
		}
		if g.Version != version {
			return "", nil, fault.Stale
		}
		in.ID = id
		return "signataire modifié", journal.Changement{"signataire": {g.Nom + ", " + g.Qualite, in.Nom + ", " + in.Qualite}}, updateSignataire(ctx, tx, in, version)
	})
}

// RemoveSignataire takes out a signatory who has not signed.
func (s *Service) RemoveSignataire(ctx context.Context, par droits.Compte, r Ref, id int64) error {
	return s.onSignataire(ctx, par, r, id, func(tx pgx.Tx, _ Version, _ Partie, g Signataire) (string, journal.Changement, error) {
		if g.ASigne() {
			return "", nil, fault.Fields{"": dejaSigne}
		}
		return "signataire retiré", journal.Changement{"signataire": {g.Nom + ", " + g.Qualite, nil}}, deleteSignataire(ctx, tx, id)
	})
}

// checkDate refuses a signature to come, and one given before the text was frozen: it would be that of another text.
func (v Version) checkDate(le time.Time) error {
	switch {
	case le.After(typo.Aujourdhui()):
		return fault.Fields{"signe_le": "Cette date est à venir."}
	case v.ASignerLe != nil && !v.Reprise && le.Format(time.DateOnly) < v.ASignerLe.In(typo.Paris).Format(time.DateOnly):
		return fault.Fields{"signe_le": "Le texte n’est figé que depuis le " + typo.Date(*v.ASignerLe) + typo.NBSP + ": il n’a pas pu être signé avant."}
	}
	return nil
}

// Signer notes that somebody signed the frozen text on a day, with its scan if there is one. The other side is to confirm it. The same form
// sent twice notes it once.
func (s *Service) Signer(ctx context.Context, par droits.Compte, r Ref, id int64, le time.Time, scan *document.Fichier, cle string) error {
	return s.onSignataire(ctx, par, r, id, func(tx pgx.Tx, v Version, p Partie, g Signataire) (string, journal.Changement, error) {
		if done, err := signatureFaite(ctx, tx, cle); err != nil || done {
			return "", nil, err
		}
		if err := v.signable(); err != nil {
			return "", nil, err
		}
		if g.ASigne() {
			return "", nil, fault.Fields{"": dejaSigne}
		}
		if err := v.checkDate(le); err != nil {
			return "", nil, err
		}
		if v.Empreinte == "" { // a contract being taken up is not frozen yet: its text is what it holds today
			c, err := readContenu(ctx, tx, r)
			if err != nil {
				return "", nil, err
			}
			v.Empreinte = empreinte(c.Texte())
		}
		cote, err := p.cote(par)
		if err != nil {
			return "", nil, err
		}
		d := journal.Changement{"signataire": {g.Nom, g.Nom}, "signe_le": {nil, typo.Date(le)}, "empreinte": {nil, v.Empreinte}}
		var doc *int64
		if scan != nil {
			kept, err := document.Deposer(ctx, tx, par, *scan)
			if err != nil {
				return "", nil, err
			}
			doc = &kept.ID
			d["document"] = [2]any{nil, kept.Nom + ", " + kept.SHA256}
		}
		return "signature enregistrée", d, insertSignature(ctx, tx, v, id, le, doc, cote, par, cle)
	})
}

// checkConfirmation says whether par may confirm: the side that did not tell it. For the State, whose both sides are the préfecture, somebody
// else than who told it. The préfecture may also attest what it told itself, for a written reason, when a party cannot answer here.
func (s Signataire) checkConfirmation(par droits.Compte, p Partie, motif string) error {
	cote, err := p.cote(par)
	switch {
	case err != nil:
		return err
	case cote != s.DeposeCote:
		return nil
	case p.Nature == "etat" && s.DeposePar != nil && *s.DeposePar != par.ID:
		return nil
	case cote == cotePartie:
		return fault.Fields{"": "La préfecture doit confirmer cette signature, que votre organisme a enregistrée."}
	case !par.Peut(droits.ContratArreter):
		return fault.Forbidden
	case motif == "":
		return fault.Fields{"motif": "La préfecture a enregistré cette signature" + typo.NBSP + ": c’est à la partie de la confirmer. Pour l’attester à sa place, écrivez pourquoi."}
	}
	return nil
}

// Confirmer confirms a signature that the other side told. One that is confirmed already is no fault.
func (s *Service) Confirmer(ctx context.Context, par droits.Compte, r Ref, id int64, motif string) error {
	motif = saisie.Paragraphes(motif)
	f := fault.Fields{}
	saisie.Longueur(f, "motif", motif, maxMotif)
	if err := f.Err(); err != nil {
		return err
	}
	return s.onSignataire(ctx, par, r, id, func(tx pgx.Tx, _ Version, p Partie, g Signataire) (string, journal.Changement, error) {
		switch {
		case !g.ASigne():
			return "", nil, fault.Fields{"": "Cette signature n’est pas encore enregistrée."}
		case g.ConfirmeLe != nil:
			return "", nil, nil
		}
		if err := g.checkConfirmation(par, p, motif); err != nil {
			return "", nil, err
		}
		if cote, _ := p.cote(par); cote != g.DeposeCote {
			motif = "" // only an attestation has a reason
		}
		d := journal.Changement{"signataire": {g.Nom, g.Nom}}
		d.Champ("motif", "", motif)
		return "signature confirmée", d, updateConfirmation(ctx, tx, *g.SignatureID, motif, par)
	})
}

// AnnulerSignature takes back a signature noted by mistake, while the text is not signed; it stays, void, with its reason.
func (s *Service) AnnulerSignature(ctx context.Context, par droits.Compte, r Ref, id int64, motif string) error {
	motif = saisie.Paragraphes(motif)
	f := fault.Fields{}
	if motif == "" {
		f.Add("motif", "Écrivez pourquoi cette signature est annulée.")
	}
	saisie.Longueur(f, "motif", motif, maxMotif)
	if err := f.Err(); err != nil {
		return err
	}
	return s.onSignataire(ctx, par, r, id, func(tx pgx.Tx, v Version, p Partie, g Signataire) (string, journal.Changement, error) {
		cote, err := p.cote(par)
		switch {
		case err != nil:
			return "", nil, err
		case !g.ASigne():
			return "", nil, nil
		case !v.Etat.Ouvert():
			return "", nil, fault.Fields{"": "Le texte est signé" + typo.NBSP + ": ses signatures ne s’annulent plus."}
		case cote == cotePartie && (g.DeposeCote != cotePartie || g.ConfirmeLe != nil):
			return "", nil, fault.Fields{"": "Seule la préfecture peut annuler cette signature."}
		}
		return "signature annulée", journal.Changement{"signataire": {g.Nom, g.Nom}, "motif": {nil, motif}}, voidSignature(ctx, tx, *g.SignatureID, motif)
	})
}

// addSignataires queues the signatories of a text for a page.
func addSignataires(b *pg.Batch, into *[]Signataire, r Ref) {
	pg.Add(b, into, lesSignataires, r.Contrat, r.Numero)
}
