// What follows makes pages quicker to use; none of them needs it.
const all = (selector, within = document) => [...within.querySelectorAll(selector)];
const one = (selector, within = document) => within.querySelector(selector);
const root = document.documentElement;
root.classList.add('scripted');

// One place to open and close what lies above a page.
document.addEventListener('click', event => {
  for (const open of all('details.menu[open], details.guests[open]')) if (!open.contains(event.target)) open.open = false;
});
document.addEventListener('keydown', event => {
  if (event.key !== 'Escape') return;
  for (const open of all('details.menu[open], details.guests[open]')) { open.open = false; one('summary', open).focus(); }
});
// Filters lie open beside a list, and folded above it.
const folds = () => { if (matchMedia('(max-width: 59.99rem)').matches || one('.with-map')) for (const d of all('[data-fold]')) d.open = false; };
folds();
for (const button of all('[data-print]')) { button.hidden = false; button.addEventListener('click', () => print()); }
