// Command portail serves the web portal of a préfecture's city-policy unit, and does its housekeeping.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/alecthomas/kong"

	"portail/internal/config"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Args[1:], os.Getenv, os.Stdout, os.Stderr); err != nil {
		fmt.Fprintln(os.Stderr, "portail: "+err.Error())
		stop()
		os.Exit(1)
	}
}

// commands are what the binary does; kong reads the words of the command line into it.
type commands struct {
	Serve   serveCmd   `cmd:"" help:"Serve the site."`
	Migrate migrateCmd `cmd:"" help:"Bring the database to the last version of the schema."`
	Seed    seedCmd    `cmd:"" help:"Load the default data: the open data of the Vosges."`
	Import  importCmd  `cmd:"" help:"Load open data files of any département, all or nothing."`
	Admin   adminCmd   `cmd:"" help:"Let the first administrator in."`
	Journal journalCmd `cmd:"" help:"Look after the journal of changes."`
	Version versionCmd `cmd:"" help:"Say what this binary was built from."`
}

// job is what every command gets beside its own words.
type job struct {
	ctx            context.Context
	getenv         func(string) string
	stdout, stderr io.Writer
	logs           logs // once the settings are read
}

// errHelp ends a command line that only asked for help.
var errHelp = errors.New("help was shown")

func run(ctx context.Context, args []string, getenv func(string) string, stdout, stderr io.Writer) (err error) {
	defer func() { // kong leaves by its Exit function, even for --help
		if p := recover(); p == any(errHelp) {
			err = nil
		} else if p != nil {
			panic(p)
		}
	}()
	if len(args) == 0 {
		args = []string{"--help"}
	}
	var c commands
	parser, err := kong.New(&c, kong.Name("portail"), kong.Writers(stdout, stderr), kong.Exit(func(int) { panic(errHelp) }),
		kong.Description("Web portal of a préfecture's city-policy unit. Settings come from the environment: portail serve --help lists them."))
	if err != nil {
		return fmt.Errorf("command line: %w", err)
	}
	line, err := parser.Parse(args)
	if err != nil {
		return fmt.Errorf("%w (portail --help lists the commands)", err)
	}
	j := &job{ctx: ctx, getenv: getenv, stdout: stdout, stderr: stderr}
	defer func() {
		if j.logs.lines != nil {
			err = errors.Join(err, j.logs.lines.Flush())
		}
	}()
	return line.Run(j)
}

// settings reads the configuration and sends the logs, one JSON object a line, to standard error.
func (j *job) settings() (config.Config, error) {
	cfg, err := config.Read(j.getenv)
	if err != nil {
		return cfg, fmt.Errorf("settings:\n  %s", strings.ReplaceAll(err.Error(), "\n", "\n  "))
	}
	var level slog.Level
	if err := level.UnmarshalText([]byte(cfg.LogNiveau)); err != nil {
		return cfg, fmt.Errorf("settings: %w", err)
	}
	j.logs = newLogs(j.stderr, level)
	slog.SetDefault(slog.New(j.logs))
	return cfg, nil
}
