package intake

import (
	"maps"
	"slices"

	"twinledger/domain/event"
	"twinledger/domain/intake/reading"
	"twinledger/domain/org"
	"twinledger/domain/record"
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
func (run *run) noteFounded(report *Report) {
	if run.Directory == nil {
		return
	}
	seen, people := map[string]bool{}, map[string]bool{}
	candidates := map[string][]org.Candidate{"school": run.schoolCandidates(), "community": run.communityCandidates()}
	add := func(kind, key, name string, at reading.RowAt) {
		if name == "" || reading.IsKey(name, kind) || seen[key] || run.stands(key) {
			return
		}
		seen[key] = true
		f := Founded{Kind: kind, Name: name, Row: at}
		one := org.Candidate{Key: key, Name: run.Names.Normal(name), District: run.District}
		for _, match := range org.Matches(one, candidates[kind]) {
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
		if !run.stands(key) {
			report.NewPeople++
		}
	}
}

// stands tells whether the ledger has a school, community or person that is not void.
func (run *run) stands(key string) bool {
	switch event.StreamKind(key) {
	case "school":
		return run.Directory.Schools[key].Phase == record.Standing
	case "community":
		return run.Directory.Communities[key].Phase == record.Standing
	}
	return run.Directory.People[key].Phase == record.Standing
}

// nameOf returns the name of a school or community.
func (run *run) nameOf(key string) string {
	if school, is := run.Directory.Schools[key]; is {
		return school.Name()
	}
	return run.Directory.Communities[key].Facts.Name
}

// schoolCandidates returns the district's schools, among which a new one may be.
func (run *run) schoolCandidates() []org.Candidate {
	var out []org.Candidate
	for _, key := range slices.Sorted(maps.Keys(run.Directory.Schools)) {
		s := run.Directory.Schools[key]
		if s.Phase != record.Standing || s.IdentifiedAs() != "" {
			continue
		}
		c := org.Candidate{Key: key, Name: run.Names.Normal(s.Name()), District: s.Facts.District}
		for _, name := range s.Names() {
			c.Aliases = append(c.Aliases, run.Names.Normal(name))
		}
		out = append(out, c)
	}
	return out
}

// communityCandidates returns the district's communities.
func (run *run) communityCandidates() []org.Candidate {
	var out []org.Candidate
	for _, key := range slices.Sorted(maps.Keys(run.Directory.Communities)) {
		c := run.Directory.Communities[key]
		if c.Phase != record.Standing || c.IdentifiedAs() != "" {
			continue
		}
		out = append(out, org.Candidate{Key: key, Name: run.Names.Normal(c.Facts.Name), Aliases: c.Aliases(), District: c.Facts.District})
	}
	return out
}
