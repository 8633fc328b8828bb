// Bundles ../page.js with webpack's and Rollup's defaults for a page, in every format; and a server with webpack for Node, and
// with Rollup as the error says.

const { rollup } = require('rollup');
const { nodeResolve } = require('@rollup/plugin-node-resolve');
const commonjs = require('@rollup/plugin-commonjs');
const webpack = require('webpack');

/** @param {import('webpack').Configuration} configuration */
const pack = (configuration) =>
  new Promise((resolve, reject) => {
    webpack({ mode: 'production', ...configuration }, (error, stats) => {
      if (error || stats.hasErrors()) reject(error ?? new Error(stats.toString()));
      else resolve(undefined);
    });
  });

async function main() {
  for (const [name, plugins] of Object.entries({
    rollup: [nodeResolve()],
    'rollup-cjs': [commonjs(), nodeResolve()],
  })) {
    const page = await rollup({ input: 'page.js', plugins });
    await page.write({ file: `dist/${name}.js`, format: 'iife' });
    for (const format of ['umd', 'cjs']) await page.write({ file: `dist/${name}-${format}.js`, format, name: 'shop' });
  }
  const plugins = [nodeResolve({ exportConditions: ['node'] }), commonjs()];
  const server = await rollup({ input: 'server.js', plugins, onwarn() {} });
  await server.write({ file: 'dist/server.mjs', format: 'es' });
  await server.write({ file: 'dist/server.cjs', format: 'cjs' });
  const output = (/** @type {string} */ filename) => ({ path: `${__dirname}/dist`, filename });
  for (const [target, filename] of [
    ['web', 'webpack.js'],
    ['webworker', 'webpack-worker.js'],
    ['electron-renderer', 'webpack-renderer.js'],
  ]) {
    await pack({ target, entry: './page.js', output: output(filename) });
  }
  await pack({ target: 'node', entry: './server.js', output: output('webpack-server.cjs') });
}

main();
