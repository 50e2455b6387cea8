package eci

import (
	"crypto/rand"
	"net/http"
	"time"

	"github.com/ebb-node/ebb/mockcloud/rpc"
)

type createAnswer struct{ ContainerGroupId string }

// create is CreateContainerGroup: it accepts a group, which then lives on by
// itself.
func (s *Service) create(call *rpc.Call, r *createRequest) (any, error) {
	if err := r.validate(); err != nil {
		return nil, err
	}
	g, err := s.accept(call, r)
	if err != nil {
		return nil, err
	}
	return createAnswer{g}, nil
}

// accept answers the id of a new group, or of the one that the token made.
func (s *Service) accept(call *rpc.Call, r *createRequest) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	key := call.AccessKeyID + "\x00" + r.ClientToken
	if r.ClientToken != "" {
		if id, err := s.repeated(key, r); id != "" || err != nil {
			return id, err
		}
	}
	g := &group{
		id: newID("eci-"), region: s.config.RegionID, request: r,
		status: scheduling, created: s.clock.Now(), changed: s.clock.Now(),
	}
	if err := s.equip(g, r); err != nil {
		return "", err
	}
	if r.DryRun {
		g.subnet.release(g.ip)
		return "", rpc.Errorf(http.StatusBadRequest, "DryRunOperation",
			"Request validation has been passed with DryRun flag set.")
	}
	s.groups.add(g)
	if r.ClientToken != "" {
		s.remember(key, r, g.id)
	}
	s.scheduleLater(g)
	return g.id, nil
}

// equip gives a group all that it needs, or nothing.
func (s *Service) equip(g *group, r *createRequest) (err error) {
	if g.securityID, err = s.security(r); err != nil {
		return err
	}
	return s.place(g, r)
}

func (s *Service) scheduleLater(g *group) {
	s.clock.AfterFunc(s.config.ScheduleLatency, func() { s.change(g, 0, g.schedule) })
	limit := time.Duration(valueOr(g.request.MaxPendingMinute, defaultPending)) * time.Minute
	g.pendingTimer = s.clock.AfterFunc(s.config.ScheduleLatency+limit, func() { s.change(g, 0, g.pendingTooLong) })
}

// newID makes an id in the service's style: a prefix and 20 characters.
func newID(prefix string) string {
	const alphabet = "abcdefghijklmnopqrstuvwxyz0123456789"
	b := make([]byte, 20)
	rand.Read(b)
	for i := range b {
		b[i] = alphabet[int(b[i])%len(alphabet)]
	}
	return prefix + string(b)
}
