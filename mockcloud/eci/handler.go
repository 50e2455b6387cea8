package eci

import (
	"time"

	"github.com/ebb-node/ebb/mockcloud/runtime"
)

// The documented defaults of probes
// (https://help.aliyun.com/zh/eci/developer-reference/api-eci-2018-08-08-createcontainergroup).
const (
	defaultPeriod  = 10
	defaultTimeout = 1
	defaultSuccess = 1
	defaultFailure = 3
)

func (p *probe) runtimeProbe() *runtime.Probe {
	if p == nil {
		return nil
	}
	h := hook{
		exec: p.Exec.Command, httpPort: p.HttpGet.Port, httpPath: p.HttpGet.Path, httpScheme: p.HttpGet.Scheme,
		tcpPort: p.TcpSocket.Port,
	}
	return &runtime.Probe{
		Handler:          *h.runtimeHandler(),
		InitialDelay:     seconds(p.InitialDelaySeconds, 0),
		Period:           seconds(p.PeriodSeconds, defaultPeriod),
		Timeout:          seconds(p.TimeoutSeconds, defaultTimeout),
		SuccessThreshold: valueOr(p.SuccessThreshold, defaultSuccess),
		FailureThreshold: valueOr(p.FailureThreshold, defaultFailure),
	}
}

// hook is a life-cycle handler, whose parameters are spelt flat.
type hook struct {
	exec                           []string
	httpHost, httpPath, httpScheme string
	httpPort                       *int
	httpHeaders                    []nameValue
	tcpHost                        string
	tcpPort                        *int
}

func (c *containerRequest) postStart() hook {
	return hook{
		exec:     c.LifecyclePostStartHandlerExec,
		httpHost: c.LifecyclePostStartHandlerHttpGetHost, httpPath: c.LifecyclePostStartHandlerHttpGetPath,
		httpScheme: c.LifecyclePostStartHandlerHttpGetScheme, httpPort: c.LifecyclePostStartHandlerHttpGetPort,
		httpHeaders: c.LifecyclePostStartHandlerHttpGetHttpHeader,
		tcpHost:     c.LifecyclePostStartHandlerTcpSocketHost, tcpPort: c.LifecyclePostStartHandlerTcpSocketPort,
	}
}

func (c *containerRequest) preStop() hook {
	return hook{
		exec:     c.LifecyclePreStopHandlerExec,
		httpHost: c.LifecyclePreStopHandlerHttpGetHost, httpPath: c.LifecyclePreStopHandlerHttpGetPath,
		httpScheme: c.LifecyclePreStopHandlerHttpGetScheme, httpPort: c.LifecyclePreStopHandlerHttpGetPort,
		httpHeaders: c.LifecyclePreStopHandlerHttpGetHttpHeader,
		tcpHost:     c.LifecyclePreStopHandlerTcpSocketHost, tcpPort: c.LifecyclePreStopHandlerTcpSocketPort,
	}
}

// runtimeHandler is nil when the hook is not set.
func (h hook) runtimeHandler() *runtime.Handler {
	switch {
	case len(h.exec) > 0:
		return &runtime.Handler{Exec: h.exec}
	case h.httpPort != nil:
		get := &runtime.HTTPGet{
			Host: h.httpHost, Path: h.httpPath, Port: *h.httpPort,
			Scheme: orDefault(h.httpScheme, "HTTP"), Headers: map[string]string{},
		}
		for _, header := range h.httpHeaders {
			get.Headers[header.Name] = header.Value
		}
		return &runtime.Handler{HTTP: get}
	case h.tcpPort != nil:
		return &runtime.Handler{TCP: &runtime.TCPSocket{Host: h.tcpHost, Port: *h.tcpPort}}
	}
	return nil
}

func seconds(value *int, standard int) time.Duration {
	return time.Duration(valueOr(value, standard)) * time.Second
}

func valueOr[T any](value *T, standard T) T {
	if value == nil {
		return standard
	}
	return *value
}
