import { isShipped, type PlacedRule } from "./rule.ts";

/** The longest file, in lines. */
export const LINE_LIMIT = 300;

/** Files that may be longer, each with the reason. */
export const LONG_FILES: Readonly<Record<string, string>> = {
  "src/providers/table.ts": "one entry for each provider; it is searched, not read",
};

const VAGUE = /^(utils?|helpers?|common|shared|misc|managers?)$/;

/** A file that one can read in one go. */
export const fileLength: PlacedRule = {
  applies: (path) => (isShipped(path) || path.startsWith("tests/")) && !(path in LONG_FILES),
  visit: (context) => ({
    Program(node) {
      const lines = context.sourceCode.text.trimEnd().split("\n").length;
      if (lines <= LINE_LIMIT) return;
      context.report({ node, message: `${lines} lines: split it, ${LINE_LIMIT} is the limit` });
    },
  }),
};

/** Names say what is inside, and are written alike. */
export const fileNames: PlacedRule = {
  applies: () => true,
  visit: (context, path) => ({
    Program(node) {
      const parts = path.split("/").map((part) => part.replace(/^\./, "").split(".")[0] ?? "");
      for (const part of parts) {
        if (part.split("_").some((word) => VAGUE.test(word))) {
          context.report({ node, message: `"${part}" does not say what is inside` });
        } else if (!/^[a-z0-9]+(_[a-z0-9]+)*$/.test(part)) {
          context.report({ node, message: `"${part}" is not in snake_case` });
        }
      }
    },
  }),
};
