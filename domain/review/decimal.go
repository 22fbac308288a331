package review

import (
	"math/big"
	"strings"
)

// addDecimals adds two plain decimals exactly.
func addDecimals(a, b string) string {
	x, okX := new(big.Rat).SetString(a)
	y, okY := new(big.Rat).SetString(b)
	if !okX || !okY {
		return a
	}
	sum := new(big.Rat).Add(x, y).FloatString(6)
	return strings.TrimSuffix(strings.TrimRight(sum, "0"), ".")
}
