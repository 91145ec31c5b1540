package travail

import (
	"context"
	"testing"
	"time"

	"github.com/riverqueue/river"
)

type essai struct{}

func (essai) Kind() string { return "essai" }

func TestFirstSoonAfterTheStartThenByItsRhythm(t *testing.T) {
	start := time.Date(2026, 3, 28, 12, 0, 0, 0, time.UTC)
	h := &horaire{apres: 5 * time.Minute, next: Chaque(time.Hour)}
	at := start
	for i, want := range []time.Duration{5 * time.Minute, 65 * time.Minute, 125 * time.Minute} {
		if at = h.Next(at); at.Sub(start) != want {
			t.Errorf("run %d: %s after the start, want %s", i+1, at.Sub(start), want)
		}
	}
}

func TestAKindIsRegisteredOnce(t *testing.T) {
	workers := river.NewWorkers()
	do := func(context.Context) error { return nil }
	Ajouter[essai](workers, do)
	defer func() {
		if recover() == nil {
			t.Error("the same kind is registered twice: one of the two would never run")
		}
	}()
	Ajouter[essai](workers, do)
}
