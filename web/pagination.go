package web

// PaginationProps describes the pages of a listing.
type PaginationProps struct {
	Page  int // current page, from 1
	Total int // number of pages
	URL   ListURL
	Label string // accessible name when a page has several; "Pagination" by default
}

// PageCount is the number of pages needed for n items, perPage at a time; at least one.
func PageCount(n, perPage int) int {
	if n <= 0 || perPage <= 0 {
		return 1
	}
	return (n + perPage - 1) / perPage
}

// pagerWindow is the list of page numbers to show around the current page: the first, the last, the current one and
// its neighbours; 0 stands for an ellipsis. A gap of a single page is filled by that page.
func pagerWindow(page, total int) []int {
	page = max(1, min(page, total))
	shown := []int{1}
	for n := max(2, page-1); n <= min(total-1, page+1); n++ {
		shown = append(shown, n)
	}
	if total > 1 {
		shown = append(shown, total)
	}
	var out []int
	for i, n := range shown {
		if i > 0 {
			switch gap := n - shown[i-1]; {
			case gap == 2:
				out = append(out, n-1)
			case gap > 2:
				out = append(out, 0)
			}
		}
		out = append(out, n)
	}
	return out
}
