package sqlstore

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"sync"

	"github.com/soukhq/souk/catalog"
	"github.com/soukhq/souk/catalog/auth"
)

// Journal keeps answers to refreshes in files of its own, one per account, for
// the time in which the database cannot take them; see auth.Journal for when
// that helps. It is safe for concurrent use.
type Journal struct {
	folder string
	keys   *keyring
	unlock func() error
	mu     sync.Mutex // files are replaced one at a time
}

// OpenJournal opens the folder, which is made if it is absent and belongs to
// one process: a second is refused with ErrInUse. Give the same folder to the
// process that takes this one's place. keys are those of the store; an answer
// under a key that is not among them is a *KeyError when it is looked for.
func OpenJournal(folder string, keys Keys) (*Journal, error) {
	ring, err := newKeyring(keys)
	if err != nil {
		return nil, err
	}
	if folder == "" {
		return nil, &catalog.ConfigError{Platform: "sqlstore", Field: "folder", Reason: "is empty"}
	}
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, openError(folder, err)
	}
	if folder, err = filepath.EvalSymlinks(folder); err != nil {
		return nil, err
	}
	unlock, err := lockFile(filepath.Join(folder, "lock"))
	if err != nil {
		return nil, openError(folder, err)
	}
	return &Journal{folder: folder, keys: ring, unlock: unlock}, nil
}

// Close lets another process have the folder.
func (j *Journal) Close() error {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.unlock == nil {
		return nil
	}
	unlock := j.unlock
	j.unlock = nil
	return unlock()
}

// answerRecord is what is sealed.
type answerRecord struct {
	Attempt     string          `json:"attempt"`
	Fingerprint string          `json:"fingerprint"`
	Credential  json.RawMessage `json:"credential"`
}

// maxAnswer bounds what is read of a file.
const maxAnswer = 1 << 20

func (j *Journal) path(account string) string {
	sum := sha256.Sum256([]byte(account))
	return filepath.Join(j.folder, hex.EncodeToString(sum[:])+".answer")
}

// Append implements auth.Journal. The file is complete or not there.
func (j *Journal) Append(ctx context.Context, a auth.Answer) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	plain, err := encodeCredential(a.Credential)
	if err == nil {
		plain, err = json.Marshal(answerRecord{a.Attempt, a.Fingerprint, plain})
	}
	if err != nil {
		return journalError("append", errors.New("the answer's times cannot be written"))
	}
	value := j.keys.seal(kindAnswer, a.Account, plain)
	data := append(binary.AppendUvarint(nil, uint64(len(value.keyID))), value.keyID...)
	j.mu.Lock()
	defer j.mu.Unlock()
	return journalError("append", j.replace(j.path(a.Account), append(data, value.bytes...)))
}

// replace writes a file beside, has it on disk, and gives it the name.
func (j *Journal) replace(path string, data []byte) error {
	file, err := os.OpenFile(path+".new", os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	_, err = file.Write(data)
	if err = errors.Join(err, file.Sync(), file.Close()); err != nil {
		return err
	}
	if err := os.Rename(path+".new", path); err != nil {
		return err
	}
	return syncFolder(j.folder)
}

// Find implements auth.Journal.
func (j *Journal) Find(ctx context.Context, account string) (auth.Answer, error) {
	if err := ctx.Err(); err != nil {
		return auth.Answer{}, err
	}
	file, err := os.Open(j.path(account))
	if errors.Is(err, fs.ErrNotExist) {
		return auth.Answer{}, &catalog.Error{Op: "find answer", Kind: catalog.ErrNotFound, Message: "the journal has no answer for the account"}
	}
	if err != nil {
		return auth.Answer{}, journalError("find", err)
	}
	defer file.Close()
	data, err := io.ReadAll(io.LimitReader(file, maxAnswer))
	if err != nil {
		return auth.Answer{}, journalError("find", err)
	}
	a, err := j.read(account, data)
	return a, journalError("find", err)
}

func (j *Journal) read(account string, data []byte) (auth.Answer, error) {
	n, size := binary.Uvarint(data)
	if size <= 0 || n > uint64(len(data)-size) {
		return auth.Answer{}, errors.New("the file is not a journal's")
	}
	data = data[size:]
	plain, err := j.keys.open(kindAnswer, account, sealed{string(data[:n]), data[n:]})
	if err != nil {
		return auth.Answer{}, err
	}
	var r answerRecord
	if json.Unmarshal(plain, &r) != nil {
		return auth.Answer{}, errors.New("an answer was written in a form that this program does not know")
	}
	credential, err := decodeCredential(r.Credential)
	return auth.Answer{Account: account, Attempt: r.Attempt, Fingerprint: r.Fingerprint, Credential: credential}, err
}

// Remove implements auth.Journal.
func (j *Journal) Remove(ctx context.Context, account, attempt string) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	found, err := j.Find(ctx, account)
	switch {
	case catalog.KindOf(err) == catalog.ErrNotFound:
		return nil
	case err != nil:
		return err
	case found.Attempt != attempt:
		return nil
	}
	// It may come back after a loss of power, and is then found to be old.
	return journalError("remove", os.Remove(j.path(account)))
}

func journalError(op string, err error) error {
	if err == nil {
		return nil
	}
	return &catalog.Error{Op: op + " answer", Kind: catalog.ErrUnavailable, Message: "the journal failed", Err: err}
}

var _ auth.Journal = (*Journal)(nil)
