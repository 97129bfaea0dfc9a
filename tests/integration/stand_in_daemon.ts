/**
 * Stands in for the daemon: says its process in `answers`, ends by SIGTERM, counts SIGHUP in `reloads`.
 * What it finds around it goes into `seen`.
 */
const at = Deno.args.indexOf("--home");
const home = Deno.args[at + 1] ?? "";
const attempt = (act: () => unknown) => {
  try {
    return String(act());
  } catch (error) {
    return error instanceof Error ? error.name : "?";
  }
};
const credentials = Deno.env.get("CREDENTIALS_DIRECTORY") ?? "";
Deno.writeTextFileSync(
  `${home}/seen`,
  JSON.stringify({
    args: Deno.args,
    folder: Deno.cwd(),
    path: Deno.env.get("PATH"),
    umask: Deno.umask(),
    passphrase: attempt(() => Deno.readTextFileSync(`${credentials}/pyra-passphrase`)),
    system: attempt(() => Deno.writeTextFileSync("/usr/pyra-was-here", "")),
    program: attempt(() =>
      new TextDecoder().decode(
        new Deno.Command("bwrap", {
          args: ["--unshare-all", "--ro-bind", "/", "/", "--proc", "/proc", "echo", "held"],
        }).outputSync().stdout,
      ).trim()
    ),
  }),
);
let reloads = 0;
Deno.addSignalListener("SIGHUP", () => Deno.writeTextFileSync(`${home}/reloads`, `${++reloads}`));
Deno.addSignalListener("SIGTERM", () => {
  Deno.removeSync(`${home}/answers`);
  Deno.exit(143);
});
if (attempt(() => Deno.readTextFileSync(`${home}/fails`)) === "yes") Deno.exit(4);
Deno.writeTextFileSync(`${home}/answers`, String(Deno.pid));
// Listeners alone keep no process.
setInterval(() => undefined, 60_000);
