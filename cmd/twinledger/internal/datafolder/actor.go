package datafolder

import (
	"twinledger/domain/command"
	"twinledger/domain/fault"
)

// ErrActorNamed refuses an account id that is the name of somebody in the ledger.
var ErrActorNamed = fault.New(fault.Invalid, "folder.actor-named",
	"这个账号编号是台账中一个人的姓名；账号编号随每个事件明文保存，请换一个不是姓名的编号。",
	"This account id is the name of a person in the ledger. An account id is stored in clear with every event, so use one that is no name.")

// checkActor refuses an account id that names somebody. An event without one was made by
// the program itself.
func (f *Folder) checkActor(actor string) error {
	if actor == "" {
		return nil
	}
	if err := command.CheckActor(actor); err != nil {
		return err
	}
	if f.Names.Knows(actor) {
		return ErrActorNamed
	}
	return nil
}
