package resolve

import (
	"context"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/ebb-node/ebb/eci"
)

func fieldEnv(name, path string) corev1.EnvVar {
	return corev1.EnvVar{Name: name, ValueFrom: &corev1.EnvVarSource{FieldRef: &corev1.ObjectFieldSelector{FieldPath: path}}}
}

func configEnv(name, object, key string, optional *bool) corev1.EnvVar {
	return corev1.EnvVar{Name: name, ValueFrom: &corev1.EnvVarSource{ConfigMapKeyRef: &corev1.ConfigMapKeySelector{
		LocalObjectReference: corev1.LocalObjectReference{Name: object}, Key: key, Optional: optional}}}
}

func secretEnv(name, object, key string, optional *bool) corev1.EnvVar {
	return corev1.EnvVar{Name: name, ValueFrom: &corev1.EnvVarSource{SecretKeyRef: &corev1.SecretKeySelector{
		LocalObjectReference: corev1.LocalObjectReference{Name: object}, Key: key, Optional: optional}}}
}

func fromConfig(object, prefix string, optional *bool) corev1.EnvFromSource {
	return corev1.EnvFromSource{Prefix: prefix, ConfigMapRef: &corev1.ConfigMapEnvSource{
		LocalObjectReference: corev1.LocalObjectReference{Name: object}, Optional: optional}}
}

func fromSecret(object, prefix string, optional *bool) corev1.EnvFromSource {
	return corev1.EnvFromSource{Prefix: prefix, SecretRef: &corev1.SecretEnvSource{
		LocalObjectReference: corev1.LocalObjectReference{Name: object}, Optional: optional}}
}

func TestEnvironment(t *testing.T) {
	podIP := eci.EnvVar{Key: "IP", FieldPath: "status.podIP"}
	for name, tc := range map[string]struct {
		from  []corev1.EnvFromSource
		env   []corev1.EnvVar
		want  []eci.EnvVar
		notes []string
	}{
		"literal":                {env: []corev1.EnvVar{{Name: "A", Value: "1"}}, want: literal("A", "1")},
		"empty literal":          {env: []corev1.EnvVar{{Name: "A"}}, want: literal("A", "")},
		"reference to earlier":   {env: []corev1.EnvVar{{Name: "A", Value: "1"}, {Name: "B", Value: "$(A)2"}}, want: literal("A", "1", "B", "12")},
		"reference to later":     {env: []corev1.EnvVar{{Name: "B", Value: "$(A)2"}, {Name: "A", Value: "1"}}, want: literal("B", "$(A)2", "A", "1")},
		"escaped reference":      {env: []corev1.EnvVar{{Name: "A", Value: "1"}, {Name: "B", Value: "$$(A)"}}, want: literal("A", "1", "B", "$(A)")},
		"later one wins":         {env: []corev1.EnvVar{{Name: "A", Value: "1"}, {Name: "B", Value: "2"}, {Name: "A", Value: "3"}}, want: literal("A", "3", "B", "2")},
		"self reference":         {env: []corev1.EnvVar{{Name: "A", Value: "1"}, {Name: "A", Value: "$(A)$(A)"}}, want: literal("A", "11")},
		"config map key":         {env: []corev1.EnvVar{configEnv("A", "menu", "DRINK", nil)}, want: literal("A", "coffee")},
		"secret key":             {env: []corev1.EnvVar{secretEnv("A", "till", "PIN", nil)}, want: literal("A", "1234")},
		"all of a config map":    {from: []corev1.EnvFromSource{fromConfig("menu", "", nil)}, want: literal("DRINK", "coffee", "SIZE", "large"), notes: []string{ReasonInvalidEnvironmentVariableNames}},
		"all of a secret":        {from: []corev1.EnvFromSource{fromSecret("till", "T_", nil)}, want: literal("T_KEY", "sesame", "T_PIN", "1234")},
		"env wins over envFrom":  {from: []corev1.EnvFromSource{fromSecret("till", "", nil)}, env: []corev1.EnvVar{{Name: "PIN", Value: "none"}}, want: literal("KEY", "sesame", "PIN", "none")},
		"reference to envFrom":   {from: []corev1.EnvFromSource{fromSecret("till", "", nil)}, env: []corev1.EnvVar{{Name: "A", Value: "$(PIN)!"}}, want: literal("KEY", "sesame", "PIN", "1234", "A", "1234!")},
		"later envFrom wins":     {from: []corev1.EnvFromSource{fromSecret("till", "", nil), fromSecret("till", "", nil)}, want: literal("KEY", "sesame", "PIN", "1234")},
		"optional map missing":   {env: []corev1.EnvVar{configEnv("A", "none", "K", ptr(true))}, notes: []string{ReasonOptionalConfigMapNotFound}},
		"optional key missing":   {env: []corev1.EnvVar{configEnv("A", "menu", "K", ptr(true))}, notes: []string{ReasonOptionalConfigMapKeyNotFound}},
		"optional secret":        {env: []corev1.EnvVar{secretEnv("A", "none", "K", ptr(true))}, notes: []string{ReasonOptionalSecretNotFound}},
		"optional secret key":    {env: []corev1.EnvVar{secretEnv("A", "till", "K", ptr(true))}, notes: []string{ReasonOptionalSecretKeyNotFound}},
		"optional from map":      {from: []corev1.EnvFromSource{fromConfig("none", "", ptr(true))}, notes: []string{ReasonOptionalConfigMapNotFound}},
		"optional from secret":   {from: []corev1.EnvFromSource{fromSecret("none", "", ptr(true))}, notes: []string{ReasonOptionalSecretNotFound}},
		"name":                   {env: []corev1.EnvVar{fieldEnv("A", "metadata.name")}, want: literal("A", "coffee-1")},
		"namespace":              {env: []corev1.EnvVar{fieldEnv("A", "metadata.namespace")}, want: literal("A", "shop")},
		"uid":                    {env: []corev1.EnvVar{fieldEnv("A", "metadata.uid")}, want: literal("A", "uid-1")},
		"label":                  {env: []corev1.EnvVar{fieldEnv("A", "metadata.labels['app']")}, want: literal("A", "coffee")},
		"label that is not set":  {env: []corev1.EnvVar{fieldEnv("A", "metadata.labels['none']")}, want: literal("A", "")},
		"annotation":             {env: []corev1.EnvVar{fieldEnv("A", "metadata.annotations['note']")}, want: literal("A", `say "hi"`)},
		"node name":              {env: []corev1.EnvVar{fieldEnv("A", "spec.nodeName")}, want: literal("A", "ebb-0")},
		"service account":        {env: []corev1.EnvVar{fieldEnv("A", "spec.serviceAccountName")}, want: literal("A", "barista")},
		"host IP":                {env: []corev1.EnvVar{fieldEnv("A", "status.hostIP")}, want: literal("A", "10.0.0.9")},
		"host IPs":               {env: []corev1.EnvVar{fieldEnv("A", "status.hostIPs")}, want: literal("A", "10.0.0.9")},
		"pod IP":                 {env: []corev1.EnvVar{fieldEnv("IP", "status.podIP")}, want: []eci.EnvVar{podIP}},
		"pod IPs":                {env: []corev1.EnvVar{fieldEnv("IP", "status.podIPs")}, want: []eci.EnvVar{podIP}},
		"whole value is the IP":  {env: []corev1.EnvVar{fieldEnv("IP", "status.podIP"), {Name: "B", Value: "$(IP)"}}, want: []eci.EnvVar{podIP, {Key: "B", FieldPath: "status.podIP"}}},
		"literal replaces IP":    {env: []corev1.EnvVar{fieldEnv("IP", "status.podIP"), {Name: "IP", Value: "1"}}, want: literal("IP", "1")},
		"escaped IP is no error": {env: []corev1.EnvVar{fieldEnv("IP", "status.podIP"), {Name: "B", Value: "$$(IP)"}}, want: []eci.EnvVar{podIP, {Key: "B", Value: "$(IP)"}}},
	} {
		t.Run(name, func(t *testing.T) {
			pod := coffeePod()
			pod.Spec.Containers[0].EnvFrom, pod.Spec.Containers[0].Env = tc.from, tc.env
			out, notes := resolved(t, testCluster(), pod, testNode)
			if d := cmp.Diff(tc.want, out.Containers["app"].Env); d != "" {
				t.Errorf("environment (-want +got):\n%s", d)
			}
			if d := cmp.Diff(tc.notes, reasons(notes)); d != "" {
				t.Errorf("notes (-want +got):\n%s", d)
			}
		})
	}
}

func TestEnvironmentProblems(t *testing.T) {
	const env0 = "spec.containers[0].env[0]"
	for name, tc := range map[string]struct {
		from   []corev1.EnvFromSource
		env    []corev1.EnvVar
		args   []string
		broken string
		node   NodeFacts
		want   []problem
	}{
		"map missing":      {env: []corev1.EnvVar{configEnv("A", "none", "K", nil)}, want: []problem{{Field: env0 + ".valueFrom.configMapKeyRef", Reason: ReasonMandatoryConfigMapNotFound}}},
		"key missing":      {env: []corev1.EnvVar{configEnv("A", "menu", "K", ptr(false))}, want: []problem{{Field: env0 + ".valueFrom.configMapKeyRef", Reason: ReasonMandatoryConfigMapKeyNotFound}}},
		"map broken":       {env: []corev1.EnvVar{configEnv("A", "menu", "K", nil)}, broken: "menu", want: []problem{{Field: env0 + ".valueFrom.configMapKeyRef", Reason: ReasonFailedToReadMandatoryConfigMap}}},
		"optional broken":  {env: []corev1.EnvVar{configEnv("A", "menu", "K", ptr(true))}, broken: "menu", want: []problem{{Field: env0 + ".valueFrom.configMapKeyRef", Reason: ReasonFailedToReadOptionalConfigMap}}},
		"secret missing":   {env: []corev1.EnvVar{secretEnv("A", "none", "K", nil)}, want: []problem{{Field: env0 + ".valueFrom.secretKeyRef", Reason: ReasonMandatorySecretNotFound}}},
		"secret key":       {env: []corev1.EnvVar{secretEnv("A", "till", "K", nil)}, want: []problem{{Field: env0 + ".valueFrom.secretKeyRef", Reason: ReasonMandatorySecretKeyNotFound}}},
		"secret broken":    {env: []corev1.EnvVar{secretEnv("A", "till", "PIN", nil)}, broken: "till", want: []problem{{Field: env0 + ".valueFrom.secretKeyRef", Reason: ReasonFailedToReadMandatorySecret}}},
		"from map missing": {from: []corev1.EnvFromSource{fromConfig("none", "", nil)}, want: []problem{{Field: "spec.containers[0].envFrom[0].configMapRef", Reason: ReasonMandatoryConfigMapNotFound}}},
		"from secret":      {from: []corev1.EnvFromSource{fromSecret("none", "", nil)}, want: []problem{{Field: "spec.containers[0].envFrom[0].secretRef", Reason: ReasonMandatorySecretNotFound}}},
		"unknown field":    {env: []corev1.EnvVar{fieldEnv("A", "status.phase")}, want: []problem{{Field: env0 + ".valueFrom.fieldRef.fieldPath", Permanent: true}}},
		"all labels":       {env: []corev1.EnvVar{fieldEnv("A", "metadata.labels")}, want: []problem{{Field: env0 + ".valueFrom.fieldRef.fieldPath", Permanent: true}}},
		"no host IP":       {env: []corev1.EnvVar{fieldEnv("A", "status.hostIP")}, node: NodeFacts{Size: func(*corev1.Pod) corev1.ResourceList { return nil }}, want: []problem{{Field: env0 + ".valueFrom.fieldRef.fieldPath", Permanent: true}}},
		"file key":         {env: []corev1.EnvVar{{Name: "A", ValueFrom: &corev1.EnvVarSource{FileKeyRef: &corev1.FileKeySelector{}}}}, want: []problem{{Field: env0 + ".valueFrom.fileKeyRef", Permanent: true}}},
		"no source":        {env: []corev1.EnvVar{{Name: "A", ValueFrom: &corev1.EnvVarSource{}}}, want: []problem{{Field: env0 + ".valueFrom", Permanent: true}}},
		"IP in a value":    {env: []corev1.EnvVar{fieldEnv("IP", "status.podIP"), {Name: "B", Value: "http://$(IP)"}}, want: []problem{{Field: "spec.containers[0].env[1].value", Permanent: true}}},
		"IP in an arg":     {env: []corev1.EnvVar{fieldEnv("IP", "status.podIP")}, args: []string{"serve", "--ip=$(IP)"}, want: []problem{{Field: "spec.containers[0].args[1]", Permanent: true}}},
		"all are listed": {
			env: []corev1.EnvVar{configEnv("A", "none", "K", nil), secretEnv("B", "none", "K", nil), fieldEnv("C", "x")},
			want: []problem{
				{Field: env0 + ".valueFrom.configMapKeyRef", Reason: ReasonMandatoryConfigMapNotFound},
				{Field: "spec.containers[0].env[1].valueFrom.secretKeyRef", Reason: ReasonMandatorySecretNotFound},
				{Field: "spec.containers[0].env[2].valueFrom.fieldRef.fieldPath", Permanent: true},
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			pod := coffeePod()
			pod.Spec.Containers[0].EnvFrom, pod.Spec.Containers[0].Env, pod.Spec.Containers[0].Args = tc.from, tc.env, tc.args
			c := testCluster()
			c.broken = map[string]bool{tc.broken: true}
			node := testNode
			if tc.node.Size != nil {
				node = tc.node
			}
			out, notes, err := Resolve(context.Background(), pod, c.getters(), node)
			if out != nil {
				t.Error("a value came with the error")
			}
			if d := cmp.Diff(tc.want, problems(err)); d != "" {
				t.Errorf("problems (-want +got):\n%s", d)
			}
			permanent := false
			for _, p := range tc.want {
				permanent = permanent || p.Permanent
				if !p.Permanent && !strings.Contains(strings.Join(reasons(notes), " "), p.Reason) {
					t.Errorf("no note %s among %v", p.Reason, notes)
				}
			}
			if IsPermanent(err) != permanent {
				t.Errorf("IsPermanent = %v, want %v", !permanent, permanent)
			}
		})
	}
}

func TestNoSecretInProblems(t *testing.T) {
	pod := coffeePod()
	pod.Spec.Containers[0].EnvFrom = []corev1.EnvFromSource{fromSecret("till", "bad name ", nil), fromSecret("none", "", nil)}
	_, notes, err := Resolve(context.Background(), pod, testCluster().getters(), testNode)
	text := err.Error()
	for _, n := range notes {
		text += n.Message
	}
	for _, secret := range []string{"1234", "sesame"} {
		if strings.Contains(text, secret) {
			t.Errorf("%q is in %q", secret, text)
		}
	}
}

func TestObjectsAreReadOnce(t *testing.T) {
	pod := coffeePod()
	pod.Spec.Containers[0].Env = []corev1.EnvVar{configEnv("A", "menu", "DRINK", nil), configEnv("B", "menu", "SIZE", nil), secretEnv("C", "till", "PIN", nil)}
	pod.Spec.InitContainers = []corev1.Container{{Name: "init", EnvFrom: []corev1.EnvFromSource{fromSecret("till", "", nil)}}}
	c := testCluster()
	resolved(t, c, pod, testNode)
	want := map[string]int{"configmaps/menu": 1, "secrets/till": 1}
	if d := cmp.Diff(want, c.calls); d != "" {
		t.Errorf("calls (-want +got):\n%s", d)
	}
}

func TestCommandAndArgs(t *testing.T) {
	pod := coffeePod()
	pod.Spec.Containers[0].Env = []corev1.EnvVar{{Name: "A", Value: "one"}}
	pod.Spec.Containers[0].Command = []string{"/bin/$(A)", "$$(A)"}
	pod.Spec.Containers[0].Args = []string{"$(A)", "$(NONE)", ""}
	out, _ := resolved(t, testCluster(), pod, testNode)
	want := Container{
		Env:     literal("A", "one"),
		Command: []string{"/bin/one", "$(A)"},
		Args:    []string{"one", "$(NONE)", ""},
	}
	if d := cmp.Diff(want, out.Containers["app"]); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

func TestResourceFieldRef(t *testing.T) {
	limits := corev1.ResourceList{"cpu": resource.MustParse("1500m"), "memory": resource.MustParse("100Mi")}
	requests := corev1.ResourceList{"cpu": resource.MustParse("250m")}
	for name, tc := range map[string]struct {
		ref  corev1.ResourceFieldSelector
		want string
	}{
		"cpu rounds up":         {ref: corev1.ResourceFieldSelector{Resource: "limits.cpu"}, want: "2"},
		"cpu in thousandths":    {ref: corev1.ResourceFieldSelector{Resource: "limits.cpu", Divisor: resource.MustParse("1m")}, want: "1500"},
		"memory in bytes":       {ref: corev1.ResourceFieldSelector{Resource: "limits.memory"}, want: "104857600"},
		"memory in Mi":          {ref: corev1.ResourceFieldSelector{Resource: "limits.memory", Divisor: resource.MustParse("1Mi")}, want: "100"},
		"memory in Gi":          {ref: corev1.ResourceFieldSelector{Resource: "limits.memory", Divisor: resource.MustParse("1Gi")}, want: "1"},
		"request":               {ref: corev1.ResourceFieldSelector{Resource: "requests.cpu", Divisor: resource.MustParse("1m")}, want: "250"},
		"request not set":       {ref: corev1.ResourceFieldSelector{Resource: "requests.memory"}, want: "0"},
		"limit of the instance": {ref: corev1.ResourceFieldSelector{ContainerName: "bare", Resource: "limits.cpu"}, want: "4"},
		"storage":               {ref: corev1.ResourceFieldSelector{Resource: "limits.ephemeral-storage", Divisor: resource.MustParse("1Gi")}, want: "30"},
		"of another container":  {ref: corev1.ResourceFieldSelector{ContainerName: "app", Resource: "limits.cpu", Divisor: resource.MustParse("1m")}, want: "1500"},
	} {
		t.Run(name, func(t *testing.T) {
			pod := coffeePod()
			pod.Spec.Containers[0].Resources = corev1.ResourceRequirements{Limits: limits, Requests: requests}
			pod.Spec.Containers[0].Env = []corev1.EnvVar{{Name: "A", ValueFrom: &corev1.EnvVarSource{ResourceFieldRef: &tc.ref}}}
			pod.Spec.Containers = append(pod.Spec.Containers, corev1.Container{Name: "bare"})
			node := testNode
			node.Size = func(*corev1.Pod) corev1.ResourceList {
				return corev1.ResourceList{"cpu": resource.MustParse("4"), "ephemeral-storage": resource.MustParse("30Gi")}
			}
			out, _ := resolved(t, testCluster(), pod, node)
			if d := cmp.Diff(literal("A", tc.want), out.Containers["app"].Env); d != "" {
				t.Errorf("(-want +got):\n%s", d)
			}
		})
	}
}

func TestResourceFieldRefProblems(t *testing.T) {
	for name, tc := range map[string]struct {
		ref   corev1.ResourceFieldSelector
		field string
	}{
		"no such container": {corev1.ResourceFieldSelector{ContainerName: "none", Resource: "limits.cpu"}, ".containerName"},
		"no such list":      {corev1.ResourceFieldSelector{Resource: "cpu"}, ".resource"},
	} {
		t.Run(name, func(t *testing.T) {
			pod := coffeePod()
			pod.Spec.Containers[0].Env = []corev1.EnvVar{{Name: "A", ValueFrom: &corev1.EnvVarSource{ResourceFieldRef: &tc.ref}}}
			_, _, err := Resolve(context.Background(), pod, testCluster().getters(), testNode)
			want := []problem{{Field: "spec.containers[0].env[0].valueFrom.resourceFieldRef" + tc.field, Permanent: true}}
			if d := cmp.Diff(want, problems(err)); d != "" {
				t.Errorf("(-want +got):\n%s", d)
			}
		})
	}
}

func TestSubPathExpr(t *testing.T) {
	for _, tc := range []struct {
		expr string
		want map[int]string
		bad  bool
	}{
		{expr: "logs/$(A)", want: map[int]string{1: "logs/one"}},
		{expr: "$(UP)/etc", bad: true},
		{expr: "$(ROOT)", bad: true},
		{expr: "$(EMPTY)", bad: true},
		{expr: "$(IP)", bad: true},
	} {
		pod := coffeePod()
		pod.Spec.Containers[0].Env = []corev1.EnvVar{{Name: "A", Value: "one"}, {Name: "UP", Value: "a/.."}, {Name: "ROOT", Value: "/x"}, {Name: "EMPTY"}, fieldEnv("IP", "status.podIP")}
		pod.Spec.Containers[0].VolumeMounts = []corev1.VolumeMount{{Name: "v", SubPath: "as-is"}, {Name: "v", SubPathExpr: tc.expr}}
		out, _, err := Resolve(context.Background(), pod, testCluster().getters(), testNode)
		if tc.bad {
			want := []problem{{Field: "spec.containers[0].volumeMounts[1].subPathExpr", Permanent: true}}
			if d := cmp.Diff(want, problems(err)); d != "" {
				t.Errorf("%s (-want +got):\n%s", tc.expr, d)
			}
			continue
		}
		if d := cmp.Diff(tc.want, out.Containers["app"].SubPaths); d != "" {
			t.Errorf("%s (-want +got):\n%s", tc.expr, d)
		}
	}
}
