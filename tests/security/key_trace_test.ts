/**
 * Where a key goes: into the request, and nowhere else. Every message that reaches the app's room is
 * written down and searched, and so is everything that a run leaves behind or prints.
 * @module
 */
import assert from "node:assert/strict";
import { cleanEnvironment } from "../e2e/command.ts";
import { RUN_FLAGS } from "../e2e/executable.ts";
import { withHome } from "../e2e/command.ts";
import { type Answer, FAILURES, startModelServer } from "../fakes/model_server.ts";

const KEY = "sk-proj-Zk3vT9+/aQ8mWx2LrNpYc7Ue5HdJfBg1";
const PASSPHRASE = "correct horse battery staple";
const POSIX = Deno.build.os !== "windows";

/** Forms in which the key could hide, alone or inside a longer encoded text. */
function forms(secret: string): string[] {
  const bytes = new TextEncoder().encode(secret);
  const shifted = [0, 1, 2].map((shift) => {
    const text = new Uint8Array([...new Uint8Array(shift), ...bytes]).toBase64();
    return text.slice(shift === 0 ? 0 : 4, -4);
  });
  return [secret, encodeURIComponent(secret), bytes.toHex(), ...shifted];
}

interface Run {
  readonly code: number;
  readonly text: string;
}

async function pyra(
  home: string,
  args: readonly string[],
  env: Record<string, string>,
  input?: string,
): Promise<Run> {
  const main = "tests/security/trace/main.ts";
  const program = Deno.build.os === "linux" ? "setsid" : Deno.execPath();
  const start = ["run", "--quiet", ...RUN_FLAGS, main, ...args];
  const child = new Deno.Command(program, {
    args: Deno.build.os === "linux" ? ["--wait", Deno.execPath(), ...start] : start,
    clearEnv: true,
    env: cleanEnvironment(home, env),
    stdin: input === undefined ? "null" : "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  if (input !== undefined) {
    const writer = child.stdin.getWriter();
    await writer.write(new TextEncoder().encode(input));
    await writer.close();
  }
  const { code, stdout, stderr } = await child.output();
  return { code, text: new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr) };
}

/** Every file of the profile but the vault's, by path. */
async function* contents(folder: string): AsyncGenerator<[string, string]> {
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    const path = `${folder}/${name}`;
    if (isDirectory) yield* contents(path);
    else yield [path, new TextDecoder("latin1").decode(await Deno.readFile(path))];
  }
}

async function assertNowhere(home: string, secret: string, printed: readonly Run[]): Promise<void> {
  for (const form of forms(secret)) {
    for await (const [path, text] of contents(home)) assert.ok(!text.includes(form), path);
    for (const { text } of printed) assert.ok(!text.includes(form), text.slice(0, 300));
  }
}

const ANSWERS: readonly Answer[] = [
  { echo_authorization: true },
  { ...FAILURES.bad_key, body: { error: { message: `no such key: ${KEY}` } } },
  { status: 500, body: `failed with ${btoa(KEY)}` },
];

Deno.test("a key in the environment reaches the server and no message, file or output", async () => {
  await withHome(async (home) => {
    await using server = await startModelServer([...ANSWERS]);
    const env = {
      PYRA_AI_PROVIDER_ID: "custom",
      PYRA_AI_MODEL: "m",
      PYRA_AI_BASE_URL: server.url,
      PYRA_CUSTOM_API_KEY: KEY,
    };
    const runs: Run[] = [];
    for (const _ of ANSWERS) runs.push(await pyra(home, ["ask", "--verbose", "hello"], env));
    assert.equal(runs[0]?.code, 0, runs[0]?.text);
    assert.equal(server.requests[0]?.headers["authorization"], `Bearer ${KEY}`);
    const trace = await Deno.readTextFile(`${home}/.pyra/cache/trace`);
    assert.match(trace, /pyra-[0-9a-f]{48}/, "the tap saw the sentinel");
    await assertNowhere(home, KEY, runs);
  });
});

Deno.test("a key in the vault reaches the server and no message, file or output", async () => {
  await withHome(async (home) => {
    await using server = await startModelServer([{ models: ["m"] } as Answer, ...ANSWERS]);
    const setup = ["setup", "--provider", "custom", "--base-url", server.url, "--model", "m"];
    const locked = { PYRA_VAULT_PASSPHRASE: PASSPHRASE };
    const runs = [
      await pyra(home, [...setup, "--key-stdin", "--yes", "--verbose"], locked, `${KEY}\n`),
      await pyra(home, ["ask", "--verbose", "hello"], locked),
      await pyra(home, ["ask", "--verbose", "--json", "hello"], locked),
      await pyra(home, ["ask", "--verbose", "hello"], {}),
      await pyra(home, ["vault", "list", "--json", "--verbose"], locked),
    ];
    assert.equal(runs[0]?.code, 0, runs[0]?.text);
    assert.equal(runs[3]?.code, 4, "locked without the passphrase");
    assert.ok(server.requests.some(({ headers }) => headers["authorization"] === `Bearer ${KEY}`));
    await assertNowhere(home, KEY, runs);
    await assertNowhere(home, PASSPHRASE, runs);
  });
});

Deno.test({
  name: "a program that the kernel runs finds no secret in its environment or arguments",
  ignore: !POSIX, // a shell script stands in for the key store's program
  fn: () =>
    withHome(async (home) => {
      const bin = `${home}/bin`;
      await Deno.mkdir(bin);
      // A key store in a file: what a program is told, it writes down.
      const script = `#!/bin/sh
env > ${home}/seen-$$; echo "$@" >> ${home}/seen-$$
case "$1" in
  store) cat > ${home}/kept;;
  lookup) [ -f ${home}/kept ] || exit 1; cat ${home}/kept;;
esac
`;
      await Deno.writeTextFile(`${bin}/secret-tool`, script, { mode: 0o755 });
      const path = `${bin}:${Deno.env.get("PATH")}`;
      const env = { PATH: path, OPENAI_API_KEY: KEY, PYRA_VAULT_PASSPHRASE: PASSPHRASE };
      const set = ["vault", "set", "mail", "--vault", "keystore", "--stdin"];
      const run = await pyra(home, set, env, "a-value-that-is-kept");
      assert.equal(run.code, 0, run.text);
      assert.ok((await Deno.stat(`${home}/kept`)).isFile);
      const list = await pyra(home, ["vault", "list"], env);
      assert.match(list.text, /mail/);
      await assertNowhere(home, KEY, [run, list]);
      await assertNowhere(home, PASSPHRASE, [run, list]);
      await assertNowhere(home, "a-value-that-is-kept", [run, list]);
    }),
});
