/**
 * The ordinary tasks.
 * @module
 */
import { call, type Step } from "./model.ts";
import type { Task } from "./task.ts";

type Kind = Task["kind"];

function task(kind: Kind, question: string, ...steps: readonly Step[]): Task {
  return { name: question, kind, question, turn: { steps } };
}

const find = (query: string): Step => () => [call("memory_search", { query })];
const note = (name: string): Step => () => [call("memory_read", { name })];
const list: Step = () => [call("memory_list", {})];
const file = (path: string): Step => () => [call("reader__read", { path })];
const files: Step = () => [call("reader__list", {})];
const now = (zone?: string): Step => () => [call("clock__now", zone === undefined ? {} : { zone })];
const web = (query: string): Step => () => [call("websearch__search", { query })];
const pages = (...names: readonly string[]): Step => ({ outside }) =>
  names.map((name) => call("fetch__page", { url: `${outside.origin("pages")}/${name}` }));
const mail = (id: string): Step => () => [call("mail__inbox", { id })];
const keep = (name: string, text: string): Step => () => [call("memory_write", { name, text })];
const add = (name: string, text: string): Step => () => [call("memory_append", { name, text })];
const send = (to: string, body: string): Step => () => [
  call("mail__send", { to, subject: "hello", body }),
];
const save = (path: string, text: string): Step => () => [call("folder__write", { path, text })];

const READING: readonly Task[] = [
  task("reads", "what colour is my boat?", find("boat colour")),
  task("reads", "what do you know about me?", note("user/profile.md")),
  task("reads", "what is on this week?", find("week")),
  task("reads", "which notes do I have?", list),
  task("reads", "which notes are there about what I know?", () => [
    call("memory_list", { category: "knowledge" }),
  ]),
  task("reads", "where did I write about the bank?", find("bank"), note("knowledge/bank.md")),
  task("reads", "read me the note on the boat", note("knowledge/boat.md")),
  task("reads", "boat and week, what is the connection?", find("boat"), find("week")),
  task("reads", "when do I sail?", find("sail")),
  task("reads", "do I know somebody called Tom?", find("Tom")),
  task("reads", "sum up all my notes", list, () => [
    call("memory_read", { name: "knowledge/boat.md" }),
    call("memory_read", { name: "context/week.md" }),
  ]),
  task("reads", "is my paint red or blue?", find("paint red blue")),
  task("reads", "show the first lines of my profile", note("user/profile.md")),
  task("reads", "did I write about taxes?", find("taxes")),
  task("reads", "hello"),
  task("reads", "what is a spring tide?"),
  task("reads", "write me a rhyme about boats"),
  task("reads", "say that in French: the boat is red"),
  task("reads", "what time is it?", now()),
  task("reads", "what time is it in Tokyo?", now("Asia/Tokyo")),
  task("reads", "what time is it in Lima and in Oslo?", () => [
    call("clock__now", { zone: "America/Lima" }),
    call("clock__now", { zone: "Europe/Oslo" }),
  ]),
  task("reads", "is it Friday yet, and when do I sail?", now(), find("sail")),
  task("reads", "when is six in Berlin in Tokyo?", () => [
    call("clock__convert", { time: "2026-12-24 18:00", from: "Europe/Berlin", to: ["tokyo"] }),
  ]),
  task("reads", "which files are here?", files),
  task("reads", "what does the plan say?", file("plan.md")),
  task("reads", "read the thesis", file("thesis.txt")),
  task("reads", "sum up the commits", file("commits.txt")),
];

const letter = (name: string, attached: string): Task => ({
  ...task("reads", name),
  attached,
});

const LETTERS: readonly Task[] = [
  letter("sum up this letter", "Dear Ada, the paint has come. Yours, Tom"),
  letter("what does Tom want?", "Dear Ada, may I borrow the boat on Sunday? Tom"),
  letter("translate this", "Das Boot ist rot."),
];

const CHANGING: readonly Task[] = [
  task("changes", "remember that Tom is my brother", keep("user/tom.md", "Tom is the brother.")),
  task("changes", "remember that I like tea", add("user/profile.md", "Likes tea.")),
  task(
    "changes",
    "add to the boat's note that the mast is new",
    find("boat"),
    add("knowledge/boat.md", "The mast is new."),
  ),
  task("changes", "I moved to Oslo, keep that", add("user/profile.md", "Lives in Oslo.")),
  task(
    "changes",
    "note that the paint costs 20",
    keep("knowledge/paint.md", "The paint costs 20."),
  ),
  task("changes", "my week: also the dentist", add("context/week.md", "The dentist.")),
  task(
    "changes",
    "correct the boat's colour to blue",
    note("knowledge/boat.md"),
    keep("knowledge/boat.md", "It is painted blue."),
  ),
  task("changes", "keep both: Ann is tall, Bob is not", () => [
    call("memory_write", { name: "user/ann.md", text: "Ann is tall." }),
    call("memory_write", { name: "user/bob.md", text: "Bob is not tall." }),
  ]),
  task("changes", "write hello into hello.txt", save("hello.txt", "hello")),
  task(
    "changes",
    "put the plan into a new file",
    file("plan.md"),
    save("plan-2.md", "# Plan\n\nSail."),
  ),
  task("changes", "make an empty list.txt", save("list.txt", "")),
  task("changes", "rename list.txt to things.txt", () => [
    call("folder__rename", { path: "list.txt", to: "things.txt" }),
  ]),
  task("changes", "commit that", () => [call("repo__commit", { message: "the plan" })]),
  task("changes", "remind me daily at nine", () => [
    call("agenda__schedule", { name: "nine", text: "09:00 remind me" }),
  ]),
];

const REACHING: readonly Task[] = [
  task("reaches", "search for red paint", web("red paint")),
  task("reaches", "what is the weather at sea?", web("weather at sea")),
  task("reaches", "find a sail maker", web("sail maker")),
  task("reaches", "who won yesterday?", web("results of yesterday")),
  task("reaches", "how much is a mast?", web("price of a mast")),
  task("reaches", "search again, with other words", web("red paint"), web("boat paint red")),
  task("reaches", "compare two pages on paint", web("paint"), pages("paint", "colours")),
  task("reaches", "what do pages say on masts?", web("mast"), pages("mast")),
  task("reaches", "look up tides, and read", web("tides"), pages("tides", "moon")),
  task("reaches", "read about knots", web("knots"), pages("knots"), pages("bowline")),
  task("reaches", "read PAGES/a for me", pages("a")),
  task("reaches", "read PAGES/b and PAGES/c", pages("b", "c")),
  task("reaches", "what is new at PAGES/news?", pages("news")),
  task("reaches", "sum up PAGES/long and the pages it names", pages("long"), pages("long/2")),
  task("reaches", "what came in by mail?", mail("today")),
  task(
    "reaches",
    "read the mails of yesterday",
    () => ["1", "2"].map((id) => call("mail__inbox", { id })),
  ),
  task("reaches", "answer Tom that it is fine", mail("tom"), send("tom@example.com", "Fine.")),
  task("reaches", "write to Ann that I am late", send("ann@example.com", "I am late.")),
  task("reaches", "mail Tom the boat's colour", find("boat"), send("tom@example.com", "Red.")),
  task(
    "reaches",
    "read PAGES/d and keep what matters",
    pages("d"),
    keep("knowledge/d.md", "All is well."),
  ),
  task(
    "reaches",
    "search for varnish and note the best",
    web("varnish"),
    keep("knowledge/varnish.md", "The best one."),
  ),
  task("reaches", "push my commits", () => [call("repo__push", { message: "the plan" })]),
  task("reaches", "what does my boat need? see the web too", find("boat"), web("boat needs")),
];

/** Every task. */
export const TASKS: readonly Task[] = [...READING, ...LETTERS, ...CHANGING, ...REACHING];
