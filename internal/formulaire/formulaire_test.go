package formulaire_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"portail/internal/fault"
	"portail/internal/formulaire"
	"portail/internal/httpx"
	"portail/web"
)

type muet struct{ dit string }

func (m *muet) Flash(_ context.Context, titre, _ string) { m.dit = titre }

// form is one field of each kind.
func form(values url.Values) formulaire.Page {
	jours := []web.Option{{Value: "lu", Label: "Lundi"}, {Value: "ma", Label: "Mardi"}}
	return formulaire.Page{
		Titre: "Corriger", Bouton: "Enregistrer", Objet: "Fiche", Action: "/fiche", Retour: "/fiches", Caches: []string{httpx.ChampVersion},
		Form: httpx.NewForm(values),
		Champs: []formulaire.Champ{
			{Nom: "nom", Libelle: "Nom", Max: 20}, {Nom: "note", Libelle: "Note", Type: "textarea", Lignes: 9, Facultatif: true},
			{Nom: "le", Libelle: "Date", Type: "date", Montre: formulaire.MontreJour},
			{Nom: "jour", Libelle: "Jour", Options: jours, Vide: "Choisir"}, {Nom: "un", Libelle: "Un jour", Type: formulaire.Choix, Options: jours},
			{Nom: "des", Libelle: "Des jours", Type: formulaire.Cases, Options: jours}, {Nom: "piece", Libelle: "Pièce", Type: formulaire.Fichier, Accepte: ".pdf"},
		},
	}
}

// answer sends typed to a form whose record now holds kept, the change answering done.
func answer(t *testing.T, typed, kept url.Values, done error) (*httptest.ResponseRecorder, *goquery.Document, string) {
	t.Helper()
	w, said := httptest.NewRecorder(), &muet{}
	next := formulaire.Suite{Annonce: said, Message: "Enregistré.", Vers: "/fiches", Page: func(context.Context) (formulaire.Page, error) { return form(kept), nil }}
	if err := next.Answer(w, httptest.NewRequest(http.MethodPost, "/fiche", nil), httpx.NewForm(typed), done); err != nil {
		t.Fatal(err)
	}
	page, err := goquery.NewDocumentFromReader(w.Body)
	if err != nil {
		t.Fatal(err)
	}
	return w, page, said.dit
}

func typed() url.Values {
	return url.Values{"nom": {"Mien"}, "note": {"à garder"}, "le": {"2026-11-22"}, "jour": {"ma"}, "un": {"lu"}, "des": {"lu", "ma"}, "version": {"1"}}
}

func TestARefusedFormComesBackAsTyped(t *testing.T) {
	w, page, _ := answer(t, typed(), url.Values{"nom": {"Ancien"}}, fault.Fields{"des": "Trop de jours.", "": "Rien ne va."})
	if w.Code != http.StatusUnprocessableEntity || !strings.HasPrefix(page.Find("title").Text(), "Erreur") {
		t.Errorf("a refused form answers %d, %q", w.Code, page.Find("title").Text())
	}
	for selector, want := range map[string]int{
		`input#nom[value=Mien]`: 1, `textarea#note[rows="9"]`: 1, `select#jour option[value=ma][selected]`: 1, `input[name=un][value=lu][checked]`: 1,
		`input[name=des][checked]`: 2, `input[type=file][accept=".pdf"]`: 1, `form[enctype="multipart/form-data"]`: 1, `#erreurs a[href="#des"]`: 1, `#erreurs li`: 2,
		`#versions`: 0, `input[name=version][value="1"]`: 1,
	} {
		if got := page.Find(selector).Length(); got != want {
			t.Errorf("%s is there %d times, want %d", selector, got, want)
		}
	}
}

func TestAStaleFormShowsBothVersions(t *testing.T) {
	w, page, _ := answer(t, typed(), url.Values{"nom": {"Sien"}, "le": {"2026-11-22"}, "jour": {"lu"}, "des": {"ma", "lu"}, "version": {"2"}}, fault.Stale)
	if w.Code != http.StatusConflict {
		t.Errorf("a stale form answers %d", w.Code)
	}
	want := []string{"Nom|Mien|Sien|différent", "Date|22 novembre 2026|22 novembre 2026|identique", "Jour|Mardi|Lundi|différent", "Des jours|Lundi, Mardi|Lundi, Mardi|identique"}
	page.Find("#versions tbody tr").Each(func(i int, row *goquery.Selection) {
		got := strings.Join(row.Children().Map(func(_ int, c *goquery.Selection) string { return strings.TrimSpace(c.Text()) }), "|")
		if i >= len(want) || strings.ReplaceAll(got, "\u00a0", " ") != want[i] {
			t.Errorf("line %d compares %q", i, got)
		}
	})
	if page.Find("#versions tbody tr").Length() != len(want) || page.Find(`input[name=version][value="2"]`).Length() != 1 || page.Find(`input#nom[value=Mien]`).Length() != 1 {
		t.Error("the form does not keep what was typed on the version of today")
	}
}

func TestWhatFollows(t *testing.T) {
	w, _, said := answer(t, typed(), nil, nil)
	if w.Code != http.StatusSeeOther || w.Header().Get("Location") != "/fiches" || said != "Enregistré." {
		t.Errorf("a change that is made answers %d, %q, %q", w.Code, w.Header().Get("Location"), said)
	}
	lost := errors.New("connection lost")
	err := formulaire.Suite{}.Answer(httptest.NewRecorder(), httptest.NewRequest(http.MethodPost, "/fiche", nil), httpx.NewForm(nil), lost)
	if !errors.Is(err, lost) {
		t.Errorf("a lost connection is told as %v", err)
	}
}
