package mockcloud

import (
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"github.com/ebb-node/ebb/mockcloud/eci"
	"github.com/ebb-node/ebb/mockcloud/rpc"
)

// AdminHandler is the endpoint described in the package comment.
func (c *Cloud) AdminHandler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintln(w, "ok") })
	mux.HandleFunc("GET /state", answer(c.state))
	mux.HandleFunc("GET /credits", answer(func(*http.Request) (any, error) { return c.Credits(), nil }))
	mux.HandleFunc("PUT /credits/{group}", answer(c.putCredits))
	mux.HandleFunc("GET /calls", answer(c.calls))
	mux.HandleFunc("DELETE /calls", answer(func(*http.Request) (any, error) {
		c.ResetCalls()
		return struct{}{}, nil
	}))
	mux.HandleFunc("GET /faults", answer(func(*http.Request) (any, error) { return c.Faults(), nil }))
	mux.HandleFunc("POST /faults", answer(withBody(c.AddFault)))
	mux.HandleFunc("DELETE /faults", answer(func(r *http.Request) (any, error) {
		return map[string]int{"removed": c.RemoveFaults(r.URL.Query().Get("id"))}, nil
	}))
	mux.HandleFunc("POST /stock", answer(withBody(c.postStock)))
	mux.HandleFunc("POST /spot-reclaim", answer(withBody(c.postReclaim)))
	mux.HandleFunc("POST /quotas", answer(withBody(c.postQuotas)))
	mux.HandleFunc("POST /clock", answer(withBody(c.postClock)))
	return mux
}

func (c *Cloud) state(*http.Request) (any, error) {
	return map[string]any{
		"time": c.Now(), "speed": c.clock.Speed(), "quotasLifted": c.QuotasLifted(),
		"stock": c.eci.Stock(), "groups": c.Groups(), "credits": c.Credits(),
	}, nil
}

func (c *Cloud) calls(r *http.Request) (any, error) {
	return map[string]any{"counts": c.Counts(), "calls": c.Calls(r.URL.Query().Get("action"))}, nil
}

type creditsBody struct {
	Balance *float64 `json:"balance"`
}

func (c *Cloud) putCredits(r *http.Request) (any, error) {
	var b creditsBody
	if err := decode(r, &b); err != nil {
		return nil, err
	}
	id := r.PathValue("group")
	if b.Balance == nil {
		return nil, fmt.Errorf("credits: container group %s: balance is missing, give a number of credits", id)
	}
	return c.SetCredits(id, *b.Balance)
}

func (c *Cloud) postStock(s eci.StockSetting) ([]eci.StockSetting, error) {
	err := c.SetStock(s)
	return c.eci.Stock(), err
}

type reclaimBody struct {
	ContainerGroupID string `json:"containerGroupId"`
}

func (c *Cloud) postReclaim(b reclaimBody) (reclaimBody, error) {
	return b, c.ReclaimSpot(b.ContainerGroupID)
}

type quotasBody struct {
	Lifted *bool `json:"lifted"`
}

func (c *Cloud) postQuotas(b quotasBody) (quotasBody, error) {
	if b.Lifted == nil {
		return b, fmt.Errorf("quotas: lifted is missing, give true or false")
	}
	c.LiftQuotas(*b.Lifted)
	return b, nil
}

type clockBody struct {
	Speed   *float64     `json:"speed,omitempty"`
	Advance rpc.Duration `json:"advance,omitempty"`
}

func (c *Cloud) postClock(b clockBody) (map[string]any, error) {
	if b.Speed == nil && b.Advance == 0 {
		return nil, fmt.Errorf("clock: give speed, advance or both")
	}
	if b.Advance < 0 || b.Speed != nil && *b.Speed < 0 {
		return nil, fmt.Errorf("clock: time does not run backwards")
	}
	if b.Speed != nil {
		c.SetSpeed(*b.Speed)
	}
	c.Advance(time.Duration(b.Advance))
	return map[string]any{"time": c.Now(), "speed": c.clock.Speed()}, nil
}

// withBody decodes a JSON body for a function.
func withBody[In, Out any](f func(In) (Out, error)) func(*http.Request) (any, error) {
	return func(r *http.Request) (any, error) {
		var in In
		if err := decode(r, &in); err != nil {
			return nil, err
		}
		return f(in)
	}
}

// decode reads a JSON body.
func decode(r *http.Request, into any) error {
	decoder := json.NewDecoder(r.Body)
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(into); err != nil {
		return fmt.Errorf("%s: body: %w", r.URL.Path, err)
	}
	return nil
}

// answer writes what a function answers as JSON.
func answer(f func(*http.Request) (any, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		out, err := f(r)
		w.Header().Set("Content-Type", "application/json")
		if err != nil {
			w.WriteHeader(http.StatusBadRequest)
			out = map[string]string{"error": err.Error()}
		}
		json.NewEncoder(w).Encode(out)
	}
}
