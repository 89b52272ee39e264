package alpinebits_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/vacancyhq/vacancy/channel/alpinebits"
	"github.com/vacancyhq/vacancy/money"
	"github.com/vacancyhq/vacancy/pricing"
	"github.com/vacancyhq/vacancy/property"
	"github.com/vacancyhq/vacancy/stay"
)

func TestHostileDocuments(t *testing.T) {
	good := message(ratesDouble)
	deep := strings.Repeat("<Description>", 30) + strings.Repeat("</Description>", 30)
	for name, bad := range map[string]string{
		"empty":             "",
		"not XML":           "price list",
		"cut off":           good[:len(good)-20],
		"document type":     strings.Replace(good, "<OTA", `<!DOCTYPE x [<!ENTITY a "b">]><OTA`, 1),
		"unknown entity":    strings.Replace(good, `"double"`, `"&lol;"`, 1),
		"attribute twice":   strings.Replace(good, `RatePlanCode="P"`, `RatePlanCode="P" RatePlanCode="Q"`, 1),
		"two roots":         good + `<OTA_HotelRatePlanNotifRQ xmlns="http://www.opentravel.org/OTA/2003/05"/>`,
		"text after":        good + "more",
		"too deep":          message(deep),
		"too many elements": message(strings.Repeat("<X/>", 400_001)),
		"other namespace":   strings.Replace(good, "OTA/2003/05", "OTA/2003/06", 1),
		"other root":        strings.ReplaceAll(good, "OTA_HotelRatePlanNotifRQ", "OTA_HotelInvCountNotifRQ"),
		"bad UTF-8":         strings.Replace(good, "double", "\xff\xfe", 1),
		"other encoding":    strings.Replace(good, "UTF-8", "UTF-16", 1),
		"too large":         message(`<Description Name="title">` + strings.Repeat(" ", alpinebits.MaxBytes) + `</Description>`),
	} {
		if m, err := alpinebits.ReadRatePlans(strings.NewReader(bad)); !errors.Is(err, alpinebits.ErrMessage) {
			t.Errorf("%s: %v, %v", name, m, err)
		}
	}
}

// What is wrong is named by line and attribute, and never repeated.
func TestBadValuesAreNamed(t *testing.T) {
	for where, change := range map[string][2]string{
		"Rate/@Start":                         {`Start="2027-05-01"`, `Start="secret"`},
		"Rate/@End":                           {`End="2027-05-31"`, `End="2026-05-31"`},
		"Rate/@InvTypeCode":                   {`InvTypeCode="double"`, `InvTypeCode=""`},
		"Rate/@UnitMultiplier":                {`UnitMultiplier="1"`, `UnitMultiplier="0"`},
		"Rate/@RateTimeUnit":                  {`"Day"`, `"secret"`},
		"BaseByGuestAmt/@Type":                {`Type="25"`, `Type="secret"`},
		"BaseByGuestAmt/@NumberOfGuests":      {`NumberOfGuests="2"`, `NumberOfGuests="-2"`},
		"BaseByGuestAmt/@AmountAfterTax":      {`"100.00"`, `"-100.00"`},
		"RatePlan/@CurrencyCode":              {`CurrencyCode="EUR"`, `CurrencyCode="XYZ"`},
		"RatePlan/@RatePlanNotifType":         {`"New"`, `"secret"`},
		"BookingRule/@Start":                  {`<Rates>`, rules(rule(`Start="2027-02-30"`)) + `<Rates>`},
		"LengthOfStay/@Time":                  {`<Rates>`, rules(rule("", los("SetMinLOS=secret"))) + `<Rates>`},
		"LengthOfStay/@MinMaxMessageType":     {`<Rates>`, rules(rule("", los("secret=3"))) + `<Rates>`},
		"ArrivalDaysOfWeek/@Mon":              {`<Rates>`, rules(rule("", dow("Arrival", `Mon="secret"`))) + `<Rates>`},
		"RestrictionStatus/@Status":           {`<Rates>`, rules(rule("", strings.Replace(closed, "Close", "secret", 1))) + `<Rates>`},
		"AdditionalGuestAmount/@MaxAge":       {`<Rates>`, rates("25", 1, dated("single", "", child(`MaxAge="0"`, "1"))) + `<Rates>`},
		"Supplement/@ChargeTypeCode":          {`</Rates>`, `</Rates>` + supplements(static("A", "17", "", ""))},
		"Supplement/@Amount":                  {`</Rates>`, `</Rates>` + supplements(costs("A", "1,5", "", ""))},
		"Supplement":                          {`</Rates>`, `</Rates>` + supplements(static("A", "1", `Start="2027-05-01"`, ""))},
		"Supplement/@InvCode":                 {`</Rates>`, `</Rates>` + supplements(static("A", "1", "", ""), static("A", "1", "", ""))},
		"PrerequisiteInventory/@InvCode":      {`</Rates>`, `</Rates>` + supplements(static("A", "1", "", need("ALPINEBITSDOW", "101")))},
		"PrerequisiteInventory/@InvType":      {`</Rates>`, `</Rates>` + supplements(static("A", "1", "", need("secret", "1010101")))},
		"Offer":                               {`</Rates>`, `</Rates><Offers>` + freeNights(4, 1, "") + `</Offers>`},
		"Occupancy/@AgeQualifyingCode":        {`</Rates>`, `</Rates>` + offerRule("", occupancy(10, ""), occupancy(10, ""))},
		"OfferRule/@MinAdvancedBookingOffset": {`</Rates>`, `</Rates>` + offerRule(`MinAdvancedBookingOffset="P2W"`)},
		"Discount/@NightsDiscounted":          {`</Rates>`, `</Rates>` + families(freeNights(4, 5, ""))},
		"Discount/@DiscountPattern":           {`</Rates>`, `</Rates>` + families(freeNights(4, 1, "0010"))},
		"Guest/@MinCount":                     {`</Rates>`, `</Rates>` + families(strings.Replace(freeKids(6, 1, 1), ` MinCount="1"`, "", 1))},
		"Guest/@LastQualifyingPosition":       {`</Rates>`, `</Rates>` + families(freeKids(6, 1, 0))},
	} {
		text := strings.Replace(message(ratesDouble), change[0], change[1], 1)
		_, err := alpinebits.ReadRatePlans(strings.NewReader(text))
		var fault *alpinebits.MessageError
		if !errors.As(err, &fault) || fault.Where != where || fault.Line != 3 || strings.Contains(err.Error(), "secret") {
			t.Errorf("%s: %v", where, err)
		}
	}
}

func TestWhatIsUnknownIsSkipped(t *testing.T) {
	text := strings.Replace(message(ratesDouble, `<Future x="1"><Rates><Rate/></Rates></Future><y:Rates xmlns:y="urn:y"><y:Rate/></y:Rates>`), "<Rates>", `<Rates y:a="1" xmlns:y="urn:y">`, 1)
	m, err := alpinebits.ReadRatePlans(strings.NewReader(text))
	if err != nil || len(m.Plans) != 1 || len(m.Plans[0].Categories) != 1 {
		t.Errorf("%+v, %v", m, err)
	}
}

func TestOfficialSample(t *testing.T) {
	m, err := alpinebits.ReadRatePlans(open(t, shared(t, "distribution", "alpinebits", "samples", "2020-10", "RatePlans-OTA_HotelRatePlanNotifRQ.xml")))
	if err != nil {
		t.Fatal(err)
	}
	p := m.Plans[0]
	if m.HotelCode != "123" || p.Plan.Code != "Rate1-4-HB" || p.Plan.Name != "Lorem ipsum." || p.Plan.Board != "half_board" || p.Plan.Supplements[0].Name != "Endreinigung" {
		t.Errorf("%+v", p.Plan)
	}
	if err := p.Plan.Check(); err != nil {
		t.Error(err)
	}
}

// Every plan that is read from a valid message is one that can be kept.
func TestPlansOfMessagesPassTheirChecks(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(shared(t, "distribution", "alpinebits", "rateplan-prices", "messages"), "*.xml"))
	if err != nil || len(files) == 0 {
		t.Fatal("no messages", err)
	}
	for _, path := range files {
		m, err := alpinebits.ReadRatePlans(open(t, path))
		if err != nil {
			t.Errorf("%s: %v", path, err)
			continue
		}
		for _, p := range m.Plans {
			checks := []error{p.Plan.Check(), p.House.Check()}
			for _, c := range p.Calendars {
				checks = append(checks, c.Check())
			}
			if err := errors.Join(checks...); err != nil {
				t.Errorf("%s: %v", path, err)
			}
		}
	}
}

func plan(code, notif, parts string) string {
	return `<RatePlan RatePlanNotifType="` + notif + `" CurrencyCode="EUR" RatePlanCode="` + code + `">` + parts + `</RatePlan>`
}

func TestSeveralPlansInAMessage(t *testing.T) {
	dear := rates("25", 1, dated("double", "", base(2, "130")), dated("single", "", base(2, "90")), dated("suite", "", base(2, "300")))
	shut := rules(rule(`Code="single"`, los("SetMinLOS=5")), rule(`Code="suite"`, closed))
	m, err := alpinebits.ReadRatePlans(strings.NewReader(messageOf(
		plan("A", "New", shut+dear), plan("B", "Full", ratesDouble), plan("C", "Remove", ""),
		plan("D", "New", rules(rule("", los("SetMaxLOS=1")))+rates("25", 1, dated("single", "", base(2, "70")))),
	)))
	if err != nil {
		t.Fatal(err)
	}
	rooms := map[string]property.RoomType{}
	for _, code := range []string{"double", "single", "suite"} {
		rooms[code] = property.RoomType{ID: code, MinGuests: 1, Standard: 2, MaxGuests: 2}
	}
	arrival := stay.DateOf(2027, 5, 3)
	request := pricing.Request{Stay: stay.Stay{Arrival: arrival, Departure: arrival + 1}, Party: stay.Party{Adults: 2}, BookedOn: arrival}
	got, err := m.Price(rooms, request)
	want := alpinebits.Answer{
		Totals:  map[string]money.Amount{"double": money.Of(10_000, "EUR"), "single": money.Of(7_000, "EUR")},
		Skipped: []string{"closed"},
	}
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Error(err, diff)
	}
	request.Stay.Departure = arrival + 2
	got, err = m.Price(rooms, request)
	if err != nil || len(got.Totals) != 1 || !cmp.Equal(got.Skipped, []string{"los_below_min", "closed"}) {
		t.Errorf("two nights: %+v, %v", got, err)
	}
}

func TestRemoveAndCompleteSet(t *testing.T) {
	text := `<OTA_HotelRatePlanNotifRQ xmlns="http://www.opentravel.org/OTA/2003/05" Version="1.000"><UniqueID Type="16" ID="1" Instance="CompleteSet"/>` +
		`<RatePlans HotelCode="123"><RatePlan RatePlanNotifType="Remove" RatePlanCode="P"/></RatePlans></OTA_HotelRatePlanNotifRQ>`
	m, err := alpinebits.ReadRatePlans(strings.NewReader(text))
	if err != nil || !m.CompleteSet || m.Plans[0].Notif != alpinebits.Remove || m.Plans[0].Plan.Code != "P" {
		t.Errorf("%+v, %v", m, err)
	}
	if answer, err := m.Price(nil, pricing.Request{}); err != nil || len(answer.Totals)+len(answer.Skipped) != 0 {
		t.Errorf("%+v, %v", answer, err)
	}
}

func FuzzReadRatePlans(f *testing.F) {
	f.Add(message(rules(rule(`Start="2027-05-01"`, los("SetMinLOS=2.5"), closed)), perRoom, supplements(static("A", "21", "", need("ALPINEBITSDOW", "1111100")), costs("A", ".5", "", "")), families(freeNights(4, 1, "0001"), freeKids(6, 1, 1))))
	f.Add(message(perPerson, offerRule(`MinAdvancedBookingOffset="P1D"`, occupancy(10, `MinAge="18"`))))
	f.Add(messageOf(plan("C", "Remove", "")))
	if data, err := os.ReadFile(filepath.Join("..", "..", "README.md")); err == nil {
		f.Add(string(data))
	}
	arrival := stay.DateOf(2027, 5, 3)
	request := pricing.Request{Stay: stay.Stay{Arrival: arrival, Departure: arrival + 5}, Party: stay.Party{Adults: 2, ChildAges: []int{3, 9}}, BookedOn: arrival}
	f.Fuzz(func(t *testing.T, text string) {
		m, err := alpinebits.ReadRatePlans(strings.NewReader(text))
		if err != nil {
			if !errors.Is(err, alpinebits.ErrMessage) {
				t.Fatalf("another error: %v", err)
			}
			return
		}
		rooms := map[string]property.RoomType{}
		for _, p := range m.Plans {
			for _, code := range p.Categories {
				rooms[code] = property.RoomType{ID: code, MinGuests: 1, Standard: 2, MaxGuests: 5}
			}
		}
		answer, err := m.Price(rooms, request)
		if err != nil && !errors.Is(err, alpinebits.ErrMessage) && !errors.Is(err, money.ErrOverflow) {
			t.Fatalf("price: %v", err)
		}
		for category, total := range answer.Totals {
			if total.Minor < 0 {
				t.Fatalf("%s costs %v", category, total)
			}
		}
	})
}
