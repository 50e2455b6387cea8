package slb

import (
	"crypto/sha256"
	"maps"
	"net/http"
	"time"

	"github.com/ebb-node/ebb/mockcloud/rpc"
)

// kind is a family of writes; each has its own way to say that it must wait.
type kind int

const (
	onInstance kind = iota
	onListener
	onGroup
	onRule
	onExtension
	onACL
	onToken
)

// busy is a write that is under way, or one whose configuration is.
type busy struct {
	scope    scope
	print    [sha256.Size]byte
	inFlight bool
	until    time.Time // without inFlight
}

func (b busy) at(now time.Time) bool { return b.inFlight || now.Before(b.until) }

// admit refuses a write to what is busy. The service wants all writes to one
// load balancer in a row: what each family answers otherwise is gathered from
// the list of common error codes and from what Terraform's provider waits for
// (https://github.com/aliyun/terraform-provider-alicloud, resource_alicloud_slb_*.go).
func (s *state) admit(sc scope, print [sha256.Size]byte, now time.Time) error {
	b, ok := s.busy[sc.key]
	if !ok || !b.at(now) {
		return nil
	}
	if b.inFlight && b.print == print && sc.kind != onToken {
		return refuse("ProcessingSameRequest", "The same request is being processed. Please try later.")
	}
	return busyError(b.scope, sc)
}

// forgetIdle drops what is no longer busy, or no longer counts as used.
func (s *state) forgetIdle(now time.Time) {
	for key, b := range s.busy {
		if !b.at(now) {
			delete(s.busy, key)
		}
	}
	maps.DeleteFunc(s.released, func(_ string, until time.Time) bool { return !now.Before(until) })
}

// busyError is the answer to a write while another one is going on.
func busyError(ongoing, wanted scope) error {
	switch wanted.kind {
	case onListener:
		return refuse("ServiceIsConfiguring", "A previous configuration is pending; please try again later.")
	case onGroup:
		if wanted.object == "" {
			return refuse("OperationBusy", "A previous operation is pending.")
		}
		if wanted.object == ongoing.object {
			return refuse("VServerGroupProcessing", "A previous configuration of the VServer group is pending; please try again later.")
		}
		return backendConfiguring()
	case onRule:
		if ongoing.kind == onRule || ongoing.kind == onListener {
			return listenerStatusNotSupported()
		}
		return backendConfiguring()
	case onExtension:
		return refuse("DomainExtensionProcessing", "The domain extension is being configured; please try again later.")
	case onACL:
		return refuse("AclEntryProcessing", "The access control list is being configured; please try again later.")
	case onToken:
		return refuse("OperationFailed.TokenIsProcessing", "A request with this ClientToken is being processed.")
	}
	return rpc.Errorf(statusRetryWith, "SystemBusy", "The system is busy.")
}

// statusRetryWith is a status outside of the standards that the service uses
// for SystemBusy.
const statusRetryWith = 449

func backendConfiguring() error {
	return rpc.Errorf(http.StatusConflict, "BackendServer.configuring",
		"A previous configuration of the load balancer is pending; please try again later.")
}

func listenerStatusNotSupported() error {
	return refuse("OperationFailed.ListenerStatusNotSupport",
		"The status of the listener does not support this operation. Please try again later.")
}

func listenerStopping() error {
	return rpc.Errorf(http.StatusConflict, "ServiceIsStopping", "The specified listener is stopping, please retry later.")
}
