// The shop on AWS Lambda: bundled as SAM does it, and called with the events of an HTTP API.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { after, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { Stage, shopAt } from './stage.js';

const stage = await Stage.open('aws-lambda');
const event = JSON.parse(readFileSync(join(stage.folder, 'events', 'notification.json'), 'utf8'));

/** As SAM does, for `node_modules` are not deployed. */
const bundle = join(stage.folder, 'dist', 'handler.cjs');
await build({
  entryPoints: [join(stage.folder, 'handler.js')],
  outfile: bundle,
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'es2022',
  logLevel: 'silent',
});
Object.assign(process.env, stage.env);
const { handler } = (await import(pathToFileURL(bundle).href)).default;

/** API Gateway: what it is asked becomes an event. */
const gateway = createServer(async (request, response) => {
  const { method = '', url = '', headers } = request;
  const body = await text(request);
  const {
    statusCode,
    headers: answered,
    body: answer,
  } = await handler({
    ...event,
    rawPath: url,
    headers,
    requestContext: { ...event.requestContext, domainName: `localhost:${stage.port}`, http: { method, path: url } },
    ...(body ? { body: Buffer.from(body).toString('base64') } : { body: undefined }),
  });
  response.writeHead(statusCode, answered).end(answer);
});
await new Promise((resolve) => gateway.listen(stage.port, () => resolve(undefined)));

after(async () => {
  gateway.close();
  await stage.close();
});

test('the sample event is rejected as unsigned', async () => {
  assert.equal((await handler(event)).statusCode, 400);
});

test('a customer pays on the hosted page, and staff refund', async () => {
  await shopAt(stage);
});
