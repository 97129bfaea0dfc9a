/**
 * Walks a parsed bash script and judges every program in it, wherever it stands: in branches, loops,
 * functions, substitutions, here-documents and at the ends of pipes.
 * @module
 */
import { forEachChild, parse } from "unbash";
import type * as syntax from "unbash";
import {
  type Court,
  type Input,
  isUnknown,
  NO_INPUT,
  type Scope,
  UNKNOWN,
  within,
} from "./court.ts";
import { expandWord, textOf, textOfParts } from "./bash_word.ts";
import { knownOutput } from "./known_output.ts";
import { groundOf, resolvePath } from "./paths.ts";
import { assign, declare, judgeRedirect } from "./bash_state.ts";

type Body = syntax.CompoundCommand | syntax.Redirected | syntax.CompoundList;
type Node = syntax.PipelineNode | syntax.AndOr | syntax.CompoundList | syntax.Statement;

const LOOP_LIMIT = 8;

/** Judges a bash script; says what it prints, if that is known. */
export function judgeScript(
  text: string,
  scope: Scope,
  court: Court,
  input: Input = NO_INPUT,
): string | undefined {
  return new Walk(court).script(parse(text), scope, input);
}

class Walk {
  readonly #court: Court;
  /** Judges a nested script. */
  readonly run = (script: syntax.ParsedScript | undefined, scope: Scope): string | undefined =>
    script && this.script(script, within(scope));

  constructor(court: Court) {
    this.#court = court;
  }

  script(script: syntax.ParsedScript, scope: Scope, input: Input = NO_INPUT): string | undefined {
    if (script.errors && script.errors.length > 0) {
      this.#court.raise("DANGEROUS", "cannot be read as a shell command", "");
    }
    return this.#all(script.commands, scope, input);
  }

  #all(nodes: readonly Node[], scope: Scope, input: Input): string | undefined {
    let output: string | undefined = "";
    for (const node of nodes) {
      if (this.#court.done()) return undefined;
      const printed = this.#node(node, scope, input);
      output = output === undefined || printed === undefined ? undefined : output + printed;
    }
    return output;
  }

  #node(node: Node | Body | syntax.CommandNode, scope: Scope, input: Input): string | undefined {
    if (!this.#court.step()) return undefined;
    if (scope.depth > 40) {
      this.#court.raise("DANGEROUS", "is nested too deep to be followed", "");
      return undefined;
    }
    switch (node.type) {
      case "Command":
        return this.#command(node, scope, input);
      case "Statement":
        return this.#node(
          node.command,
          node.background ? within(scope, { beside: true }) : scope,
          input,
        );
      case "Pipeline":
        return this.#pipeline(node, scope, input);
      case "AndOr":
      case "CompoundList":
        return this.#all(node.commands, scope, input);
      case "Redirected":
        return this.#redirected(node, scope, input);
      case "Function":
        this.#function(node, scope);
        return "";
      case "Subshell":
        return this.#node(node.body, within(scope), input);
      case "BraceGroup":
        return this.#node(node.body, scope, input);
      case "Coproc":
        return this.#node(node.body, within(scope, { beside: true }), input);
      case "For":
      case "Select":
        this.#loop(node, scope, input);
        return undefined;
      default:
        this.#children(node, scope, input);
        return undefined;
    }
  }

  /** What has no rule of its own: each part is looked at, words for what they run. */
  #children(node: syntax.SyntaxNode, scope: Scope, input: Input): void {
    forEachChild(node, (child) => {
      if (this.#court.done()) return;
      if (child.type === "CompoundList") this.#node(child, scope, input);
      else if (child.type === "Word") textOf(child, scope, this.run);
      else if (child.type === "CommandExpansion" || child.type === "ArithmeticCommandExpansion") {
        this.run(child.script, scope);
      } else if (child.type === "ProcessSubstitution") this.run(child.script, scope);
      else this.#children(child, scope, input);
    });
  }

  #pipeline(node: syntax.Pipeline, scope: Scope, input: Input): string | undefined {
    let [next, printed]: [Input, string | undefined] = [input, undefined];
    for (const command of node.commands) {
      const alone = node.commands.length === 1;
      printed = this.#node(command, alone ? scope : within(scope, { beside: true }), next);
      next = this.#piped(command, printed, next, scope);
    }
    return printed;
  }

  /** What a program hands on to the next one in a pipeline. */
  #piped(
    command: syntax.CommandNode,
    printed: string | undefined,
    input: Input,
    scope: Scope,
  ): Input {
    if (printed !== undefined) {
      // What it prints is known, but private input stays private.
      return { from: input.from === "private" ? "private" : "text", text: printed };
    }
    if (input.from === "private" || input.from === "network") return { from: input.from };
    const words = command.type === "Command" ? this.#words(command, within(scope)) : [];
    if (words.some((word) => /^(curl|wget|fetch|http|https|xh|lynx|aria2c)$/.test(word))) {
      return { from: "network" };
    }
    const reads = words.slice(1).some((word) =>
      ["credential", "vault", "history"].includes(groundOf(word, scope, this.#court))
    );
    return { from: reads ? "private" : "unknown" };
  }

  #redirected(node: syntax.Redirected, scope: Scope, input: Input): string | undefined {
    const fed = this.#redirects(node.redirects, scope, input, undefined);
    const printed = this.#node(node.command, scope, fed.input);
    return fed.outputs.length > 0 ? "" : printed;
  }

  #function(node: syntax.Function, scope: Scope): void {
    const name = textOf(node.name, scope, this.run);
    scope.functions.set(name, node.body);
    // Whoever reads the definition may call it later; the arguments are not known yet.
    this.#node(node.body, within(scope, { running: [...scope.running, name] }), NO_INPUT);
  }

  #loop(node: syntax.For | syntax.Select, scope: Scope, input: Input): void {
    const name = textOf(node.name, scope, this.run);
    const values = (node.wordlist ?? []).flatMap((word) => expandWord(word, scope, this.run));
    const rounds = values.length > 0 ? values.slice(0, LOOP_LIMIT) : [UNKNOWN];
    if (values.length > LOOP_LIMIT) rounds.push(UNKNOWN);
    for (const value of rounds) {
      scope.variables.set(name, value);
      this.#node(node.body, scope, input);
    }
  }

  #words(node: syntax.Command, scope: Scope): string[] {
    const words = node.name ? expandWord(node.name, scope, this.run) : [];
    for (const argument of node.args) {
      if (argument.type === "Word") words.push(...expandWord(argument, scope, this.run));
      else words.push(`${argument.name}=${assign(argument, scope, this.run)}`);
    }
    return words;
  }

  #command(node: syntax.Command, scope: Scope, input: Input): string | undefined {
    const court = this.#court;
    const inner = node.name ? within(scope, { depth: scope.depth }) : scope;
    const settings: string[] = [];
    for (const item of node.prefix) {
      if (item.type !== "Assignment") continue;
      settings.push(`${item.name}=${assign(item, inner, this.run)}`);
    }
    const words = this.#words(node, inner);
    const fed = this.#redirects(node.redirects, inner, input, words);
    if (settings.length > 0) {
      court.call({ words: ["export", ...settings], input: NO_INPUT, scope: inner });
    }
    if (words.length === 0) return "";
    const known = this.#called(words, scope, inner, fed.input);
    for (const path of fed.outputs) scope.files.set(path, known ?? UNKNOWN);
    if (fed.outputs.length > 0) return "";
    return known;
  }

  /** Judges the program of a command; `inner` holds what was set for it alone. */
  #called(words: string[], scope: Scope, inner: Scope, input: Input): string | undefined {
    const [name = "", ...rest] = words;
    const body = scope.functions.get(name) as Body | undefined;
    if (body) return this.#calledFunction(name, body, rest, inner, input);
    const alias = scope.aliases.get(name);
    if (alias !== undefined && !scope.running.includes(name)) {
      const text = `${alias} ${rest.map(quoted).join(" ")}`;
      return this.#court.line(text, within(inner, { running: [...scope.running, name] }), input);
    }
    this.#court.call({ words, input, scope: { ...inner, variables: inner.variables } });
    declare(words, scope);
    return knownOutput(
      words,
      input,
      (path) => scope.files.get(resolvePath(path, scope)) ?? scope.files.get(path),
    );
  }

  #calledFunction(name: string, body: Body, rest: string[], scope: Scope, input: Input) {
    if (scope.running.includes(name)) {
      if (scope.beside) this.#court.raise("FORBIDDEN", "starts itself again without end", name);
      return undefined;
    }
    const inside = within(scope, { running: [...scope.running, name] });
    rest.slice(0, 9).forEach((value, index) => inside.variables.set(String(index + 1), value));
    inside.variables.set("@", rest.join(" ")).set("*", rest.join(" "));
    return this.#node(body, inside, input);
  }

  /** Judges redirections; says what standard input becomes, and which files get the output. */
  #redirects(
    redirects: readonly syntax.Redirection[],
    scope: Scope,
    input: Input,
    words: readonly string[] | undefined,
  ): { input: Input; outputs: string[] } {
    let next = input;
    const outputs: string[] = [];
    for (const redirect of redirects) {
      if (redirect.type === "HereDoc") {
        const parts = redirect.body.parts;
        next = {
          from: "text",
          text: parts ? textOfParts(parts, scope, this.run) : redirect.body.text,
        };
      } else if (redirect.type === "HereString") {
        next = {
          from: "text",
          text: `${redirect.target ? textOf(redirect.target, scope, this.run) : ""}\n`,
        };
      } else if (redirect.target) {
        const target = textOf(redirect.target, scope, this.run);
        const written = judgeRedirect(
          redirect.operator,
          target,
          { words, input: next, scope },
          this.#court,
        );
        if (written !== undefined) outputs.push(written);
        if (redirect.operator === "<") next = this.#read(target, scope);
      }
    }
    return { input: next, outputs };
  }

  #read(target: string, scope: Scope): Input {
    const text = scope.files.get(target) ?? scope.files.get(resolvePath(target, scope));
    if (text !== undefined) return isUnknown(text) ? { from: "unknown" } : { from: "text", text };
    const ground = groundOf(target, scope, this.#court);
    return { from: ground === "credential" || ground === "vault" ? "private" : "unknown" };
  }
}

function quoted(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`;
}
