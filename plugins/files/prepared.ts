/**
 * A change between being planned and being done: both look at the disk, and what they see must be the same.
 * @module
 */
import type { Json, PluginContext, PluginEffect, PluginTool } from "pyra/sdk";
import { Agreements, type Seen } from "./agreements.ts";
import { FileError, fileFault } from "./file_error.ts";
import { alone } from "./lock.ts";
import { infoOf } from "./place.ts";
import { riskText, type WriteRisk } from "./write_risk.ts";

/** What a tool is given. */
export type Input = Readonly<Record<string, Json>>;

/** A change that is ready. */
export interface Prepared {
  /** An imperative, lower case. */
  readonly does: string;
  readonly detail?: string;
  readonly risk: WriteRisk;
  /** Paths from the workspace that are written. */
  readonly writes: readonly string[];
  readonly seen: Seen;
  /** Does it at once, without waits. @returns text for the model */
  commit(): string;
}

/** Looks at the disk. @throws {FileError} what cannot be done */
export type Prepare = (input: Input, context: PluginContext) => Promise<Prepared>;

/** `plan` and `run` of a tool that changes files. */
export function changing(
  name: string,
  prepare: Prepare,
): Required<Pick<PluginTool, "plan" | "run">> {
  return {
    async plan(input, context) {
      const prepared = await looked(prepare, input, context);
      new Agreements(context.dataFolder).add(name, input, prepared.seen);
      return {
        does: prepared.does + riskText(prepared.risk),
        effects: prepared.writes.map((path): PluginEffect => ({
          kind: "writes",
          where: path === "." ? "workspace" : `workspace/${path}`,
        })),
        ...(prepared.detail === undefined ? {} : { detail: prepared.detail }),
        ...(prepared.risk.ask === "person" ? { ask: "always" } as const : {}),
      };
    },
    async run(input, context) {
      const agreed = new Agreements(context.dataFolder).take(name, input);
      const prepared = await looked(prepare, input, context);
      refuseOther(agreed, prepared.seen);
      try {
        return await alone(context.dataFolder, context.signal, () => prepared.commit());
      } catch (thrown) {
        throw fileFault(thrown, prepared.writes[0] ?? "the file");
      }
    },
  };
}

async function looked(prepare: Prepare, input: Input, context: PluginContext): Promise<Prepared> {
  try {
    return await prepare(input, context);
  } catch (thrown) {
    throw fileFault(thrown, typeof input["path"] === "string" ? input["path"] : "the file");
  }
}

/** @throws {FileError} `changed` if anything is not as it was when the person was asked */
function refuseOther(agreed: Seen, now: Seen): void {
  const places = new Set([...Object.keys(agreed), ...Object.keys(now)]);
  for (const place of places) {
    if (JSON.stringify(agreed[place]) === JSON.stringify(now[place])) continue;
    const message =
      `${place} was changed since the person was asked; nothing was done. Read it again ` +
      "and call this tool anew";
    throw new FileError("changed", message);
  }
}

/** Whether something lies in a folder that is under version control, as a sentence says it. */
export async function versionText(workspace: string, path: string): Promise<string> {
  const parts = path.split("/");
  for (let depth = parts.length - 1; depth >= 0; depth--) {
    const folder = [workspace, ...parts.slice(0, depth)].join("/");
    for (const name of [".git", ".jj", ".hg", ".svn"]) {
      try {
        if (await infoOf(`${folder}/${name}`) !== undefined) {
          return "in a folder under version control";
        }
      } catch (error) {
        // A place that is not granted tells nothing.
        if (!(error instanceof Deno.errors.NotCapable)) throw error;
      }
    }
  }
  return "not under version control";
}
