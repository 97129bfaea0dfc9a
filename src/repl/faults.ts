/**
 * Faults that nobody caught.
 * @module
 */

/**
 * Calls `fail` with each until it is disposed: a fault in a timer or in a library would end the room
 * with the terminal in raw mode.
 */
export function catchFaults(fail: (fault: unknown) => void): Disposable {
  const caught = (event: ErrorEvent | PromiseRejectionEvent): void => {
    event.preventDefault();
    fail("reason" in event ? event.reason : event.error);
  };
  globalThis.addEventListener("error", caught);
  globalThis.addEventListener("unhandledrejection", caught);
  return {
    [Symbol.dispose]() {
      globalThis.removeEventListener("error", caught);
      globalThis.removeEventListener("unhandledrejection", caught);
    },
  };
}
