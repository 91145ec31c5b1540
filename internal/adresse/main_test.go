package adresse_test

import (
	"log/slog"
	"os"
	"testing"
)

// TestMain keeps the line of each request out of what a failing test tells.
func TestMain(m *testing.M) {
	slog.SetDefault(slog.New(slog.DiscardHandler))
	os.Exit(m.Run())
}
