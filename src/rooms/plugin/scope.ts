/**
 * The globals that a plugin finds: those of the language and those that only compute. Whatever else the
 * runtime gives a worker, now or in a later version, is taken away.
 * @module
 */

const LANGUAGE =
  "Object Function Array Number parseFloat parseInt Infinity NaN undefined Boolean String " +
  "Symbol Date Promise RegExp Error AggregateError EvalError RangeError ReferenceError SyntaxError " +
  "TypeError URIError globalThis JSON Math Intl ArrayBuffer SharedArrayBuffer Atomics Uint8Array Int8Array " +
  "Uint16Array Int16Array Uint32Array Int32Array BigUint64Array BigInt64Array Uint8ClampedArray " +
  "Float16Array Float32Array Float64Array DataView Map BigInt Set Iterator WeakMap WeakSet Proxy Reflect " +
  "FinalizationRegistry WeakRef decodeURI decodeURIComponent encodeURI encodeURIComponent escape " +
  "unescape eval isFinite isNaN SuppressedError DisposableStack AsyncDisposableStack Temporal WebAssembly";
const PLATFORM = "AbortController AbortSignal Blob ByteLengthQueuingStrategy CompressionStream " +
  "CountQueuingStrategy CryptoKey CustomEvent DecompressionStream DOMException QuotaExceededError " +
  "ErrorEvent Event EventTarget File FormData Headers Performance PerformanceEntry PerformanceMark " +
  "PerformanceMeasure PromiseRejectionEvent ProgressEvent ReadableStream ReadableStreamDefaultReader " +
  "Request Response TextDecoder TextEncoder TextDecoderStream TextEncoderStream TransformStream URL " +
  "URLPattern URLSearchParams WritableStream WritableStreamDefaultWriter WritableStreamDefaultController " +
  "ReadableByteStreamController ReadableStreamBYOBReader ReadableStreamBYOBRequest " +
  "ReadableStreamDefaultController TransformStreamDefaultController atob btoa clearInterval clearTimeout " +
  "crypto Crypto SubtleCrypto performance setImmediate clearImmediate Buffer global queueMicrotask " +
  "reportError setInterval setTimeout structuredClone self";

const KEPT: ReadonlySet<PropertyKey> = new Set([...LANGUAGE.split(" "), ...PLATFORM.split(" ")]);

/** What a plugin gets instead of the runtime's own. */
export interface OwnGlobals {
  readonly Deno: object;
  readonly console: object;
  readonly fetch: typeof fetch;
  readonly process: object;
}

/** Leaves the globals above and puts in the room's own, which cannot be replaced. */
export function closeScope(own: OwnGlobals): void {
  const fixed = { writable: false, configurable: false, enumerable: false };
  for (const name of Reflect.ownKeys(globalThis)) {
    // Symbols mark the object as what it is; they lead nowhere.
    if (typeof name === "symbol" || KEPT.has(name) || name in own) continue;
    if (Reflect.deleteProperty(globalThis, name)) continue;
    if (!Reflect.defineProperty(globalThis, name, { value: undefined, ...fixed })) {
      throw new TypeError(`the global ${name} cannot be taken away`);
    }
  }
  for (const [name, value] of Object.entries(own)) {
    Object.defineProperty(globalThis, name, { value, ...fixed });
  }
}
