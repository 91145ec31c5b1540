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

// The page of a meeting being held has a script of its own.
const held = document.querySelector('[data-tenue]');
if (held) import(held.dataset.tenue).then((module) => module.start(held), console.warn);

document.addEventListener('click', (event) => {
  const button = event.target.closest?.('button');
  if (button?.matches('[data-imprimer]')) window.print();
  if (button?.matches('[data-carte]')) toggleMap(button);
  if (button?.matches('[data-position]')) locate(button);
});

/** Beyond so many metres, where the device says that it is would give a wrong answer. */
const farthest = 150;

/** Fills in and sends a form with the place where the device is. */
function locate(button) {
  const status = button.nextElementSibling;
  const fields = button.dataset.position.split(' ').map((id) => document.getElementById(id));
  const fail = (text) => {
    status.textContent = text;
    button.disabled = false;
  };
  if (!navigator.geolocation) return fail('Votre appareil ne donne pas sa position\u00a0: indiquez les coordonnées.');
  button.disabled = true;
  status.textContent = 'Recherche de votre position…';
  navigator.geolocation.getCurrentPosition(
    ({ coords }) => {
      const near = Math.ceil(coords.accuracy);
      if (near > farthest) return fail(`Votre appareil ne donne sa position qu’à ${near.toLocaleString('fr-FR')}\u00a0m près\u00a0: c’est trop peu pour répondre. Indiquez l’adresse ou les coordonnées.`);
      fields[0].value = coords.latitude.toFixed(6);
      fields[1].value = coords.longitude.toFixed(6);
      button.disabled = false;
      button.form.requestSubmit();
    },
    () => fail('Votre position n’a pas pu être connue, ou vous ne l’avez pas permis\u00a0: indiquez l’adresse ou les coordonnées.'),
    { enableHighAccuracy: true, timeout: 15000, maximumAge: 60000 },
  );
}

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

// The toolbar of a text: each button writes its signs around what is chosen, and gives the field the focus back.
document.addEventListener('click', (event) => {
  const button = event.target.closest?.('[data-barre] button');
  if (!button) return;
  const field = document.getElementById(button.parentElement.dataset.barre);
  const { avant = '', apres = '' } = button.dataset;
  const { selectionStart: start, selectionEnd: end, value } = field;
  // A sign that begins a line needs no line end where the line is empty already.
  const before = avant.startsWith('\n') && (start === 0 || value[start - 1] === '\n') ? avant.slice(1) : avant;
  field.focus();
  field.setRangeText(before + value.slice(start, end) + apres, start, end, 'end');
  if (start === end) field.setSelectionRange(start + before.length, start + before.length);
});
