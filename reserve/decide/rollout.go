package decide

// copies reports whether the reserve Deployment can have another template. With pods
// that is a roll-out by Kubernetes, one pod more at a time; it needs a spec to buy.
func (d *decider) copies() bool {
	switch {
	case d.Replicas == 0 && d.o.Reserve.Replicas == 0:
		return true
	case d.o.NoSpec != "":
		return false
	}
	return d.o.Reserve.Replicas == 0 || d.steady()
}

// steady reports whether the reserve stands ready and nothing else goes on, so
// that its pods can be replaced one by one.
func (d *decider) steady() bool {
	return !d.resigned && d.idle() && d.o.Standard.Replicas == 0 && len(d.solid()) == d.o.Replicas && d.attached() == d.o.Replicas
}

// rolling reports whether Kubernetes replaces pods by those of another template. It
// adds the ones that this takes by itself.
func (d *decider) rolling() bool {
	for _, p := range d.ready {
		if p.Outdated {
			return true
		}
	}
	return false
}

// held reports whether a broken pod stays until the next try is due: in a roll-out
// Kubernetes would make another one at once.
func (d *decider) held(p *Pod) bool {
	return !p.Outdated && d.blocked && d.rolling() && !d.o.exposed()
}
