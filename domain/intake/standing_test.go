package intake_test

import (
	"encoding/json"
	"slices"
	"testing"

	"twinledger/domain/seal"
	"twinledger/domain/seal/sealtest"
)

func sorted(list []string) []string {
	slices.Sort(list)
	return list
}

// factText writes facts as JSON with sealed texts opened and without the place
// where they were read.
func factText(t *testing.T, vault *sealtest.Vault, key string, facts any) string {
	t.Helper()
	raw, err := json.Marshal(facts)
	if err != nil {
		t.Fatal(err)
	}
	var all map[string]any
	if err := json.Unmarshal(raw, &all); err != nil {
		t.Fatal(err)
	}
	delete(all, "source")
	for field, value := range all {
		all[field] = openText(t, vault, key, field, value)
	}
	raw, err = json.Marshal(all)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

func openText(t *testing.T, vault *sealtest.Vault, key, field string, value any) any {
	t.Helper()
	if list, ok := value.([]any); ok {
		for i := range list {
			list[i] = openText(t, vault, key, field, list[i])
		}
		return list
	}
	text, ok := value.(map[string]any)
	if !ok || text["sealed"] == nil {
		return value
	}
	raw, err := json.Marshal(text["sealed"])
	if err != nil {
		t.Fatal(err)
	}
	var sealed seal.Sealed
	if err := json.Unmarshal(raw, &sealed); err != nil {
		t.Fatal(err)
	}
	clear, err := vault.Open(t.Context(), sealed, seal.Place(key, field))
	if err != nil {
		t.Fatal(err)
	}
	return map[string]any{"clear": clear}
}
