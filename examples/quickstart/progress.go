package main

import (
	"fmt"
	"io"
	"iter"
	"os"
	"time"
)

// progress shows on a terminal how far a long read has come; in a pipe or a
// file it is silent.
type progress struct {
	w     io.Writer // nil = silent
	last  time.Time
	shown bool
}

func newProgress(stderr io.Writer) *progress {
	file, ok := stderr.(*os.File)
	if !ok {
		return &progress{}
	}
	info, err := file.Stat()
	if err != nil || info.Mode()&os.ModeCharDevice == 0 {
		return &progress{}
	}
	return &progress{w: file}
}

// of returns what to call with the count of each record read.
func (p *progress) of(what string) func(int) {
	return func(n int) {
		if p.w == nil || time.Since(p.last) < 100*time.Millisecond {
			return
		}
		p.last, p.shown = time.Now(), true
		fmt.Fprintf(p.w, "\r\033[K%d %s...", n, what)
	}
}

func (p *progress) clear() {
	if p.shown {
		fmt.Fprint(p.w, "\r\033[K")
		p.shown = false
	}
}

// each hands every record to handle and counts.
func each[T any](seq iter.Seq2[T, error], count func(int), handle func(T) error) error {
	n := 0
	for v, err := range seq {
		if err == nil {
			err = handle(v)
		}
		if err != nil {
			return err
		}
		n++
		count(n)
	}
	return nil
}
