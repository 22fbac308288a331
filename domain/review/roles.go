package review

import (
	"sort"

	"twinledger/domain/calendar"
	"twinledger/domain/pairing"
	"twinledger/domain/programme"
	"twinledger/domain/record"
)

// A membership is a school's time in the community with the record that says so.
type membership struct {
	pairing.Membership
	record Ref
}

// rolesInTerm says which school leads the community and which are members in
// the term.
type rolesInTerm struct {
	memberships []membership
	leading     map[string]bool
	member      map[string]bool
}

// rolesOf looks the roles up in the pairings: whose time does not certainly lie
// outside the term.
func rolesOf(in Input) rolesInTerm {
	roles := rolesInTerm{leading: map[string]bool{}, member: map[string]bool{}}
	for _, f := range in.Facts {
		if f.Kind != "pairing" || f.Void {
			continue
		}
		for _, m := range f.Memberships {
			if !holdsIn(in, m) {
				continue
			}
			roles.memberships = append(roles.memberships, membership{m, ref(f)})
			if m.Role.Leads() {
				roles.leading[m.School] = true
			} else {
				roles.member[m.School] = true
			}
		}
	}
	sort.SliceStable(roles.memberships, func(i, j int) bool {
		a, b := roles.memberships[i], roles.memberships[j]
		if a.Role.Leads() != b.Role.Leads() {
			return a.Role.Leads()
		}
		return in.Schools[a.School] < in.Schools[b.School]
	})
	return roles
}

// holdsIn tells whether a membership may hold in the term: it does not certainly
// begin after the term or end before it. A roster tells of its own time and, as
// nobody said otherwise, of every other.
func holdsIn(in Input, m pairing.Membership) bool {
	window, _, known := in.Calendar.Window(in.Term)
	if !known {
		return true
	}
	if since, bounded := in.Calendar.Extent(m.Since); bounded && m.Basis == pairing.Founding && since.First > window.Last {
		return false
	}
	until, bounded := calendar.Period{}, false
	if m.Until != "" {
		until, bounded = in.Calendar.Extent(m.Until)
	}
	return !bounded || until.Last >= window.First
}

// A certainty is yes, no or, with the reason, maybe.
type certainty struct {
	yes   bool
	maybe Reason // set when it cannot be told
}

var sure = certainty{yes: true}

// sideLeads tells whether a leading school is among units.
func (r rolesInTerm) sideLeads(units []record.Unit) certainty {
	return r.side(units, r.leading, r.member)
}

// sideIsMember tells whether a member is among units, or the members as a group.
func (r rolesInTerm) sideIsMember(units []record.Unit) certainty {
	if record.HasGroup(units) {
		return sure
	}
	return r.side(units, r.member, r.leading)
}

func (r rolesInTerm) side(units []record.Unit, wanted, other map[string]bool) certainty {
	unknown := len(units) == 0
	for _, school := range record.Schools(units) {
		if wanted[school] {
			return sure
		}
		unknown = unknown || !other[school]
	}
	if unknown {
		return certainty{maybe: DirectionUnknown}
	}
	return certainty{}
}

// direction tells whether a record goes in a direction.
func (r rolesInTerm) direction(d programme.Direction, f record.Facts) certainty {
	both := func(a, b certainty) certainty {
		switch {
		case a.yes && b.yes:
			return sure
		case !a.yes && a.maybe == "" || !b.yes && b.maybe == "":
			return certainty{}
		}
		return certainty{maybe: DirectionUnknown}
	}
	switch d {
	case programme.CoreToMember:
		return both(r.sideLeads(f.From), r.sideIsMember(f.To))
	case programme.MemberToCore:
		return both(r.sideIsMember(f.From), r.sideLeads(f.To))
	case programme.ByCore:
		return r.sideLeads(f.From)
	case programme.ByMember:
		return r.sideIsMember(f.From)
	}
	return sure
}

func leadsBoth(a, b pairing.Role) bool { return a.Leads() && b == pairing.Core }

// glossaryRole returns the glossary's words for a role.
func glossaryRole(r pairing.Role) programme.Words {
	switch r {
	case pairing.Core:
		return programme.Words{ZH: "核心校", EN: "core school"}
	case pairing.Member:
		return programme.Words{ZH: "成员校", EN: "member school"}
	}
	return programme.Words{ZH: string(r), EN: string(r)}
}
