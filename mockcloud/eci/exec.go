package eci

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/ebb-node/ebb/mockcloud/rpc"
	"github.com/ebb-node/ebb/mockcloud/runtime"
)

// Limits of ExecContainerCommand
// (https://help.aliyun.com/zh/eci/developer-reference/api-eci-2018-08-08-execcontainercommand).
const (
	maxCommandWords = 20
	maxCommandWord  = 256
)

// sessionLife is how long the address of an exec session is valid; the
// documented 30 seconds are those of the HttpUrl.
const sessionLife = 30 * time.Second

type execRequest struct {
	ContainerGroupId string          `rpc:",required"`
	ContainerName    string          `rpc:",required"`
	Command          rpc.JSONStrings `rpc:",required"`
	TTY              bool
	Stdin            *bool
	Sync             bool
	VkClientVersion  string
}

type execAnswer struct {
	WebSocketUri string `json:",omitempty"`
	HttpUrl      string `json:",omitempty"`
	SyncResponse string `json:",omitempty"`
}

// exec is ExecContainerCommand.
func (s *Service) exec(call *rpc.Call, r *execRequest) (any, error) {
	if err := r.validate(); err != nil {
		return nil, err
	}
	if err := s.mayExec(r); err != nil {
		return nil, err
	}
	if r.Sync {
		return s.execSync(call.Context, r)
	}
	secret := s.sessions.open(session{
		group: r.ContainerGroupId, container: r.ContainerName, command: r.Command,
		tty: r.TTY, stdin: valueOr(r.Stdin, true),
	}, s.config.Wall.Now())
	ws, page := "ws://", "http://"
	if call.TLS {
		ws, page = "wss://", "https://"
	}
	query := call.Host + ExecPath + "?s=" + secret
	return execAnswer{WebSocketUri: ws + query, HttpUrl: page + query}, nil
}

func (r *execRequest) validate() error {
	if len(r.Command) == 0 {
		return rpc.MissingParameter("Command")
	}
	if len(r.Command) > maxCommandWords {
		return valueExceeded("at most %d words", maxCommandWords)
	}
	for _, word := range r.Command {
		if len(word) > maxCommandWord {
			return valueExceeded("at most %d characters in a word", maxCommandWord)
		}
	}
	if r.Sync && r.TTY {
		return rpc.InvalidParameter("Sync", "it needs TTY=false")
	}
	if !r.TTY && len(r.Command) == 1 && strings.HasSuffix(r.Command[0], "/bash") {
		return rpc.InvalidParameter("TTY", "it must be true for %s", r.Command[0])
	}
	return nil
}

func valueExceeded(format string, args ...any) error {
	err := rpc.InvalidParameter("Command", format, args...)
	err.Code = "InvalidParameter.ValueExceeded"
	return err
}

// mayExec refuses containers that do not run.
func (s *Service) mayExec(r *execRequest) error {
	g, err := s.find(r.ContainerGroupId)
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if !g.has(r.ContainerName) {
		return rpc.InvalidParameter("ContainerName", "the group has no container %q", r.ContainerName)
	}
	if g.status != running && g.status != terminating ||
		statusOf(g.containers, r.ContainerName).Current.State != "Running" {
		return incorrectStatus(g.status)
	}
	return nil
}

// execSync answers a command's output; its exit code has no place in the API.
func (s *Service) execSync(ctx context.Context, r *execRequest) (any, error) {
	var output bytes.Buffer
	_, err := s.runtime.Exec(ctx, r.ContainerGroupId, r.ContainerName,
		runtime.Exec{Command: r.Command, Stdout: &output, Stderr: &output})
	if errors.Is(err, runtime.ErrNotFound) || errors.Is(err, runtime.ErrNotRunning) {
		return nil, rpc.Errorf(http.StatusBadRequest, "IncorrectStatus", "The container does not run.")
	}
	return execAnswer{SyncResponse: output.String()}, err
}
