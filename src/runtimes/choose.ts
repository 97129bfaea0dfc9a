/**
 * Which program runs containers: the one that `CONTAINER_RUNTIME` names, else of those that fit this
 * machine the one with the highest priority, else Docker.
 * @module
 */
import { PyraError } from "../protocol/error.ts";
import { oneLine } from "../protocol/foreign_text.ts";

/** A machine, as runtimes are asked about it. */
export interface Platform {
  /** `linux`, `darwin` or `windows`. */
  readonly os: string;
  /** `x86_64` or `aarch64`. */
  readonly arch: string;
}

/** A runtime that may be chosen. */
export interface RuntimeChoice {
  /** `docker`, `podman`. */
  readonly name: string;
  /** Higher is chosen first. */
  readonly priority: number;
  /** A plugin's is asked in its room. */
  platformMatches(platform: Platform): boolean | Promise<boolean>;
}

/** What was chosen; `left` says why others were not. */
export interface ChosenRuntime<T extends RuntimeChoice> {
  readonly runtime: T;
  /** One sentence each. */
  readonly left: readonly string[];
}

/** The runtime for which nothing else has to be there. */
export const FALLBACK_RUNTIME = "docker";

/**
 * Chooses. Those that fail to say whether they fit do not fit. Of two with one name the first counts.
 * @param runtimes Docker among them
 * @param wanted `CONTAINER_RUNTIME`; empty or absent: none is named
 * @throws {PyraError} `unknown_runtime` if the one that is named is not there, or does not fit;
 * `no_runtime` if Docker is not among them and nothing else fits
 */
export async function chooseRuntime<T extends RuntimeChoice>(
  runtimes: readonly T[],
  { platform, wanted = "" }: { readonly platform: Platform; readonly wanted?: string | undefined },
): Promise<ChosenRuntime<T>> {
  const left: string[] = [];
  const byName = new Map<string, T>();
  for (const runtime of runtimes) {
    if (!byName.has(runtime.name)) byName.set(runtime.name, runtime);
    else left.push(`a second runtime is called ${oneLine(runtime.name, 60)}`);
  }
  const named = wanted.trim();
  if (named !== "") {
    const runtime = byName.get(named);
    if (runtime !== undefined && await fits(runtime, platform, left)) return { runtime, left };
    const names = oneLine([...byName.keys()].join(", "), 300);
    const why = runtime === undefined ? "is not there" : "does not fit this machine";
    throw new PyraError(
      "configuration",
      "unknown_runtime",
      `CONTAINER_RUNTIME names ${oneLine(named, 60)}, which ${why}`,
      { hint: `name one of ${names}, or unset it` },
    );
  }
  const sorted = [...byName.values()].sort((one, other) =>
    other.priority - one.priority || (one.name < other.name ? -1 : 1)
  );
  for (const runtime of sorted) {
    if (runtime.name === FALLBACK_RUNTIME) continue;
    if (await fits(runtime, platform, left)) return { runtime, left };
  }
  const docker = byName.get(FALLBACK_RUNTIME);
  if (docker !== undefined) return { runtime: docker, left };
  throw new PyraError("configuration", "no_runtime", "nothing here runs containers", {
    hint: "install Docker, or enable a plugin that brings a runtime",
  });
}

async function fits(
  runtime: RuntimeChoice,
  platform: Platform,
  left: string[],
): Promise<boolean> {
  const name = oneLine(runtime.name, 60);
  try {
    if (await runtime.platformMatches(platform) === true) return true;
    left.push(`${name} does not fit ${platform.os} on ${platform.arch}`);
  } catch (thrown) {
    const why = thrown instanceof Error ? oneLine(thrown.message, 200) : "";
    left.push(`${name} could not say whether it fits${why === "" ? "" : `: ${why}`}`);
  }
  return false;
}
