package ebb_test

import (
	"slices"
	"testing"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// TestRightsAreGivenToTheDeployment is about who has the rights.
func TestRightsAreGivenToTheDeployment(t *testing.T) {
	deployment := only[*appsv1.Deployment](t)
	account := only[*corev1.ServiceAccount](t)
	if deployment.Spec.Template.Spec.ServiceAccountName != account.Name || deployment.Namespace != account.Namespace {
		t.Errorf("the Deployment runs as %s, the account is %s/%s", deployment.Spec.Template.Spec.ServiceAccountName, account.Namespace, account.Name)
	}
	given := map[string]bool{}
	bound := func(binding metav1.ObjectMeta, kind string, subjects []rbacv1.Subject, ref rbacv1.RoleRef) {
		given[ref.Kind+" "+binding.Namespace+"/"+ref.Name] = true
		if len(subjects) != 1 || subjects[0].Name != account.Name || subjects[0].Namespace != account.Namespace {
			t.Errorf("%s %s is for %v", kind, binding.Name, subjects)
		}
	}
	for _, b := range all[*rbacv1.ClusterRoleBinding](t) {
		bound(b.ObjectMeta, "ClusterRoleBinding", b.Subjects, b.RoleRef)
	}
	for _, b := range all[*rbacv1.RoleBinding](t) {
		bound(b.ObjectMeta, "RoleBinding", b.Subjects, b.RoleRef)
	}
	roles := 0
	check := func(role string, rules []rbacv1.PolicyRule) {
		roles++
		if !given[role] {
			t.Errorf("%s is given to nobody", role)
		}
		for _, rule := range rules {
			if slices.Contains(rule.Verbs, "*") || slices.Contains(rule.Resources, "*") || slices.Contains(rule.APIGroups, "*") {
				t.Errorf("%s gives all of something: %v", role, rule)
			}
		}
	}
	for _, r := range all[*rbacv1.ClusterRole](t) {
		check("ClusterRole /"+r.Name, r.Rules)
	}
	for _, r := range all[*rbacv1.Role](t) {
		check("Role "+r.Namespace+"/"+r.Name, r.Rules)
	}
	if roles != len(given) {
		t.Errorf("%d roles, and bindings to %d", roles, len(given))
	}
}
