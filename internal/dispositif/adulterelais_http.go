package dispositif

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"portail/internal/droits"
	"portail/internal/fault"
	"portail/internal/formulaire"
	"portail/internal/httpx"
	"portail/internal/journal"
	"portail/internal/lexique"
	"portail/internal/lien"
	"portail/internal/pg"
	"portail/internal/saisie"
	"portail/web/typo"
)

// unAR is the address of a convention, as a pattern.
const unAR = lien.AdultesRelais + "/{id}"

func (s *Service) adulteRelaisRoutes(r *httpx.Router) {
	r.Get(lien.AdulteRelaisNouveau, droits.AdulteRelaisDemander, formulaire.Nouveau(s.formCreationAR, url.Values{"quotite": {"100"}}))
	r.Post(lien.AdulteRelaisNouveau, droits.AdulteRelaisDemander, s.createAR)
	r.Get(unAR, droits.DispositifVoir, s.showAR)
	for _, t := range transitions {
		r.Get(unAR+"/"+t.Acte, t.Droit, s.editAR(t))
		r.Post(unAR+"/"+t.Acte, t.Droit, s.updateAR(t))
	}
}

func (s *Service) createAR(w http.ResponseWriter, r *http.Request) error {
	f, cle, err := httpx.PostedNew(r)
	if err != nil {
		return err
	}
	c, faults := s.lireConvention(f)
	id, err := s.CreateAR(r.Context(), droits.Of(r.Context()), c, faults, cle)
	return formulaire.Suite{Annonce: s.annonce, Message: "La demande est enregistrée. Elle attend l’avis du délégué du préfet.", Vers: lien.AdulteRelais(id),
		Page: s.formCreationAR(f)}.Answer(w, r, f, err)
}

func (s *Service) showAR(w http.ResponseWriter, r *http.Request) error {
	id, err := httpx.ID(r, "id")
	if err != nil {
		return err
	}
	v, err := s.readFicheAR(r.Context(), droits.Of(r.Context()), id)
	if err != nil {
		return err
	}
	return httpx.Render(w, r, http.StatusOK, ficheARPage(v))
}

func (s *Service) editAR(t transition) httpx.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		id, err := httpx.ID(r, "id")
		if err != nil {
			return err
		}
		v, err := s.readFicheAR(r.Context(), droits.Of(r.Context()), id)
		if err != nil {
			return err
		}
		var refused fault.Fields
		if errors.As(t.check(v.AdulteRelais, droits.Of(r.Context())), &refused) { // an old link: the record says what is possible now
			s.annonce.Flash(r.Context(), refused[""], "")
			return httpx.Redirect(w, r, http.StatusSeeOther, lien.AdulteRelais(id))
		}
		p, err := s.formAR(t.Acte, id)(r.Context())
		if err != nil {
			return err
		}
		return p.Show(w, r, http.StatusOK)
	}
}

// messagesAR are said once an act is done.
var messagesAR = map[string]string{
	lien.ActeModifier: "La demande est modifiée. Elle attend l’avis du délégué du préfet.", lien.ActeAviser: "L’avis est enregistré.",
	lien.ActeAccorder: "Le poste est accordé. Enregistrez la signature de la convention dès qu’elle a eu lieu.", lien.ActeRefuser: "Le refus est enregistré.",
	lien.ActeSigner: "La signature est enregistrée" + typo.NBSP + ": l’employeur peut embaucher.", lien.ActePourvoir: "Le poste est pourvu.",
	lien.ActeDepart: "Le poste est vacant.", lien.ActeDeroger: "La dérogation est enregistrée.", lien.ActeResilier: "La convention est résiliée.",
	lien.ActeTerminer: "La convention est close à son terme.", lien.ActeReference: "Les références sont enregistrées.", lien.ActePieces: "Les pièces reçues sont notées.",
	lien.ActeRenouveler: "Le renouvellement est ouvert" + typo.NBSP + ": c’est une demande liée à la convention d’origine.",
}

func (s *Service) updateAR(t transition) httpx.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		id, f, on, err := httpx.Posted(r)
		if err != nil {
			return err
		}
		par, to := droits.Of(r.Context()), lien.AdulteRelais(id)
		if t.Acte == lien.ActeRenouveler {
			faults := fault.Fields{}
			debut, fin := lireDates(faults, f)
			if err = faults.Err(); err == nil {
				var next int64
				if next, err = s.Renouveler(r.Context(), par, id, on, debut, fin); err == nil && next != 0 {
					to = lien.AdulteRelais(next)
				}
			}
		} else {
			err = s.doAR(r.Context(), par, t.Acte, id, on, f)
		}
		return s.suite(objetAdulteRelais, id, messagesAR[t.Acte], to, s.formAR(t.Acte, id)).Answer(w, r, f, err)
	}
}

// doAR does an act with what its form says.
func (s *Service) doAR(ctx context.Context, par droits.Compte, acte string, id int64, on int, form httpx.Form) error {
	f := fault.Fields{}
	day := func(champ string) time.Time { return saisie.JourPasse(f, champ, form.Texte(champ)) }
	judged := func(do func() error) error { // what could be read is judged too, so that all faults are told at once
		if len(f) == 0 {
			return do()
		}
		return f
	}
	switch acte {
	case lien.ActeModifier:
		c, f := s.lireConvention(form)
		return s.UpdateAR(ctx, par, id, on, c, f)
	case lien.ActeAviser:
		return s.Aviser(ctx, par, id, on, form.Texte("avis"), form.Brut("avis_texte"))
	case lien.ActeAccorder:
		le := day("le")
		return judged(func() error { return s.Accorder(ctx, par, id, on, le) })
	case lien.ActeRefuser:
		le := day("le")
		checkMotif(f, form.Texte("motif"))
		return judged(func() error { return s.Refuser(ctx, par, id, on, le, form.Brut("motif")) })
	case lien.ActeSigner:
		le := day("le")
		return judged(func() error {
			return s.Signer(ctx, par, id, on, saisie.Ligne(form.Texte("numero")), saisie.Ligne(form.Texte("asp")), le)
		})
	case lien.ActePourvoir:
		e := embauche{Debut: day("debut"), ConditionsLe: day("conditions_le"), Conditions: form.Texte("conditions") == "oui", Residence: form.Texte("residence")}
		return judged(func() error { return s.Pourvoir(ctx, par, id, on, e) })
	case lien.ActeDepart:
		fin := day("fin")
		return judged(func() error { return s.Depart(ctx, par, id, on, fin) })
	case lien.ActeDeroger:
		return s.Deroger(ctx, par, id, on, form.Texte("regle"), form.Brut("motif"))
	case lien.ActeResilier:
		le := day("le")
		checkMotif(f, form.Texte("motif"))
		return judged(func() error { return s.Resilier(ctx, par, id, on, le, form.Brut("motif")) })
	case lien.ActeTerminer:
		return s.Terminer(ctx, par, id, on)
	case lien.ActeReference:
		return s.Reference(ctx, par, id, on, saisie.Ligne(form.Texte("asp")), form.Brut("missions_texte"))
	case lien.ActePieces:
		return s.Pieces(ctx, par, id, on, slices.Compact(slices.Sorted(slices.Values(form.Valeurs["pieces"]))))
	}
	return fault.NotFound
}

// suite is what follows the form of a record.
func (s *Service) suite(objet string, id int64, message, vers string, page func(context.Context) (formulaire.Page, error)) formulaire.Suite {
	return formulaire.Suite{Annonce: s.annonce, Message: message, Vers: vers, Page: page,
		Dernier: func(ctx context.Context) (last *journal.Ligne, err error) {
			err = pg.As(ctx, s.db, droits.Of(ctx), func(tx pgx.Tx) error {
				lignes, err := journal.Historique(ctx, tx, objet, id)
				if len(lignes) > 0 {
					last = &lignes[0]
				}
				return err
			})
			if err != nil {
				return nil, fmt.Errorf("history of %s %d: %w", objet, id, err)
			}
			return last, nil
		}}
}

// readFicheAR reads a record in one round trip.
func (s *Service) readFicheAR(ctx context.Context, par droits.Compte, id int64) (ficheAR, error) {
	v := ficheAR{Par: par}
	var b pg.Batch
	addFicheAR(&b, &v, id)
	journal.AddHistorique(&b, &v.Historique, objetAdulteRelais, id)
	if err := b.RunAs(ctx, s.db, par); err != nil {
		return v, fmt.Errorf("read adulte-relais %d: %w", id, err)
	}
	return v, nil
}

// etatAR is a state in words.
func etatAR(code string) string { return lexique.Libelle(lexique.EtatsAdulteRelais, code) }
