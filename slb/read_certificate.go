package slb

import "context"

// certificates of the owner's load balancer. They are regional objects, and
// each load balancer has its own, so that its one writer may delete them.
func (c *Client) certificates(ctx context.Context, o Owner) ([]ActualCertificate, error) {
	var answer struct {
		ServerCertificates struct {
			ServerCertificate []struct {
				ServerCertificateID string
				Tags                tagsWire
			}
		}
	}
	p := params{}.tags(o.tags())
	if err := c.call(ctx, "DescribeServerCertificates", p, &answer); err != nil {
		return nil, err
	}
	var out []ActualCertificate
	for _, w := range answer.ServerCertificates.ServerCertificate {
		// A filter of several tags may mean any of them.
		if tags := tagMap(w.Tags.Tag); o.owns(tags) {
			out = append(out, ActualCertificate{ID: w.ServerCertificateID, Fingerprint: tags[tagFingerprint]})
		}
	}
	return out, nil
}
