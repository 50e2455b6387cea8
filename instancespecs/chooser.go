package instancespecs

import (
	"fmt"
	"strings"
)

// chooser is one run of Choose.
type chooser struct {
	market  *Market
	request *Request
	choice  Choice
}

func (w *chooser) consider(e entry) error {
	switch {
	case e.isType:
		return w.considerType(e)
	case w.request.Annotation == AnnotationReserve:
		w.search(e)
	default:
		w.considerSize(e)
	}
	return nil
}

// considerType takes a type that the list names.
func (w *chooser) considerType(e entry) error {
	i, known := w.market.byID[e.text]
	switch {
	case known:
		o := &w.market.offers[i]
		c := w.candidate(o, e)
		switch {
		case w.isOut(o.typ.ID, o.stock):
			c.verdict = outOfStock
		case o.typ.MemoryGiB < w.request.MemoryGiB:
			c.verdict, c.suggest = tooSmall, w.smallestType(o.typ.VCPU)
		}
		w.decide(c)
	case w.request.PassUnknown && !isCreditFamily(familyOf(e.text)):
		c := Candidate{ID: e.text, Entry: e.text, verdict: unchecked}
		if w.isOut(e.text, w.market.stock.State(e.text)) {
			c.verdict = outOfStock
		}
		w.decide(c)
	default:
		return &SpecError{w.request.Annotation, e.text, w.unknownType(e.text)}
	}
	return nil
}

// candidate makes an offer a candidate for an entry that names it.
func (w *chooser) candidate(o *offer, e entry) Candidate {
	return Candidate{
		ID: o.typ.ID, Type: o.typ, Size: Size{o.typ.VCPU, o.typ.MemoryGiB}, Price: o.price, Entry: e.text,
		verdict: named, memoryGiB: w.request.MemoryGiB,
	}
}

// considerSize takes a size as the next one that is sold.
func (w *chooser) considerSize(e entry) {
	grid := GridFor(w.request.Region, w.request.Spot)
	c := Candidate{ID: e.text, Entry: e.text, Size: e.size, memoryGiB: w.request.MemoryGiB}
	size, err := grid.RoundUp(e.size.VCPU, e.size.MemoryGiB)
	switch {
	case err != nil:
		c.verdict = beyondGrid
	case size.MemoryGiB < c.memoryGiB:
		c.verdict = tooSmall
		c.ID, c.Size = size.String(), size
		if larger, err := grid.RoundUp(e.size.VCPU, c.memoryGiB); err == nil {
			c.suggest = larger.String()
		}
	default:
		c.verdict = sized
		if size != e.size {
			c.verdict = roundedUp
		}
		c.ID, c.Size = size.String(), size
		if p, ok := w.market.prices.Size(size); ok {
			c.Price = &p
		}
	}
	w.decide(c)
}

// search takes the cheapest types that have at least the entry's size.
func (w *chooser) search(e entry) {
	rank, fitting := 0, ""
	if e.size.MemoryGiB < w.request.MemoryGiB {
		fitting = w.smallestType(e.size.VCPU)
	}
	for i := range w.market.offers {
		o := &w.market.offers[i]
		if o.typ.VCPU < e.size.VCPU || o.typ.MemoryGiB < e.size.MemoryGiB {
			continue
		}
		if len(w.choice.Accepted) == MaxEntries {
			w.choice.NotJudged++
			continue
		}
		c := w.candidate(o, e)
		switch c.verdict = w.judge(o); c.verdict {
		case tooSmall:
			c.suggest = fitting
		case cheapest:
			rank++
			c.rank = rank
		}
		w.decide(c)
	}
}

// judge says whether a search may take an offer.
func (w *chooser) judge(o *offer) verdict {
	r := w.request
	switch {
	case !o.soldByECI:
		return notSold
	case r.BurstableOnly && !o.typ.Burstable:
		return notBurstable
	case !r.Families.Allows(o.typ.Family):
		return otherFamily
	case !r.Generations.Allows(o.generation):
		return otherGeneration
	case w.isOut(o.typ.ID, o.stock):
		return outOfStock
	case o.typ.MemoryGiB < r.MemoryGiB:
		return tooSmall
	}
	return cheapest
}

func (w *chooser) isOut(id string, s StockState) bool {
	return s == StockOut || w.request.OutOfStock != nil && w.request.OutOfStock(id)
}

// decide puts a candidate on one of the two lists.
func (w *chooser) decide(c Candidate) {
	if c.verdict <= unchecked {
		switch {
		case w.has(c.ID):
			c.verdict = repeated
		case len(w.choice.Accepted) == MaxEntries:
			c.verdict = listFull
		default:
			w.choice.Accepted = append(w.choice.Accepted, c)
			return
		}
	}
	w.choice.Rejected = append(w.choice.Rejected, c)
}

func (w *chooser) has(id string) bool {
	for i := range w.choice.Accepted {
		if w.choice.Accepted[i].ID == id {
			return true
		}
	}
	return false
}

// smallestType names the type with the least memory that has the memory and the
// vCPUs asked for and that a search would take, or nothing.
func (w *chooser) smallestType(vcpu float64) string {
	for _, i := range w.market.byMemory {
		o := &w.market.offers[i]
		if o.typ.VCPU >= vcpu && w.judge(o) == cheapest {
			return o.typ.String()
		}
	}
	return ""
}

// unknownType says that the catalogue does not have a type, and which types of
// its family it has.
func (w *chooser) unknownType(id string) string {
	const most = 3 // enough to show the pattern of the names
	var family []string
	for _, i := range w.market.byMemory {
		if t := w.market.offers[i].typ; t.Family == familyOf(id) && len(family) < most {
			family = append(family, t.ID)
		}
	}
	if len(family) == 0 {
		return fmt.Sprintf("is not in the catalogue of %d instance types", len(w.market.offers))
	}
	return fmt.Sprintf("is not in the catalogue; %s has %s and others", familyOf(id), strings.Join(family, ", "))
}
