// A filter works when it is touched; the page that comes is a page as any other.
const narrowed = one('.filters');
if (narrowed) {
  let timer;
  narrowed.addEventListener('change', () => { clearTimeout(timer); timer = setTimeout(() => one('#search').requestSubmit(), 250); });
}
