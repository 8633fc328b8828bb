// Bundles ../page.js for an app with Metro, in React Native's conditions.

const { writeFileSync } = require('node:fs');
const Metro = require('metro');

async function main() {
  const config = await Metro.loadConfig(
    {},
    {
      projectRoot: __dirname,
      resolver: { unstable_conditionNames: ['react-native'], unstable_enablePackageExports: true },
      transformer: { babelTransformerPath: require.resolve('@react-native/metro-babel-transformer') },
      maxWorkers: 1,
      cacheStores: [],
      reporter: { update() {} },
    },
  );
  const { code } = await Metro.runBuild(config, { entry: 'page.js', dev: false, minify: false, platform: 'ios' });
  writeFileSync('bundle.txt', code);
}

main();
