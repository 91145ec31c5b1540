// Package publication keeps the rendered public pages in memory, compressed once, and forgets them when something
// published changes: Postgres tells every instance by NOTIFY. When the database is away the last rendering is served with
// a notice, so that inhabitants still read their quarter's page.
package publication

import (
	"bytes"
	"compress/gzip"
	"container/list"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"strconv"
	"sync"
	"time"

	"github.com/andybalholm/brotli"
)

// entry is one rendered answer. Only the compressed forms are kept: nearly every browser takes one of them.
type entry struct {
	key          string
	header       map[string][]string // of every answer: what the handler set, and what caches are told
	etag         string
	br, gz       encoded
	identitySize int
	generation   uint64    // of the published data it was rendered from
	lastModified time.Time // when that data was last published
}

// encoded is a body and the headers that only go with it.
type encoded struct {
	body             []byte
	encoding, length []string
}

func newEncoded(encoding string, body []byte) encoded {
	return encoded{body: body, encoding: []string{encoding}, length: []string{strconv.Itoa(len(body))}}
}

// overhead is what an entry costs beside its bodies: headers, key, list and map cells; measured on the national set.
const overhead = 1 << 10

func (e *entry) size() int64 { return int64(len(e.br.body)+len(e.gz.body)+len(e.key)) + overhead }

// Compression levels of a page rendered once and served often: beyond, brotli costs ten times more for 3 % less.
const (
	brotliLevel = 5
	gzipLevel   = 6
)

func newEntry(key string, header map[string][]string, body []byte) (*entry, error) {
	e := &entry{key: key, header: header, identitySize: len(body)}
	sum := sha256.Sum256(body)
	e.etag = `W/"` + base64.RawURLEncoding.EncodeToString(sum[:12]) + `"` // weak: the same for each encoding
	var b bytes.Buffer
	bw := brotli.NewWriterLevel(&b, brotliLevel)
	if _, err := bw.Write(body); err != nil {
		return nil, fmt.Errorf("compress %s: %w", key, err)
	}
	if err := bw.Close(); err != nil {
		return nil, fmt.Errorf("compress %s: %w", key, err)
	}
	e.br = newEncoded("br", bytes.Clone(b.Bytes()))
	b.Reset()
	gw, err := gzip.NewWriterLevel(&b, gzipLevel)
	if err != nil {
		return nil, err
	}
	if _, err := gw.Write(body); err != nil {
		return nil, fmt.Errorf("compress %s: %w", key, err)
	}
	if err := gw.Close(); err != nil {
		return nil, fmt.Errorf("compress %s: %w", key, err)
	}
	e.gz = newEncoded("gzip", bytes.Clone(b.Bytes()))
	return e, nil
}

// memory is a bounded store of entries, the least recently served leaving first.
type memory struct {
	mu      sync.Mutex
	max     int64
	used    int64
	entries map[string]*list.Element
	order   *list.List // front: served last
}

func newMemory(max int64) *memory {
	return &memory{max: max, entries: map[string]*list.Element{}, order: list.New()}
}

func (m *memory) get(key string) *entry {
	m.mu.Lock()
	defer m.mu.Unlock()
	el, kept := m.entries[key]
	if !kept {
		return nil
	}
	m.order.MoveToFront(el)
	return el.Value.(*entry)
}

func (m *memory) put(e *entry) {
	if e.size() > m.max/4 {
		return // one page must not push all others out
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if el, kept := m.entries[e.key]; kept {
		m.remove(el)
	}
	m.entries[e.key] = m.order.PushFront(e)
	m.used += e.size()
	for m.used > m.max {
		m.remove(m.order.Back())
	}
}

func (m *memory) remove(el *list.Element) {
	e := el.Value.(*entry)
	delete(m.entries, e.key)
	m.order.Remove(el)
	m.used -= e.size()
}
