// Two months with the lowest price of each arrival, instead of the browser's own picker.
for (const dates of all('[data-calendar]')) {
  const form = dates.closest('form'), [arrival, departure] = all('input[type=date]', dates);
  const panel = document.createElement('div');
  panel.className = 'calendar pop'; panel.hidden = true;
  panel.setAttribute('role', 'group'); panel.setAttribute('aria-label', all('label', dates).map(l => l.textContent).join(' – '));
  panel.innerHTML = '<p class="turn"><button type="button" data-turn="-1">‹</button><button type="button" data-turn="1">›</button></p><div class="months"></div>';
  dates.append(panel);
  let shown, leaving = false, turn = 0;
  const month = offset => { const [y, m] = shown.split('-').map(Number); return new Date(Date.UTC(y, m - 1 + offset, 1)).toISOString().slice(0, 7); };
  const nights = () => (Date.parse(departure.value) - Date.parse(arrival.value)) / 864e5;
  const later = (day, n) => new Date(Date.parse(day) + n * 864e5).toISOString().slice(0, 10);
  const mark = () => all('[data-day]', panel).forEach(b => {
    const day = b.dataset.day;
    b.classList.toggle('end', day === arrival.value || day === departure.value);
    b.classList.toggle('in', day > arrival.value && day < departure.value);
  });
  const draw = async () => {
    const now = ++turn, q = new URLSearchParams(new FormData(form));
    const house = location.pathname.match(/^\/hotels\/([^/]+)$/);
    if (house) q.set('house', decodeURIComponent(house[1]));
    const parts = await Promise.all((innerWidth < 640 ? [0] : [0, 1]).map(async i => {
      q.set('month', month(i));
      const answer = await fetch('/days?' + q).catch(() => null);
      return answer?.ok ? answer.text() : '';
    }));
    if (now === turn) { one('.months', panel).innerHTML = parts.join(''); mark(); }
  };
  const open = second => { leaving = second; if (!panel.hidden) return; shown = (arrival.value || arrival.min).slice(0, 7); panel.hidden = false; draw(); };
  const close = () => { panel.hidden = true; };
  arrival.addEventListener('click', event => { event.preventDefault(); open(false); });
  departure.addEventListener('click', event => { event.preventDefault(); open(true); });
  for (const input of [arrival, departure]) input.addEventListener('keydown', event => { if (event.key === 'Enter' || event.key === ' ') { event.preventDefault(); open(input === departure); } });
  arrival.addEventListener('change', () => { if (departure.value <= arrival.value) departure.value = later(arrival.value, 1); });
  panel.addEventListener('click', event => {
    const turnBy = event.target.closest('[data-turn]'), button = event.target.closest('[data-day]');
    if (turnBy) { shown = month(+turnBy.dataset.turn); draw(); }
    if (!button) return;
    const day = button.dataset.day;
    if (leaving && day > arrival.value) { departure.value = day; leaving = false; mark(); close(); departure.focus(); return; }
    const length = Math.max(1, nights() || 1);
    arrival.value = day; departure.value = later(day, length); leaving = true; mark();
  });
  document.addEventListener('click', event => { if (!dates.contains(event.target)) close(); });
  dates.addEventListener('keydown', event => { if (event.key === 'Escape' && !panel.hidden) { close(); arrival.focus(); } });
  dates.addEventListener('focusout', event => { if (event.relatedTarget && !dates.contains(event.relatedTarget)) close(); });
}
