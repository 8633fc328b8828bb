// Generates dictionary.json, JavaScript data, types and docs/reference.md from the tables in Rust.

import { runOrFail } from './run.js';
import { step } from './step.js';

const generator = ['run', '--locked', '--features', 'reference', '--bin', 'generate', '--'];

/** Writes pkg/generated. docs/reference.md is kept in git, so only `npm run generate` writes that. */
export async function generate() {
  await step(
    'generated data and types',
    { inputs: ['src', 'build.rs', 'Cargo.toml', 'Cargo.lock'], outputs: ['pkg/generated/fields.js'] },
    async () => void (await runOrFail('the generator', 'cargo', [...generator, '--out', 'pkg/generated'])),
  );
}

/** Writes docs/reference.md as well. */
export async function generateDocs() {
  await runOrFail('the generator', 'cargo', [...generator, '--out', 'pkg/generated', '--docs', 'docs']);
}

/** The command that fails when docs/reference.md is stale. */
export const checkDocs = ['cargo', ...generator, '--check', '--docs', 'docs'];
