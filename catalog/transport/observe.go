package transport

import (
	"context"
	"time"
)

// Observer receives what metrics and traces need: one span per call, one
// event per attempt. Nothing it receives holds a secret. It is called by the
// calling goroutine and must be quick and safe for concurrent use.
type Observer interface {
	// CallStart is called before the first attempt. The context it returns,
	// usually ctx with a span, is used for the rest of the call.
	CallStart(ctx context.Context, call CallInfo) context.Context
	// AttemptEnd is called after each attempt that got its permit.
	AttemptEnd(ctx context.Context, attempt AttemptInfo)
	// CallEnd is called once, with what the caller gets.
	CallEnd(ctx context.Context, end CallEnd)
}

// CallInfo names a call.
type CallInfo struct {
	Platform string
	Op       string
	Method   string
	// Host is the host called, which on most platforms names the store.
	Host string
}

// AttemptInfo describes one attempt.
type AttemptInfo struct {
	CallInfo
	// Number counts from 1.
	Number int
	// Wait is how long the attempt waited before it was sent: for the retry,
	// the budget and the credential.
	Wait time.Duration
	// Duration is the time from sending to the end of the body.
	Duration time.Duration
	// Status is the HTTP status, 0 without an answer.
	Status int
	// Bytes is the size of the answer's body, decompressed.
	Bytes int
	// Cost is what was reserved, Charged what the budget settled for.
	Cost, Charged float64
	// Outcome is what the answer was judged to be.
	Outcome Outcome
	// Err is why there is no answer; nil when there is one.
	Err error
}

// CallEnd describes how a call ended.
type CallEnd struct {
	CallInfo
	// Attempts is how many were made.
	Attempts int
	// Duration is the whole time, waits included.
	Duration time.Duration
	// Status is the last HTTP status, 0 when there never was an answer.
	Status int
	// Err is what the caller gets.
	Err error
}

type nobody struct{}

func (nobody) CallStart(ctx context.Context, _ CallInfo) context.Context { return ctx }
func (nobody) AttemptEnd(context.Context, AttemptInfo)                   {}
func (nobody) CallEnd(context.Context, CallEnd)                          {}
