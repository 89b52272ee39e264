package api_test

import (
	"testing"
	"time"

	"github.com/vacancyhq/vacancy/booking"
	"github.com/vacancyhq/vacancy/payment/sandboxpay"
)

// prepaid is a site with a house that sells a plan that is paid at booking.
func prepaid(t *testing.T) (s *site, house tenancy, planID string) {
	s = open(t, nil)
	house = s.first()
	at := "/v1/properties/" + house.house
	planID = s.as(house.key, "POST", at+"/rate-plans", plan("PAY", "pay_now")).want(201).str("id")
	s.as(house.key, "POST", at+"/prices", object{"writes": []object{{
		"rate_plan_id": planID, "room_type_ids": []string{house.room}, "from": "2027-01-01", "through": "2027-12-31",
		"base": []object{{"guests": 2, "amount": "80"}},
	}}}).want(200)
	return s, house, planID
}

// paying is a purchase of a new offer, and who makes it.
func (s *site) paying(house tenancy, planID, token string) (body object, guest string) {
	s.t.Helper()
	offer, guest := s.offer(house, planID)
	body = purchase(offer)
	if token != "" {
		body["card_token"] = token
	}
	return body, guest
}

// Property 3: a 202 points at the booking, and the same request is told what
// became of it.
func TestPrepaidByTheHostedPage(t *testing.T) {
	s, house, planID := prepaid(t)
	body, guest := s.paying(house, planID, "")
	body["return_url"] = "https://shop.example.com/thanks"
	h := s.with(guest)
	first := s.send("POST", "/v1/bookings", body, h).want(202)
	at := "/v1/bookings/" + first.str("id")
	if first.header.Get("Location") != at || first.str("state") != "pending" || first.str("payment.state") != "guest" ||
		first.str("payment.due.0.amount.amount") != "160.00" || first.str("payment.expires_at") == "" || first.str("confirmation_code") != "" {
		t.Fatalf("%v %s", first.header, first.body)
	}
	page := first.str("payment.url")
	if seen := s.as(first.str("manage_token"), "GET", at, nil).want(200); seen.str("payment.url") != page || seen.str("state") != "pending" {
		t.Fatalf("seen as %s", seen.body)
	}
	must(t, s.bank().Decide(page, sandboxpay.TokenOK))
	again := s.send("POST", "/v1/bookings", body, h).want(201)
	if again.str("state") != "confirmed" || again.header.Get("Idempotency-Replayed") != "true" || again.str("id") != first.str("id") ||
		again.str("payment.due.0.captured.amount") != "160.00" || again.header.Get("Location") != "" {
		t.Fatalf("%v %s", again.header, again.body)
	}
	if len(s.bank().Payments()) != 1 {
		t.Errorf("the bank has %d payments", len(s.bank().Payments()))
	}
	gone := s.as(again.str("manage_token"), "POST", at+"/cancel", nil).want(200)
	if _, err := s.bookings.Settle(t.Context(), gone.str("id")); err != nil {
		t.Fatal(err)
	}
	if seen := s.as(house.key, "GET", at, nil).want(200); seen.str("payment.due.0.refunded.amount") != "160.00" {
		t.Errorf("after the cancellation: %s", seen.body)
	}
	if all := s.as(house.key, "GET", at+"/dossier", nil).want(200); all.str("booking.payment.due.0.captured.amount") != "160.00" {
		t.Errorf("what the house holds of the guest is without what they paid: %s", all.body)
	}
}

func TestPrepaidByToken(t *testing.T) {
	s, house, planID := prepaid(t)
	body, guest := s.paying(house, planID, sandboxpay.TokenOK)
	done := s.as(guest, "POST", "/v1/bookings", body).want(201)
	if done.str("state") != "confirmed" || len(done.str("confirmation_code")) != booking.CodeLength || done.str("payment.state") != "none" {
		t.Fatalf("%s", done.body)
	}
}

// Each outcome that a token forces has its problem, and leaves the hold.
func TestEveryForcedOutcome(t *testing.T) {
	for token, want := range map[string]struct {
		status int
		code   string
	}{
		sandboxpay.TokenDeclined:     {402, "card-declined"},
		sandboxpay.TokenInsufficient: {402, "card-declined"},
		sandboxpay.TokenDown:         {503, "payment-not-sent"},
		"4111111111111112":           {422, "card-needed"},
	} {
		t.Run(token, func(t *testing.T) {
			s, house, planID := prepaid(t)
			body, guest := s.paying(house, planID, token)
			h := s.with(guest)
			for range 2 { // the repetition is told the same, and does nothing
				refused := s.send("POST", "/v1/bookings", body, h).problem(want.status, want.code)
				if refused.str("hold_id") == "" {
					t.Fatalf("no hold: %s", refused.body)
				}
			}
		})
	}
	for _, token := range []string{sandboxpay.TokenReplyLost, sandboxpay.TokenBusy, sandboxpay.TokenStoredError} {
		t.Run(token, func(t *testing.T) {
			s, house, planID := prepaid(t)
			body, guest := s.paying(house, planID, token)
			h := s.with(guest)
			waits := s.send("POST", "/v1/bookings", body, h).want(202)
			if waits.str("payment.state") != "processing" || waits.str("payment.url") != "" {
				t.Fatalf("%s", waits.body)
			}
			s.now = s.now.Add(time.Minute)
			s.send("POST", "/v1/bookings", body, h).want(201)
		})
	}
}

func TestHoldThatWasNotPaidCanBePaid(t *testing.T) {
	s, house, planID := prepaid(t)
	body, guest := s.paying(house, planID, sandboxpay.TokenDeclined)
	refused := s.as(guest, "POST", "/v1/bookings", body).problem(402, "card-declined")
	again := object{
		"hold_id": refused.str("hold_id"), "guest": guestOf(), "terms_version": "2027-01", "card_token": sandboxpay.TokenOK,
	}
	s.as(guest, "POST", "/v1/bookings", again).want(201)
}

func TestPrepaidThatNobodyPays(t *testing.T) {
	s, house, planID := prepaid(t)
	body, guest := s.paying(house, planID, "")
	h := s.with(guest)
	waits := s.send("POST", "/v1/bookings", body, h).want(202)
	s.now = s.now.Add(booking.PendingLife + time.Minute)
	s.send("POST", "/v1/bookings", body, h).problem(402, "payment-abandoned")
	if state := s.as(house.key, "GET", "/v1/bookings/"+waits.str("id"), nil).want(200).str("state"); state != "released" {
		t.Errorf("the booking is %s", state)
	}
}

func TestReturnAddressOfPrepaid(t *testing.T) {
	s, house, planID := prepaid(t)
	for _, bad := range []string{"javascript:alert(1)", "/relative", "//host", "https://user@host/", "ftp://host/"} {
		body, guest := s.paying(house, planID, "")
		body["return_url"] = bad
		s.as(guest, "POST", "/v1/bookings", body).problem(422, "invalid")
	}
}
