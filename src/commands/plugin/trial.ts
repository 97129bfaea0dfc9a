/**
 * A plugin in a room without any rights: whether it starts, whether what it gives is sound, what its own
 * tests say.
 * @module
 */
import * as z from "zod/mini";
import { readDescription } from "../../plugins/description.ts";
import { isHeard } from "../../plugins/hooks.ts";
import { pluginTools } from "../../plugins/plugin_tools.ts";
import { kernelRooms, type PluginRooms } from "../../plugins/rooms.ts";
import { PyraError } from "../../protocol/error.ts";
import { plainLines } from "../../protocol/foreign_text.ts";
import type { Json } from "../../protocol/plugin.ts";
import type { PluginDescription, PluginFile, PluginRecord } from "../../protocol/plugin_calls.ts";
import { ToolRegistry } from "../../tools/registry.ts";
import { validate } from "../../tools/schema/validate.ts";
import type { CommandContext } from "../context.ts";
import { asShown } from "../errors.ts";
import { badSource } from "./file_bounds.ts";
import type { ReadManifest } from "./manifest_text.ts";
import { testRoom } from "./test_room.ts";

/** Where a plugin's tests are. */
export const TESTS_FILE = "plugin_test.ts";
const EXPORTS_TESTS = /^export\s+(?:const|let|var|function)\s+tests\b|^export\s*\{[^}]*\btests\b/m;
/** What stands in the plugin's place while its tests run. */
const ROOM_FILE = "pyra_test_room.js";
const DESCRIBE_LIMIT_MS = 15_000;
const TEST_LIMIT_MS = 30_000;
const PROBLEM_UNITS = 2_000;

/** One thing that was looked at. */
export interface Checked {
  readonly kind: "check" | "test";
  readonly name: string;
  /** Null if it is well. */
  readonly problem: string | null;
}

/** A plugin as it lies in its folder. */
export interface Tried {
  readonly files: readonly PluginFile[];
  readonly manifest: ReadManifest;
}

const TESTS_LIMIT = 1_000;

const Answer = z.object({ text: z.string() });
const TestNames = z.array(z.string().check(z.maxLength(500))).check(z.maxLength(TESTS_LIMIT));
const TestResult = z.object({ ok: z.boolean(), message: z.optional(z.string()) });

/** Starts the plugin without rights and looks at what it gives. @throws {RpcError} `bad_plugin` */
export async function checkPlugin(context: CommandContext, tried: Tried): Promise<Checked[]> {
  const record = await start(context, tried.files);
  const rooms = kernelRooms(context.kernel);
  const check = (name: string, problem: string | null): Checked => ({
    kind: "check",
    name,
    problem,
  });
  let description: PluginDescription;
  try {
    const said = await rooms.call(
      { plugin: record.name, method: "describe", params: {}, limitMs: DESCRIBE_LIMIT_MS },
      context,
    );
    description = readDescription(said, record.name);
  } catch (thrown) {
    context.signal.throwIfAborted();
    return [check("it starts, and says what it gives", asShown(thrown).message)];
  }
  const asked = { ...record, wishes: tried.manifest.wishes };
  if (!givesAnything(description)) {
    const problem =
      "it gives nothing that Pyra knows: look for a wrong name, such as tool for tools";
    return [check("it starts, and says what it gives", problem)];
  }
  return [
    check("it starts, and says what it gives", null),
    ...toolChecks(asked, description, rooms).map(({ name, problem }) => check(name, problem)),
    ...secretProblems(description, tried.manifest).map((problem) => check("the settings", problem)),
    ...hookProblems(asked, description).map((problem) => check("the hooks", problem)),
  ];
}

function hookProblems(record: PluginRecord, { hooks }: PluginDescription): string[] {
  const unheard = hooks.filter((hook) => !isHeard(hook, record));
  if (unheard.length === 0) return [];
  return [
    `${unheard.join(", ")}: not called before the manifest's grants have "conversation": true`,
  ];
}

/** The vault keeps secrets for a plugin by what its manifest says of them, and no others. */
function secretProblems(
  { configFields }: PluginDescription,
  { secretKeys }: ReadManifest,
): string[] {
  return configFields
    .filter(({ key, kind }) => kind === "secret" && !secretKeys.includes(key))
    .map(({ key }) => `the secret ${key} is not among the manifest's grants.secrets`);
}

/** Whether there is anything in it; settings and a set-up are for something else. */
function givesAnything(description: PluginDescription): boolean {
  const { configFields: _, hasSetup: __, ...given } = description;
  return Object.values(given).some((value) =>
    Array.isArray(value) ? value.length > 0 : value !== null && value !== false && value !== ""
  );
}

/** Each tool: its name and schema, its effects within what the manifest asks for, its examples. */
function toolChecks(
  record: PluginRecord,
  description: PluginDescription,
  rooms: PluginRooms,
): { name: string; problem: string | null }[] {
  const registry = new ToolRegistry();
  const grounds = {
    rooms,
    workspace: "/workspace",
    requireApproval: true,
    isBundled: () => false,
    known: new Map(),
  };
  return description.tools.map((described) => {
    const one = { record, description: { ...description, tools: [described] } };
    const { tools: [tool], problems } = pluginTools(one, grounds);
    const name = `the tool ${described.name}`;
    if (!tool) return { name, problem: problems.join("; ") };
    try {
      const { schema } = registry.add(tool);
      return { name, problem: exampleProblem(schema, described.parameters["examples"]) };
    } catch (thrown) {
      return { name, problem: asShown(thrown).message };
    }
  });
}

/** Examples of a schema are arguments that it takes. */
function exampleProblem(
  schema: Parameters<typeof validate>[1],
  examples: unknown,
): string | null {
  if (examples === undefined) return null;
  if (!Array.isArray(examples)) return "the examples of its parameters are no list";
  for (const [index, example] of examples.entries()) {
    const result = validate(example, schema);
    if (result.kind === "valid") continue;
    const [first] = result.kind === "invalid" ? result.problems : [];
    return `example ${index + 1} of its parameters is no good: ${first?.path ?? ""} ${
      first?.message ?? "it cannot be checked"
    }`;
  }
  return null;
}

/** Runs the tests one after the other, each with the plugin loaded anew. */
export async function* runTests(
  context: CommandContext,
  { files, manifest }: Tried,
): AsyncGenerator<Checked> {
  const tests = files.find(({ path }) => path === TESTS_FILE);
  // A file of that name may be made for another program, which finds its tests in its own way.
  if (!tests || !EXPORTS_TESTS.test(tests.text)) return;
  const { name: plugin } = await start(context, testFiles({ files, manifest }));
  const rooms = kernelRooms(context.kernel);
  const call = (tool: string, input: Readonly<Record<string, Json>>) =>
    rooms.call(
      { plugin, method: "run", params: { tool, input }, limitMs: TEST_LIMIT_MS },
      context,
    );
  const failed = (name: string, thrown: unknown): Checked => {
    context.signal.throwIfAborted();
    return { kind: "test", name, problem: plainLines(asShown(thrown).message, PROBLEM_UNITS) };
  };
  let names: readonly string[];
  try {
    const { text } = Answer.parse(await call("list_tests", {}));
    names = TestNames.parse(JSON.parse(text));
  } catch (thrown) {
    yield failed(TESTS_FILE, thrown);
    return;
  }
  for (const name of names) {
    try {
      const { text } = Answer.parse(await call("run_test", { name }));
      const { ok, message = "it gave no reason" } = TestResult.parse(JSON.parse(text));
      yield { kind: "test", name, problem: ok ? null : plainLines(message, PROBLEM_UNITS) };
    } catch (thrown) {
      yield failed(name, thrown);
    }
  }
}

/** The plugin's files with what runs its tests in the plugin's place. */
function testFiles({ files, manifest }: Tried): readonly PluginFile[] {
  const { main, fields } = manifest;
  if (files.some(({ path }) => path === ROOM_FILE)) {
    throw badSource(`${ROOM_FILE} is a name that Pyra needs`, "rename the file");
  }
  const room = [
    `import * as plugin from ${JSON.stringify(`./${main}`)};`,
    `import * as tests from ${JSON.stringify(`./${TESTS_FILE}`)};`,
    `${testRoom.toString()}`,
    `export default ${testRoom.name}(plugin, tests);`,
  ].join("\n");
  const changed = JSON.stringify({ ...fields, main: ROOM_FILE, grants: {} });
  return [
    ...files.filter(({ path }) => path !== "manifest.json"),
    { path: "manifest.json", text: changed },
    { path: ROOM_FILE, text: room },
  ];
}

async function start(
  { kernel }: CommandContext,
  files: readonly PluginFile[],
): Promise<PluginRecord> {
  // It may ask for its settings; it has none but their defaults.
  kernel.onPluginRequest(({ method }) =>
    method === "settings" ? Promise.resolve({}) : Promise.reject(
      new PyraError("permission", "denied", "nobody can be asked while a plugin is tested"),
    )
  );
  return await kernel.call("tryPlugin", { files });
}
