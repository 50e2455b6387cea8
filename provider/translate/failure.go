package translate

import corev1 "k8s.io/api/core/v1"

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

// FailStrategyOf reads the strategy of a pod, in its present form or one of the
// deprecated ones. An invalid value counts as not given; Translate refuses it.
func FailStrategyOf(pod *corev1.Pod) FailStrategy {
	t := &translator{pod: pod}
	return t.failStrategy()
}

func (t *translator) failStrategy() FailStrategy {
	strategy, ok := t.choice(keyFailStrategy, "fail-back", "fail-over", "fail-fast")
	failOnError := t.boolean(keyFailOnError)
	reschedule := t.boolean(keyReschedule)
	if ok && strategy == string(FailFast) || !ok && failOnError && !reschedule {
		return FailFast
	}
	return FailBack
}
