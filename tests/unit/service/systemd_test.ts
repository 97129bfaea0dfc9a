import assert from "node:assert/strict";
import fc from "fast-check";
import { MARKER, type ServiceFacts, unwritable } from "../../../service/facts.ts";
import { CREDENTIAL, systemdUnit } from "../../../service/systemd.ts";
import { anyFacts, factsWith, NASTY, someFacts } from "./some_facts.ts";
import { commandLine, readUnit, specified, words } from "./unit_reader.ts";

/** What systemd would make of the facts. */
function understood(text: string) {
  const settings = readUnit(text);
  const one = (name: string) => {
    const [value, ...others] = settings.get(`Service.${name}`) ?? [];
    assert.deepEqual(others, [], `${name} stands there once`);
    return value;
  };
  const [variable = "", ...others] = words(one("Environment") ?? "", "c").map((word) =>
    specified(word)
  );
  assert.deepEqual(others, []);
  return {
    program: commandLine(one("ExecStart") ?? ""),
    workspace: specified(one("WorkingDirectory") ?? ""),
    variable,
    // Both ways of reading escapes must give the same.
    places: (["plain", "c"] as const).map((escapes) =>
      words(one("ReadWritePaths") ?? "", escapes).map((word) => specified(word, { t: "RUN" }))
    ),
    credential: specified(one("LoadCredential") ?? ""),
  };
}

function expected(facts: ServiceFacts) {
  const { program, workspace, path, home, writable, credential } = facts;
  const places = [
    home,
    "-/tmp",
    "-/var/tmp",
    `-${workspace}`,
    ...writable.map((at) => `-${at}`),
    "-RUN",
  ];
  return {
    program,
    workspace,
    variable: `PATH=${path}`,
    places: [places, places],
    credential: credential ? `${CREDENTIAL}:${credential.file}` : "",
  };
}

for (const path of NASTY) {
  Deno.test(`systemd reads back what was meant: ${JSON.stringify(path)}`, () => {
    const facts = factsWith(path);
    assert.equal(unwritable(facts), undefined);
    assert.deepEqual(understood(systemdUnit(facts)), expected(facts));
  });
}

Deno.test("systemd reads back whatever was meant", () => {
  fc.assert(fc.property(anyFacts, (facts) => {
    assert.deepEqual(understood(systemdUnit(facts)), expected(facts));
  }));
});

Deno.test("a profile's name is no specifier, and no text leaves its line", () => {
  const text = systemdUnit(someFacts({ profile: "%n Ü" }));
  assert.deepEqual(readUnit(text).get("Unit.Description"), ["Pyra's daemon, profile %%n Ü"]);
  assert.ok(text.startsWith(`# ${MARKER}`));
});

Deno.test("what no service's file can hold is named", () => {
  for (const bad of ["/a\nb", "/a\rb", "/a\0b", "/a\x1b[0m", "/a\ud800", "/a\x7f"]) {
    assert.match(
      unwritable(factsWith(bad)) ?? "",
      /characters that no service/,
      JSON.stringify(bad),
    );
  }
  for (const cut of ["/a ", "/a\\", "/a\t"]) {
    assert.match(unwritable(someFacts({ workspace: cut })) ?? "", /ends in a way/);
    const credential = { file: cut, encrypted: true };
    assert.match(unwritable(someFacts({ credential })) ?? "", /ends in a way/);
  }
  assert.match(unwritable(someFacts({ label: "../x" })) ?? "", /no service's name/);
  assert.equal(unwritable(someFacts()), undefined);
});

Deno.test("a unit is hardened as far as bubblewrap and the runtime can still work", () => {
  const settings = readUnit(systemdUnit(someFacts()));
  const is = (name: string) => settings.get(`Service.${name}`)?.[0];
  assert.equal(is("NoNewPrivileges"), "yes");
  assert.equal(is("ProtectSystem"), "strict");
  assert.equal(is("PrivateUsers"), "yes");
  assert.equal(is("Restart"), "on-failure");
  assert.equal(is("MemoryMax"), "50%");
  assert.equal(is("UMask"), "0022");
  assert.equal(is("ExecReload"), "/bin/kill -HUP $MAINPID");
  assert.ok(Number(is("TimeoutStopSec")) > 30);
  const breaks = ["RestrictNamespaces", "MemoryDenyWriteExecute", "ProtectKernelTunables"];
  for (const name of breaks) assert.equal(is(name), undefined, name);
});

Deno.test("an unconfined unit has no namespace of its own, and gains privileges for containers", () => {
  const settings = readUnit(systemdUnit(someFacts({ confined: false })));
  for (const name of ["NoNewPrivileges", "PrivateUsers", "ProtectSystem", "ReadWritePaths"]) {
    assert.equal(settings.get(`Service.${name}`), undefined, name);
  }
  assert.deepEqual(settings.get("Service.MemoryMax"), ["50%"]);
});

Deno.test("a credential is loaded encrypted if it is so, and none where there is none", () => {
  const credential = { file: "/etc/pyra.cred", encrypted: true };
  const settings = readUnit(systemdUnit(someFacts({ credential })));
  const value = "pyra-passphrase:/etc/pyra.cred";
  assert.deepEqual(settings.get("Service.LoadCredentialEncrypted"), [value]);
  assert.equal(settings.get("Service.LoadCredential"), undefined);
  assert.ok(!systemdUnit(someFacts()).includes("LoadCredential"));
});

async function hasAnalyzer(): Promise<boolean> {
  try {
    return (await new Deno.Command("systemd-analyze", { args: ["--version"] }).output()).success;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

Deno.test({
  name: "systemd itself finds nothing wrong with any of these units",
  // It comes with systemd.
  ignore: !await hasAnalyzer(),
  async fn() {
    const folder = await Deno.makeTempDir();
    try {
      const files: string[] = [];
      for (const [number, path] of NASTY.entries()) {
        for (const confined of [true, false]) {
          const facts = factsWith(`${folder}${path}`);
          // It looks whether the program is there.
          await Deno.mkdir(facts.home, { recursive: true });
          await Deno.writeTextFile(`${facts.home}/pyra`, "", { mode: 0o755 });
          const file = `${folder}/pyra-${number}${confined ? "c" : "u"}.service`;
          await Deno.writeTextFile(file, systemdUnit({ ...facts, confined }));
          files.push(file);
        }
      }
      const { code, stderr } = await new Deno.Command("systemd-analyze", {
        args: ["--user", "--man=no", "--recursive-errors=no", "verify", ...files],
        env: { XDG_RUNTIME_DIR: folder, HOME: folder },
      }).output();
      const said = new TextDecoder().decode(stderr).split("\n").filter((line) =>
        /pyra-\d/.test(line)
      );
      assert.deepEqual({ code, said }, { code: 0, said: [] });
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});
