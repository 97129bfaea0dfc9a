import assert from "node:assert/strict";

/** A program that starts another one as the kernel does, and then does nothing. */
const OWNER = new URL("./held_program_owner.ts", import.meta.url).href;

async function running(text: string): Promise<number> {
  const script = 'grep -lsa -- "$1" /proc/[0-9]*/cmdline | wc -l';
  const { stdout } = await new Deno.Command("sh", { args: ["-c", script, "sh", text] }).output();
  // The looking itself has it among its arguments: sh, and grep.
  return Number(new TextDecoder().decode(stdout)) - 2;
}

for (const sandbox of ["bubblewrap", "none", "unnoticed"] as const) {
  Deno.test({
    name: `what runs ends with Pyra, though it is killed (${sandbox})`,
    // Processes are looked for as Linux shows them.
    ignore: Deno.build.os !== "linux",
    async fn() {
      const mark = `6${Math.floor(Math.random() * 1e8)}`;
      const script = `trap '' TERM; setsid sleep ${mark} & sleep ${mark} & echo up; sleep ${mark}`;
      const args = ["run", "--quiet", "-A", "--no-check", OWNER, sandbox, script];
      const owner = new Deno.Command(Deno.execPath(), { args, stdout: "piped" }).spawn();
      const reader = owner.stdout.getReader();
      assert.equal(new TextDecoder().decode((await reader.read()).value), "up\n");
      assert.ok(await running(mark) > 1);
      owner.kill("SIGKILL");
      await owner.status;
      await reader.cancel();
      let left = 1;
      for (let look = 0; look < 50 && left > 0; look++) {
        await new Promise((resolve) => setTimeout(resolve, 100));
        left = await running(mark);
      }
      assert.equal(left, 0);
    },
  });
}
