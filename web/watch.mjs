// Builds the assets again at each change of src/, for `make dev`.
import { spawnSync } from 'node:child_process';
import { watch } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const web = dirname(fileURLToPath(import.meta.url));
let waiting;
watch(join(web, 'src'), { recursive: true }, () => {
  clearTimeout(waiting); // an editor writes a file in several steps
  waiting = setTimeout(() => spawnSync(process.execPath, [join(web, 'build.mjs')], { stdio: 'inherit' }), 100);
});
