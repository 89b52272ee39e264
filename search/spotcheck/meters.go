package spotcheck

import "github.com/prometheus/client_golang/prometheus"

// meters is what Prometheus scrapes.
type meters struct {
	checks  *prometheus.CounterVec
	dropped *prometheus.CounterVec
}

func newMeters() meters {
	return meters{
		checks: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "vacancy_search_checks_total",
			Help: "Hits that were compared with what booking asks, by channel and outcome: same; gone, repriced (changed since); price, missing (wrong); unknown.",
		}, []string{"channel", "outcome"}),
		dropped: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "vacancy_search_checks_dropped_total",
			Help: "Answers of the share that were not checked because too many waited, by channel.",
		}, []string{"channel"}),
	}
}

// open makes the counters of a channel begin at 0, so that a rate sees the first
// mismatch.
func (m *meters) open(channel string) {
	for _, o := range outcomes {
		m.checks.WithLabelValues(channel, string(o))
	}
	m.dropped.WithLabelValues(channel)
}

// Describe and Collect make a prometheus.Collector.
func (m *meters) Describe(out chan<- *prometheus.Desc) {
	m.checks.Describe(out)
	m.dropped.Describe(out)
}

// Collect gives the present values.
func (m *meters) Collect(out chan<- prometheus.Metric) {
	m.checks.Collect(out)
	m.dropped.Collect(out)
}
