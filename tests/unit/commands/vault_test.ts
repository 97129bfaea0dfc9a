import assert from "node:assert/strict";
import type { VaultCommand, VaultReply } from "../../../src/protocol/kernel_calls.ts";
import { TestProfile } from "../../fakes/command_context.ts";
import { kernelError } from "../../fakes/kernel.ts";

async function sent(argv: readonly string[], reply: VaultReply = { message: "it is done" }) {
  await using profile = await TestProfile.create();
  const run = await profile.run(["vault", ...argv], { answers: { vaultCommand: () => reply } });
  return { ...run, command: run.kernel.of("vaultCommand")[0] };
}

const EXPECTED: readonly (readonly [string, VaultCommand])[] = [
  ["list", { command: "list" }],
  [
    "set k",
    { command: "set", name: "k", origins: [], ownPassphrase: false, fromStdin: false },
  ],
  [
    "set k --origin https://a.example --origin https://b.example --placement x-key:{} --own-passphrase --stdin",
    {
      command: "set",
      name: "k",
      origins: ["https://a.example", "https://b.example"],
      placement: "x-key:{}",
      ownPassphrase: true,
      fromStdin: true,
    },
  ],
  ["rm k", { command: "rm", name: "k" }],
  ["rotate", { command: "rotate", fromStdin: false }],
  ["rotate k --stdin", { command: "rotate", name: "k", fromStdin: true }],
  ["unlock", { command: "unlock" }],
  ["lock", { command: "lock" }],
  ["recipients", { command: "recipients", add: [], remove: [] }],
  ["recipients --add a --remove b", { command: "recipients", add: ["a"], remove: ["b"] }],
  ["import f --replace", { command: "import", path: "f", replace: true }],
  ["export --output f --recipient a", { command: "export", path: "f", recipients: ["a"] }],
  ["passphrase", { command: "passphrase", mode: "passphrase" }],
  ["passphrase --vault gpg --gpg-key me", { command: "passphrase", mode: "gpg", gpgKey: "me" }],
];

Deno.test("every vault command reaches the kernel as it was typed", async () => {
  for (const [line, expected] of EXPECTED) {
    const { code, out, command } = await sent(line.split(" "));
    assert.equal(code, 0, line);
    assert.deepEqual(command, expected, line);
    assert.equal(out, "it is done\n");
  }
});

Deno.test("vault commands without what they need are usage errors, and reach nobody", async () => {
  for (const line of ["set", "rm", "import", "export", "passphrase --vault paper", "list more"]) {
    const { code, out, command, err } = await sent(line.split(" "));
    assert.equal(code, 2, line);
    assert.equal(out, "");
    assert.equal(command, undefined);
    assert.match(err, /^pyra: [^\n]+\n$/);
  }
});

Deno.test("secrets are shown by name, origin and date", async () => {
  const secret = {
    name: "provider:openai",
    origins: ["https://api.openai.com"],
    placement: "authorization: Bearer {}",
    created: "2026-01-02T03:04:05Z",
    rotated: "2026-02-03T04:05:06Z",
    locked: true,
  };
  const { out, err } = await sent(["list"], { secrets: [secret], message: "1 secrets" });
  assert.match(out, /^name +sent to +changed/);
  assert.match(
    out,
    /^provider:openai +https:\/\/api\.openai\.com +2026-02-0\d \d\d:\d\d +own pass/m,
  );
  assert.equal(err, "1 secrets\n");
  const none = await sent(["list"], { secrets: [], message: "0 secrets" });
  assert.equal(none.out, "");
});

Deno.test("vault answers as JSON are the kernel's own", async () => {
  await using profile = await TestProfile.create();
  const reply = { recipients: ["age1x"], message: "1 recipients" };
  const { out, err } = await profile.run(["vault", "recipients"], {
    options: { json: true },
    answers: { vaultCommand: () => reply },
  });
  assert.deepEqual(JSON.parse(out), reply);
  assert.equal(err, "");
});

Deno.test("the status unlocks nothing", async () => {
  await using profile = await TestProfile.create();
  const status = { state: "locked", mode: "passphrase", secrets: 2, recipients: [] } as const;
  const answers = { vaultStatus: () => status };
  const { out, kernel } = await profile.run(["vault", "status"], { answers });
  assert.match(out, /^vault +locked\nopened by +passphrase\nsecrets +2\n/);
  assert.deepEqual(kernel.calls.map(({ method }) => method), ["vaultStatus"]);
  const json = await profile.run(["vault", "status"], { answers, options: { json: true } });
  assert.deepEqual(JSON.parse(json.out), status);
  const absent = { state: "absent", mode: undefined, secrets: 0, recipients: [] } as const;
  const none = await profile.run(["vault", "status"], { answers: { vaultStatus: () => absent } });
  assert.match(none.out, /none yet/);
});

Deno.test("a locked vault without a terminal is exit code 4", async () => {
  await using profile = await TestProfile.create();
  const { code, err } = await profile.run(["vault", "list"], {
    answers: {
      vaultCommand: () => Promise.reject(kernelError("vault_locked", "the vault is locked", "x")),
    },
  });
  assert.equal(code, 4);
  assert.equal(err, "pyra: the vault is locked — x\n");
});
