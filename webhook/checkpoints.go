package webhook

import (
	"context"
	"sync"

	"github.com/soukhq/souk/catalog"
)

// MemoryCheckpoints keeps checkpoints in memory: after a restart the first
// sweep reads everything again. The zero value is ready. It is safe for
// concurrent use.
type MemoryCheckpoints struct {
	mu    sync.Mutex
	texts map[checkpointKey]string
}

type checkpointKey struct {
	account  string
	resource catalog.Resource
}

// Checkpoint implements Checkpoints.
func (m *MemoryCheckpoints) Checkpoint(ctx context.Context, account string, resource catalog.Resource) (string, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.texts[checkpointKey{account, resource}], ctx.Err()
}

// SetCheckpoint implements Checkpoints.
func (m *MemoryCheckpoints) SetCheckpoint(ctx context.Context, account string, resource catalog.Resource, checkpoint string) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.texts == nil {
		m.texts = make(map[checkpointKey]string)
	}
	m.texts[checkpointKey{account, resource}] = checkpoint
	return nil
}

var _ Checkpoints = (*MemoryCheckpoints)(nil)
