/**
 * What a program that has the daemon's token, and not the vault's passphrase, gets from a daemon whose
 * vault is open.
 * @module
 */
import assert from "node:assert/strict";
import type { HostedRunItem } from "../../src/protocol/daemon_calls.ts";
import { connectDaemon } from "../../src/kernel/daemon/socket/client.ts";
import { secretsDigest } from "../../src/kernel/daemon/socket/identity_digest.ts";
import { profilePaths } from "../../src/kernel/profile.ts";
import { cleanEnvironment, run, withHome } from "../e2e/command.ts";
import { DaemonProcess } from "../e2e/daemon_process.ts";

const PASSPHRASE = { PYRA_VAULT_PASSPHRASE: "correct horse" };
const STRANGER = "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p";

/** A run in the daemon, whose items have to be read. */
async function begun(
  home: string,
  args: readonly string[],
  shown: Readonly<Record<string, string>> = {},
) {
  const connection = await connectDaemon(profilePaths(`${home}/.pyra`, undefined), {
    handlers: { read: () => null, rawMode: () => null },
    limitMs: 10_000,
  });
  assert.ok(connection);
  const params = {
    args,
    folder: home,
    shown,
    programs: cleanEnvironment(home),
    secrets: secretsDigest(connection.token, {}),
    terminal: { stdin: false, stdout: false, stderr: false, columns: 80, rows: 24 },
  };
  const items = connection.channel.stream("run", params) as AsyncGenerator<HostedRunItem>;
  return { items, close: () => connection.close() };
}

/** What a run in the daemon does, to its end. */
async function hosted(home: string, args: readonly string[]): Promise<HostedRunItem[]> {
  const { items, close } = await begun(home, args);
  try {
    return await Array.fromAsync(items);
  } finally {
    close();
  }
}

Deno.test("an open daemon does for a client what is asked, and nothing to the vault or to itself", async () => {
  await withHome(async (home) => {
    assert.equal((await run(["setup", "--provider", "demo"], { home })).code, 0);
    const set = ["vault", "set", "note", "--stdin", "--vault", "passphrase"];
    assert.equal((await run(set, { home, env: PASSPHRASE, input: "a secret" })).code, 0);
    await using daemon = await DaemonProcess.start({ home, env: PASSPHRASE });
    const recipients = await Deno.readTextFile(`${home}/.pyra/vault/recipients.txt`);
    for (
      const line of [
        `vault recipients --add ${STRANGER}`,
        "vault rm note",
        "vault list",
        "--quiet vault list",
        "daemon stop",
        "daemon run",
        "schedule perform note",
        "setup --provider demo",
        "--passphrase-fd 0 ask hello",
      ]
    ) {
      const items = await hosted(home, line.split(" "));
      assert.deepEqual(items.at(-1), { kind: "end", code: 4 }, line);
      assert.match(JSON.stringify(items[0]), /the daemon runs questions and chats/, line);
    }
    assert.equal(await Deno.readTextFile(`${home}/.pyra/vault/recipients.txt`), recipients);
    const asked = await hosted(home, ["ask", "--no-cache", "hello"]);
    assert.deepEqual(asked.at(-1), { kind: "end", code: 0 }, JSON.stringify(asked));
    assert.equal((await daemon.status())?.["pid"], daemon.pid());
  });
});

Deno.test("a client that goes away ends its run, also while that says nothing", async () => {
  await withHome(async (home) => {
    assert.equal((await run(["setup", "--provider", "demo"], { home })).code, 0);
    using silent = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const { port } = silent.addr as Deno.NetAddr;
    await using daemon = await DaemonProcess.start({ home });
    const { items, close } = await begun(home, ["ask", "--no-cache", "hello"], {
      PYRA_AI_PROVIDER_ID: "custom",
      PYRA_AI_MODEL: "m",
      PYRA_AI_BASE_URL: `http://127.0.0.1:${port}/v1`,
    });
    const first = items.next().catch(() => undefined);
    using _asked = await silent.accept();
    const runs = async () => (await daemon.status())?.["runs"] as unknown[];
    assert.equal((await runs()).length, 1);
    close();
    await first;
    let left = await runs();
    for (let look = 0; look < 20 && left.length > 0; look++) left = await runs();
    assert.deepEqual(left, []);
  });
});
