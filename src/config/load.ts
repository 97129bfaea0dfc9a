/**
 * The settings in force: environment over the profile's file over the system's file over defaults.
 * Neither the YAML library nor the schemas are loaded for files that are plainly right.
 * @module
 */
import { PyraError } from "../protocol/error.ts";
import { configBroken, shown } from "./config_error.ts";
import { readEnvironment } from "./environment.ts";
import { EMPTY_LAYER, type Layer, mergeLayers, type Source, toLayer } from "./layer.ts";
import { readPlain } from "./plain_reader.ts";
import type { Config } from "./schema.ts";

/** A config file may have so many bytes. */
const SIZE_LIMIT = 1024 * 1024;

/** Where the settings come from. */
export interface ConfigPlaces {
  /** The profile's `config.yaml`; it need not exist. */
  readonly profilePath: string;
  /** The system's file, usually `/etc/pyra/config.yaml`; it need not exist or be readable. */
  readonly systemPath?: string;
  /** The variables, of which `PYRA_<BLOCK>_<FIELD>` are looked at. */
  readonly env: Readonly<Record<string, string>>;
}

/** The settings in force, and where they came from. */
export interface LoadedConfig {
  readonly config: Config;
  /** The source of each setting that has a value, by path. */
  readonly sources: Readonly<Record<string, Source>>;
  /** One sentence each, such as an unknown key with the nearest known one. */
  readonly warnings: readonly string[];
}

/**
 * Reads the settings. Nothing is ever written.
 * @throws {PyraError} category `configuration`: code `config_broken` for a file that is not sound,
 * `config_invalid` for a wrong value, both naming the place; category `file`: `config_unreadable`
 */
export async function loadConfig(places: ConfigPlaces): Promise<LoadedConfig> {
  const environment = readEnvironment(places.env);
  const profile = await readFile(places.profilePath);
  const system = places.systemPath === undefined
    ? EMPTY_LAYER
    : await readSystem(places.systemPath);
  const layers: [Source, Layer][] = [
    ["environment", environment],
    ["profile", profile],
    ["system", system],
  ];
  const warnings = layers.flatMap(([, layer]) => layer.warnings);
  return { ...mergeLayers(layers), warnings };
}

/** A config's text as a layer. @throws {PyraError} as `loadConfig` */
export async function readLayer(text: string, file: string): Promise<Layer> {
  const plain = readPlain(text);
  const layer = plain && toLayer(plain);
  if (layer) return layer;
  const { readFileLayer } = await import("./file_layer.ts");
  return readFileLayer(text, file);
}

async function readSystem(path: string): Promise<Layer> {
  try {
    return await readFile(path);
  } catch (error) {
    // It belongs to the administrator: a person who may not read it goes on without.
    if (!(error instanceof PyraError) || error.code !== "config_unreadable") throw error;
    return { ...EMPTY_LAYER, warnings: [`${error.message}, so it is left out`] };
  }
}

async function readFile(path: string): Promise<Layer> {
  let bytes: Uint8Array;
  try {
    const { isFile, size } = await Deno.stat(path);
    if (!isFile) throw unreadable(path, "is not a file");
    if (size > SIZE_LIMIT) throw configBroken(path, "", { line: 1, column: 1 }, TOO_LARGE);
    bytes = await Deno.readFile(path);
  } catch (cause) {
    if (cause instanceof Deno.errors.NotFound) return EMPTY_LAYER;
    throw cause instanceof PyraError ? cause : unreadable(path, "cannot be read", cause);
  }
  return await readLayer(decode(bytes, path), path);
}

const TOO_LARGE = "the file is larger than 1 MiB";

function unreadable(path: string, problem: string, cause?: unknown): PyraError {
  return new PyraError("file", "config_unreadable", `${shown(path)} ${problem}`, {
    hint: "check the file and its permissions",
    cause,
  });
}

function decode(bytes: Uint8Array, path: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    const text = new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
    const lines = text.slice(0, text.indexOf("\ufffd") + 1).split("\n");
    const at = { line: lines.length, column: lines.at(-1)?.length ?? 1 };
    throw configBroken(path, text, at, "the file is not UTF-8", cause);
  }
}
