// Pasting a block of cells copied from a spreadsheet into a grid of inputs: it fills the cells from the one that has the focus on. A block
// that goes beyond the grid is refused whole, and said so: nothing is ever lost in silence.

/** The inputs of a grid for figures, row by row; tables of a form are one under another. */
function rows(table) {
  return [...table.querySelectorAll('tbody tr')].map((row) => [...row.querySelectorAll('input[inputmode]')]);
}

function say(form, text) {
  const told = form.querySelector('[data-grille-avis]');
  told.textContent = text;
  told.classList.remove('fr-sr-only');
}

document.addEventListener('paste', (event) => {
  const input = event.target.closest?.('[data-grille] input[inputmode]');
  const text = event.clipboardData?.getData('text/plain') ?? '';
  if (!input || !/[\t\n]/.test(text.trim())) return;
  event.preventDefault();
  const form = input.form;
  const block = text.replace(/\r\n?/g, '\n').replace(/\n+$/, '').split('\n').map((line) => line.split('\t'));
  const cells = rows(input.closest('table'));
  const top = cells.findIndex((row) => row.includes(input));
  const left = cells[top].indexOf(input);
  const beyond = block.some((line, y) => line.some((_, x) => !cells[top + y]?.[left + x]));
  if (beyond) {
    say(form, 'Ce bloc dépasse la grille : rien n’a été collé. Vérifiez la cellule de départ.');
    return;
  }
  let count = 0;
  block.forEach((line, y) => line.forEach((value, x) => {
    cells[top + y][left + x].value = value.trim();
    count += 1;
  }));
  say(form, `${count} cellules collées. Vérifiez-les, puis enregistrez la grille.`);
});
