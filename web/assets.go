package web

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"sync"

	"github.com/klauspost/compress/gzip"
)

// The sheet and the script are written as files of one idea each and sent as
// one: the order here is the cascade's.
var (
	sheets  = []string{"tokens", "base", "parts", "search", "hotel", "booking", "print"}
	scripts = []string{"ready", "suggest", "calendar", "party", "filters", "map", "countdown", "draft"}
)

// asset is a file that browsers may keep for ever, since its address changes with it.
type asset struct {
	path, kind  string
	data, small []byte // as it is, and compressed
}

func newAsset(path, kind string, data []byte) (asset, error) {
	sum := sha256.Sum256(data)
	var small bytes.Buffer
	z, err := gzip.NewWriterLevel(&small, gzip.BestCompression)
	if err != nil {
		return asset{}, err
	}
	if _, err := z.Write(data); err != nil {
		return asset{}, err
	}
	if err := z.Close(); err != nil {
		return asset{}, err
	}
	return asset{path: path + "?v=" + hex.EncodeToString(sum[:6]), kind: kind, data: data, small: small.Bytes()}, nil
}

func (a asset) serve(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Content-Type", a.kind)
	h.Set("Cache-Control", "public, max-age=31536000, immutable")
	h.Add("Vary", "Accept-Encoding")
	if compresses(r) {
		h.Set("Content-Encoding", "gzip")
		_, _ = w.Write(a.small)
		return
	}
	_, _ = w.Write(a.data)
}

func compresses(r *http.Request) bool {
	return strings.Contains(r.Header.Get("Accept-Encoding"), "gzip")
}

// worthIt is the size from which compressing saves a packet.
const worthIt = 1400

// pageLevel compresses a page as well as a higher one of the standard library,
// in half the time of its lowest.
const pageLevel = 3

var compressors = sync.Pool{New: func() any {
	z, err := gzip.NewWriterLevel(nil, pageLevel)
	if err != nil {
		panic("web: gzip knows its own level: " + err.Error())
	}
	return z
}}

// send writes an answer that is whole, compressed for who takes that. Its length
// is said, so that it leaves in one piece. A visitor who left is nobody's error.
func send(w http.ResponseWriter, r *http.Request, status int, data []byte) {
	h := w.Header()
	h.Add("Vary", "Accept-Encoding")
	if len(data) >= worthIt && compresses(r) {
		small := borrow()
		defer pageBuffers.Put(small)
		compress(small, data)
		h.Set("Content-Encoding", "gzip")
		data = small.Bytes()
	}
	h.Set("Content-Length", strconv.Itoa(len(data)))
	w.WriteHeader(status)
	_, _ = w.Write(data)
}

func compress(to *bytes.Buffer, data []byte) {
	z, _ := compressors.Get().(*gzip.Writer)
	defer compressors.Put(z)
	z.Reset(to)
	_, _ = z.Write(data) // memory takes everything
	_ = z.Close()
}

// pageBuffers are for pages while they are made.
var pageBuffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// borrow is an empty buffer, to be put back.
func borrow() *bytes.Buffer {
	buffer, _ := pageBuffers.Get().(*bytes.Buffer)
	buffer.Reset()
	return buffer
}

func (s *site) loadAssets() (err error) {
	icon, err := files.ReadFile("static/favicon.svg")
	if err != nil {
		return fmt.Errorf("web: read the icon: %w", err)
	}
	if s.icon, err = newAsset("/favicon.svg", "image/svg+xml", icon); err != nil {
		return err
	}
	sheet, err := joined("static/css/", ".css", sheets)
	if err != nil {
		return err
	}
	if s.style, err = newAsset("/static/site.css", "text/css; charset=utf-8", sheet); err != nil {
		return err
	}
	script, err := joined("static/js/", ".js", scripts)
	if err != nil {
		return err
	}
	s.script, err = newAsset("/static/site.js", "text/javascript; charset=utf-8", script)
	return err
}

// joined puts files together, without the white space at the ends of lines and
// without lines that are comments.
func joined(folder, suffix string, names []string) ([]byte, error) {
	var all bytes.Buffer
	for _, name := range names {
		data, err := files.ReadFile(folder + name + suffix)
		if err != nil {
			return nil, fmt.Errorf("web: read %s: %w", name+suffix, err)
		}
		for line := range strings.Lines(string(data)) {
			line = strings.TrimSpace(line)
			if line == "" || strings.HasPrefix(line, "//") || strings.HasPrefix(line, "/*") && strings.HasSuffix(line, "*/") {
				continue
			}
			all.WriteString(line)
			all.WriteByte('\n')
		}
	}
	return all.Bytes(), nil
}
