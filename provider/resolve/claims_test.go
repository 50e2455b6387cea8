package resolve

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

func claim(volume string, phase corev1.PersistentVolumeClaimPhase) *corev1.PersistentVolumeClaim {
	return &corev1.PersistentVolumeClaim{
		Spec:   corev1.PersistentVolumeClaimSpec{VolumeName: volume},
		Status: corev1.PersistentVolumeClaimStatus{Phase: phase},
	}
}

func claimSource(name string) corev1.VolumeSource {
	return corev1.VolumeSource{PersistentVolumeClaim: &corev1.PersistentVolumeClaimVolumeSource{ClaimName: name}}
}

func claimCluster() *cluster {
	c := testCluster()
	block := claim("pv-1", corev1.ClaimBound)
	block.Spec.VolumeMode = ptr(corev1.PersistentVolumeBlock)
	own := claim("pv-1", corev1.ClaimBound)
	own.OwnerReferences = []metav1.OwnerReference{{UID: "uid-1", Controller: ptr(true)}}
	c.claims = map[string]*corev1.PersistentVolumeClaim{
		"bound":           claim("pv-1", corev1.ClaimBound),
		"bucket":          claim("pv-oss", corev1.ClaimBound),
		"open":            claim("", corev1.ClaimPending),
		"gone":            claim("pv-none", corev1.ClaimBound),
		"block":           block,
		"coffee-1-mine":   own,
		"coffee-1-theirs": claim("pv-1", corev1.ClaimBound),
	}
	c.volumes = map[string]*corev1.PersistentVolume{
		"pv-1": {ObjectMeta: metav1.ObjectMeta{Name: "pv-1"}},
		"pv-oss": {ObjectMeta: metav1.ObjectMeta{Name: "pv-oss"}, Spec: corev1.PersistentVolumeSpec{PersistentVolumeSource: corev1.PersistentVolumeSource{
			CSI: &corev1.CSIPersistentVolumeSource{NodePublishSecretRef: &corev1.SecretReference{Namespace: "storage", Name: "bucket"}}}}},
	}
	return c
}

func TestClaims(t *testing.T) {
	ephemeral := corev1.VolumeSource{Ephemeral: &corev1.EphemeralVolumeSource{}}
	for name, tc := range map[string]struct {
		volume corev1.Volume
		want   string
		secret map[string]string
	}{
		"claim":           {volume: corev1.Volume{Name: "v", VolumeSource: claimSource("bound")}, want: "pv-1"},
		"with a secret":   {volume: corev1.Volume{Name: "v", VolumeSource: claimSource("bucket")}, want: "pv-oss", secret: map[string]string{"akId": "id"}},
		"own ephemeral":   {volume: corev1.Volume{Name: "mine", VolumeSource: ephemeral}, want: "pv-1"},
		"flex secret":     {volume: corev1.Volume{Name: "v", VolumeSource: corev1.VolumeSource{FlexVolume: &corev1.FlexVolumeSource{SecretRef: &corev1.LocalObjectReference{Name: "till"}}}}, secret: map[string]string{"PIN": "1234", "KEY": "sesame"}},
		"inline CSI":      {volume: corev1.Volume{Name: "v", VolumeSource: corev1.VolumeSource{CSI: &corev1.CSIVolumeSource{NodePublishSecretRef: &corev1.LocalObjectReference{Name: "till"}}}}, secret: map[string]string{"PIN": "1234", "KEY": "sesame"}},
		"nothing to read": {volume: corev1.Volume{Name: "v", VolumeSource: corev1.VolumeSource{EmptyDir: &corev1.EmptyDirVolumeSource{}}}},
	} {
		t.Run(name, func(t *testing.T) {
			pod := coffeePod()
			pod.Spec.Volumes = []corev1.Volume{tc.volume}
			out, _ := resolved(t, claimCluster(), pod, testNode)
			got := ""
			if pv := out.Claims[tc.volume.Name]; pv != nil {
				got = pv.Name
			}
			if got != tc.want {
				t.Errorf("persistent volume %q, want %q", got, tc.want)
			}
			if d := cmp.Diff(tc.secret, out.VolumeSecrets[tc.volume.Name]); d != "" {
				t.Errorf("secret (-want +got):\n%s", d)
			}
		})
	}
}

func TestClaimProblems(t *testing.T) {
	const field = "spec.volumes[0].persistentVolumeClaim.claimName"
	wait := []problem{{Field: field, Reason: ReasonClaimNotReady}}
	for name, tc := range map[string]struct {
		volume corev1.Volume
		want   []problem
	}{
		"missing":       {volume: corev1.Volume{VolumeSource: claimSource("none")}, want: wait},
		"not bound":     {volume: corev1.Volume{VolumeSource: claimSource("open")}, want: wait},
		"volume gone":   {volume: corev1.Volume{VolumeSource: claimSource("gone")}, want: wait},
		"block":         {volume: corev1.Volume{VolumeSource: claimSource("block")}, want: []problem{{Field: field, Permanent: true}}},
		"somebody's":    {volume: corev1.Volume{Name: "theirs", VolumeSource: corev1.VolumeSource{Ephemeral: &corev1.EphemeralVolumeSource{}}}, want: []problem{{Field: "spec.volumes[0].ephemeral", Permanent: true}}},
		"not there yet": {volume: corev1.Volume{Name: "new", VolumeSource: corev1.VolumeSource{Ephemeral: &corev1.EphemeralVolumeSource{}}}, want: []problem{{Field: "spec.volumes[0].ephemeral", Reason: ReasonClaimNotReady}}},
		"secret missing": {volume: corev1.Volume{VolumeSource: corev1.VolumeSource{FlexVolume: &corev1.FlexVolumeSource{SecretRef: &corev1.LocalObjectReference{Name: "none"}}}},
			want: []problem{{Field: "spec.volumes[0].flexVolume.secretRef", Reason: ReasonMandatorySecretNotFound}}},
	} {
		t.Run(name, func(t *testing.T) {
			pod := coffeePod()
			pod.Spec.Volumes = []corev1.Volume{tc.volume}
			_, _, err := Resolve(context.Background(), pod, claimCluster().getters(), testNode)
			if d := cmp.Diff(tc.want, problems(err)); d != "" {
				t.Errorf("(-want +got):\n%s", d)
			}
		})
	}
}

func TestClaimSecretOfAnotherNamespaceMissing(t *testing.T) {
	c := claimCluster()
	delete(c.secrets, "storage/bucket")
	pod := coffeePod()
	pod.Spec.Volumes = []corev1.Volume{{Name: "v", VolumeSource: claimSource("bucket")}}
	_, _, err := Resolve(context.Background(), pod, c.getters(), testNode)
	want := []problem{{Field: "spec.volumes[0].persistentVolumeClaim.claimName", Reason: ReasonFailedToReadMandatorySecret}}
	if d := cmp.Diff(want, problems(err)); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}
