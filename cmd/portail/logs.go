package main

import (
	"context"
	"io"
	"log/slog"
	"sync"
	"time"
)

// Lines of the log wait for others, at most so long and so many: a write for each request costs more than the request. Warnings and
// errors do not wait.
const (
	logWait  = 100 * time.Millisecond
	logBytes = 32 << 10
)

// logs is a handler whose lines are gathered.
type logs struct {
	slog.Handler
	lines *gathered
}

func newLogs(w io.Writer, level slog.Level) logs {
	lines := &gathered{w: w}
	return logs{slog.NewJSONHandler(lines, &slog.HandlerOptions{Level: level}), lines}
}

// Handle writes at once what somebody must see even if the process ends here.
func (l logs) Handle(ctx context.Context, r slog.Record) error {
	if err := l.Handler.Handle(ctx, r); err != nil || r.Level < slog.LevelWarn {
		return err
	}
	return l.lines.Flush()
}

func (l logs) WithAttrs(attrs []slog.Attr) slog.Handler {
	return logs{l.Handler.WithAttrs(attrs), l.lines}
}
func (l logs) WithGroup(name string) slog.Handler { return logs{l.Handler.WithGroup(name), l.lines} }

// gathered is a writer that writes several lines at once.
type gathered struct {
	mu    sync.Mutex
	w     io.Writer
	lines []byte
}

func (g *gathered) Write(line []byte) (int, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if len(g.lines) == 0 {
		time.AfterFunc(logWait, func() { _ = g.Flush() }) // nowhere is left to tell that a log cannot be written
	}
	g.lines = append(g.lines, line...)
	if len(g.lines) < logBytes {
		return len(line), nil
	}
	return len(line), g.flush()
}

// Flush writes what waits.
func (g *gathered) Flush() error {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.flush()
}

func (g *gathered) flush() error {
	if len(g.lines) == 0 {
		return nil
	}
	_, err := g.w.Write(g.lines)
	g.lines = g.lines[:0]
	return err
}
