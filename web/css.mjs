// A small reader of minified CSS, enough to drop what can never apply: rules for modifiers that the site does not use and
// custom properties that nothing reads. It never guesses from pages: the DSFR's scripts build class names.

/** Cuts a style sheet into top-level pieces: {prelude, body} for blocks, {statement} for @charset and the like. */
function pieces(css) {
  const out = [];
  let start = 0;
  for (let i = 0; i < css.length; i++) {
    const c = css[i];
    if (c === '"' || c === "'") {
      i = endOfString(css, i);
    } else if (c === ';') {
      out.push({ statement: css.slice(start, i + 1) });
      start = i + 1;
    } else if (c === '{') {
      const end = endOfBlock(css, i);
      out.push({ prelude: css.slice(start, i).trim(), body: css.slice(i + 1, end) });
      start = i = end + 1;
      i--;
    }
  }
  return out;
}

function endOfString(css, i) {
  const quote = css[i];
  for (i++; css[i] !== quote; i++) if (css[i] === '\\') i++;
  return i;
}

function endOfBlock(css, i) {
  for (let depth = 0; i < css.length; i++) {
    const c = css[i];
    if (c === '"' || c === "'") i = endOfString(css, i);
    else if (c === '{') depth++;
    else if (c === '}' && --depth === 0) return i;
  }
  throw new Error('unbalanced braces in a style sheet');
}

/** Splits at a separator outside strings and brackets. */
function split(text, separator) {
  const out = [];
  let depth = 0;
  let start = 0;
  for (let i = 0; i < text.length; i++) {
    const c = text[i];
    if (c === '"' || c === "'") i = endOfString(text, i);
    else if (c === '(' || c === '[') depth++;
    else if (c === ')' || c === ']') depth--;
    else if (c === separator && depth === 0) {
      out.push(text.slice(start, i));
      start = i + 1;
    }
  }
  out.push(text.slice(start));
  return out.filter((s) => s.trim() !== '');
}

const nested = /^@(media|supports|layer)/;

/** Removes the selectors that match unused, and the at-rules named in dropAtRules. */
export function dropSelectors(css, unused, dropAtRules = []) {
  return pieces(css).map((p) => {
    if (p.statement) return p.statement;
    if (dropAtRules.some((name) => p.prelude.startsWith(name))) return '';
    if (nested.test(p.prelude)) {
      const body = dropSelectors(p.body, unused, dropAtRules);
      return body === '' ? '' : `${p.prelude}{${body}}`;
    }
    if (p.prelude.startsWith('@')) return `${p.prelude}{${p.body}}`;
    const kept = split(p.prelude, ',').filter((s) => !unused.test(s));
    return kept.length === 0 ? '' : `${kept.join(',')}{${p.body}}`;
  }).join('');
}

/** Removes custom properties that no var() reads, here or in the other sheets given as readers, until nothing changes. */
export function dropDeadProperties(css, readers = '') {
  for (;;) {
    const read = new Set([...(css + readers).matchAll(/var\(\s*(--[\w-]+)/g)].map((m) => m[1]));
    const next = dropDeclarations(css, (name) => name.startsWith('--') && !read.has(name));
    if (next.length === css.length) return css;
    css = next;
  }
}

function dropDeclarations(css, dead) {
  return pieces(css).map((p) => {
    if (p.statement) return p.statement;
    if (nested.test(p.prelude)) {
      const body = dropDeclarations(p.body, dead);
      return body === '' ? '' : `${p.prelude}{${body}}`;
    }
    if (p.prelude.startsWith('@')) return `${p.prelude}{${p.body}}`;
    const kept = split(p.body, ';').filter((d) => !dead(d.slice(0, d.indexOf(':')).trim()));
    return kept.length === 0 ? '' : `${p.prelude}{${kept.join(';')}}`;
  }).join('');
}
