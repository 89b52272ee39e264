package notify

import (
	"log/slog"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// Target is how soon after the commit a mail must be accepted (Property 12).
const Target = 10 * time.Second

// Meters is what Prometheus scrapes of mail: it is a prometheus.Collector.
type Meters struct {
	mails   *prometheus.CounterVec
	seconds *prometheus.HistogramVec
	oldest  prometheus.Gauge
	dead    prometheus.Gauge
}

// NewMeters has counted nothing yet.
func NewMeters() *Meters {
	return &Meters{
		mails: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "vacancy_mails_total", Help: "Mails by kind and outcome: sent, skipped, retried, refused for good, given_up.",
		}, []string{"kind", "outcome"}),
		seconds: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "vacancy_mail_seconds", Help: "From the commit of what a mail tells to its acceptance by the provider.",
			Buckets: []float64{.05, .1, .25, .5, 1, 2.5, 5, 10, 30, 60, 300, 3600},
		}, []string{"kind"}),
		oldest: prometheus.NewGauge(prometheus.GaugeOpts{
			Name: "vacancy_mail_oldest_seconds", Help: "Age of the oldest mail that is due and not accepted yet; 0: none.",
		}),
		dead: prometheus.NewGauge(prometheus.GaugeOpts{
			Name: "vacancy_mail_dead", Help: "Mails that were refused or given up in the last 30 days.",
		}),
	}
}

// Describe and Collect make it a collector.
func (m *Meters) Describe(out chan<- *prometheus.Desc) {
	m.mails.Describe(out)
	m.seconds.Describe(out)
	m.oldest.Describe(out)
	m.dead.Describe(out)
}

// Collect gives the present values.
func (m *Meters) Collect(out chan<- prometheus.Metric) {
	m.mails.Collect(out)
	m.seconds.Collect(out)
	m.oldest.Collect(out)
	m.dead.Collect(out)
}

func (m *Meters) done(kind Kind, outcome string) {
	m.mails.WithLabelValues(string(kind), outcome).Inc()
}

// sent counts a mail and how long it took; those that wait on purpose are not timed.
func (m *Meters) sent(mail Mail, accepted time.Time, logger *slog.Logger) {
	m.done(mail.About, "sent")
	if mail.About == HoldExpiring || mail.About == ReviewRequest {
		return
	}
	took := accepted.Sub(mail.At)
	m.seconds.WithLabelValues(string(mail.About)).Observe(took.Seconds())
	if took > Target {
		logger.Warn("mail was late", "kind", mail.About, "booking", mail.BookingID, "seconds", took.Seconds())
	}
}
