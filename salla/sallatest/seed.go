package sallatest

import (
	"strconv"
	"strings"

	"github.com/soukhq/souk/catalog/catalogtest/serverkit"
)

// Kinds keep the random numbers of the same index apart.
const (
	kindProduct = iota + 1
	kindOrder
	kindCustomer
	kindBranch
)

// Identifiers: like Salla's they encode the index within one type, look random
// and repeat over types: the first product, order and customer share a number
// with a country. Two residues of five lie above 2^31 and far above 2^32.
const (
	idPrime = 1<<31 - 1
	idFirst = 1473353380
	idMax   = 19940416533
	idMid   = 1 << 31
	idBig   = idMax - 1 - idPrime
)

type idCodec struct{ mul, inv uint64 }

func newIDCodec(seed int64) idCodec {
	mul := 100_000_000 + serverkit.NewRand(seed, 0, 0).Uint64()%2_000_000_000
	inv, base := uint64(1), mul
	for e := uint64(idPrime - 2); e > 0; e >>= 1 {
		if e&1 == 1 {
			inv = inv * base % idPrime
		}
		base = base * base % idPrime
	}
	return idCodec{mul, inv}
}

func (c idCodec) encode(index int) int64 {
	if index == 4 {
		return idMax
	}
	v := int64((idFirst + uint64(index)*c.mul) % idPrime)
	if v == 0 {
		v = idPrime
	}
	switch index % 5 {
	case 3:
		return idMid + v
	case 4:
		return idBig + v
	}
	return v
}

// decode is the inverse of encode; -1 for a number encode never makes.
func (c idCodec) decode(id int64) int {
	if id == idMax {
		return 4
	}
	v := id
	switch {
	case id > idBig && id <= idBig+idPrime:
		v = id - idBig
	case id > idMid && id <= idMid+idPrime:
		v = id - idMid
	case id < 1 || id > idPrime:
		return -1
	}
	index := int((uint64(v) + idPrime - idFirst) % idPrime * c.inv % idPrime)
	if index == 4 || c.encode(index) != id {
		return -1
	}
	return index
}

// cents writes an amount in hundredths as a decimal.
func cents(n int64) string {
	sign := ""
	if n < 0 {
		sign, n = "-", -n
	}
	whole, frac := strconv.FormatInt(n/100, 10), strconv.FormatInt(n%100, 10)
	if len(frac) == 1 {
		frac = "0" + frac
	}
	return sign + whole + "." + frac
}

// toCents reads a decimal with up to two places; more are cut off, and text
// that is no decimal counts as 0.
func toCents(s string) int64 {
	if !isDecimal(s) {
		return 0
	}
	whole, frac, _ := strings.Cut(s, ".")
	n, _ := strconv.ParseInt(whole+(frac + "00")[:2], 10, 64)
	return n
}

var arabicDigits = strings.NewReplacer("0", "٠", "1", "١", "2", "٢", "3", "٣", "4", "٤",
	"5", "٥", "6", "٦", "7", "٧", "8", "٨", "9", "٩", ".", "٫")
