// The shop on Cloudflare Workers: bundled as wrangler does it, in workerd, each order a durable object.

import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { build } from 'esbuild';
import workerd from 'workerd';
import { Stage, shopAt } from './stage.js';

const stage = await Stage.open('cloudflare-workers');
after(() => stage.close());

const dist = join(stage.folder, 'dist');
await build({
  entryPoints: [join(stage.folder, 'src', 'worker.js')],
  outdir: dist,
  bundle: true,
  format: 'esm',
  conditions: ['workerd'],
  external: ['cloudflare:workers'],
  loader: { '.wasm': 'copy' },
  assetNames: '[name]',
  logLevel: 'silent',
});

const secrets = Object.keys(stage.env).filter((name) => name !== 'PORT');
writeFileSync(
  join(stage.folder, 'config.capnp'),
  `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "main", worker = .worker),
    (name = "internet", network = (allow = ["public", "private"])),
  ],
  sockets = [(name = "http", address = "*:${stage.port}", http = (), service = "main")],
);
const worker :Workerd.Worker = (
  compatibilityDate = "2026-01-01",
  bindings = [
    ${secrets.map((name) => `(name = "${name}", fromEnvironment = "${name}"),`).join('\n    ')}
    (name = "ORDERS", durableObjectNamespace = "Order"),
  ],
  durableObjectNamespaces = [(className = "Order", uniqueKey = "orders", enableSql = true)],
  durableObjectStorage = (inMemory = void),
  modules = [
    (name = "worker.js", esModule = embed "dist/worker.js"),
    (name = "aps_payops_bg.wasm", wasm = embed "dist/aps_payops_bg.wasm"),
  ],
);
`,
);

test('a customer pays on the hosted page, and staff refund', async () => {
  await stage.start([workerd.default ?? workerd, 'serve', 'config.capnp']);
  await shopAt(stage);
});

test('an unknown order is not found', async () => {
  assert.equal((await stage.ask('/orders/none')).status, 404);
});
