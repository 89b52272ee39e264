package rate

// Prepaid tells whether the term asks for money before the booking is confirmed.
func (t PaymentTerm) Prepaid() bool { return t.Kind == PayNow || t.Kind == Deposit }
