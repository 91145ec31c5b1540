package httpx_test

import (
	"errors"
	"net/url"
	"testing"

	"portail/internal/fault"
	"portail/internal/httpx"
)

func TestParsePage(t *testing.T) {
	for text, want := range map[string]struct {
		page int
		err  error
	}{
		"": {1, nil}, "1": {1, nil}, "12": {12, nil}, "5000": {5000, nil}, "0": {1, fault.NotFound}, "-1": {1, fault.NotFound}, "5001": {1, fault.NotFound},
		"99999999999999999999": {1, fault.NotFound}, "-": {1, fault.Malformed}, "deux": {1, fault.Malformed}, "1e2": {1, fault.Malformed}, "+1": {1, fault.Malformed}, " 1": {1, fault.Malformed},
	} {
		got, err := httpx.ParsePage(url.Values{"page": {text}})
		if got != want.page || !errors.Is(err, want.err) || want.err == nil && err != nil {
			t.Errorf("%q: %d, %v", text, got, err)
		}
	}
}
