package decide

import "fmt"

// State is where a revision is in its cycle.
type State uint8

// The states.
const (
	Off         State = iota // the revision is to have no reserve
	Active                   // standard pods serve, there is no reserve
	Arming                   // no traffic: the reserve starts; the last standard pod is held if there is one
	Reserved                 // no standard pod, the reserve is ready to answer
	Activating               // a request came: the reserve answers, standard pods start
	Handover                 // standard pods serve, the reserve finishes what it has
	Unavailable              // no traffic and no reserve to be had; tried again later
)

var stateNames = [...]string{"Off", "Active", "Arming", "Reserved", "Activating", "Handover", "Unavailable"}

// States are all states, in their order.
func States() []State {
	return []State{Off, Active, Arming, Reserved, Activating, Handover, Unavailable}
}

// String is the state as annotations, metrics and tables write it.
func (s State) String() string { return stateNames[s] }

// ParseState reads what String wrote. The error quotes the text.
func ParseState(text string) (State, error) {
	for i, name := range stateNames {
		if name == text {
			return State(i), nil
		}
	}
	return Off, fmt.Errorf("%q is not a state of a reserve", text)
}
