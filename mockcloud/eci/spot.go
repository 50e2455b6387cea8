package eci

import (
	"fmt"
	"time"
)

// reclaimNotice is the time between a spot group's warning and its end
// (https://help.aliyun.com/zh/eci/user-guide/custom-events-of-elastic-container-instance).
const reclaimNotice = 3 * time.Minute

// Reclaim takes a spot group away: warning now, end in three minutes.
func (s *Service) Reclaim(id string) error {
	g, err := s.find(id)
	if err != nil {
		return fmt.Errorf("spot reclaim: no container group %s", id)
	}
	s.change(g, 0, func(now time.Time) effect {
		switch {
		case !g.request.spot():
			err = fmt.Errorf("spot reclaim: container group %s is not a spot group", id)
		case g.final() || g.status == terminating:
			err = fmt.Errorf("spot reclaim: container group %s is %s", id, g.status)
		case g.reclaimed:
			err = fmt.Errorf("spot reclaim: container group %s is being reclaimed already", id)
		default:
			g.announceReclaim(now)
			s.clock.AfterFunc(reclaimNotice, func() { s.change(g, 0, g.reclaim) })
		}
		return nothing
	})
	return err
}
