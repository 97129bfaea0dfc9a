import { readYaml } from "../../../src/config/yaml_reader.ts";

/** What a config's text says at a path. */
export function valueAt(text: string, path: string): unknown {
  return path.split(".").reduce<unknown>(
    (value, name) => (value as Record<string, unknown> | undefined)?.[name],
    readYaml(text, "x").data,
  );
}

/** The lines that are in one text only, as a diff shows them. */
export function changes(before: string, after: string): string[] {
  const [old, fresh] = [before.split("\n"), after.split("\n")];
  let head = 0;
  while (head < old.length && head < fresh.length && old[head] === fresh[head]) head++;
  let tail = 0;
  while (
    tail < old.length - head && tail < fresh.length - head &&
    old.at(-1 - tail) === fresh.at(-1 - tail)
  ) tail++;
  return [
    ...old.slice(head, old.length - tail).map((line) => `-${line}`),
    ...fresh.slice(head, fresh.length - tail).map((line) => `+${line}`),
  ];
}
