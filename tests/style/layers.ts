/**
 * Who may import whom, as a table with reasons. `import_graph.ts` reads the imports, `graph_test.ts`
 * holds them to this.
 * @module
 */

/** What a file may import besides its own folder. */
export interface Allowance {
  /** Folders, or files, below `src/` whose code may be used. */
  readonly values: readonly string[];
  /** Folders, or files, of which only types may be used. */
  readonly types: readonly string[];
  readonly why: string;
}

/** The rows above the trusted base, lowest first. Those who share a row do not import each other. */
export const ROWS: readonly (readonly string[])[] = [
  ["protocol", "locking"],
  ["agent"],
  [
    "config",
    "providers",
    "memory",
    "guard",
    "sessions",
    "tools",
    "plugins",
    "context",
    "scheduler",
    "skills",
    "mcp",
    "coding_agents",
    "audit",
  ],
  ["chat"],
  ["commands", "repl", "web", "channels", "daemon"],
  ["app"],
];

/** The folders whose code lines are counted. */
export const TRUSTED_BASE = ["rpc", "durable", "kernel", "vault", "egress", "service"] as const;
/**
 * Code lines, without comments and blanks, that the trusted base may have in all. The aim is 2,000; what
 * was asked of the vault, egress and the kernel's questions takes 3,800, and plugins take 1,700 more: to
 * read a manifest strictly, to show and keep what the person agrees to, to write and clone files, to hold
 * a process and its rooms, and to serve their secrets and requests. None of that may be done by the app
 * room, which plugins' answers go through. Chained logs take 172: only who writes them can chain them, and
 * who checks them is the app. A bound on what plugins keep, and saying what an installation updates, take
 * 72. Taking out of what plugins say what the vault gave them takes 88: nobody else knows the values.
 * Telling at the consent which programs no sandbox holds takes 4.
 * Telling the app of the machine and of AGENTS.md takes 59: its room sees neither the system nor the workspace.
 * Running programs for plugins takes 1,146: to hold a request against what was agreed to, to end a program with
 * all that it started, to keep its output within bounds, and to put a sandbox in front of it (bubblewrap,
 * sandbox-exec, a container). Whoever does that has the person's rights, so no room may.
 * What attacks on that found takes 57 more: the folder counts as agreed to, what reads gets no place to write,
 * repositories that run something are put aside, and where memory runs out commands end first.
 * Looking through the profile's files for `pyra doctor` takes 85: no room sees them all, the vault's least.
 * Choosing what starts containers takes 83: it runs with the person's rights.
 * Reading a passphrase from a descriptor takes 8: the runtime reads none that it did not open.
 * The daemon takes 3,400, the largest part after plugins. Its socket (door, proof, wire and the client, 780): a
 * passphrase and a person's terminal cross it, so no room with libraries may hold it. Runs of clients and jobs
 * (510): who starts rooms must know whose they are, and what was typed. The one instance, its start, end and
 * commands, and the vault that is open for a time (1,000): processes, signals and passphrases. The service
 * (615): what the system will run with the person's rights must not come from a room. The rest is what a run was
 * taken apart for (environment, place, failure, signals, trusted rooms), so that a daemon can have many.
 * It may shrink and not grow.
 */
export const TRUSTED_LINE_BUDGET = 10_720;

/** The areas outside the rows. */
const OUTSIDE: Readonly<Record<string, Allowance>> = {
  rpc: { values: [], types: [], why: "everything stands on it" },
  durable: { values: [], types: [], why: "everything stands on it" },
  service: {
    values: [],
    types: [],
    why: "texts that the person's system runs are made from facts alone",
  },
  kernel: {
    values: ["rpc", "durable", "service", "vault/paths.ts", "vault/name.ts"],
    types: ["protocol"],
    why:
      "it gives the rooms their folders and speaks to them by message, and runs none of their code",
  },
  vault: {
    values: ["rpc", "durable"],
    types: ["protocol"],
    why: "nobody's code runs beside the secrets; what it answers is the kernel's contract",
  },
  egress: {
    values: ["rpc", "durable"],
    types: ["protocol"],
    why: "it sees keys, one request at a time",
  },
  "rooms/vault.ts": {
    values: ["rpc", "vault"],
    types: ["protocol"],
    why: "the vault room's entry",
  },
  "rooms/egress.ts": {
    values: ["rpc", "egress"],
    types: ["protocol"],
    why: "the egress room's entry",
  },
  "rooms/app.ts": {
    values: ["rpc", "app"],
    types: ["protocol"],
    why: "the app room's entry",
  },
  "rooms/plugin_host.ts": {
    values: ["rpc", "rooms", "kernel/room.ts", "kernel/plugins/wishes.ts", "egress/address.ts"],
    types: ["protocol"],
    why:
      "the plugins' process: it starts rooms as the kernel does and judges addresses as egress does",
  },
  rooms: {
    // A plugin's servers are spoken to in its room; the client reaches nothing but the fetch it is given.
    values: ["rpc", "protocol/foreign_text.ts", "mcp/client/session.ts"],
    types: ["protocol"],
    why: "what every room does first must not reach into one of them",
  },
  "main.ts": {
    values: ["kernel", "rooms/plugin_host.ts"],
    types: [],
    why: "the fast path, the kernel, or the plugins' process",
  },
};

/** The area of a file, `undefined` if no table names it. Paths begin at the project's top. */
export function areaOf(path: string): string | undefined {
  if (path === "main.ts") return path;
  if (path.startsWith("service/")) return "service";
  const [, folder = "", rest] = /^src\/([^/]+)(?:\/(.*))?$/.exec(path) ?? [];
  if (rest === undefined) return /^app(_[a-z_]+)?\.ts$/.test(folder) ? "app" : undefined;
  if (`${folder}/${rest}` in OUTSIDE) return `${folder}/${rest}`;
  return folder in OUTSIDE || ROWS.some((row) => row.includes(folder)) ? folder : undefined;
}

/** What a file of that area may import. */
export function allowanceOf(area: string): Allowance {
  const outside = OUTSIDE[area];
  if (outside) return outside;
  const row = ROWS.findIndex((folders) => folders.includes(area));
  return {
    values: ["rpc", "durable", ...ROWS.slice(0, row).flat()],
    types: [],
    why: "lower rows only; a sibling's part comes in as a port, the kernel's powers as calls",
  };
}
