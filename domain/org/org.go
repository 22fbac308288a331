// Package org holds who there is: the district, its schools, communities and
// people.
//
// A name that a file mentions makes a provisional school, community or person;
// nothing is dropped because of a new name and nothing merged by guessing. The
// same written name in the same district is the same school, so its stream
// follows from the name. Somebody then confirms it, or says which one it is: that
// is looked up when somebody asks, and what is stored stays as it was stored. What
// happens to a school, that it is renamed, merges, is split or placed under
// another, holds from a day; before it everything stays what it was.
//
// A person is (school, written name) and its stream follows from both only
// together with the installation's secret.
package org

import (
	"context"
	"strings"

	"twinledger/domain/command"
	"twinledger/domain/event"
	"twinledger/domain/fault"
	"twinledger/domain/record"
	"twinledger/domain/seal"
)

// A District is a county, district or city whose office keeps the ledger.
type District struct {
	Name string `json:"name" lines:"any"`
}

// A School is a school or teaching point of a district.
type School struct {
	District    string `json:"district"`              // key of the district
	Name        string `json:"name" lines:"any"`      // as written when it first came up
	Provisional bool   `json:"provisional,omitempty"` // a file mentioned it; nobody confirmed it
	Stage       string `json:"stage,omitempty"`       // 学段 as written, e.g. 小学
	Setting     string `json:"setting,omitempty"`     // 城乡 as written, e.g. 乡村
}

// A Community is an education community (教育共同体) of a district.
type Community struct {
	District    string `json:"district"`
	Name        string `json:"name" lines:"any"`
	Provisional bool   `json:"provisional,omitempty"`
}

// A Person is somebody of a school. The name is sealed under the person's own
// key.
type Person struct {
	District    string    `json:"district"`
	School      string    `json:"school,omitempty"` // key of the school; empty when it is not known
	Name        seal.Text `json:"name" lines:"any"`
	Provisional bool      `json:"provisional,omitempty"`
}

// The record types of this package. What is said beside of schools, communities and
// people is folded by [State].
var (
	Districts = record.NewType[District]("district", "区县", "register", "registered",
		command.KeyedBy(func(ledger string, _ seal.Vault, c record.Report[District]) string {
			return DistrictKey(ledger, c.Facts.Name)
		})).WithExample(District{Name: "样例县"})
	Schools     = schools.recordType
	Communities = record.NewType[Community]("community", "共同体", "note", "noted",
		command.KeyedBy(func(ledger string, _ seal.Vault, c record.Report[Community]) string {
			return CommunityKey(ledger, c.Facts.District, c.Facts.Name)
		})).WithFixed("区县", "district", func(before, after Community) bool { return before.District == after.District }).
		WithExample(Community{District: record.ExampleDistrict, Name: "第一小学教育共同体"})
	People = record.NewType[Person]("person", "人员", "note", "noted",
		command.KeyedBy(func(_ string, vault seal.Vault, c record.Report[Person]) string {
			return PersonKey(vault, c.Facts.District, c.Facts.School, c.Facts.Name.Clear)
		})).WithFixed("区县", "district", func(before, after Person) bool { return before.District == after.District }).
		WithExample(Person{District: record.ExampleDistrict, School: record.ExampleCore, Name: seal.Text{Clear: "李老师"}})

	communities = kind[Community]{recordType: Communities, decider: command.Decider[State[Community]]{Kind: "community", Apply: Fold[Community]},
		other: record.ExampleCommunity, alias: "一小共同体"}
	people = kind[Person]{recordType: People, decider: command.Decider[State[Person]]{Kind: "person", Apply: Fold[Person]},
		other: record.ExamplePerson, alias: "李某老师"}
)

// Register declares the events of this package.
func Register(r *event.Registry) {
	Districts.Register(r)
	registerSchools(r)
	communities.register(r)
	people.register(r)
	Calendars.Register(r)
}

// Commands returns the commands of this package.
func Commands() []command.Definition {
	var all []command.Definition
	all = append(all, Districts.Commands()...)
	all = append(all, schoolCommands()...)
	all = append(all, communities.commands()...)
	all = append(all, people.commands()...)
	return append(all, Calendars.Commands()...)
}

// DistrictKey returns the key of the district called name. However a name is
// spaced, the key is that of its [NormalName]; so are those of the functions below.
func DistrictKey(ledger, name string) string {
	return "district-" + event.UUIDv5(ledger, "district", NormalName(name)).String()
}

// SchoolKey returns the key of the school that is written name in a district.
func SchoolKey(ledger, district, name string) string {
	return "school-" + event.UUIDv5(ledger, "school", district, NormalName(name)).String()
}

// CommunityKey returns the key of the community that is written name in a
// district.
func CommunityKey(ledger, district, name string) string {
	return "community-" + event.UUIDv5(ledger, "community", district, NormalName(name)).String()
}

// PersonKey returns the key of the person written name of a school, "" when the
// school is not known. It cannot be guessed without the secret.
func PersonKey(vault seal.Vault, district, school, name string) string {
	return "person-" + event.UUIDv8(vault.MAC("person v1", district, school, NormalName(name))).String()
}

// What this package refuses with.
var (
	ErrNoName = fault.New(fault.Invalid, "org.no-name",
		"名称不能为空。", "A name is missing; give one.")
	ErrNoDistrict = fault.New(fault.Invalid, "org.no-district",
		"请写明所属区县编号。", "Give the id of the district.")
)

// Normal returns d with its name as it is stored.
func (d District) Normal() District {
	d.Name = NormalName(d.Name)
	return d
}

// Check refuses a district without name.
func (d District) Check() error { return named(d.Name) }

// SealBody returns d: it names nobody.
func (d District) SealBody(context.Context, seal.Sealer) (District, error) { return d, nil }

// References returns nothing.
func (d District) References() []string { return nil }

// Normal returns s with its name as it is stored.
func (s School) Normal() School {
	s.Name = NormalName(s.Name)
	return s
}

// Check refuses a school without name or district.
func (s School) Check() error { return namedIn(s.Name, s.District) }

// SealBody returns s: it names nobody.
func (s School) SealBody(context.Context, seal.Sealer) (School, error) { return s, nil }

// References returns the district.
func (s School) References() []string { return []string{s.District} }

// Normal returns c with its name as it is stored.
func (c Community) Normal() Community {
	c.Name = NormalName(c.Name)
	return c
}

// Check refuses a community without name or district.
func (c Community) Check() error { return namedIn(c.Name, c.District) }

// SealBody returns c: it names nobody.
func (c Community) SealBody(context.Context, seal.Sealer) (Community, error) { return c, nil }

// References returns the district.
func (c Community) References() []string { return []string{c.District} }

// Normal returns p itself: its name takes its form before it is sealed.
func (p Person) Normal() Person { return p }

// Check refuses a person without name or district.
func (p Person) Check() error {
	if p.Name.IsZero() {
		return ErrNoName
	}
	return namedIn("-", p.District)
}

// SealBody returns p with the name, as it is stored, sealed under the person's own
// key.
func (p Person) SealBody(ctx context.Context, s seal.Sealer) (Person, error) {
	var err error
	p.Name.Clear = NormalName(p.Name.Clear)
	p.Name, err = s.Under(ctx, NameField, p.Name, s.Stream)
	return p, err
}

// References returns district and school.
func (p Person) References() []string { return []string{p.District, p.School} }

// NameField is the place within a person's stream for which the name is sealed.
const NameField = "name"

func named(name string) error {
	if strings.TrimSpace(name) == "" {
		return ErrNoName
	}
	return nil
}

func namedIn(name, district string) error {
	if event.StreamKind(district) != "district" {
		return ErrNoDistrict.With("district", district)
	}
	return named(name)
}
