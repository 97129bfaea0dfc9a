/**
 * The daemon's protocol for other programs: the shape of every frame and call, with examples that the tests run.
 *
 * The wire is JSON-RPC 2.0, one JSON text a line of 16 MB at most, in UTF-8. `run/daemon.pid` says where the
 * daemon listens: `{pid, id, started, version, endpoint}`. A connection has 5 s to prove that it may read
 * `run/token` (64 hexadecimal digits, 32 bytes):
 *
 * 1. `hello` with a random `nonce` of its own. The daemon answers with one, its id, and a `proof`: HMAC-SHA-256,
 *    by the token, of `pyra 1 daemon <id> <client's nonce> <daemon's nonce>`, in hexadecimal.
 * 2. `prove` with the `proof` that has `client` in the place of `daemon`.
 *
 * Each of the two is sent after the answer to what came before. From then on calls may overlap: 256 at a time.
 * An `id` is a whole number from 1. A stream's values come as `$/item` before its answer; whoever reads tells
 * of each value with `$/credit`, and the sender is never more than 16 ahead. `$/cancel` ends a call.
 *
 * A frame that is none is answered with an error and counted; the thousandth ends the connection. Who does not
 * read is cut off, at 32 MB that wait or after 30 s in which nothing was taken.
 * @module
 */
import * as z from "zod/mini";

const time = z.iso.datetime();
const count = z.int().check(z.minimum(0));
const id = z.int().check(z.minimum(1));
const hexadecimal = (digits: number) =>
  z.string().check(z.regex(new RegExp(`^[0-9a-f]{${digits}}$`)));
const version = z.string().check(z.regex(/^[\w.+-]{1,40}$/));
const protocol = z.literal(1);
const texts = z.readonly(z.array(z.string()));
const variables = z.readonly(z.record(z.string(), z.string()));
const jsonrpc = z.literal("2.0");

/** A call. Without `params` it has none; `input` says that values will be streamed up. */
export const RequestFrame = z.object({
  jsonrpc,
  id,
  method: z.string(),
  params: z.optional(z.unknown()),
  input: z.optional(z.boolean()),
});

/** What a call that failed is answered with. `data.code` is Pyra's; an `id` of null: for no call in particular. */
export const ErrorFrame = z.strictObject({
  jsonrpc,
  id: z.nullable(z.int()),
  error: z.strictObject({
    code: z.int(),
    message: z.string(),
    data: z.strictObject({ code: z.string(), data: z.optional(z.unknown()) }),
  }),
});

/** What a call is answered with. */
export const ResultFrame = z.strictObject({ jsonrpc, id, result: z.unknown() });

const direction = z.enum(["up", "down"]);

/** What has no answer: what streams need, and what either side tells of. */
export const NotificationFrame = z.discriminatedUnion("method", [
  z.strictObject({
    jsonrpc,
    method: z.literal("$/cancel"),
    params: z.strictObject({ id }),
  }),
  z.strictObject({
    jsonrpc,
    method: z.literal("$/item"),
    params: z.strictObject({ id, direction, value: z.unknown() }),
  }),
  z.strictObject({
    jsonrpc,
    method: z.literal("$/end"),
    params: z.strictObject({
      id,
      error: z.optional(z.object({ code: z.string(), message: z.string() })),
    }),
  }),
  z.strictObject({
    jsonrpc,
    method: z.literal("$/credit"),
    params: z.strictObject({ id, direction, count: id }),
  }),
  z.strictObject({
    jsonrpc,
    method: z.literal("$/notify"),
    params: z.strictObject({ name: z.string(), value: z.unknown() }),
  }),
]);

const TaskStatus = z.strictObject({
  name: z.string(),
  state: z.enum(["starting", "running", "waiting", "failed", "stopped"]),
  crashes: count,
  lastError: z.string(),
  nextStart: z.nullable(time),
  detail: z.string(),
});

const DaemonStatus = z.strictObject({
  pid: id,
  instance: hexadecimal(32),
  version,
  started: time,
  profile: z.string(),
  transport: z.enum(["unix", "tcp"]),
  memory: count,
  clients: count,
  malformed: count,
  runs: z.readonly(z.array(z.strictObject({
    kind: z.enum(["client", "job"]),
    what: z.string(),
    since: time,
  }))),
  tasks: z.readonly(z.array(TaskStatus)),
  vault: z.strictObject({
    state: z.enum(["absent", "locked", "open"]),
    until: z.nullable(time),
  }),
});

const HostedRunParams = z.strictObject({
  args: texts,
  folder: z.string(),
  shown: variables,
  programs: variables,
  secrets: z.string(),
  terminal: z.strictObject({
    stdin: z.boolean(),
    stdout: z.boolean(),
    stderr: z.boolean(),
    columns: count,
    rows: count,
  }),
});

/** One value of the stream `run`. */
export const HostedRunItem = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("output"),
    to: z.enum(["stdout", "stderr"]),
    text: z.string(),
  }),
  z.strictObject({ kind: z.literal("end"), code: z.int() }),
  z.strictObject({ kind: z.literal("alone"), reason: z.string(), remembered: z.unknown() }),
]);

const DaemonAsk = z.discriminatedUnion("method", [
  z.strictObject({ method: z.literal("status") }),
  z.strictObject({ method: z.literal("reload") }),
  z.strictObject({ method: z.literal("drain"), limitMs: count }),
  z.strictObject({ method: z.literal("schedules.changed") }),
  z.strictObject({ method: z.literal("schedules.run"), schedule: z.string() }),
]);

/** Parameters and result of each call that the daemon serves. The result of `run` comes after its values. */
export const CALLS = {
  hello: {
    params: z.object({ protocol, version, nonce: z.string().check(z.regex(/^[0-9a-f]{32,128}$/)) }),
    result: z.strictObject({
      protocol,
      version,
      instance: hexadecimal(32),
      nonce: hexadecimal(32),
      proof: hexadecimal(64),
    }),
  },
  prove: { params: z.object({ proof: hexadecimal(64) }), result: z.strictObject({}) },
  status: { params: z.null(), result: DaemonStatus },
  stop: {
    params: z.strictObject({ limitMs: count }),
    result: z.strictObject({ interrupted: texts }),
  },
  reload: {
    params: z.null(),
    result: z.strictObject({ started: texts, stopped: texts, kept: texts }),
  },
  "vault.unlock": {
    params: z.strictObject({
      passphrase: z.nullable(z.string()),
      forMs: z.nullable(z.number()),
    }),
    result: z.strictObject({ until: z.nullable(time) }),
  },
  "vault.lock": { params: z.null(), result: z.null() },
  run: { params: HostedRunParams, result: z.null() },
  tasks: { params: DaemonAsk, result: z.json() },
} as const;

/** What a client serves while it has a run. */
export const CLIENT_CALLS = {
  read: { params: z.null(), result: z.nullable(z.base64()) },
  rawMode: { params: z.strictObject({ on: z.boolean() }), result: z.null() },
} as const;

/** A line, and the line that answers it. */
export interface Example {
  readonly says: string;
  readonly request: string;
  readonly answer: string;
}

/** As they cross after `hello` and `prove`. */
export const EXAMPLES: readonly Example[] = [
  {
    says: "how the daemon is",
    request: '{"jsonrpc":"2.0","id":3,"method":"status"}',
    answer: '{"jsonrpc":"2.0","id":3,"result":{"pid":4711,"instance":' +
      '"00112233445566778899aabbccddeeff","version":"0.1.0","started":"2026-11-21T08:00:00.000Z",' +
      '"profile":"default","transport":"unix","memory":120000000,"clients":1,"malformed":0,' +
      '"runs":[{"kind":"client","what":"ask","since":"2026-11-21T09:00:00.000Z"}],' +
      '"tasks":[{"name":"scheduler","state":"running","crashes":0,"lastError":"","nextStart":null,' +
      '"detail":"3 schedules"}],"vault":{"state":"open","until":null}}}',
  },
  {
    says: "the vault, opened for eight hours",
    request: '{"jsonrpc":"2.0","id":4,"method":"vault.unlock","params":' +
      '{"passphrase":"correct horse","forMs":28800000}}',
    answer: '{"jsonrpc":"2.0","id":4,"result":{"until":"2026-11-21T17:00:00.000Z"}}',
  },
  {
    says: "and locked",
    request: '{"jsonrpc":"2.0","id":5,"method":"vault.lock"}',
    answer: '{"jsonrpc":"2.0","id":5,"result":null}',
  },
  {
    says: "settings and plugins, read anew",
    request: '{"jsonrpc":"2.0","id":6,"method":"reload"}',
    answer: '{"jsonrpc":"2.0","id":6,"result":{"started":["mail.watch"],"stopped":[],' +
      '"kept":["scheduler"]}}',
  },
  {
    says: "a schedule, run now",
    request: '{"jsonrpc":"2.0","id":7,"method":"tasks","params":' +
      '{"method":"schedules.run","schedule":"morning"}}',
    answer: '{"jsonrpc":"2.0","id":7,"result":12}',
  },
  {
    says: "a call that is not there",
    request: '{"jsonrpc":"2.0","id":8,"method":"restart"}',
    answer:
      '{"jsonrpc":"2.0","id":8,"error":{"code":-32601,"message":"restart: method not found",' +
      '"data":{"code":"method_not_found"}}}',
  },
  {
    says: "an id that is none",
    request: '{"jsonrpc":"2.0","id":"nine","method":"status"}',
    answer: '{"jsonrpc":"2.0","id":null,"error":{"code":-32600,"message":"this is no frame of ' +
      'JSON-RPC 2.0; {\\"jsonrpc\\":\\"2.0\\",\\"id\\":1,\\"method\\":\\"status\\"} is one, its id a ' +
      'whole number from 1","data":{"code":"malformed"}}}',
  },
  {
    says: "no JSON",
    request: "status",
    answer:
      '{"jsonrpc":"2.0","id":null,"error":{"code":-32700,"message":"the line is no JSON text",' +
      '"data":{"code":"not_json"}}}',
  },
  {
    says: "the end, once what runs is done, or after ten seconds",
    request: '{"jsonrpc":"2.0","id":10,"method":"stop","params":{"limitMs":10000}}',
    answer: '{"jsonrpc":"2.0","id":10,"result":{"interrupted":["pyra ask"]}}',
  },
];

/** A run, line by line: what the client sends begins with `>`, what it gets with `<`. */
export const RUN_EXAMPLE: readonly string[] = [
  '> {"jsonrpc":"2.0","id":3,"method":"run","params":{"args":["ask","hello"],"folder":"/home/ada",' +
  '"shown":{"LANG":"C.UTF-8"},"programs":{"PATH":"/usr/bin"},"secrets":"","terminal":{"stdin":false,' +
  '"stdout":false,"stderr":false,"columns":80,"rows":24}}}',
  '< {"jsonrpc":"2.0","method":"$/item","params":{"id":3,"direction":"down","value":' +
  '{"kind":"output","to":"stdout","text":"Hello."}}}',
  '> {"jsonrpc":"2.0","method":"$/credit","params":{"id":3,"direction":"down","count":1}}',
  '< {"jsonrpc":"2.0","method":"$/item","params":{"id":3,"direction":"down","value":' +
  '{"kind":"end","code":0}}}',
  '> {"jsonrpc":"2.0","method":"$/credit","params":{"id":3,"direction":"down","count":1}}',
  '< {"jsonrpc":"2.0","id":3,"result":null}',
];
