/**
 * How a room receives what the kernel starts it with.
 * @module
 */

/** What a room is told that is to make itself ready and wait. */
interface Warming<W> {
  readonly warm: W;
}

/**
 * Waits for the kernel's first message; later ones are ignored.
 * @param warm is called before it where the room is made for a run that is still to come. When it is
 * done, the kernel is told that the room is ready; if it fails, the room ends.
 */
export function firstMessage<T, W = never>(warm?: (given: W) => Promise<void>): Promise<T> {
  const { promise, resolve } = Promise.withResolvers<T>();
  const scope = globalThis as unknown as DedicatedWorkerGlobalScope;
  scope.onmessage = ({ data }) => {
    if (warm && typeof data === "object" && data !== null && "warm" in data) {
      void warm((data as Warming<W>).warm).then(() => scope.postMessage("ready"));
      return;
    }
    scope.onmessage = null;
    resolve(data as T);
  };
  return promise;
}
