/**
 * A plugin's folder: read once and whole, within bounds, and hashed.
 * @module
 */
import type { PluginFile } from "../../protocol/plugin_calls.ts";
import { ifPresent, writeAtomically } from "../../durable/file.ts";
import { isRecord } from "../../rpc/frame.ts";
import { badPlugin, type Manifest, readManifest } from "./manifest.ts";

const FILES_LIMIT = 256;
const FILE_LIMIT_BYTES = 2 * 1024 * 1024;
const TOTAL_LIMIT_BYTES = 16 * 1024 * 1024;
const DEPTH_LIMIT = 8;
/** No path begins with a dot, leaves the folder, or means something else on another system. */
const PATH = /^[A-Za-z0-9_][\w.+@-]{0,99}(?:\/[A-Za-z0-9_][\w.+@-]{0,99}){0,7}$/;
/** What lies beside a plugin while it is written; it is no part of it. */
const LEFT_OUT = /^\.|^node_modules$/;

/** A plugin's files, checked: exactly these texts are what a person agrees to and what runs. */
export interface PluginFolder {
  readonly manifest: Manifest;
  readonly main: string;
  readonly files: readonly PluginFile[];
  /** SHA-256, hexadecimal. */
  readonly hash: string;
}

/** Reads a folder. @throws {KernelError} `bad_plugin` */
export async function readPlugin(folder: string): Promise<PluginFolder> {
  const files: PluginFile[] = [];
  let entries = 0;
  let size = 0;
  const look = async (inside: string, depth: number): Promise<void> => {
    if (depth > DEPTH_LIMIT) throw badPlugin("its folders lie too deep in each other");
    for await (const { name } of Deno.readDir(`${folder}/${inside}`)) {
      if (LEFT_OUT.test(name)) continue;
      const path = `${inside}${name}`;
      if (++entries > FILES_LIMIT) throw badPlugin(`it has more than ${FILES_LIMIT} files`);
      const info = await Deno.lstat(`${folder}/${path}`);
      if (info.isDirectory) await look(`${path}/`, depth + 1);
      else if ((size += info.size) > TOTAL_LIMIT_BYTES) throw badPlugin("it is larger than 16 MB");
      else files.push({ path, text: await readText(`${folder}/${path}`, path, info) });
    }
  };
  await look("", 1).catch((cause) => {
    throw cause instanceof Deno.errors.NotFound ? badPlugin("its folder is gone", cause) : cause;
  });
  return await checkPlugin(files);
}

async function readText(file: string, path: string, info: Deno.FileInfo): Promise<string> {
  if (!info.isFile || (info.nlink ?? 1) > 1) {
    throw badPlugin(`${path} is a link or no plain file; a plugin has plain files only`);
  }
  if (info.size > FILE_LIMIT_BYTES) throw badPlugin(`${path} is larger than 2 MB`);
  try {
    const keepMark = { fatal: true, ignoreBOM: true };
    return new TextDecoder("utf-8", keepMark).decode(await Deno.readFile(file));
  } catch (cause) {
    if (cause instanceof TypeError) throw badPlugin(`${path} is no text in UTF-8`, cause);
    throw cause;
  }
}

/** Checks a plugin's files, wherever they come from. @throws {KernelError} `bad_plugin` */
export async function checkPlugin(given: unknown): Promise<PluginFolder> {
  if (!Array.isArray(given) || given.length > FILES_LIMIT) {
    throw badPlugin(`it has no files, or more than ${FILES_LIMIT}`);
  }
  const files = given.map((file: unknown): PluginFile => {
    const { path, text } = isRecord(file) ? file : {};
    if (typeof path === "string" && typeof text === "string") return { path, text };
    throw badPlugin("a file of a plugin has a path and a text");
  }).sort((a, b) => a.path < b.path ? -1 : 1);
  const names = new Set<string>();
  const parts: Uint8Array<ArrayBuffer>[] = [];
  let size = 0;
  for (const { path, text } of files) {
    // Two paths that one file answers to, on a disk that ignores case.
    if (!PATH.test(path) || names.has(path.toLowerCase())) {
      throw badPlugin(`${JSON.stringify(path.slice(0, 100))} is no name for a file of a plugin`);
    }
    names.add(path.toLowerCase());
    if (!text.isWellFormed()) throw badPlugin(`${path} is no text`);
    const bytes = new TextEncoder().encode(text);
    if (bytes.length > FILE_LIMIT_BYTES) throw badPlugin(`${path} is larger than 2 MB`);
    if ((size += bytes.length) > TOTAL_LIMIT_BYTES) throw badPlugin("it is larger than 16 MB");
    parts.push(new TextEncoder().encode(`${path}\0${bytes.length}\0`), bytes);
  }
  const textOf = (path: string) => files.find((file) => file.path === path)?.text;
  const manifestText = textOf("manifest.json");
  if (manifestText === undefined) throw badPlugin("it has no manifest.json");
  const manifest = readManifest(manifestText);
  const main = [manifest.main ?? "plugin.ts", manifest.main ?? "plugin.js"]
    .find((path) => /\.[jt]s$/.test(path) && textOf(path) !== undefined);
  if (main === undefined) throw badPlugin(`it has no ${manifest.main ?? "plugin.ts or plugin.js"}`);
  const all = await new Blob(parts).arrayBuffer();
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", all)).toHex();
  return { manifest, main, files, hash };
}

/** Writes a plugin's files into a new folder. */
export async function writePlugin(folder: string, files: readonly PluginFile[]): Promise<void> {
  for (const { path, text } of files) {
    const inside = path.includes("/") ? `/${path.slice(0, path.lastIndexOf("/"))}` : "";
    await Deno.mkdir(`${folder}${inside}`, { recursive: true, mode: 0o700 });
    await writeAtomically(`${folder}/${path}`, text);
  }
}

/** Whether there is something at a path, be it a link. */
export function isThere(path: string): boolean {
  return ifPresent(() => Deno.lstatSync(path)) !== undefined;
}

/** Removes a folder and all in it, if it is there. */
export async function removeTree(path: string): Promise<void> {
  if (isThere(path)) await Deno.remove(path, { recursive: true });
}
