package command

import (
	"regexp"

	"twinledger/domain/fault"
)

// ErrBadActor refuses an account id that may be a person's name. An id is stored with
// every event, in clear and for ever.
var ErrBadActor = fault.New(fault.Invalid, "command.actor",
	"账号编号不能是姓名：请写 1 至 64 个英文字母、数字或 . _ -，以字母或数字开头，例如 clerk-2；谁用哪个编号，另行保管。",
	"An account id is no name: write 1 to 64 English letters, digits or . _ - that begin with a letter or digit, for example clerk-2, and keep elsewhere who has which id.")

// ActorForm is the form of an account id, as a regular expression. A Chinese name, or
// anything with a space, does not have it.
const ActorForm = `^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$`

var actorForm = regexp.MustCompile(ActorForm)

// CheckActor refuses an account id that does not have [ActorForm].
func CheckActor(actor string) error {
	if !actorForm.MatchString(actor) {
		return ErrBadActor.With("length", len([]rune(actor)))
	}
	return nil
}
