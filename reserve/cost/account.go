package cost

import (
	"time"

	"github.com/ebb-node/ebb/instancespecs"
)

// Account is the sum at a moment, and how it grows from there.
type Account struct {
	At       time.Time
	Currency string
	// Kind is the worst of the prices that went into it.
	Kind instancespecs.PriceKind

	Spent   float64 // on reserve pods
	Avoided float64 // for the standard pod of min-scale 1, while there was none
	Rate    Rate
	// Unpriced is how long reserve pods ran whose price is not known, and
	// Uncompared how long there was no standard pod of which it is not.
	Unpriced, Uncompared time.Duration
}

// Rate is what an hour adds.
type Rate struct {
	Spent, Avoided float64
	// Unpriced counts the pods whose price is not known, and Uncompared is whether
	// that of the standard pod that is not there is not.
	Unpriced   int
	Uncompared bool
}

// Until is the account at a later moment. An earlier one changes nothing.
func (a Account) Until(now time.Time) Account {
	d := now.Sub(a.At)
	if a.At.IsZero() || d <= 0 {
		if a.At.IsZero() {
			a.At = now
		}
		return a
	}
	a.At = now
	a.Spent += a.Rate.Spent * d.Hours()
	a.Avoided += a.Rate.Avoided * d.Hours()
	a.Unpriced += time.Duration(a.Rate.Unpriced) * d
	if a.Rate.Uncompared {
		a.Uncompared += d
	}
	return a
}

// With is the account with another growth from now on. A change of currency begins
// a new one: sums of two say nothing.
func (a Account) With(now time.Time, rate Rate, currency string, kind instancespecs.PriceKind) Account {
	a = a.Until(now)
	if a.Currency != currency {
		a = Account{At: now, Currency: currency}
	}
	a.Rate, a.Kind = rate, max(a.Kind, kind)
	return a
}

// Saved is what the reserve has saved so far, below 0 if it was dearer; false if a
// price that it takes was not known.
func (a Account) Saved() (float64, bool) {
	return a.Avoided - a.Spent, a.Unpriced == 0 && a.Uncompared == 0
}

// changed is the least relative change of a price that is worth writing down.
const changed = 0.001

// SameRate reports whether two rates are one, but for rounding.
func SameRate(a, b Rate) bool {
	near := func(x, y float64) bool { return max(x, y)-min(x, y) <= changed*max(x, y) }
	return near(a.Spent, b.Spent) && near(a.Avoided, b.Avoided) && a.Unpriced == b.Unpriced && a.Uncompared == b.Uncompared
}
