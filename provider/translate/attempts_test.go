package translate

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
)

// try is what distinguishes attempts.
type try struct {
	CPU, Memory float64
	Types       []string
	Spot        string
	Price       float64
	Hours       int // -1: not given
	Limit       float64
}

func tries(t *testing.T, plan *Plan) []try {
	t.Helper()
	var out []try
	for _, a := range plan.Attempts {
		x := try{a.CPU, a.Memory, a.InstanceTypes, a.SpotStrategy, a.SpotPriceLimit, -1, a.Containers[0].CPU}
		if a.SpotDuration != nil {
			x.Hours = *a.SpotDuration
		}
		out = append(out, x)
	}
	return out
}

func TestAttempts(t *testing.T) {
	size := func(c, m float64) try { return try{CPU: c, Memory: m, Hours: -1} }
	types := func(names ...string) try { return try{Types: names, Hours: -1} }
	spot := func(x try, strategy string) try { x.Spot = strategy; return x }
	priced := spot(size(2, 4), spotWithPriceLimit)
	priced.Price, priced.Hours = 0.25, 0
	for name, tc := range map[string]struct {
		annotations []string
		limit       string
		want        []try
		warnings    []string
	}{
		"none":                      {want: []try{size(2, 4)}},
		"one size":                  {annotations: []string{keyUseSpecs, "4-8Gi"}, want: []try{size(4, 8)}},
		"size that is not sold":     {annotations: []string{keyUseSpecs, "3-5Gi"}, want: []try{size(4, 8)}, warnings: []string{ReasonSpecRounded}},
		"types go into one call":    {annotations: []string{keyUseSpecs, "ecs.c6.large,ecs.g6.large"}, want: []try{types("ecs.c6.large", "ecs.g6.large")}},
		"mixed":                     {annotations: []string{keyUseSpecs, "2-4Gi,ecs.c6.large,ecs.g6.large,4-8Gi,ecs.c5.large"}, want: []try{size(2, 4), types("ecs.c6.large", "ecs.g6.large"), size(4, 8), types("ecs.c5.large")}},
		"old key":                   {annotations: []string{keyInstanceType, "ecs.c6.large"}, want: []try{types("ecs.c6.large")}},
		"new key wins":              {annotations: []string{keyInstanceType, "ecs.c6.large", keyUseSpecs, "4-8Gi"}, want: []try{size(4, 8)}},
		"spot":                      {annotations: []string{keySpotStrategy, "SpotAsPriceGo"}, want: []try{spot(size(2, 4), spotAsPriceGo)}},
		"spot in any case":          {annotations: []string{keySpotStrategy, "spotaspricego"}, want: []try{spot(size(2, 4), spotAsPriceGo)}},
		"no spot":                   {annotations: []string{keySpotStrategy, "NoSpot"}, want: []try{size(2, 4)}},
		"spot price":                {annotations: []string{keySpotStrategy, "SpotWithPriceLimit", keySpotPriceLimit, "0.250", keySpotDuration, "0"}, want: []try{priced}},
		"price without its limit":   {annotations: []string{keySpotStrategy, "SpotAsPriceGo", keySpotPriceLimit, "1"}, want: []try{spot(size(2, 4), spotAsPriceGo)}, warnings: []string{ReasonAnnotationIgnored}},
		"spot settings alone":       {annotations: []string{keySpotPriceLimit, "1", keySpotFallback, "true"}, want: []try{size(2, 4)}, warnings: []string{ReasonAnnotationIgnored, ReasonAnnotationIgnored}},
		"spot needs 2 vCPU":         {annotations: []string{keySpotStrategy, "SpotAsPriceGo", keyUseSpecs, "1-2Gi"}, want: []try{spot(size(2, 2), spotAsPriceGo)}, warnings: []string{ReasonSpecRounded}},
		"fallback comes last":       {annotations: []string{keySpotStrategy, "SpotAsPriceGo", keySpotFallback, "true", keyUseSpecs, "2-4Gi,ecs.c6.large"}, want: []try{spot(size(2, 4), spotAsPriceGo), spot(types("ecs.c6.large"), spotAsPriceGo), size(2, 4), types("ecs.c6.large")}},
		"fallback is not rounded":   {annotations: []string{keySpotStrategy, "SpotAsPriceGo", keySpotFallback, "true", keyUseSpecs, "1-2Gi"}, want: []try{spot(size(2, 2), spotAsPriceGo), size(1, 2)}, warnings: []string{ReasonSpecRounded}},
		"limits fit":                {annotations: []string{keyUseSpecs, "ecs.c6.large"}, limit: "2", want: []try{{Types: []string{"ecs.c6.large"}, Hours: -1, Limit: 2}}},
		"limits are too large":      {annotations: []string{keyUseSpecs, "ecs.c6.large"}, limit: "3", want: []try{types("ecs.c6.large")}, warnings: []string{ReasonLimitsDropped}},
		"smallest type counts":      {annotations: []string{keyUseSpecs, "ecs.c6.large,ecs.t5-lc1m2.small"}, limit: "2", want: []try{types("ecs.c6.large", "ecs.t5-lc1m2.small")}, warnings: []string{ReasonLimitsDropped}},
		"type of unknown size":      {annotations: []string{keyUseSpecs, "ecs.c99.large"}, limit: "3", want: []try{{Types: []string{"ecs.c99.large"}, Hours: -1, Limit: 3}}},
		"only where they don't fit": {annotations: []string{keyUseSpecs, "ecs.c6.large,4-8Gi"}, limit: "3", want: []try{types("ecs.c6.large"), {CPU: 4, Memory: 8, Hours: -1, Limit: 3}}, warnings: []string{ReasonLimitsDropped}},
	} {
		t.Run(name, func(t *testing.T) {
			pod := coffeePod()
			annotated(tc.annotations...)(pod)
			if tc.limit != "" {
				pod.Spec.Containers[0].Resources.Limits = list("cpu", tc.limit)
			}
			plan, err := Translate(pod, resolvedOf(pod), Config{InstanceSize: knownTypes})
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(tc.want, tries(t, plan)); d != "" {
				t.Errorf("attempts (-want +got):\n%s", d)
			}
			if d := cmp.Diff(tc.warnings, reasons(plan.Warnings)); d != "" {
				t.Errorf("warnings (-want +got):\n%s", d)
			}
		})
	}
}

func TestAttemptsRefused(t *testing.T) {
	check(t, map[string]rule{
		"malformed specs":    {pod: annotated(keyUseSpecs, "2-4Gi,huge"), refused: []string{field(keyUseSpecs)}},
		"malformed type":     {pod: annotated(keyInstanceType, "huge"), refused: []string{field(keyInstanceType)}},
		"too many specs":     {pod: annotated(keyUseSpecs, "1-2Gi,1-2Gi,1-2Gi,1-2Gi,1-2Gi,1-2Gi"), refused: []string{field(keyUseSpecs)}},
		"too large, twice":   {pod: annotated(keyUseSpecs, "100-2Gi", keySpotStrategy, "SpotAsPriceGo", keySpotFallback, "true"), refused: []string{field(keyUseSpecs), field(keyUseSpecs)}},
		"unknown strategy":   {pod: annotated(keySpotStrategy, "Cheap"), refused: []string{field(keySpotStrategy)}},
		"price missing":      {pod: annotated(keySpotStrategy, "SpotWithPriceLimit"), refused: []string{field(keySpotPriceLimit)}},
		"price malformed":    {pod: annotated(keySpotStrategy, "SpotWithPriceLimit", keySpotPriceLimit, "0.2505"), refused: []string{field(keySpotPriceLimit)}},
		"price zero":         {pod: annotated(keySpotStrategy, "SpotWithPriceLimit", keySpotPriceLimit, "0"), refused: []string{field(keySpotPriceLimit)}},
		"duration malformed": {pod: annotated(keySpotStrategy, "SpotAsPriceGo", keySpotDuration, "1h"), refused: []string{field(keySpotDuration)}},
		"duration negative":  {pod: annotated(keySpotStrategy, "SpotAsPriceGo", keySpotDuration, "-1"), refused: []string{field(keySpotDuration)}},
		"fallback malformed": {pod: annotated(keySpotStrategy, "SpotAsPriceGo", keySpotFallback, "yes"), refused: []string{field(keySpotFallback)}},
		"release malformed":  {pod: annotated(keySpotStrategy, "SpotAsPriceGo", keySpotReleaseStrategy, "run"), refused: []string{field(keySpotReleaseStrategy)}},
	})
}

func TestSpotRelease(t *testing.T) {
	for _, evicts := range []bool{false, true} {
		pod := coffeePod()
		annotated(keySpotStrategy, "SpotAsPriceGo", keySpotReleaseStrategy, "api-evict")(pod)
		plan, err := Translate(pod, resolvedOf(pod), Config{EvictsOnSpotRelease: evicts})
		if err != nil {
			t.Fatal(err)
		}
		if !plan.EvictOnSpotRelease || (len(plan.Warnings) == 0) != evicts {
			t.Errorf("a node that evicts: %v gives %v and %v", evicts, plan.EvictOnSpotRelease, plan.Warnings)
		}
	}
}

func TestFailStrategy(t *testing.T) {
	for name, tc := range map[string]struct {
		annotations []string
		want        FailStrategy
	}{
		"default":          {nil, FailBack},
		"fail-back":        {[]string{keyFailStrategy, "fail-back"}, FailBack},
		"fail-over":        {[]string{keyFailStrategy, "fail-over"}, FailBack},
		"fail-fast":        {[]string{keyFailStrategy, "fail-fast"}, FailFast},
		"any case":         {[]string{keyFailStrategy, "Fail-Fast"}, FailFast},
		"old fail":         {[]string{keyFailOnError, "true"}, FailFast},
		"old reschedule":   {[]string{keyReschedule, "true"}, FailBack},
		"both old":         {[]string{keyFailOnError, "true", keyReschedule, "true"}, FailBack},
		"new wins":         {[]string{keyFailOnError, "true", keyFailStrategy, "fail-back"}, FailBack},
		"new wins, either": {[]string{keyReschedule, "true", keyFailStrategy, "fail-fast"}, FailFast},
	} {
		pod := coffeePod()
		annotated(tc.annotations...)(pod)
		plan, err := Translate(pod, resolvedOf(pod), Config{})
		if err != nil {
			t.Fatal(err)
		}
		if plan.FailStrategy != tc.want {
			t.Errorf("%s: %s, want %s", name, plan.FailStrategy, tc.want)
		}
		if got := FailStrategyOf(pod); got != tc.want {
			t.Errorf("%s: FailStrategyOf gives %s, want %s", name, got, tc.want)
		}
	}
	rule{pod: annotated(keyFailStrategy, "give-up"), refused: []string{field(keyFailStrategy)}}.check(t)
	rule{pod: func(p *corev1.Pod) { annotated(keyFailOnError, "1")(p) }, refused: []string{field(keyFailOnError)}}.check(t)
}
