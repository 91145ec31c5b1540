package httpx

import "net/http"

// Base is the public address of the site, without final slash: the setting, or else what the request came by. An answer that
// holds the latter must not be kept for other visitors: the Host header is theirs to choose.
func Base(r *http.Request, setting string) string {
	if setting != "" {
		return setting
	}
	if r.TLS != nil {
		return "https://" + r.Host
	}
	return "http://" + r.Host
}
