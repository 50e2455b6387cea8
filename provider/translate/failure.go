package translate

// FailStrategy says what to do when a group cannot be created for want of
// stock.
type FailStrategy string

// The strategies. Alibaba's fail-over is documented to behave like fail-back.
// https://help.aliyun.com/document_detail/144561.html
const (
	// FailBack keeps trying; the pod stays Pending.
	FailBack FailStrategy = "fail-back"
	// FailFast makes the pod Failed at once.
	FailFast FailStrategy = "fail-fast"
)

// failure reads the strategy, in its present form or one of the deprecated
// ones.
func (t *translator) failure() {
	t.plan.FailStrategy = FailBack
	strategy, ok := t.choice(keyFailStrategy, "fail-back", "fail-over", "fail-fast")
	failOnError := t.boolean(keyFailOnError)
	reschedule := t.boolean(keyReschedule)
	switch {
	case ok && strategy == string(FailFast):
		t.plan.FailStrategy = FailFast
	case !ok && failOnError && !reschedule:
		t.plan.FailStrategy = FailFast
	}
}
