// The map is dragged and zoomed, and the list follows; the address says what is in sight.
const lit = (id, on) => all('[data-id="' + CSS.escape(id) + '"]').forEach(x => x.classList.toggle('lit', on));
for (const type of ['pointerover', 'pointerout']) document.addEventListener(type, event => {
  const id = event.target.closest?.('[data-id]')?.dataset.id;
  if (id) lit(id, type === 'pointerover');
});
const moving = () => {
  const map = one('[data-map]');
  if (!map) return;
  const svg = one('svg', map);
  let from = null, moved = false;
  const go = async change => {
    const q = new URLSearchParams(location.search);
    const place = q.get('place') ?? '';
    q.set('box', map.dataset.box + '~' + place);
    q.delete('page');
    for (const [name, value] of Object.entries(change)) q.set(name, value);
    map.classList.add('busy');
    const answer = await fetch('/?' + q).catch(() => null);
    if (!answer?.ok) { location.search = q; return; }
    const fresh = new DOMParser().parseFromString(await answer.text(), 'text/html');
    one('#results').replaceWith(one('#results', fresh));
    one('#search').replaceWith(one('#search', fresh));
    history.pushState({map: true}, '', answer.url);
    document.title = fresh.title;
    folds(); moving();
  };
  svg.addEventListener('pointerdown', event => { from = [event.clientX, event.clientY]; moved = false; });
  svg.addEventListener('pointermove', event => {
    if (!from) return;
    const [dx, dy] = [event.clientX - from[0], event.clientY - from[1]];
    if (!moved && Math.hypot(dx, dy) < 6) return;
    if (!moved) { moved = true; svg.setPointerCapture(event.pointerId); }
    svg.style.transform = 'translate(' + dx + 'px,' + dy + 'px)';
  });
  svg.addEventListener('pointerup', event => {
    if (from && moved) { const box = map.getBoundingClientRect(); go({pan: -(event.clientX - from[0]) / box.width + ',' + (event.clientY - from[1]) / box.height}); }
    from = null;
  });
  svg.addEventListener('click', event => { if (moved) event.preventDefault(); }, true);
  map.addEventListener('wheel', event => { event.preventDefault(); if (!map.classList.contains('busy')) go({zoom: event.deltaY > 0 ? 2 : .5}); }, {passive: false});
  map.addEventListener('click', event => { const zoom = event.target.closest('[data-zoom]'); if (zoom) { event.preventDefault(); go({zoom: zoom.dataset.zoom === 'in' ? .5 : 2}); } });
};
moving();
addEventListener('popstate', () => { if (one('[data-map]')) location.reload(); });
