import assert from "node:assert/strict";
import { clonePlugin } from "../../../../src/kernel/plugins/clone.ts";
import { CAN_CERTIFY, type Certificates, certify } from "../../../fakes/certificates.ts";
import { writePlugin } from "../../../../src/kernel/plugins/folder.ts";
import { refusal, somePlugin } from "./some_run.ts";

const NOTHING = { proxy: { https: undefined, http: undefined, no: undefined }, caFile: undefined };
const git = await new Deno.Command("git", { args: ["--version"] }).output()
  .then(({ success }) => success, () => false);
/** Where there is nothing to clone with. */
const WITHOUT_GIT = !git || Deno.build.os === "windows";

/** A repository that holds a plugin. */
async function withRepository(
  act: (folder: string, sh: (script: string) => Promise<void>) => Promise<void>,
): Promise<void> {
  const base = await Deno.realPath(await Deno.makeTempDir());
  const folder = `${base}/some`;
  const sh = async (script: string) => {
    const commit = "git add -A && git -c user.name=a -c user.email=a@b.c commit -qm x";
    const args = ["-ec", `${script}\n${commit}`];
    const { code, stderr } = await new Deno.Command("sh", { args, cwd: folder }).output();
    assert.equal(code, 0, new TextDecoder().decode(stderr));
  };
  try {
    await writePlugin(folder, somePlugin());
    await sh("git init -q .");
    await act(folder, sh);
  } finally {
    await Deno.remove(base, { recursive: true });
  }
}

async function leftovers(): Promise<string[]> {
  const folder = Deno.env.get("TMPDIR") ?? "/tmp";
  const names: string[] = [];
  for await (const { name } of Deno.readDir(folder)) {
    if (name.startsWith("pyra_clone_")) names.push(name);
  }
  return names;
}

Deno.test({
  name: "a repository's files are those of its last commit",
  // There is nothing to clone with.
  ignore: WITHOUT_GIT,
  async fn() {
    await withRepository(async (folder) => {
      await Deno.writeTextFile(`${folder}/not_committed.ts`, "");
      const files = await clonePlugin(folder, NOTHING);
      assert.deepEqual(files, somePlugin());
    });
  },
});

Deno.test({
  name: "a link, a submodule, too much and too many are refused before they are written out",
  // There is nothing to clone with.
  ignore: WITHOUT_GIT,
  async fn() {
    await withRepository(async (folder, sh) => {
      await sh("ln -s /etc/passwd link.ts");
      await assert.rejects(clonePlugin(folder, NOTHING), refusal("bad_plugin", /link/));
      await sh("rm link.ts && dd if=/dev/zero of=big.ts bs=1M count=17 2>/dev/null");
      await assert.rejects(clonePlugin(folder, NOTHING), refusal("bad_plugin", /16 MB/));
      await sh("rm big.ts && for n in $(seq 1100); do : > f$n.ts; done");
      await assert.rejects(clonePlugin(folder, NOTHING), refusal("bad_plugin", /1000/));
      await sh(
        "rm f*.ts && git init -q inner && cd inner && git -c user.name=a " +
          "-c user.email=a@b.c commit -q --allow-empty -m x && cd ..",
      );
      await assert.rejects(clonePlugin(folder, NOTHING), refusal("bad_plugin", /submodule/));
      await sh("rm -rf inner && dd if=/dev/urandom of=noise.bin bs=1M count=80 2>/dev/null");
      await assert.rejects(clonePlugin(folder, NOTHING), refusal("program"));
    });
    assert.deepEqual(await leftovers(), []);
  },
});

Deno.test({
  name: "nothing that a repository or the person's settings name is run",
  // There is nothing to clone with.
  ignore: WITHOUT_GIT,
  async fn() {
    await withRepository(async (folder, sh) => {
      const mark = `${folder}/../ran`;
      await sh(`printf '* filter=mark\\n' > .gitattributes`);
      const home = `${folder}/../home`;
      await Deno.mkdir(home);
      const config = `[filter "mark"]\n smudge = touch ${mark}\n[core]\n hooksPath = ${home}\n`;
      await Deno.writeTextFile(`${home}/.gitconfig`, config);
      await Deno.writeTextFile(`${home}/post-checkout`, `#!/bin/sh\ntouch ${mark}\n`);
      await Deno.chmod(`${home}/post-checkout`, 0o700);
      const before = Deno.env.get("HOME") ?? "";
      Deno.env.set("HOME", home);
      try {
        assert.equal((await clonePlugin(folder, NOTHING)).length, 2);
      } finally {
        Deno.env.set("HOME", before);
      }
      await assert.rejects(Deno.stat(mark), Deno.errors.NotFound);
    });
  },
});

/** Serves repositories below a folder by https, as git's own server program does. */
function serveGit(root: string, { cert, key }: Certificates): Deno.HttpServer<Deno.NetAddr> {
  const options = { cert, key, port: 0, hostname: "127.0.0.1", onListen() {} };
  return Deno.serve(options, async (request) => {
    const url = new URL(request.url);
    if (url.pathname.startsWith("/moved")) {
      return new Response(null, { status: 302, headers: { location: `file://${root}/some` } });
    }
    if (url.pathname.startsWith("/plain")) {
      return new Response(null, { status: 302, headers: { location: "http://127.0.0.1:1/some" } });
    }
    if (url.pathname.startsWith("/asks")) return new Response(null, { status: 401 });
    const child = new Deno.Command("git", {
      args: ["http-backend"],
      stdin: "piped",
      stdout: "piped",
      stderr: "null",
      env: {
        GIT_PROJECT_ROOT: root,
        GIT_HTTP_EXPORT_ALL: "1",
        PATH_INFO: url.pathname,
        QUERY_STRING: url.search.slice(1),
        REQUEST_METHOD: request.method,
        CONTENT_TYPE: request.headers.get("content-type") ?? "",
        HTTP_CONTENT_ENCODING: request.headers.get("content-encoding") ?? "",
        GIT_PROTOCOL: request.headers.get("git-protocol") ?? "",
      },
    }).spawn();
    const writer = child.stdin.getWriter();
    await writer.write(new Uint8Array(await request.arrayBuffer()));
    await writer.close();
    const { stdout } = await child.output();
    const text = new TextDecoder("latin1").decode(stdout);
    const end = text.indexOf("\r\n\r\n");
    const headers = new Headers();
    for (const line of text.slice(0, end).split("\r\n")) {
      const [name = "", value = ""] = line.split(/: /);
      if (name.toLowerCase() !== "status") headers.set(name, value);
    }
    const status = Number(/^Status: (\d+)/m.exec(text.slice(0, end))?.[1] ?? "200");
    return new Response(stdout.slice(end + 4), { status, headers });
  });
}

Deno.test({
  name:
    "a repository is cloned by https from a server that the given authority signed, and from no other",
  // There is nothing to clone with, or to sign with.
  ignore: WITHOUT_GIT || !CAN_CERTIFY,
  async fn() {
    await withRepository(async (folder) => {
      const base = folder.slice(0, folder.lastIndexOf("/"));
      const certificates = await certify("127.0.0.1");
      const caFile = `${base}/ca.pem`;
      await Deno.writeTextFile(caFile, certificates.authority);
      await using server = serveGit(base, certificates);
      const origin = `https://127.0.0.1:${server.addr.port}`;
      const trusting = { ...NOTHING, caFile };
      assert.deepEqual(await clonePlugin(`${origin}/some/.git`, trusting), somePlugin());
      const refused = refusal("program", /could not clone/);
      await assert.rejects(clonePlugin(`${origin}/some/.git`, NOTHING), refused);
      // Not by another way, however the server answers, and no password is asked for.
      for (const path of ["moved", "plain", "asks", "none"]) {
        await assert.rejects(clonePlugin(`${origin}/${path}`, trusting), refused, path);
      }
    });
    assert.deepEqual(await leftovers(), []);
  },
});

Deno.test({
  name: "a repository on this machine names no program that is run to read it",
  // There is nothing to clone with.
  ignore: WITHOUT_GIT,
  async fn() {
    await withRepository(async (folder, sh) => {
      const mark = `${folder}/../ran`;
      const program = `${folder}/../program`;
      await Deno.writeTextFile(program, `#!/bin/sh\ntouch ${mark}\n`);
      await Deno.chmod(program, 0o700);
      await sh("echo more > more.txt");
      const git = async (...args: string[]) => {
        const { stdout } = await new Deno.Command("git", { args, cwd: folder }).output();
        return new TextDecoder().decode(stdout).trim();
      };
      const id = await git("rev-parse", "HEAD:more.txt");
      await Deno.remove(`${folder}/.git/objects/${id.slice(0, 2)}/${id.slice(2)}`);
      const named = "uploadpack.packObjectsHook core.fsmonitor core.sshCommand core.gitProxy " +
        "core.alternateRefsCommand diff.external core.pager remote.origin.uploadpack";
      for (const setting of named.split(" ")) await git("config", setting, program);
      // What is missing would be brought by that remote.
      await git("config", "core.repositoryFormatVersion", "1");
      await git("config", "extensions.partialClone", "origin");
      await git("config", "remote.origin.url", folder);
      await git("config", "remote.origin.promisor", "true");
      await Deno.remove(mark).catch(() => undefined);
      await assert.rejects(clonePlugin(folder, NOTHING), refusal("program"));
      await assert.rejects(Deno.stat(mark), Deno.errors.NotFound);
    });
  },
});

for (
  const url of [
    "ext::sh -c id",
    "--upload-pack=id",
    "file:///etc",
    "ssh://host/path",
    "git@host:path",
    "http://host/path",
    "https://user:secret@host/path",
    "https://host",
    "https://--upload-pack=id/path",
    "https://host/path --upload-pack=id",
    "https://host/path\n",
    "-c core.sshCommand=id",
    "--config=core.sshCommand=id",
    "relative/path",
    "",
  ]
) {
  Deno.test(`${url || "nothing"} is no address to clone from`, async () => {
    await assert.rejects(clonePlugin(url, NOTHING), refusal("usage"));
  });
}

Deno.test({
  name: "a repository that is not there is said in one line",
  // There is nothing to clone with.
  ignore: WITHOUT_GIT,
  async fn() {
    const error = await clonePlugin("/tmp/there is/no such", NOTHING).catch((error) => error);
    assert.ok(refusal("program")(error), String(error));
    assert.doesNotMatch(error.message, /\n/);
  },
});
