package filemail

import (
	"bytes"
	"embed"
	"encoding/base64"
	"html/template"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/http"
	"net/mail"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

//go:embed pages/*.html
var pageFiles embed.FS

var pages = template.Must(template.ParseFS(pageFiles, "pages/*.html"))

// letter is a mail that was read back.
type letter struct {
	Name     string // of the file
	Subject  string
	From, To string
	At       time.Time
	HTML     string
	Text     string
	Files    []file
}

type file struct {
	Name string
	Text string
}

const newest = 200 // mails on the list

// Handler shows the folder at /mail: a list, and each mail as it looks. It is for
// whoever develops: the mails open bookings.
func (f *Folder) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /mail", f.list)
	mux.HandleFunc("GET /mail/{name}", f.show)
	mux.HandleFunc("GET /mail/{name}/html", f.html)
	return mux
}

func (f *Folder) list(w http.ResponseWriter, _ *http.Request) {
	entries, err := os.ReadDir(f.path)
	if err != nil {
		http.Error(w, "the folder cannot be read", http.StatusInternalServerError)
		return
	}
	var all []letter
	for _, e := range entries {
		if !strings.HasSuffix(e.Name(), ".eml") {
			continue
		}
		if l, err := f.read(e.Name()); err == nil {
			all = append(all, l)
		}
	}
	slices.SortFunc(all, func(a, b letter) int { return b.At.Compare(a.At) })
	show(w, "list.html", all[:min(len(all), newest)])
}

func (f *Folder) show(w http.ResponseWriter, r *http.Request) {
	l, err := f.read(r.PathValue("name"))
	if err != nil {
		http.NotFound(w, r)
		return
	}
	show(w, "mail.html", l)
}

// html is the mail's own page, in a sandbox: nothing in it runs.
func (f *Folder) html(w http.ResponseWriter, r *http.Request) {
	l, err := f.read(r.PathValue("name"))
	if err != nil {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Content-Security-Policy",
		"default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'; sandbox allow-popups allow-popups-to-escape-sandbox allow-top-navigation-by-user-activation")
	plainHeaders(w)
	_, _ = io.WriteString(w, l.HTML) // whoever asked is gone
}

func show(w http.ResponseWriter, page string, data any) {
	w.Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; frame-src 'self'")
	plainHeaders(w)
	_ = pages.ExecuteTemplate(w, page, data) // whoever asked is gone
}

func plainHeaders(w http.ResponseWriter) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Referrer-Policy", "no-referrer")
	w.Header().Set("X-Content-Type-Options", "nosniff")
}

// read takes a mail apart. The name is one of the folder's own: nothing above it
// can be asked for.
func (f *Folder) read(name string) (letter, error) {
	if !strings.HasSuffix(name, ".eml") || name != filepath.Base(name) {
		return letter{}, os.ErrNotExist
	}
	data, err := os.ReadFile(filepath.Join(f.path, name))
	if err != nil {
		return letter{}, err
	}
	message, err := mail.ReadMessage(bytes.NewReader(data))
	if err != nil {
		return letter{}, err
	}
	l := letter{Name: name, Subject: words(message.Header.Get("Subject")), From: words(message.Header.Get("From")), To: words(message.Header.Get("To"))}
	l.At, _ = message.Header.Date() // without one it is the oldest
	return l, l.take(message.Header.Get("Content-Type"), "", "", message.Body)
}

// take adds a part: several, a text, a page or a file.
func (l *letter) take(contentType, encoding, name string, body io.Reader) error {
	kind, params, err := mime.ParseMediaType(contentType)
	if err != nil {
		return err
	}
	if strings.HasPrefix(kind, "multipart/") {
		parts := multipart.NewReader(body, params["boundary"])
		for {
			part, err := parts.NextRawPart()
			if err == io.EOF { //nolint:errorlint // NextRawPart returns it bare
				return nil
			}
			if err != nil {
				return err
			}
			h := part.Header
			if err := l.take(h.Get("Content-Type"), h.Get("Content-Transfer-Encoding"), part.FileName(), part); err != nil {
				return err
			}
		}
	}
	text, err := io.ReadAll(decoded(encoding, body))
	switch {
	case name != "":
		l.Files = append(l.Files, file{name, string(text)})
	case kind == "text/html":
		l.HTML = string(text)
	default:
		l.Text = string(text)
	}
	return err
}

func decoded(encoding string, body io.Reader) io.Reader {
	switch strings.ToLower(encoding) {
	case "quoted-printable":
		return quotedprintable.NewReader(body)
	case "base64":
		return base64.NewDecoder(base64.StdEncoding, body)
	}
	return body
}

// words reads a header with encoded words.
func words(header string) string {
	text, err := new(mime.WordDecoder).DecodeHeader(header)
	if err != nil {
		return header
	}
	return text
}
