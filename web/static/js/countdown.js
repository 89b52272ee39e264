// How long a room is still kept, by the server's clock.
for (const held of all('[data-until]')) {
  const ends = performance.now() + (held.dataset.until - held.dataset.now) * 1000, clock = one('[data-clock]', held);
  const tick = () => {
    const left = Math.max(0, Math.round((ends - performance.now()) / 1000));
    clock.textContent = held.dataset.left.replace('%', Math.floor(left / 60) + ':' + String(left % 60).padStart(2, '0'));
    held.classList.toggle('soon', left < 120);
    if (left > 0) return void setTimeout(tick, 1000);
    held.setAttribute('role', 'alert');
    for (const part of all('[data-live]')) part.hidden = true;
    for (const part of all('[data-over]')) part.hidden = false;
  };
  held.removeAttribute('role');
  tick();
}
