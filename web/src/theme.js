// Runs before the first paint: says that scripts run, and sets the theme chosen earlier, so that a dark page never flashes.
const page = document.documentElement;
page.classList.add('js');
let scheme = 'system';
try {
  scheme = localStorage.getItem('scheme') || scheme;
} catch {
  // storage refused by the reader: the system's choice holds
}
const dark = scheme === 'dark' || (scheme === 'system' && matchMedia('(prefers-color-scheme: dark)').matches);
page.dataset.frTheme = dark ? 'dark' : 'light';
