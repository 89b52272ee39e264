package filemail_test

import (
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/vacancyhq/vacancy/notify/filemail"
	"github.com/vacancyhq/vacancy/notify/notifytest"
)

func TestFolder(t *testing.T) {
	notifytest.Run(t, func(t *testing.T) notifytest.Rig {
		path := filepath.Join(t.TempDir(), "mail")
		folder, err := filemail.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		return notifytest.Rig{Sender: folder, Once: true, Arrived: func() [][]byte {
			names, err := filepath.Glob(filepath.Join(path, "*.eml"))
			if err != nil {
				t.Fatal(err)
			}
			var all [][]byte
			for _, name := range names {
				data, err := os.ReadFile(name)
				if err != nil {
					t.Fatal(err)
				}
				all = append(all, data)
			}
			return all
		}}
	})
}

func TestPages(t *testing.T) {
	folder, err := filemail.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	m := notifytest.Sample()
	m.Subject = `<script>alert("x")</script> 予約`
	if err := folder.Send(t.Context(), m); err != nil {
		t.Fatal(err)
	}
	get := func(path string) *httptest.ResponseRecorder {
		w := httptest.NewRecorder()
		folder.Handler().ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), "GET", path, nil))
		return w
	}
	list := get("/mail")
	at := "/mail/" + m.ID + ".eml"
	if list.Code != 200 || strings.Contains(list.Body.String(), "<script") || !strings.Contains(list.Body.String(), at) {
		t.Errorf("list: %d %s", list.Code, list.Body)
	}
	if one := get(at); one.Code != 200 || !strings.Contains(one.Body.String(), "stay.ics") || !strings.Contains(one.Body.String(), "Zeile eins") {
		t.Errorf("mail: %d %s", one.Code, one.Body)
	}
	if page := get(at + "/html"); page.Body.String() != m.HTML || !strings.Contains(page.Header().Get("Content-Security-Policy"), "sandbox") {
		t.Errorf("page: %v %s", page.Header(), page.Body)
	}
	for _, path := range []string{"/mail/none.eml", "/mail/..%2Fsecret.eml", "/mail/%2e%2e%2f%2e%2e%2fetc%2fpasswd"} {
		if got := get(path); got.Code != 404 {
			t.Errorf("%s: %d", path, got.Code)
		}
	}
}
