package domain_test

import (
	"testing"

	"twinledger/domain"
	"twinledger/domain/register"
)

// TestEveryKindOfRecordHasItsRegister, under a name and with words of its own, and
// no other register is said to hold records.
func TestEveryKindOfRecordHasItsRegister(t *testing.T) {
	workflows := domain.Workflows()
	for kind := range workflows {
		if _, is := register.Of(kind); !is {
			t.Errorf("%s has no register", kind)
		}
	}
	said := map[string]string{}
	for _, r := range register.All() {
		if _, records := workflows[r.Kind]; records != r.Records {
			t.Errorf("%s: it is said to hold records: %t", r.Name, r.Records)
		}
		for _, words := range []string{r.ThingsZH, r.ThingsEN} {
			if words == "" {
				t.Errorf("%s: what is in it has no words", r.Name)
			}
		}
		for column, text := range map[string]string{"name": r.Name, "kind": r.Kind, "zh": r.ZH, "en": r.EN} {
			if other := said[column+text]; text == "" || other != "" {
				t.Errorf("%s: its %s is %q, as of %s", r.Name, column, text, other)
			}
			said[column+text] = r.Name
		}
	}
}
