// The page of a meeting being held: lines are saved while they are written, and what the other secretaries wrote comes in. Each form
// says with data-enregistrer that it may be sent so; the server answers line by line. Without this script the buttons do the same.

const pause = 1200; // milliseconds without a key before a form is saved
const veille = 15000; // milliseconds between two looks at what others wrote

/** @param {HTMLElement} page */
export function start(page) {
  const etat = page.querySelector('[data-tenue-etat]');
  const timers = new Map(); // of the forms that are to be saved
  const busy = new Set(); // forms whose answer is awaited
  const say = (text) => { if (etat) etat.textContent = text; };

  page.addEventListener('input', (event) => {
    const form = event.target.closest('[data-enregistrer]');
    if (form && automatic(event.target)) plan(form, event.target.type === 'radio' ? 0 : pause);
  });
  // A form sent by its button is not sent a second time by the timer.
  page.addEventListener('submit', (event) => {
    clearTimeout(timers.get(event.target));
    timers.delete(event.target);
  });
  addEventListener('beforeunload', (event) => { if (timers.size || busy.size) event.preventDefault(); });
  setInterval(refresh, veille);

  /** Whether what is typed in this field is saved by itself: notes and attendance are, a decision is taken by the button. */
  function automatic(field) { return /^(note|etat_|precision_)/.test(field.name); }

  function plan(form, delay) {
    clearTimeout(timers.get(form));
    timers.set(form, setTimeout(() => save(form), delay));
  }

  async function save(form) {
    if (busy.has(form)) { plan(form, pause); return; }
    timers.delete(form);
    busy.add(form);
    const sent = new FormData(form);
    const typed = form.elements.note ? form.elements.note.value : '';
    try {
      const answer = await fetch(form.action, {
        method: 'POST', headers: { Accept: 'application/json' }, body: new URLSearchParams(sent), redirect: 'error',
      });
      apply(form, sent, typed, await answer.json());
    } catch {
      say('Non enregistré\u00a0: le site ne répond pas, ou votre session a expiré. Nouvel essai dans quelques secondes.');
      plan(form, 5 * pause);
    }
    busy.delete(form);
  }

  function apply(form, sent, typed, told) {
    for (const [cle, line] of Object.entries(told.lignes)) {
      if (cle === told.nouvelle) continue;
      set(form, `version_${cle}`, line.version);
      set(form, `empreinte_${cle}`, line.empreinte);
    }
    if (told.nouvelle) grow(form, typed, told);
    for (const cle of told.supprimes || []) form.querySelector(`[data-ligne="${cle}"]`)?.remove();
    for (const [cle, line] of Object.entries(told.conflits)) {
      set(form, `version_${cle}`, line.version);
      set(form, `empreinte_${cle}`, '');
    }
    mark(form, told.conflits);
    const faults = [...(told.fautes || []), ...Object.values(told.conflits).map((line) => line.message)];
    say(faults.length ? faults.join(' ') : `Enregistré à ${told.heure}.`);
  }

  function set(form, name, value) {
    const field = form.elements[name];
    if (field && !(field instanceof RadioNodeList)) field.value = value;
  }

  /** The line that was being added is kept now: it becomes a line like the others, and an empty one takes its place. */
  function grow(form, typed, told) {
    const cle = told.nouvelle;
    const field = form.elements.note;
    const rest = field.value.startsWith(typed) ? field.value : typed;
    const group = field.closest('.fr-input-group');
    const line = document.createElement('div');
    line.dataset.ligne = cle;
    for (const [name, value] of [[`version_${cle}`, told.lignes[cle].version], [`empreinte_${cle}`, told.lignes[cle].empreinte]]) {
      const hidden = document.createElement('input');
      hidden.type = 'hidden';
      hidden.name = name;
      hidden.value = value;
      line.append(hidden);
    }
    const copy = group.cloneNode(true);
    const area = copy.querySelector('textarea');
    const focused = document.activeElement === field;
    const at = field.selectionStart;
    area.name = `note_${cle}`;
    area.id = `${field.id}_${cle}`;
    area.value = rest;
    copy.querySelector('label').htmlFor = area.id;
    copy.querySelector('label').textContent = 'Note';
    copy.querySelector('.fr-messages-group').id = `${area.id}-messages`;
    area.setAttribute('aria-describedby', `${area.id}-messages`);
    line.append(copy);
    form.querySelector('[data-notes]').append(line);
    field.value = '';
    set(form, 'cle', told.cle);
    if (focused) {
      area.focus();
      area.setSelectionRange(at, at);
    }
    if (rest !== typed) plan(form, pause);
  }

  /** Shows beside each line what somebody else wrote in it. */
  function mark(form, conflicts) {
    for (const box of form.querySelectorAll('[id$="-messages"]')) {
      const cle = /(?:note_|etat_)([a-z]?\d+)-messages$/.exec(box.id)?.[1];
      if (!cle) continue;
      box.replaceChildren();
      if (!conflicts[cle]) continue;
      const message = document.createElement('p');
      message.className = 'fr-message fr-message--error';
      message.textContent = conflicts[cle].message;
      box.append(message);
    }
  }

  /** Brings in what others wrote, in the parts where nobody is writing here. */
  async function refresh() {
    if (document.hidden || busy.size || timers.size) return;
    let fresh;
    try {
      const answer = await fetch(location.pathname, { redirect: 'error' });
      if (!answer.ok) return;
      fresh = new DOMParser().parseFromString(await answer.text(), 'text/html');
    } catch {
      return; // the next look will tell
    }
    for (const part of page.querySelectorAll('[data-rafraichir]')) {
      const now = fresh.getElementById(part.id);
      if (now && !part.contains(document.activeElement) && !touched(part)) part.replaceChildren(...now.childNodes);
    }
  }

  /** Whether something is typed in a part that only its button sends. */
  function touched(part) {
    return [...part.querySelectorAll('input:not([type=hidden]), textarea, select')].some((field) => !automatic(field) && field.value !== '' && field.type !== 'radio')
      || [...part.querySelectorAll('textarea[name=note]')].some((field) => field.value !== '')
      || part.querySelector('.fr-message--error') !== null;
  }
}
