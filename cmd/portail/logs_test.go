package main

import (
	"log/slog"
	"strings"
	"testing"
	"time"
)

func TestLinesAreGatheredAndWarningsWrittenAtOnce(t *testing.T) {
	var out console
	log := slog.New(newLogs(&out, slog.LevelInfo)).With("instance", 1)
	log.Warn("attention")
	if got := out.String(); !strings.Contains(got, "attention") {
		t.Errorf("a warning waits: %q", got)
	}
	log.Debug("too much")
	log.Info("first")
	log.Info("second")
	log.Error("fault")
	lines := strings.Split(strings.TrimSpace(out.String()), "\n")
	if len(lines) != 4 {
		t.Fatalf("%d lines, want the 4 that the level lets through: %q", len(lines), lines)
	}
	for i, want := range []string{"attention", "first", "second", "fault"} {
		if !strings.Contains(lines[i], want) || !strings.Contains(lines[i], `"instance":1`) {
			t.Errorf("line %d is %q, want %q with its attribute", i, lines[i], want)
		}
	}
}

func TestALineThatWaitsIsWritten(t *testing.T) {
	var out console
	slog.New(newLogs(&out, slog.LevelInfo)).Info("alone")
	for end := time.Now().Add(time.Minute); !strings.Contains(out.String(), "alone"); time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("a line is not written by itself")
		}
	}
	long := slog.New(newLogs(&out, slog.LevelInfo))
	long.Info(strings.Repeat("x", logBytes))
	if !strings.Contains(out.String(), "xxx") {
		t.Error("more than fits waits")
	}
}
