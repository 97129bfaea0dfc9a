/**
 * `manifest.json`, read by hand: it decides what a plugin gets, so it is held to exact shapes, and what is
 * not understood is refused.
 * @module
 */
import type { PluginGrants, SecretWish } from "../../protocol/plugin_calls.ts";
import { isRecord } from "../../rpc/frame.ts";
import { KernelError } from "../error.ts";
import { wishLines } from "./wishes.ts";

/** What the kernel takes from a manifest. */
export interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly description: string;
  /** Undefined for `plugin.ts`, else `plugin.js`. */
  readonly main: string | undefined;
  readonly wishes: PluginGrants;
}

/** A plugin's name, and that of its folder; what is called `pyra` is built in. */
export const NAME = /^(?!pyra$)[a-z][a-z0-9-]{1,31}$/;
const VERSION = /^\d{1,9}\.\d{1,9}\.\d{1,9}(?:-[0-9A-Za-z.-]{1,40})?(?:\+[0-9A-Za-z.-]{1,40})?$/;
const ORIGIN = /^https?:\/\/(?:[a-z0-9][a-z0-9.-]*|\[[0-9a-f:]+\])(?::\d+)?$/;
const TCP = /^(?:[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?|\[[0-9a-f:]{2,39}\]):[1-9]\d{0,4}$/;
const PROGRAM = /^[A-Za-z0-9][A-Za-z0-9._+-]{0,63}$/;
const KEY = /^[a-z][a-z0-9_]{0,31}$/;
/** More than fits one screen of a terminal is not read before a yes, so it is not asked. */
const ROWS_LIMIT = 18;
const ROW_CHARACTERS = 72;
const TEXT_LIMIT = 200;
/** What other systems, or a slip, call the wishes; a plugin that gets none of them would not say why. */
const MEANT_AS_GRANTS =
  /grant|permission|permit|capabilit|scope|rights?$|^(?:allow|access)|^(?:net|network|hosts?|tcp|workspace|reads?|writes?|run|memory|conversation|secrets?)$/i;

/** What a manifest without `grants` asks for. */
export const NO_WISHES: PluginGrants = {
  hosts: [],
  addedHosts: [],
  tcp: [],
  workspace: "none",
  read: [],
  write: [],
  run: [],
  memory: false,
  conversation: false,
  secrets: {},
};

/** The refusal of a folder that is no plugin. */
export function badPlugin(message: string, cause?: unknown): KernelError {
  return new KernelError("bad_plugin", message, "correct it, or ask its author", cause);
}

/** Reads a manifest's text. @throws {KernelError} `bad_plugin` */
export function readManifest(text: string): Manifest {
  const { name, version, description, main, grants = {}, ...others } = parse(text);
  const slip = Object.keys(others).find((key) => MEANT_AS_GRANTS.test(key));
  if (slip !== undefined) {
    const shown = JSON.stringify(slip).slice(0, TEXT_LIMIT);
    throw badPlugin(`the manifest has ${shown}; what a plugin asks for stands in "grants"`);
  }
  if (typeof name !== "string" || !NAME.test(name)) {
    throw badPlugin("the manifest's name has 2 to 32 small letters, digits and -, and is not pyra");
  }
  if (typeof version !== "string" || !VERSION.test(version)) {
    throw badPlugin("the manifest's version is one like 1.2.3");
  }
  if (main !== undefined && typeof main !== "string") {
    throw badPlugin("the manifest's main is the path of a file");
  }
  const wishes = readWishes(grants);
  if (wishLines(wishes).reduce((rows, line) => rows + rowsOf(line), 0) > ROWS_LIMIT) {
    throw badPlugin("the manifest asks for more than fits on a screen");
  }
  return { name, version, description: shortText(description, "description"), main, wishes };
}

/** What is no ASCII may be two columns wide. */
function rowsOf(line: string): number {
  return Math.ceil(line.replace(/[^ -~]/gu, "xx").length / ROW_CHARACTERS);
}

function parse(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text.replace(/^\ufeff/, ""));
    if (isRecord(value)) return value;
  } catch (cause) {
    throw badPlugin("manifest.json is no JSON", cause);
  }
  throw badPlugin("manifest.json holds no object");
}

function readWishes(grants: unknown): PluginGrants {
  if (!isRecord(grants)) throw badPlugin("the manifest's grants is an object");
  const unknown = Object.keys(grants).find((key) =>
    key !== "outside" && (!Object.hasOwn(NO_WISHES, key) || key === "addedHosts")
  );
  if (unknown !== undefined) {
    throw badPlugin(`the manifest asks for ${JSON.stringify(unknown)}, which Pyra does not know`);
  }
  const { workspace = "none" } = grants;
  if (workspace !== "none" && workspace !== "read" && workspace !== "write") {
    throw badPlugin("the manifest's workspace is none, read or write");
  }
  const yes = (key: "memory" | "conversation") => {
    const { [key]: wish = false } = grants;
    if (typeof wish === "boolean") return wish;
    throw badPlugin(`the manifest's ${key} is true or false`);
  };
  const list = (key: string, isGood: (text: string) => boolean) => texts(grants[key], key, isGood);
  const run = list("run", (program) => PROGRAM.test(program));
  const outside = list("outside", (program) => run.includes(program));
  return {
    hosts: list("hosts", (host) => host === "*" || isOrigin(host)),
    addedHosts: [],
    tcp: list("tcp", (place) => TCP.test(place) && Number(/\d+$/.exec(place)?.[0]) < 65_536),
    workspace,
    read: list("read", isFolder),
    write: list("write", isFolder),
    run,
    ...(outside.length > 0 && { outside }),
    memory: yes("memory"),
    conversation: yes("conversation"),
    secrets: readSecrets(grants["secrets"]),
  };
}

/** Whether a text is an origin in its one form: `https://host` or `https://host:port`. */
export function isOrigin(text: string): boolean {
  const isShort = text.length <= TEXT_LIMIT;
  return isShort && ORIGIN.test(text) && URL.parse(text)?.origin === text;
}

/** A folder by its whole path, or below the person's home folder. */
function isFolder(path: string): boolean {
  return /^(?:~?\/|[A-Za-z]:[\\/])/.test(path) && path.length <= TEXT_LIMIT &&
    !path.split(/[\\/]/).includes("..") && !/[\p{Cc}\p{Cf}]/u.test(path);
}

function texts(value: unknown, key: string, isGood: (text: string) => boolean): string[] {
  const list: unknown = value ?? [];
  if (!Array.isArray(list)) throw badPlugin(`the manifest's ${key} is a list of texts`);
  const wrong = list.find((item) => typeof item !== "string" || !isGood(item));
  if (wrong === undefined) return [...new Set(list.map(String))];
  const shown = JSON.stringify(wrong).slice(0, TEXT_LIMIT);
  throw badPlugin(`the manifest's ${key} cannot have ${shown}`);
}

const SECRET_FIELDS = ["label", "origins", "placement"];

function readSecrets(value: unknown = {}): Record<string, SecretWish> {
  if (!isRecord(value)) throw badPlugin("the manifest's secrets is an object");
  return Object.fromEntries(
    Object.entries(value).map(([key, wish]): [string, SecretWish] => {
      if (!KEY.test(key) || !isRecord(wish)) {
        throw badPlugin("a secret of the manifest has a key like api_key, and fields");
      }
      // Without its origins a secret is one that the plugin reads: a slip must not make it that.
      const unknown = Object.keys(wish).find((field) => !SECRET_FIELDS.includes(field));
      if (unknown !== undefined) {
        const shown = JSON.stringify(unknown).slice(0, TEXT_LIMIT);
        throw badPlugin(`the manifest's secret ${key} has ${shown}, which Pyra does not know`);
      }
      const origins = texts(wish["origins"], `secret ${key}`, isOrigin);
      const placement = wish["placement"] ?? (origins.length > 0 ? "authorization: Bearer {}" : "");
      const label = shortText(wish["label"] ?? key, `label of ${key}`);
      return [key, { label, origins, placement: shortText(placement, `placement of ${key}`) }];
    }),
  );
}

function shortText(value: unknown, what: string): string {
  if (typeof value === "string" && value.length <= TEXT_LIMIT) return value;
  throw badPlugin(`the manifest's ${what} is a text of at most ${TEXT_LIMIT} characters`);
}
