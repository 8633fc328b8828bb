// npm start:             the shop at a localhost URL
// npm start -- --once:   a tour in the terminal instead
// Orders and payments are kept in PostgreSQL if DATABASE_URL is set, otherwise in the folder .cache/shop.
import { parseArgs } from 'node:util';
import { ConfigurationError } from 'aps-payops';
import { FOLDER } from './data.js';
import { startShop } from './serve.js';
import { tour } from './tour.js';

const { values } = parseArgs({ options: { once: { type: 'boolean' }, port: { type: 'string' } } });

if (values.once) process.exitCode = (await tour()) === 0 ? 0 : 1;
else await serve();

async function serve() {
  const wanted = values.port || process.env.PORT || '0';
  const port = Number(wanted);
  if (!/^\d+$/.test(wanted) || port > 65_535) {
    console.error('PORT must be a number from 0 to 65535; 0 takes any that is free.');
    process.exitCode = 1;
    return;
  }
  const folder = process.env.SHOP_FOLDER || FOLDER;
  let shop;
  try {
    shop = await startShop({ port, env: process.env, data: process.env.DATABASE_URL || folder, books: folder });
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    console.error(error.message);
    process.exitCode = 1;
    return;
  }
  const { url, gateway, close } = shop;
  console.log(`Gateway: ${gateway}`);
  console.log(`Payment desk: ${url}`);
  console.log(`Orders are kept in ${process.env.DATABASE_URL ? 'PostgreSQL (DATABASE_URL)' : folder}. Ctrl-C ends it.`);
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, close);
}
