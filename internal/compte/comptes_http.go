package compte

import (
	"bytes"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"portail/internal/droits"
	"portail/internal/export"
	"portail/internal/fault"
	"portail/internal/httpx"
	"portail/internal/journal"
	"portail/internal/lien"
	"portail/internal/pg"
	"portail/web/typo"
)

// administrationRoutes are the pages by which accounts are looked after.
func (s *Service) administrationRoutes(r *httpx.Router) {
	r.Get(lien.Comptes, droits.CompteVoir, s.showComptes)
	r.Get(lien.Comptes+"/fichier.ods", droits.CompteExporter, s.sendComptes)
	r.Get(lien.Comptes+"/{id}", droits.CompteVoir, s.showCompte)
	r.Post(lien.Comptes+"/{id}/fonctions", droits.CompteAdministrer, s.createFonction)
	r.Post(lien.Comptes+"/{id}/fonctions/{fonction}/retirer", droits.CompteAdministrer, s.deleteFonction)
	r.Post(lien.Comptes+"/{id}/desactiver", droits.CompteAdministrer, s.updateDesactive)
	r.Post(lien.Comptes+"/{id}/reactiver", droits.CompteAdministrer, s.updateReactive)
	r.Post(lien.Comptes+"/{id}/second-facteur", droits.CompteAdministrer, s.deleteSecondFacteur)
	r.Post(lien.Comptes+"/{id}/sessions", droits.CompteAdministrer, s.deleteSesSessions)
	r.Get(lien.Comptes+"/{id}/transmettre", droits.CompteAdministrer, s.newTransmission)
	r.Post(lien.Comptes+"/{id}/transmettre", droits.CompteAdministrer, s.createTransmission)
	r.Get(lien.Invitations, droits.CompteInviter, s.showInvitations)
	r.Get(lien.InvitationNouvelle, droits.CompteInviter, s.newInvitation)
	r.Post(lien.Invitations, droits.CompteInviter, s.createInvitation)
	r.Post(lien.Invitations+"/{id}/renvoyer", droits.CompteInviter, s.updateInvitation)
	r.Post(lien.Invitations+"/{id}/revoquer", droits.CompteInviter, s.deleteInvitation)
	r.Get(lien.MatriceDroits, droits.DroitsVoir, s.showMatrice)
	r.Get(lien.Registre, droits.RegistreVoir, s.showRegistre)
}

// vueComptes is what the list of accounts shows.
type vueComptes struct {
	listeComptes
	Filtres filtresComptes
	Par     droits.Compte
}

func (s *Service) showComptes(w http.ResponseWriter, r *http.Request) error {
	f, err := parseFiltresComptes(r.URL.Query())
	if err != nil {
		return err
	}
	par := droits.Of(r.Context())
	l, err := s.listComptes(r.Context(), par, f)
	if err != nil {
		return err
	}
	if f.Page > 1 && len(l.Lignes) == 0 {
		return fmt.Errorf("page %d of accounts: %w", f.Page, fault.NotFound)
	}
	return httpx.Render(w, r, http.StatusOK, comptesPage(vueComptes{listeComptes: l, Filtres: f, Par: par}))
}

// sendComptes answers with a spreadsheet of the list as it is filtered. That it was taken away is journalled.
func (s *Service) sendComptes(w http.ResponseWriter, r *http.Request) error {
	f, err := parseFiltresComptes(r.URL.Query())
	if err != nil {
		return err
	}
	ctx, par, now := r.Context(), droits.Of(r.Context()), time.Now()
	var body bytes.Buffer
	err = pg.As(ctx, s.db, par, func(tx pgx.Tx) error {
		all, err := extraireComptes(ctx, tx, par, f)
		if err != nil {
			return err
		}
		words := []string{}
		for _, l := range f.mots(fmt.Sprint(f.Organisme)) {
			words = append(words, l.Texte)
		}
		base := httpx.Base(r, s.cfg.URL)
		err = export.ODS(&body, export.Table{
			Nom: "comptes", Titre: "Comptes",
			Apropos: export.Apropos{Extrait: now, Permalien: base + f.url().Page(1), Filtres: words, Reserves: []string{"Données à caractère personnel\u00a0: à effacer après usage."}},
			Colonnes: []export.Colonne{
				{Titre: "Nom", Nom: "nom", Largeur: 5}, {Titre: "Adresse électronique", Nom: "courriel", Largeur: 6}, {Titre: "Fonctions", Nom: "fonctions", Largeur: 9},
				{Titre: "État", Nom: "etat"}, {Titre: "Second facteur", Nom: "second_facteur", Type: export.Booleen}, {Titre: "Dernière connexion", Nom: "derniere_connexion", Type: export.Date},
				{Titre: "Désactivé le", Nom: "desactive_le", Type: export.Date}, {Titre: "Fiche", Nom: "fiche", Type: export.Lien},
			},
			Lignes: export.Lignes(all, func(c ligneCompte) []any {
				etat, _ := c.etat()
				return []any{c.Nom, c.Courriel, strings.Join(c.fonctions(), "\n"), etat, c.TOTP, paris(c.DerniereConnexion), paris(c.DesactiveLe), base + lien.Compte(c.ID)}
			}),
		})
		if err != nil {
			return err
		}
		return journal.Note(ctx, tx, par, "liste des comptes exportée", "compte", 0, journal.Changement{"lignes": {nil, len(all)}, "filtres": {nil, words}})
	})
	if err != nil {
		return err
	}
	return httpx.File(w, export.TypeODS, export.FileName(now, "ods", "comptes"), body.Bytes())
}

// paris is a moment in the legal time that days are counted in.
func paris(t *time.Time) *time.Time {
	if t == nil {
		return nil
	}
	local := t.In(typo.Paris)
	return &local
}
