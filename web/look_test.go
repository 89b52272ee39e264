package web_test

import (
	"os"
	"testing"
	"time"

	"github.com/vacancyhq/vacancy/property"
)

// TestLook keeps a site open for as long as VACANCY_WEB_LOOK says ("10m"), to
// look at it with a browser.
func TestLook(t *testing.T) {
	wait, err := time.ParseDuration(os.Getenv("VACANCY_WEB_LOOK"))
	if err != nil {
		t.Skip("VACANCY_WEB_LOOK is not set")
	}
	h := open(t, 300)
	h.build(2, property.Property{Name: "Hôtel de l'Escalier", Stars: 3, Address: "12 rue du Chat-qui-Pêche", Postcode: "75005"})
	t.Log(h.server.URL)
	time.Sleep(wait)
}
