/**
 * The files that `pyra plugin new` writes.
 * @module
 */
import type { PluginFile } from "../../../protocol/plugin_calls.ts";
import { hookTemplate } from "./hook_template.ts";
import { SDK_ACTS_TEXT } from "./sdk_acts_text.ts";
import { SDK_TESTING_TEXT } from "./sdk_testing_text.ts";
import { SDK_TEXT } from "./sdk_text.ts";
import type { Template } from "./template.ts";
import { taskTemplate } from "./task_template.ts";
import { toolTemplate } from "./tool_template.ts";

/** What a new plugin may give. */
export const KINDS = ["tool", "hook", "task"] as const;
/** What a new plugin may give. */
export type PluginKind = (typeof KINDS)[number];

const TEMPLATES: Readonly<Record<PluginKind, Template>> = {
  tool: toolTemplate,
  hook: hookTemplate,
  task: taskTemplate,
};

/** The files of a new plugin. */
export function newPluginFiles(name: string, kind: PluginKind): readonly PluginFile[] {
  const { description, grants, plugin, test, about } = TEMPLATES[kind];
  const json = (value: unknown) => `${JSON.stringify(value, undefined, 2)}\n`;
  return [
    { path: "README.md", text: readme(name, about) },
    { path: "deno.json", text: json({ imports: { "pyra/sdk": "./pyra_sdk.d.ts" } }) },
    {
      path: "manifest.json",
      text: json({ name, version: "0.1.0", description, grants }),
    },
    { path: "plugin.ts", text: plugin },
    { path: "plugin_test.ts", text: test },
    {
      path: "pyra_sdk.d.ts",
      text: [SDK_HEADER, ...SDK_TEXTS.flatMap((text) => [text, ""])].join("\n"),
    },
    { path: "tsconfig.json", text: json(TSCONFIG) },
  ];
}

const SDK_TEXTS = [SDK_ACTS_TEXT, SDK_TEXT, SDK_TESTING_TEXT];
const SDK_HEADER = `/**
 * What a plugin of Pyra is. Written by \`pyra plugin new\`; it is for your editor, and no plugin needs it to
 * run.
 */
`;

/** For editors that do not know Deno. */
const TSCONFIG = {
  compilerOptions: {
    target: "es2022",
    module: "esnext",
    moduleResolution: "bundler",
    lib: ["es2022", "dom"],
    strict: true,
    noEmit: true,
    allowImportingTsExtensions: true,
    paths: { "pyra/sdk": ["./pyra_sdk.d.ts"] },
  },
};

function readme(name: string, about: string): string {
  return `# ${name}

${about}

## Work on it

\`\`\`sh
pyra plugin test ${name}     # runs plugin_test.ts in a room without any rights
pyra plugin dev ${name}      # runs it, and again after each change; shows its log
pyra plugin install ./${name}
\`\`\`

\`pyra_sdk.d.ts\` says everything a plugin can be; \`plugin.ts\` is where it begins. It may import its own
files (\`./other.ts\`, with the ending), \`pyra/sdk\` for types, and the modules of \`node:\` that only compute:
assert, buffer, crypto, events, path, querystring, stream, string_decoder, timers, url, util, zlib. What else
it needs must be bundled into it.

## What it may do

\`grants\` in \`manifest.json\` lists what the plugin asks for. The person sees each line before they agree,
and the plugin gets that and nothing else; with \`{}\` it computes, and keeps files of its own.

| field | what it asks for |
|---|---|
| \`hosts\` | origins that \`context.fetch\` may reach: \`["https://api.example.com"]\`, or \`["*"]\` |
| \`secrets\` | keys kept in the vault: \`{"api_key": {"label": "API key", "origins": ["https://…"]}}\` |
| \`workspace\` | \`"read"\` or \`"write"\`: the folder that Pyra works in |
| \`read\`, \`write\` | other folders: \`["~/Music"]\` |
| \`memory\` | \`true\`: \`context.memory.search\` finds the person's notes |
| \`conversation\` | \`true\`: its hooks are told what is said, and may change it |
| \`tcp\` | \`["imap.example.com:993"]\`: connections that are no HTTP |
| \`run\` | programs by name; they can do all that the person can |

A secret with \`origins\` goes with \`context.fetch(url, { credential: "api_key" })\`; the plugin never sees it.
It stands in the header \`authorization: Bearer {}\`, unless its \`placement\` says another: \`"x-api-key: {}"\`.
Without \`origins\` the plugin reads it with \`context.secrets.get("api_key")\`, and it goes into no request.
`;
}
