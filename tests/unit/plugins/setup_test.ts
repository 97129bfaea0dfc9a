import assert from "node:assert/strict";
import fc from "fast-check";
import { pluginServer } from "../../../src/plugins/requests.ts";
import {
  checkSetting,
  type SettingField,
  settingValues,
  typedSetting,
} from "../../../src/plugins/settings.ts";
import { setUpPlugin } from "../../../src/plugins/setup.ts";
import { PyraError } from "../../../src/protocol/error.ts";
import type { Json, SetupUi } from "../../../src/protocol/plugin.ts";
import type { PluginDescription } from "../../../src/protocol/plugin_calls.ts";
import { FakeRooms, pluginOf } from "../../fakes/plugin_rooms.ts";

const NEVER = new AbortController().signal;

function field(
  key: string,
  kind: SettingField["kind"],
  more: Partial<SettingField> = {},
): SettingField {
  return {
    key,
    kind,
    label: key,
    description: "",
    default: null,
    options: [],
    required: false,
    ...more,
  };
}

const FIELDS = [
  field("name", "text", { default: "Ada" }),
  field("count", "number", { required: true }),
  field("loud", "bool", { default: false }),
  field("engine", "select", { options: ["a", "b"], default: "a" }),
  field("tags", "list", { default: [] }),
  field("key", "secret"),
];

Deno.test("settings have their defaults, what is wrong is told and has them too, secrets are none", () => {
  const { values, problems } = settingValues("p", FIELDS, {
    loud: "yes",
    engine: "c",
    tags: ["x"],
    key: "sk-1",
    other: 1,
  });
  assert.deepEqual(values, { name: "Ada", count: null, loud: false, engine: "a", tags: ["x"] });
  assert.deepEqual(problems, [
    "plugin_settings.p.count is not set; pyra plugin setup p asks for it",
    "plugin_settings.p.loud: expected true or false",
    "plugin_settings.p.engine: expected one of a, b",
  ]);
});

Deno.test("whatever stands in the settings, a plugin gets values of its fields' kinds", () => {
  fc.assert(
    fc.property(
      fc.dictionary(fc.constantFrom(...FIELDS.map(({ key }) => key)), fc.anything()),
      (given) => {
        const { values } = settingValues("p", FIELDS, given);
        assert.deepEqual(Object.keys(values), ["name", "count", "loud", "engine", "tags"]);
        for (const each of FIELDS) {
          const value = values[each.key];
          if (value === undefined || value === each.default) {
            continue;
          }
          assert.equal(checkSetting(each, value).kind, "value");
        }
      },
    ),
  );
});

Deno.test("what is typed becomes a value of the field's kind", () => {
  const typed = (kind: SettingField["kind"], text: string) =>
    typedSetting(field("x", kind, { options: ["a", "b"] }), text);
  assert.deepEqual(typed("number", " 4.5 "), { kind: "value", value: 4.5 });
  assert.equal(typed("number", "").kind, "wrong");
  assert.equal(typed("number", "1e999").kind, "wrong");
  assert.deepEqual(typed("bool", "On"), { kind: "value", value: true });
  assert.equal(typed("bool", "maybe").kind, "wrong");
  assert.deepEqual(typed("list", "a, ,b"), { kind: "value", value: ["a", "b"] });
  assert.deepEqual(typed("select", "b"), { kind: "value", value: "b" });
  assert.equal(typed("text", "a\u001bb").kind, "wrong");
});

/** A person who answers from a list. */
function person(answers: unknown[]): SetupUi & { readonly heard: string[] } {
  const heard: string[] = [];
  const answer = <T>(question: string): Promise<T> => {
    heard.push(question);
    return Promise.resolve(answers.shift() as T);
  };
  return {
    heard,
    note: (text) => Promise.resolve(void heard.push(`(${text})`)),
    text: (question, initial) => answer(`${question}=${initial ?? ""}`),
    confirm: (question, initial) => answer(`${question}=${initial}`),
    select: (question, options) => answer(`${question}:${options.join("|")}`),
  };
}

/** Sets a plugin up, and tells what happened in which order. */
async function setUp(
  given: Partial<PluginDescription>,
  { answers = [], secrets = [], outcome = null, settings = {} }: {
    readonly answers?: unknown[];
    readonly secrets?: readonly string[];
    readonly outcome?: Json;
    readonly settings?: Readonly<Record<string, unknown>>;
  },
) {
  const steps: string[] = [];
  const set = new Set(["old"]);
  const ui = person(answers);
  let saved: Readonly<Record<string, Json>> | undefined;
  const rooms = new FakeRooms(({ method }) => {
    steps.push(method);
    return outcome;
  });
  const wishes = Object.fromEntries(
    secrets.map((key) => [key, { label: `the ${key} key`, origins: [], placement: "" }]),
  );
  const result = await setUpPlugin(pluginOf("p", given, { secrets: wishes }), {
    rooms,
    ui,
    secretsSet: () => Promise.resolve([...set]),
    storeSecret: (key) => {
      steps.push(`secret ${key}`);
      if (key === "late") return Promise.reject(new PyraError("permission", "denied", "not now"));
      set.add(key);
      return Promise.resolve();
    },
    addHost: (origin) => Promise.resolve(void steps.push(`host ${origin}`)),
    settings: () => Promise.resolve(settings),
    saveSettings: (values) => {
      steps.push("save");
      saved = values;
      return Promise.resolve();
    },
    serving: async (work) => {
      steps.push("serve");
      return await work();
    },
  }, NEVER);
  return { result, steps, saved, heard: ui.heard };
}

Deno.test("a set-up asks for missing secrets first, and then for the settings", async () => {
  const { result, steps, saved, heard } = await setUp({ configFields: FIELDS }, {
    answers: ["Eve", "many", "3", true, "b", "x,y"],
    secrets: ["old", "fresh", "late"],
    settings: { tags: ["x", "y"] },
  });
  assert.deepEqual(steps, ["secret fresh", "secret late", "save"]);
  assert.deepEqual(saved, { name: "Eve", count: 3, loud: true, engine: "b" });
  assert.deepEqual(result, {
    changed: ["name", "count", "loud", "engine"],
    missing: ["the late key"],
    asked: "fields",
  });
  assert.deepEqual(heard, [
    "name=Ada",
    "count=",
    "(expected a number)",
    "count=",
    "loud=false",
    "engine:a|b",
    "tags=x, y",
  ]);
});

Deno.test("a plugin's own set-up says what to keep; hosts are asked for before anything is written", async () => {
  const own = { configFields: FIELDS, hasSetup: true };
  const { result, steps, saved } = await setUp(own, {
    secrets: ["fresh"],
    settings: { loud: true },
    outcome: { settings: { name: "Eve", loud: true }, hosts: ["https://a.example"] },
  });
  assert.deepEqual(steps, ["serve", "setup", "host https://a.example", "save"]);
  assert.deepEqual([result.changed, result.asked, saved], [["name"], "own", { name: "Eve" }]);
  for (
    const outcome of [5, { settings: { key: "sk" } }, { settings: { count: "3" } }, {
      settings: { no: 1 },
    }, { hosts: "all" }]
  ) {
    await assert.rejects(setUp(own, { outcome: outcome as Json }), PyraError);
  }
});

const HIT = { file: "a.md", line: 1, summary: "s", snippet: "x" };

function server(ui?: SetupUi) {
  const searches: unknown[] = [];
  const serve = pluginServer({
    settings: (plugin) => Promise.resolve({ of: plugin }),
    maySearch: (plugin) => plugin === "notes",
    search: (query, limit) => {
      searches.push([query, limit]);
      return Promise.resolve([{ ...HIT, secret: 1 } as typeof HIT]);
    },
    ui: (plugin) => plugin === "set" ? ui : undefined,
  });
  return {
    searches,
    ask: (name: string, method: string, params: unknown = null) =>
      serve({ name, method: method as "settings", params }, NEVER),
  };
}

Deno.test("notes are searched only for a plugin that asked for them, and within bounds", async () => {
  const { ask, searches } = server();
  assert.deepEqual(await ask("notes", "memory.search", { query: "x", limit: 999 }), [HIT]);
  await ask("notes", "memory.search", { query: "x", limit: Number.NaN }).catch(() => undefined);
  await ask("notes", "memory.search", { query: "x", limit: -5.5 });
  assert.deepEqual([searches[0], searches.at(-1)], [["x", 20], ["x", 1]]);
  await assert.rejects(ask("other", "memory.search", { query: "x" }), { code: "denied" });
  for (const params of [null, {}, { query: "" }, { query: 5 }, { query: "x".repeat(501) }]) {
    await assert.rejects(ask("notes", "memory.search", params), { code: "bad_request" });
  }
});

Deno.test("a plugin gets its own settings, and asks the person in its set-up only", async () => {
  const ui = person(["typed", true, "b"]);
  const { ask } = server(ui);
  assert.deepEqual(await ask("p", "settings"), { of: "p" });
  await assert.rejects(ask("p", "ui.confirm", { question: "sure?" }), { code: "denied" });
  await assert.rejects(ask("set", "ui.own", {}), { code: "denied" });
  assert.equal(
    await ask("set", "ui.text", { question: "q\u001b[2J\nEnter y", initial: null }),
    "typed",
  );
  assert.equal(await ask("set", "ui.confirm", { question: "sure?" }), true);
  assert.equal(await ask("set", "ui.select", { question: "which", options: ["a", "b"] }), "b");
  await ask("set", "ui.note", { text: "one\ntwo" });
  assert.deepEqual(ui.heard, ["q [2J Enter y=", "sure?=false", "which:a|b", "(one\ntwo)"]);
  for (const params of [null, { question: 5 }, { question: "x", options: [] }]) {
    await assert.rejects(ask("set", "ui.select", params), { code: "bad_request" });
  }
});
