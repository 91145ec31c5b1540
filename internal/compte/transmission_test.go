package compte_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"portail/internal/droits"
)

func TestAPostIsHandedOverWhole(t *testing.T) {
	v, admin := administration(t)
	from, _ := v.Account("part@caf.test", droits.Referent, "CAF")
	v.Account("part@caf.test", droits.Lecteur, "ARS")
	to, _ := v.Account("reprend@caf.test", droits.Lecteur, "CAF")
	leaving := v.SignInAs("part@caf.test")
	invite(t, leaving, nil).Want(http.StatusSeeOther)

	path := fiche(from) + "/transmettre"
	if text := admin.Get(path).Want(http.StatusOK).Text("main"); !strings.Contains(text, "Référent·e, CAF") || !strings.Contains(text, "Lecture, ARS") || !strings.Contains(text, "Invitation n°") {
		t.Errorf("what is open: %q", text)
	}
	for adresse, told := range map[string]string{"": "Indiquez", "inconnue@caf.test": "Aucun compte actif", "part@caf.test": "autre personne", "pas une adresse": "Aucun compte actif"} {
		page := admin.Post(path, url.Values{"a": {adresse}}).Want(http.StatusUnprocessableEntity)
		if !strings.Contains(page.Text("#erreurs"), told) || page.Find(`input[name="apercu"]`).Length() > 0 {
			t.Errorf("%q: %q", adresse, page.Text("#erreurs"))
		}
	}
	preview := admin.Post(path, url.Values{"a": {"Reprend@CAF.test"}}).Want(http.StatusOK)
	seal, _ := preview.Find(`input[name="apercu"]`).Attr("value")
	if text := preview.Text("main"); !strings.Contains(text, "3 éléments passeront à Essai reprend@caf.test") || seal == "" {
		t.Errorf("the preview: %q", text)
	}
	agreed := url.Values{"a": {"reprend@caf.test"}, "apercu": {seal}}

	// Something changes meanwhile: nothing is handed over.
	must(t, v, `UPDATE fonction SET fin = now() WHERE compte_id = $1 AND role = 'lecteur'`, from)
	stale := admin.Post(path, agreed).Want(http.StatusConflict)
	if !strings.Contains(stale.Text(".fr-alert"), "n’est plus à jour") || one[int](t, v, `SELECT count(*) FROM fonction WHERE compte_id = $1 AND fin IS NULL`, from) != 1 {
		t.Errorf("a stale preview: %q", stale.Text("main"))
	}
	seal, _ = stale.Find(`input[name="apercu"]`).Attr("value")
	agreed.Set("apercu", seal)
	admin.Post(path, agreed).Want(http.StatusSeeOther)

	if n := one[int](t, v, `SELECT count(*) FROM fonction WHERE compte_id = $1 AND fin IS NULL`, from); n != 0 {
		t.Errorf("%d fonctions stay behind", n)
	}
	if n := one[int](t, v, `SELECT count(*) FROM fonction f JOIN organisme o ON o.id = f.organisme_id WHERE f.compte_id = $1 AND f.fin IS NULL AND f.role = 'referent' AND o.nom = 'CAF'`, to); n != 1 {
		t.Error("the fonction did not arrive")
	}
	if got := one[int64](t, v, `SELECT cree_par FROM invitation`); got != to {
		t.Errorf("the invitation is of compte %d", got)
	}
	leaving.Get("/mon-compte").Want(http.StatusSeeOther)
	if journalled(t, v, "poste transmis", from) != 1 || journalled(t, v, "poste reçu", to) != 1 || one[int](t, v, `SELECT count(*) FROM courriel WHERE sorte = 'transmission' AND compte_id = $1`, to) != 1 {
		t.Error("not journalled, or not told")
	}
	// Nothing is left to hand over.
	if page := admin.Post(path, url.Values{"a": {"reprend@caf.test"}}).Want(http.StatusOK); page.Find(`input[name="apercu"]`).Length() > 0 {
		t.Error("an empty post is offered")
	}
}

func TestTheScopeOfADelegueIsHandedOver(t *testing.T) {
	v, admin := administration(t)
	from, fonction := v.Account("delegue@pref.test", droits.Delegue, "Préfecture")
	v.Account("reprend@pref.test", droits.Lecteur, "CAF")
	must(t, v, `INSERT INTO qpv (code, nom, departement, lon, lat) VALUES ('QN08801M', 'Essai', '88', 6.4, 48.2)`)
	must(t, v, `INSERT INTO fonction_qpv (fonction_id, qpv_id) SELECT $1, id FROM qpv`, fonction)
	path := fiche(from) + "/transmettre"
	seal, _ := admin.Post(path, url.Values{"a": {"reprend@pref.test"}}).Want(http.StatusOK).Find(`input[name="apercu"]`).Attr("value")
	admin.Post(path, url.Values{"a": {"reprend@pref.test"}, "apercu": {seal}}).Want(http.StatusSeeOther)
	scope := one[int](t, v, `SELECT count(*) FROM fonction_qpv q JOIN fonction f ON f.id = q.fonction_id JOIN compte c ON c.id = f.compte_id WHERE c.courriel = 'reprend@pref.test' AND f.role = 'delegue' AND f.fin IS NULL`)
	if scope != 1 {
		t.Errorf("%d quarters arrived", scope)
	}
}

func TestAnAdministratorHandsTheirOwnPostOver(t *testing.T) {
	v, admin := administration(t)
	own := one[int64](t, v, `SELECT compte_id FROM fonction WHERE role = 'administrateur'`)
	v.Account("reprend@pref.test", droits.Lecteur, "CAF")
	path := fiche(own) + "/transmettre"
	seal, _ := admin.Post(path, url.Values{"a": {"reprend@pref.test"}}).Want(http.StatusOK).Find(`input[name="apercu"]`).Attr("value")
	admin.Post(path, url.Values{"a": {"reprend@pref.test"}, "apercu": {seal}}).Want(http.StatusSeeOther)
	admin.Get("/administration/comptes").Want(http.StatusSeeOther) // no fonction left: signed out
	if n := one[int](t, v, `SELECT count(*) FROM fonction WHERE role = 'administrateur' AND fin IS NULL`); n != 1 {
		t.Errorf("%d administrators", n)
	}
}
