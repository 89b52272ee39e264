package alpinebits_test

import "strings"

const ratesDouble = `<Rates><Rate UnitMultiplier="1" RateTimeUnit="Day"><BaseByGuestAmts><BaseByGuestAmt Type="25"/></BaseByGuestAmts></Rate>` +
	`<Rate InvTypeCode="double" Start="2027-05-01" End="2027-05-31"><BaseByGuestAmts><BaseByGuestAmt NumberOfGuests="1" AgeQualifyingCode="10" AmountAfterTax="80"/>` +
	`<BaseByGuestAmt NumberOfGuests="2" AgeQualifyingCode="10" AmountAfterTax="100.00"/></BaseByGuestAmts></Rate></Rates>`

const adultsOnly = `<Offers><Offer><OfferRules><OfferRule><Occupancy AgeQualifyingCode="10"/></OfferRule></OfferRules></Offer></Offers>`

// message is a message of one plan with these parts.
func message(parts ...string) string {
	return messageOf(`<RatePlan RatePlanNotifType="New" CurrencyCode="EUR" RatePlanCode="P">` + strings.Join(parts, "") + `</RatePlan>`)
}

func messageOf(plans ...string) string {
	return `<?xml version="1.0" encoding="UTF-8"?>` + "\n" +
		`<OTA_HotelRatePlanNotifRQ xmlns="http://www.opentravel.org/OTA/2003/05" Version="1.000"><RatePlans HotelCode="123">` + "\n" +
		strings.Join(plans, "\n") + `</RatePlans></OTA_HotelRatePlanNotifRQ>`
}
