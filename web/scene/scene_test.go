package scene

import (
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"
)

// Every picture is an SVG document, small, the same each time and another for
// another house.
func TestDraw(t *testing.T) {
	for _, style := range Styles {
		for _, view := range Views {
			first, again, other := Draw(style, view, "prop_1"), Draw(style, view, "prop_1"), Draw(style, view, "prop_2")
			if first != again || first == other {
				t.Errorf("%s %s: a house has one picture of its own", style, view)
			}
			if len(first) > 60_000 {
				t.Errorf("%s %s: %d bytes", style, view, len(first))
			}
			document := xml.NewDecoder(strings.NewReader(first))
			for {
				if _, err := document.Token(); errors.Is(err, io.EOF) {
					break
				} else if err != nil {
					t.Fatalf("%s %s: %v", style, view, err)
				}
			}
		}
	}
	if Valid("sea", "cellar") || Valid("moon", "room") || !Valid("sea", "room") {
		t.Error("pictures that there are not")
	}
}
