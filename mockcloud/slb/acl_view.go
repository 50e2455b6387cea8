package slb

import "strings"

// aclView is an access control list in answers.
type aclView struct {
	AclId            string
	AclName          string
	AddressIPVersion string
	ResourceGroupId  string
	CreateTime       string
	Tags             tagViews
}

func (a *accessList) view() aclView {
	return aclView{a.id, a.name, "ipv4", a.resourceGroup, timestamp(a.created), a.tags.view()}
}

// listACLs is DescribeAccessControlLists.
type listACLs struct {
	AclName          string // part of the name
	AddressIPVersion string
	ResourceGroupId  string
	Tag              []tag
	pageRef
}

type listACLsAnswer struct {
	PageNumber int
	PageSize   int
	TotalCount int
	Count      int
	Acls       struct{ Acl []aclView }
}

func (r *listACLs) answer(s *state, _ *world) (any, error) {
	found := []aclView{}
	for _, a := range sorted(s.acls) {
		if strings.Contains(a.name, r.AclName) && a.tags.hasAll(r.Tag) &&
			(r.ResourceGroupId == "" || r.ResourceGroupId == a.resourceGroup) &&
			(r.AddressIPVersion == "" || r.AddressIPVersion == "ipv4") {
			found = append(found, a.view())
		}
	}
	from, to, err := r.page(len(found))
	if err != nil {
		return nil, err
	}
	a := listACLsAnswer{TotalCount: len(found), Count: to - from}
	a.PageNumber, a.PageSize = r.numbers()
	a.Acls.Acl = found[from:to]
	return a, nil
}

// describeACL is DescribeAccessControlListAttribute.
type describeACL struct {
	AclId           string `rpc:",required"`
	AclEntryComment string
	Page            *int
	PageSize        *int
}

type aclEntryView struct {
	AclEntryIP      string
	AclEntryComment string
}

type aclAttribute struct {
	aclView
	TotalAclEntry    int
	AclEntrys        struct{ AclEntry []aclEntryView }
	RelatedListeners struct{ RelatedListener []boundListener }
}

func (r *describeACL) answer(s *state, _ *world) (any, error) {
	a, err := s.acl(r.AclId)
	if err != nil {
		return nil, err
	}
	entries := []aclEntryView{}
	for _, e := range a.entries {
		if strings.Contains(e.comment, r.AclEntryComment) {
			entries = append(entries, aclEntryView{e.network.String(), e.comment})
		}
	}
	v := aclAttribute{aclView: a.view(), TotalAclEntry: len(a.entries)}
	v.RelatedListeners.RelatedListener = s.boundListeners(a.id)
	v.AclEntrys.AclEntry = entries
	if r.Page != nil || r.PageSize != nil {
		from, to, err := pageRef{r.Page, r.PageSize}.page(len(entries))
		if err != nil {
			return nil, err
		}
		v.AclEntrys.AclEntry = entries[from:to]
	}
	return v, nil
}
