package fault_test

import (
	"errors"
	"fmt"
	"testing"

	"portail/internal/fault"
)

func TestFieldsMerge(t *testing.T) {
	f := fault.Fields{"nom": "first"}
	err := f.Merge(fmt.Errorf("rule: %w", fault.Fields{"nom": "second", "le": "day"}))
	if got := err.Error(); got != "le: day; nom: first" {
		t.Errorf("merged faults are %q", got)
	}
	if err := f.Merge(nil); !errors.As(err, &fault.Fields{}) {
		t.Errorf("merging nothing forgets what was refused: %v", err)
	}
	if err := (fault.Fields{}).Merge(nil); err != nil {
		t.Errorf("nothing and nothing is refused: %v", err)
	}
	lost := errors.New("connection lost")
	if err := f.Merge(lost); err != lost {
		t.Errorf("an error that is no field's comes back as %v", err)
	}
}
