package contrat

import (
	"context"
	"net/http"
	"net/url"

	"github.com/jackc/pgx/v5"

	"portail/internal/document"
	"portail/internal/droits"
	"portail/internal/fault"
	"portail/internal/formulaire"
	"portail/internal/httpx"
	"portail/internal/lexique"
	"portail/internal/lien"
	"portail/internal/saisie"
	"portail/internal/texte"
	"portail/web/typo"
)

func (s *Service) acteRoutes(r *httpx.Router) {
	for _, t := range machine {
		path := une + "/" + string(t.Acte)
		r.Get(path, t.Droit, s.show(s.formDuActe(t)))
		switch t.Acte {
		case OuvrirAvenant:
			r.Post(path, t.Droit, s.createAvenant)
		case ValiderReprise:
			r.PostFile(path, t.Droit, s.documents.MaxCorps(), s.documents.Recevoir("fichier", func(w http.ResponseWriter, r *http.Request, f httpx.Form, files []document.Fichier) error {
				return s.agir(w, r, t, f, files)
			}))
		default:
			r.Post(path, t.Droit, func(w http.ResponseWriter, r *http.Request) error {
				f, err := httpx.ReadForm(r)
				if err != nil {
					return err
				}
				return s.agir(w, r, t, f, nil)
			})
		}
	}
	r.Get(une+"/"+lien.ActeContratComparaison, droits.ContratVoir, s.showComparaison)
	r.Get(une+"/"+lien.ActeContratTexte, droits.ContratVoir, s.sendTexteFige)
}

// formDuActe shows what an act will do, before it is done.
func (s *Service) formDuActe(t transition) page {
	return func(ctx context.Context, r Ref) (p formulaire.Page, err error) {
		err = s.read(ctx, func(tx pgx.Tx) error {
			c, err := readContenu(ctx, tx, r)
			if err != nil {
				return err
			}
			if t.Acte == OuvrirAvenant {
				p = formAvenant(c.Version)
				return nil
			}
			p = formActe(c.Version, string(t.Acte), t.Libelle, t.Libelle)
			p.Apercu = acteApercu(t, c)
			if t.Acte.motif() || t.Acte == Publier {
				p.Champs = append(p.Champs, formulaire.Champ{Nom: "motif", Libelle: "Motif", Type: "textarea", Lignes: 3, Max: maxMotif, Facultatif: t.Acte == Publier})
			}
			if t.Acte.date() {
				label := "Date de la signature"
				if t.Acte == Denoncer {
					label = "Date d’effet de la dénonciation"
				}
				p.Champs = append(p.Champs, formulaire.Champ{Nom: "le", Libelle: label, Type: "date", Montre: formulaire.MontreJour})
			}
			if t.Acte == ValiderReprise {
				p.Champs = append(p.Champs, formulaire.Champ{Nom: "fichier", Libelle: "Scan du contrat signé", Type: formulaire.Fichier, Accepte: ".pdf", Aide: "PDF, " + s.documents.Max() + " au plus."})
			}
			return nil
		})
		return p, err
	}
}

func formAvenant(v Version) formulaire.Page {
	p := formNouveau(v, string(OuvrirAvenant), "Ouvrir un avenant", "Ouvrir l’avenant")
	p.Apercu = avenantApercu(v)
	p.Champs = []formulaire.Champ{
		{Nom: "objet", Libelle: "Objet de l’avenant", Max: maxTitre},
		{Nom: "natures", Libelle: "Ce que l’avenant change", Type: formulaire.Cases, Options: httpx.Options(lexique.NaturesAvenant)},
	}
	return p
}

// agir does an act and goes back to its text; a contract that was deleted leads to the list.
func (s *Service) agir(w http.ResponseWriter, r *http.Request, t transition, f httpx.Form, files []document.Fichier) error {
	v, err := ref(r)
	if err != nil {
		return err
	}
	d := Demande{Motif: f.Brut("motif"), Scan: document.Un(files)}
	if d.Version, err = f.Version(); err != nil {
		return err
	}
	if t.Acte.date() {
		d.Le = saisie.Jour(f.Fautes, "le", f.Texte("le"))
	}
	if err = f.Fautes.Err(); err == nil {
		err = s.Agir(r.Context(), droits.Of(r.Context()), v, t.Acte, d)
	}
	message := couper(typo.Majuscule(t.Fait), maxLigne) + "."
	if err == nil && t.Acte == Supprimer {
		s.annonce.Flash(r.Context(), message, "")
		return httpx.Redirect(w, r, http.StatusSeeOther, lien.ContratsAgents)
	}
	return s.answer(w, r, v, f, err, message, "", s.form(v, s.formDuActe(t)))
}

func (s *Service) createAvenant(w http.ResponseWriter, r *http.Request) error {
	v, f, err := sent(r)
	if err != nil {
		return err
	}
	cle, err := f.Cle()
	if err != nil {
		return err
	}
	numero, err := s.OpenAvenant(r.Context(), droits.Of(r.Context()), v, f.Texte("objet"), f.Valeurs["natures"], cle)
	t, _ := OuvrirAvenant.find()
	return formulaire.Suite{Annonce: s.annonce, Message: "L’avenant est ouvert" + typo.NBSP + ": il part du texte en vigueur, que vous pouvez maintenant modifier.",
		Vers: lien.ContratVersion(v.Contrat, numero), Page: s.form(v, s.formDuActe(t))}.Answer(w, r, f, err)
}

// comparaison is what a text changes of another.
type comparaison struct {
	Version
	Avec   Version
	Textes []Version // all those of the contract, to choose from
	Rows   []texte.Rangee
}

// showComparaison tells what an avenant changes: its whole text beside that of the one before, or of another.
func (s *Service) showComparaison(w http.ResponseWriter, r *http.Request) error {
	v, err := ref(r)
	if err != nil {
		return err
	}
	var k comparaison
	err = s.read(r.Context(), func(tx pgx.Tx) error {
		if k.Textes, err = listVersions(r.Context(), tx, v.Contrat); err != nil {
			return err
		}
		with := Ref{v.Contrat, precedente(k.Textes, v.Numero)}
		if q := r.URL.Query(); q.Get("avec") != "" {
			with.Numero = int(choix(httpx.NewForm(url.Values{"avec": q["avec"]}), "avec"))
		}
		after, err := readContenu(r.Context(), tx, v)
		if err != nil {
			return err
		}
		before, err := readContenu(r.Context(), tx, with)
		k.Version, k.Avec, k.Rows = after.Version, before.Version, texte.Comparer(before.Texte(), after.Texte())
		return err
	})
	if err != nil {
		return err
	}
	return httpx.Render(w, r, http.StatusOK, versionsVue(k))
}

// precedente is the number of the text that a text replaces, abandoned ones aside; the first one is its own.
func precedente(all []Version, numero int) int {
	before := 1
	for _, v := range all {
		if v.Numero < numero && v.Etat != Abandonne {
			before = v.Numero
		}
	}
	return before
}

// sendTexteFige is the frozen text itself, so that anybody can check its SHA-256.
func (s *Service) sendTexteFige(w http.ResponseWriter, r *http.Request) error {
	v, err := ref(r)
	if err != nil {
		return err
	}
	var frozen string
	err = s.read(r.Context(), func(tx pgx.Tx) error {
		frozen, err = findTexteFige(r.Context(), tx, v)
		return err
	})
	if err != nil {
		return err
	}
	if frozen == "" {
		return fault.NotFound
	}
	return httpx.File(w, "text/plain; charset=utf-8", "contrat-de-ville-"+numero(v.Contrat)+"-version-"+numero(int64(v.Numero))+".txt", []byte(frozen))
}
