package contrat

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"github.com/jackc/pgx/v5"

	"portail/internal/document"
	"portail/internal/droits"
	"portail/internal/fault"
	"portail/internal/formulaire"
	"portail/internal/httpx"
	"portail/internal/lexique"
	"portail/internal/lien"
	"portail/internal/saisie"
	"portail/web/typo"
)

func (s *Service) signatureRoutes(r *httpx.Router) {
	r.Get(une+"/parties/{objet}/signataires", droits.ContratSigner, s.showPartie(formNouveauSignataire))
	r.Post(une+"/parties/{objet}/signataires", droits.ContratSigner, s.createSignataire)
	one := une + "/signataires/{objet}"
	for acte, form := range map[string]formDeSignataire{"": formSignataire, "/signature": s.formSignature, "/confirmation": formConfirmation, "/annulation": formAnnulation} {
		r.Get(one+acte, droits.ContratSigner, s.showSignataire(form))
	}
	r.Post(one, droits.ContratSigner, s.updateSignataire)
	r.Post(one+"/retirer", droits.ContratSigner, s.deleteSignataire)
	r.PostFile(one+"/signature", droits.ContratSigner, s.documents.MaxCorps(), s.documents.Recevoir("fichier", s.createSignature))
	r.Post(one+"/confirmation", droits.ContratSigner, s.updateConfirmation)
	r.Post(one+"/annulation", droits.ContratSigner, s.deleteSignature)
}

// formDeSignataire makes a form about a signatory.
type formDeSignataire func(v Version, p Partie, g Signataire, par droits.Compte) formulaire.Page

func champsSignataire() []formulaire.Champ {
	return []formulaire.Champ{
		{Nom: "nom", Libelle: "Nom", Max: maxNom, Autocomplete: "off"},
		{Nom: "qualite", Libelle: "Qualité", Max: maxLigne, Aide: "Par exemple" + typo.NBSP + ": maire, président, préfète."},
		{Nom: "nature", Libelle: "Nature", Type: formulaire.Choix, Options: httpx.Options(lexique.NaturesSignataire)},
	}
}

func formNouveauSignataire(v Version, p Partie) formulaire.Page {
	f := formNouveau(v, "", "Ajouter un signataire", "Ajouter le signataire")
	f.Objet, f.Action, f.Champs = p.OrganismeNom, lien.ContratObjet(v.ContratID, v.Numero, "parties", p.ID, "signataires"), champsSignataire()
	return f
}

// formAuSujet is a form about a signatory.
func formAuSujet(v Version, g Signataire, acte, titre, bouton string) formulaire.Page {
	f := formActe(v, "", titre, bouton)
	f.Objet, f.Action = g.Nom+", "+g.Qualite, lien.ContratObjet(v.ContratID, v.Numero, "signataires", g.ID, acte)
	f.Form.Valeurs.Set(httpx.ChampVersion, strconv.Itoa(g.Version))
	return f
}

func formSignataire(v Version, _ Partie, g Signataire, _ droits.Compte) formulaire.Page {
	f := formAuSujet(v, g, "", "Modifier un signataire", "Enregistrer")
	f.Champs = champsSignataire()
	f.Form = httpx.NewForm(url.Values{"nom": {g.Nom}, "qualite": {g.Qualite}, "nature": {g.Nature}, httpx.ChampVersion: {strconv.Itoa(g.Version)}})
	f.Retrait = &formulaire.Retrait{Action: lien.ContratObjet(v.ContratID, v.Numero, "signataires", g.ID, "retirer"), Bouton: "Retirer ce signataire"}
	return f
}

func (s *Service) formSignature(v Version, _ Partie, g Signataire, par droits.Compte) formulaire.Page {
	f := formAuSujet(v, g, "signature", "Enregistrer une signature", "Enregistrer la signature")
	confirme := "La préfecture la confirmera."
	if par.Role.Prefecture() {
		confirme = "La partie la confirmera."
	}
	f.Champs = []formulaire.Champ{
		{Nom: "signe_le", Libelle: "Date de la signature", Type: "date", Aide: confirme},
		{Nom: "fichier", Libelle: "Page signée, numérisée", Type: formulaire.Fichier, Accepte: ".pdf,.png,.jpg,.jpeg", Facultatif: true, Aide: "PDF, PNG ou JPEG, " + s.documents.Max() + " au plus."},
	}
	f.Caches = []string{httpx.ChampCle}
	f.Form = httpx.NewForm(url.Values{httpx.ChampCle: {httpx.NewCle()}, "signe_le": {typo.DateISO(typo.Aujourdhui())}})
	return f
}

func formConfirmation(v Version, p Partie, g Signataire, par droits.Compte) formulaire.Page {
	f := formAuSujet(v, g, "confirmation", "Confirmer une signature", "Confirmer la signature")
	f.Apercu = signatureApercu(v, p, g)
	if g.checkConfirmation(par, p, "") != nil && par.Peut(droits.ContratArreter) {
		f.Champs = []formulaire.Champ{{Nom: "motif", Libelle: "Motif de l’attestation", Type: "textarea", Lignes: 3, Max: maxMotif,
			Aide: "La préfecture a enregistré cette signature" + typo.NBSP + ": c’est à la partie de la confirmer. Si elle ne peut pas le faire ici, attestez-la et écrivez pourquoi."}}
	}
	f.Caches = nil
	return f
}

func formAnnulation(v Version, p Partie, g Signataire, _ droits.Compte) formulaire.Page {
	f := formAuSujet(v, g, "annulation", "Annuler une signature", "Annuler la signature")
	f.Apercu = signatureApercu(v, p, g)
	f.Champs, f.Caches = []formulaire.Champ{{Nom: "motif", Libelle: "Motif", Type: "textarea", Lignes: 3, Max: maxMotif, Aide: "Il reste avec la signature annulée."}}, nil
	return f
}

// nowSignataire makes a form about a signatory as it is now; only those who may act for the party have it.
func (s *Service) nowSignataire(v Ref, id int64, make formDeSignataire) func(context.Context) (formulaire.Page, error) {
	return func(ctx context.Context) (f formulaire.Page, err error) {
		err = s.read(ctx, func(tx pgx.Tx) error {
			all, err := listSignataires(ctx, tx, v)
			if err != nil {
				return err
			}
			i := slices.IndexFunc(all, func(g Signataire) bool { return g.ID == id })
			if i < 0 {
				return fault.NotFound
			}
			version, err := findVersion(ctx, tx, v)
			if err != nil {
				return err
			}
			p, err := findPartie(ctx, tx, v, all[i].PartieID)
			if err != nil {
				return err
			}
			par := droits.Of(ctx)
			if _, err := p.cote(par); err != nil {
				return err
			}
			f = make(version, p, all[i], par)
			return nil
		})
		return f, err
	}
}

func (s *Service) showSignataire(make formDeSignataire) httpx.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		v, id, err := refObjet(r)
		if err != nil {
			return err
		}
		p, err := s.nowSignataire(v, id, make)(r.Context())
		if err != nil {
			return err
		}
		return p.Show(w, r, http.StatusOK)
	}
}

func lireSignataire(f httpx.Form) Signataire {
	return Signataire{Nom: f.Texte("nom"), Qualite: f.Texte("qualite"), Nature: f.Texte("nature")}
}

func (s *Service) createSignataire(w http.ResponseWriter, r *http.Request) error {
	v, id, err := refObjet(r)
	if err != nil {
		return err
	}
	f, cle, err := httpx.PostedNew(r)
	if err != nil {
		return err
	}
	err = s.AddSignataire(r.Context(), droits.Of(r.Context()), v, id, lireSignataire(f), cle)
	return s.answer(w, r, v, f, err, "Le signataire est ajouté.", "parties", s.formDe(v, id, formNouveauSignataire))
}

func (s *Service) updateSignataire(w http.ResponseWriter, r *http.Request) error {
	v, id, f, on, err := postedObjet(r)
	if err != nil {
		return err
	}
	err = s.UpdateSignataire(r.Context(), droits.Of(r.Context()), v, id, on, lireSignataire(f))
	return s.answer(w, r, v, f, err, "Le signataire est modifié.", "parties", s.nowSignataire(v, id, formSignataire))
}

func (s *Service) deleteSignataire(w http.ResponseWriter, r *http.Request) error {
	v, id, err := refObjet(r)
	if err != nil {
		return err
	}
	err = s.RemoveSignataire(r.Context(), droits.Of(r.Context()), v, id)
	return s.answer(w, r, v, httpx.NewForm(nil), err, "Le signataire est retiré.", "parties", s.nowSignataire(v, id, formSignataire))
}

func (s *Service) createSignature(w http.ResponseWriter, r *http.Request, f httpx.Form, files []document.Fichier) error {
	v, id, err := refObjet(r)
	if err != nil {
		return err
	}
	cle, err := f.Cle()
	if err != nil {
		return err
	}
	le := saisie.Jour(f.Fautes, "signe_le", f.Texte("signe_le"))
	if len(files) > 1 {
		f.Fautes.Add("fichier", "Joignez un seul fichier.")
	}
	if err = f.Fautes.Err(); err == nil {
		err = s.Signer(r.Context(), droits.Of(r.Context()), v, id, le, document.Un(files), cle)
	}
	return s.answer(w, r, v, f, err, "La signature est enregistrée"+typo.NBSP+": elle attend d’être confirmée.", "parties", s.nowSignataire(v, id, s.formSignature))
}

func (s *Service) updateConfirmation(w http.ResponseWriter, r *http.Request) error {
	v, id, err := refObjet(r)
	if err != nil {
		return err
	}
	f, err := httpx.ReadForm(r)
	if err != nil {
		return err
	}
	err = s.Confirmer(r.Context(), droits.Of(r.Context()), v, id, f.Brut("motif"))
	return s.answer(w, r, v, f, err, "La signature est confirmée.", "parties", s.nowSignataire(v, id, formConfirmation))
}

func (s *Service) deleteSignature(w http.ResponseWriter, r *http.Request) error {
	v, id, err := refObjet(r)
	if err != nil {
		return err
	}
	f, err := httpx.ReadForm(r)
	if err != nil {
		return err
	}
	err = s.AnnulerSignature(r.Context(), droits.Of(r.Context()), v, id, f.Brut("motif"))
	return s.answer(w, r, v, f, err, "La signature est annulée.", "parties", s.nowSignataire(v, id, formAnnulation))
}
