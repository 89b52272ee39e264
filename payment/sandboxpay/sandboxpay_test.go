package sandboxpay_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/vacancyhq/vacancy/money"
	"github.com/vacancyhq/vacancy/payment"
	"github.com/vacancyhq/vacancy/payment/paymenttest"
	"github.com/vacancyhq/vacancy/payment/sandboxpay"
)

func TestGateway(t *testing.T) {
	paymenttest.Run(t, func(t *testing.T) paymenttest.Opened {
		p := sandboxpay.New(nil)
		return paymenttest.Opened{
			Gateway: p,
			Pays:    sandboxpay.TokenOK, Declined: sandboxpay.TokenInsufficient, Stolen: sandboxpay.TokenDeclined,
			Lose:   func() { p.Script(sandboxpay.LoseReply) },
			Refuse: func() { p.Script(sandboxpay.Refuse) },
			Guest: func(page string, pays bool) {
				token := ""
				if pays {
					token = sandboxpay.TokenOK
				}
				if err := p.Decide(page, token); err != nil {
					t.Fatal(err)
				}
			},
			Truth: func(id string) (n int, captured, refunded int64) {
				for _, one := range p.Payments() {
					if one.Attempt == id {
						n, captured, refunded = n+1, captured+one.Captured, refunded+one.Refunded
					}
				}
				return n, captured, refunded
			},
		}
	})
}

func attempt(t *testing.T, p *sandboxpay.Provider, id string, o payment.Order) payment.Attempt {
	t.Helper()
	o.Attempt, o.Amount = id, money.Of(100, "EUR")
	body, err := p.Compose(o)
	if err != nil {
		t.Fatal(err)
	}
	return payment.Attempt{ID: id, Kind: o.Kind, Key: id, Body: body}
}

// Each way in which a call fails, as it is judged.
func TestFaultsAreJudged(t *testing.T) {
	for fault, want := range map[sandboxpay.Fault]payment.Result{
		sandboxpay.Refuse:         {Outcome: payment.No, Reason: payment.NotSent},
		sandboxpay.LoseRequest:    {Outcome: payment.Unknown, Reason: payment.Lost},
		sandboxpay.LoseReply:      {Outcome: payment.Unknown, Reason: payment.Lost},
		sandboxpay.Slow:           {Outcome: payment.Unknown, Reason: payment.Lost},
		sandboxpay.Garbage:        {Outcome: payment.Unknown, Reason: payment.Lost},
		sandboxpay.Busy:           {Outcome: payment.Unknown, Reason: payment.Busy},
		sandboxpay.Limit:          {Outcome: payment.Unknown, Reason: payment.Limited, After: 2 * time.Second},
		sandboxpay.StoreError:     {Outcome: payment.Unknown, Reason: payment.Sticky},
		sandboxpay.StoreErrorOnly: {Outcome: payment.Unknown, Reason: payment.Sticky},
		sandboxpay.Reject:         {Outcome: payment.No, Reason: payment.Invalid},
	} {
		p := sandboxpay.New(nil)
		p.Script(fault)
		ctx, cancel := context.WithTimeout(context.Background(), 20*time.Millisecond)
		if got := p.Send(ctx, attempt(t, p, "pay_1", payment.Order{Kind: payment.Authorise, Token: sandboxpay.TokenOK})); got != want {
			t.Errorf("fault %d: %+v, want %+v", fault, got, want)
		}
		cancel()
	}
}

// Property 25: the stored error is repeated for ever, and the charge appears.
func TestStoredErrorChargesLater(t *testing.T) {
	now := time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC)
	p := sandboxpay.New(func() time.Time { return now })
	a := attempt(t, p, "pay_1", payment.Order{Kind: payment.Authorise, Token: sandboxpay.TokenStoredError})
	ctx := context.Background()
	for _, step := range []struct {
		pass  time.Duration
		found payment.Outcome
	}{{0, payment.Unknown}, {29 * time.Second, payment.Unknown}, {time.Second, payment.Yes}} {
		now = now.Add(step.pass)
		if r := p.Send(ctx, a); r.Reason != payment.Sticky {
			t.Errorf("sent again: %+v", r)
		}
		if r := p.LookUp(ctx, a); r.Outcome != step.found {
			t.Errorf("found: %+v, want %s", r, step.found)
		}
	}
}

func TestFileOutlivesTheProcess(t *testing.T) {
	file := filepath.Join(t.TempDir(), "bank")
	open := func() *sandboxpay.Provider {
		p, err := sandboxpay.Open(sandboxpay.Options{File: file})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = p.Close() })
		return p
	}
	ctx := context.Background()
	p := open()
	held := attempt(t, p, "pay_1", payment.Order{Kind: payment.Authorise, Token: sandboxpay.TokenOK})
	r := p.Send(ctx, held)
	capture := attempt(t, p, "pay_2", payment.Order{Kind: payment.Capture, Reference: r.Reference})
	if p.Send(ctx, capture).Outcome != payment.Yes || p.Close() != nil {
		t.Fatal("not captured")
	}
	torn, err := os.OpenFile(file, os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	_, err = torn.WriteString(`{"payment":{"id":"sbx_`) // the process was killed in the middle of a line
	if err != nil || torn.Close() != nil {
		t.Fatal(err)
	}
	for range 2 {
		p = open()
		if got := p.Send(ctx, capture); got.Outcome != payment.Yes {
			t.Errorf("the same key after the restart: %+v", got)
		}
		if all := p.Payments(); len(all) != 1 || all[0].Captured != 100 {
			t.Errorf("payments after the restart: %+v", all)
		}
	}
	p.Send(ctx, attempt(t, p, "pay_3", payment.Order{Kind: payment.Refund, Reference: r.Reference}))
	if all := open().Payments(); len(all) != 1 || all[0].Refunded != 100 {
		t.Errorf("what was written after the torn line: %+v", all)
	}
}

func TestHostedPage(t *testing.T) {
	p := sandboxpay.New(nil)
	server := httptest.NewServer(p.Page())
	t.Cleanup(server.Close)
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	a := attempt(t, p, "pay_1", payment.Order{Kind: payment.Session, About: "<b>Haus", ReturnURL: "https://shop.example/back"})
	page := p.Send(context.Background(), a).Page
	get := func(path string) (int, string) {
		response, err := client.Get(server.URL + path)
		if err != nil {
			t.Fatal(err)
		}
		defer response.Body.Close()
		var body strings.Builder
		_ = response.Write(&body)
		return response.StatusCode, body.String()
	}
	status, body := get(page)
	for _, want := range []string{"1.00 EUR", "&lt;b&gt;Haus", "Go back without paying", "frame-ancestors 'none'"} {
		if status != 200 || !strings.Contains(body, want) {
			t.Errorf("%d, without %q:\n%s", status, want, body)
		}
	}
	post := func(path, origin string, form url.Values) *http.Response {
		request, err := http.NewRequest(http.MethodPost, server.URL+path, strings.NewReader(form.Encode()))
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		request.Header.Set("Sec-Fetch-Site", origin)
		response, err := client.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		_ = response.Body.Close()
		return response
	}
	paying := url.Values{"do": {"pay"}, "card": {"ok"}}
	if r := post(page, "cross-site", paying); r.StatusCode != http.StatusForbidden { // Property 66.
		t.Errorf("a form of another site: %d", r.StatusCode)
	}
	if r := post(page, "same-origin", paying); r.StatusCode != http.StatusSeeOther || r.Header.Get("Location") != "https://shop.example/back" {
		t.Errorf("paid: %d to %s", r.StatusCode, r.Header.Get("Location"))
	}
	post(page, "same-origin", url.Values{"do": {"leave"}}) // what is decided stands
	if _, body := get(page); !strings.Contains(body, "This is paid.") || !strings.Contains(body, "Go back to shop.example") {
		t.Errorf("afterwards the page says:\n%s", body)
	}
	if status, _ := get(sandboxpay.Path + "pay/sbx_none"); status != http.StatusNotFound {
		t.Errorf("no such payment: %d", status)
	}
}
