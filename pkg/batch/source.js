// Where rows and bytes come from: whatever can be read piece by piece, read so that giving up works at once.

import { issue, TransportError, ValidationError } from '../errors.js';
import { aborted } from '../transport.js';

/**
 * Text, or bytes of UTF-8: whole, in pieces, or as the answer of `fetch`.
 * @typedef {string | Uint8Array | Blob | Response | ReadableStream<Uint8Array | string>
 *   | AsyncIterable<Uint8Array | string> | Iterable<Uint8Array | string>} ByteSource
 */

/**
 * The pieces of a source, one after another. The source is told when no more is wanted; before the first piece was asked
 * for, only by `telling`.
 * @template T
 * @param {unknown} source a stream, an iterable or an async iterable; or a Response or Blob, for its bytes
 * @param {AbortSignal} [signal]
 * @returns {AsyncGenerator<T, void, undefined>}
 * @throws {ValidationError} it is none of these, or is being read already
 * @throws {TransportError} `aborted`; `network` while a Response is read
 */
export async function* piecesOf(source, signal) {
  const iterator = /** @type {AsyncIterator<T> | Iterator<T>} */ (iteratorOf(source));
  let giveUp = (/** @type {TransportError} */ _error) => {};
  const onAbort = () => giveUp(aborted('unknown'));
  signal?.addEventListener('abort', onAbort, { once: true });
  let isDone = false;
  try {
    for (;;) {
      if (signal?.aborted) throw aborted('unknown');
      const next = await (signal === undefined
        ? iterator.next()
        : // A promise of its own for each piece: racing against one that never settles would keep all of them.
          new Promise((resolve, reject) => {
            giveUp = reject;
            Promise.resolve(iterator.next()).then(resolve, reject);
          }));
      if (next.done) {
        isDone = true;
        return;
      }
      yield next.value;
    }
  } catch (error) {
    isDone = true;
    // Not waited for: a source which is stuck would never end.
    Promise.resolve(iterator.return?.()).catch(() => {});
    const isOurs = error instanceof TransportError || !isResponse(source);
    throw isOurs ? error : new TransportError('network', 'unknown', 'The connection failed.', { cause: error });
  } finally {
    signal?.removeEventListener('abort', onAbort);
    if (!isDone) await iterator.return?.();
  }
}

/**
 * A generator over a source that tells it when it is given up before it has begun: a generator does nothing by itself
 * then, and what is behind the source would stay open.
 * @template T
 * @param {unknown} source
 * @param {AsyncGenerator<T, void, undefined>} generator
 * @returns {AsyncGenerator<T, void, undefined>} the same one
 */
export function telling(source, generator) {
  let isBegun = false;
  const { next, return: end } = generator;
  return Object.assign(generator, {
    next() {
      isBegun = true;
      return next.call(generator);
    },
    /** @param {void | PromiseLike<void>} value */
    async return(value) {
      if (!isBegun) {
        isBegun = true;
        await tell(source);
      }
      return end.call(generator, value);
    },
  });
}

/** @param {unknown} source of which nothing was read */
async function tell(source) {
  let iterator;
  try {
    iterator = iteratorOf(source);
  } catch {
    // No source, or one that somebody else reads.
    return;
  }
  await iterator.return?.();
}

/**
 * What was read already, the pieces that follow, and an end. However it ends, the pieces are told.
 * @template T
 * @param {Iterable<T>} begun
 * @param {AsyncGenerator<T, void, undefined>} pieces
 * @param {Iterable<T>} [end]
 * @returns {AsyncGenerator<T, void, undefined>}
 */
export function around(begun, pieces, end = []) {
  return telling(pieces, joined(begun, pieces, end));
}

/**
 * @template T
 * @param {Iterable<T>} begun
 * @param {AsyncGenerator<T, void, undefined>} pieces
 * @param {Iterable<T>} end
 */
async function* joined(begun, pieces, end) {
  try {
    yield* begun;
    yield* pieces;
    yield* end;
  } finally {
    await pieces.return();
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
function iteratorOf(source) {
  if (typeof source === 'string' || source instanceof Uint8Array) return [source].values();
  if (typeof source === 'object' && source !== null) {
    if (isResponse(source)) return source.body === null ? [].values() : ofStream(source.body);
    if (typeof source.getReader === 'function') return ofStream(source);
    if (typeof source[Symbol.asyncIterator] === 'function') return source[Symbol.asyncIterator]();
    if (typeof source[Symbol.iterator] === 'function') return source[Symbol.iterator]();
    if (typeof source.stream === 'function') return ofStream(source.stream());
  }
  throw new ValidationError([issue('source', 'bad_format', 'source must be text, bytes, a stream or an iterable.')]);
}

/**
 * By its reader, since not every runtime can iterate a stream.
 * @param {ReadableStream<unknown>} stream
 * @returns {AsyncIterator<unknown>}
 */
function ofStream(stream) {
  if (stream.locked) throw new ValidationError([issue('source', 'bad_format', 'source is being read already.')]);
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
 * A stream of what a generator makes, made only as it is asked for.
 * @template T
 * @param {AsyncGenerator<T, void, undefined>} generator
 * @returns {ReadableStream<T>}
 */
export function streamOf(generator) {
  return new ReadableStream(
    {
      async pull(controller) {
        const { done, value } = await generator.next();
        if (done) controller.close();
        else controller.enqueue(value);
      },
      async cancel() {
        await generator.return();
      },
    },
    { highWaterMark: 0 },
  );
}
