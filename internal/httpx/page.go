package httpx

import (
	"fmt"
	"net/url"
	"strconv"
	"strings"

	"portail/internal/fault"
	"portail/web"
)

// MaxPage is far beyond the last page of any listing: without a bound an absurd number would make Postgres count that far.
const MaxPage = 5000

// ParsePage reads the number of the page of a listing; the first has none. What is no number is malformed, and a number that no
// listing reaches is a page that does not exist.
func ParsePage(query url.Values) (int, error) {
	s := query.Get(web.ParamPage)
	if s == "" {
		return 1, nil
	}
	if digits := strings.TrimPrefix(s, "-"); digits == "" || strings.Trim(digits, "0123456789") != "" {
		return 1, fmt.Errorf("parameter %s: %w", web.ParamPage, fault.Malformed)
	}
	n, err := strconv.Atoi(s)
	if err != nil || n < 1 || n > MaxPage {
		return 1, fmt.Errorf("page %.20s: %w", s, fault.NotFound)
	}
	return n, nil
}
