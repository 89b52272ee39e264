// Rooms and children that nobody asked for are out of sight until one adds them.
for (const party of all('[data-party]')) {
  const rooms = all('[data-room]', party), more = one('[data-more]', party);
  const used = room => one('select', room).value !== '';
  const tidy = () => {
    let free = false;
    for (const room of rooms) {
      room.hidden = !used(room) && !room.dataset.wanted;
      free ||= room.hidden;
      let spare = false;
      for (const child of all('[data-child]', room)) { const empty = one('select', child).value === ''; child.hidden = empty && spare; spare ||= empty; }
    }
    more.hidden = !free;
  };
  more.addEventListener('click', () => {
    const next = rooms.find(room => room.hidden);
    next.dataset.wanted = '1'; one('select', next).value = '2'; tidy(); one('select', next).focus();
  });
  party.addEventListener('change', event => { delete event.target.closest('[data-room]')?.dataset.wanted; tidy(); });
  tidy();
}
