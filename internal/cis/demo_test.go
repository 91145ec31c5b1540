package cis_test

import (
	"testing"
	"time"

	"portail/internal/cis"
	"portail/internal/config"
	"portail/internal/portailtest"
)

func TestTheDemonstrationShowsEachStateAndIsLabelled(t *testing.T) {
	v := portailtest.Site(t)
	v.Demo()
	m := &monde{t: t, v: v}
	for what, c := range map[string]struct{ sql, want string }{
		"decisions":         {`SELECT string_agg(DISTINCT etat, ' ' ORDER BY etat) FROM decision`, "a_faire abandonnee bloquee en_cours faite"},
		"meetings":          {`SELECT string_agg(DISTINCT etat, ' ' ORDER BY etat) FROM seance`, "convoquee cr_en_relecture cr_valide tenue"},
		"minutes":           {`SELECT string_agg(DISTINCT etat, ' ' ORDER BY etat) FROM compte_rendu`, "relecture valide"},
		"agreement of both": {`SELECT count(*) FROM compte_rendu r JOIN seance s ON s.id = r.seance_id WHERE (r.etat = 'valide') <> (s.etat = 'cr_valide')`, "0"},
		"a comment":         {`SELECT count(*) FROM compte_rendu_commentaire`, "1"},
		"one extract":       {`SELECT count(*) FROM extrait WHERE retire_le IS NULL AND demonstration`, "1"},
		"what is real":      {`SELECT string_agg(intitule, '|') FROM seance WHERE NOT demonstration`, "Installation du comité"},
		"unlabelled":        {`SELECT (SELECT count(*) FROM decision WHERE NOT demonstration) + (SELECT count(*) FROM compte_rendu WHERE NOT demonstration)`, "0"},
		"due before":        {`SELECT count(*) FROM decision d JOIN seance s ON s.id = d.seance_id WHERE d.echeance < s.debut::date`, "0"},
	} {
		if got := m.v.Value(c.sql); got != c.want {
			t.Errorf("%s: %s, want %s", what, got, c.want)
		}
	}
	before := m.v.Value(`SELECT (SELECT count(*) FROM seance) || ' ' || (SELECT count(*) FROM decision)`)
	if err := cis.SeedDemo(t.Context(), v.DB, portailtest.Config(t), time.Now()); err != nil {
		t.Fatal(err)
	}
	if after := m.v.Value(`SELECT (SELECT count(*) FROM seance) || ' ' || (SELECT count(*) FROM decision)`); after != before {
		t.Errorf("made again: %s, then %s", before, after)
	}
	if err := cis.SeedDemo(t.Context(), v.DB, config.Config{}, time.Now()); err == nil {
		t.Error("invented meetings are made outside the demonstration")
	}
}
