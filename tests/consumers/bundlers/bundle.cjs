// Bundles ../page.js with webpack's and Rollup's defaults for a page, and a server with Rollup as the error says.

const { rollup } = require('rollup');
const { nodeResolve } = require('@rollup/plugin-node-resolve');
const commonjs = require('@rollup/plugin-commonjs');
const webpack = require('webpack');

async function main() {
  const page = await rollup({ input: 'page.js', plugins: [nodeResolve()] });
  await page.write({ file: 'dist/rollup.js', format: 'iife' });
  const plugins = [nodeResolve({ exportConditions: ['node'] }), commonjs()];
  const server = await rollup({ input: 'server.js', plugins, onwarn() {} });
  await server.write({ file: 'dist/server.mjs', format: 'es' });
  await new Promise((resolve, reject) => {
    const output = { path: `${__dirname}/dist`, filename: 'webpack.js' };
    webpack({ mode: 'production', target: 'web', entry: './page.js', output }, (error, stats) => {
      if (error || stats.hasErrors()) reject(error ?? new Error(stats.toString()));
      else resolve(undefined);
    });
  });
}

main();
