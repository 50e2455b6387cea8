package kubelet

import (
	"net/url"
	"strconv"
	"time"

	"github.com/virtual-kubelet/virtual-kubelet/errdefs"

	"github.com/ebb-node/ebb/eci"
)

// allLines asks for as much of a log as ECI returns at once; without it the
// answer has 500 lines
// (https://help.aliyun.com/zh/eci/developer-reference/api-eci-2018-08-08-describecontainerlog).
const allLines = 2000

// logQuery is what a request asks of a log.
type logQuery struct {
	options    eci.LogOptions
	follow     bool
	limitBytes int
	none       bool // tailLines=0: nothing of what is there
}

// parseLogQuery reads the parameters of PodLogOptions.
func parseLogQuery(q url.Values, now time.Time) (logQuery, error) {
	var p logParams
	out := logQuery{
		options: eci.LogOptions{
			Tail:       allLines,
			Previous:   p.flag(q, "previous"),
			Timestamps: p.flag(q, "timestamps"),
		},
		follow:     p.flag(q, "follow"),
		limitBytes: p.number(q, "limitBytes", 1),
	}
	if q.Get("tailLines") != "" {
		out.options.Tail = p.number(q, "tailLines", 0)
		out.none = out.options.Tail == 0
	}
	if q.Get("sinceSeconds") != "" && q.Get("sinceTime") != "" {
		return out, errdefs.InvalidInput("only one of sinceSeconds and sinceTime may be given")
	}
	if s := p.number(q, "sinceSeconds", 1); s > 0 {
		out.options.Since = now.Add(-time.Duration(s) * time.Second)
	}
	if text := q.Get("sinceTime"); text != "" {
		at, err := time.Parse(time.RFC3339, text)
		if err != nil {
			p.fail("sinceTime", text)
		}
		out.options.Since = at
	}
	out.follow = out.follow && !out.options.Previous // what has ended does not grow
	return out, p.err
}

// logParams keeps the first parameter that makes no sense.
type logParams struct{ err error }

func (p *logParams) fail(name, text string) {
	if p.err == nil {
		p.err = errdefs.InvalidInputf("%s: %q is not valid", name, text)
	}
}

func (p *logParams) flag(q url.Values, name string) bool {
	text := q.Get(name)
	if text == "" {
		return false
	}
	v, err := strconv.ParseBool(text)
	if err != nil {
		p.fail(name, text)
	}
	return v
}

func (p *logParams) number(q url.Values, name string, least int) int {
	text := q.Get(name)
	if text == "" {
		return 0
	}
	v, err := strconv.Atoi(text)
	if err != nil || v < least {
		p.fail(name, text)
	}
	return v
}
