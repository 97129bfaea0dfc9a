/**
 * What kind of folder the workspace is, by the files that lie in it. None of their names reaches the model,
 * for a name is a stranger's text too.
 * @module
 */

/** Files that tell what a folder holds, the first of a kind first. */
const MARKERS: readonly (readonly [pattern: RegExp, kind: string])[] = [
  [/^deno\.jsonc?$/, "Deno"],
  [/^tsconfig(?:\.[\w-]+)?\.json$/, "TypeScript"],
  [/^package\.json$/, "Node.js"],
  [/^bun\.lockb?$/, "Bun"],
  [/^Cargo\.toml$/, "Rust"],
  [/^go\.(?:mod|work)$/, "Go"],
  [/^(?:pyproject\.toml|setup\.py|requirements\.txt|Pipfile)$/, "Python"],
  [/^Gemfile$|\.gemspec$/, "Ruby"],
  [/^composer\.json$/, "PHP"],
  [/^pom\.xml$/, "Java (Maven)"],
  [/^build\.gradle$|^settings\.gradle$/, "Java (Gradle)"],
  [/^(?:build|settings)\.gradle\.kts$/, "Kotlin (Gradle)"],
  [/\.(?:csproj|fsproj|sln|slnx)$/, ".NET"],
  [/^Package\.swift$|\.xcodeproj$/, "Swift"],
  [/^pubspec\.yaml$/, "Dart"],
  [/^mix\.exs$/, "Elixir"],
  [/^(?:stack\.yaml|cabal\.project)$|\.cabal$/, "Haskell"],
  [/^dune-project$/, "OCaml"],
  [/^build\.zig$/, "Zig"],
  [/^CMakeLists\.txt$/, "C or C++ (CMake)"],
  [/^meson\.build$/, "C or C++ (Meson)"],
  [/^(?:GNU)?[Mm]akefile$/, "Make"],
  [/^DESCRIPTION$|\.Rproj$/, "R"],
  [/^Project\.toml$/, "Julia"],
  [/\.tf$/, "Terraform"],
  [/^flake\.nix$/, "Nix"],
  [/^(?:Dockerfile|Containerfile|(?:docker-)?compose\.ya?ml)$/, "containers"],
  [/\.ipynb$/, "Jupyter"],
  [/\.tex$/, "LaTeX"],
];
const KINDS = 5;

/** The kinds that these names stand for, five at most. */
export function workspaceKinds(names: readonly string[]): string[] {
  return MARKERS.filter(([pattern]) => names.some((name) => pattern.test(name)))
    .map(([, kind]) => kind).slice(0, KINDS);
}
