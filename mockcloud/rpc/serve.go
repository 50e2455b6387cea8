package rpc

import (
	"context"
	"errors"
	"net/http"
	"time"
)

// exchange is one call on its way through the front door.
type exchange struct {
	params  map[string]string
	product string
	action  Action
	id      string
	start   time.Time
}

// ServeHTTP implements http.Handler.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	x := &exchange{id: requestID(), start: s.clock.Now()}
	answer, fault, err := s.process(x, r)
	body, status, code := s.encode(x, r, answer, err)
	s.record(x, status, code, fault.Drop)
	if fault.Drop {
		panic(http.ErrAbortHandler) // closes the connection without a reply
	}
	w.Header().Set("Content-Type", "application/json;charset=utf-8")
	w.Header().Set("x-acs-request-id", x.id)
	w.WriteHeader(status)
	w.Write(body)
}

// process does all that may refuse a call, then the call.
func (s *Server) process(x *exchange, r *http.Request) (answer any, fault Fault, err error) {
	if err := s.open(x, r); err != nil {
		return nil, fault, err
	}
	fault, _ = s.faults.hit(x.action.Name, x.params)
	s.wait(s.delays[x.action.Name] + time.Duration(fault.Delay))
	if refusal := fault.refusal(); refusal != nil {
		return nil, fault, refusal
	}
	if !s.limits.take(x.product+"."+x.action.Name, x.action.Limit) {
		return nil, fault, Throttled()
	}
	answer, err = x.action.serve(s.call(x, r), businessParameters(x.params))
	return answer, fault, err
}

// open finds out what is asked, and by whom.
func (s *Server) open(x *exchange, r *http.Request) error {
	params, err := readParameters(r)
	if err != nil {
		return err
	}
	x.params = params
	if err := s.route(x, r.Method); err != nil {
		return err
	}
	if err := s.auth.check(r.Method, params); err != nil {
		return err
	}
	return s.checkCommon(params)
}

func (s *Server) route(x *exchange, method string) error {
	for _, name := range []string{"Action", "Version"} {
		if x.params[name] == "" {
			return MissingParameter(name)
		}
	}
	p, ok := s.versions[x.params["Version"]]
	if !ok {
		return InvalidParameter("Version", "no product has this version")
	}
	x.product = p.name
	x.action, ok = p.actions[x.params["Action"]]
	if !ok {
		x.action.Name = x.params["Action"]
		return Errorf(http.StatusNotFound, "InvalidAction.NotFound",
			"Specified api is not found, please check your url and method.")
	}
	if x.action.PostOnly && method != http.MethodPost {
		return Errorf(http.StatusMethodNotAllowed, "UnsupportedHTTPMethod", "%s wants POST.", x.action.Name)
	}
	return nil
}

func (s *Server) checkCommon(params map[string]string) error {
	if params["Format"] != "JSON" {
		return InvalidParameter("Format", "write JSON; XML, the protocol's default, is not offered here")
	}
	switch params["RegionId"] {
	case "":
		return MissingParameter("RegionId")
	case s.regionID:
		return nil
	}
	return Errorf(http.StatusNotFound, "InvalidRegionId.NotFound", "The specified RegionId does not exist.")
}

func (s *Server) call(x *exchange, r *http.Request) *Call {
	return &Call{
		// The work goes on when the caller hangs up, as in the real service.
		Context:     context.WithoutCancel(r.Context()),
		RequestID:   x.id,
		RegionID:    s.regionID,
		AccessKeyID: x.params["AccessKeyId"],
		Host:        r.Host,
		TLS:         r.TLS != nil,
	}
}

// wait lets an answer take its time. It goes on when the caller hangs up, so
// that a caller's timeout leaves the work done, as in the real service.
func (s *Server) wait(d time.Duration) {
	if d > 0 {
		<-s.clock.After(d)
	}
}

func (s *Server) record(x *exchange, status int, code string, dropped bool) {
	rec := Record{
		Product: x.product, Action: x.action.Name, RequestID: x.id,
		Parameters: redact(x.params, x.action.secrets),
		Status:     status, Code: code, Dropped: dropped,
		Time: x.start, Duration: s.clock.Since(x.start),
	}
	s.calls.add(rec)
	if s.log != nil {
		s.log.WithField("action", rec.Action).WithField("status", status).
			WithField("code", code).WithField("took", rec.Duration).Debug("call answered")
	}
}

// asError turns any failure into an answer.
func (s *Server) asError(x *exchange, err error) *Error {
	var refusal *Error
	if errors.As(err, &refusal) {
		return refusal
	}
	if s.log != nil {
		s.log.WithError(err).WithField("action", x.action.Name).Error("call failed")
	}
	return internalError()
}
