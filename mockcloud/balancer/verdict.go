package balancer

// verdict is what the probes of a member have shown so far.
type verdict struct {
	status Status
	streak int // results in a row that speak against status
}

// after is the verdict with one more result. The first result decides at
// once; from then on it takes a threshold of equal ones to change.
func (v verdict) after(passed bool, check HealthCheck) verdict {
	status, threshold := StatusAbnormal, check.UnhealthyThreshold
	if passed {
		status, threshold = StatusNormal, check.HealthyThreshold
	}
	switch {
	case v.status == StatusUnavailable:
		return verdict{status: status}
	case v.status == status:
		return verdict{status: status}
	case v.streak+1 >= threshold:
		return verdict{status: status}
	default:
		return verdict{status: v.status, streak: v.streak + 1}
	}
}
