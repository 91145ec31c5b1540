// Package texte turns the texts that agents write, in a small Markdown, into HTML that is safe to show: paragraphs,
// headings, lists, quotations, tables, emphasis and links; no HTML of their own, no pictures, no scripts. It is the one place of
// the portal where templ.Raw is used, and what goes through it was cleaned by an allow-list just before.
package texte

import (
	"bytes"
	"fmt"
	"regexp"
	"strings"

	"github.com/a-h/templ"
	"github.com/microcosm-cc/bluemonday"
	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	extast "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/text"
)

const (
	// maxLevel is the deepest heading that HTML knows.
	maxLevel = 6
	// maxDepth is more than any writer nests; beyond, browsers cut the tree each in their own way.
	maxDepth = 50
)

var (
	markdown = goldmark.New(goldmark.WithExtensions(extension.NewTable(extension.WithTableCellAlignMethod(extension.TableCellAlignAttribute)))) // raw HTML is left out unless WithUnsafe is asked for
	policy   = allowList()
)

// allowList is what may come out, whatever Markdown and its reader make of a hostile text.
func allowList() *bluemonday.Policy {
	p := bluemonday.NewPolicy()
	p.AllowElements("p", "br", "strong", "em", "ul", "ol", "li", "blockquote", "hr", "h2", "h3", "h4", "h5", "h6",
		"table", "thead", "tbody", "tr", "th", "td")
	p.AllowAttrs("scope").Matching(regexp.MustCompile("^col$")).OnElements("th")
	p.AllowAttrs("href").OnElements("a")
	p.AllowURLSchemes("https", "http", "mailto")
	p.AllowRelativeURLs(true)
	p.RequireParseableURLs(true)
	p.RequireNoFollowOnLinks(true)
	return p
}

// Render shows a text whose highest headings become <h{level}>, level being that of a part of the page: the only h1 is the
// page's own. The headings below keep their order. An empty text shows nothing.
func Render(source string, level int) (templ.Component, error) {
	if strings.TrimSpace(source) == "" {
		return templ.NopComponent, nil
	}
	in := []byte(source)
	doc := markdown.Parser().Parse(text.NewReader(in))
	if depth := shiftHeadings(doc, level); depth > maxDepth {
		return templ.Raw("<p>" + templ.EscapeString(source) + "</p>"), nil
	}
	var out bytes.Buffer
	if err := markdown.Renderer().Render(&out, in, doc); err != nil {
		return nil, fmt.Errorf("render text: %w", err)
	}
	return templ.Raw(policy.Sanitize(out.String())), nil
}

// shiftHeadings moves all headings by the same count of levels, so that the highest used is level, and tells how deep
// blocks are nested in one another.
func shiftHeadings(doc ast.Node, level int) (deepest int) {
	var headings []*ast.Heading
	top, depth := maxLevel, 0
	_ = ast.Walk(doc, func(n ast.Node, entering bool) (ast.WalkStatus, error) { // this walker returns no error
		if entering {
			depth++
			deepest = max(deepest, depth)
		} else {
			depth--
		}
		if n.Kind() == extast.KindTableCell && n.Parent().Kind() == extast.KindTableHeader {
			n.SetAttributeString("scope", []byte("col")) // readers hear each cell under its heading
		}
		if h, ok := n.(*ast.Heading); ok && entering {
			headings = append(headings, h)
			top = min(top, h.Level)
		}
		return ast.WalkContinue, nil
	})
	for _, h := range headings {
		h.Level = max(2, min(maxLevel, h.Level-top+level))
	}
	return deepest
}
