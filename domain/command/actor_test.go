package command_test

import (
	"errors"
	"strings"
	"testing"

	"twinledger/domain/command"
)

func TestCheckActor(t *testing.T) {
	for actor, want := range map[string]error{
		"clerk": nil, "clerk-2": nil, "A.7_b": nil, "0198f3": nil, strings.Repeat("a", 64): nil,
		"": command.ErrBadActor, " clerk": command.ErrBadActor, "clerk ": command.ErrBadActor, "two words": command.ErrBadActor, "王小明": command.ErrBadActor, "王老师": command.ErrBadActor,
		"文员": command.ErrBadActor, "clerk\u200b": command.ErrBadActor, "clerk\n": command.ErrBadActor, "-clerk": command.ErrBadActor, "li.ming@example": command.ErrBadActor,
		strings.Repeat("a", 65): command.ErrBadActor, "\xff": command.ErrBadActor,
	} {
		if err := command.CheckActor(actor); !errors.Is(err, want) {
			t.Errorf("CheckActor(%q) = %v, want %v", actor, err, want)
		} else if err != nil && actor != "" && strings.Contains(err.Error(), "王") {
			t.Errorf("the refusal repeats a name: %v", err)
		}
	}
}
