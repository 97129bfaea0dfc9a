import assert from "node:assert/strict";
import type { Json } from "pyra/sdk";
import { argvOf, commandName, readCommand, shownCommand, visibleText } from "./command.ts";

function refused(input: Record<string, Json>): string {
  try {
    readCommand(input);
  } catch (thrown) {
    if (thrown instanceof Error) return String(Reflect.get(thrown, "code"));
  }
  return "none";
}

Deno.test("a command is read with what is usual, and what it may not be is refused", () => {
  assert.deepEqual(readCommand({ command: "ls\r\npwd", folder: "./src//app/" }), {
    text: "ls\npwd",
    folder: "src/app",
    limitSeconds: 30,
    network: false,
    background: false,
  });
  assert.equal(refused({ command: " \n" }), "bad_command");
  assert.equal(refused({ command: "echo \0" }), "bad_command");
  assert.equal(refused({ command: "x".repeat(20_001) }), "bad_command");
  for (const limit_seconds of [0, 301, "5", NaN]) {
    assert.equal(refused({ command: "ls", limit_seconds }), "bad_limit");
  }
  for (const folder of ["/etc", "..", "a/../..", "~/x", "C:\\x", "\\\\host\\x", "a\\..\\..", 5]) {
    assert.equal(refused({ command: "ls", folder }), "bad_folder", String(folder));
  }
});

Deno.test("what is run is the line as it was given, whatever is in it", () => {
  const text = "echo '$HOME' \"; rm -rf /\" \u200b\n-c x";
  assert.deepEqual(argvOf("bash", text), ["bash", "-c", text]);
  assert.deepEqual(argvOf("sh", text), ["sh", "-c", text]);
  assert.equal(argvOf("powershell", text).at(-1), text);
});

Deno.test("nothing in a shown command is hidden, and every line of it is there", () => {
  const hidden = ["\u200b", "\u202e", "\u00a0", "\u3164", "\u{e0041}", "\x1b", "\r", "\u2028"];
  hidden.push("\ufe0f", "\ud800", "\u2003");
  for (const one of hidden) {
    const shown = visibleText(`a${one}b`);
    assert.match(shown, /^a\\u\{[0-9a-f]+\}b$/, JSON.stringify(one));
  }
  assert.equal(visibleText("ä 日本 é\tx"), "ä 日本 é\tx");
  const command = readCommand({ command: "find . |\n  sort\u202e", network: true, folder: "src" });
  assert.equal(
    shownCommand(command),
    "$ find . |\n    sort\\u{202e}\n" +
      "in the workspace's folder src · 30 s at most · with the network",
  );
  assert.equal(commandName("find . |\n  sort\n"), "find . | ⏎ sort");
  assert.ok(commandName("x".repeat(500)).length <= 200);
});

Deno.test("a program that would wait for keys is refused before anybody is asked", () => {
  for (const command of ["vim x", "cd a && nano b", "ls; vi", "sudo vim /etc/hosts", "$(emacs)"]) {
    assert.equal(refused({ command }), "bad_command", command);
  }
  const fine =
    "vim -es -c q x|emacs --batch x|tmux -V|man vim|vimdiff.py x|which nano|screen=1|view.sh";
  for (const command of fine.split("|")) assert.equal(refused({ command }), "none", command);
});
