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

/** The vault's identity as a file that age reads unasked. */
async function plainIdentity(test: TestVault): Promise<string> {
  const path = `${test.root}/plain.txt`;
  await Deno.writeTextFile(path, (await test.keyFile()).text);
  return path;
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
    for (const identity of [await plainIdentity(test), recovery]) {
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
    const text = await run("age", ["-d", "-i", await plainIdentity(test), path]);
    await Deno.remove(path);
    const changed = text.replace("first-value", "by-hand");
    for (const armor of [[], ["--armor"]]) {
      await run("age", ["-R", test.path("recipients.txt"), ...armor, "-o", path], changed);
      assert.equal(await test.value("provider:one"), "by-hand");
    }
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
    const changed = text.replace("first-value", "by-hand");
    await run("age", ["-R", test.path("recipients.txt"), "--armor", "-o", bundle], changed);
    await test.vault.importBundle({ bytes: await Deno.readFile(bundle), replace: true });
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
    // In key-file mode a person finds the passphrase with `ls`.
    await test.set("provider:one", "first-value");
    await test.vault.changeMode({ mode: "keyfile" });
    const { path, passphrase } = await test.keyFile();
    await Deno.remove(output);
    await runOnTerminal(decrypt.replace(identity, path), [passphrase]);
    assert.equal(JSON.parse(await Deno.readTextFile(output)).value, "first-value");
    // The other way round: age makes a key and locks it, with its own work factor.
    const plain = `${test.root}/key.txt`;
    await run("age-keygen", ["-o", plain]);
    const key = (await run("age-keygen", ["-y", plain])).trim();
    await test.vault.changeRecipients({ add: [key], remove: [] });
    await runOnTerminal(`age -p -o '${identity}' '${plain}'`, ["other words", "other words"]);
    await Deno.remove(path);
    const next = test.another();
    const wrong = () => next.unlock({ passphrase: "correct horse" });
    assert.equal(await codeOf(wrong), "wrong_passphrase");
    await next.unlock({ passphrase: "other words" });
    const { value } = await next.release({ name: "provider:one", origin: ORIGIN });
    assert.equal(value, "first-value");
  },
});
