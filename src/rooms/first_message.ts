/**
 * How a room receives what the kernel starts it with.
 * @module
 */

/** Waits for the kernel's first message; later ones are ignored. */
export function firstMessage<T>(): Promise<T> {
  const { promise, resolve } = Promise.withResolvers<T>();
  const scope = globalThis as unknown as DedicatedWorkerGlobalScope;
  scope.onmessage = (event) => {
    scope.onmessage = null;
    resolve(event.data as T);
  };
  return promise;
}
