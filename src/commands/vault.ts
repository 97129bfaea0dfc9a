/**
 * `pyra vault …`: reads what was typed and hands it to the kernel, which holds it against the command
 * line and asks for whatever is secret.
 * @module
 */
import type { SecretSummary, VaultCommand, VaultMode } from "../protocol/kernel_calls.ts";
import type { CommandContext } from "./context.ts";
import { oneLine, usageError } from "./errors.ts";
import { isOn, listOf, textOf, wordOf } from "./option_values.ts";
import { jsonText, localTime, table } from "./output.ts";
import type { Parsed } from "./program.ts";
import type { CommandRunner } from "./runner.ts";

/** How the vault's identity can be kept. */
export const VAULT_MODES: readonly VaultMode[] = ["keystore", "passphrase", "keyfile", "gpg"];

/** The second words of `pyra vault`. */
export const VAULT_COMMANDS: Readonly<Record<string, CommandRunner>> = {
  status,
  list: send(() => ({ command: "list" })),
  set: send(({ arguments: [name = ""], options }) => {
    const placement = textOf(options, "--placement");
    return {
      command: "set",
      name,
      origins: listOf(options, "--origin"),
      ...(placement === undefined ? {} : { placement }),
      ownPassphrase: isOn(options, "--own-passphrase"),
      fromStdin: isOn(options, "--stdin"),
    };
  }),
  rm: send(({ arguments: [name = ""] }) => ({ command: "rm", name })),
  rotate: send(({ arguments: [name], options }) => ({
    command: "rotate",
    ...(name === undefined ? {} : { name }),
    fromStdin: isOn(options, "--stdin"),
  })),
  unlock: send(() => ({ command: "unlock" })),
  lock: send(() => ({ command: "lock" })),
  recipients: send(({ options }) => ({
    command: "recipients",
    add: listOf(options, "--add"),
    remove: listOf(options, "--remove"),
  })),
  import: send(({ arguments: [path = ""], options }) => ({
    command: "import",
    path,
    replace: isOn(options, "--replace"),
  })),
  export: send(({ options }) => {
    const path = textOf(options, "--output");
    if (path === undefined) {
      throw usageError("pyra vault export needs a file", "name one with --output FILE");
    }
    return { command: "export", path, recipients: listOf(options, "--recipient") };
  }),
  passphrase: send(({ options }) => {
    const gpgKey = textOf(options, "--gpg-key");
    return {
      command: "passphrase",
      mode: wordOf(options, "--vault", VAULT_MODES) ?? "passphrase",
      ...(gpgKey === undefined ? {} : { gpgKey }),
    };
  }),
};

async function status({ boot, kernel, print }: CommandContext): Promise<number> {
  const found = await kernel.call("vaultStatus", null);
  if (boot.options.json) await print(jsonText(found));
  else {
    const { state, mode, secrets, recipients } = found;
    const rows = state === "absent" ? [["vault", "there is none yet; pyra setup makes it"]] : [
      ["vault", state],
      ["opened by", mode ?? "unknown"],
      ["secrets", String(secrets)],
      ["recipients", recipients.length === 0 ? "none but the vault's own" : recipients.join(", ")],
    ];
    await print(table([{ title: "" }, { title: "" }], rows, undefined));
  }
  return 0;
}

function send(command: (parsed: Parsed) => VaultCommand): CommandRunner {
  return async (context, parsed) => {
    const { boot, kernel, print } = context;
    const reply = await kernel.call("vaultCommand", command(parsed));
    if (boot.options.json) await print(jsonText(reply));
    else {
      const { secrets = [], recipients = [], message } = reply;
      if (secrets.length > 0) await print(secretTable(secrets, context.columns()));
      for (const recipient of recipients) await print(`${recipient}\n`);
      // A list is for the next program too: what is said about it stays out of it.
      const say = reply.secrets ?? reply.recipients ? context.printError : print;
      if (!boot.options.quiet) await say(`${oneLine(message)}\n`);
    }
    return 0;
  };
}

function secretTable(secrets: readonly SecretSummary[], columns: number | undefined): string {
  const head = [
    { title: "name" },
    { title: "sent to", shrinks: true },
    { title: "changed", optional: true },
    { title: "", optional: true },
  ] as const;
  const rows = secrets.map(({ name, origins, created, rotated, locked }) => [
    name,
    origins.length === 0 ? "nowhere" : origins.join(", "),
    localTime(rotated || created),
    locked ? "own passphrase" : "",
  ]);
  return table(head, rows, columns);
}
