package main

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/vacancyhq/vacancy/api"
	"github.com/vacancyhq/vacancy/search/memindex"
)

// countSearching exports what the index in memory holds and how long its
// queries take; a cluster has metrics of its own.
func countSearching(meters *api.Meters, index follower) {
	if inMemory, ok := index.(*memindex.Index); ok {
		meters.Register(&searchMeters{inMemory})
	}
}

type searchMeters struct{ index *memindex.Index }

var (
	searchSeconds = prometheus.NewDesc("vacancy_search_seconds",
		"How long the index took to answer, by class of query.", []string{"class"}, nil)
	searchAge = prometheus.NewDesc("vacancy_search_age_seconds",
		"How old the answers of the index are.", nil, nil)
	searchProperties = prometheus.NewDesc("vacancy_search_properties",
		"Properties in the index.", nil, nil)
	searchRefused = prometheus.NewDesc("vacancy_search_properties_refused",
		"Properties that are not in the index because it would exceed its memory.", nil, nil)
	searchProducts = prometheus.NewDesc("vacancy_search_products",
		"Products in the index, by how they are priced: from its own tables, or by the plain rules.", []string{"priced"}, nil)
	searchBytes = prometheus.NewDesc("vacancy_search_bytes",
		"Memory that the properties of the index take, about.", nil, nil)
	snapshotAge = prometheus.NewDesc("vacancy_search_snapshot_age_seconds",
		"How far the snapshot of the index is behind: what a start would have to follow.", nil, nil)
	snapshotBytes = prometheus.NewDesc("vacancy_search_snapshot_bytes",
		"Length of the snapshot, by whether a later record replaced the bytes.", []string{"part"}, nil)
	snapshotWrites = prometheus.NewDesc("vacancy_search_snapshot_writes_total",
		"How often the snapshot was brought up to date.", nil, nil)
	snapshotFailures = prometheus.NewDesc("vacancy_search_snapshot_failures_total",
		"How often the snapshot could not be written; searches go on.", nil, nil)
	snapshotRestored = prometheus.NewDesc("vacancy_search_snapshot_restored",
		"1 when this process began with a snapshot, 0 when it read the store.", nil, nil)
)

// Describe and Collect make a prometheus.Collector.
func (m *searchMeters) Describe(out chan<- *prometheus.Desc) { prometheus.DescribeByCollect(m, out) }

// Collect reads the index at this moment.
func (m *searchMeters) Collect(out chan<- prometheus.Metric) {
	stats := m.index.Stats()
	gauge := func(d *prometheus.Desc, value float64, labels ...string) {
		out <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, value, labels...)
	}
	gauge(searchAge, stats.Staleness.Seconds())
	gauge(searchProperties, float64(stats.Properties))
	gauge(searchRefused, float64(stats.Refused))
	gauge(searchProducts, float64(stats.Products-stats.Plain), "tables")
	gauge(searchProducts, float64(stats.Plain), "rules")
	gauge(searchBytes, float64(stats.Bytes))
	m.collectSnapshot(gauge, out)
	for _, t := range m.index.Timings() {
		out <- prometheus.MustNewConstHistogram(searchSeconds, uint64(t.Queries), t.Total.Seconds(), buckets(t), t.Class)
	}
}

func (m *searchMeters) collectSnapshot(gauge func(*prometheus.Desc, float64, ...string), out chan<- prometheus.Metric) {
	kept := m.index.Kept()
	restored := 0.0
	if kept.Restored {
		restored = 1
	}
	gauge(snapshotRestored, restored)
	if !kept.At.IsZero() {
		gauge(snapshotAge, time.Since(kept.At).Seconds())
	}
	gauge(snapshotBytes, float64(kept.Live), "live")
	gauge(snapshotBytes, float64(kept.Bytes-kept.Live), "replaced")
	out <- prometheus.MustNewConstMetric(snapshotWrites, prometheus.CounterValue, float64(kept.Writes))
	out <- prometheus.MustNewConstMetric(snapshotFailures, prometheus.CounterValue, float64(kept.Failures))
}

// buckets are the bars as Prometheus counts: each holds what is in those before.
func buckets(t memindex.Timing) map[float64]uint64 {
	const micro = 1e-6
	all, sum, bound := make(map[float64]uint64, len(t.Bars)), uint64(0), micro
	for _, n := range t.Bars {
		sum += uint64(n)
		all[bound] = sum
		bound *= 2
	}
	return all
}
