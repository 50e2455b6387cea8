package gateway

import (
	"context"
	"fmt"
	"slices"
	"time"

	"k8s.io/apimachinery/pkg/types"
)

// certify gives the sites of a route their certificates; anew because the
// Ingress has changed. It returns when to look again; 0: there are none.
func (g *gateway) certify(ctx context.Context, r *route, anew bool) (again time.Duration) {
	var done []types.NamespacedName
	for i := range r.sites {
		s := &r.sites[i]
		if s.secret.Name == "" {
			continue
		}
		c, err := g.secrets.certificate(ctx, s.secret, anew)
		s.certificate = c
		again = sooner(again, g.SecretInterval)
		first := !slices.Contains(done, s.secret)
		done = append(done, s.secret)
		if err != nil {
			again = sooner(again, badFresh)
		}
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
	return again
}
