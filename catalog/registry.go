package catalog

import (
	"fmt"
	"slices"
	"strings"
	"sync"
)

// Registry holds adapters by name. The zero value is empty and ready. It is
// safe for concurrent use.
type Registry struct {
	mu       sync.RWMutex
	adapters map[string]Adapter
}

// Default is the registry behind Register and Get. Servers and tests that
// want several sets of adapters make Registry values of their own.
var Default = &Registry{}

// Register adds an adapter to the Default registry.
func Register(a Adapter) error { return Default.Register(a) }

// Get returns an adapter of the Default registry by name.
func Get(platform string) (Adapter, error) { return Default.Get(platform) }

// Register adds an adapter under its Platform name. A nil adapter or an empty
// name is ErrInvalid, a name that is taken is ErrConflict.
func (r *Registry) Register(a Adapter) error {
	if a == nil || a.Platform() == "" {
		return &Error{Op: "register adapter", Kind: ErrInvalid, Message: "the adapter is nil or has no name"}
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	name := a.Platform()
	if _, taken := r.adapters[name]; taken {
		return &Error{Platform: name, Op: "register adapter", Kind: ErrConflict, Message: "an adapter of that name is registered already", Hint: "register each platform once, or use a Registry of your own"}
	}
	if r.adapters == nil {
		r.adapters = make(map[string]Adapter)
	}
	r.adapters[name] = a
	return nil
}

// Get returns the adapter registered under the name, or an
// *UnknownPlatformError.
func (r *Registry) Get(platform string) (Adapter, error) {
	r.mu.RLock()
	defer r.mu.RUnlock()
	if a, ok := r.adapters[platform]; ok {
		return a, nil
	}
	return nil, &UnknownPlatformError{Platform: platform, Registered: r.names()}
}

// Platforms returns the registered names, sorted.
func (r *Registry) Platforms() []string {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return r.names()
}

func (r *Registry) names() []string {
	names := make([]string, 0, len(r.adapters))
	for name := range r.adapters {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// UnknownPlatformError says that no adapter of that name is registered. It is
// ErrNotFound.
type UnknownPlatformError struct {
	Platform   string
	Registered []string // sorted
}

// Error lists what is registered and the likely cause.
func (e *UnknownPlatformError) Error() string {
	if len(e.Registered) == 0 {
		return fmt.Sprintf("unknown platform %q: no adapter is registered; make one, such as shopify.New(...), and pass it to catalog.Register first", e.Platform)
	}
	hint := "pass its adapter to catalog.Register first"
	for _, name := range e.Registered {
		if strings.EqualFold(name, strings.TrimSpace(e.Platform)) {
			hint = fmt.Sprintf("did you mean %q?", name)
		}
	}
	return fmt.Sprintf("unknown platform %q: registered are %s; %s", e.Platform, strings.Join(e.Registered, ", "), hint)
}

// Is matches ErrNotFound.
func (e *UnknownPlatformError) Is(target error) bool { return target == error(ErrNotFound) }
