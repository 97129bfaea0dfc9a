/** The standard `age` program reads what the vault writes, and the vault what `age` writes. */
import assert from "node:assert/strict";
import { codeOf, ORIGIN, TestVault } from "./test_vault.ts";

async function has(program: string): Promise<boolean> {
  try {
    return (await new Deno.Command(program, { args: ["--version"] }).output()).success;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

const ignore = !await has("age") || !await has("age-keygen");
const reason = ignore ? " (skipped: age is not installed)" : "";
/** `script` of util-linux gives `age` the terminal that it insists on for a passphrase. */
const ignorePassphrase = ignore || Deno.build.os !== "linux" || !await has("script");

async function run(program: string, args: readonly string[], input = ""): Promise<string> {
  const child = new Deno.Command(program, {
    args: [...args],
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(input));
  await writer.close();
  const { success, stdout, stderr } = await child.output();
  const text = new TextDecoder();
  if (!success) throw new Error(`${program}: ${text.decode(stderr)}${text.decode(stdout)}`);
  return text.decode(stdout);
}

/** Runs `age` on a terminal of its own, where `lines` are typed, each after a question. */
async function runOnTerminal(command: string, lines: readonly string[]): Promise<void> {
  const child = new Deno.Command("script", {
    args: ["--quiet", "--return", "--command", command, "/dev/null"],
    stdin: "piped",
    stdout: "piped",
    stderr: "null",
  }).spawn();
  const writer = child.stdin.getWriter();
  const waiting = [...lines];
  let said = "";
  for await (const chunk of child.stdout.pipeThrough(new TextDecoderStream())) {
    said += chunk;
    const line = /:\s*$/.test(chunk) ? waiting.shift() : undefined;
    if (line !== undefined) await writer.write(new TextEncoder().encode(`${line}\n`));
  }
  await writer.close().catch(() => undefined);
  const { success } = await child.status;
  assert.ok(success, `${command}: ${said}`);
}

const SECRET = "secrets/provider%3Aone.age";

Deno.test({
  name: `age opens a secret with the key file, and with a recovery key${reason}`,
  // The program is not everywhere; the name says when it is missing.
  ignore,
  async fn() {
    await using test = await TestVault.filled();
    const recovery = `${test.root}/recovery.txt`;
    await run("age-keygen", ["-o", recovery]);
    const key = (await run("age-keygen", ["-y", recovery])).trim();
    await test.vault.changeRecipients({ add: [key], remove: [] });
    await test.vault.rotateIdentity({});
    for (const identity of [test.path("identity.txt"), recovery]) {
      const text = await run("age", ["-d", "-i", identity, test.path(SECRET)]);
      const { value, origins, placement, created, rotated, ...rest } = JSON.parse(text);
      assert.deepEqual({ value, origins, placement, rest }, {
        value: "first-value",
        origins: [ORIGIN],
        placement: "authorization: Bearer {}",
        rest: { name: "provider:one" },
      });
      assert.ok(created <= rotated);
    }
  },
});

Deno.test({
  name: `a secret and a list of recipients that age made are the vault's own${reason}`,
  // The program is not everywhere; the name says when it is missing.
  ignore,
  async fn() {
    await using test = await TestVault.filled();
    const path = test.path(SECRET);
    const text = await run("age", ["-d", "-i", test.path("identity.txt"), path]);
    await Deno.remove(path);
    const changed = text.replace("first-value", "by-hand");
    for (const armor of [[], ["--armor"]]) {
      await run("age", ["-R", test.path("recipients.txt"), ...armor, "-o", path], changed);
      assert.equal(await test.value("provider:one"), "by-hand");
    }
  },
});

Deno.test({
  name: `a vault opens with a key file that age-keygen made${reason}`,
  // The program is not everywhere; the name says when it is missing.
  ignore,
  async fn() {
    await using test = await TestVault.filled();
    const path = `${test.root}/key.txt`;
    await run("age-keygen", ["-o", path]);
    const key = (await run("age-keygen", ["-y", path])).trim();
    await test.vault.changeRecipients({ add: [key], remove: [] });
    await Deno.rename(path, test.path("identity.txt"));
    const next = test.another();
    assert.deepEqual(await next.unlock({}), { unfinished: null });
    const { value } = await next.release({ name: "provider:one", origin: ORIGIN });
    assert.equal(value, "first-value");
  },
});

Deno.test({
  name: `age opens an export, and the vault imports a bundle that age made${reason}`,
  // The program is not everywhere; the name says when it is missing.
  ignore,
  async fn() {
    await using test = await TestVault.filled();
    const path = `${test.root}/key.txt`;
    await run("age-keygen", ["-o", path]);
    const key = (await run("age-keygen", ["-y", path])).trim();
    const bundle = `${test.root}/bundle.age`;
    await Deno.writeFile(bundle, await test.vault.exportBundle({ recipients: [key] }));
    const text = await run("age", ["-d", "-i", path, bundle]);
    assert.equal(JSON.parse(text).length, 3);
    await run("age", ["-r", key, "--armor", "-o", bundle], text.replace("first-value", "by-hand"));
    const bytes = await Deno.readFile(bundle);
    const identity = await Deno.readTextFile(path);
    await test.vault.importBundle({ bytes, identity, replace: true });
    assert.equal(await test.value("provider:one"), "by-hand");
  },
});

Deno.test({
  name: `age opens a vault behind a passphrase, and the vault an identity that age locked${reason}`,
  // Only `script` of util-linux gives age a terminal to ask on.
  ignore: ignorePassphrase,
  async fn() {
    await using test = await TestVault.filled();
    await test.vault.changeMode({ mode: "passphrase", passphrase: "correct horse" });
    const [identity, output] = [test.path("identity.age"), `${test.root}/out`];
    const decrypt = `age -d -i '${identity}' -o '${output}' '${test.path(SECRET)}'`;
    await runOnTerminal(decrypt, ["correct horse"]);
    assert.equal(JSON.parse(await Deno.readTextFile(output)).value, "first-value");
    // A secret's own passphrase is one of age's as well.
    await test.set("provider:one", "own-value", "own words");
    await Deno.remove(output);
    await runOnTerminal(decrypt, ["correct horse"]);
    const inner = `${test.root}/inner.age`;
    await Deno.writeTextFile(inner, JSON.parse(await Deno.readTextFile(output)).value);
    await Deno.remove(output);
    await runOnTerminal(`age -d -o '${output}' '${inner}'`, ["own words"]);
    assert.equal(await Deno.readTextFile(output), "own-value");
    // The other way round: age locks the key file with its own work factor.
    await test.vault.changeMode({ mode: "keyfile" });
    const plain = test.path("identity.txt");
    await runOnTerminal(`age -p -o '${identity}' '${plain}'`, ["other words", "other words"]);
    await Deno.remove(plain);
    const next = test.another();
    const wrong = () => next.unlock({ passphrase: "correct horse" });
    assert.equal(await codeOf(wrong), "wrong_passphrase");
    await next.unlock({ passphrase: "other words" });
    await next.unlockSecret({ name: "provider:one", passphrase: "own words" });
    const { value } = await next.release({ name: "provider:one", origin: ORIGIN });
    assert.equal(value, "own-value");
  },
});
