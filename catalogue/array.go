package catalogue

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
)

// MaxArray is the longest file that is one JSON value, in bytes.
const MaxArray = 64 << 20

// array reads a file that is one JSON array of hotels, as MultiWOZ publishes
// its own.
func (f *file) array() error {
	text, err := f.whole()
	if err != nil {
		return err
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	if _, err := decoder.Token(); err != nil {
		return err
	}
	return f.elements(text, decoder, decodeDialogue)
}

// whole is the file's text, where it has to be seen as one.
func (f *file) whole() ([]byte, error) {
	f.line = 1
	text, err := io.ReadAll(io.LimitReader(f.in, MaxArray+1))
	if err == nil && len(text) > MaxArray {
		err = fmt.Errorf("longer than %d bytes and not one object a line", MaxArray)
	}
	return text, err
}

// elements reads the rest of an array whose bracket was just read.
func (f *file) elements(text []byte, decoder *json.Decoder, decode func([]byte) (Row, error)) error {
	counted := int64(0)
	for decoder.More() {
		var element json.RawMessage
		if err := decoder.Decode(&element); err != nil {
			return f.reject("not JSON from here on")
		}
		// The line on which the element begins, counted on from the last one.
		begins := decoder.InputOffset() - int64(len(element))
		f.line += bytes.Count(text[counted:begins], []byte{'\n'})
		counted = begins
		if err := f.element(element, decode); err != nil {
			return err
		}
	}
	if _, err := decoder.Token(); err != nil {
		return f.reject("the list of hotels does not end")
	}
	return nil
}

func (f *file) element(element []byte, decode func([]byte) (Row, error)) error {
	if len(element) > MaxRow {
		return f.reject(fmt.Sprintf("row longer than %d bytes", MaxRow))
	}
	return f.row(element, decode)
}

// dialogueRow is a hotel of MultiWOZ's Cambridge database (MIT).
type dialogueRow struct {
	ID       string    `json:"id"`
	Name     string    `json:"name"`
	Address  string    `json:"address"`
	Postcode string    `json:"postcode"`
	Location []float64 `json:"location"`
	Stars    string    `json:"stars"`
	Type     string    `json:"type"`
	Internet string    `json:"internet"`
	Parking  string    `json:"parking"`
	Price    struct {
		Double string `json:"double"`
	} `json:"price"`
}

// decodeDialogue reads a hotel of MultiWOZ; an object without a location is
// tried as a row of our own form.
func decodeDialogue(text []byte) (Row, error) {
	var d dialogueRow
	if err := json.Unmarshal(text, &d); err != nil || d.Location == nil {
		return decode(text)
	}
	if len(d.Location) != 2 {
		return Row{}, errors.New("location is not latitude and longitude")
	}
	if tidy(d.ID) == "" {
		return Row{}, errors.New("id missing")
	}
	w := wireRow{
		ID: "multiwoz-cambridge:" + tidy(d.ID), Source: "multiwoz-cambridge", Licence: "MIT",
		Name: capitals(d.Name), Lat: &d.Location[0], Lon: &d.Location[1], City: "Cambridge",
		Address: capitals(d.Address), Postcode: postcodeGB(d.Postcode), Kind: d.Type, Stars: d.Stars,
		Tags: map[string]string{"internet_access": d.Internet, "parking": d.Parking},
	}
	if d.Price.Double != "" {
		w.PriceText = "£" + d.Price.Double
	}
	return w.check()
}

// postcodeGB writes "cb12dp" as "CB1 2DP".
func postcodeGB(text string) string {
	code := strings.ToUpper(strings.ReplaceAll(tidy(text), " ", ""))
	if len(code) < 5 {
		return code
	}
	return code[:len(code)-3] + " " + code[len(code)-3:]
}
