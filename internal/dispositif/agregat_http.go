package dispositif

import (
	"context"
	"fmt"
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
	"portail/internal/journal"
	"portail/internal/lien"
	"portail/internal/pg"
	"portail/internal/saisie"
	"portail/web"
	"portail/web/typo"
)

func (s *Service) agregatRoutes(r *httpx.Router) {
	const one = lien.ReussiteEducative + "/{id}/agregats"
	r.Get(one, droits.DispositifVoir, s.showAgregats)
	for _, f := range httpx.Formats {
		r.Get(one+lien.PREAgregatsFichier(0, f.Code)[len(lien.PREAgregats(0)):], droits.DispositifVoir, s.sendAgregats(f.Code))
	}
	r.Get(one+"/{annee}", droits.PREAgregatSaisir, s.editAgregats)
	r.Post(one+"/{annee}", droits.PREAgregatSaisir, s.updateAgregats)
	r.Publier(lien.PREChiffres, s.showChiffres)
}

// readAgregats reads the counts of a programme as whoever asks may see them.
func readAgregats(ctx context.Context, q pg.Q, par droits.Compte, id int64) (agregatsVue, error) {
	v := agregatsVue{Par: par}
	var b pg.Batch
	addAgregats(&b, &v, id)
	if err := b.RunAs(ctx, q, par); err != nil {
		return v, fmt.Errorf("counts of programme %d: %w", id, err)
	}
	return v, nil
}

func (s *Service) showAgregats(w http.ResponseWriter, r *http.Request) error {
	id, err := httpx.ID(r, "id")
	if err != nil {
		return err
	}
	v, err := readAgregats(r.Context(), s.db, droits.Of(r.Context()), id)
	if err != nil {
		return err
	}
	return httpx.Render(w, r, http.StatusOK, agregatsPage(v))
}

// sendAgregats sends the counts as a file, masked as on the page; that they left the portal is noted.
func (s *Service) sendAgregats(format string) httpx.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		id, err := httpx.ID(r, "id")
		if err != nil {
			return err
		}
		par := droits.Of(r.Context())
		v, err := readAgregats(r.Context(), s.db, par, id)
		if err != nil {
			return err
		}
		err = pg.As(r.Context(), s.db, par, func(tx pgx.Tx) error {
			return journal.Note(r.Context(), tx, par, "agrégats annuels exportés", objetPRE, id, journal.Changement{"format": {nil, format}})
		})
		if err != nil {
			return fmt.Errorf("counts of programme %d as a file: %w", id, err)
		}
		return httpx.Table(w, format, v.fichier(httpx.Base(r, s.cfg.URL), time.Now()))
	}
}

func (s *Service) showChiffres(w http.ResponseWriter, r *http.Request) error {
	var rows []publicRow
	var b pg.Batch
	addChiffres(&b, &rows)
	if err := b.Run(r.Context(), s.db); err != nil {
		return fmt.Errorf("published counts: %w", err)
	}
	return httpx.Render(w, r, http.StatusOK, chiffresPage(programmesPublics(rows)))
}

// anneeDe is the year of the address.
func anneeDe(r *http.Request) (int, error) {
	year, err := strconv.Atoi(httpx.Param(r, "annee"))
	if err != nil || year < premiereAnneePRE || year > typo.Aujourdhui().Year() {
		return 0, fmt.Errorf("year in the address: %w", fault.NotFound)
	}
	return year, nil
}

// formAgregats is the form of the counts of a year.
func (s *Service) formAgregats(id int64, annee int) func(context.Context) (formulaire.Page, error) {
	return func(ctx context.Context) (formulaire.Page, error) {
		par := droits.Of(ctx)
		var p programme
		var kept retour
		var counts effectifs
		err := pg.As(ctx, s.db, par, func(tx pgx.Tx) (err error) {
			if p, err = pg.One[programme](ctx, tx, selectProgramme+`WHERE p.id = $1`, id); err == nil {
				kept, counts, err = readRetour(ctx, tx, id, annee)
			}
			return err
		})
		if err == nil && (!slices.Contains(p.annees(), annee) || par.Role == droits.Referent && !p.producteur(par)) {
			err = fault.NotFound
		}
		if err != nil {
			return formulaire.Page{}, fmt.Errorf("form of the counts of programme %d for %d: %w", id, annee, err)
		}
		page := formulaire.Page{Titre: "Agrégats " + strconv.Itoa(annee), Bouton: "Enregistrer les agrégats", Objet: p.Nom, Fil: filProgramme(p, web.Lien{Texte: "Agrégats annuels", Href: lien.PREAgregats(id)}),
			Retour: lien.PREAgregats(id), Action: lien.PREAgregatsAnnee(id, annee), Apercu: agregatApercu(p, annee), Caches: []string{httpx.ChampVersion},
			Form: httpx.NewForm(url.Values{httpx.ChampVersion: {strconv.Itoa(kept.Version)}, "reserve": {kept.Reserve}})}
		for _, f := range saisiesAgregat {
			page.Champs = append(page.Champs, formulaire.Champ{Nom: f.Champ, Libelle: f.Libelle, Groupe: f.Groupe, Mode: "numeric", Max: 9, Facultatif: f.Groupe == groupeDuree || f.Groupe == groupeSortie})
			if n, given := counts[f.Rubrique]; given {
				page.Form.Valeurs.Set(f.Champ, strconv.FormatInt(n, 10))
			}
		}
		page.Champs = append(page.Champs, formulaire.Champ{Nom: "reserve", Libelle: "Réserve", Max: maxReserve, Facultatif: true, Aide: "Ce qu’il faut savoir avant de lire ces chiffres. Montrée avec eux."})
		if par.Peut(droits.DispositifModifier) {
			page.Champs = append(page.Champs, formulaire.Champ{Nom: "publie", Libelle: "Publication", Type: formulaire.Cases, Options: []web.Option{{Value: "oui", Label: "Montrer ces chiffres au public, petits effectifs masqués"}}, Facultatif: true})
			if kept.Publie {
				page.Form.Valeurs.Set("publie", "oui")
			}
		}
		return page, nil
	}
}

func (s *Service) editAgregats(w http.ResponseWriter, r *http.Request) error {
	id, err := httpx.ID(r, "id")
	if err != nil {
		return err
	}
	annee, err := anneeDe(r)
	if err != nil {
		return err
	}
	p, err := s.formAgregats(id, annee)(r.Context())
	if err != nil {
		return err
	}
	return p.Show(w, r, http.StatusOK)
}

// lireEffectifs reads what was typed; what is no number is told on its field.
func lireEffectifs(form httpx.Form) (effectifs, fault.Fields) {
	e, f := effectifs{}, fault.Fields{}
	for _, s := range saisiesAgregat {
		if text := form.Texte(s.Champ); text != "" {
			before := len(f)
			if n := saisie.Entier(f, s.Champ, text, 0, maxParcours); len(f) == before {
				e[s.Rubrique] = n
			} else {
				f[s.Champ] = s.Libelle + typo.NBSP + ": un nombre entier entre 0 et " + typo.Nombre(maxParcours) + " est attendu."
			}
		}
	}
	return e, f
}

func (s *Service) updateAgregats(w http.ResponseWriter, r *http.Request) error {
	id, err := httpx.ID(r, "id")
	if err != nil {
		return err
	}
	annee, err := anneeDe(r)
	if err != nil {
		return err
	}
	form, err := httpx.ReadForm(r)
	if err != nil {
		return err
	}
	version, err := strconv.ParseInt(form.Texte(httpx.ChampVersion), 10, 32)
	if err != nil || version < 0 { // 0: there was none yet
		return fmt.Errorf("field %s: %w", httpx.ChampVersion, fault.Malformed)
	}
	e, f := lireEffectifs(form)
	done := s.SetAgregatsPRE(r.Context(), droits.Of(r.Context()), id, annee, int(version), e, form.Brut("reserve"), form.Texte("publie") == "oui", f)
	suite := formulaire.Suite{Annonce: s.annonce, Message: "Les agrégats " + strconv.Itoa(annee) + " sont enregistrés.", Vers: lien.PREAgregats(id), Page: s.formAgregats(id, annee)}
	return suite.Answer(w, r, form, done)
}
