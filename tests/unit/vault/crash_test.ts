/** Death after each single step of a change, and at random moments by `kill -9`. */
import assert from "node:assert/strict";
import { generateX25519Identity, identityToRecipient } from "age-encryption";
import { open, scryptIdentity } from "../../../src/vault/age_file.ts";
import { isLeftover } from "../../../src/vault/paths.ts";
import type { Vault } from "../../../src/vault/vault.ts";
import { namesIn, ORIGIN, TestVault } from "./test_vault.ts";

const PASSPHRASE = "secret";

/** Lets the next `count` changes of the disk through; after them the program is as good as dead. */
class DyingDisk implements Disposable {
  readonly #rename = Deno.rename;
  readonly #remove = Deno.remove;
  readonly #open = Deno.open;
  left: number;

  constructor(count: number) {
    this.left = count;
    Deno.rename = (from, to) => this.#step(() => this.#rename(from, to));
    Deno.remove = (path, options) => this.#step(() => this.#remove(path, options));
    // A dead program writes nothing at all, not even a temporary file.
    Deno.open = (path, options) =>
      this.left < 0 && options?.write
        ? Promise.reject(new Error("dead"))
        : this.#open(path, options);
  }

  #step(change: () => Promise<void>): Promise<void> {
    return --this.left < 0 ? Promise.reject(new Error("dead")) : change();
  }

  [Symbol.dispose](): void {
    Object.assign(Deno, { rename: this.#rename, remove: this.#remove, open: this.#open });
  }
}

/** The identities in the vault's folder, read without the vault. */
async function identities(test: TestVault): Promise<string[]> {
  const names = await namesIn(test.folder);
  const texts: string[] = [];
  if (names.includes("identity.keyfile.age")) texts.push((await test.keyFile()).text);
  if (names.includes("identity.keystore")) texts.push(test.fake.kept ?? "");
  if (names.includes("identity.age")) {
    const file = await Deno.readFile(test.path("identity.age"));
    for (const passphrase of [PASSPHRASE, "another"]) {
      texts.push(await open("it", file, [scryptIdentity(passphrase)]).catch(() => ""));
    }
  }
  return texts.join("\n").split("\n").filter((line) => line.startsWith("AGE-"));
}

const EXPECTED = {
  note: "a few\nlines",
  "provider:one": "first-value",
  "provider:two": "second-value",
};

/** Every secret opens with what any age program finds in the folder, or with these keys. */
async function expectReadable(test: TestVault, given?: readonly string[]): Promise<void> {
  const keys = given ?? await identities(test);
  const seen: Record<string, string> = {};
  for (const file of await namesIn(test.path("secrets"))) {
    if (isLeftover(file)) continue;
    const text = await open("it", await Deno.readFile(test.path(`secrets/${file}`)), keys);
    const { name, value } = JSON.parse(text);
    seen[name] = value;
  }
  assert.deepEqual(seen, EXPECTED);
}

/** Changes of several files, in the mode that they start in. */
const CHANGES: Readonly<Record<string, (vault: Vault, recipient: string) => Promise<unknown>>> = {
  "a rotation of the identity": (vault) => vault.rotateIdentity({ passphrase: PASSPHRASE }),
  "a new recipient": (vault, key) => vault.changeRecipients({ add: [key], remove: [] }),
  "a change to a key file": (vault) => vault.changeMode({ mode: "keyfile" }),
  "a change to the key store": (vault) => vault.changeMode({ mode: "keystore" }),
  "a new passphrase": (vault) => vault.changeMode({ mode: "passphrase", passphrase: "another" }),
};

for (const [what, change] of Object.entries(CHANGES)) {
  for (const mode of ["passphrase", "keyfile"] as const) {
    Deno.test(`${what} from ${mode} mode may die after any step`, async () => {
      const recoveryIdentity = await generateX25519Identity();
      const recovery = await identityToRecipient(recoveryIdentity);
      let steps = 0;
      for (let finished = false; !finished; steps++) {
        await using test = await TestVault.filled();
        if (mode === "passphrase") await test.vault.changeMode({ mode, passphrase: PASSPHRASE });
        {
          using disk = new DyingDisk(steps);
          await change(test.vault, recovery).catch(() => undefined);
          finished = disk.left >= 0;
        }
        await expectReadable(test);
        const next = test.another();
        const given = [{ passphrase: PASSPHRASE }, { passphrase: "another" }];
        const opened = await next.unlock(given[0] ?? {}).catch(() => next.unlock(given[1] ?? {}));
        assert.deepEqual(opened, { unfinished: null }, `after ${steps} steps`);
        await expectReadable(test);
        assert.equal(new Set(await identities(test)).size, 1);
        const names = await namesIn(test.folder);
        const kept = names.filter((name) => name.startsWith("identity.") && !isLeftover(name));
        assert.equal(kept.length, 1);
        assert.ok(!names.includes("unfinished.txt"));
        const { secrets, problems } = await next.list();
        assert.equal(secrets.length, 3);
        assert.deepEqual(problems, []);
        // Whom the list names can open every secret, also if the change died half-way.
        const named = (await next.status()).recipients.includes(recovery);
        if (named) await expectReadable(test, [recoveryIdentity]);
        assert.equal(named, what === "a new recipient" && (finished || steps > 1));
        await next.set({ name: "note", value: "x", origins: [], placement: "" });
        assert.ok(!(await namesIn(test.folder)).some(isLeftover), "the next change sweeps");
        const release = { name: "provider:one", origin: ORIGIN };
        assert.equal((await next.release(release)).value, "first-value");
      }
      assert.ok(steps >= 3, "the change has steps");
    });
  }
}

Deno.test("a death while a vault is being made leaves none, or a whole one", async () => {
  for (let steps = 0, finished = false; !finished; steps++) {
    await using test = await TestVault.make();
    {
      using disk = new DyingDisk(steps);
      await test.vault.create({ mode: "keyfile" }).catch(() => undefined);
      finished = disk.left >= 0;
    }
    const next = test.another();
    if ((await next.status()).state === "absent") await next.create({ mode: "keyfile" });
    else await next.unlock({});
    await next.set({ name: "note", value: "x", origins: [], placement: "" });
  }
});

const KILLS = 200;
const LANES = 4;
/** Longest life of a victim after its first change, ms. */
const LIFE_MS = 60;

Deno.test("a vault survives being killed 200 times while secrets are set and the identity rotated", async () => {
  const lane = async (kills: number) => {
    await using test = await TestVault.filled();
    let rotations = 0;
    let own = "";
    for (let kill = 0; kill < kills; kill++) {
      const victim = new Deno.Command(Deno.execPath(), {
        args: [
          "run",
          "--quiet",
          "--no-prompt",
          "--allow-read",
          "--allow-write",
          VICTIM,
          test.folder,
        ],
        stdin: "null",
        stdout: "piped",
      }).spawn();
      const reader = victim.stdout.getReader();
      const { value } = await reader.read();
      assert.ok(value, "the victim began");
      await new Promise((resolve) => setTimeout(resolve, Math.random() * LIFE_MS));
      victim.kill("SIGKILL");
      await victim.status;
      while (!(await reader.read()).done);
      const keys = await identities(test);
      assert.ok(keys.length === 1 || keys.length === 2);
      for (const file of await namesIn(test.path("secrets"))) {
        if (isLeftover(file)) continue;
        const sealed = await Deno.readFile(test.path(`secrets/${file}`));
        const { name, value } = JSON.parse(await open("it", sealed, keys));
        assert.match(value, name === "note" ? /^(?:a few\nlines|note-\d+)$/ : /-value$/);
      }
      const next = test.another();
      assert.deepEqual(await next.unlock({}), { unfinished: null });
      const { secrets, problems } = await next.list();
      assert.deepEqual([secrets.length, problems], [3, []]);
      const [recipient = ""] = (await next.status()).recipients;
      if (recipient !== own) rotations++;
      own = recipient;
    }
    return rotations;
  };
  const rotations = await Promise.all(Array.from({ length: LANES }, () => lane(KILLS / LANES)));
  const total = rotations.reduce((sum, count) => sum + count);
  assert.ok(total > KILLS / 40, `only ${total} rotations came through`);
});

const VICTIM = new URL("./victim.ts", import.meta.url).href;
