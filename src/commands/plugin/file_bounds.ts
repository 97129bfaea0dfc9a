/**
 * What a plugin may be made of, wherever its files come from. The kernel checks all of it again; here it
 * keeps a wrong folder or archive from being read whole.
 * @module
 */
import { PyraError } from "../../protocol/error.ts";
import type { PluginFile } from "../../protocol/plugin_calls.ts";

/** Files of one plugin. */
export const FILES_LIMIT = 256;
/** Bytes of one file. */
export const FILE_LIMIT_BYTES = 2 * 1024 * 1024;
/** Bytes of all files. */
export const TOTAL_LIMIT_BYTES = 16 * 1024 * 1024;
/** Folders in each other. */
export const DEPTH_LIMIT = 8;

/** What lies beside a plugin while it is written, and is no part of it. */
export function isLeftOut(name: string): boolean {
  return name.startsWith(".") || name === "node_modules";
}

/** A source that is no plugin. */
export function badSource(message: string, hint: string, cause?: unknown): PyraError {
  return new PyraError("file", "bad_plugin", message, { hint, cause });
}

/** Gathers a plugin's files within the bounds. */
export class FileCollector {
  readonly #files: PluginFile[] = [];
  #bytes = 0;

  /** @throws {PyraError} `bad_plugin` */
  add(path: string, bytes: Uint8Array): void {
    if (bytes.length > FILE_LIMIT_BYTES) {
      throw badSource(`${path} is larger than 2 MB`, "leave it out of the plugin");
    }
    if (this.#files.length >= FILES_LIMIT) {
      throw badSource(
        `there are more than ${FILES_LIMIT} files`,
        "name the plugin's own folder, which holds manifest.json",
      );
    }
    if ((this.#bytes += bytes.length) > TOTAL_LIMIT_BYTES) {
      throw badSource("there are more than 16 MB", "name the plugin's own folder");
    }
    this.#files.push({ path, text: textOf(path, bytes) });
  }

  /** The files by their paths. @throws {PyraError} `bad_plugin` if none is a manifest */
  finish(): readonly PluginFile[] {
    if (!this.#files.some(({ path }) => path === "manifest.json")) {
      throw badSource("there is no manifest.json", "name the folder that holds it");
    }
    return this.#files.toSorted((a, b) => a.path < b.path ? -1 : 1);
  }
}

function textOf(path: string, bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    const hint = "a plugin is made of texts; leave it out, or put it into a text as base64";
    throw badSource(`${path} is no text in UTF-8`, hint, cause);
  }
}
