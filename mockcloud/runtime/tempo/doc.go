// Package tempo tells the CPU time of a runtime that lives in the machine's
// time as the cloud's time has it.
//
// The cloud's clock may run fast, jump or stand still, while processes run as
// they do. What a container does in an interval of the machine's time it is
// taken to do at the same rate in the interval of the cloud's time that passed
// meanwhile: at speed 60 a busy vCPU uses a minute of CPU time in a second. So
// utilisation is true, and what follows from it (metrics, CPU credits, the limit
// at the baseline) is consistent at every speed. At speed 1 nothing changes.
//
// In flows a runtime and two clocks; out flows the same runtime with another
// Usage. The package must not know what the figures are for.
package tempo
