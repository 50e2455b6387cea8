package gateway

import (
	"context"
	"fmt"
	"slices"
	"time"

	"k8s.io/apimachinery/pkg/types"
)

// certify gives the sites of a route their certificates. It reports whether
// there are any, so that they have to be looked at again.
func (g *gateway) certify(ctx context.Context, r *route) bool {
	var done []types.NamespacedName
	for i := range r.sites {
		s := &r.sites[i]
		if s.secret.Name == "" {
			continue
		}
		c, err := g.secrets.certificate(ctx, s.secret)
		s.certificate = c
		first := !slices.Contains(done, s.secret)
		done = append(done, s.secret)
		if err != nil && first {
			r.problems = append(r.problems, problem{reason: ReasonCertificateInvalid, message: err.Error()})
		}
		if c == nil {
			continue
		}
		if left := c.leaf.NotAfter.Sub(g.Clock.Now()); first && err == nil && left < expiryWarning {
			r.warnings = append(r.warnings, problem{reason: ReasonCertificateExpires, message: fmt.Sprintf(
				"Secret %s: the certificate ends on %s; renew it", s.secret, c.leaf.NotAfter.Format(time.DateOnly))})
		}
		if !c.covers(s.host) {
			r.warnings = append(r.warnings, problem{reason: ReasonHostNotCovered, message: fmt.Sprintf(
				"Secret %s: the certificate is not for %s, so clients will refuse it", s.secret, s.host)})
		}
	}
	return len(done) > 0
}
