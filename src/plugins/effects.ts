/**
 * What a plugin's tool says that it does, held against what the person agreed to.
 * @module
 */
import type { PluginEffect } from "../protocol/plugin.ts";
import type { PluginGrants } from "../protocol/plugin_calls.ts";
import type { AgreedRun } from "../protocol/plugin_host_calls.ts";
import type { Effect } from "../protocol/tool.ts";

/** Where the plugin may be. */
export interface Grounds {
  readonly wishes: PluginGrants;
  /** The folder that Pyra works in, absolute. */
  readonly workspace: string;
  /** The person's home folder, for `~/…`; absent: such a folder is shown as it stands there. */
  readonly home?: string;
}

/** What came of it. */
export type GrantedEffects =
  | { readonly kind: "granted"; readonly effects: readonly Effect[] }
  /** The tool says more than was agreed to. */
  | { readonly kind: "beyond"; readonly effect: string };

type Reaching = "hosts" | "addedHosts" | "tcp";
/** The person's notes, as Pyra's own tools name them. */
const NOTES = "notes";

/**
 * Effects as rules and people read them: absolute folders, hosts as in addresses. What the plugin was
 * granted counts, whatever its tool says: a room has all its doors open in each call. Only where the tool
 * names a part of a grant does that part stand for it, so that the person reads which file or host it is.
 * @param most what counts where less is said; by default, everything that was granted
 */
export function grantedEffects(
  effects: readonly PluginEffect[],
  grounds: Grounds,
  most: readonly Effect[] = effectsOfGrants(grounds),
): GrantedEffects {
  const granted: Effect[] = [];
  for (const effect of effects) {
    const known = effectOf(effect, grounds);
    if (known === undefined) return { kind: "beyond", effect: sentenceOf(effect) };
    granted.push(...known);
  }
  const unsaid = most.filter((grant) =>
    // The kernel runs what was said and agreed to, and no other program.
    (grant.kind !== "runs" || effects.length === 0) &&
    !granted.some((effect) => isPart(effect, grant))
  );
  return { kind: "granted", effects: [...granted, ...unsaid] };
}

/** What a call with these effects may run, for the kernel. */
export function agreedRuns(
  effects: readonly Effect[],
  { onlyReads }: { readonly onlyReads?: true } = {},
): AgreedRun[] {
  return effects.flatMap((effect) => {
    if (effect.kind !== "runs") return [];
    const { program, argv, folder, network = false } = effect;
    const what = { program, ...(argv === undefined ? {} : { argv }) };
    const how = { network, ...(onlyReads && { readOnly: true }) };
    return [{ ...what, ...(folder === undefined ? {} : { folder }), ...how }];
  });
}

/** Everything that any tool of a plugin may do. */
function effectsOfGrants(grounds: Grounds): Effect[] {
  const { wishes, ...places } = grounds;
  const { workspace, read, write, run, memory, ...net } = wishes;
  const inFolders = (kind: "reads" | "writes", folders: readonly string[]) =>
    folders.map((folder): Effect => ({ kind, where: placeOf(folder, places) }));
  return [
    ...allHosts(net).map((host): Effect => ({ kind: "network", host })),
    ...inFolders("reads", workspace === "read" ? ["workspace", ...read] : read),
    ...inFolders("writes", workspace === "write" ? ["workspace", ...write] : write),
    ...(memory ? [{ kind: "reads", where: NOTES } as const] : []),
    ...run.map((program): Effect => ({ kind: "runs", program, ...outsideOf(program, wishes) })),
  ];
}

function isPart(effect: Effect, grant: Effect): boolean {
  switch (effect.kind) {
    case "network":
      return grant.kind === "network" && (grant.host === "*" || grant.host === effect.host);
    case "runs":
      return grant.kind === "runs" && grant.program === effect.program;
    case "reads":
    case "writes":
      return grant.kind === effect.kind && isWithin(effect.where, grant.where);
  }
}

/** Whether all of it is reading the workspace. */
export function readsWorkspaceOnly(effects: readonly Effect[], workspace: string): boolean {
  return effects.every((effect) => effect.kind === "reads" && isWithin(effect.where, workspace));
}

function effectOf(effect: PluginEffect, grounds: Grounds): Effect[] | undefined {
  const { wishes } = grounds;
  switch (effect.kind) {
    case "network":
      return hosts(effect.host, wishes)?.map((host) => ({ kind: "network", host }));
    case "runs":
      if (!wishes.run.includes(effect.program)) return undefined;
      return [{ ...effect, ...outsideOf(effect.program, wishes) }];
    case "reads":
    case "writes": {
      const place = placeOf(effect.where, grounds);
      const isGranted = foldersOf(effect.kind, grounds).some((folder) => isWithin(place, folder));
      return isGranted ? [{ kind: effect.kind, where: place }] : undefined;
    }
  }
}

function outsideOf(program: string, { outside = [] }: PluginGrants): { outside?: true } {
  return outside.includes(program) ? { outside: true } : {};
}

/** The hosts that are meant; `*` is every one that the plugin may reach. */
function hosts(named: string, wishes: PluginGrants): string[] | undefined {
  const all = allHosts(wishes);
  if (named === "*") return all;
  const host = hostOf(named);
  return all.includes("*") || all.includes(host) ? [host] : undefined;
}

/** Every host that the plugin may reach; `*` alone if that is any. */
function allHosts({ hosts, addedHosts, tcp }: Pick<PluginGrants, Reaching>): string[] {
  const all = [...hosts, ...addedHosts];
  return all.includes("*") ? ["*"] : [...new Set([...all.map(hostOf), ...tcp])];
}

/** `https://api.example.com` and `api.example.com` are the same host. */
function hostOf(text: string): string {
  return URL.parse(text.includes("://") ? text : `https://${text}`)?.host || text;
}

function foldersOf(kind: "reads" | "writes", { wishes, ...grounds }: Grounds): string[] {
  const { workspace, read, write } = wishes;
  const folders = kind === "writes" ? write : [...read, ...write];
  const isOpen = workspace === "write" || (kind === "reads" && workspace === "read");
  return [
    ...folders.map((folder) => placeOf(folder, grounds)),
    ...isOpen ? [grounds.workspace] : [],
  ];
}

function placeOf(where: string, { workspace, home = "home" }: Omit<Grounds, "wishes">): string {
  if (where === "workspace") return workspace;
  if (where.startsWith("workspace/")) return `${workspace}/${where.slice("workspace/".length)}`;
  return where === "~" || where.startsWith("~/") ? `${home}${where.slice(1)}` : where;
}

/** By names alone: what has `..` in it is nowhere. */
function isWithin(place: string, folder: string): boolean {
  if (/(?:^|[/\\])\.\.?(?:[/\\]|$)/.test(place)) return false;
  const base = folder.replace(/[/\\]+$/, "");
  return place === folder || place === base || place.startsWith(`${base}/`) ||
    place.startsWith(`${base}\\`);
}

function sentenceOf(effect: PluginEffect): string {
  switch (effect.kind) {
    case "network":
      return `reaches ${effect.host}`;
    case "runs":
      return `runs ${effect.program}`;
    case "reads":
    case "writes":
      return `${effect.kind} ${effect.where}`;
  }
}
