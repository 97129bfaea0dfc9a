import assert from "node:assert/strict";
import { commandFor } from "./opening.ts";
import { coded } from "./stage.ts";

Deno.test("addresses and files of the workspace are opened, and nothing that runs or leads out", () => {
  const target = (text: string) => commandFor({ target: text }, "darwin").argv.at(-1);
  assert.equal(target("https://example.com/a?b=c"), "https://example.com/a?b=c");
  assert.equal(target("mailto:ada@example.com"), "mailto:ada@example.com");
  assert.equal(target("docs/a b.pdf"), "./docs/a b.pdf");
  assert.equal(target("./notes.md"), "./notes.md");
  for (
    const bad of [
      "/etc/passwd",
      "~/x",
      "../x",
      "a/../../x",
      "-a",
      "file:///etc/passwd",
      "javascript:alert(1)",
      "ms-settings:x",
      "https://me:key@example.com",
      "https://",
      "run.sh",
      "x.desktop",
      "Any.app/Contents",
      "setup.EXE",
      "setup.exe.",
      "setup.exe ",
      "a.pdf:x.exe",
      "C:\\x.pdf",
      "a\nb",
      "a\u202eb",
      "",
    ]
  ) {
    assert.throws(() => target(bad), coded("bad_input"), bad);
  }
});

Deno.test("an application is named, and never more than that", () => {
  for (
    const bad of [
      "-a",
      "/bin/sh",
      "a'b",
      'a"b',
      "a;b",
      "$(a)",
      "a`b",
      "a|b",
      "..",
      "a\nb",
      "",
      "a&b",
    ]
  ) {
    for (const os of ["linux", "darwin", "windows"] as const) {
      assert.throws(() => commandFor({ application: bad }, os), coded("bad_input"), bad);
    }
  }
  assert.throws(() => commandFor({}, "linux"), coded("bad_input"));
  assert.equal(
    commandFor({ application: "Visual Studio Code" }, "windows").argv.at(-1),
    "Start-Process -FilePath 'Visual Studio Code'",
  );
  assert.deepEqual(
    commandFor({ application: "firefox", target: "a.html" }, "linux").argv.slice(-3),
    [
      "gtk-launch",
      "firefox",
      "./a.html",
    ],
  );
});

Deno.test("nothing that runs a file is given one, and Finder is given no file that it would run", () => {
  for (
    const application of ["Terminal", "org.gnome.Terminal", "iTerm", "konsole", "bash", "python3"]
  ) {
    assert.throws(
      () => commandFor({ application, target: "notes.txt" }, "darwin"),
      coded("bad_input"),
      application,
    );
    assert.equal(commandFor({ application }, "darwin").argv.at(-1), application);
  }
  for (const target of ["tool", "docs/tool", "help.chm", "x.prefPane"]) {
    assert.throws(() => commandFor({ target }, "darwin"), coded("bad_input"), target);
  }
  assert.equal(commandFor({ target: "docs" }, "linux").argv.at(-1), "./docs");
});
