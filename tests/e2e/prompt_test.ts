/**
 * The kernel's own questions on a real terminal: no other room is alive while a person answers.
 * @module
 */
import assert from "node:assert/strict";
import { startModelServer } from "../fakes/model_server.ts";
import { cleanEnvironment, run, withHome } from "./command.ts";
import { pyra } from "./executable.ts";
import { hasTmux, Screen } from "./tmux.ts";

const withoutTmux = !hasTmux();
const PASSPHRASE = "correct horse battery";
const KEY = "sk-typed-0123456789abcdef";

async function open(
  home: string,
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<Screen> {
  const { path, args: before } = await pyra();
  const command = [path, ...before, ...args];
  return await Screen.start({ command, env: cleanEnvironment(home, env), cwd: home, columns: 120 });
}

Deno.test({
  name: "a secret is asked for with its name and origin, and is not shown",
  ignore: withoutTmux, // tmux is the terminal; `.ci/run` installs it
  fn: () =>
    withHome(async (home) => {
      await using screen = await open(home, [
        "vault",
        "set",
        "mail",
        "--origin",
        "https://a.example",
      ]);
      await screen.until(/Value of mail, sent to https:\/\/a\.example only:/);
      await screen.type(KEY);
      await screen.press("Enter");
      await screen.until(/How shall the vault's key be kept\?/);
      await screen.press("Enter");
      await screen.until(/New passphrase/);
      await screen.type(PASSPHRASE);
      await screen.press("Enter");
      await screen.until(/The same again/);
      await screen.type("something else");
      await screen.press("Enter");
      await screen.until(/They differ/);
      for (let time = 0; time < 2; time++) {
        await screen.type(PASSPHRASE);
        await screen.press("Enter");
        await screen.until(time === 0 ? /again: *$/ : /\[exit 0\]/);
      }
      const shown = (await screen.lines({ history: true })).join("\n");
      assert.ok(!shown.includes(KEY) && !shown.includes(PASSPHRASE));
      const env = { PYRA_VAULT_PASSPHRASE: PASSPHRASE };
      assert.match((await run(["vault", "list"], { home, env })).stdout, /mail/);
    }),
});

Deno.test({
  name: "the passphrase is asked for once, a wrong one three times at most",
  ignore: withoutTmux, // tmux is the terminal; `.ci/run` installs it
  fn: () =>
    withHome(async (home) => {
      await using server = await startModelServer();
      const setup = ["setup", "--provider", "custom", "--base-url", server.url, "--model", "m"];
      const env = { PYRA_VAULT_PASSPHRASE: PASSPHRASE };
      const made = await run([...setup, "--key-stdin", "--yes"], { home, env, input: KEY });
      assert.equal(made.code, 0, made.stderr);
      {
        await using screen = await open(home, ["ask", "hello"]);
        await screen.until(/Passphrase of the vault:/);
        await screen.type("wrong");
        await screen.press("Enter");
        await screen.until(/not the passphrase \(2 more\)/);
        await screen.type(PASSPHRASE);
        await screen.press("Enter");
        await screen.until(/Hello from the fake model[^]*\[exit 0\]/);
      }
      await using screen = await open(home, ["ask", "hello"]);
      for (const left of [/\(2 more\)/, /\(1 more\)/, /\[exit 4\]/]) {
        await screen.until(/Passphrase of the vault: *$/);
        await screen.type("wrong");
        await screen.press("Enter");
        await screen.until(left);
      }
    }),
});

Deno.test({
  name: "a question that is cancelled ends with 130, and the terminal works as before",
  ignore: withoutTmux, // tmux is the terminal; `.ci/run` installs it
  fn: () =>
    withHome(async (home) => {
      await using screen = await open(home, ["vault", "set", "mail"]);
      await screen.until(/Value of mail/);
      await screen.press("C-c");
      await screen.until(/\[exit 130\]/);
      assert.equal(
        JSON.parse((await run(["vault", "list", "--json"], { home })).stdout).secrets.length,
        0,
      );
    }),
});

Deno.test({
  name: "an address that only the config names is sent to after a yes, and never after a no",
  ignore: withoutTmux, // tmux is the terminal; `.ci/run` installs it
  fn: () =>
    withHome(async (home) => {
      await using server = await startModelServer();
      await run(["sessions", "list"], { home });
      const config = `ai:\n  provider_id: custom\n  model: m\n  base_url: ${server.url}\n`;
      await Deno.writeTextFile(`${home}/.pyra/config.yaml`, config, { mode: 0o600 });
      {
        await using screen = await open(home, ["ask", "hello"]);
        await screen.until(/May Pyra send .* to http:\/\/127\.0\.0\.1:\d+\? \[y\/N\]/);
        await screen.press("Enter");
        await screen.until(/\[exit 4\]/);
        assert.equal(server.requests.length, 0);
      }
      {
        await using screen = await open(home, ["ask", "hello"]);
        await screen.until(/\[y\/N\]/);
        await screen.type("y");
        await screen.press("Enter");
        await screen.until(/Hello from the fake model/);
      }
      assert.equal((await run(["ask", "hello"], { home })).code, 0, "the yes is kept");
    }),
});

Deno.test({
  name: "a passphrase is typed on the terminal although the question is piped in",
  ignore: withoutTmux, // tmux is the terminal; `.ci/run` installs it
  fn: () =>
    withHome(async (home) => {
      await using server = await startModelServer();
      const setup = ["setup", "--provider", "custom", "--base-url", server.url, "--model", "m"];
      const env = { PYRA_VAULT_PASSPHRASE: PASSPHRASE };
      const made = await run([...setup, "--key-stdin", "--yes"], { home, env, input: KEY });
      assert.equal(made.code, 0, made.stderr);
      const { path, args } = await pyra();
      const line = [path, ...args, "ask"].map((word) => `'${word}'`).join(" ");
      const command = ["sh", "-c", `echo piped words | ${line}`];
      await using screen = await Screen.start({ command, env: cleanEnvironment(home), cwd: home });
      await screen.until(/Passphrase of the vault:/);
      await screen.type(PASSPHRASE);
      await screen.press("Enter");
      await screen.until(/\[exit 0\]/);
      assert.match(JSON.stringify(server.requests.at(-1)?.body), /piped words/);
    }),
});

Deno.test({
  name: "a key with a passphrase of its own is asked for when it is used",
  ignore: withoutTmux, // tmux is the terminal; `.ci/run` installs it
  fn: () =>
    withHome(async (home) => {
      await using server = await startModelServer();
      const origin = new URL(server.url).origin;
      const name = "provider:custom";
      const set = [
        "vault",
        "set",
        name,
        "--origin",
        origin,
        "--own-passphrase",
        "--vault",
        "keyfile",
      ];
      {
        await using screen = await open(home, set);
        await screen.until(/Value of provider:custom/);
        await screen.type(KEY);
        await screen.press("Enter");
        await screen.until(/A passphrase for provider:custom alone:/);
        await screen.type("its own");
        await screen.press("Enter");
        await screen.until(/\[exit 0\]/);
      }
      const settings = {
        PYRA_AI_PROVIDER_ID: "custom",
        PYRA_AI_MODEL: "m",
        PYRA_AI_BASE_URL: server.url,
      };
      assert.equal((await run(["ask", "hello"], { home, env: settings })).code, 4);
      await using screen = await open(home, ["ask", "hello"], settings);
      await screen.until(/Passphrase of provider:custom:/);
      await screen.type("its own");
      await screen.press("Enter");
      await screen.until(/Hello from the fake model/);
      assert.equal(server.requests.at(-1)?.headers["authorization"], `Bearer ${KEY}`);
    }),
});

Deno.test({
  name: "a chat asks once a folder for a file to attach, and goes on with what it had",
  ignore: withoutTmux, // tmux is the terminal; `.ci/run` installs it
  fn: () =>
    withHome(async (home) => {
      for (const folder of ["one", "two"]) {
        await Deno.mkdir(`${home}/${folder}`);
        await Deno.writeTextFile(`${home}/${folder}/a.txt`, "some words");
      }
      await using screen = await open(home, ["chat", "--provider", "demo"]);
      await screen.until(/demo\/demo/);
      await screen.type("hello");
      await screen.press("Enter");
      await screen.until(/demo[^]*\d+ in · \d+ out/);
      for (const [index, folder] of ["one", "two"].entries()) {
        await screen.type(`/attach ${folder}/a.txt`);
        await screen.press("Enter");
        await screen.until(
          new RegExp(`May this run read the files in .*/${folder}\\? \\[y/N\\] *$`),
        );
        await screen.type("y");
        await screen.press("Enter");
        await screen.until(new RegExp(`${index + 1} attached`));
      }
      await screen.type("/attach one/a.txt");
      await screen.press("Enter");
      await screen.until(/3 attached/);
      await screen.type("/attach .pyra/vault/.vault_lock");
      await screen.press("Enter");
      await screen.until(/would open Pyra's own folder/);
      await screen.type("/export talk.md");
      await screen.press("Enter");
      await screen.until(/May this run write .*talk\.md\? \[y\/N\] *$/);
      await screen.press("Enter");
      await screen.until(/was not agreed to/);
      await screen.press("C-d");
      await screen.until(/\[exit 0\]/);
      const sessions = JSON.parse((await run(["sessions", "list", "--json"], { home })).stdout);
      assert.equal(sessions.length, 1);
    }),
});
