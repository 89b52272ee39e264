package rate

// Bookable tells whether plans with this payment term can be booked: prepaid
// ones wait for the payment of money through the Gateway. Search and booking
// both ask here, so that nothing is shown that cannot be had.
func (t PaymentTerm) Bookable() bool {
	return t.Kind == AtProperty || t.Kind == CardGuarantee || t.Kind == ""
}
