package status

import (
	"cmp"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"

	"github.com/ebb-node/ebb/reserve/cost"
	"github.com/ebb-node/ebb/reserve/record"
	"github.com/ebb-node/ebb/reserve/shape"
)

// Annotations of a pod that its node writes
// (https://help.aliyun.com/zh/eci/user-guide/pod-annotations, docs/credits.md).
const (
	annotationSpec    = "k8s.aliyun.com/eci-instance-spec"
	annotationCredits = "ebb-node.github.io/cpu-credits"
)

// none stands for what there is none of, or what is not known.
const none = "-"

// Row is the reserve of one revision.
type Row struct {
	Namespace, Revision string
	State               string
	For                 time.Duration
	Pods                string // ready/wanted
	Spec                string
	Credits             string
	PerHour, Cost       string
	Saved               string
	// Trouble is why there is no reserve, if there should be one.
	Trouble string
}

// Rows are the reserves of some Deployments, with the pods of all of them, ordered
// by namespace and revision. A record that cannot be read shows as far as it can.
func Rows(deployments []appsv1.Deployment, pods []corev1.Pod, now time.Time) []Row {
	var out []Row
	for i := range deployments {
		d := &deployments[i]
		var own []*corev1.Pod
		for j := range pods {
			p := &pods[j]
			if p.Namespace == d.Namespace && p.Labels[shape.LabelReserve] == d.Labels[shape.LabelReserve] {
				own = append(own, p)
			}
		}
		out = append(out, row(d, own, now))
	}
	slices.SortFunc(out, func(a, b Row) int {
		return cmp.Or(cmp.Compare(a.Namespace, b.Namespace), cmp.Compare(a.Revision, b.Revision))
	})
	return out
}

func row(d *appsv1.Deployment, pods []*corev1.Pod, now time.Time) Row {
	r, _ := record.Read(d.Annotations) // what cannot be read shows as unknown
	out := Row{
		Namespace: d.Namespace, Revision: d.Labels[shape.LabelOf], State: r.Memory.State.String(),
		For: now.Sub(r.Memory.Since), Spec: none, Credits: none,
	}
	if r.Memory.Since.IsZero() {
		out.State, out.For = "?", 0
	}
	ready := 0
	for _, p := range pods {
		if isReady(p) {
			ready++
		}
		if spec := p.Annotations[annotationSpec]; spec != "" && p.DeletionTimestamp == nil {
			out.Spec, out.Credits = spec, credits(p.Annotations[annotationCredits])
		}
	}
	out.Pods = fmt.Sprintf("%d/%d", ready, replicas(d))
	out.PerHour, out.Cost, out.Saved = money(r.Account.Until(now))
	if f := r.Memory.Failure; f.Count > 0 {
		out.Trouble = fmt.Sprintf("%s, %d in a row", f.Reason, f.Count)
	}
	return out
}

func replicas(d *appsv1.Deployment) int32 {
	if d.Spec.Replicas == nil {
		return 1
	}
	return *d.Spec.Replicas
}

func isReady(p *corev1.Pod) bool {
	for _, c := range p.Status.Conditions {
		if c.Type == corev1.PodReady {
			return c.Status == corev1.ConditionTrue
		}
	}
	return false
}

// credits turns "balance=12.5,cap=288,level=low,at=..." into "12.5 of 288, low".
func credits(text string) string {
	fields := map[string]string{}
	for _, field := range strings.Split(text, ",") {
		key, value, _ := strings.Cut(field, "=")
		fields[key] = value
	}
	if fields["balance"] == "" {
		return none
	}
	out := fields["balance"] + " of " + fields["cap"]
	if level := fields["level"]; level != "enough" {
		out += ", " + level
	}
	return out
}

// money is what an account says now, with the source of its prices.
func money(a cost.Account) (perHour, spent, saved string) {
	if a.Currency == "" {
		return none, none, none
	}
	perHour = none
	if a.Rate.Spent > 0 {
		perHour = fmt.Sprintf("%s %s (%s)", amount(a.Rate.Spent), a.Currency, a.Kind)
	} else if a.Rate.Unpriced > 0 {
		perHour = "unknown"
	}
	spent = amount(a.Spent) + " " + a.Currency
	if a.Unpriced > 0 {
		return perHour, spent + fmt.Sprintf(" and %s without a price", brief(a.Unpriced)), "unknown"
	}
	less, known := a.Saved()
	if !known {
		return perHour, spent, "unknown"
	}
	saved = amount(less) + " " + a.Currency
	if a.Avoided > 0 {
		saved += fmt.Sprintf(" (%.0f %%)", math.Round(100*less/a.Avoided)+0) // 0 and not -0
	}
	return perHour, spent, saved
}

// amount has three decimals: an hour of the smallest pod is 0.05 CNY.
func amount(v float64) string { return strconv.FormatFloat(math.Round(1000*v)/1000+0, 'f', 3, 64) }

// brief is a duration in its two largest units.
func brief(d time.Duration) string {
	switch {
	case d <= 0:
		return none
	case d < time.Minute:
		return fmt.Sprintf("%ds", int(d.Seconds()))
	case d < time.Hour:
		return fmt.Sprintf("%dm%ds", int(d.Minutes()), int(d.Seconds())%60)
	case d < 48*time.Hour:
		return fmt.Sprintf("%dh%dm", int(d.Hours()), int(d.Minutes())%60)
	}
	return fmt.Sprintf("%dd%dh", int(d.Hours())/24, int(d.Hours())%24)
}

// Table writes rows; with namespaces if they are of several.
func Table(w io.Writer, rows []Row, namespaces bool) error {
	if len(rows) == 0 {
		_, err := fmt.Fprintln(w, "No revision has a reserve.")
		return err
	}
	t := tabwriter.NewWriter(w, 0, 0, 3, ' ', 0)
	head := "REVISION\tSTATE\tFOR\tPODS\tSPEC\tCREDITS\tPER HOUR\tCOST\tSAVED\n"
	if namespaces {
		head = "NAMESPACE\t" + head
	}
	fmt.Fprint(t, head)
	for _, r := range rows {
		if namespaces {
			fmt.Fprintf(t, "%s\t", r.Namespace)
		}
		state := r.State
		if r.Trouble != "" {
			state += " (" + r.Trouble + ")"
		}
		fmt.Fprintln(t, strings.Join([]string{r.Revision, state, brief(r.For), r.Pods, r.Spec, r.Credits, r.PerHour, r.Cost, r.Saved}, "\t"))
	}
	return t.Flush()
}
