package config

import (
	"fmt"
	"strconv"
)

// maxFichierMo bounds the setting: a file stands whole in memory while it is examined.
const maxFichierMo = 100

func (c *Config) parseFichier(s string) error {
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil || n < 1 || n > maxFichierMo {
		return fmt.Errorf("%q is not a number of megabytes between 1 and %d", s, maxFichierMo)
	}
	c.FichierOctets = n << 20
	return nil
}
