// Callbacks for when a signal aborts.

/** @type {WeakMap<AbortSignal, { callbacks: Set<() => void>, tell: () => void }>} */
const listening = new WeakMap();

/**
 * Calls back when the signal aborts. A signal has one listener of ours, however many operations it was given to: a server
 * may end all of them by one, and Node warns of more than ten.
 * @param {AbortSignal | null | undefined} signal that has not aborted yet
 * @param {() => void} callback must not throw
 * @returns {() => void} takes the callback back; the last one leaves nothing on the signal
 */
export function whenAborted(signal, callback) {
  if (!signal) return () => {};
  const { callbacks, tell } = listening.get(signal) ?? listen(signal);
  callbacks.add(callback);
  return () => {
    if (!callbacks.delete(callback) || callbacks.size > 0) return;
    listening.delete(signal);
    signal.removeEventListener('abort', tell);
  };
}

/** @param {AbortSignal} signal */
function listen(signal) {
  /** @type {Set<() => void>} */
  const callbacks = new Set();
  const tell = () => {
    for (const callback of callbacks) callback();
  };
  const entry = { callbacks, tell };
  listening.set(signal, entry);
  signal.addEventListener('abort', tell, { once: true });
  return entry;
}
