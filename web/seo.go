package web

import (
	"encoding/xml"
	"net/http"
	"net/url"
	"strings"

	"github.com/vacancyhq/vacancy/money"
	"github.com/vacancyhq/vacancy/search"
)

// head is what search engines and those who share a link read of a page.
type head struct {
	Canonical   string
	Description string
	Image       string
	Alternates  []choice // language and address
	Facts       any      // schema.org, as JSON-LD
}

// origin is where guests reach the site.
func (s *site) origin(r *http.Request) string {
	if s.BaseURL != "" {
		return strings.TrimSuffix(s.BaseURL, "/")
	}
	if s.secure(r) {
		return "https://" + r.Host
	}
	return "http://" + r.Host
}

func (s *site) headOf(r *http.Request, v voice, path string) *head {
	all := &head{Canonical: s.origin(r) + path}
	for _, l := range s.tongues.All() {
		all.Alternates = append(all.Alternates, choice{Value: l.Code, Label: inLanguage(all.Canonical, l.Code)})
	}
	all.Alternates = append(all.Alternates, choice{Value: "x-default", Label: all.Canonical})
	if v.Code != s.tongues.All()[0].Code {
		all.Canonical = inLanguage(all.Canonical, v.Code)
	}
	return all
}

// searchHead names a place's page without dates: those of today are stale tomorrow.
func (s *site) searchHead(r *http.Request, v voice, view searchView) *head {
	path := "/"
	if view.Wish.Place != "" && !view.Front {
		path = placePath(view.Wish.Place, view.Wish.PlaceID)
	}
	all := s.headOf(r, v, path)
	all.Description = v.Say("front.lead")
	all.Image = s.origin(r) + sceneURL("sea", "wide", "front")
	return all
}

// schema.org, as far as a hotel's page says it.
type (
	hotelFacts struct {
		Context     string        `json:"@context"`
		Type        string        `json:"@type"`
		Name        string        `json:"name"`
		Description string        `json:"description,omitempty"`
		URL         string        `json:"url"`
		Image       []string      `json:"image"`
		Address     addressFacts  `json:"address"`
		Geo         geoFacts      `json:"geo"`
		CheckIn     string        `json:"checkinTime"`
		CheckOut    string        `json:"checkoutTime"`
		Stars       *ratingFacts  `json:"starRating,omitempty"`
		Rating      *ratingFacts  `json:"aggregateRating,omitempty"`
		Amenities   []amenityFact `json:"amenityFeature,omitempty"`
		Offers      []offerFacts  `json:"makesOffer,omitempty"`
	}
	addressFacts struct {
		Type     string `json:"@type"`
		Street   string `json:"streetAddress,omitempty"`
		City     string `json:"addressLocality"`
		Postcode string `json:"postalCode,omitempty"`
		Country  string `json:"addressCountry"`
	}
	geoFacts struct {
		Type string  `json:"@type"`
		Lat  float64 `json:"latitude"`
		Lon  float64 `json:"longitude"`
	}
	ratingFacts struct {
		Type  string `json:"@type"`
		Value string `json:"ratingValue"`
		Best  string `json:"bestRating,omitempty"`
		Count int    `json:"reviewCount,omitempty"`
	}
	amenityFact struct {
		Type  string `json:"@type"`
		Name  string `json:"name"`
		Value bool   `json:"value"`
	}
	offerFacts struct {
		Type     string         `json:"@type"`
		Name     string         `json:"name"`
		Price    string         `json:"price"`
		Currency money.Currency `json:"priceCurrency"`
		URL      string         `json:"url"`
		Stock    string         `json:"availability"`
	}
)

var schemaTypes = map[string]string{
	"hotel": "Hotel", "hostel": "Hostel", "motel": "Motel", "guest_house": "BedAndBreakfast", "apartment": "LodgingBusiness",
}

func (s *site) hotelHead(r *http.Request, v voice, view hotelView) *head {
	house := view.House
	all := s.headOf(r, v, "/hotels/"+url.PathEscape(house.ID))
	all.Description = house.Description
	facts := hotelFacts{
		Context: "https://schema.org", Type: schemaTypes[house.Kind], Name: house.Name, Description: house.Description, URL: all.Canonical,
		Address: addressFacts{"PostalAddress", house.Address, house.City, house.Postcode, house.Country},
		Geo:     geoFacts{"GeoCoordinates", house.Lat, house.Lon}, CheckIn: house.CheckInFrom.String(), CheckOut: house.CheckOutUntil.String(),
	}
	if facts.Type == "" {
		facts.Type = "LodgingBusiness"
	}
	for _, p := range view.Pictures {
		facts.Image = append(facts.Image, s.origin(r)+p.URL)
	}
	all.Image = facts.Image[0]
	if house.Stars > 0 {
		facts.Stars = &ratingFacts{Type: "Rating", Value: number(house.Stars)}
	}
	if view.Reviews != nil {
		facts.Rating = &ratingFacts{"AggregateRating", decimal(view.Reviews.Rating.Tenths), "10", view.Reviews.Rating.Count}
	}
	for _, a := range view.Amenities {
		facts.Amenities = append(facts.Amenities, amenityFact{"LocationFeatureSpecification", a.Label, true})
	}
	facts.Offers = offersOf(view, s.origin(r)+hotelURL(house.ID, view.Wish))
	all.Facts = facts
	return all
}

func offersOf(view hotelView, address string) []offerFacts {
	var all []offerFacts
	for _, g := range view.Groups {
		for _, t := range g.Types {
			for _, o := range t.Offers {
				all = append(all, offerFacts{
					"Offer", t.Name + ", " + o.Board, o.Total.Decimal(), o.Total.Currency, address, "https://schema.org/InStock",
				})
			}
		}
	}
	return all
}

func decimal(tenths int) string {
	text := number(tenths / 10)
	if tenths%10 == 0 {
		return text
	}
	return text + "." + number(tenths%10)
}

// robots keeps crawlers out of what belongs to one guest.
func (s *site) robots(w http.ResponseWriter, r *http.Request) error {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, _ = w.Write([]byte("User-agent: *\nDisallow: /bookings/\nDisallow: /checkout/\nDisallow: /find\nDisallow: /account\nDisallow: /resume/\nDisallow: /v1/\nSitemap: " + s.origin(r) + "/sitemap.xml\n"))
	return nil
}

type (
	sitemap struct {
		XMLName xml.Name  `xml:"http://www.sitemaps.org/schemas/sitemap/0.9 urlset"`
		Pages   []pageRef `xml:"url"`
	}
	pageRef struct {
		Address string `xml:"loc"`
	}
)

// sitemap lists the front page and the places; their pages link to the houses.
func (s *site) sitemap(w http.ResponseWriter, r *http.Request) error {
	places, err := s.Search.Places(r.Context(), "", search.MaxPlaces)
	if err != nil {
		return err
	}
	all := sitemap{Pages: []pageRef{{s.origin(r) + "/"}}}
	for _, p := range places {
		if p.PropertyID != "" {
			all.Pages = append(all.Pages, pageRef{s.origin(r) + "/hotels/" + url.PathEscape(p.PropertyID)})
			continue
		}
		all.Pages = append(all.Pages, pageRef{s.origin(r) + placePath(p.Name, p.ID)})
		if err := s.siteHouses(r, p, &all); err != nil {
			return err
		}
	}
	w.Header().Set("Content-Type", "application/xml; charset=utf-8")
	_, _ = w.Write([]byte(xml.Header))
	return xml.NewEncoder(w).Encode(all)
}

// siteHouses adds the houses of a place, as many as a page may hold.
func (s *site) siteHouses(r *http.Request, p search.Place, all *sitemap) error {
	found, err := s.Search.Search(r.Context(), search.Query{PlaceID: p.ID, Limit: search.MaxPage})
	if err != nil {
		return err
	}
	for _, hit := range found.Hits {
		all.Pages = append(all.Pages, pageRef{s.origin(r) + "/hotels/" + url.PathEscape(hit.PropertyID)})
	}
	return nil
}
