// Package credits keeps the cloud's own books on the CPU credits of burstable
// container groups: what a group earns and spends, and whether it is held at
// its baseline.
//
// In flow moments and CPU time used so far; out flow a balance and a limit in
// vCPU. The rules are those of
// https://www.alibabacloud.com/help/en/ecs/user-guide/burst-performance-instance-overview
// for standard mode: ECI has no parameter to choose another. They are applied
// minute by minute, as the page puts them.
//
// The documents leave open how the cloud slows an instance down (over 15
// minutes, from an unnamed balance on) and when it lets go. Here the limit falls
// in one step when nothing is left, and is lifted once there is enough for a
// minute at full speed.
//
// The package must not know who asks, nor anything of the product's ledger,
// which these books check. It shares with it the facts of package
// instancespecs/data and no code.
package credits
