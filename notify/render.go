package notify

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"strings"
	plain "text/template"
)

//go:embed templates/*
var templateFiles embed.FS

var (
	htmlTemplate = template.Must(template.ParseFS(templateFiles, "templates/mail.html"))
	textTemplate = plain.Must(plain.ParseFS(templateFiles, "templates/mail.txt"))
)

// render writes the letter twice: for those who see HTML and for those who do not.
func (l letter) render() (html, text string, err error) {
	var page, lines bytes.Buffer
	if err := htmlTemplate.Execute(&page, l); err != nil {
		return "", "", fmt.Errorf("notify: write the page: %w", err)
	}
	if err := textTemplate.Execute(&lines, l); err != nil {
		return "", "", fmt.Errorf("notify: write the text: %w", err)
	}
	return page.String(), strings.TrimSpace(lines.String()) + "\n", nil
}
