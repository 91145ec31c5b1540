// Builds the front-end assets into dist/: one style sheet, one script, a tiny theme script that avoids a white flash, the
// State's mark apart, the interactive map apart, the icons. `npm ci && node build.mjs`. Same input, same bytes.
import * as esbuild from 'esbuild';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, extname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { dropDeadProperties, dropSelectors } from './css.mjs';

const root = dirname(fileURLToPath(import.meta.url));
const src = join(root, 'src');
const dist = join(root, 'dist');
const dsfr = join(root, 'node_modules/@gouvfr/dsfr/dist');
const leaflet = join(root, 'node_modules/leaflet/dist');

// The components whose markup web/*.templ writes.
const components = ['link', 'button', 'accordion', 'alert', 'badge', 'breadcrumb', 'callout', 'card', 'checkbox', 'footer', 'form', 'header',
  'highlight', 'input', 'modal', 'navigation', 'notice', 'pagination', 'radio', 'search', 'select', 'skiplink', 'stepper', 'summary', 'tab',
  'table', 'tag', 'tile', 'upload'];

// Icons of the frame are inlined; the others are files of ours, fetched only where they are used.
const inlineIcons = ['theme-fill', 'account-circle-line', 'logout-box-r-line', 'arrow-up-fill', 'download-line'];
const fileIcons = ['add-line', 'alert-line', 'arrow-left-line', 'arrow-right-line', 'calendar-line', 'check-line', 'delete-bin-line', 'edit-line',
  'external-link-line', 'eye-line', 'file-text-line', 'filter-line', 'folder-2-line', 'government-line', 'group-line', 'home-4-line',
  'information-line', 'lock-line', 'mail-line', 'map-pin-2-line', 'phone-line', 'printer-line', 'question-line', 'refresh-line',
  'search-line', 'settings-5-line', 'time-line', 'upload-2-line', 'upload-line', 'user-line'];

// What the DSFR offers and the site does not use. To use one of these, delete its line: nothing is inferred from pages.
const unused = new RegExp([
  '--(green|blue-ecume|blue-cumulus|purple|pink|yellow|orange|brown|beige)-', // illustrative colours
  '\\.fr-[mp][a-z]?-(n\\d|first-|[a-z]+-n\\d)', // negative and first-breakpoint spacings
  '\\.fr-table(--[\\w-]+)?\\s*>\\s*table', // table markup of before version 1.12
  'fr-table--(bordered|layout|multiline|caption-bottom|no-scroll)|row-select|fr-cell--(fixed|multiline|top|bottom)', // tables with selection
  'fr-card--(horizontal|download)|fr-card__(img|header|link)|fr-tile--(horizontal|download)|fr-tile__(header|img|pictogram)', // pictures
  'fr-radio-rich|fr-(segmented|toggle|range)', // rich radio buttons
  'fr-btn--(account|briefcase|team|fullscreen|tooltip|sort)|fr-btns-group--(equisized|right|center|between|lg)|fr-btns-group--inline-(sm|lg)',
  'fr-artwork|fr-ratio|fr-responsive|fr-enlarge-button', // pictograms and media
  'fr-footer__(top|partners)|fr-header__operator|fr-mega-menu|fr-translate',
  'fr-tag--dismiss|fr-tag\\[aria-pressed|fr-notice--(weather|attack|witness|cyber|kidnapping|alert-)',
  'fr-notice--no-icon|fr-callout__img|fr-form-group--|fr-fieldset__content',
].join('|'));

const manifest = {};
const files = new Map(); // written at the end: a build that fails leaves dist/ as it was

/** Adds a file under its content hash, with compressed siblings, and records it. */
function emit(name, content) {
  const data = Buffer.from(content);
  const ext = extname(name);
  const hash = createHash('sha256').update(data).digest('hex').slice(0, 10);
  const file = `${name.slice(0, -ext.length)}-${hash}${ext}`;
  files.set(file, data);
  if (ext !== '.woff2') {
    const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: data.length };
    files.set(`${file}.br`, brotliCompressSync(data, { params }));
    files.set(`${file}.gz`, gzipSync(data, { level: 9 }));
  }
  manifest[name] = file;
  return file;
}

/** An SVG file as a data: address, percent-encoded only where needed: it compresses better than base64. */
function dataURI(file) {
  const svg = readFileSync(file, 'utf8').replace(/>\s+</g, '><').trim().replace(/"/g, "'");
  return `url("data:image/svg+xml,${svg.replace(/[%#<>]/g, encodeURIComponent)}")`;
}

/** Reads a style sheet and hands the address of each file that it refers to to place(). */
function sheet(file, place) {
  return readFileSync(file, 'utf8').replace(/^\uFEFF/, '').replace(/@charset "UTF-8";/gi, '')
    .replace(/url\((["']?)(?!data:|#)([^"')]+)\1\)/g, (_, q, path) => place(resolve(dirname(file), path)));
}

const minify = (css) => esbuild.transformSync(css, { loader: 'css', minify: true, legalComments: 'none' }).code.trim();
const own = (name) => readFileSync(join(src, name), 'utf8');

/** The rules of the chosen icons, each with its drawing inlined or as a file. */
function icons() {
  const folder = join(dsfr, 'icons');
  const drawings = new Map(readdirSync(folder).sort().flatMap((family) => readdirSync(join(folder, family)).sort()
    .filter((f) => f.endsWith('.svg')).map((f) => [f.slice(0, -4).replace(/^fr--/, ''), join(folder, family, f)])));
  return [...inlineIcons, ...fileIcons].map((name) => {
    const drawing = drawings.get(name);
    if (!drawing) throw new Error(`no icon named ${name} in the DSFR`);
    const image = inlineIcons.includes(name) ? dataURI(drawing) : `url("${emit(`icons/${name}.svg`, readFileSync(drawing))}")`;
    return `.fr-icon-${name}::before,.fr-icon-${name}::after{-webkit-mask-image:${image};mask-image:${image}}`;
  }).join('');
}

/** app.css: the DSFR without the State's mark and fonts, without what the site does not use, then our own rules. */
function styles(readers) {
  const parts = ['core/core.main.min.css', 'scheme/scheme.min.css', ...components.map((c) => `component/${c}/${c}.main.min.css`)];
  const fonts = /\/fonts\//; // dropped with their @font-face just below
  let css = minify(parts.map((p) => sheet(join(dsfr, p), (f) => (fonts.test(f) ? 'url(x)' : dataURI(f)))).join('\n'));
  css = dropSelectors(css, unused, ['@font-face']);
  css = css.replace(/Marianne,\s*arial,\s*sans-serif/gi, 'var(--police)');
  css += icons() + ['base.css', 'composants.css', 'graphique.css', 'carte.css', 'quartiers.css', 'comites.css', 'matrice.css', 'sans-js.css', 'impression.css', 'fiche.css', 'comparer.css', 'diagnostic.css', 'cis.css'].map(own).join('\n');
  return dropDeadProperties(minify(css), readers);
}

/** etat.css: bloc-marque and Marianne, for a body authorised to use them. */
function stateMark() {
  const woff2 = (f) => (existsSync(f) && f.endsWith('.woff2') ? `url("${emit(`fonts/${f.split('/').pop()}`, readFileSync(f))}")` : 'url("absent")');
  const faces = [...readFileSync(join(dsfr, 'core/core.main.css'), 'utf8').matchAll(/@font-face\s*{[^}]*}/g)].map((m) => m[0])
    .filter((face) => /Marianne/.test(face) && !/Light/.test(face))
    .map((face) => face.replace(/,\s*url\([^)]*\.woff"\)\s*format\("woff"\)/, '')
      .replace(/url\("([^"]+)"\)/, (_, p) => woff2(resolve(dsfr, 'core', p))));
  return minify(`${faces.join('')}${sheet(join(dsfr, 'component/logo/logo.main.min.css'), dataURI)}${own('etat.css')}`);
}

function script(entry, options) {
  const out = esbuild.buildSync({
    entryPoints: [join(src, entry)], bundle: true, write: false, minify: true, legalComments: 'none', target: ['es2020'], logLevel: 'warning', ...options,
  });
  return out.outputFiles[0].text;
}

const mark = stateMark();
const map = minify(`${sheet(join(leaflet, 'leaflet.css'), () => 'none')}${own('leaflet.css')}`);
emit('app.css', styles(mark + map));
emit('etat.css', mark);
emit('carte.css', map);
emit('app.js', script('app.js', { format: 'iife' }));
emit('theme.js', script('theme.js', { format: 'iife' }));
emit('carte.js', script('leaflet.js', { format: 'esm' }));
emit('tenue.js', script('tenue.js', { format: 'esm' }));
emit('favicon.svg', own('favicon.svg').trim());
files.set('manifest.json', `${JSON.stringify(manifest, Object.keys(manifest).sort(), 1)}\n`);
files.set('.gitkeep', '');

for (const [name, content] of files) {
  mkdirSync(dirname(join(dist, name)), { recursive: true });
  writeFileSync(join(dist, name), content);
}
for (const entry of readdirSync(dist, { recursive: true, withFileTypes: true })) {
  const path = join(entry.parentPath ?? entry.path, entry.name);
  if (entry.isFile() && !files.has(relative(dist, path))) rmSync(path); // left by an earlier build
}

let total = 0;
for (const name of ['app.css', 'app.js', 'theme.js', 'etat.css', 'carte.css', 'carte.js', 'favicon.svg']) {
  const size = files.get(`${manifest[name]}.br`).length;
  if (['app.css', 'app.js', 'theme.js'].includes(name)) total += size;
  console.log(`${name.padEnd(12)} ${(size / 1000).toFixed(1).padStart(6)} kB brotli`);
}
console.log(`every page   ${(total / 1000).toFixed(1).padStart(6)} kB brotli`);
