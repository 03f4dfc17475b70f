package catalogtest

// Missing names what a harness must say and does not.
func (h Harness) Missing() string { return h.missing() }
