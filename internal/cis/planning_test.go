package cis

import (
	"strings"
	"testing"
	"time"

	"portail/web/typo"
)

func day(s string) time.Time {
	d, err := time.Parse(time.DateOnly, s)
	if err != nil {
		panic(err)
	}
	return d
}

func at(s string) *time.Time {
	d, err := time.ParseInLocation("2006-01-02 15:04", s, typo.Paris)
	if err != nil {
		panic(err)
	}
	return &d
}

func TestEasterAndWorkingDays(t *testing.T) {
	for year, want := range map[int]string{2023: "2023-04-09", 2024: "2024-03-31", 2025: "2025-04-20", 2026: "2026-04-05", 2027: "2027-03-28", 2038: "2038-04-25"} {
		if got := typo.DateISO(paques(year)); got != want {
			t.Errorf("Easter of %d: %s, want %s", year, got, want)
		}
	}
	for date, want := range map[string]bool{
		"2026-04-06": false, "2026-05-14": false, "2026-05-25": false, "2026-05-01": false, "2026-07-14": false, "2026-11-11": false,
		"2026-11-28": false, "2026-11-29": false, "2026-11-27": true, "2026-04-07": true,
	} {
		if got := ouvre(day(date)); got != want {
			t.Errorf("%s worked: %v", date, got)
		}
	}
}

func TestYearByPeriods(t *testing.T) {
	c := Comite{Reglages: Reglages{Periodicite: "trimestrielle"}}
	seances := []seanceAnnee{
		{ID: 1, Debut: at("2026-01-15 14:00"), Etat: CRValide},
		{ID: 2, Debut: at("2026-06-30 23:30"), Etat: Reportee}, // put off: its quarter has none
		{ID: 3, Debut: at("2026-10-01 00:30"), Etat: Convoquee},
		{ID: 4, Etat: Planifiee}, {ID: 5, Debut: at("2027-01-01 00:30"), Etat: Planifiee},
	}
	periods, undated := c.periodes(2026, seances, day("2025-11-29"))
	if len(periods) != 4 || len(undated) != 1 || undated[0].ID != 4 {
		t.Fatalf("%+v %+v", periods, undated)
	}
	for i, want := range []string{tenueOK, sautee, manquante, prevueOK} {
		if got := periods[i].situation(day("2026-08-15")); got != want {
			t.Errorf("%s: %s, want %s", periods[i].Titre, got, want)
		}
	}
	if got := periods[2].situation(day("2026-06-30")); got != vide {
		t.Errorf("a quarter to come: %s", got)
	}
	if periods[3].Seances[0].ID != 3 || len(periods[3].Seances) != 1 {
		t.Errorf("the last quarter in Paris holds %+v", periods[3].Seances)
	}
	if got := strings.ReplaceAll(periods[0].Titre+"|"+periods[3].Titre, typo.NBSP, " "); got != "1er trimestre 2026|4e trimestre 2026" {
		t.Error(got)
	}
	before, _ := c.periodes(2025, nil, day("2025-11-29"))
	if before[2].situation(day("2026-08-15")) != vide || before[3].situation(day("2026-08-15")) != sautee {
		t.Error("nothing is expected before the first meeting")
	}
	for rhythm, want := range map[string]int{"mensuelle": 12, "semestrielle": 2, "annuelle": 1, "libre": 4, "inconnue": 4} {
		free := Comite{Reglages: Reglages{Periodicite: rhythm}}
		all, _ := free.periodes(2026, nil, time.Time{})
		if len(all) != want || !all[len(all)-1].Fin.Equal(day("2026-12-31")) {
			t.Errorf("%s: %d periods", rhythm, len(all))
		}
		if rhythm == "libre" && all[0].situation(day("2026-08-15")) != vide {
			t.Error("a committee without rhythm misses nothing")
		}
	}
}

func TestDatesProposed(t *testing.T) {
	p := periode{Debut: day("2026-04-01"), Fin: day("2026-06-30")}
	last := seanceAnnee{Debut: at("2026-01-13 09:30")} // a Tuesday
	for name, c := range map[string]struct {
		last *seanceAnnee
		on   string
		want string
	}{
		"as the last one":              {&last, "2026-03-01", "2026-04-07 09:30, 2026-04-14 09:30, 2026-04-21 09:30"},
		"without a last one":           {nil, "2026-03-01", "2026-04-02 14:00, 2026-04-09 14:00, 2026-04-16 14:00"},
		"far enough for the notice":    {&last, "2026-05-05", "2026-05-26 09:30, 2026-06-02 09:30, 2026-06-09 09:30"},
		"the last days of the quarter": {&last, "2026-06-10", "2026-06-26 09:30, 2026-06-29 09:30, 2026-06-30 09:30"},
		"too late":                     {&last, "2026-06-20", ""},
	} {
		var got []string
		for _, d := range proposerDates(p, c.last, 15, day(c.on)) {
			got = append(got, d.In(typo.Paris).Format("2006-01-02 15:04"))
		}
		if strings.Join(got, ", ") != c.want {
			t.Errorf("%s: %s, want %s", name, strings.Join(got, ", "), c.want)
		}
	}
}
