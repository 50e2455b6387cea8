package resolve

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/ebb-node/ebb/eci"
)

func ref(name string) corev1.LocalObjectReference { return corev1.LocalObjectReference{Name: name} }

func projected(sources ...corev1.VolumeProjection) corev1.VolumeSource {
	return corev1.VolumeSource{Projected: &corev1.ProjectedVolumeSource{Sources: sources, DefaultMode: ptr[int32](0o444)}}
}

func tokenSource(path, audience string, seconds *int64) corev1.VolumeProjection {
	return corev1.VolumeProjection{ServiceAccountToken: &corev1.ServiceAccountTokenProjection{Path: path, Audience: audience, ExpirationSeconds: seconds}}
}

func file(path, content string, mode *int32) eci.File {
	return eci.File{Path: path, Content: []byte(content), Mode: mode}
}

func TestVolumeFiles(t *testing.T) {
	all := []eci.File{file("DRINK", "coffee", nil), file("SIZE", "large", nil), file("bean.bin", "\x00\x01", nil), file("not-a-name", "x", nil)}
	mode := ptr[int32](0o600)
	for name, tc := range map[string]struct {
		source corev1.VolumeSource
		want   eci.ConfigFile
		notes  []string
	}{
		"config map": {
			source: corev1.VolumeSource{ConfigMap: &corev1.ConfigMapVolumeSource{LocalObjectReference: ref("menu"), DefaultMode: mode}},
			want:   eci.ConfigFile{DefaultMode: mode, Files: all},
		},
		"config map items": {
			source: corev1.VolumeSource{ConfigMap: &corev1.ConfigMapVolumeSource{LocalObjectReference: ref("menu"),
				Items: []corev1.KeyToPath{{Key: "SIZE", Path: "z/size", Mode: mode}, {Key: "bean.bin", Path: "a"}}}},
			want: eci.ConfigFile{Files: []eci.File{file("a", "\x00\x01", nil), file("z/size", "large", mode)}},
		},
		"optional map missing": {
			source: corev1.VolumeSource{ConfigMap: &corev1.ConfigMapVolumeSource{LocalObjectReference: ref("none"), Optional: ptr(true)}},
			notes:  []string{ReasonOptionalConfigMapNotFound},
		},
		"optional item missing": {
			source: corev1.VolumeSource{ConfigMap: &corev1.ConfigMapVolumeSource{LocalObjectReference: ref("menu"), Optional: ptr(true),
				Items: []corev1.KeyToPath{{Key: "none", Path: "none"}, {Key: "SIZE", Path: "size"}}}},
			want:  eci.ConfigFile{Files: []eci.File{file("size", "large", nil)}},
			notes: []string{ReasonOptionalConfigMapKeyNotFound},
		},
		"secret": {
			source: corev1.VolumeSource{Secret: &corev1.SecretVolumeSource{SecretName: "till", DefaultMode: mode}},
			want:   eci.ConfigFile{DefaultMode: mode, Files: []eci.File{file("KEY", "sesame", nil), file("PIN", "1234", nil)}},
		},
		"downward API": {
			source: corev1.VolumeSource{DownwardAPI: &corev1.DownwardAPIVolumeSource{Items: []corev1.DownwardAPIVolumeFile{
				{Path: "labels", FieldRef: &corev1.ObjectFieldSelector{FieldPath: "metadata.labels"}},
				{Path: "annotations", FieldRef: &corev1.ObjectFieldSelector{FieldPath: "metadata.annotations"}, Mode: mode},
				{Path: "name", FieldRef: &corev1.ObjectFieldSelector{FieldPath: "metadata.name"}},
				{Path: "app", FieldRef: &corev1.ObjectFieldSelector{FieldPath: "metadata.labels['app']"}},
				{Path: "cpu", ResourceFieldRef: &corev1.ResourceFieldSelector{ContainerName: "app", Resource: "limits.cpu", Divisor: resource.MustParse("1m")}},
			}}},
			want: eci.ConfigFile{Files: []eci.File{
				file("annotations", "line=\"a\\nb\"\nnote=\"say \\\"hi\\\"\"", mode), file("app", "coffee", nil), file("cpu", "500", nil),
				file("labels", "app=\"coffee\"\ntier=\"front\"", nil), file("name", "coffee-1", nil),
			}},
		},
		"API access, as admission adds it": {
			source: projected(
				tokenSource("token", "", ptr[int64](3607)),
				corev1.VolumeProjection{ConfigMap: &corev1.ConfigMapProjection{LocalObjectReference: ref("menu"), Items: []corev1.KeyToPath{{Key: "DRINK", Path: "ca.crt"}}}},
				corev1.VolumeProjection{DownwardAPI: &corev1.DownwardAPIProjection{Items: []corev1.DownwardAPIVolumeFile{
					{Path: "namespace", FieldRef: &corev1.ObjectFieldSelector{FieldPath: "metadata.namespace"}}}}},
			),
			want: eci.ConfigFile{DefaultMode: ptr[int32](0o444), Files: []eci.File{
				file("ca.crt", "coffee", nil), file("namespace", "shop", nil), file("token", "token-barista", nil)}},
		},
		"token that expires": {
			source: projected(tokenSource("vault", "vault", nil)),
			want:   eci.ConfigFile{DefaultMode: ptr[int32](0o444), Files: []eci.File{file("vault", "token-barista", nil)}},
			notes:  []string{ReasonTokenNotRefreshed},
		},
		"later source wins": {
			source: projected(
				corev1.VolumeProjection{Secret: &corev1.SecretProjection{LocalObjectReference: ref("till"), Items: []corev1.KeyToPath{{Key: "PIN", Path: "f"}}}},
				corev1.VolumeProjection{Secret: &corev1.SecretProjection{LocalObjectReference: ref("till"), Items: []corev1.KeyToPath{{Key: "KEY", Path: "f"}}}},
			),
			want: eci.ConfigFile{DefaultMode: ptr[int32](0o444), Files: []eci.File{file("f", "sesame", nil)}},
		},
	} {
		t.Run(name, func(t *testing.T) {
			pod := coffeePod()
			pod.Spec.Containers[0].Resources.Limits = corev1.ResourceList{"cpu": resource.MustParse("500m")}
			pod.Spec.Volumes = []corev1.Volume{{Name: "v", VolumeSource: tc.source}}
			out, notes := resolved(t, testCluster(), pod, testNode)
			if d := cmp.Diff(tc.want, out.Files["v"]); d != "" {
				t.Errorf("files (-want +got):\n%s", d)
			}
			if d := cmp.Diff(tc.notes, reasons(notes)); d != "" {
				t.Errorf("notes (-want +got):\n%s", d)
			}
		})
	}
}

func TestTokenRequests(t *testing.T) {
	pod := coffeePod()
	pod.Spec.Volumes = []corev1.Volume{{Name: "v", VolumeSource: projected(tokenSource("a", "", ptr[int64](3607)), tokenSource("b", "vault", nil))}}
	c := testCluster()
	resolved(t, c, pod, testNode)
	want := []string{`shop/barista for coffee-1, audience "", 3607 s`, `shop/barista for coffee-1, audience "vault", 3600 s`}
	if d := cmp.Diff(want, c.tokens); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	pod.Spec.ServiceAccountName = ""
	c = testCluster()
	resolved(t, c, pod, testNode)
	if c.tokens[0] != `shop/default for coffee-1, audience "", 3607 s` {
		t.Errorf("without an account: %v", c.tokens)
	}
}

func TestVolumeProblems(t *testing.T) {
	for name, tc := range map[string]struct {
		source corev1.VolumeSource
		broken string
		want   problem
	}{
		"map missing":     {source: corev1.VolumeSource{ConfigMap: &corev1.ConfigMapVolumeSource{LocalObjectReference: ref("none")}}, want: problem{Field: "configMap", Reason: ReasonMandatoryConfigMapNotFound}},
		"item missing":    {source: corev1.VolumeSource{ConfigMap: &corev1.ConfigMapVolumeSource{LocalObjectReference: ref("menu"), Items: []corev1.KeyToPath{{Key: "K", Path: "k"}}}}, want: problem{Field: "configMap.items[0].key", Reason: ReasonMandatoryConfigMapKeyNotFound}},
		"path goes up":    {source: corev1.VolumeSource{ConfigMap: &corev1.ConfigMapVolumeSource{LocalObjectReference: ref("menu"), Items: []corev1.KeyToPath{{Key: "SIZE", Path: "../k"}}}}, want: problem{Field: "configMap.items[0].path", Permanent: true}},
		"path absolute":   {source: corev1.VolumeSource{Secret: &corev1.SecretVolumeSource{SecretName: "till", Items: []corev1.KeyToPath{{Key: "PIN", Path: "/k"}}}}, want: problem{Field: "secret.items[0].path", Permanent: true}},
		"secret missing":  {source: corev1.VolumeSource{Secret: &corev1.SecretVolumeSource{SecretName: "none"}}, want: problem{Field: "secret", Reason: ReasonMandatorySecretNotFound}},
		"secret broken":   {source: corev1.VolumeSource{Secret: &corev1.SecretVolumeSource{SecretName: "till"}}, broken: "till", want: problem{Field: "secret", Reason: ReasonFailedToReadMandatorySecret}},
		"downward field":  {source: corev1.VolumeSource{DownwardAPI: &corev1.DownwardAPIVolumeSource{Items: []corev1.DownwardAPIVolumeFile{{Path: "x", FieldRef: &corev1.ObjectFieldSelector{FieldPath: "status.podIP"}}}}}, want: problem{Field: "downwardAPI.items[0].fieldRef.fieldPath", Permanent: true}},
		"token refused":   {source: projected(tokenSource("t", "", nil)), broken: "barista", want: problem{Field: "projected.sources[0].serviceAccountToken", Reason: ReasonFailedTokenRequest}},
		"trust bundle":    {source: projected(corev1.VolumeProjection{ClusterTrustBundle: &corev1.ClusterTrustBundleProjection{}}), want: problem{Field: "projected.sources[0].clusterTrustBundle", Permanent: true}},
		"pod certificate": {source: projected(corev1.VolumeProjection{PodCertificate: &corev1.PodCertificateProjection{}}), want: problem{Field: "projected.sources[0].podCertificate", Permanent: true}},
		"no source":       {source: projected(corev1.VolumeProjection{}), want: problem{Field: "projected.sources[0]", Permanent: true}},
	} {
		t.Run(name, func(t *testing.T) {
			pod := coffeePod()
			pod.Spec.Volumes = []corev1.Volume{{Name: "v", VolumeSource: tc.source}}
			c := testCluster()
			c.broken = map[string]bool{tc.broken: true}
			_, _, err := Resolve(context.Background(), pod, c.getters(), testNode)
			tc.want.Field = "spec.volumes[0]." + tc.want.Field
			if d := cmp.Diff([]problem{tc.want}, problems(err)); d != "" {
				t.Errorf("(-want +got):\n%s", d)
			}
		})
	}
}
