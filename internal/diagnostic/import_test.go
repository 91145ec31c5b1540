package diagnostic_test

import (
	"strings"
	"testing"

	"portail/internal/droits"
	"portail/internal/portailtest"
)

// TestFiguresComeInByFile fills the grid from a CSV file, and refuses what the grid would.
func TestFiguresComeInByFile(t *testing.T) {
	s := scenario(t)
	send := func(lines ...string) (draft string, page *portailtest.Page) {
		content := "Période;Lieu;Indicateur;Valeur;Numérateur;Dénominateur\n" + strings.Join(lines, "\n") + "\n"
		draft = s.caf.PostFile("/remontees/importer", "fichier", "chiffres.csv", []byte(content), s.caf.Get("/remontees/importer").Want(200).Fields("/remontees/importer")).Want(303).Header.Get("Location")
		action := draft + "/colonnes"
		s.caf.Post(action, s.caf.Get(draft).Want(200).Fields(action)).Want(303)
		return draft, s.caf.Get(draft).Want(200)
	}
	_, page := send("2025;QN08801M;essai_foyers;environ 12;;", "2025;QP088001;essai_foyers;12;;", "2019;QN08801M;essai_foyers;12;;", "2025;QN08801M;essai_part;;12;10", "2025;QN08801M;taux_emploi;40;;")
	text := page.Text("main")
	for _, want := range []string{"Ce n’est pas un nombre", "Ce lieu n’est pas dans la grille", "Aucune de vos remontées ouvertes", "Le numérateur dépasse", "Cet indicateur n’est pas demandé"} {
		if !strings.Contains(text, want) {
			t.Errorf("the dry run does not say %q: %s", want, text)
		}
	}
	draft, page := send("2025;QN08801M;essai_foyers;1 234;;", "2025;QN08802M;Part d’essai;;25;100")
	if p := s.caf.Post(draft+"/appliquer", page.Fields(draft+"/appliquer")); p.Status != 303 {
		t.Fatalf("the import is refused: %d, %s", p.Status, page.Text("main"))
	}
	if got := s.Value(`SELECT string_agg(c.indicateur || ' ' || q.code || ' ' || round(c.valeur), ', ' ORDER BY c.indicateur) FROM remontee_cellule c JOIN qpv q ON q.id = c.qpv_id WHERE c.courante`); got != "essai_foyers QN08801M 1234, essai_part QN08802M 25" {
		t.Errorf("cells: %s", got)
	}
	s.staff.Get("/remontees/importer").Want(403)
	s.SignIn(droits.Lecteur, "CAF").Get("/remontees/importer").Want(403)
}
