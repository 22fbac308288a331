package programmefile_test

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"twinledger/adapters/programmefile"
)

// TestPlacesAreExact writes a plan in many styles with one field too many and
// asks for that field's line and column.
func TestPlacesAreExact(t *testing.T) {
	texts := rapid.SampledFrom([]string{
		"每学期送课", "'单引 ''号'", `"双引 \"号\" \n 换行"`, "说明 # 注释", "a b  c", "🎓 送教", "|\n%s  第一行\n%s    第二行\n", ">-\n%s  折行\n%s  续行", "续写\n%s  第二行",
		"\"双引\n%s  续行\"", "甲，乙：丙", "x   ", "\t制表符",
	})
	between := rapid.SampledFrom([]string{"", "", "", "\n", "   \n", "# 注释\n", "      # 缩进的注释\n", "\n\n"})
	rapid.Check(t, func(t *rapid.T) {
		var file strings.Builder
		line := func(indent, format string, args ...any) {
			file.WriteString(between.Draw(t, "between") + indent + fmt.Sprintf(format, args...) + "\n")
		}
		text := func(indent string) string {
			return strings.TrimSuffix(strings.ReplaceAll(texts.Draw(t, "text"), "%s", indent), "\n")
		}
		wrong, want := rapid.IntRange(0, 3).Draw(t, "where"), ""
		spoil := func(place int, indent string) {
			if place == wrong {
				line(indent, "多余: %s", text(indent))
				got := file.String()
				at := strings.Index(got, indent+"多余")
				want = fmt.Sprintf("%d:%d", strings.Count(got[:at], "\n")+1, len(indent)+1)
			}
		}
		line("", "format: 1")
		spoil(0, "")
		line("", "code: example")
		line("", "title:")
		line("  ", "zh: %s", text("  "))
		spoil(1, "  ")
		line("", "source: %s", text(""))
		line("", "obligations:")
		line("  ", "- id: example-1")
		line("    ", "zh: %s", text("    "))
		spoil(2, "    ")
		line("    ", "section: %s", text("    "))
		line("    ", "strength: hard")
		line("    ", "count:")
		line("      ", "at_least: 2")
		spoil(3, "      ")
		line("      ", "kinds: [outreach_lesson,")
		line("        ", "demo_lesson]")
		line("      ", "per: community")
		line("      ", "window: term")

		_, err := programmefile.Parse("plan.yaml", []byte(file.String()))
		var got []string
		for _, f := range faults(t, err) {
			got = append(got, fmt.Sprintf("%d:%s %s", f.Place.Line, f.Place.Column, f.Code))
		}
		if len(got) != 1 || got[0] != want+" "+programmefile.ErrUnknownField.Code {
			t.Fatalf("got %v, want the unknown field at %s alone in\n%s", got, want, file.String())
		}
	})
}
