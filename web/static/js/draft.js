// What a guest typed goes with them to other dates and other houses: in this tab, until they booked.
try {
  const form = one('#details'), kept = ['name', 'email', 'phone', 'country', 'requests'];
  const fields = form ? kept.map(name => form.elements[name]) : [];
  const typed = JSON.parse(sessionStorage.getItem('draft') ?? '{}');
  for (const field of fields) if (!field.value && typed[field.name]) field.value = typed[field.name];
  if (form) addEventListener('pagehide', () => sessionStorage.setItem('draft', JSON.stringify(Object.fromEntries(fields.map(f => [f.name, f.value])))));
  if (one('.card.code')) sessionStorage.removeItem('draft');
} catch { /* a browser that keeps nothing */ }
