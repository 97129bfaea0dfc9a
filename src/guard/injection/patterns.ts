/**
 * What attacks say, as concepts in their order. A step names concepts (`a|b`), the number before it is how
 * many words on it may be; `^` is the place of an order, `[` follows a bracket, `/` is part of a path, `:`
 * is followed by a colon or the end of a tag, `"` begins a text within data, `!` must not come before the
 * next step.
 * @module
 */
import { PERSONAS } from "./patterns/personas.ts";
import { PROBES } from "./patterns/probes.ts";
import type { PatternGroup } from "./grammar.ts";
import { AGENTS } from "./patterns/agents.ts";
import { APPROVALS } from "./patterns/approvals.ts";
import { COERCION } from "./patterns/coercion.ts";
import { EXFILTRATION } from "./patterns/exfiltration.ts";
import { IMPERSONATION } from "./patterns/impersonation.ts";
import { LASTING } from "./patterns/lasting.ts";
import { OVERRIDING } from "./patterns/overriding.ts";

/** All patterns: `high` is worth a warning by itself, `low` only beside another one. */
export const PATTERNS: readonly PatternGroup[] = [
  ...OVERRIDING,
  ...IMPERSONATION,
  ...EXFILTRATION,
  ...COERCION,
  ...AGENTS,
  ...APPROVALS,
  ...LASTING,
  ...PROBES,
  ...PERSONAS,
];
