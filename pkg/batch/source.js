// Sources of rows and bytes, read piece by piece so that they can be aborted at any time.

import { isBytes } from '../core/realms.js';
import { issue, TransportError, ValidationError } from '../errors.js';
import { whenAborted } from '../net/abort.js';
import { aborted } from '../net/http.js';

/**
 * Text, or bytes of UTF-8: whole, in pieces, or as the answer of `fetch`.
 * @typedef {string | Uint8Array | Blob | Response | ReadableStream<Uint8Array | string>
 *   | AsyncIterable<Uint8Array | string> | Iterable<Uint8Array | string>} ByteSource
 */

/**
 * The pieces of a source, one after another. The source is released when reading ends; before the first piece, only by
 * `bindToSource`.
 * @template T
 * @param {unknown} source a stream, an iterable or an async iterable; or a Response or Blob, for its bytes
 * @param {...(AbortSignal | undefined)} given any of them ends the reading, even while the source is stuck
 * @returns {AsyncGenerator<T, void, undefined>}
 * @throws {ValidationError} if it is anything else, or is being read already
 * @throws {TransportError} `aborted`; `network` while a Response is read
 */
export async function* readPieces(source, ...given) {
  const signals = given.filter((signal) => signal !== undefined);
  const iterator = /** @type {AsyncIterator<T> | Iterator<T>} */ (openIterator(source));
  let giveUp = (/** @type {TransportError} */ _error) => {};
  const onAbort = () => giveUp(aborted('unknown'));
  const takeBack = signals.map((signal) => whenAborted(signal, onAbort));
  const read = async () => {
    try {
      // A new promise for each piece: a race against one that never settles would keep all pieces in memory.
      return await new Promise((/** @type {(result: IteratorResult<T>) => void} */ resolve, reject) => {
        giveUp = reject;
        Promise.resolve(iterator.next()).then(resolve, reject);
      });
    } catch (error) {
      const isOurs = error instanceof TransportError || !isResponse(source);
      throw isOurs ? error : new TransportError('network', 'unknown', 'The connection failed.', { cause: error });
    }
  };
  let isOver = false;
  try {
    for (;;) {
      if (signals.some((signal) => signal.aborted)) throw aborted('unknown');
      const next = await read();
      if (next.done) {
        isOver = true;
        return;
      }
      yield next.value;
    }
  } catch (error) {
    isOver = true;
    releaseQuietly(iterator);
    throw error;
  } finally {
    for (const each of takeBack) each();
    if (!isOver) await iterator.return?.();
  }
}

/**
 * Releases a source after another error: without waiting, since a stuck source would never end, and
 * ignoring its own errors.
 * @param {{ return?: () => unknown }} iterator
 */
function releaseQuietly(iterator) {
  const end = async () => {
    await iterator.return?.();
  };
  end().catch(() => {});
}

/**
 * Makes a generator release its source even if it is ended before it has begun: a generator by itself does nothing then,
 * and the connection or file behind the source would stay open.
 * @template T
 * @param {unknown} source
 * @param {AsyncGenerator<T, void, undefined>} generator
 * @returns {AsyncGenerator<T, void, undefined>} the same one
 */
export function bindToSource(source, generator) {
  let isBegun = false;
  const { next, return: end, throw: fail } = generator;
  const begin = () => {
    const isFirst = !isBegun;
    isBegun = true;
    return isFirst;
  };
  return Object.assign(generator, {
    next() {
      begin();
      return next.call(generator);
    },
    /** @param {void | PromiseLike<void>} value */
    async return(value) {
      const isFirst = begin();
      // Ended first, so that asking for a piece meanwhile does not begin it.
      const ended = end.call(generator, value);
      if (isFirst) await cancelSource(source);
      return ended;
    },
    /** @param {unknown} error */
    async throw(error) {
      if (begin()) releaseQuietly({ return: () => cancelSource(source) });
      return fail.call(generator, error);
    },
  });
}

/** @param {unknown} source of which nothing was read */
async function cancelSource(source) {
  let iterator;
  try {
    iterator = openIterator(source);
  } catch {
    // Not a source, or one that is being read elsewhere.
    return;
  }
  await iterator.return?.();
}

/**
 * The pieces that were read already, those that follow, and a last one. The pieces are released however it ends.
 * @template T
 * @param {Iterable<T>} begun
 * @param {AsyncGenerator<T, void, undefined>} pieces
 * @param {Iterable<T>} [end]
 * @returns {AsyncGenerator<T, void, undefined>}
 */
export function concatenate(begun, pieces, end = []) {
  return bindToSource(pieces, yieldAll(begun, pieces, end));
}

/**
 * @template T
 * @param {Iterable<T>} begun
 * @param {AsyncGenerator<T, void, undefined>} pieces
 * @param {Iterable<T>} end
 */
async function* yieldAll(begun, pieces, end) {
  let isOver = false;
  try {
    // Not `yield*`, which throws an error of its own on `throw()` if the iterator has no such method.
    for (const piece of begun) yield piece;
    yield* pieces;
    for (const piece of end) yield piece;
  } catch (error) {
    isOver = true;
    releaseQuietly(pieces);
    throw error;
  } finally {
    if (!isOver) await pieces.return();
  }
}

/**
 * @param {unknown} source
 * @returns {source is Response}
 */
const isResponse = (source) => typeof source === 'object' && source !== null && 'body' in source && 'status' in source;

/**
 * @param {any} source
 * @returns {AsyncIterator<unknown> | Iterator<unknown>}
 */
function openIterator(source) {
  if (typeof source === 'string' || isBytes(source)) return [source].values();
  if (typeof source === 'object' && source !== null) {
    if (isResponse(source)) return source.body === null ? [].values() : readStream(source.body);
    if (typeof source.getReader === 'function') return readStream(source);
    if (typeof source[Symbol.asyncIterator] === 'function') return source[Symbol.asyncIterator]();
    if (typeof source[Symbol.iterator] === 'function') return source[Symbol.iterator]();
    if (typeof source.stream === 'function') return readStream(source.stream());
  }
  throw new ValidationError([issue('source', 'bad_format', 'source must be text, bytes, a stream or an iterable.')]);
}

/**
 * By its reader, since not every runtime can iterate a stream.
 * @param {ReadableStream<unknown>} stream
 * @returns {AsyncIterator<unknown>}
 */
function readStream(stream) {
  if (stream.locked) throw new ValidationError([issue('source', 'bad_format', 'source is already being read.')]);
  const reader = stream.getReader();
  return {
    next: () => /** @type {Promise<IteratorResult<unknown>>} */ (reader.read()),
    async return() {
      await reader.cancel();
      return { done: true, value: undefined };
    },
  };
}

/**
 * A stream of the values of a generator, which runs only as the stream is read.
 * @template T
 * @param {(signal: AbortSignal) => AsyncGenerator<T, void, undefined>} make the signal says that the stream was cancelled,
 *   which a generator that waits for its source would not hear otherwise
 * @returns {ReadableStream<T>}
 */
export function createStream(make) {
  const stop = new AbortController();
  const generator = make(stop.signal);
  return new ReadableStream(
    {
      async pull(controller) {
        const { done, value } = await generator.next();
        if (done) controller.close();
        else controller.enqueue(value);
      },
      async cancel() {
        stop.abort();
        await generator.return();
      },
    },
    { highWaterMark: 0 },
  );
}
