package balancer

import (
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"time"
)

// stickyCookie is the cookie that keeps a client at its member.
// https://www.alibabacloud.com/help/en/slb/classic-load-balancer/developer-reference/api-slb-2014-05-15-createloadbalancerhttplistener
const stickyCookie = "SERVERID"

// stickyTicket is a member's value in the cookie; it tells nothing of the
// member.
func stickyTicket(m Member) string {
	key := keyOf(m)
	sum := sha256.Sum256([]byte(key.server + " " + key.address))
	return hex.EncodeToString(sum[:16])
}

// presentedTicket is what the client's cookie says, if the policy asks.
func presentedTicket(r *http.Request, policy Sticky) string {
	if !policy.Insert {
		return ""
	}
	cookie, err := r.Cookie(stickyCookie)
	if err != nil {
		return ""
	}
	return cookie.Value
}

// stick gives the response the cookie of its member, unless the client has it.
func stick(header http.Header, policy Sticky, presented string, m Member) {
	ticket := stickyTicket(m)
	if !policy.Insert || presented == ticket {
		return
	}
	cookie := http.Cookie{Name: stickyCookie, Value: ticket, Path: "/", MaxAge: int(policy.CookieTimeout / time.Second)}
	header.Add("Set-Cookie", cookie.String())
}
