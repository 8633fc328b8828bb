import hex from '../wasm/server/bytes.js';

/**
 * The bytes of the server artefact. It is inlined as hex because brotli compresses that to within 7 % of the binary file
 * (base64: 45 %).
 * @returns {Uint8Array<ArrayBuffer>}
 */
export function inlinedBytes() {
  const native = /** @type {{ fromHex?: (hex: string) => Uint8Array<ArrayBuffer> }} */ (
    /** @type {unknown} */ (Uint8Array)
  );
  if (native.fromHex) return native.fromHex(hex);
  if (globalThis.Buffer) return globalThis.Buffer.from(hex, 'hex');
  const bytes = new Uint8Array(hex.length / 2);
  for (let i = 0; i < bytes.length; i++) bytes[i] = Number.parseInt(hex.slice(2 * i, 2 * i + 2), 16);
  return bytes;
}
