package dispositif_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"portail/internal/droits"
	"portail/internal/pg"
)

const nouveauPoste = "/suivi/adultes-relais/nouveau"

// demandeEmployeur are the fields of a good request, as an employer types them: for itself, without saying so.
func (s site) demandeEmployeur(changed ...string) []string {
	return s.demande(changed...)[2:] // all but the employer
}

// An employer asks for a post of its own: the préfecture is told, it changes its request until an opinion is given, and learns what becomes of it.
func TestAnEmployerAsksForAPost(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.Account("autre.delegue@essai.test", droits.Delegue, "Préfecture") // of no quarter
	employer := s.SignIn(droits.Referent, "Association des habitants")
	if p := employer.Get("/suivi/adultes-relais").Want(http.StatusOK); p.Find(`main a[href="`+nouveauPoste+`"]`).Length() != 1 || strings.Contains(p.Text("main"), "Importer") {
		t.Error("the list does not offer an employer to ask for a post, or offers more")
	}
	page := employer.Get(nouveauPoste).Want(http.StatusOK)
	if page.Find("[name=employeur]").Length() != 0 || !strings.Contains(page.Text("main"), "Association des habitants") {
		t.Error("the form lets an employer name another, or does not say whose request it is")
	}
	if got := page.Find("select[name=categorie] option[value]:not([value=''])").Length(); got != 1 {
		t.Errorf("%d categories are offered to an association", got)
	}
	form := page.Fields(nouveauPoste, s.demandeEmployeur("qpv", s.qpv("QN08801M"))...)
	form.Set("employeur", fmt.Sprint(s.Etat)) // forged: for another
	address := employer.Post(nouveauPoste, form).Want(http.StatusSeeOther).Header.Get("Location")
	if again := employer.Post(nouveauPoste, form).Want(http.StatusSeeOther).Header.Get("Location"); again != address {
		t.Errorf("twice: %s, then %s", address, again)
	}
	if got := s.Value(`SELECT etat || ' ' || employeur_id FROM adulte_relais`); got != fmt.Sprint("demande ", s.Asso) {
		t.Errorf("kept: %q", got)
	}
	mails := `SELECT string_agg(destinataire, ' ' ORDER BY destinataire) FROM courriel WHERE sorte = 'adulte_relais' AND sujet LIKE 'Demande%'`
	if got := s.Value(mails); got != "delegue@essai.test gestionnaire@préfecture.test" {
		t.Errorf("told: %q", got)
	}
	if got := s.Value(`SELECT texte FROM courriel WHERE sorte = 'adulte_relais' LIMIT 1`); !strings.Contains(got, "Association des habitants") || !strings.Contains(got, address) {
		t.Errorf("mail: %s", got)
	}
	employer.Edit(address+"/modifier", "quotite", "40").Want(http.StatusUnprocessableEntity)
	employer.Edit(address+"/modifier", "quotite", "80").Want(http.StatusSeeOther)
	stale := employer.Get(address+"/modifier").Fields(address+"/modifier", "quotite", "90")
	s.Delegue.Edit(address+"/aviser", "avis", "favorable").Want(http.StatusSeeOther)
	if p := employer.Get(address); strings.Contains(p.Text("main .fr-btns-group"), "Modifier") {
		t.Error("a request that was given an opinion is still offered to its employer")
	}
	employer.Get(address + "/modifier").Want(http.StatusSeeOther) // back to the record, which says why
	if p := employer.Post(address+"/modifier", stale).Want(http.StatusUnprocessableEntity); !strings.Contains(p.Text("#erreurs"), "Avis rendu") {
		t.Errorf("told: %q", p.Text("#erreurs"))
	}
	if got := s.Value(`SELECT quotite || ' ' || etat FROM adulte_relais`); got != "80.00 avis" {
		t.Errorf("kept: %q", got)
	}
	s.Gestion.Edit(address+"/accorder", "le", day(0, 0, 0)).Want(http.StatusSeeOther)
	if got := s.Value(`SELECT string_agg(destinataire || ': ' || sujet, ' ') FROM courriel WHERE sorte = 'adulte_relais' AND sujet LIKE 'Poste%'`); got != "referent@association-des-habitants.test: Poste d’adulte-relais accordé" {
		t.Errorf("the employer is told %q", got)
	}
	if got := s.verbs("adulte_relais", address); got != "poste demandé, convention modifiée, avis du délégué rendu, poste accordé" {
		t.Errorf("journal: %s", got)
	}
}

// Nobody asks for anybody else, nor goes further than asking; what the law lets employ nobody does not ask.
func TestWhoMayNotAskForAPost(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	employer := s.SignIn(droits.Referent, "Association des habitants")
	form := employer.Get(nouveauPoste).Fields(nouveauPoste, s.demandeEmployeur()...)
	mine := employer.Post(nouveauPoste, form).Want(http.StatusSeeOther).Header.Get("Location")
	other := s.SignIn(droits.Referent, "Commune d’essai")
	other.Get(mine + "/modifier").Want(http.StatusNotFound)
	other.Post(mine+"/modifier", url.Values{"version": {"1"}}).Want(http.StatusNotFound) // nothing typed: whose it is comes first
	forged := other.Get(nouveauPoste).Fields(nouveauPoste, s.demandeEmployeur("categorie", "collectivite")...)
	forged.Set("version", "1")
	other.Post(mine+"/modifier", forged).Want(http.StatusNotFound)
	s.SignIn(droits.Lecteur, "Association des habitants").Get(nouveauPoste).Want(http.StatusForbidden)
	s.Delegue.Get(nouveauPoste).Want(http.StatusForbidden)
	s.Direction.Post(nouveauPoste, form).Want(http.StatusForbidden)
	service := s.SignIn(droits.Referent, "Service de l’État")
	if p := service.Get("/suivi/adultes-relais").Want(http.StatusOK); p.Find(`a[href="`+nouveauPoste+`"]`).Length() != 0 {
		t.Error("a service of the State is offered to ask for a post")
	}
	service.Get(nouveauPoste).Want(http.StatusForbidden)
	service.Post(nouveauPoste, form).Want(http.StatusForbidden)
	for _, act := range []string{"accorder", "aviser", "signer", "refuser", "deroger"} {
		employer.Post(mine+"/"+act, form).Want(http.StatusForbidden)
	}
	// The second wall: the tables themselves, as the web server would ask for this référent.
	par := droits.Compte{ID: 1, Role: droits.Referent, Organisme: s.Asso}
	for name, sql := range map[string]string{
		"a post of another":         fmt.Sprintf(`INSERT INTO adulte_relais (employeur_id, categorie, departement, missions, debut, fin) VALUES (%d, 'collectivite', '88', '{accueil}', current_date, current_date)`, s.Etat),
		"a post granted at once":    fmt.Sprintf(`INSERT INTO adulte_relais (employeur_id, categorie, departement, missions, debut, fin, etat) VALUES (%d, 'association', '88', '{accueil}', current_date, current_date, 'accordee')`, s.Asso),
		"granting its own":          `UPDATE adulte_relais SET etat = 'accordee'`,
		"giving it to another":      fmt.Sprintf(`UPDATE adulte_relais SET employeur_id = %d`, s.Etat),
		"an occupation":             `INSERT INTO adulte_relais_occupation (adulte_relais_id, debut, conditions_le) SELECT id, debut, debut FROM adulte_relais`,
		"a derogation to a rule":    `INSERT INTO adulte_relais_derogation (adulte_relais_id, regle, motif, le) SELECT id, 'quota', 'x', current_date FROM adulte_relais`,
		"papers that did not come":  `INSERT INTO adulte_relais_piece (adulte_relais_id, trimestre, recue_le) SELECT id, '2026-01-01', current_date FROM adulte_relais`,
		"more posts for everybody":  `UPDATE adulte_relais_quota SET postes = 9999`,
		"another amount of the aid": `UPDATE adulte_relais_montant SET montant = 1`,
	} {
		written := int64(0)
		_ = pg.As(t.Context(), s.Web, par, func(tx pgx.Tx) error { // refused outright, or no row
			tag, err := tx.Exec(t.Context(), sql)
			written = tag.RowsAffected()
			return err
		})
		if written > 0 {
			t.Errorf("a référent may write %s", name)
		}
	}
	if got := s.Value(`SELECT string_agg(etat || ' ' || employeur_id, ',') FROM adulte_relais`); got != fmt.Sprint("demande ", s.Asso) {
		t.Errorf("kept: %s", got)
	}
}

// What a line of the totals counts is what its link lists.
func TestTotalsLeadToWhatTheyCount(t *testing.T) {
	t.Parallel()
	v := demo(t)
	by := v.SignIn(droits.Gestionnaire, "Préfecture")
	if _, err := v.DB.Exec(t.Context(), `INSERT INTO adulte_relais (employeur_id, categorie, departement, missions, debut, fin)
		SELECT employeur_id, categorie, departement, missions, debut, fin FROM adulte_relais WHERE etat = 'pourvue' LIMIT 3`); err != nil { // requests of the same years
		t.Fatal(err)
	}
	links := 0
	for _, year := range []int{annee - 1, annee, annee + 1} {
		page := by.Get(fmt.Sprintf("/suivi/adultes-relais/totaux?annee=%d", year)).Want(http.StatusOK)
		if got, _ := page.Find("select[name=annee] option[selected]").Attr("value"); got != fmt.Sprint(year) {
			t.Errorf("the form of the totals of %d shows %q", year, got)
		}
		for _, row := range page.Find("#totaux-categories tbody tr, #totaux-quartiers tbody tr").EachIter() {
			href, there := row.Find("a").Attr("href")
			if !there {
				continue
			}
			links++
			posts, etp := clean(row.Find("td").First().Text()), clean(row.Find("td").Eq(1).Text())
			if list := clean(by.Get(href).Want(http.StatusOK).Text("#resultats")); !strings.HasPrefix(list, posts+" convention") || !strings.Contains(list, ", "+etp+" équivalent") {
				t.Errorf("%s counts %s posts, %s: %s", href, posts, etp, list)
			}
			if file := string(by.Get(strings.Replace(href, "/adultes-relais?", "/adultes-relais/fichier.csv?", 1)).Want(http.StatusOK).Body); fmt.Sprint(strings.Count(file, "\n")-1) != posts {
				t.Errorf("the file of %s has %d lines, want %s", href, strings.Count(file, "\n")-1, posts)
			}
		}
	}
	if links < 6 {
		t.Errorf("only %d lines lead anywhere", links)
	}
	if text := by.Get(fmt.Sprintf("/suivi/adultes-relais?annee=%d", annee)).Want(http.StatusOK).Text("main"); !contains(text, fmt.Sprintf("Année : %d", annee)) {
		t.Error("the filter is not told")
	}
	for _, bad := range []string{"1999", "2101", "x", "2026.5"} {
		by.Get("/suivi/adultes-relais?annee=" + bad).Want(http.StatusBadRequest)
	}
}
