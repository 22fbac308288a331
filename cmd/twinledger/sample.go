package main

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"os"
	"path"

	"twinledger/cmd/twinledger/internal/datafolder"
	"twinledger/domain/calendar"
)

// sampleRecords are the record files of the sample county: what five schools
// sent, in the forms in which such files come.
//
//go:embed sample/records
var sampleRecords embed.FS

const (
	sampleDistrict = "样例县"
	samplePlan     = "county-1plusn"
	sampleFirst    = 2009 // the calendar years in which the sample's first
	sampleLast     = 2019 // and last school year begin
)

// sampleFolder returns the named folder or, when none was named, a new
// temporary one.
func (p *program) sampleFolder() (folder string, temporary bool, err error) {
	if p.data != "" {
		return p.data, false, nil
	}
	folder, err = os.MkdirTemp("", "twinledger-sample-")
	if err != nil {
		return "", false, fmt.Errorf("make sample folder: %w", err)
	}
	return folder, true, nil
}

// establishSample opens a ledger with the sample county in an empty folder. The
// calendar is assumed, and the plan county-1plusn is put in force throughout.
func (p *program) establishSample(ctx context.Context, folder string) (*datafolder.Folder, error) {
	var years []calendar.SchoolYear
	for year := sampleFirst; year <= sampleLast; year++ {
		years = append(years, calendar.SchoolYearFrom(year))
	}
	o, err := datafolder.Establish(ctx, p.optionsOf(folder), p.actor, sampleDistrict, years)
	if err != nil {
		return nil, err
	}
	err = p.fillSample(ctx, o)
	if err != nil {
		return nil, errors.Join(err, o.Close())
	}
	return o, nil
}

func (p *program) fillSample(ctx context.Context, o *datafolder.Folder) error {
	plan, text, err := p.programme(samplePlan)
	if err != nil {
		return err
	}
	if err := p.publish(ctx, o, &programmePublish{From: "2009-09-01"}, plan, text); err != nil {
		return err
	}
	district, err := o.District(ctx, sampleDistrict)
	if err != nil {
		return err
	}
	entries, err := sampleRecords.ReadDir("sample/records")
	if err != nil {
		return fmt.Errorf("read sample: %w", err)
	}
	load := importCommand{Quiet: true}
	for _, entry := range entries {
		content, err := sampleRecords.ReadFile(path.Join("sample/records", entry.Name()))
		if err != nil {
			return fmt.Errorf("read sample: %w", err)
		}
		if err := load.importFile(ctx, p, o, district, entry.Name(), content); err != nil {
			return err
		}
	}
	return o.CatchUp(ctx, nil)
}
