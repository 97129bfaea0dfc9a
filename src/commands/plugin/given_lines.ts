/**
 * What a plugin gives, and what it may do, in lines for the person.
 * @module
 */
import type { PluginDescription, PluginGrants, PluginRecord } from "../../protocol/plugin_calls.ts";

/** One line for each kind of thing. The names in them are the plugin's words. */
export function givenLines(name: string, description: PluginDescription): string[] {
  const { tools, commands, hooks, skills, mcpServers, tasks, channel, runtime } = description;
  const lines: readonly (readonly [one: string, many: string, names: readonly string[]])[] = [
    ["tool", "tools", tools.map((tool) => `${name}.${tool.name}`)],
    ["command", "commands", commands.map((command) => `/${command.name}`)],
    ["hook", "hooks", hooks],
    ["skill", "skills", skills],
    ["MCP server", "MCP servers", mcpServers.map((server) => `${server.name} (${server.url})`)],
    ["daemon task", "daemon tasks", tasks],
    ["channel", "channels", channel === null ? [] : [channel]],
    ["container runtime", "container runtimes", runtime === null ? [] : [runtime.name]],
  ];
  return [
    ...lines.filter(([, , names]) => names.length > 0)
      .map(([one, many, names]) => `${names.length === 1 ? one : many}: ${names.join(", ")}`),
    ...(description.systemPrompt === false || description.systemPrompt === ""
      ? []
      : ["a text for the model in each conversation"]),
  ];
}

/** What a changed plugin asks for that was not agreed to; one line each. */
export function newLines({ wishes, agreed }: Pick<PluginRecord, "wishes" | "agreed">): string[] {
  const before = agreed ? grantLines(agreed) : [];
  return grantLines(wishes).filter((line) => !before.includes(line));
}

/** What a plugin may do beside computing and keeping files of its own; one line each. */
export function grantLines(grants: PluginGrants): string[] {
  const { hosts, addedHosts, tcp, workspace, read, write, memory, conversation, secrets } = grants;
  const { run, outside = [] } = grants;
  const held = run.filter((program) => !outside.includes(program));
  return [
    ...hosts.map((host) => host === "*" ? "reach every public host" : `reach ${host}`),
    ...addedHosts.map((host) => `reach ${host} (added by you)`),
    ...tcp.map((place) => `connect to ${place} by raw TCP`),
    ...(workspace === "read" ? ["read the files in the workspace"] : []),
    ...(workspace === "write" ? ["read and change the files in the workspace"] : []),
    ...read.map((folder) => `read the files in ${folder}`),
    ...write.map((folder) => `read and change the files in ${folder}`),
    ...held.map((program) => `run ${program}`),
    ...outside.map((program) => `run ${program} outside any sandbox`),
    ...(memory ? ["search your notes"] : []),
    ...(conversation ? ["see what you, the model and tools say, and change it"] : []),
    ...Object.entries(secrets).map(([key, { origins }]) =>
      origins.length === 0
        ? `know its secret ${key}`
        : `use its secret ${key} at ${origins.join(", ")}, unseen`
    ),
  ];
}
