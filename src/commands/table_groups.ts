/**
 * The commands of two words: settings, sessions, vault.
 * @module
 */
import {
  type ArgumentEntry,
  command,
  type CommandEntry,
  type OptionEntry,
} from "./command_entry.ts";
import { FOR } from "./daemon/table.ts";
import { GPG_KEY, LIMIT, MODEL, PROVIDER, TOOL_OPTIONS, VAULT_MODE } from "./table_options.ts";

const SESSION_ID: ArgumentEntry = { name: "ID", required: true };
const CONFIG_KEY: ArgumentEntry = { name: "KEY", required: true, complete: "config_key" };
const SECRET_NAME: ArgumentEntry = { name: "NAME", required: true };

/** Settings. */
export const CONFIG: CommandEntry = command("config", "reads and changes the settings", {
  commands: [
    command("get", "prints one setting in force", {
      arguments: [CONFIG_KEY],
      examples: [{ line: "pyra config get ai.model", does: "the model that is asked" }],
    }),
    command("set", "changes one setting; comments and order are kept", {
      arguments: [CONFIG_KEY, { name: "VALUE", required: true }],
      examples: [
        { line: "pyra config set ai.temperature 0.2", does: "calmer answers" },
        { line: "pyra config set general.editor nano", does: "the editor for long texts" },
      ],
    }),
    command("unset", "removes one setting from the file, so that its default holds", {
      arguments: [CONFIG_KEY],
      examples: [{ line: "pyra config unset ai.temperature", does: "the provider's default" }],
    }),
    command("edit", "opens the settings in your editor and checks what was saved", {
      examples: [{ line: "pyra config edit", does: "uses VISUAL, EDITOR or general.editor" }],
    }),
    command("path", "prints where the settings file is", {
      examples: [{ line: "pyra config path", does: "the file's path" }],
    }),
    command("list", "prints all settings in force, and where each comes from", {
      examples: [{ line: "pyra config list --json", does: "the same for programs" }],
    }),
  ],
});

/** Conversations. */
export const SESSIONS: CommandEntry = command(
  "sessions",
  "lists, shows and exports conversations",
  {
    commands: [
      command("list", "lists the conversations, the latest first", {
        options: [LIMIT],
        examples: [{ line: "pyra sessions list --limit 5", does: "the latest five" }],
      }),
      command("show", "prints one conversation", {
        arguments: [SESSION_ID],
        examples: [{ line: "pyra sessions show 1m7y91", does: "the start of an id is enough" }],
      }),
      command("resume", "goes on with a conversation in the chat", {
        arguments: [SESSION_ID],
        options: [PROVIDER, MODEL, ...TOOL_OPTIONS],
        examples: [{ line: "pyra sessions resume 1m7y91", does: "chats on" }],
      }),
      command("fork", "copies a conversation under a new id, and prints that", {
        arguments: [SESSION_ID],
        examples: [{ line: "pyra sessions fork 1m7y91", does: "tries another way from here" }],
      }),
      command("export", "writes a conversation as Markdown or JSON", {
        arguments: [SESSION_ID],
        options: [
          {
            flag: "--format",
            short: "-f",
            value: "FORMAT",
            description: "md or json (default md)",
            complete: ["md", "json"],
          },
          {
            flag: "--output",
            value: "FILE",
            description: "writes to this file instead of standard output",
            path: "write",
            complete: "file",
          },
        ],
        examples: [{
          line: "pyra sessions export 1m7y91 --format md --output talk.md",
          does: "a file to read or share",
        }],
      }),
      command("rm", "deletes conversations", {
        arguments: [{ ...SESSION_ID, repeatable: true }],
        examples: [{ line: "pyra sessions rm 1m7y91 1m7y8t", does: "deletes two" }],
      }),
      command("search", "finds conversations in which words occur", {
        arguments: [{ name: "WORDS", required: true, repeatable: true }],
        options: [LIMIT],
        examples: [{ line: 'pyra sessions search "night train"', does: "the lines they occur in" }],
      }),
    ],
  },
);

const VALUE_FROM_STDIN: OptionEntry = {
  flag: "--stdin",
  description: "reads the value from standard input instead of asking",
};

/** For what makes the vault if there is none. */
const NEW_VAULT_MODE: OptionEntry = {
  ...VAULT_MODE,
  description: "how a vault that is made now is opened: keystore, passphrase, keyfile or gpg",
};

/** Secrets. */
export const VAULT: CommandEntry = command(
  "vault",
  "keeps keys and other secrets where no model can read them",
  {
    commands: [
      command("status", "says how the vault is kept and whether it is open", {
        examples: [{ line: "pyra vault status", does: "unlocks nothing" }],
      }),
      command("list", "lists the secrets' names, never their values", {
        examples: [{ line: "pyra vault list", does: "names, origins, dates" }],
      }),
      command("set", "stores a secret; its value is asked for", {
        arguments: [SECRET_NAME],
        options: [
          {
            flag: "--origin",
            value: "URL",
            description: "an origin that it may be sent to",
            repeatable: true,
          },
          {
            flag: "--placement",
            value: "TEXT",
            description: 'where it goes in a request, such as "authorization: Bearer {}"',
          },
          {
            flag: "--own-passphrase",
            description: "locks this secret with a passphrase of its own",
          },
          NEW_VAULT_MODE,
          GPG_KEY,
          VALUE_FROM_STDIN,
        ],
        examples: [
          { line: "pyra vault set provider:openai", does: "the key of a provider" },
          {
            line:
              'pyra vault set weather --origin https://api.weather.example --placement "x-api-key: {}"',
            does: "a key that goes to one address only",
          },
        ],
      }),
      command("rm", "deletes a secret", {
        arguments: [SECRET_NAME],
        examples: [{ line: "pyra vault rm provider:openai", does: "deletes that key" }],
      }),
      command("rotate", "gives a secret a new value, or the vault a new identity", {
        arguments: [{ name: "NAME", required: false }],
        options: [VALUE_FROM_STDIN],
        examples: [
          { line: "pyra vault rotate provider:openai", does: "asks for the new key" },
          { line: "pyra vault rotate", does: "encrypts everything anew" },
        ],
      }),
      command("unlock", "checks that the vault opens, and opens it in the daemon that runs", {
        options: [FOR],
        examples: [
          { line: "pyra vault unlock", does: "asks for the passphrase" },
          { line: "pyra vault unlock --for 8h", does: "later questions need no passphrase" },
        ],
      }),
      command("lock", "forgets what keeps the vault open, in the daemon too", {
        examples: [{ line: "pyra vault lock", does: "the next use asks again" }],
      }),
      command("recipients", "lists or changes who else can open the vault", {
        options: [
          {
            flag: "--add",
            value: "AGE_KEY",
            description: "lets this age public key open it too, for recovery",
            repeatable: true,
          },
          {
            flag: "--remove",
            value: "AGE_KEY",
            description: "encrypts everything without this one",
            repeatable: true,
          },
        ],
        examples: [{ line: "pyra vault recipients", does: "lists them" }],
      }),
      command("import", "takes secrets from a file made by export", {
        arguments: [{ name: "FILE", required: true, path: "kernel", complete: "file" }],
        options: [
          { flag: "--replace", description: "replaces secrets of the same name" },
          NEW_VAULT_MODE,
          GPG_KEY,
        ],
        examples: [{ line: "pyra vault import backup.age", does: "adds what is missing" }],
      }),
      command("export", "writes all secrets to one encrypted file", {
        options: [
          {
            flag: "--output",
            value: "FILE",
            description: "the file to write; it must not exist yet",
            path: "kernel",
            complete: "file",
          },
          {
            flag: "--recipient",
            value: "AGE_KEY",
            description: "encrypts to this age public key instead of a passphrase",
            repeatable: true,
          },
        ],
        examples: [{
          line: "pyra vault export --output backup.age",
          does: "asks for a passphrase",
        }],
      }),
      command("passphrase", "changes the passphrase, or how the vault is opened", {
        options: [VAULT_MODE, GPG_KEY],
        examples: [
          { line: "pyra vault passphrase", does: "asks for a new one" },
          { line: "pyra vault passphrase --vault keystore", does: "uses the system's key store" },
        ],
      }),
    ],
  },
);
