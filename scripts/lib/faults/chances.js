// Seeded random numbers.

/**
 * @param {string} seed
 * @returns {() => number} from 0 to 1, a new one each time (mulberry32)
 */
export function chancesOf(seed) {
  let state = 2166136261;
  for (const character of seed) state = Math.imul(state ^ character.charCodeAt(0), 16777619);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/**
 * Picks one of several things by their shares.
 * @template {string} T
 * @param {Record<T, number>} shares of 1; what is left is nothing
 * @param {number} chance
 * @returns {T | undefined}
 */
export function chosenOf(shares, chance) {
  let left = chance;
  for (const [name, share] of /** @type {[T, number][]} */ (Object.entries(shares))) {
    if (left < share) return name;
    left -= share;
  }
  return undefined;
}
