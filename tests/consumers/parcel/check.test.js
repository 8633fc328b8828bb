// Parcel, which ignores `exports` by default, and with `packageExports`.

import { copyFileSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { assertPageBundle } from '../page-bundle.js';
import { project } from '../project.js';
import { printRow } from '../runtimes.js';

const { path, skip, run } = project('parcel');

for (const [row, packageExports] of /** @type {const} */ ([
  ['Parcel, page, by default', undefined],
  ['Parcel, page, with `packageExports`', true],
])) {
  test(row, { skip }, (t) => {
    copyFileSync(join(import.meta.dirname, '..', 'page.js'), join(path, 'page.js'));
    const file = join(path, 'package.json');
    const manifest = JSON.parse(readFileSync(file, 'utf8'));
    const resolver = { '@parcel/resolver-default': { packageExports } };
    writeFileSync(file, JSON.stringify({ ...manifest, ...resolver }));
    const dist = join(path, 'dist');
    rmSync(dist, { recursive: true, force: true });
    run(['node_modules/parcel/lib/bin.js', 'build', 'index.html', '--no-cache', '--no-source-maps']);
    const scripts = readdirSync(dist).filter((name) => name.endsWith('.js'));
    assertPageBundle(scripts.map((name) => readFileSync(join(dist, name), 'utf8')).join('\n'));
    printRow(t, row);
  });
}
