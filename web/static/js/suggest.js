// Places, while one types: a combobox as the ARIA practices describe it.
for (const field of all('[data-suggest]')) {
  const input = one('input[name=place]', field), at = one('input[name=at]', field);
  const list = document.createElement('ul');
  list.id = 'suggestions'; list.className = 'list pop'; list.hidden = true; list.setAttribute('role', 'listbox');
  list.setAttribute('aria-label', one('label', field).textContent);
  field.append(list);
  input.removeAttribute('list');
  for (const [name, value] of Object.entries({role: 'combobox', 'aria-expanded': 'false', 'aria-controls': list.id, 'aria-autocomplete': 'list'})) input.setAttribute(name, value);
  let timer, asked = 0, current = -1;
  const options = () => all('[role=option]', list);
  const show = on => { list.hidden = !on; input.setAttribute('aria-expanded', on); if (!on) { current = -1; input.removeAttribute('aria-activedescendant'); } };
  const point = to => {
    const items = options();
    current = (to + items.length) % items.length;
    items.forEach((item, i) => { item.id = 'suggestion-' + i; item.setAttribute('aria-selected', i === current); });
    input.setAttribute('aria-activedescendant', 'suggestion-' + current);
  };
  const take = item => { asked++; clearTimeout(timer); input.value = item.dataset.name; at.value = item.dataset.value; show(false); };
  const ask = async () => {
    const turn = ++asked;
    const answer = await fetch(field.dataset.suggest + '?q=' + encodeURIComponent(input.value)).catch(() => null);
    if (!answer?.ok || turn !== asked || document.activeElement !== input) return;
    list.innerHTML = await answer.text();
    if (turn === asked) show(options().length > 0);
  };
  input.addEventListener('input', () => { at.value = ''; clearTimeout(timer); timer = setTimeout(ask, 120); });
  input.addEventListener('focus', () => { input.select(); if (!input.value) ask(); });
  input.addEventListener('blur', () => setTimeout(() => show(false), 150));
  list.addEventListener('mousedown', event => { const item = event.target.closest('[role=option]'); if (item) { event.preventDefault(); take(item); } });
  input.addEventListener('keydown', event => {
    if (list.hidden || !options().length) return;
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') { event.preventDefault(); point(current + (event.key === 'ArrowDown' ? 1 : current < 0 ? 0 : -1)); }
    if (event.key === 'Enter' && current >= 0) { event.preventDefault(); take(options()[current]); }
    if (event.key === 'Escape') show(false);
  });
}
