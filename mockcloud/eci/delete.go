package eci

import (
	"net/http"
	"time"

	"github.com/ebb-node/ebb/mockcloud/rpc"
)

// delete is DeleteContainerGroup
// (https://help.aliyun.com/zh/eci/developer-reference/api-eci-2018-08-08-deletecontainergroup).
// What the service answers for an unknown id is not documented; the mock says
// ContainerGroup.NotFound.
func (s *Service) delete(_ *rpc.Call, r *deleteRequest) (any, error) {
	g, err := s.find(r.ContainerGroupId)
	if err != nil {
		return nil, err
	}
	s.change(g, g.grace(), func(now time.Time) effect {
		if r.Force {
			return forget
		}
		return g.terminate(now)
	})
	return nil, nil
}

// restart is RestartContainerGroup, for groups in Pending or Running.
func (s *Service) restart(_ *rpc.Call, r *restartRequest) (any, error) {
	g, err := s.find(r.ContainerGroupId)
	if err != nil {
		return nil, err
	}
	s.change(g, g.grace(), func(now time.Time) effect {
		if g.status != pending && g.status != running {
			err = incorrectStatus(g.status)
			return nothing
		}
		return g.restart(now)
	})
	return nil, err
}

func (s *Service) find(id string) (*group, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if g, ok := s.groups.byID[id]; ok {
		return g, nil
	}
	return nil, groupNotFound(id)
}

func incorrectStatus(status string) error {
	return rpc.Errorf(http.StatusBadRequest, "IncorrectStatus",
		"The container group's status %s does not allow this operation.", status)
}
