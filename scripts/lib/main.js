// The frame of a command: a Problem is printed as it is, anything else with its stack.

import { Problem } from './run.js';

/** @param {() => Promise<void>} work */
export async function main(work) {
  try {
    await work();
  } catch (error) {
    console.error(error instanceof Problem ? `\n${error.message}` : error);
    process.exit(1);
  }
}
