package alicloud

import (
	"errors"
	"fmt"
	"io"
	"regexp"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/sirupsen/logrus"
	"k8s.io/utils/clock"
)

// Config is what a Client needs to know. Zero values mean the defaults that
// the fields name.
type Config struct {
	// Region is required: "cn-hangzhou".
	Region string
	// VPC chooses the endpoints that are reached from inside a VPC.
	VPC bool
	// Endpoints override the endpoint of a product, by its lower-case name
	// ("eci"): a host or a URL. HTTPS unless the URL says http://.
	Endpoints map[string]string
	// Credentials are required; see NewCredentials.
	Credentials Credentials
	// Timeout bounds one attempt of a call. Default 15 s: connect and read
	// time-outs of the SDK added up.
	Timeout time.Duration
	// MaxURL is the length up to which parameters travel in the query. Default
	// 7 KiB; see placeParams.
	MaxURL int
	// UserAgent is sent beside the SDK core's own.
	UserAgent string
	// Limits override the products' own by "Product.Action".
	Limits map[string]Limit
	// Unlimited turns the client's own rate limits off.
	Unlimited bool
	// Retry is how failures are repeated. Default DefaultRetry.
	Retry *RetryPolicy
	// Logger gets a line per attempt at debug level. Default: none.
	Logger logrus.FieldLogger
	// Metrics is where the ebb_cloud_ metrics are registered. Default: nowhere.
	Metrics prometheus.Registerer
	// Clock is for tests.
	Clock clock.Clock
}

const (
	// The SDK core's defaults: 5 s to connect, 10 s to read.
	defaultTimeout = 15 * time.Second
	// Common front servers refuse a request line beyond 8 KiB
	// (https://nginx.org/en/docs/http/ngx_http_core_module.html#large_client_header_buffers).
	defaultMaxURL = 7 << 10
)

// regionPattern keeps a region usable as part of a host name.
var regionPattern = regexp.MustCompile(`^[a-z0-9][a-z0-9-]*$`)

func (c Config) withDefaults() Config {
	if c.Timeout == 0 {
		c.Timeout = defaultTimeout
	}
	if c.MaxURL == 0 {
		c.MaxURL = defaultMaxURL
	}
	if c.Retry == nil {
		p := DefaultRetry()
		c.Retry = &p
	}
	if c.Logger == nil {
		quiet := logrus.New()
		quiet.SetOutput(io.Discard)
		c.Logger = quiet
	}
	if c.Clock == nil {
		c.Clock = clock.RealClock{}
	}
	return c
}

func (c Config) validate() error {
	if c.Region == "" {
		return errors.New("alicloud: no region given")
	}
	if !regionPattern.MatchString(c.Region) {
		return fmt.Errorf("alicloud: region %q is not a region id such as cn-hangzhou", c.Region)
	}
	if c.Credentials == nil {
		return errors.New("alicloud: no credentials given")
	}
	for product, raw := range c.Endpoints {
		if _, err := parseEndpoint(raw); err != nil {
			return fmt.Errorf("alicloud: endpoint of %s: %w", product, err)
		}
	}
	return nil
}
