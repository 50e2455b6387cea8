package cost

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/ebb-node/ebb/instancespecs"
)

// String is the account as one line, for an annotation:
// "spent=0.01250,avoided=0.09800,rate=0.03330,avoided-rate=0.44120,currency=CNY,source=list,at=2026-03-01T10:00:00Z".
func (a Account) String() string {
	fields := []string{
		"spent=" + money(a.Spent), "avoided=" + money(a.Avoided),
		"rate=" + money(a.Rate.Spent), "avoided-rate=" + money(a.Rate.Avoided),
		"currency=" + a.Currency, "source=" + a.Kind.String(), "at=" + a.At.UTC().Format(time.RFC3339),
	}
	if a.Unpriced > 0 || a.Rate.Unpriced > 0 {
		fields = append(fields, fmt.Sprintf("unpriced=%ds", int(a.Unpriced.Seconds())), fmt.Sprintf("unpriced-pods=%d", a.Rate.Unpriced))
	}
	if a.Uncompared > 0 || a.Rate.Uncompared {
		fields = append(fields, fmt.Sprintf("uncompared=%ds", int(a.Uncompared.Seconds())), fmt.Sprintf("uncompared-now=%t", a.Rate.Uncompared))
	}
	return strings.Join(fields, ",")
}

// money has five decimals: a second of the cheapest pod is 0.00001 CNY.
func money(v float64) string { return strconv.FormatFloat(v, 'f', 5, 64) }

// Parse reads what String wrote. The error names the field.
func Parse(text string) (Account, error) {
	var a Account
	for _, field := range strings.Split(text, ",") {
		key, value, _ := strings.Cut(field, "=")
		if err := a.set(key, value); err != nil {
			return Account{}, fmt.Errorf("account of a reserve: field %s: %w", key, err)
		}
	}
	if a.At.IsZero() {
		return Account{}, fmt.Errorf("account of a reserve: field at is missing")
	}
	return a, nil
}

func (a *Account) set(key, value string) (err error) {
	switch key {
	case "spent":
		a.Spent, err = strconv.ParseFloat(value, 64)
	case "avoided":
		a.Avoided, err = strconv.ParseFloat(value, 64)
	case "rate":
		a.Rate.Spent, err = strconv.ParseFloat(value, 64)
	case "avoided-rate":
		a.Rate.Avoided, err = strconv.ParseFloat(value, 64)
	case "currency":
		a.Currency = value
	case "source":
		a.Kind, err = kind(value)
	case "at":
		a.At, err = time.Parse(time.RFC3339, value)
	case "unpriced":
		a.Unpriced, err = time.ParseDuration(value)
	case "unpriced-pods":
		a.Rate.Unpriced, err = strconv.Atoi(value)
	case "uncompared":
		a.Uncompared, err = time.ParseDuration(value)
	case "uncompared-now":
		a.Rate.Uncompared, err = strconv.ParseBool(value)
	default:
		err = fmt.Errorf("%q is not known", value)
	}
	return err
}

func kind(text string) (instancespecs.PriceKind, error) {
	for _, k := range []instancespecs.PriceKind{instancespecs.APIPrice, instancespecs.ListPrice, instancespecs.Estimate} {
		if k.String() == text {
			return k, nil
		}
	}
	return 0, fmt.Errorf("%q is not api, list or estimate", text)
}
