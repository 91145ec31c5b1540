package main

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"portail/internal/config"
)

// key completes the settings with the key that seals secrets: PORTAIL_CLE, else one made once and kept beside the data.
func key(cfg config.Config) ([]byte, error) {
	if cfg.Acces.Cle != nil {
		return cfg.Acces.Cle, nil
	}
	file := filepath.Join(cfg.Var, "cle")
	text, err := os.ReadFile(file)
	if errors.Is(err, os.ErrNotExist) {
		fresh := make([]byte, 32)
		_, _ = rand.Read(fresh) // never fails since Go 1.24
		text = []byte(hex.EncodeToString(fresh) + "\n")
		err = errors.Join(os.MkdirAll(cfg.Var, 0o755), os.WriteFile(file, text, 0o600))
	}
	if err != nil {
		return nil, fmt.Errorf("keep a key in %s (or set PORTAIL_CLE): %w", file, err)
	}
	cle, err := hex.DecodeString(strings.TrimSpace(string(text)))
	if err != nil || len(cle) != 32 {
		return nil, fmt.Errorf("%s does not hold 64 hexadecimal digits", file)
	}
	return cle, nil
}
