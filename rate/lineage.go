package rate

import "fmt"

// Lineage is the plan and its ancestors, nearest first; find looks up a plan of
// the property by id. It fails with ErrLoop, with ErrNotFound for a parent that
// is not there, and with ErrInvalid when the chain is longer than
// MaxDerivations or changes currency.
func Lineage(plan Plan, find func(id string) (Plan, bool)) ([]Plan, error) {
	line := []Plan{plan}
	for plan.Derivation != nil {
		parent, ok := find(plan.Derivation.ParentID)
		if !ok {
			return nil, fmt.Errorf("%w: the parent of %s", ErrNotFound, plan.ID)
		}
		for _, seen := range line {
			if seen.ID == parent.ID {
				return nil, fmt.Errorf("%w: %s", ErrLoop, parent.ID)
			}
		}
		if len(line) > MaxDerivations {
			return nil, &FieldError{Field: "derivation", Want: fmt.Sprintf("at most %d plans deep", MaxDerivations)}
		}
		if parent.Currency != plan.Currency {
			return nil, &FieldError{Field: "currency", Want: "that of the parent plan"}
		}
		line = append(line, parent)
		plan = parent
	}
	return line, nil
}
