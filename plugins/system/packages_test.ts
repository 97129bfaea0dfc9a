import assert from "node:assert/strict";
import fc from "fast-check";
import { MANAGERS } from "./package_commands.ts";
import { checkedNames, isProtected, type ManagerName, searchWords } from "./package_names.ts";
import { coded, Stage } from "./stage.ts";

Deno.test("no name is an option, an order, a version, a path or a pattern", () => {
  const bad = [
    "",
    "-y",
    "--allow-remove-essential",
    "a/b",
    "a=1",
    "a b",
    "a;b",
    "a*",
    "a?",
    "$(a)",
    "a\n",
    "ä",
  ];
  for (const manager of Object.keys(MANAGERS) as ManagerName[]) {
    for (const name of [...bad, "htop-", "@core", "x".repeat(101)]) {
      assert.throws(
        () => checkedNames([name], manager, "install"),
        coded("bad_name"),
        `${manager} ${name}`,
      );
    }
  }
  assert.deepEqual(checkedNames(["g++", "libsdl2-2.0-0"], "apt", "install"), [
    "g++",
    "libsdl2-2.0-0",
  ]);
  assert.deepEqual(checkedNames(["Mozilla.Firefox"], "winget", "remove"), ["Mozilla.Firefox"]);
  assert.throws(() => checkedNames(["A.B", "C.D"], "winget", "install"), coded("bad_name"));
  assert.throws(() => checkedNames(undefined, "apt", "install"), coded("bad_name"));
  for (const query of ["-o x", "a;b", "$(x)", "a|b", "", "`a`"]) {
    assert.throws(() => searchWords(query), coded("bad_input"), query);
  }
});

Deno.test("names that are let through stay words: whatever was given", () => {
  fc.assert(
    fc.property(
      fc.string({ maxLength: 20 }),
      fc.constantFrom("apt", "dnf", "pacman", "brew"),
      (name, manager) => {
        try {
          const [checked = ""] = checkedNames([name], manager as ManagerName, "install");
          assert.match(checked, /^[A-Za-z0-9][A-Za-z0-9._+@-]*$/);
        } catch (thrown) {
          assert.ok(coded("bad_name")(thrown) || coded("protected")(thrown));
        }
      },
    ),
  );
});

Deno.test("what the machine runs on is not removed, and its core not installed over", () => {
  const kept =
    "linux-image-6.1.0-18-amd64 kernel-core libc6 glibc systemd libsystemd0 sudo bash apt dpkg dnf rpm " +
    "pacman grub-pc gnome-shell gdm3 plasma-workspace xserver-xorg-core network-manager openssh-server passwd " +
    "bubblewrap coreutils python3-minimal";
  for (const name of kept.split(" ")) {
    assert.ok(isProtected(name), name);
    assert.throws(
      () => checkedNames([name], name.includes("_") ? "dnf" : "apt", "remove"),
      coded("protected"),
      name,
    );
  }
  assert.throws(
    () => checkedNames(["Microsoft.AppInstaller"], "winget", "remove"),
    coded("protected"),
  );
  assert.throws(() => checkedNames(["sysvinit-core"], "apt", "install"), coded("protected"));
  assert.ok(isProtected("libc6:amd64"));
  for (
    const name of [
      "htop",
      "linuxlogo",
      "bash-completion",
      "gnome-shell-extension-x",
      "firefox-esr",
      "vlc",
    ]
  ) {
    if (name !== "gnome-shell-extension-x") assert.ok(!isProtected(name), name);
    checkedNames([name], "apt", "install");
  }
});

const REMOVE = { action: "remove", names: ["htop"], manager: "apt" };

Deno.test("a removal that would take more with it changes nothing", async () => {
  const rehearsals: readonly (readonly [string, string])[] = [
    ["Remv htop [3.2]\nRemv desktop-tools [1.0]\n", "not_alone"],
    ["Remv htop [3.2]\nRemv gnome-shell [43]\n", "protected"],
    ["Remv htop [3.2]\nInst other (1.0)\n", "not_alone"],
    ["", "failed"],
  ];
  for (const [out, code] of rehearsals) {
    using stage = new Stage({ simulate: { out } });
    await assert.rejects(stage.run("manage_application", REMOVE), coded(code), out);
    assert.equal(stage.runs.length, 1, "only the rehearsal was run");
  }
  using locked = new Stage({ simulate: { err: "E: Unable to locate", result: { code: 100 } } });
  await assert.rejects(locked.run("manage_application", REMOVE), coded("failed"));
  using stage = new Stage({ simulate: { out: "Inst htop (3.2)\nRemv sudo [1]\n" } });
  const install = { ...REMOVE, action: "install" };
  await assert.rejects(stage.run("manage_application", install), coded("protected"));
});

Deno.test("rehearsals of dnf and pacman are read, and without one nothing is removed", async () => {
  const dnf = (rows: string) => ({
    out:
      `Dependencies resolved.\n====\n Package  Architecture\n====\nRemoving:\n htop  x86_64  3.2  @fedora  400 k\n` +
      `${rows}\nTransaction Summary\n====\nRemove  1 Package\n\nOperation aborted.\n`,
    result: { code: 1 },
  });
  const input = { ...REMOVE, manager: "dnf" };
  using more = new Stage({
    dnf: dnf("Removing dependent packages:\n tool  x86_64  1  @fedora  1 k\n"),
  });
  await assert.rejects(more.run("manage_application", input), coded("not_alone"));
  using silent = new Stage({ dnf: { err: "Error: needs root", result: { code: 1 } } });
  await assert.rejects(silent.run("manage_application", input), coded("failed"));
  using pacman = new Stage({ pacman: { out: "htop\nsystemd\n" } });
  await assert.rejects(
    pacman.run("manage_application", { ...REMOVE, manager: "pacman" }),
    coded("protected"),
  );
  assert.equal(pacman.runs.length, 1);
});

Deno.test("an administrator's rights are asked for by the system, and never taken", async () => {
  using stage = new Stage({
    simulate: { out: "Remv htop [3.2]\n" },
    pkexec: { result: { code: 127 } },
  });
  const { uid: owner } = await Deno.stat(stage.context.dataFolder);
  const planned = await stage.plan("manage_application", REMOVE);
  const programs = planned?.effects?.map((effect) => effect.kind === "runs" && effect.program);
  assert.deepEqual(programs, owner === 0 ? ["apt-get", "apt-get"] : ["apt-get", "pkexec"]);
  const asUser = new Stage(
    { simulate: { out: "Remv htop [3.2]\n" }, pkexec: { result: { code: 127 } } },
    {},
    "/nobody",
  );
  const stat = Deno.stat;
  try {
    Deno.stat = () => Promise.resolve({ uid: 1_000 } as Deno.FileInfo);
    await assert.rejects(asUser.run("manage_application", REMOVE), (thrown: unknown) => {
      assert.ok(coded("failed")(thrown));
      assert.match(String(thrown), /themselves: sudo apt-get --yes --quiet remove -- htop$/);
      return true;
    });
  } finally {
    Deno.stat = stat;
  }
  assert.deepEqual(asUser.runs.map(({ argv }) => argv[0]), ["apt-get", "pkexec"]);
});

Deno.test("without a word about it, Linux has no package manager; the setting says one", async () => {
  if (Deno.build.os !== "linux") return;
  using stage = new Stage();
  const input = { action: "search", query: "web browser" };
  await assert.rejects(stage.plan("manage_application", input), coded("no_manager"));
  using set = new Stage({ "apt-cache": { out: "dillo - small web browser\n" } }, {
    package_manager: "apt",
  });
  assert.equal(await set.run("manage_application", input), "dillo - small web browser");
  assert.deepEqual(set.runs[0]?.argv, [
    "apt-cache",
    "search",
    "--names-only",
    "--",
    "web",
    "browser",
  ]);
});
