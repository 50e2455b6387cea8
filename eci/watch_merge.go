package eci

// merge puts a status over a describe answer. The status call decides on what
// both tell, because it is the one that is asked for every change; an older
// describe answer must not turn a group back.
func merge(base Group, s *GroupStatus) Group {
	if s == nil {
		return base
	}
	g := base
	if s.Status != "" {
		g.Status = s.Status
	}
	if s.PodIP != "" {
		g.IntranetIP = s.PodIP
	}
	if g.Name == "" {
		g.Name = s.Name
	}
	g.Containers = mergeContainers(base.Containers, base.InitContainers, s.Containers)
	g.InitContainers = overlay(base.InitContainers, s.Containers)
	return g
}

// mergeContainers overlays the containers' states and adds those that only
// the status call has; some of its entries may be init containers.
func mergeContainers(containers, inits, states []ContainerStatus) []ContainerStatus {
	out := overlay(containers, states)
	for _, s := range states {
		if indexOf(containers, s.Name) < 0 && indexOf(inits, s.Name) < 0 {
			out = append(out, s)
		}
	}
	return out
}

// overlay returns a copy of containers with the states of the same name.
func overlay(containers, states []ContainerStatus) []ContainerStatus {
	if containers == nil {
		return nil
	}
	out := make([]ContainerStatus, len(containers))
	for i, c := range containers {
		out[i] = c
		if j := indexOf(states, c.Name); j >= 0 {
			out[i] = overlayOne(c, states[j])
		}
	}
	return out
}

func overlayOne(c, s ContainerStatus) ContainerStatus {
	s.CPU, s.Memory = c.CPU, c.Memory
	if s.Image == "" {
		s.Image = c.Image
	}
	if s.Current.State == c.Current.State {
		s.Current.DetailStatus = c.Current.DetailStatus
	}
	if s.Current.State == "" {
		s.Current = c.Current
	}
	if s.Previous.State == "" {
		s.Previous = c.Previous
	}
	return s
}

func indexOf(containers []ContainerStatus, name string) int {
	for i := range containers {
		if containers[i].Name == name {
			return i
		}
	}
	return -1
}
