import assert from "node:assert/strict";
import fc from "fast-check";
import type { Effect } from "../../../src/protocol/tool.ts";
import { formatRule, parseRule, type Rule, ruleText } from "../../../src/tools/rule.ts";
import { allows, denies, offerRule, ruleFor } from "../../../src/tools/rule_match.ts";
import { callOf, PLACES, someCall, someRule, someText } from "./some_rules.ts";

const TOOL = "files.write_file";
const writes = (where: string): Effect => ({ kind: "writes", where });
const reads = (where: string): Effect => ({ kind: "reads", where });
const network = (host: string): Effect => ({ kind: "network", host });
const runs = (program: string): Effect => ({ kind: "runs", program });
const call = (...effects: Effect[]) => ({ tool: TOOL, effects });
const rule = (rest: string) => parseRule(`allow ${TOOL} ${rest}`);

Deno.test("rules are lines that a person can read", () => {
  const lines: readonly (readonly [string, Rule, string])[] = [
    [
      "allow files.write_file in /home/me/notes",
      { decision: "allow", tool: TOOL, where: "/home/me/notes" },
      "files.write_file may read and write in /home/me/notes without asking",
    ],
    [
      "allow websearch.search on api.tavily.com",
      { decision: "allow", tool: "websearch.search", host: "api.tavily.com" },
      "websearch.search may reach api.tavily.com without asking",
    ],
    [
      "deny shell.run_command",
      { decision: "deny", tool: "shell.run_command" },
      "shell.run_command may not be used",
    ],
    [
      "deny shell.run_command running rm",
      { decision: "deny", tool: "shell.run_command", program: "rm" },
      "shell.run_command may not run rm",
    ],
    [
      'allow a.b in "/home/my notes" reading * on x.org:8443 running git',
      {
        decision: "allow",
        tool: "a.b",
        where: "/home/my notes",
        reads: "*",
        host: "x.org:8443",
        program: "git",
      },
      "a.b may read and write in /home/my notes, read anywhere, reach x.org:8443, run git " +
      "without asking",
    ],
    [
      "allow clock.now",
      { decision: "allow", tool: "clock.now" },
      "clock.now may answer, and do nothing else, without asking",
    ],
  ];
  for (const [line, read, words] of lines) {
    assert.deepEqual(parseRule(line), read);
    assert.equal(formatRule(read), line);
    assert.equal(ruleText(read), words);
  }
  assert.deepEqual(
    parseRule('  allow\ta.b  on  API.Tavily.COM.  in "C:/Users\\\\me/" '),
    parseRule("allow a.b in C:\\Users\\me on api.tavily.com"),
  );
});

Deno.test("a line that is no rule says what is wrong with it", () => {
  const lines: readonly (readonly [string, RegExp])[] = [
    ["", /must begin with allow or deny/],
    ["permit a.b", /must begin with allow or deny/],
    ["allow", /must name a tool/],
    ["allow a..b", /must name a tool/],
    ["allow a.b at /x", /has "at" where in, reading, on or running should be/],
    ["allow a.b in", /ends after "in"/],
    ["allow a.b in /x in /y", /has "in" twice/],
    ["allow a.b in /x/../y", /no folder; use a full path without \.\./],
    ["allow a.b in ~/x", /no folder/],
    ["allow a.b on http://x.org", /no host/],
    ["allow a.b on *.org", /no host/],
    ["allow a.b running *", /one program/],
    ["deny a.b in /x on y.org", /one folder, host or program; write one rule for each/],
    ['allow a.b in "/x', /quote that is not closed/],
    ['allow a.b in "/\\x"', /wrong \\ in quotes/],
    [`allow a.b in /${"x".repeat(10_000)}`, /longer than/],
  ];
  for (const [line, message] of lines) {
    assert.throws(() => parseRule(line), (thrown: Error) => {
      assert.match(thrown.message, message);
      assert.equal(Reflect.get(thrown, "code"), "bad_rule");
      return true;
    });
  }
});

Deno.test("a folder's rule covers what is in it, and no other folder", () => {
  const inNotes = rule("in /home/me/notes");
  for (const where of ["/home/me/notes", "/home/me/notes/", "/home/me/notes/a/b.md"]) {
    assert.ok(allows(inNotes, call(writes(where))), where);
    assert.ok(allows(inNotes, call(reads(where), writes(where))), where);
  }
  const others = [
    "/home/me/notes2",
    "/home/me",
    "/",
    "/home/me/Notes",
    "/home/me/notes/../secrets",
    "/home/me/notes/./a",
    "/home/me/notes//a",
    "home/me/notes",
    "/home/me/notes\u0000",
    "/home/me/notes/\u202ea",
    "C:\\home\\me\\notes",
    "*",
    "",
  ];
  for (const where of others) assert.ok(!allows(inNotes, call(writes(where))), where);
});

Deno.test("a rule about reading does not cover writing, nor any other thing it does not name", () => {
  assert.ok(allows(rule("reading /a"), call(reads("/a/b"))));
  assert.ok(!allows(rule("reading /a"), call(writes("/a/b"))));
  assert.ok(!allows(rule("in /a"), call(writes("/a"), network("x.org"))));
  assert.ok(!allows(rule("in /a"), call(writes("/a"), runs("git"))));
  assert.ok(!allows(rule("in * on *"), call(runs("git"))), "programs are always named");
  assert.ok(!allows(rule(""), call(reads("/a"))));
  assert.ok(allows(rule(""), call()));
  assert.ok(!allows(parseRule("allow files.write"), call()));
});

Deno.test("a host's rule covers that host with that port alone", () => {
  const onHost = rule("on example.com");
  assert.ok(allows(onHost, call(network("EXAMPLE.com."))));
  assert.ok(allows(onHost, call(network("example.com:443"))));
  const others = "sub.example.com example.com:8080 example.com.evil.org evil-example.com * " +
    "user@example.com example.com/x example.org";
  for (const host of others.split(" ")) assert.ok(!allows(onHost, call(network(host))), host);
  assert.ok(!allows(onHost, call(network(""))));
  for (
    const host of ["example.com..", "example.com..:8080", ".example.com", "a..example.com", "."]
  ) {
    assert.equal(offerRule(call(network(host))), undefined, host);
  }
});

Deno.test("a program's rule covers that program alone", () => {
  assert.ok(allows(rule("running git"), call(runs("git"))));
  for (const program of ["Git", "git2", "git ", "/tmp/git", "", "git status"]) {
    assert.ok(!allows(rule("running git"), call(runs(program))), program);
  }
});

Deno.test("a denial comes before any permission, and covers whatever may be meant", () => {
  const deny = (rest: string) => parseRule(`deny ${TOOL} ${rest}`);
  assert.ok(denies(deny(""), call()));
  const meets = ["/etc", "/etc/passwd", "/ETC/x", "/", "/etc/../etc", "/home/../etc"];
  for (const where of meets) assert.ok(denies(deny("in /etc"), call(writes(where))), where);
  assert.ok(!denies(deny("in /etc"), call(writes("/etc2"))));
  assert.ok(!denies(deny("reading /etc"), call(writes("/etc"))));
  assert.ok(denies(deny("in /caf\u00e9"), call(writes("/cafe\u0301/x"))));
  assert.ok(denies(deny("on evil.org"), call(network("*"))));
  assert.ok(!denies(deny("on evil.org"), call(network("good.org"))));
  assert.ok(denies(deny("running rm"), call(runs("RM"))));
  const rules = [rule("in /home"), deny("in /home/me")];
  assert.equal(ruleFor(call(writes("/home/me/x")), rules), rules[1]);
  assert.equal(ruleFor(call(writes("/home/you")), rules), rules[0]);
  assert.equal(ruleFor(call(writes("/usr")), rules), undefined);
});

Deno.test("what is offered is the narrowest rule, and none where one could not say it plainly", () => {
  const offered = (...effects: Effect[]) => {
    const found = offerRule(call(...effects));
    return found === undefined ? undefined : formatRule(found).slice(`allow ${TOOL}`.length).trim();
  };
  assert.equal(offered(), "");
  assert.equal(offered(writes("/home/me/notes/")), "in /home/me/notes");
  assert.equal(offered(writes("/a/b"), writes("/a"), reads("/a/c")), "in /a");
  assert.equal(offered(writes("/a"), reads("/b")), "in /a reading /b");
  assert.equal(offered(network("X.org")), "on x.org");
  assert.equal(offered(runs("git"), writes("/a")), "in /a running git");
  assert.equal(offered(writes("notes/work")), "in notes/work");
  for (
    const effects of [
      [writes("/a"), writes("/b")],
      [network("a.org"), network("b.org")],
      [network("*")],
      [runs("git"), runs("sh")],
      [runs("*")],
      [writes("/")],
      [writes("C:\\")],
      [writes("*")],
      [writes("/a/../b")],
      [reads("/a/\u0007")],
    ]
  ) assert.equal(offered(...effects), undefined);
});

Deno.test("every rule reads as itself from its line", () => {
  fc.assert(fc.property(someRule, (rule) => {
    assert.deepEqual(parseRule(formatRule(rule)), rule);
    assert.doesNotMatch(formatRule(rule), /\n/);
  }));
});

Deno.test("a rule that was offered and stored allows the same call the next time", () => {
  fc.assert(fc.property(someCall, (call) => {
    const offered = offerRule(call);
    if (offered === undefined) return;
    assert.ok(allows(parseRule(formatRule(offered)), call));
  }));
});

Deno.test("a rule that was offered never allows a call that does more, or the same elsewhere", () => {
  fc.assert(
    fc.property(someCall, someCall, (call, other) => {
      const offered = offerRule(call);
      if (offered === undefined || !allows(offered, other)) return;
      assert.equal(other.tool, call.tool);
      for (const effect of other.effects) {
        assert.ok(
          call.effects.some((agreed) => isPartOf(effect, agreed)),
          `${JSON.stringify(effect)} is not in ${JSON.stringify(call.effects)}`,
        );
      }
    }),
    { numRuns: 2_000 },
  );
  for (const place of PLACES) {
    for (const other of PLACES) {
      const offered = offerRule(callOf(writes(place)));
      if (offered !== undefined && allows(offered, callOf(writes(other)))) {
        assert.ok(`${other}/`.startsWith(`${place.replace(/\/$/, "")}/`), `${place} ${other}`);
      }
    }
  }
});

Deno.test("no line makes the parser throw anything but its own error", () => {
  const words = fc.constantFrom(
    "allow",
    "deny",
    "a.b",
    "in",
    "on",
    "running",
    '"',
    "\\",
    "/x",
    "*",
  );
  const line = fc.oneof(
    someText,
    fc.array(words).map((list) => list.join(" ")),
  );
  fc.assert(
    fc.property(line, (text) => {
      try {
        const rule = parseRule(text);
        assert.deepEqual(parseRule(formatRule(rule)), rule);
      } catch (thrown) {
        if (thrown instanceof assert.AssertionError) throw thrown;
        assert.equal(Reflect.get(thrown as Error, "code"), "bad_rule");
      }
    }),
    { numRuns: 1_000 },
  );
});

/** By plain texts, unlike the code. */
function isPartOf(effect: Effect, agreed: Effect): boolean {
  if (effect.kind === "network") {
    return agreed.kind === "network" && agreed.host.toLowerCase() === effect.host.toLowerCase();
  }
  if (effect.kind === "runs") return agreed.kind === "runs" && agreed.program === effect.program;
  if (agreed.kind === "network" || agreed.kind === "runs") return false;
  if (effect.kind === "writes" && agreed.kind === "reads") return false;
  const folder = agreed.where.replace(/\/$/, "");
  return `${effect.where}/`.startsWith(`${folder}/`) && !effect.where.includes("..");
}
