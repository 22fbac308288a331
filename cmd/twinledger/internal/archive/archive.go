// Package archive backs up the log and the keys of a data folder, each into one
// file that says what it holds, and restores them into a new folder. A backup is
// checked as a whole before it gets its name, and again before anything that it
// holds is put in place.
package archive

import (
	"encoding/hex"

	"twinledger/domain/event"
	"twinledger/domain/fault"
	"twinledger/domain/ledger"
)

// A Manifest says what a backup holds. It is stored: a later version is added,
// never put in a former one's place. A backup is a ZIP archive of the content
// and of the manifest; it has no time of its own, only that of its last record.
type Manifest struct {
	Form    string         `json:"form"`    // "twinledger backup"
	Version int            `json:"version"` // of the form
	Kind    Kind           `json:"kind"`
	Ledger  string         `json:"ledger"` // the ledger's id
	Secret  string         `json:"secret"` // names the installation's secret without telling it
	Content archived       `json:"content"`
	Log     *archivedLog   `json:"log,omitempty"` // of a log
	Formats ledger.Formats `json:"formats"`       // as the ledger's first record gives them
}

// archived is the file in a backup.
type archived struct {
	Name   string `json:"name"`
	Bytes  int64  `json:"bytes"`
	SHA256 string `json:"sha256"`
}

// archivedLog is where a log in a backup ends, and what it was on the way, so
// that a record that was altered is found near its place.
type archivedLog struct {
	Format      int    `json:"format"` // of the file
	Ordinal     uint64 `json:"ordinal"`
	RunningHash string `json:"running_hash"`
	Recorded    string `json:"recorded"` // of the last record
	Marks       []mark `json:"marks"`
}

// A mark is the running hash at an ordinal.
type mark struct {
	Ordinal     uint64 `json:"ordinal"`
	RunningHash string `json:"running_hash"`
}

func markOf(at event.Position) mark { return mark{at.Ordinal, hex.EncodeToString(at.Hash[:])} }

// A Kind is what a backup is of: the ledger's log, or the keys that open what is
// sealed in it. The two are kept apart.
type Kind string

// The kinds of backups.
const (
	Log  Kind = "log"
	Keys Kind = "keys"
)

// ManifestName is the name of the manifest in the ZIP archive.
const ManifestName = "manifest.json"

const (
	form          = "twinledger backup"
	version       = 1
	manifestLimit = 64 << 20 // bytes; a mark takes about 100 bytes for 1000 records
)

// What a backup is refused with.
var (
	errBackupExists = fault.New(fault.Refused, "backup.exists",
		"备份文件已存在，不会覆盖；请换一个文件名。", "There is such a file already, and it is not overwritten; choose another name.")
	errBackupFolder = fault.New(fault.Refused, "backup.cannot-write",
		"无法写入此处；请核对路径、权限和剩余空间。", "Nothing can be written there; check path, permission and free space.")
	errNoBackup = fault.New(fault.NotFound, "backup.none",
		"没有这个备份文件；请核对路径。", "There is no such backup; check its path.")
	errNotBackup = fault.New(fault.Invalid, "backup.not-whole",
		"此文件不是完整的 twinledger 备份，可能被截断；请重新复制或换用另一份备份。", "This is no whole twinledger backup, it may be cut short; copy it again or use another one.")
	errBackupDamaged = fault.New(fault.Refused, "backup.damaged",
		"备份内容与备份时不符，未恢复任何内容；请换用另一份备份。", "The backup does not hold what was backed up, and nothing was restored; use another one.")
	errOtherKind = fault.New(fault.Invalid, "backup.other-kind",
		"这不是所要的那种备份：台账备份写在前面，密钥备份写在 --keys 之后。", "This is the other kind of backup: the ledger's stands by itself, that of the keys behind --keys.")
	errNewerBackup = fault.New(fault.Refused, "backup.newer-format",
		"该备份由更新版本的程序制作；请升级 twinledger。", "A newer version of the program made this backup; upgrade twinledger.")
)
