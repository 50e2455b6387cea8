package reserve_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"github.com/ebb-node/ebb/region/internal/cluster"
	"github.com/ebb-node/ebb/region/internal/testregion"
)

// TestWebSocket keeps a connection to the reserve open, which must not end before
// its client wants it to.
func TestWebSocket(t *testing.T) {
	t.Parallel()
	service := testregion.Service{
		Name: "chatter", Target: "nobody", Revision: "chatter-first", Template: shortWindow,
		Image: cluster.Registry + "/knative.dev/networking/test/test_images/wsserver:v0.50.0",
	}
	region.Serve(t, service)
	s := look(t, service)
	s.calm(t, time.Minute)
	from := time.Now()
	dialer := websocket.Dialer{NetDialContext: region.Dial}
	conn, _, err := dialer.DialContext(t.Context(), strings.Replace(s.at(t, "/").URL, "http:", "ws:", 1), http.Header{"Host": {s.Host()}})
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	say := func(text string) {
		t.Helper()
		if err := conn.WriteMessage(websocket.TextMessage, []byte(text)); err != nil {
			t.Fatal(err)
		}
		if _, said, err := conn.ReadMessage(); err != nil || !strings.HasPrefix(string(said), text) {
			t.Fatalf("said %q, heard %q, %v", text, said, err)
		}
	}
	say("reserved")
	s.over(t, time.Minute, from)
	for i := range 10 {
		linger(t, time.Second)
		say(fmt.Sprintf("detached for %d s", i+1))
	}
	if state := s.state(); state != "Handover" {
		t.Errorf("the reserve has a connection, and the state is %s", state)
	}
	_ = conn.WriteMessage(websocket.CloseMessage, websocket.FormatCloseMessage(websocket.CloseNormalClosure, ""))
	conn.Close()
	s.idle(t, time.Minute)
	s.neverEmpty(t)
}
