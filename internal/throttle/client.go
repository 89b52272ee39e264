package throttle

import (
	"net/netip"
	"strings"
)

// Client is who is at the other end of a request that came from remote with
// these X-Forwarded-For headers. They count only as far as they were written by
// proxies that we trust: from the right, the first address that is not one of them.
func Client(remote string, forwarded []string, trusted []netip.Prefix) string {
	peer, err := netip.ParseAddrPort(remote)
	if err != nil {
		return remote
	}
	address := peer.Addr().Unmap()
	hops := strings.Split(strings.Join(forwarded, ","), ",")
	for i := len(hops) - 1; i >= 0 && within(address, trusted); i-- {
		hop, err := netip.ParseAddr(strings.TrimSpace(hops[i]))
		if err != nil {
			break
		}
		address = hop.Unmap()
	}
	return address.String()
}

func within(address netip.Addr, prefixes []netip.Prefix) bool {
	for _, p := range prefixes {
		if p.Contains(address) {
			return true
		}
	}
	return false
}

// Subscriber is what a request is counted under: the address, or the /64 from
// which a subscriber of IPv6 chooses addresses.
func Subscriber(client string) string {
	if address, err := netip.ParseAddr(client); err == nil && address.Is4() {
		return client
	}
	return network(client)
}

// network is the addresses that one subscriber or attacker has: /24, or /64 for IPv6.
func network(client string) string {
	address, err := netip.ParseAddr(client)
	if err != nil {
		return client
	}
	bits := 64
	if address.Is4() {
		bits = 24
	}
	prefix, err := address.Prefix(bits)
	if err != nil {
		return client
	}
	return prefix.String()
}
