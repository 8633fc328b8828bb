// The bill of materials of what is published (SPDX 2.3): npm's own, and the crates that are compiled into the wasm.

import { readFileSync } from 'node:fs';
import { at } from './paths.js';
import { Problem, runOrFail } from './run.js';

/** Licences of crates that may be compiled into what we ship; deny.toml has the same list. */
export const LICENCES = ['MIT', 'Apache-2.0', 'BSD-3-Clause', 'Unicode-3.0', 'Zlib', 'Unlicense'];

/**
 * @typedef {{ id: string, name: string, version: string, license: string | null, source: string | null,
 *   targets: { kind: string[] }[] }} Crate
 */

/** The crates whose code is in the wasm of server and page. @returns {Promise<Crate[]>} */
async function shippedCrates() {
  const args = ['metadata', '--format-version', '1', '--locked', '--filter-platform', 'wasm32-unknown-unknown'];
  const text = await runOrFail('cargo metadata', 'cargo', [...args, '--features', 'server']);
  /** @type {{ packages: Crate[], resolve: any }} */
  const { packages, resolve } = JSON.parse(text.slice(text.indexOf('{"')));
  /** @type {Map<string, any>} */
  const nodes = new Map(resolve.nodes.map((/** @type {any} */ node) => [node.id, node]));
  /** What only the compiler runs. */
  const macros = packages.filter(({ targets }) => targets.some(({ kind }) => kind.includes('proc-macro')));
  const found = new Set(macros.map(({ id }) => id));
  const queue = [resolve.root];
  for (let id = queue.pop(); id !== undefined; id = queue.pop()) {
    for (const { pkg, dep_kinds } of nodes.get(id)?.deps ?? []) {
      // A kind of null is a normal dependency: neither of tests nor of build scripts.
      if (found.has(pkg) || !dep_kinds.some((/** @type {any} */ { kind }) => kind === null)) continue;
      found.add(pkg);
      queue.push(pkg);
    }
  }
  return packages.filter((/** @type {Crate} */ own) => found.has(own.id) && !macros.includes(own));
}

/** Whether a licence expression lets us choose one of the list: `MIT OR Apache-2.0`, `MIT AND Unicode-3.0`. */
export const isAllowed = (/** @type {string | null} */ expression) =>
  (expression ?? '')
    .replaceAll('/', ' OR ')
    .split(' AND ')
    .every((part) =>
      part
        .replace(/[()]/g, '')
        .split(' OR ')
        .some((one) => LICENCES.includes(one.trim())),
    );

/** @returns {Promise<Record<string, any>>} the SPDX document */
export async function billOfMaterials() {
  const text = await runOrFail('npm sbom', 'npm', [
    ...[
      'sbom',
      '--sbom-format',
      'spdx',
      '--package-lock-only',
      '--omit',
      'dev',
      '--omit',
      'optional',
      '--omit',
      'peer',
    ],
  ]);
  const document = JSON.parse(text.slice(text.indexOf('{')));
  const root = document.documentDescribes[0];
  const lock = readFileSync(at('Cargo.lock'), 'utf8');
  for (const { name, version, license, source } of await shippedCrates()) {
    if (!isAllowed(license)) throw new Problem(`${name} ${version} has the licence ${license}: see deny.toml`);
    const entry = lock
      .split('[[package]]')
      .find((each) => each.includes(`\nname = "${name}"\nversion = "${version}"\n`));
    const checksum = /^checksum = "(.*)"$/m.exec(entry ?? '')?.[1];
    if (source && !checksum) throw new Problem(`${name} ${version} has no checksum in Cargo.lock`);
    const id = `SPDXRef-Package-cargo-${name}-${version}`.replace(/[^A-Za-z0-9.-]/g, '-');
    document.packages.push({
      name,
      SPDXID: id,
      versionInfo: version,
      downloadLocation: 'NOASSERTION',
      filesAnalyzed: false,
      licenseDeclared: (license ?? 'NOASSERTION').replaceAll('/', ' OR '),
      ...(checksum && { checksums: [{ algorithm: 'SHA256', checksumValue: checksum }] }),
      externalRefs: [
        {
          referenceCategory: 'PACKAGE-MANAGER',
          referenceType: 'purl',
          referenceLocator: `pkg:cargo/${name}@${version}`,
        },
      ],
    });
    document.relationships.push({ spdxElementId: root, relatedSpdxElement: id, relationshipType: 'CONTAINS' });
  }
  return document;
}
