#!/usr/bin/env bash
# Checks everything: formatting, vet, lint, module files, then all tests with
# the race detector. Installs Chromium, which the page tests drive, from Debian's
# packages when it is missing. Ends with the test runner's own summary.
set -euo pipefail
cd "$(dirname "$0")/.."

if ! command -v chromium >/dev/null 2>&1 || ! fc-list 2>/dev/null | grep -qi 'noto.*cjk'; then
	if ! command -v apt-get >/dev/null 2>&1; then
		echo 'install Chromium and the Noto CJK fonts first: the page tests drive a real browser' >&2
		exit 1
	fi
	as_root=
	[ "$(id -u)" -eq 0 ] || as_root=sudo
	$as_root apt-get update -qq
	DEBIAN_FRONTEND=noninteractive $as_root apt-get install -y -qq --no-install-recommends chromium fonts-noto-cjk fontconfig >/dev/null
fi

unformatted=$(gofmt -l $(git ls-files '*.go'))
if [ -n "$unformatted" ]; then
	printf 'gofmt would change:\n%s\n' "$unformatted" >&2
	exit 1
fi
go mod tidy -diff

# SQLite is C translated to Go: its memory lies outside of Go's heap, where the race
# detector sees nothing, and watching its code made the tests much slower. Vet and
# lint are given the same options, so that everything is compiled once.
options=(-race -gcflags=modernc.org/sqlite/lib=-race=false)
go vet "${options[@]}" ./...
staticcheck=$(go tool -n staticcheck)
GOFLAGS="$(go env GOFLAGS) ${options[*]}" "$staticcheck" ./...

# With the race detector a process sleeps for a second before it exits; the tests
# run hundreds of them.
export GORACE=${GORACE:-atexit_sleep_ms=20}

# The events of every test go to a file, so that a skipped test is not missed.
events=$(mktemp)
trap 'rm -f "$events"' EXIT
status=0
go tool gotestsum --format pkgname --jsonfile "$events" -- "${options[@]}" -vet=off -count=1 -timeout 20m "$@" ./... || status=$?

# Watermill's suite skips by its own design what a subscriber does not declare;
# every other skipped test is a failure.
skipped=$(grep '"Action":"skip"' "$events" | grep '"Test":' | sed 's/.*"Test":"\([^"]*\)".*/\1/' | grep -vE -f scripts/skipped-by-design.txt || true)
if [ -n "$skipped" ]; then
	printf 'tests were skipped:\n%s\n' "$skipped" >&2
	exit 1
fi
exit $status
