// Callbacks for when a signal aborts.

/** @type {WeakMap<AbortSignal, { callbacks: Set<() => void>, notify: () => void }>} */
const listeners = new WeakMap();

/**
 * Calls back when the signal aborts. Each signal gets one listener, however many operations share it: a server may abort
 * all of them at once, and Node warns about more than ten listeners.
 * @param {AbortSignal | null | undefined} signal that has not aborted yet
 * @param {() => void} callback must not throw
 * @returns {() => void} removes the callback; the last one also removes the listener
 */
export function whenAborted(signal, callback) {
  if (!signal) return () => {};
  const { callbacks, notify } = listeners.get(signal) ?? listen(signal);
  callbacks.add(callback);
  return () => {
    if (!callbacks.delete(callback) || callbacks.size > 0) return;
    listeners.delete(signal);
    signal.removeEventListener('abort', notify);
  };
}

/** @param {AbortSignal} signal */
function listen(signal) {
  /** @type {Set<() => void>} */
  const callbacks = new Set();
  const notify = () => {
    for (const callback of callbacks) callback();
  };
  const entry = { callbacks, notify };
  listeners.set(signal, entry);
  signal.addEventListener('abort', notify, { once: true });
  return entry;
}
