package main

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// browser is a headless Chromium that is worked by keyboard.
type browser struct {
	t   *testing.T
	ctx context.Context
}

// newBrowser starts Chromium with a profile of its own. Where there is none the
// test is skipped, unless SOUK_CHROMIUM_REQUIRED=1.
func newBrowser(t *testing.T) *browser {
	t.Helper()
	path := ""
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if found, err := exec.LookPath(name); err == nil {
			path = found
			break
		}
	}
	if path == "" {
		if os.Getenv("SOUK_CHROMIUM_REQUIRED") == "1" {
			t.Fatal("there is no chromium in PATH, and SOUK_CHROMIUM_REQUIRED=1")
		}
		t.Skip("there is no chromium in PATH: nobody walks the pages as a merchant does")
	}
	profile, err := os.MkdirTemp("", "souk-chromium-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(profile) }) // Chromium may still write to it
	options := []chromedp.ExecAllocatorOption{
		chromedp.ExecPath(path), chromedp.UserDataDir(profile), chromedp.Headless, chromedp.DisableGPU, chromedp.NoFirstRun,
		chromedp.NoSandbox, chromedp.Flag("disable-quic", true), chromedp.Flag("disable-background-networking", true),
		chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-sync", true), chromedp.WSURLReadTimeout(time.Minute),
	}
	allocator, cancel := chromedp.NewExecAllocator(t.Context(), options...)
	t.Cleanup(cancel)
	ctx, cancel := chromedp.NewContext(allocator)
	t.Cleanup(cancel)
	b := &browser{t, ctx}
	if err := chromedp.Do(ctx); err != nil { // not under a deadline, which would end the browser
		t.Fatalf("chromium does not start: %v", err)
	}
	return b
}

// patience bounds one step on a busy machine.
const patience = time.Minute

func (b *browser) do(what string, actions ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	if err := chromedp.Do(ctx, actions...); err != nil {
		b.t.Fatalf("%s: %v; the page is\n%s", what, err, b.text())
	}
}

// open goes to an address and waits for the page of that heading.
func (b *browser) open(address, heading string) {
	b.t.Helper()
	b.do("open "+address, chromedp.Navigate(address), chromedp.WaitVisible(headed(heading)))
}

// press focuses the link or button of that text, presses Enter, and waits for
// the page of that heading.
func (b *browser) press(text, heading string) {
	b.t.Helper()
	// The page left must be gone before the next one is looked at, though both
	// may have the same heading.
	b.leave(text)
	b.do("wait for "+heading, chromedp.WaitVisible(headed(heading)))
}

// leave presses what leads to another page, and waits for that.
func (b *browser) leave(text string) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	if _, err := chromedp.RunResponse(ctx, chromedp.SendKeys(named(text), kb.Enter)); err != nil {
		b.t.Fatalf("press %s: %v; the page is\n%s", text, err, b.text())
	}
}

// ask evaluates an expression in the page.
func ask[T any](b *browser, what string, action chromedp.Action[T]) T {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	v, err := chromedp.Run(ctx, action)
	if err != nil {
		b.t.Fatalf("%s: %v", what, err)
	}
	return v
}

func headed(heading string) string { return `//h1[contains(normalize-space(), "` + heading + `")]` }

func named(text string) string {
	return `//a[normalize-space()="` + text + `"] | //button[normalize-space()="` + text + `"]`
}

// text is what the page says.
func (b *browser) text() string {
	b.t.Helper()
	return ask(b, "read the page", chromedp.Evaluate[string](`document.body.innerText`))
}

// shows fails the test unless the page says all of it.
func (b *browser) shows(want ...string) {
	b.t.Helper()
	text := b.text()
	for _, w := range want {
		if !strings.Contains(text, w) {
			b.t.Errorf("the page lacks %q:\n%s", w, text)
		}
	}
}

// fits fails the test when the page is wider than a phone, and keeps pictures of
// it in the folder SOUK_SCREENSHOTS names.
func (b *browser) fits(name string) {
	b.t.Helper()
	for _, size := range []struct {
		name          string
		width, height int64
	}{{"phone", 375, 720}, {"desktop", 1280, 800}} {
		b.do("look at "+name, chromedp.EmulateViewport(size.width, size.height))
		wide := ask(b, "measure "+name, chromedp.Evaluate[int64](`document.documentElement.scrollWidth`))
		if wide > size.width {
			b.t.Errorf("%s is %d pixels wide on a %s of %d", name, wide, size.name, size.width)
		}
		if folder := os.Getenv("SOUK_SCREENSHOTS"); folder != "" {
			picture := ask(b, "photograph "+name, chromedp.FullScreenshot(100))
			if err := os.WriteFile(filepath.Join(folder, name+"-"+size.name+".png"), picture, 0o600); err != nil {
				b.t.Error(err)
			}
		}
	}
}

func (b *browser) address() string {
	b.t.Helper()
	return ask(b, "look where it is", chromedp.Location())
}

// count is how many elements a CSS selector finds.
func (b *browser) count(selector string) int {
	b.t.Helper()
	return ask(b, "count", chromedp.Evaluate[int]("document.querySelectorAll("+strconv.Quote(selector)+").length"))
}

// texts is what the elements say that a CSS selector finds.
func (b *browser) texts(selector string) []string {
	b.t.Helper()
	return ask(b, "read "+selector, chromedp.Evaluate[[]string]("[...document.querySelectorAll("+strconv.Quote(selector)+")].map(e => e.innerText)"))
}

// link is where a link of that text leads.
func (b *browser) link(text string) string {
	b.t.Helper()
	return ask(b, "look at "+text, chromedp.JavascriptAttribute[string](named(text), "href"))
}

// write types into a field.
func (b *browser) write(selector, text string) {
	b.t.Helper()
	b.do("write "+selector, chromedp.SendKeys(chromedp.CSS(selector), text))
}
