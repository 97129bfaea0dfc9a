/**
 * What a plugin says that it gives, checked and cleaned: names are names, texts are bounded and hold
 * nothing hidden. A description that breaks a rule is refused as a whole, with the rule.
 * @module
 */
import { oneLine, plainLines } from "../../protocol/foreign_text.ts";
import type { Json } from "../../protocol/plugin.ts";
import type { PluginDescription } from "../../protocol/plugin_calls.ts";
import { isRecord } from "../../rpc/frame.ts";
import { checkedEffects } from "./effects.ts";
import { HostFault } from "./host_fault.ts";

/** Of each kind that a plugin may give. */
const LIST_LIMIT = 64;
const TOOL_TEXT = 2_000;
const LINE = 200;
const PROMPT_CHARACTERS = 2_000;
const SCHEMA_CHARACTERS = 20_000;
const DEFAULT_CHARACTERS = 10_000;
const TOOL_LIMIT_MS = 300_000;
const ADDRESS_CHARACTERS = 500;

const SNAKE = /^[a-z][a-z0-9_]{0,47}$/;
const KEBAB = /^[a-z][a-z0-9-]{0,31}$/;
/** A program by its name. */
const PROGRAM = /^[A-Za-z0-9][A-Za-z0-9._+-]{0,63}$/;
/** What a name has to be, in words. */
const NAMING = new Map([
  [SNAKE, "take small letters, digits and _, such as look_up"],
  [KEBAB, "take small letters, digits and -, such as look-up"],
  [PROGRAM, "take the name of a program, not its path"],
]);
const FOLDER = /^[A-Za-z0-9][\w-]*(\/[A-Za-z0-9][\w-]*){0,7}$/;
const HOOKS = "beforeTurn afterTurn beforeTool afterTool onSessionStart onSessionEnd beforeCompact"
  .split(" ");
const FIELD_KINDS = ["text", "number", "bool", "select", "list", "secret"];

type Given = Readonly<Record<string, unknown>>;

/** The description. @throws {HostFault} */
export function checkedDescription(given: Given): PluginDescription {
  const { systemPrompt, channel, runtime } = given;
  return {
    tools: listOf("tools", given["tools"], tool),
    commands: listOf("commands", given["commands"], (command) => ({
      name: name("command", command["name"], KEBAB),
      usage: line(command["usage"]),
      description: line(command["description"]),
    })),
    systemPrompt: typeof systemPrompt === "string"
      ? plainLines(systemPrompt, PROMPT_CHARACTERS)
      : systemPrompt === true,
    hooks: texts("hooks", given["hooks"], (hook) => HOOKS.includes(hook)),
    skills: texts("skills", given["skills"], (folder) => FOLDER.test(folder)),
    mcpServers: listOf("mcpServers", given["mcpServers"], (server) => ({
      name: name("MCP server", server["name"], KEBAB),
      url: address(server["url"]),
      ...(server["credential"] === undefined
        ? {}
        : { credential: name("credential", server["credential"], SNAKE) }),
    })),
    tasks: texts("tasks", given["tasks"], (task) => KEBAB.test(task)),
    channel: channel === null ? null : name("channel", channel, KEBAB),
    runtime: isRecord(runtime)
      ? {
        name: name("container runtime", runtime["name"], KEBAB),
        cli: name("program", runtime["cli"], PROGRAM),
        priority: number(runtime["priority"]),
      }
      : null,
    configFields: listOf("configFields", given["configFields"], configField),
    hasSetup: given["hasSetup"] === true,
  };
}

function tool(given: Given): PluginDescription["tools"][number] {
  const { parameters, timeLimit } = given;
  const called = name("tool", given["name"], SNAKE);
  if (!isRecord(parameters) || parameters["type"] !== "object") {
    throw fault(`the parameters of ${called} are no JSON Schema of type object`);
  }
  if (JSON.stringify(parameters).length > SCHEMA_CHARACTERS) {
    throw fault(`the schema of ${called} has more than ${SCHEMA_CHARACTERS} characters`);
  }
  const description = plainLines(text(given["description"]), TOOL_TEXT);
  if (description === "") throw fault(`the tool ${called} has no description`);
  return {
    name: called,
    description,
    parameters,
    effects: checkedEffects(given["effects"]),
    timeLimit: Math.max(1, Math.min(number(timeLimit), TOOL_LIMIT_MS)),
    plans: given["plans"] === true,
  };
}

function configField(given: Given): PluginDescription["configFields"][number] {
  const { kind, default: initial = null, required } = given;
  const key = name("setting", given["key"], SNAKE);
  if (typeof kind !== "string" || !FIELD_KINDS.includes(kind)) {
    throw fault(`the setting ${key} is of no kind that there is (${FIELD_KINDS.join(", ")})`);
  }
  if (JSON.stringify(initial).length > DEFAULT_CHARACTERS) {
    throw fault(`the default of the setting ${key} is too long`);
  }
  const options = texts("options", given["options"], (option) => option.length <= LINE);
  if (kind === "select" && options.length === 0) throw fault(`the setting ${key} has no options`);
  return {
    key,
    kind: kind as PluginDescription["configFields"][number]["kind"],
    label: line(given["label"]),
    description: line(given["description"]),
    default: initial as Json,
    options: options.map((option) => line(option)),
    required: required === true,
  };
}

/** The items of a list, each by a name of its own. */
function listOf<T extends object>(what: string, given: unknown, read: (item: Given) => T): T[] {
  if (!Array.isArray(given) || given.length > LIST_LIMIT || !given.every(isRecord)) {
    throw fault(`${what} is a list of at most ${LIST_LIMIT} objects`);
  }
  const read_ = given.map(read);
  const names = read_.map((item) => Reflect.get(item, "name") ?? Reflect.get(item, "key"));
  const twice = names.find((name, at) => names.indexOf(name) !== at);
  if (twice !== undefined) throw fault(`two of its ${what} are called ${String(twice)}`);
  return read_;
}

function texts(what: string, given: unknown, allowed: (text: string) => boolean): string[] {
  if (!Array.isArray(given) || given.length > LIST_LIMIT) {
    throw fault(`${what} is a list of at most ${LIST_LIMIT} texts`);
  }
  return given.map((item) => {
    if (typeof item === "string" && allowed(item)) return item;
    throw fault(`${what} has an entry that it cannot have: ${line(item)}`);
  });
}

function name(what: string, given: unknown, pattern: RegExp): string {
  if (typeof given === "string" && pattern.test(given)) return given;
  throw fault(`a ${what} cannot be called ${JSON.stringify(line(given))}; ${NAMING.get(pattern)}`);
}

function address(given: unknown): string {
  const url = typeof given === "string" ? URL.parse(given) : null;
  const shown = url && /^https?:$/.test(url.protocol) && !url.username && !url.password;
  if (shown && url.href.length <= ADDRESS_CHARACTERS) return url.href;
  throw fault("the address of an MCP server is an http or https URL without a password");
}

function number(given: unknown): number {
  if (typeof given === "number" && Number.isFinite(given)) return given;
  throw fault("a priority or a time limit is a number");
}

function text(given: unknown): string {
  return typeof given === "string" ? given : "";
}

function line(given: unknown): string {
  return oneLine(text(given), LINE);
}

function fault(message: string): HostFault {
  return new HostFault("plugin_failed", message);
}
