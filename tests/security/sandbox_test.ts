/**
 * What a command in bubblewrap tries, on a real machine. Each escape is tried by a command that a person agreed
 * to; the sandbox is what holds it.
 */
import assert from "node:assert/strict";
import { sandboxProgram } from "../../src/kernel/sandbox/choice.ts";
import { SomePrograms } from "../unit/kernel/plugins/some_programs.ts";

/** A plugin in bubblewrap, with a repository as its folder of work. */
async function held(): Promise<SomePrograms> {
  const programs = await SomePrograms.make();
  programs.config("sandbox: bubblewrap");
  return programs;
}

function test(name: string, fn: (programs: SomePrograms) => Promise<void>): void {
  Deno.test({
    name,
    // bubblewrap is a program of Linux.
    ignore: sandboxProgram("bwrap") === undefined,
    async fn() {
      await using programs = await held();
      await fn(programs);
    },
  });
}

test("the workspace can be written, and nothing else", async (programs) => {
  const { work, some } = programs;
  const { stderr, code } = await programs.bash(`
    echo a > made && mkdir b && mv made b/made
    for place in ${some.base} "$HOME" /etc /usr/bin /var /opt /srv; do
      touch "$place/pyra-was-here" && echo "ESCAPED $place"
    done; true`);
  assert.equal(code, 0);
  assert.ok(stderr.includes("Read-only file system"), stderr);
  assert.equal(await Deno.readTextFile(`${work}/b/made`), "a\n");
  for (const place of [some.base, Deno.env.get("HOME"), "/etc", "/var", "/opt"]) {
    await assert.rejects(Deno.lstat(`${place}/pyra-was-here`), Deno.errors.NotFound);
  }
  // What it writes for a while is its own.
  await programs.bash("echo x > /tmp/pyra-was-here");
  await assert.rejects(Deno.lstat("/tmp/pyra-was-here"), Deno.errors.NotFound);
  assert.equal(
    (await programs.bash("ls -A /tmp /var/tmp /run /dev/shm | grep -v -e : -e '^$'")).code,
    1,
  );
});

test("no profile is seen, wherever it lies, and no keys", async (programs) => {
  const { some } = programs;
  const { home } = some.profile;
  await Deno.mkdir(`${some.base}/.ssh`);
  await Deno.writeTextFile(`${some.base}/.ssh/id_test`, "a key");
  await Deno.writeTextFile(`${some.base}/.netrc`, "a key");
  await Deno.writeTextFile(`${home}/inside`, "a secret");
  await Deno.mkdir(`${some.base}/.pyra`);
  await Deno.writeTextFile(`${some.base}/.pyra/inside`, "a secret");
  const { stdout } = await programs.bash(`
    cat ${home}/inside ${some.base}/.pyra/inside ${some.base}/.ssh/id_test ${some.base}/.netrc
    ls -A ${home} ${some.base}/.pyra ${some.base}/.ssh | grep -v :
    umount ${home}; mount -t tmpfs x ${home}; ls -A ${home}
    touch ${home}/x && echo written`);
  assert.equal(stdout.trim(), "");
});

test("a workspace that holds the profile does not open it", async (programs) => {
  const { some } = programs;
  const inside = `${some.run.workspace}/.pyra`;
  // The person works in their home folder.
  Object.assign(some.run, { userHome: some.run.workspace });
  await Deno.mkdir(inside);
  await Deno.writeTextFile(`${inside}/vault`, "a secret");
  const { stdout } = await programs.bash(
    "cat .pyra/vault; mv .pyra other && cat other/vault; rm -rf .pyra; mkdir -p .pyra/x; ls -A .pyra",
  );
  assert.equal(stdout.trim(), "");
  assert.equal(await Deno.readTextFile(`${inside}/vault`), "a secret");
});

test("the network is there only if it was agreed to", async (programs) => {
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen() {} },
    () => new Response("hi"),
  );
  try {
    const ask =
      `exec 3<>/dev/tcp/127.0.0.1/${server.addr.port} && printf 'GET / HTTP/1.0\\r\\n\\r\\n' >&3 && tail -n 1 <&3`;
    assert.notEqual((await programs.bash(ask)).code, 0);
    assert.equal((await programs.bash("cat /proc/net/dev | grep -c :")).stdout, "1\n", "lo alone");
    assert.equal((await programs.bash(ask, { network: true })).stdout, "hi");
  } finally {
    await server.shutdown();
  }
});

test("other processes are neither seen, nor ended, nor read", async (programs) => {
  const other = new Deno.Command("sleep", { args: ["600"] }).spawn();
  try {
    const { stdout } = await programs.bash(`
      kill -9 ${other.pid} && echo KILLED
      kill -9 ${Deno.pid} && echo KILLED
      cat /proc/${Deno.pid}/environ && echo READ
      ls /proc/1/root/etc/../${programs.some.profile.home.slice(1)}
      cat /proc/1/environ | tr '\\0' '\\n' | grep -c '^PYRA_[^P]'
      strace -p ${other.pid} 2>/dev/null && echo TRACED
      echo 1 > /proc/sys/kernel/sysrq && echo WRITTEN`);
    assert.equal(stdout, "0\n");
    Deno.kill(other.pid, "SIGCONT");
  } finally {
    other.kill("SIGKILL");
    await other.status;
  }
});

test("links and second names lead to what may be reached anyway", async (programs) => {
  const { some, work } = programs;
  const outside = `${some.base}/outside`;
  await Deno.writeTextFile(outside, "before");
  await Deno.symlink(outside, `${work}/link`);
  const { stdout } = await programs.bash(`
    echo after > link && echo WRITTEN
    ln ${outside} second && echo after > second && echo WRITTEN
    ln -s ${some.profile.home} in && ls -A in
    mknod disk b 8 0 && cat disk && echo READ; true`);
  assert.equal(stdout.trim(), "");
  assert.equal(await Deno.readTextFile(outside), "before");
});

test("nobody becomes more than they were", async (programs) => {
  const { stdout } = await programs.bash(`
    cp /bin/bash mine && chmod u+s mine && ./mine -p -c 'grep -E "^(CapEff|NoNewPrivs)" /proc/self/status'
    mount -o remount,rw / && echo MOUNTED
    mount --bind /tmp /usr && echo MOUNTED
    unshare -Urm sh -c 'mount -o remount,rw / && touch /usr/pyra-was-here' && echo MOUNTED; true`);
  assert.equal(stdout, "CapEff:\t0000000000000000\nNoNewPrivs:\t1\n");
});

test("no setting of the machine is written, whoever runs Pyra", async (programs) => {
  // Looked at, and not tried: were it so, the machine would be changed.
  const { stdout } = await programs.bash(`
    find /proc/sys /sys -type f -writable 2>/dev/null | head -n 3
    for file in kernel/core_pattern kernel/modprobe vm/overcommit_memory; do
      [ -w "/proc/sys/$file" ] && echo "$file"
    done; true`);
  assert.equal(stdout, "");
});

test("there is no terminal, and nothing of the person's session", async (programs) => {
  const { stdout } = await programs.bash(`
    (: < /dev/tty) 2>/dev/null && echo TTY
    ls /dev/pts /dev/tty[0-9]* 2>/dev/null | grep -v -e : -e ptmx
    ls -A /run /tmp/.X11-unix 2>/dev/null | grep -v -e : -e '^$'
    for name in SSH_AUTH_SOCK DISPLAY WAYLAND_DISPLAY DBUS_SESSION_BUS_ADDRESS XDG_RUNTIME_DIR; do
      [ -n "\${!name}" ] && echo $name
    done; test -S /var/run/docker.sock && echo DOCKER; true`);
  assert.equal(stdout, "");
});

test("what other programs obey later is not written", async (programs) => {
  const { work } = programs;
  const git = async (...args: string[]) => {
    const command = new Deno.Command("git", { args: ["-C", work, ...args] });
    assert.ok((await command.output()).success, args.join(" "));
  };
  await git("init", "-q");
  await Deno.remove(`${work}/.git/hooks`, { recursive: true });
  await Deno.writeTextFile(`${work}/.envrc`, "mine");
  await Deno.mkdir(`${work}/part/.vscode`, { recursive: true });
  const config = await Deno.readTextFile(`${work}/.git/config`);
  const ran = await programs.bash(`
    echo bad >> .git/config; git config core.pager bad; mkdir -p .git/hooks; echo bad > .git/hooks/pre-commit
    mv .git old; cp -r old .git; echo bad >> .git/config; echo bad > .envrc; mv .envrc x; rm -f .envrc
    echo bad > part/.vscode/tasks.json; mv part/.vscode part/x
    echo bad > .bashrc; mkdir .vscode; ln -s /etc/passwd .mcp.json
    echo a > a; git add a && git -c user.name=a -c user.email=a@b commit -qm a && git log --oneline | wc -l`);
  assert.equal(ran.stdout.trim(), "1", "its own work is done");
  assert.equal(await Deno.readTextFile(`${work}/.git/config`), config);
  assert.deepEqual(await Array.fromAsync(Deno.readDir(`${work}/.git/hooks`)), []);
  assert.equal(await Deno.readTextFile(`${work}/.envrc`), "mine");
  assert.deepEqual(await Array.fromAsync(Deno.readDir(`${work}/part/.vscode`)), []);
  for (const name of [".bashrc", ".vscode", ".mcp.json"]) {
    await assert.rejects(Deno.lstat(`${work}/${name}`), Deno.errors.NotFound, name);
  }
  assert.match(ran.stderr, /pyra: put aside as \.bashrc\.held-\w+, /);
});

test("git is not led to settings elsewhere, nor is a new repository made that runs something", async (programs) => {
  const { work } = programs;
  const there = (name: string) => Deno.lstat(`${work}/${name}`).then(() => true, () => false);
  const evil = "git init -q . && git config core.fsmonitor 'touch ran'";
  const made = await programs.bash(evil);
  assert.match(made.stderr, /pyra: put aside as \.git\.held-\w+: /);
  await programs.bash("git init -q . && printf '#!/bin/sh' > .git/hooks/post-checkout");
  await programs.bash("ln -s .git.held-* .git; mkdir closed && touch .envrc && chmod 500 .");
  assert.deepEqual([await there(".git"), await there(".envrc")], [false, false]);
  const plain =
    "chmod 700 . && git init -q . && git config user.name a && git config user.email a@b && " +
    "git remote add origin https://example.com/a.git && git commit -q --allow-empty -m a";
  assert.deepEqual((await programs.bash(plain)).stderr, "");
  assert.ok(await there(".git"), "an ordinary one stays");
  await programs.bash(
    "cp -r .git evil; git config -f evil/config core.fsmonitor x; echo ../evil > .git/commondir",
  );
  assert.equal(await there(".git/commondir"), false);
});

test("what was agreed to as reading alone writes nothing, whatever git is told to run", async (programs) => {
  const { work } = programs;
  await programs.bash("git init -q . && echo kept > kept");
  const config = `${work}/.git/config`;
  const evil = '[core]\n\tfsmonitor = "rm -f kept; echo ran >> ran; false"\n';
  await Deno.writeTextFile(config, await Deno.readTextFile(config) + evil);
  await Deno.remove(`${work}/.git/hooks`, { recursive: true });
  const argv = ["bash", "-c", "git status; touch made; cat kept"];
  const agreed = [{ program: "bash", argv, readOnly: true }];
  const ran = await programs.call("run", { argv }, agreed) as { stdout: string };
  assert.match(ran.stdout, /Untracked files:[^]*kept[^]*\nkept\n$/);
  const names = (await Array.fromAsync(Deno.readDir(work))).map(({ name }) => name);
  assert.deepEqual(names.toSorted(), [".git", "kept"]);
});

test("what a job makes that others obey is put aside while it goes on", async (programs) => {
  const { work } = programs;
  const argv = ["bash", "-c", "mkdir .vscode; echo x > .envrc; sleep 60"];
  const { id } = await programs.call("start", { argv }) as { id: string };
  const until = Date.now() + 10_000;
  const seen = async () => (await Array.fromAsync(Deno.readDir(work))).map(({ name }) => name);
  while ((await seen()).filter((name) => name.includes(".held-")).length < 2) {
    assert.ok(Date.now() < until, String(await seen()));
    await new Promise((done) => setTimeout(done, 50));
  }
  await programs.call("stop", { id });
  assert.deepEqual((await seen()).filter((name) => /^\.(?:vscode|envrc)$/.test(name)), []);
});

test("where memory runs out, a command ends before what the person runs", async (programs) => {
  assert.equal((await programs.bash("cat /proc/self/oom_score_adj")).stdout, "1000\n");
});

test("a fork bomb ends with its limit, and all of it", async (programs) => {
  const mark = `9${Math.floor(Math.random() * 1e8)}`;
  // Of many, each with the mark among its arguments; not without end, lest a broken sandbox ends the machine.
  const bomb =
    `f() { [ $1 -lt 9 ] || exec sleep ${mark}; f $(($1 + 1)) & f $(($1 + 1)) & wait; }; f 0`;
  const ran = await programs.bash(bomb, { limitMs: 1_500 });
  assert.equal(ran.timedOut, true);
  const args = ["-c", 'grep -lsa -- "$1" /proc/[0-9]*/cmdline | wc -l', "sh", mark];
  const { stdout } = await new Deno.Command("sh", { args }).output();
  assert.equal(Number(new TextDecoder().decode(stdout)), 2, "the looking itself");
});
