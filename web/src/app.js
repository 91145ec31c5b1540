// The script of every page. Nothing here is needed to read or to send: it adds comfort.
import './dsfr.js';
import '@gouvfr/dsfr/src/dsfr/scheme/main.js';
import '@gouvfr/dsfr/src/dsfr/component/accordion/main.js';
import '@gouvfr/dsfr/src/dsfr/component/breadcrumb/main.js';
import '@gouvfr/dsfr/src/dsfr/component/modal/main.js';
import '@gouvfr/dsfr/src/dsfr/component/header/main.js';
import '@gouvfr/dsfr/src/dsfr/component/navigation/main.js';
import '@gouvfr/dsfr/src/dsfr/component/tab/main.js';
import '@gouvfr/dsfr/src/dsfr/component/display/main.js';
import './grille.js';

// A refused form is announced: the focus goes to the list of faults.
document.getElementById('erreurs')?.focus();

// The DSFR leaves Escape to a field that has the focus; in a modal it must close the modal all the same.
document.addEventListener('keydown', (event) => {
  if (event.key !== 'Escape' || !event.target.matches?.('input, select, textarea')) return;
  event.target.closest('.fr-modal--opened')?.querySelector('.fr-btn--close')?.click();
});

document.addEventListener('click', (event) => {
  const button = event.target.closest?.('button');
  if (button?.matches('[data-imprimer]')) window.print();
  if (button?.matches('[data-carte]')) toggleMap(button);
});

/** Shows the interactive map in place of the drawn one, or the drawn one again. Leaflet is fetched on the first click. */
async function toggleMap(button) {
  const host = document.getElementById(button.dataset.carte);
  const drawn = host.querySelector('.carte__svg');
  const status = host.querySelector('.carte__etat');
  let live = host.querySelector('.carte__interactive');
  if (live) {
    live.remove();
    drawn.removeAttribute('hidden');
    button.textContent = 'Carte interactive';
    return;
  }
  button.disabled = true;
  status.textContent = 'Chargement de la carte…';
  live = document.createElement('div');
  live.className = 'carte__interactive';
  try {
    const [module] = await Promise.all([import(button.dataset.script), stylesheet(button.dataset.style)]);
    const contours = await fetch(button.dataset.geojson);
    if (!contours.ok) throw new Error(`contours: ${contours.status}`);
    drawn.before(live);
    drawn.setAttribute('hidden', '');
    live.setAttribute('role', 'region');
    live.setAttribute('aria-label', `Carte interactive\u00a0: ${drawn.querySelector('title').textContent}`);
    module.show(live, await contours.json(), { fond: button.dataset.fond, source: button.dataset.source });
    button.textContent = 'Revenir à la carte fixe';
    status.textContent = '';
  } catch (error) {
    live.remove();
    drawn.removeAttribute('hidden');
    status.textContent = 'La carte interactive n’a pas pu être chargée. La carte fixe reste disponible.';
    console.warn(error);
  }
  button.disabled = false;
}

/** Loads a style sheet once. */
function stylesheet(href) {
  if (document.querySelector(`link[href="${href}"]`)) return Promise.resolve();
  return new Promise((done, fail) => {
    const link = document.createElement('link');
    link.rel = 'stylesheet';
    link.href = href;
    link.onload = done;
    link.onerror = () => fail(new Error(href));
    document.head.append(link);
  });
}
