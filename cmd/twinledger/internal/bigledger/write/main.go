// Command write makes a data folder with a big ledger out of that of a generated
// county:
//
//	go run ./cmd/twinledger/internal/bigledger/write -from COUNTY -to BIG -events 1000000
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"time"

	"twinledger/adapters/keyvault"
	"twinledger/adapters/sqlitelog"
	"twinledger/cmd/twinledger/internal/bigledger"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := run(ctx)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(ctx context.Context) error {
	from := flag.String("from", "", "data `folder` of the county")
	to := flag.String("to", "", "data `folder` to be made")
	events := flag.Int("events", 1_000_000, "how many events the ledger is to hold")
	seed := flag.Uint64("seed", 1, "any number: each makes a ledger of its own")
	flag.Parse()
	if *from == "" || *to == "" || flag.NArg() > 0 {
		flag.Usage()
		return errors.New("name both folders")
	}
	if err := os.Mkdir(*to, 0o750); err != nil {
		return err
	}
	began := time.Now()
	if err := write(ctx, *from, *to, bigledger.Settings{Events: *events, Seed: *seed, Until: began}); err != nil {
		return errors.Join(err, os.RemoveAll(*to))
	}
	fmt.Fprintf(os.Stderr, "\r%d events in %s\n", *events, time.Since(began).Round(100*time.Millisecond))
	return nil
}

// write fills the new folder.
func write(ctx context.Context, from, to string, s bigledger.Settings) (err error) {
	log, err := sqlitelog.OpenReadOnly(filepath.Join(from, "ledger.sqlite"))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, log.Close()) }()
	progress := func(done int) { fmt.Fprintf(os.Stderr, "\r%d of %d events", done, s.Events) }
	if err := bigledger.Write(ctx, log, filepath.Join(to, "ledger.sqlite"), s, progress); err != nil {
		return err
	}
	return keyvault.Copy(ctx, filepath.Join(from, "keys.sqlite"), filepath.Join(to, "keys.sqlite"))
}
