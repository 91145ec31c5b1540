package contrat

import (
	"context"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"portail/internal/courriel"
	"portail/internal/document"
	"portail/internal/droits"
	"portail/internal/fault"
	"portail/internal/journal"
	"portail/internal/lexique"
	"portail/internal/lien"
	"portail/internal/saisie"
	"portail/web/typo"
)

// Demande is what the form of an act gives: which of it counts depends on the act.
type Demande struct {
	Version int               // of the text, when the form was shown
	Motif   string            // of a negotiation taken up again, an avenant given up, a denunciation, a withdrawal
	Le      time.Time         // of a denunciation; of the signature of a contract taken up
	Scan    *document.Fichier // of the whole text of a contract taken up
}

// motifs are the acts that need a written reason.
func (a Acte) motif() bool {
	return a == ReprendreNegociation || a == Abandonner || a == Denoncer || a == Retirer
}

// date says whether the act needs a day.
func (a Acte) date() bool { return a == Denoncer || a == ValiderReprise }

// checkDemande refuses an act without its reason or its day.
func (a Acte) checkDemande(d Demande, v Version) error {
	f := fault.Fields{}
	if a.motif() && d.Motif == "" {
		f.Add("motif", "Écrivez pourquoi.")
	}
	saisie.Longueur(f, "motif", d.Motif, maxMotif)
	switch {
	case !a.date():
	case d.Le.IsZero():
		f.Add("le", "Indiquez la date.")
	case a == Denoncer && (d.Le.Before(v.Debut) || d.Le.After(v.Fin)):
		f.Add("le", "La dénonciation doit tomber pendant le contrat, entre le "+typo.Date(v.Debut)+" et le "+typo.Date(v.Fin)+".")
	case a == ValiderReprise && d.Le.After(typo.Aujourdhui()):
		f.Add("le", "Cette date est à venir.")
	}
	if a == ValiderReprise && d.Scan == nil && v.DocumentID == nil {
		f.Add("fichier", "Joignez le scan du contrat signé.")
	}
	return f.Err()
}

// liste writes several refusals as one sentence.
func liste(debut string, manques []string) error {
	if len(manques) == 0 {
		return nil
	}
	return fault.Fields{"": debut + typo.NBSP + ": " + strings.Join(manques, typo.NBSP+"; ") + "."}
}

// checkPret refuses to freeze a text that is not complete, or whose awaited parties have nobody to sign: it could never become signed.
func (c Contenu) checkPret() error {
	var missing []string
	for _, p := range c.manques() {
		missing = append(missing, p.Libelle)
	}
	if err := liste("Il manque au texte", missing); err != nil {
		return err
	}
	for _, p := range c.Parties {
		if p.Obligation != facultatif && !p.Dispensee() && p.Signataires == 0 {
			missing = append(missing, p.OrganismeNom)
		}
	}
	return liste("Ces parties n’ont pas de signataire", missing)
}

// checkSigne refuses to call a text signed before those who must have signed it (R-CV-1): the obligatory parties, and the awaited ones unless
// they are dispensed for a written reason.
func (c Contenu) checkSigne() error {
	var missing []string
	for _, p := range c.Parties {
		if p.Obligation != facultatif && !p.Dispensee() && !p.Signee {
			missing = append(missing, p.OrganismeNom)
		}
	}
	if err := liste("Ces parties n’ont pas signé, ou leur signature n’est pas confirmée", missing); err != nil {
		return err
	}
	for _, p := range c.manques() {
		missing = append(missing, p.Libelle)
	}
	return liste("Il manque au texte", missing)
}

// signeLe is the day of the last signature; zero without any.
func (c Contenu) signeLe() time.Time {
	var last time.Time
	for _, p := range c.Parties {
		if p.SigneLe != nil && p.SigneLe.After(last) {
			last = *p.SigneLe
		}
	}
	return last
}

// Agir does an act of the state machine on a text, or on its contract. What the machine does not allow from its state is refused; done
// already, it is no fault.
func (s *Service) Agir(ctx context.Context, par droits.Compte, r Ref, a Acte, d Demande) error {
	t, known := a.find()
	if !known || a == OuvrirAvenant {
		return fault.NotFound
	}
	if !par.Peut(t.Droit) {
		return fault.Forbidden
	}
	d.Motif = saisie.Paragraphes(d.Motif)
	return s.onContrat(ctx, par, r, func(tx pgx.Tx, v Version) (string, journal.Changement, error) {
		if t.Vers != "" && v.Etat == t.Vers {
			return "", nil, nil
		}
		if !t.possible(v) {
			return "", nil, fault.Fields{"": "Ce texte est à l’état " + typo.Guillemets(v.etat()) + typo.NBSP + ": cet acte n’y est pas possible."}
		}
		if err := a.checkDemande(d, v); err != nil {
			return "", nil, err
		}
		if v.Version != d.Version {
			return "", nil, fault.Stale
		}
		detail := journal.Changement{}
		detail.Champ("motif", "", d.Motif)
		if t.Vers != "" {
			detail["etat"] = [2]any{v.etat(), lexique.Libelle(lexique.EtatsContrat, string(t.Vers))}
		}
		return t.Fait, detail, s.faire(ctx, tx, par, a, v, d, detail)
	})
}

// faire writes what the act does.
func (s *Service) faire(ctx context.Context, tx pgx.Tx, par droits.Compte, a Acte, v Version, d Demande, detail journal.Changement) error {
	c, err := readContenu(ctx, tx, v.Ref())
	if err != nil {
		return err
	}
	switch a {
	case Negocier:
		if len(c.Parties) == 0 {
			return fault.Fields{"": "Ajoutez d’abord une partie avec qui négocier."}
		}
		return updateEtat(ctx, tx, v, Negociation)
	case MettreALaSignature:
		if err := c.checkPret(); err != nil {
			return err
		}
		text := c.Texte()
		detail["empreinte"] = [2]any{nil, empreinte(text)}
		if err := updateFige(ctx, tx, v, text); err != nil {
			return err
		}
		return s.prevenir(ctx, tx, v, "à signer", "est à la signature. Son texte est figé"+typo.NBSP+": toute modification annulerait les signatures.")
	case ReprendreNegociation:
		if err := s.annuler(ctx, tx, v, d.Motif, detail); err != nil {
			return err
		}
		if err := updateDefige(ctx, tx, v); err != nil {
			return err
		}
		return s.prevenir(ctx, tx, v, "signatures annulées", "va changer"+typo.NBSP+": les signatures déjà données sont annulées, et il faudra signer le nouveau texte.\n\nMotif : "+d.Motif)
	case ConstaterSignature:
		if err := c.checkSigne(); err != nil {
			return err
		}
		detail["signe_le"] = [2]any{nil, typo.Date(c.signeLe())}
		return updateSigne(ctx, tx, v, c.signeLe())
	case Abandonner:
		if err := s.annuler(ctx, tx, v, d.Motif, detail); err != nil {
			return err
		}
		if err := updateEtat(ctx, tx, v, Abandonne); err != nil {
			return err
		}
		return s.prevenir(ctx, tx, v, "abandonné", "est abandonné.\n\nMotif : "+d.Motif)
	case ValiderReprise:
		return valider(ctx, tx, par, c, d, detail)
	case Denoncer:
		detail["denonce_le"] = [2]any{nil, typo.Date(d.Le)}
		if err := updateDenonce(ctx, tx, v, d.Le, d.Motif); err != nil {
			return err
		}
		return s.prevenir(ctx, tx, v, "dénoncé", "est dénoncé au "+typo.Date(d.Le)+".\n\nMotif : "+d.Motif)
	case Publier, Retirer:
		return updatePublication(ctx, tx, v, a == Publier, d.Motif, par)
	case Supprimer:
		detail["titre"] = [2]any{v.Titre, nil}
		return deleteContrat(ctx, tx, v.ContratID)
	}
	return fault.NotFound
}

// valider ends the taking up of a contract born elsewhere: its few fields are frozen as they are, with the scan of what was signed.
func valider(ctx context.Context, tx pgx.Tx, par droits.Compte, c Contenu, d Demande, detail journal.Changement) error {
	if len(c.manques()) > 0 {
		return fault.Fields{"": "Ajoutez au moins une partie."}
	}
	doc := c.DocumentID
	if d.Scan != nil {
		kept, err := document.Deposer(ctx, tx, par, *d.Scan)
		if err != nil {
			return err
		}
		doc = &kept.ID
		detail["document"] = [2]any{nil, kept.Nom + ", " + kept.SHA256}
	}
	detail["signe_le"] = [2]any{nil, typo.Date(d.Le)}
	return updateReprise(ctx, tx, c.Version, c.Texte(), d.Le, doc)
}

// annuler voids the signatures that bear on a text.
func (s *Service) annuler(ctx context.Context, tx pgx.Tx, v Version, motif string, detail journal.Changement) error {
	n, err := voidSignatures(ctx, tx, v.ID, motif)
	if n > 0 {
		detail["signatures"] = [2]any{n, nil}
	}
	return err
}

// prevenir writes to every party of a text, in the transaction of what it tells.
func (s *Service) prevenir(ctx context.Context, tx pgx.Tx, v Version, sujet, phrase string) error {
	to, err := listDestinataires(ctx, tx, v.ID)
	if err != nil {
		return err
	}
	quoi := v.Titre
	if v.Avenant > 0 {
		quoi = v.Nom() + " au contrat " + v.Titre
	}
	for _, d := range to {
		err := courriel.Send(ctx, tx, courriel.Message{A: d.Courriel, Compte: d.Compte, Sorte: "contrat", Sujet: couper("Contrat de ville, "+sujet+" : "+quoi, maxLigne),
			Texte: "Bonjour,\n\n" + typo.Guillemets(quoi) + " " + phrase + "\n\nLe suivre : " + strings.TrimSuffix(s.cfg.URL, "/") + lien.ContratVersion(v.ContratID, v.Numero) +
				"\n\n" + s.cfg.Nom + "\n"})
		if err != nil {
			return err
		}
	}
	return nil
}

// couper bounds a text to n characters.
func couper(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return string(r[:n-1]) + "…"
	}
	return s
}

// OpenAvenant starts an avenant as a clone of the last text: objet and natures say what it will change. It gives its number among the texts;
// the same form sent twice opens one.
func (s *Service) OpenAvenant(ctx context.Context, par droits.Compte, r Ref, sujet string, natures []string, cle string) (numero int, err error) {
	sujet = saisie.Ligne(sujet)
	t, _ := OuvrirAvenant.find()
	err = s.onContrat(ctx, par, r, func(tx pgx.Tx, v Version) (string, journal.Changement, error) {
		if numero, err = avenantFait(ctx, tx, cle); err != nil || numero != 0 {
			return "", nil, err
		}
		if !t.possible(v) {
			return "", nil, fault.Fields{"": "Un avenant s’ouvre sur le dernier texte signé, quand aucun autre n’est en cours."}
		}
		in := v.cadre()
		in.Objet, in.Natures, in.EffetLe = sujet, natures, nil
		if err := in.propre().check(true); err != nil {
			return "", nil, err
		}
		if numero, err = cloner(ctx, tx, v, in, cle); err != nil {
			return "", nil, err
		}
		return t.Fait, journal.Changement{"objet": {nil, sujet}, "natures": {nil, libelles(lexique.NaturesAvenant, natures)}}, nil
	})
	return numero, err
}
