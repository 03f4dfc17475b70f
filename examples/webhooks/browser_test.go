package main

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"github.com/soukhq/souk/webhook"
)

// browser is headless Chromium with a page of its own.
type browser struct {
	*testing.T
	ctx context.Context

	mu       sync.Mutex
	problems []string
}

// openBrowser starts Chromium, or skips the test where there is none, unless
// SOUK_CHROMIUM_REQUIRED=1 or CI=true.
func openBrowser(t *testing.T) *browser {
	t.Helper()
	var path string
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "chrome"} {
		if found, err := exec.LookPath(name); err == nil {
			path = found
			break
		}
	}
	if path == "" {
		if os.Getenv("SOUK_CHROMIUM_REQUIRED") == "1" {
			t.Fatal("there is no chromium in PATH, and SOUK_CHROMIUM_REQUIRED=1")
		}
		t.Skip("there is no chromium in PATH: the page is not tried in a browser (SOUK_CHROMIUM_REQUIRED=1 makes that a failure)")
	}
	profile, err := os.MkdirTemp("", "souk-chromium-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(profile) }) // Chromium may still write to it
	allocator, stop := chromedp.NewExecAllocator(t.Context(), chromedp.ExecPath(path), chromedp.UserDataDir(profile),
		chromedp.Headless, chromedp.NoSandbox, chromedp.DisableGPU, chromedp.NoFirstRun, chromedp.Flag("disable-quic", true),
		chromedp.Flag("disable-background-networking", true), chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-sync", true))
	t.Cleanup(stop)
	ctx, cancel := chromedp.NewContext(allocator)
	t.Cleanup(cancel)
	b := &browser{T: t, ctx: ctx}
	err = chromedp.Listen(ctx, func(event any) {
		b.mu.Lock()
		defer b.mu.Unlock()
		switch e := event.(type) {
		case *log.EventEntryAdded:
			if e.Entry.Level == log.EntryLevelError {
				b.problems = append(b.problems, e.Entry.Text+" "+e.Entry.URL)
			}
		case *runtime.EventExceptionThrown:
			b.problems = append(b.problems, e.ExceptionDetails.Text)
		}
	})
	if err != nil {
		t.Fatalf("chromium does not start: %v", err)
	}
	return b
}

func (b *browser) run(actions ...chromedp.Action[chromedp.Void]) {
	b.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	if err := chromedp.Do(ctx, actions...); err != nil {
		b.Fatal(err)
	}
}

// ask runs an action that has an answer.
func ask[T any](b *browser, action chromedp.Action[T]) T {
	b.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	answer, err := chromedp.Run(ctx, action)
	if err != nil {
		b.Fatal(err)
	}
	return answer
}

// set changes how the browser behaves.
func set[P, R any](command cdp.Command[P, R], params P) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, command, params)
		return err
	})
}

// shot keeps a picture of the page in the folder SOUK_SCREENSHOTS.
func (b *browser) shot(name string) {
	b.Helper()
	picture := ask(b, chromedp.CaptureScreenshot())
	if len(picture) < 5000 {
		b.Errorf("the picture %s has %d bytes", name, len(picture))
	}
	if folder := os.Getenv("SOUK_SCREENSHOTS"); folder != "" {
		if err := os.WriteFile(filepath.Join(folder, name+".png"), picture, 0o600); err != nil {
			b.Error(err)
		}
	}
}

func (b *browser) desktop() { b.run(chromedp.EmulateViewport(1280, 900)) }
func (b *browser) phone() {
	b.run(chromedp.EmulateViewport(390, 844, chromedp.EmulateScale(2), chromedp.EmulateMobile))
}

// is evaluates a condition on the page.
func (b *browser) is(condition string) bool {
	b.Helper()
	return ask(b, chromedp.Evaluate[bool](condition))
}

// leave does what leads to another page, and waits for that: the nodes of the
// page left must be gone before others are looked for.
func (b *browser) leave(action chromedp.Action[chromedp.Void]) {
	b.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	if _, err := chromedp.RunResponse(ctx, action); err != nil {
		b.Fatal(err)
	}
}

// choose goes down a list of the filter by the keyboard until the value is
// chosen; each step shows another page. Typing the value's name would depend on
// how fast the letters follow each other.
func (b *browser) choose(list, value string) {
	b.Helper()
	for range 10 {
		if b.is(`document.querySelector("` + list + `").value === "` + value + `"`) {
			return
		}
		b.run(chromedp.Focus(list))
		b.leave(chromedp.KeyEvent(kb.ArrowDown))
		b.run(chromedp.WaitVisible(list))
	}
	b.Fatalf("%s does not offer %q", list, value)
}

// fine reports what the browser complained about, such as a broken policy.
func (b *browser) fine() {
	b.Helper()
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, problem := range b.problems {
		b.Errorf("the browser says: %s", problem)
	}
}

// fits is true when nothing is wider than the page.
const fits = `document.documentElement.scrollWidth <= document.documentElement.clientWidth`

func TestBrowser(t *testing.T) {
	b := openBrowser(t)
	w := quietWorld(t)
	b.desktop()
	b.run(chromedp.Navigate(w.url+"/"), chromedp.WaitVisible(".live.on"), chromedp.WaitVisible("#no-event"))
	b.is(`window.sameDocument = true`)

	// An event appears without a reload.
	p := w.parcel("shopify", 3)
	w.accept(p)
	b.run(chromedp.WaitVisible(`#event-1 .state.done`), chromedp.WaitVisible("#arrival-0"))
	w.accept(p)
	w.post(p.path, p.forged[0])
	b.run(chromedp.WaitVisible("#arrival-1 .state.duplicate"), chromedp.WaitVisible("#arrival-2 .state.refused"))
	if !b.is(`window.sameDocument === true && document.querySelectorAll("#events > li").length === 1 && !document.querySelector("#no-event")`) {
		t.Error("the page was loaded anew, or lists something else")
	}

	// What is open stays open while more comes, and the focus stays where it is.
	b.run(chromedp.Click("#arrival-2 summary"), chromedp.WaitVisible("#arrival-2 .facts"), chromedp.Focus("#event-1 a"))
	w.accept(w.parcel("salla", 0))
	b.run(chromedp.WaitVisible("#event-2 .state.done"), chromedp.WaitVisible("#arrival-3"))
	if !b.is(`document.querySelector("#arrival-2 details").open && document.activeElement === document.querySelector("#event-1 a") && document.querySelector("#events").firstElementChild.id === "event-2"`) {
		t.Error("the open delivery was closed, the focus lost, or the order is wrong")
	}
	b.shot("open")

	// The filter works, by the keyboard alone.
	b.choose("select[name=platform]", "salla")
	b.run(chromedp.WaitVisible("#event-2"), chromedp.WaitNotPresent("#event-1"))
	if !b.is(`location.search === "?platform=salla" && document.querySelectorAll("#arrivals > li").length === 1`) {
		t.Error("the filter shows something else")
	}
	w.accept(w.parcel("shopify", 3))
	w.accept(w.parcel("salla", 2))
	b.run(chromedp.WaitVisible("#event-4"))
	if b.is(`document.querySelector("#event-3") !== null`) {
		t.Error("what the filter keeps back appeared")
	}

	// Replay works.
	b.run(chromedp.Navigate(w.url+"/events/1"), chromedp.WaitVisible(".live.on"), chromedp.WaitVisible("#attempt-1 .state.done"), chromedp.Click("#replay button"),
		chromedp.WaitVisible("#attempt-2 .state.done"))
	w.until("the replay's effect is counted", func() bool {
		s := w.status()
		return s.Effects.Replayed == 1 && s.Effects.Twice == 0
	})
	if !b.is(`document.querySelector("pre").textContent.includes("\n  ") && document.body.textContent.includes("REDACTED")`) {
		t.Error("the event's page lacks the payload, or the headers")
	}
	b.shot("event-desktop")
	b.phone()
	b.shot("event-phone")
	if !b.is(fits) {
		t.Error("the event's page is wider than a phone")
	}

	// The description can be read.
	b.desktop()
	b.run(chromedp.Navigate(w.url+"/docs"), chromedp.WaitVisible(".opblock"))
	b.shot("docs")
	b.fine()
}

func TestBrowserWithoutScript(t *testing.T) {
	b := openBrowser(t)
	w := quietWorld(t)
	b.phone()
	w.accept(w.parcel("magento", 0))
	w.settled(1)
	b.run(set(emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true}), chromedp.Navigate(w.url+"/"), chromedp.WaitVisible("#event-1"), chromedp.Click("#event-1 a"),
		chromedp.WaitVisible("#replay"), chromedp.Click("#replay button"), chromedp.WaitVisible("#attempts"))
	w.until("the replay is done", func() bool { return w.status().Effects.Replayed == 1 })
	b.run(chromedp.Reload(), chromedp.WaitVisible("#attempt-2"))
	b.fine()
}

func TestBrowserInTraffic(t *testing.T) {
	b := openBrowser(t)
	w := start(t, nil, nil, "-rate", "25")
	b.desktop()
	b.run(chromedp.Navigate(w.url+"/"), chromedp.WaitVisible(".live.on"))
	w.until("there is something of everything", func() bool {
		s := w.status()
		return s.Kept() > 60 && s.Events[webhook.StateDead] > 0 && s.Deliveries[outcomeRefused] > 2
	})
	b.run(chromedp.WaitVisible("#events li:nth-child(30)"))
	b.shot("desktop")
	b.phone()
	b.shot("phone")
	if !b.is(fits) {
		t.Error("the page is wider than a phone")
	}
	b.is(`document.querySelector("#arrivals-title").scrollIntoView() === undefined`)
	b.shot("phone-deliveries")
	b.desktop()
	b.run(set(emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: "dark"}}}),
		chromedp.Navigate(w.url+"/?outcome=dead"), chromedp.WaitVisible(".bulk button"), chromedp.WaitVisible("#events .state.dead"))
	b.shot("dead-dark")
	b.run(chromedp.Click(".bulk button"), chromedp.WaitVisible(".notice"))
	if notice := ask(b, chromedp.Text(".notice")); !strings.Contains(notice, "replayed") {
		t.Errorf("after the replay the page says %q", notice)
	}
	b.fine()
}
