package intake

import (
	"context"

	"twinledger/domain/intake/reading"
	"twinledger/domain/org"
)

// A Founded is a school or community that the ledger does not have and that the file brings
// into it: perhaps a new one, perhaps one that is written otherwise.
type Founded struct {
	Kind string        `json:"kind" enum:"school,community" doc:"What it is." example:"school"`
	Name string        `json:"name" doc:"Its name, as the file writes it." example:"张湾小学"`
	Row  reading.RowAt `json:"row" doc:"The first row that names it."`
	Like []string      `json:"like,omitempty" doc:"Names of those in the ledger that it may be, the likeliest first." example:"[\"张湾小学\"]"`
}

// mostAlike is how many names of others are offered.
const mostAlike = 3

// noteFounded notes which schools and communities the wanted rows bring, and how many people.
func (run *run) noteFounded(ctx context.Context, report *Report) error {
	if run.Directory == nil {
		return nil
	}
	area, err := run.area(ctx)
	if err != nil {
		return err
	}
	seen, people := map[string]bool{}, map[string]bool{}
	candidates := run.Directory.Candidates()
	for i := range candidates {
		candidates[i].Area = area // those of other districts are like nobody here
	}
	add := func(kind, key, name string, at reading.RowAt) {
		if name == "" || reading.IsKey(name, kind) || seen[key] || run.Directory.Stands(key) {
			return
		}
		seen[key] = true
		f := Founded{Kind: kind, Name: name, Row: at}
		one := org.NewCandidate(key, run.District, []string{name}, run.Names.Normal)
		one.Area = area
		for _, match := range org.Matches(one, candidates) {
			if len(f.Like) < mostAlike {
				f.Like = append(f.Like, run.nameOf(match.Key))
			}
		}
		report.Founded = append(report.Founded, f)
	}
	for _, line := range report.Lines {
		p := line.Plan
		if !line.wanted || !report.writes(line) || p.Outcome == Held {
			continue
		}
		for _, name := range p.names.schools {
			add("school", run.keys().School(name), name, p.at())
		}
		if !p.isParty() {
			add("community", run.keys().Community(p.Row.Community), p.Row.Community, p.at())
		}
		for _, person := range p.names.people {
			people[run.keys().Person(person.name, person.school)] = true
		}
	}
	for key := range people {
		if !run.Directory.Stands(key) {
			report.NewPeople++
		}
	}
	return nil
}

// area returns the name of the district, which the names of schools often begin with, in the
// form in which names are compared.
func (run *run) area(ctx context.Context) (string, error) {
	history, err := run.Handler.Load(ctx, run.District)
	if err != nil {
		return "", err
	}
	district, _ := factsOf(history).facts.(org.District)
	return run.Names.Normal(district.Name), nil
}

// nameOf returns the name of a school or community.
func (run *run) nameOf(key string) string {
	if school, is := run.Directory.Schools[key]; is {
		return school.Name()
	}
	return run.Directory.Communities[key].Facts.Name
}
