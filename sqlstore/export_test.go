package sqlstore

import "time"

// SetClock replaces the store's clock.
func (s *Store) SetClock(now func() time.Time) { s.now = now }

// Steps is how many migrations there are.
func (s *Store) Steps() (int, error) {
	steps, err := s.dialect.steps()
	return len(steps), err
}

// CheckPragmas is the check of a SQLite database's durability.
var CheckPragmas = checkPragmas
