import fc from "fast-check";
import { type ServiceFacts, unwritable } from "../../../service/facts.ts";

/** Paths that a careless template breaks on. */
export const NASTY: readonly string[] = [
  "/home/a b",
  `/home/"x" 'y'`,
  "/home/%h %% 100%",
  "/home/%TEMP%/%USERNAME%x%",
  "/home/$HOME ${HOME} $$ $",
  "/home/back\\slash \\n \\x20 \\",
  "/home/Ünï 日本 🦊",
  "/home/&<>]]>&amp;<!-- -->",
  "/home/-dash",
  "/home/tab\there",
  "/home/semi ; colon # hash",
];

/** Facts of one installation. */
export function someFacts(changes: Partial<ServiceFacts> = {}): ServiceFacts {
  const home = "/home/ada/.pyra";
  return {
    program: ["/usr/local/bin/pyra", "daemon", "run", "--home", home, "--profile", "default"],
    home,
    profile: "default",
    logs: `${home}/logs`,
    workspace: "/home/ada",
    user: "ada",
    path: "/usr/local/bin:/usr/bin:/bin",
    umask: 0o022,
    label: "pyra",
    writable: [],
    confined: true,
    ...changes,
  };
}

/** Facts with that path everywhere. */
export function factsWith(path: string): ServiceFacts {
  const file = `${path}/pyra`;
  return someFacts({
    program: [file, "daemon", "run", "--home", path, "--profile", "default", path, ""],
    home: path,
    logs: `${path}/logs`,
    workspace: file,
    path: `/usr/bin:${path}`,
    user: path,
    writable: [path],
    credential: { file, encrypted: false },
  });
}

const TRICKY = [..." \t\"'\\%$;#&<>-={}/nx20éß日🦊aZ:@()"];

/** Any facts that a service may be asked for. */
export const anyFacts: fc.Arbitrary<ServiceFacts> = fc.record({
  path: fc.oneof(
    fc.string({ unit: fc.constantFrom(...TRICKY) }),
    fc.string({ unit: "grapheme" }),
  ).map((text) => `/${text}`),
  words: fc.array(fc.string({ unit: fc.constantFrom(...TRICKY) })),
}).map(({ path, words }) => {
  const facts = factsWith(path);
  return { ...facts, program: [...facts.program, ...words] };
}).filter((facts) => unwritable(facts) === undefined);
