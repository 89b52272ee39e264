package guest_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/vacancyhq/vacancy/guest"
)

func TestCheck(t *testing.T) {
	good := guest.Guest{Name: "Zoë O'Neill; DROP TABLE guest <b>", Email: "zoe+x@example.co.uk", Phone: "+49 123"}
	if err := good.Check(); err != nil {
		t.Errorf("an odd but real guest: %v", err)
	}
	for name, spoil := range map[string]func(*guest.Guest){
		"no name":        func(g *guest.Guest) { g.Name = "  " },
		"long name":      func(g *guest.Guest) { g.Name = strings.Repeat("é", guest.MaxName+1) },
		"control":        func(g *guest.Guest) { g.Name = "a\x00b" },
		"bad UTF-8":      func(g *guest.Guest) { g.Name = "a\xffb" },
		"no e-mail":      func(g *guest.Guest) { g.Email = "" },
		"two e-mails":    func(g *guest.Guest) { g.Email = "a@b.de, c@d.de" },
		"header in mail": func(g *guest.Guest) { g.Email = "a@b.de\r\nBcc: c@d.de" },
		"named e-mail":   func(g *guest.Guest) { g.Email = "Ada <a@b.de>" },
		"long phone":     func(g *guest.Guest) { g.Phone = strings.Repeat("1", guest.MaxPhone+1) },
	} {
		bad := good
		spoil(&bad)
		err := bad.Check()
		if !errors.Is(err, guest.ErrInvalid) {
			t.Errorf("%s: %v, want ErrInvalid", name, err)
		} else if bad.Email != "" && strings.Contains(err.Error(), bad.Email) {
			t.Errorf("%s: the error echoes what was typed", name)
		}
	}
}
