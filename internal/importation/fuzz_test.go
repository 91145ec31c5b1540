package importation_test

import (
	"errors"
	"strings"
	"testing"

	"portail/internal/importation"
	"portail/internal/portailtest"
)

// FuzzFiles gives any bytes as a file of each kind: they are refused with a report, or taken in, and then the same bytes
// change nothing. Nothing else may happen: no panic, no error of the database.
func FuzzFiles(f *testing.F) {
	db := portailtest.DB(f)
	must(f, db, importation.Territoires, oneCommune, oneEPCI, oneDep)
	must(f, db, importation.QPV, oneQPV)
	for i := range importation.Kinds {
		for _, content := range []string{oneQPV, oneLong, oneWide, oneComparison, oneQuarter, oneCommune, oneEPCI, oneDep, oneContract, onePlace, oneAddress,
			contour(bitola, square), contour(`"insee_com":"88160","nom_com":"Épinal"`, square)} {
			f.Add(uint8(i), content)
			f.Add(uint8(i), strings.Replace(content, "8", "\"\x00", 2))
		}
	}
	f.Add(uint8(4), "code_qp,nb_menages\nQN08801M,999999999999999.999999999999999\n")
	f.Add(uint8(0), "insee_com,nom_com,siren_epci,superficie_km2\n88160,\\N,200068757,1\n")
	f.Fuzz(func(t *testing.T, kind uint8, content string) {
		k := importation.Kinds[int(kind)%len(importation.Kinds)]
		_, err := take(t, db, k, importation.Options{}, content)
		var refusal *importation.Refusal
		if errors.As(err, &refusal) {
			if len(refusal.Faults) == 0 || refusal.Faults[0].Why == "" || refusal.Faults[0].Line < 1 {
				t.Errorf("a report that tells nothing: %+v", refusal)
			}
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		if again := must(t, db, k, content); !again.Unchanged() {
			t.Errorf("the same file twice: %v", again)
		}
	})
}
