/**
 * How a room receives what the kernel starts it with.
 * @module
 */

/** What a room is told that is to load its modules and wait. */
const WARM = "warm";

/**
 * Waits for the kernel's first message; later ones are ignored.
 * @param warm is called before it where the room is made for a run that is still to come
 */
export function firstMessage<T>(warm: () => void = () => {}): Promise<T> {
  const { promise, resolve } = Promise.withResolvers<T>();
  const scope = globalThis as unknown as DedicatedWorkerGlobalScope;
  scope.onmessage = (event) => {
    if (event.data === WARM) return warm();
    scope.onmessage = null;
    resolve(event.data as T);
  };
  return promise;
}
