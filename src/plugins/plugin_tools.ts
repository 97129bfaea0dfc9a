/**
 * The tools of plugins as tools like all others. What they say of themselves is held against what the
 * person agreed to, and whatever they answer is text that nobody vouches for.
 * @module
 */
import { PyraError } from "../protocol/error.ts";
import { oneLine, plainLines } from "../protocol/foreign_text.ts";
import type { Json } from "../protocol/plugin.ts";
import type { PluginDescription, PluginGrants } from "../protocol/plugin_calls.ts";
import type { AgreedRun } from "../protocol/plugin_host_calls.ts";
import type { Effect, Tool, ToolContext, ToolOutcome, ToolPlan } from "../protocol/tool.ts";
import type { DescribedPlugin } from "./catalogue.ts";
import { isJson } from "./bounds.ts";
import { agreedRuns, grantedEffects, type Grounds, readsWorkspaceOnly } from "./effects.ts";
import { type PluginRooms, problemOf } from "./rooms.ts";

/** What the tools are made with. */
export interface ToolGrounds extends Omit<Grounds, "wishes"> {
  readonly rooms: PluginRooms;
  /**
   * `plugins.require_approval`; false lets tools that only read the workspace run unasked, in turns that
   * have read nothing untrusted.
   */
  readonly requireApproval: boolean;
  /** Whether a plugin is one that comes with Pyra: what its tools say of themselves is believed. */
  readonly isBundled: (plugin: string) => boolean | Promise<boolean>;
  /** What is known of tools of such plugins, by their full names. */
  readonly known: ReadonlyMap<string, Pick<ReadyPlan, "looksUp" | "runsToRead">>;
}

/** The tools of one plugin, and why others of it are left out. */
export interface PluginTools {
  readonly tools: readonly Tool[];
  /** One sentence each. */
  readonly problems: readonly string[];
}

type Described = PluginDescription["tools"][number];
type Given = Readonly<Record<string, unknown>>;

/** A plan may take so long, ms. */
const PLAN_LIMIT_MS = 8_000;
/** A room has so long to end a call that took too long, ms. */
const ROOM_END_MS = 4_000;
const DOES_UNITS = 300;
const DETAIL_UNITS = 100_000;

/** Makes the tools of a plugin. Starts nothing. */
export function pluginTools(
  { record, description }: DescribedPlugin,
  grounds: ToolGrounds,
): PluginTools {
  const tools: Tool[] = [];
  const problems: string[] = [];
  for (const described of description.tools) {
    const held = grantedEffects(described.effects, { ...grounds, wishes: record.wishes });
    if (held.kind === "granted") {
      tools.push(toolOf({ plugin: record, described, effects: held.effects, grounds }));
    } else {
      problems.push(
        `the tool ${record.name}.${described.name} is left out: it ` +
          `${oneLine(held.effect, 200)}, and its manifest does not ask for that`,
      );
    }
  }
  return { tools, problems };
}

type ReadyPlan = Extract<ToolPlan, { kind: "ready" }>;

function isNoRun({ kind }: Effect): boolean {
  return kind !== "runs";
}

interface Making {
  readonly plugin: DescribedPlugin["record"];
  readonly described: Described;
  readonly effects: readonly Effect[];
  readonly grounds: ToolGrounds;
}

function toolOf(making: Making): Tool {
  const { plugin, described: { name, description, parameters, timeLimit }, effects } = making;
  return {
    description: { name, description, parameters },
    owner: plugin.name,
    effects,
    // The room ends what takes too long, and says so; this is for a room that cannot.
    timeLimit: timeLimit + ROOM_END_MS,
    plan: (given, context) => planOf(making, given, context),
  };
}

async function planOf(making: Making, given: Given, context: ToolContext): Promise<ToolPlan> {
  const { plugin, described, effects, grounds } = making;
  const full = `${plugin.name}.${described.name}`;
  const places = { ...grounds, wishes: plugin.wishes };
  const isOurs = await grounds.isBundled(plugin.name);
  const held = isOurs ? grantedEffects(described.effects, places, []) : undefined;
  const most = held?.kind === "granted" ? held.effects : effects;
  const { looksUp, runsToRead } = (isOurs ? grounds.known.get(full) : undefined) ?? {};
  const ready = (
    does: string,
    own: readonly Effect[],
    more: { readonly detail?: string; readonly ask?: "always" } = {},
  ): ToolPlan => ({
    kind: "ready",
    does,
    effects: own,
    ...(more.detail === undefined ? {} : { detail: more.detail }),
    approval: more.ask === "always"
      ? "person"
      : approvalOf(runsToRead === "always" ? own.filter(isNoRun) : own, grounds),
    ...(looksUp && isPublic(own, plugin.wishes) && { looksUp }),
    ...(runsToRead && { runsToRead }),
    run: (running) => run(making, given, { ...running, runs: agreedRuns(own, running) }),
  });
  if (!described.plans) return ready(`use ${full}`, most);
  const said = await grounds.rooms.call({
    plugin: plugin.name,
    method: "plan",
    params: { tool: described.name, input: inputOf(given) },
    limitMs: PLAN_LIMIT_MS,
  }, context);
  const { readPlan } = await import("./description.ts");
  const plan = readPlan(said);
  if (plan === undefined) {
    throw new PyraError("system", "bad_plan", `${full} did not say what it would do`, {
      hint: `see pyra plugin logs ${plugin.name}`,
    });
  }
  // A plan of ours that names effects names all of them; one that names none does what its tool does.
  const planned = grantedEffects(plan.effects ?? [], places, isOurs && plan.effects ? [] : most);
  if (planned.kind === "beyond") {
    const message =
      `${full} would do what the person never agreed to: ${planned.effect}; they may ` +
      `change that with pyra plugin setup ${plugin.name}, or pyra plugin grants ${plugin.name}`;
    return { kind: "refused", message: oneLine(message, 500) };
  }
  const { does, detail, ask } = plan;
  // The words are the plugin's, and are shown as such: they may say anything.
  const words = oneLine(does, DOES_UNITS);
  const told = isOurs ? words : `use ${full}, in its own words: ${words}`;
  return ready(
    words === "" ? `use ${full}` : told,
    planned.effects,
    {
      ...(detail ? { detail: plainLines(detail, DETAIL_UNITS) } : {}),
      ...(ask === "always" && { ask }),
    },
  );
}

/**
 * Whether all hosts are the public's. A plugin that may reach any of these is only given others by name, such
 * as those of one's own network, and what they answer may be private.
 */
function isPublic(effects: readonly Effect[], wishes: PluginGrants): boolean {
  if (!wishes.hosts.includes("*")) return true;
  const added = new Set(wishes.addedHosts.map((origin) => URL.parse(origin)?.host));
  if (added.size > 0) added.add("*");
  return effects.every((effect) => effect.kind !== "network" || !added.has(effect.host));
}

/**
 * The person's consent to the plugin covers answering, which leaves nothing and reaches nothing, and reading
 * the workspace, if the settings say so.
 */
function approvalOf(
  effects: readonly Effect[],
  { requireApproval, workspace }: ToolGrounds,
): "none" | "rule" {
  if (effects.length === 0) return "none";
  // Text of others changes nothing of that: reading leaves nothing, and marks the conversation as private.
  return !requireApproval && readsWorkspaceOnly(effects, workspace) ? "none" : "rule";
}

async function run(
  { plugin, described, grounds: { rooms } }: Making,
  given: Given,
  { runs, ...context }: ToolContext & { readonly runs: readonly AgreedRun[] },
): Promise<ToolOutcome> {
  const untrusted = { from: `plugin ${plugin.name}` };
  try {
    const said = await rooms.call({
      plugin: plugin.name,
      method: "run",
      params: { tool: described.name, input: inputOf(given) },
      limitMs: described.timeLimit,
      runs,
    }, context);
    const text = typeof said === "object" && said !== null ? Reflect.get(said, "text") : undefined;
    if (typeof text === "string") return { status: "ok", text, untrusted };
    return { status: "error", text: "the tool gave no text", untrusted };
  } catch (thrown) {
    context.signal.throwIfAborted();
    const problem = problemOf(thrown);
    await rooms.report(plugin.name, `${described.name}: ${problem}`);
    return { status: "error", text: problem, untrusted };
  }
}

/** Arguments were JSON when the model wrote them. */
function inputOf(given: Given): Json {
  if (isJson(given)) return given;
  throw new PyraError("system", "bad_arguments", "the arguments are no JSON");
}
