// Package chrome drives a real browser in tests: it finds Chromium, opens tabs
// as a guest's device would, and says what a page looks like and whether axe-core
// finds fault with it. A selector is CSS and means the first part that it fits: the
// driver's own search would also find it as text, in a style sheet that names it,
// and wait for that to come into sight. Where there is no browser a test is skipped with a line
// that says so; under CI=true it fails.
package chrome

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// Device is what a guest holds in their hands.
type Device struct {
	Width, Height int64 // 0: a desk's
	Dark          bool
	NoScript      bool
	Language      string // Accept-Language; "": English
}

// Desk and Phone are the usual ones.
var (
	Desk  = Device{Width: 1280, Height: 900}
	Phone = Device{Width: 390, Height: 844}
)

// patience is how long anything on a page may take.
const patience = time.Minute

// names of the browser, as ./dev looks for it.
var names = []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"}

// find gives the browser's program.
func find(t testing.TB) string {
	t.Helper()
	for _, name := range names {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	missing(t, "no Chromium here: run ./dev up")
	return ""
}

// Need skips the test, or fails it, where there is no browser: before it does
// anything that takes long.
func Need(t testing.TB) {
	t.Helper()
	find(t)
}

// missing skips the test, or fails it where everything must be there.
func missing(t testing.TB, say string) {
	t.Helper()
	if os.Getenv("CI") == "true" {
		t.Fatal(say)
	}
	t.Skip(say)
}

// One browser serves all tests of a process; each tab is a visitor of its own.
var (
	once    sync.Once
	browser context.Context
	started error
)

func start(program string) (context.Context, error) {
	once.Do(func() {
		options := append(chromedp.DefaultExecAllocatorOptions[:],
			chromedp.ExecPath(program), chromedp.NoSandbox, chromedp.DisableGPU,
			chromedp.Flag("disable-quic", true), chromedp.Flag("disable-background-networking", true),
			chromedp.Flag("disable-features", "BackForwardCache,Translate"), // going back loads, so that it can be waited for
			chromedp.Flag("hide-scrollbars", true), chromedp.Flag("font-render-hinting", "none"),
			chromedp.WSURLReadTimeout(time.Minute),
		)
		allocator, _ := chromedp.NewExecAllocator(context.Background(), options...) // ends with the process
		browser, _ = chromedp.NewContext(allocator)
		started = chromedp.Do(browser)
	})
	return browser, started
}

// Tab is a visitor's page.
type Tab struct {
	t      testing.TB
	ctx    context.Context
	device Device

	mu     sync.Mutex
	faults []string // what scripts threw and the policy refused
}

// Open opens a tab of a visitor whom nobody knows yet.
func Open(t testing.TB, device Device) *Tab {
	t.Helper()
	root, err := start(find(t))
	if err != nil {
		t.Fatalf("start the browser: %v", err)
	}
	ctx, cancel := chromedp.NewContext(root, chromedp.WithNewBrowserContext())
	t.Cleanup(cancel)
	tab := &Tab{t: t, ctx: ctx, device: device}
	if err := errors.Join(chromedp.Do(ctx), chromedp.Listen(ctx, tab.hear), tab.prepare()); err != nil {
		t.Fatalf("open a tab: %v", err)
	}
	t.Cleanup(func() {
		tab.mu.Lock()
		defer tab.mu.Unlock()
		for _, fault := range tab.faults {
			t.Errorf("the page: %s", fault)
		}
	})
	return tab
}

func (b *Tab) prepare() error {
	scheme, language := "light", cmp.Or(b.device.Language, "en-GB")
	if b.device.Dark {
		scheme = "dark"
	}
	phone := b.device.Width < 600
	_, err1 := chromedp.Call(b.ctx, network.SetExtraHTTPHeaders, network.SetExtraHTTPHeadersParams{Headers: network.Headers{"Accept-Language": language}})
	_, err2 := chromedp.Call(b.ctx, emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{
		Width: b.device.Width, Height: b.device.Height, DeviceScaleFactor: 1, Mobile: phone,
	})
	_, err3 := chromedp.Call(b.ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{
		{Name: "prefers-color-scheme", Value: scheme}, {Name: "prefers-reduced-motion", Value: "reduce"},
	}})
	_, err4 := chromedp.Call(b.ctx, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: b.device.NoScript})
	return errors.Join(err1, err2, err3, err4)
}

// hear notes what went wrong in the page.
func (b *Tab) hear(event any) {
	fault := ""
	switch e := event.(type) {
	case *runtime.EventExceptionThrown:
		fault = e.ExceptionDetails.Text
		if thrown := e.ExceptionDetails.Exception; thrown != nil {
			fault += " " + thrown.Description
		}
	case *runtime.EventConsoleAPICalled:
		if string(e.Type) == "error" {
			fault = "console.error"
		}
	}
	if fault != "" {
		b.mu.Lock()
		b.faults = append(b.faults, fault)
		b.mu.Unlock()
	}
}

func (b *Tab) do(what string, steps ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	if err := chromedp.Do(ctx, steps...); err != nil {
		b.t.Fatalf("%s at %s: %v\n%s", what, b.where(), err, b.words())
	}
}

// ask runs what has an answer.
func ask[T any](b *Tab, what string, question chromedp.Action[T]) T {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	answer, err := chromedp.Run(ctx, question)
	if err != nil {
		b.t.Fatalf("%s at %s: %v\n%s", what, b.where(), err, b.words())
	}
	return answer
}

// where and words are for messages only: they say what they can.
func (b *Tab) where() string {
	ctx, cancel := context.WithTimeout(b.ctx, time.Second)
	defer cancel()
	at, _ := chromedp.Run(ctx, chromedp.Location())
	return at
}

func (b *Tab) words() string {
	ctx, cancel := context.WithTimeout(b.ctx, time.Second)
	defer cancel()
	text, _ := chromedp.Run(ctx, chromedp.Text(chromedp.CSS("main")))
	return text
}

// Go opens an address and wants the status.
func (b *Tab) Go(address string, status int) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	answer, err := chromedp.RunResponse(ctx, chromedp.Navigate(address))
	b.judge("open "+address, answer, err, status)
}

// Press clicks what leads to another page, and wants its status.
func (b *Tab) Press(selector string, status int) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	answer, err := chromedp.RunResponse(ctx, chromedp.ScrollIntoView(chromedp.CSS(selector)), chromedp.Click(chromedp.CSS(selector)))
	b.judge("press "+selector, answer, err, status)
}

// Back goes back in the browser's history, to a page that has such a part.
func (b *Tab) Back(selector string) {
	b.t.Helper()
	b.do("go back", chromedp.NavigateBack(), chromedp.WaitVisible(chromedp.CSS(selector)))
}

func (b *Tab) judge(what string, answer *network.Response, err error, status int) {
	b.t.Helper()
	if err != nil {
		b.t.Fatalf("%s, from %s: %v\n%s", what, b.where(), err, b.words())
	}
	if answer != nil && int(answer.Status) != status && answer.Status != 304 {
		b.t.Fatalf("%s: status %d, want %d\n%s", what, answer.Status, status, b.words())
	}
	b.do("wait for the page", chromedp.WaitReady(chromedp.CSS("footer")))
}

// Click clicks what changes the page that one is on.
func (b *Tab) Click(selector string) {
	b.t.Helper()
	b.do("click "+selector, chromedp.ScrollIntoView(chromedp.CSS(selector)), chromedp.Click(chromedp.CSS(selector)))
}

// Fill puts a value into a field or chooses it in a list.
func (b *Tab) Fill(selector, value string) {
	b.t.Helper()
	b.do("fill "+selector, chromedp.WaitReady(chromedp.CSS(selector)), chromedp.SetValue(chromedp.CSS(selector), value))
}

// Type types into a field, key by key.
func (b *Tab) Type(selector, text string) {
	b.t.Helper()
	b.do("type into "+selector, chromedp.Click(chromedp.CSS(selector)), chromedp.SendKeys(chromedp.CSS(selector), text))
}

// Wait waits until something is in sight.
func (b *Tab) Wait(selector string) {
	b.t.Helper()
	b.do("wait for "+selector, chromedp.WaitVisible(chromedp.CSS(selector)))
}

// Text is what a part of the page says.
func (b *Tab) Text(selector string) string {
	b.t.Helper()
	return strings.Join(strings.Fields(ask(b, "read "+selector, chromedp.Text(chromedp.CSS(selector)))), " ")
}

// Value is what a field holds.
func (b *Tab) Value(selector string) string {
	b.t.Helper()
	return ask(b, "read "+selector, chromedp.Value(chromedp.CSS(selector)))
}

// Wants fails unless the page says every text.
func (b *Tab) Wants(texts ...string) {
	b.t.Helper()
	words := b.Text("main")
	for _, text := range texts {
		if !strings.Contains(words, text) {
			b.t.Fatalf("%s does not say %q:\n%s", b.where(), text, words)
		}
	}
}

// Has tells whether the page has such a part.
func (b *Tab) Has(selector string) bool {
	b.t.Helper()
	return b.Number(fmt.Sprintf("document.querySelectorAll(%q).length", selector)) > 0
}

// Address is where the tab is.
func (b *Tab) Address() string {
	b.t.Helper()
	return ask(b, "read the address", chromedp.Location())
}

// Number is what an expression in the page comes to.
func (b *Tab) Number(expression string) float64 {
	b.t.Helper()
	return ask(b, "evaluate "+expression, chromedp.Evaluate[float64](expression))
}

// drawn waits for the pictures in sight, though not for ever.
const drawn = `new Promise(done => {
	const began = Date.now();
	const seen = i => { const r = i.getBoundingClientRect(); return r.top < innerHeight && r.bottom > 0; };
	const look = () => [...document.images].filter(seen).every(i => i.complete) || Date.now() - began > 3000 ? setTimeout(() => done(1), 100) : setTimeout(look, 30);
	look();
})`

// Shot is a picture of what is in sight, as PNG.
func (b *Tab) Shot() []byte {
	b.t.Helper()
	ask(b, "wait for the pictures", chromedp.Evaluate[float64](drawn, chromedp.EvalAwaitPromise))
	return ask(b, "take a picture", chromedp.CaptureScreenshot())
}

// axeFile is where ./dev up puts axe-core, first the one for root.
func axeFile() (string, error) {
	folders := []string{"/var/cache/vacancy"}
	if cache, err := os.UserCacheDir(); err == nil {
		folders = append(folders, filepath.Join(cache, "vacancy"))
	}
	for _, folder := range folders {
		name := filepath.Join(folder, "axe-core", "axe.min.js")
		if _, err := os.Stat(name); err == nil {
			return name, nil
		}
	}
	return "", errors.New("axe-core is not here: run ./dev up")
}

// Axe is what axe-core finds serious or critical on the page, one rule a line.
func (b *Tab) Axe() []string {
	b.t.Helper()
	name, err := axeFile()
	if err != nil {
		missing(b.t, err.Error())
	}
	script, err := os.ReadFile(name)
	if err != nil {
		b.t.Fatal(err)
	}
	const run = `axe.run(document, {resultTypes: ['violations']}).then(r => r.violations
		.filter(v => v.impact === 'serious' || v.impact === 'critical')
		.map(v => v.id + ': ' + v.help + ' ' + v.nodes.slice(0, 4).map(n => n.target.join(' ') + ' ' + (n.any[0]?.message ?? '')).join(' | ')))`
	b.do("load axe-core", chromedp.Evaluate[chromedp.Void](string(script)))
	return ask(b, "run axe-core", chromedp.Evaluate[[]string](run, chromedp.EvalAwaitPromise))
}
