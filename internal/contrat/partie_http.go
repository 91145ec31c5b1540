package contrat

import (
	"context"
	"net/http"
	"net/url"
	"strconv"

	"github.com/jackc/pgx/v5"

	"portail/internal/droits"
	"portail/internal/formulaire"
	"portail/internal/httpx"
	"portail/internal/lexique"
	"portail/internal/lien"
	"portail/web/typo"
)

func (s *Service) partieRoutes(r *httpx.Router) {
	one := une + "/parties/{objet}"
	r.Get(une+"/"+lien.ActeNouvellePartie, droits.ContratModifier, s.show(s.formNouvellePartie))
	r.Post(une+"/"+lien.ActeNouvellePartie, droits.ContratModifier, s.createPartie)
	r.Get(one, droits.ContratModifier, s.showPartie(formPartie))
	r.Post(one, droits.ContratModifier, s.updatePartie)
	r.Post(one+"/retirer", droits.ContratModifier, s.deletePartie)
	r.Get(one+"/dispense", droits.ContratArreter, s.showPartie(formDispense))
	r.Post(one+"/dispense", droits.ContratArreter, s.updateDispense)
}

func champsPartie() []formulaire.Champ {
	return []formulaire.Champ{
		{Nom: "nature", Libelle: "À quel titre", Options: httpx.Options(lexique.NaturesPartie), Vide: "Choisir"},
		{Nom: "obligation", Libelle: "Signature", Options: httpx.Options(lexique.Obligations), Vide: "Ce que la loi prévoit", Facultatif: true,
			Aide: "Obligatoire pour l’État, l’intercommunalité et les communes, attendue du département et de la région (loi 2014-173, art." + typo.NBSP + "6)."},
	}
}

func (s *Service) formNouvellePartie(ctx context.Context, r Ref) (p formulaire.Page, err error) {
	err = s.read(ctx, func(tx pgx.Tx) error {
		v, err := findVersion(ctx, tx, r)
		if err != nil {
			return err
		}
		organismes, err := listOrganismes(ctx, tx)
		p = formNouveau(v, lien.ActeNouvellePartie, "Ajouter une partie", "Ajouter la partie")
		p.Champs = append([]formulaire.Champ{{Nom: "organisme", Libelle: "Organisme", Options: options(organismes), Vide: "Choisir un organisme",
			Aide: "Il doit figurer dans la liste des organismes."}}, champsPartie()...)
		return err
	})
	return p, err
}

func (s *Service) createPartie(w http.ResponseWriter, r *http.Request) error {
	v, f, err := sent(r)
	if err != nil {
		return err
	}
	cle, err := f.Cle()
	if err != nil {
		return err
	}
	p := Partie{OrganismeID: choix(f, "organisme"), Nature: f.Texte("nature"), Obligation: f.Texte("obligation")}
	err = s.AddPartie(r.Context(), droits.Of(r.Context()), v, p, cle)
	return s.answer(w, r, v, f, err, "La partie est ajoutée"+typo.NBSP+": indiquez ses signataires.", "parties", s.form(v, s.formNouvellePartie))
}

// formDe reads a party of a text and makes its form.
func (s *Service) formDe(v Ref, id int64, make func(Version, Partie) formulaire.Page) func(context.Context) (formulaire.Page, error) {
	return func(ctx context.Context) (f formulaire.Page, err error) {
		err = s.read(ctx, func(tx pgx.Tx) error {
			version, err := findVersion(ctx, tx, v)
			if err != nil {
				return err
			}
			p, err := findPartie(ctx, tx, v, id)
			f = make(version, p)
			return err
		})
		return f, err
	}
}

func (s *Service) showPartie(make func(Version, Partie) formulaire.Page) httpx.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		v, id, err := refObjet(r)
		if err != nil {
			return err
		}
		p, err := s.formDe(v, id, make)(r.Context())
		if err != nil {
			return err
		}
		return p.Show(w, r, http.StatusOK)
	}
}

func formPartie(v Version, p Partie) formulaire.Page {
	f := formActe(v, "", "Modifier une partie", "Enregistrer")
	f.Objet, f.Action = p.OrganismeNom, lien.ContratObjet(v.ContratID, v.Numero, "parties", p.ID, "")
	f.Champs = champsPartie()
	f.Form = httpx.NewForm(url.Values{"nature": {p.Nature}, "obligation": {p.Obligation}, httpx.ChampVersion: {strconv.Itoa(p.Version)}})
	f.Retrait = &formulaire.Retrait{Action: lien.ContratObjet(v.ContratID, v.Numero, "parties", p.ID, "retirer"), Bouton: "Retirer cette partie"}
	return f
}

func formDispense(v Version, p Partie) formulaire.Page {
	f := formActe(v, "", "Dispenser de signer", "Enregistrer")
	f.Objet, f.Action = p.OrganismeNom, lien.ContratObjet(v.ContratID, v.Numero, "parties", p.ID, "dispense")
	f.Champs = []formulaire.Champ{{Nom: "motif", Libelle: "Motif", Type: "textarea", Lignes: 4, Max: maxMotif, Facultatif: true,
		Aide: "Il est inscrit au journal. Laissez vide pour attendre de nouveau la signature."}}
	f.Form = httpx.NewForm(url.Values{"motif": {p.DispenseMotif}, httpx.ChampVersion: {strconv.Itoa(p.Version)}})
	return f
}

// postedObjet reads the form of a part of a text that is there.
func postedObjet(r *http.Request) (v Ref, id int64, f httpx.Form, on int, err error) {
	if v, id, err = refObjet(r); err != nil {
		return v, id, f, 0, err
	}
	if f, err = httpx.ReadForm(r); err != nil {
		return v, id, f, 0, err
	}
	on, err = f.Version()
	return v, id, f, on, err
}

func (s *Service) updatePartie(w http.ResponseWriter, r *http.Request) error {
	v, id, f, on, err := postedObjet(r)
	if err != nil {
		return err
	}
	in := Partie{Nature: f.Texte("nature"), Obligation: f.Texte("obligation")}
	if in.Obligation == "" {
		in.Obligation = obligationDe(in.Nature)
	}
	err = s.UpdatePartie(r.Context(), droits.Of(r.Context()), v, id, on, in)
	return s.answer(w, r, v, f, err, "La partie est modifiée.", "parties", s.formDe(v, id, formPartie))
}

func (s *Service) deletePartie(w http.ResponseWriter, r *http.Request) error {
	v, id, err := refObjet(r)
	if err != nil {
		return err
	}
	err = s.RemovePartie(r.Context(), droits.Of(r.Context()), v, id)
	return s.answer(w, r, v, httpx.NewForm(nil), err, "La partie est retirée.", "parties", s.formDe(v, id, formPartie))
}

func (s *Service) updateDispense(w http.ResponseWriter, r *http.Request) error {
	v, id, f, on, err := postedObjet(r)
	if err != nil {
		return err
	}
	err = s.Dispenser(r.Context(), droits.Of(r.Context()), v, id, on, f.Brut("motif"))
	return s.answer(w, r, v, f, err, "La dispense est enregistrée.", "parties", s.formDe(v, id, formDispense))
}
