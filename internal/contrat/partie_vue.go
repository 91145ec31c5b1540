package contrat

import (
	"time"

	"portail/internal/droits"
	"portail/web"
	"portail/web/typo"
)

// scan says that a signature has no scan.
func scan(s Signataire) string {
	if s.ASigne() && s.DocumentID == nil {
		return ", sans scan"
	}
	return ""
}

// actesPartie are what may be done for a party.
func (f fiche) actesPartie(p Partie) []web.ButtonProps {
	var all []web.ButtonProps
	add := func(ok bool, texte, href string) {
		if ok {
			all = append(all, web.ButtonProps{Texte: texte, Href: href, Titre: texte + " : " + p.OrganismeNom})
		}
	}
	add(f.pour(p) && (f.Etat.Ouvert() || f.signable() == nil), "Ajouter un signataire", f.hrefObjet("parties", p.ID, "signataires"))
	add(f.modifier(), "Modifier", f.hrefObjet("parties", p.ID, ""))
	add(f.Par.Peut(droits.ContratArreter) && f.Etat.Ouvert() && (p.Dispensee() || p.dispensable(f.Parties)), "Dispenser de signer", f.hrefObjet("parties", p.ID, "dispense"))
	return all
}

// actesSignataire are what may be done about a signatory.
func (f fiche) actesSignataire(p Partie, s Signataire) []web.ButtonProps {
	if !f.pour(p) {
		return nil
	}
	var all []web.ButtonProps
	add := func(ok bool, texte, acte string) {
		if ok {
			all = append(all, web.ButtonProps{Texte: texte, Href: f.hrefObjet("signataires", s.ID, acte), Titre: texte + " : " + s.Nom})
		}
	}
	add(!s.ASigne() && f.signable() == nil, "Enregistrer la signature", "signature")
	add(s.ASigne() && s.ConfirmeLe == nil && s.confirmable(f.Par, p), "Confirmer", "confirmation")
	add(!s.ASigne() && (f.Etat.Ouvert() || f.signable() == nil), "Modifier", "")
	add(s.ASigne() && f.Etat.Ouvert() && (f.Par.Role.Prefecture() || s.DeposeCote == cotePartie && s.ConfirmeLe == nil), "Annuler", "annulation")
	return all
}

// confirmable says whether whoever asks may confirm, with a reason or without.
func (s Signataire) confirmable(par droits.Compte, p Partie) bool {
	return s.checkConfirmation(par, p, "motif") == nil
}

// signatairesDe are those of a party.
func (f fiche) signatairesDe(partie int64) []Signataire {
	return garder(f.Signataires, func(s Signataire) bool { return s.PartieID == partie })
}

// pour says whether whoever asks may act for a party.
func (f fiche) pour(p Partie) bool {
	_, err := p.cote(f.Par)
	return err == nil && f.Par.Peut(droits.ContratSigner)
}

// signature is where the signature of a party stands, in words.
func (p Partie) signature(now time.Time) string {
	switch {
	case p.Dispensee():
		return "Dispensée de signer"
	case p.Signee:
		return "Signé le " + typo.Date(*p.SigneLe)
	case p.Declarees > 0 && p.Declarees == p.Signataires:
		return "À confirmer"
	case p.Declarees > 0:
		return typo.NPluriel(int64(p.Declarees), "signature", "signatures") + " sur " + typo.Nombre(int64(p.Signataires))
	case p.EnRetard(now):
		return "En retard, attendue depuis le " + typo.Date(*p.ASignerLe)
	case p.ASignerLe != nil && !p.Attendue():
		return "Peut signer depuis le " + typo.Date(*p.ASignerLe)
	case p.ASignerLe != nil:
		return "Attendue depuis le " + typo.Date(*p.ASignerLe)
	}
	return "Pas encore demandée"
}

// ton is the colour of the signature of a party; the words say the same.
func (p Partie) ton(now time.Time) web.Tone {
	switch {
	case p.Dispensee():
		return web.ToneNeutral
	case p.Signee:
		return web.ToneSuccess
	case p.Declarees > 0 && p.Declarees == p.Signataires:
		return web.ToneInfo
	case p.EnRetard(now):
		return web.ToneError
	case p.ASignerLe != nil && p.Attendue():
		return web.ToneInfo
	}
	return web.ToneNeutral
}

// etat is where the signature of a signatory stands, in words.
func (s Signataire) etat() string {
	switch {
	case !s.ASigne():
		return "N’a pas encore signé"
	case s.ConfirmeLe == nil:
		who := "par la préfecture"
		if s.DeposeCote == cotePartie {
			who = "par la partie"
		}
		return "Signé le " + typo.Date(*s.SigneLe) + ", enregistré " + who + ", à confirmer"
	case s.AttestationMotif != "":
		return "Signé le " + typo.Date(*s.SigneLe) + ", attesté par la préfecture" + typo.NBSP + ": " + s.AttestationMotif
	}
	return "Signé le " + typo.Date(*s.SigneLe) + ", confirmé"
}
