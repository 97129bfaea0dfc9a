/**
 * Freezes the language's own objects and those of the web platform in a plugin's room. The runtime's
 * libraries call methods of these while they hold things that no plugin may hold, such as raw operations:
 * a method that cannot be replaced cannot listen.
 * @module
 */

import { EventEmitter } from "node:events";

/** Their properties are replaced on objects that inherit from them, by assignment, in much old code. */
const REPLACED_BELOW: readonly object[] = [
  Object.prototype,
  Function.prototype,
  Error.prototype,
  // The runtime's `process` is one; it must not be heard of.
  EventEmitter.prototype,
];
const UNUSED: readonly string[] = ["Intl", "Temporal", "WebAssembly"];
/** Libraries set what these are configured by: stacks of errors, the number of listeners. */
const LEFT_OPEN: readonly object[] = [Error, EventEmitter];

/** Freezes everything that can be reached from the globals; done before the plugin is loaded. */
export function hardenGlobals(): void {
  for (const owner of REPLACED_BELOW) allowReplacingBelow(owner);
  const seen = new Set<object>([globalThis, ...LEFT_OPEN]);
  const waiting: object[] = [...hidden(), ...LEFT_OPEN.flatMap(reached)];
  // By their names only: under symbols the runtime keeps what changes, such as listeners.
  for (const name of Object.getOwnPropertyNames(globalThis)) {
    // The runtime's own code uses none of these, and they are large.
    if (!UNUSED.includes(name)) waiting.push(...owned(globalThis, name));
  }
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (seen.has(next)) continue;
    seen.add(next);
    if (typeof next === "function" && !Object.hasOwn(next, "prototype")) {
      // A method: it has but its name and length, and freezing thousands of these takes megabytes.
      Object.preventExtensions(next);
      continue;
    }
    waiting.push(...reached(next));
    if (REPLACED_BELOW.includes(next)) Object.preventExtensions(next);
    // The contents of a buffer cannot be frozen, and none is among the globals.
    else if (!ArrayBuffer.isView(next)) Object.freeze(next);
  }
}

/** Objects of the language that no global names. */
function hidden(): object[] {
  return [
    async function () {},
    function* () {},
    async function* () {},
    [][Symbol.iterator](),
    ""[Symbol.iterator](),
    new Map()[Symbol.iterator](),
    new Set()[Symbol.iterator](),
    "".matchAll(/x/g),
    Object.getPrototypeOf(Uint8Array),
  ].flatMap(reached);
}

function reached(owner: object): object[] {
  const parent: unknown = Object.getPrototypeOf(owner);
  return [
    ...Reflect.ownKeys(owner).flatMap((name) => owned(owner, name)),
    ...(isObject(parent) ? [parent] : []),
  ];
}

/** What a property holds, without calling it. */
function owned(owner: object, name: PropertyKey): object[] {
  const { value, get, set } = Reflect.getOwnPropertyDescriptor(owner, name) ?? {};
  return [value, get, set].filter(isObject);
}

function isObject(value: unknown): value is object {
  return typeof value === "function" || (typeof value === "object" && value !== null);
}

/**
 * Fixes the object's properties, but lets `below.name = …` make a property of `below`, which a fixed
 * property of its parent would forbid.
 */
function allowReplacingBelow(owner: object): void {
  for (const name of Reflect.ownKeys(owner)) {
    const property = Reflect.getOwnPropertyDescriptor(owner, name) ?? {};
    // Not configurable, but writable: a marker of the runtime's that inheriting objects set.
    if (!property.configurable) continue;
    const { value } = property;
    const fixed = property.writable
      ? {
        get: () => value,
        set(this: object, replaced: unknown) {
          if (this === owner) throw new TypeError(`${String(name)} cannot be replaced here`);
          const own = { value: replaced, writable: true, enumerable: true, configurable: true };
          Object.defineProperty(this, name, own);
        },
      }
      : {};
    Object.defineProperty(owner, name, { ...fixed, configurable: false });
  }
}
