package alicloud

import (
	"context"
	"net/http"
)

// Client calls the cloud. It is safe for concurrent use; everything that runs
// in one process for one account should share one, so that the rate limits
// hold.
type Client struct {
	cfg    Config
	http   *http.Client
	signer signer
	do     sender
}

// New builds a client; nothing is sent.
func New(cfg Config) (*Client, error) {
	if err := cfg.validate(); err != nil {
		return nil, err
	}
	cfg = cfg.withDefaults()
	c := &Client{
		cfg: cfg,
		http: &http.Client{
			Transport: newTransport(),
			// An API does not redirect; a portal or a wrong endpoint does.
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
		signer: signer{region: cfg.Region, maxURL: cfg.MaxURL, userAgent: cfg.UserAgent},
	}
	c.do = c.send
	if cfg.Metrics != nil {
		m, err := newMetrics(cfg.Metrics, cfg.Clock)
		if err != nil {
			return nil, err
		}
		c.do = m.observe(c.do)
	}
	c.do = logged(c.do, cfg.Logger)
	c.do = newLimiters(cfg).limit(c.do)
	c.do = retried(c.do, *cfg.Retry, cfg.Clock)
	return c, nil
}

// Region is the region that the client calls.
func (c *Client) Region() string { return c.cfg.Region }

// Call does an action and decodes its JSON answer into out, which may be nil.
// It waits for the action's rate limit, repeats what passes by itself, and
// ends early when ctx does. A failure is an *Error, or wraps ctx's own.
func (c *Client) Call(ctx context.Context, r Request, out any) error {
	body, err := c.do(ctx, &r)
	if err != nil {
		return err
	}
	return decode(&r, body, out)
}
