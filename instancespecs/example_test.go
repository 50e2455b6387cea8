package instancespecs_test

import (
	"fmt"
	"time"

	"github.com/ebb-node/ebb/instancespecs"
)

func ExampleMarket_Choose() {
	market, err := instancespecs.DefaultMarket("CNY")
	if err != nil {
		panic(err)
	}
	choice, err := market.Choose(instancespecs.Request{
		Annotation: instancespecs.AnnotationReserve,
		Specs:      "ecs.t5-lc2m1.nano,ecs.t5-lc1m2.small",
		MemoryGiB:  1.5,
	})
	if err != nil {
		panic(err)
	}
	fmt.Println(choice.Specs())
	for _, r := range choice.Rejected {
		fmt.Println(r.ID, r.Why())
	}
	// Output:
	// ecs.t5-lc1m2.small
	// ecs.t5-lc2m1.nano has 0.5 GiB, the pod asks for 1.5 GiB; the smallest that fits is ecs.t6-c1m1.large (2 vCPU, 2 GiB)
}

func ExampleLedger() {
	catalogue, err := instancespecs.DefaultCatalogue()
	if err != nil {
		panic(err)
	}
	small, _ := catalogue.Lookup("ecs.t5-lc1m2.small")
	created := time.Date(2026, 1, 5, 8, 0, 0, 0, time.UTC)
	ledger, err := instancespecs.NewLedger(small, instancespecs.Standard, created)
	if err != nil {
		panic(err)
	}
	// A quarter of an hour at full speed.
	ledger.Observe(instancespecs.Sample{
		Time:                 created.Add(15 * time.Minute),
		UsageCoreNanoSeconds: uint64(15 * time.Minute),
	})
	fmt.Println(ledger.Balance().Total(), "credits,", ledger.FullSpeedLeft(), "of full speed left")
	// Output:
	// 18 credits, 22m30s of full speed left
}
